//! Three Outlooks: classic for Windows, the new one, and the one on the web.

use super::{Guide, Part, Step::*};
use crate::mark;

pub static GUIDE: Guide = Guide {
    lead: mark!(
        "There are three programs of this name. Look at the top: if there is a tab File, yours is the classic one; if not, the new one, which works as Outlook on the web does."
    ),
    first: mark!(
        "Unpack the ZIP first: press the right button on it, then Extract All. Outlook does not look into a ZIP."
    ),
    parts: &[
        Part {
            heading: mark!("Contacts in the new Outlook and on the web"),
            file: "contacts/contacts.csv",
            steps: &[
                Say(mark!("On the left, open People.")),
                Say(mark!("Press Manage contacts, then Import contacts.")),
                Say(mark!("Press Browse, choose contacts.csv, then Import.")),
                Say(mark!("Open three or four contacts and see that their numbers and addresses are there.")),
            ],
            then: mark!(
                "The table has the columns of Google Contacts. Where Outlook has left a column out, take that person’s own card from contacts/each."
            ),
        },
        Part {
            heading: mark!("Contacts in classic Outlook"),
            file: mark!("contacts/contacts.csv, or contacts/each for single cards"),
            steps: &[
                Say(mark!("Press File, Open & Export, Import/Export.")),
                Say(mark!(
                    "Choose Import from another program or file, then Comma Separated Values, then contacts.csv."
                )),
                Say(mark!("Choose the folder Contacts.")),
                Say(mark!(
                    "Before you finish, press Map Custom Fields and see that names, numbers and e-mail have a place."
                )),
            ],
            then: mark!(
                "A card file goes in one person at a time, which is why contacts.vcf brings in only its first: for a few people, double-click their files in contacts/each and press Save & Close."
            ),
        },
        Part {
            heading: mark!("Calendar in the new Outlook and on the web"),
            file: "calendar/calendar.ics",
            steps: &[
                Say(mark!("Open Calendar and press Add calendar.")),
                Say(mark!("Press Upload from file, then Browse, and take calendar.ics.")),
                Say(mark!("Choose the calendar that it goes into, and press Import.")),
            ],
            then: "",
        },
        Part {
            heading: mark!("Calendar in classic Outlook"),
            file: "calendar/calendar.ics",
            steps: &[
                Say(mark!("Press File, Open & Export, Import/Export.")),
                Say(mark!(
                    "Choose Import an iCalendar (.ics) or vCalendar file (.vcs), and take calendar.ics."
                )),
                Say(mark!("Press Import. Open as New would only show it beside your own.")),
            ],
            then: "",
        },
        Part {
            heading: mark!("Without any file: as an account"),
            file: "",
            steps: &[
                Say(mark!(
                    "Outlook itself has no such accounts. Classic Outlook can with the add-in CalDav Synchronizer."
                )),
                AppPassword,
                Server(mark!(
                    "Make a profile in the add-in with the user name and the password, and as the DAV URL"
                )),
                Say(mark!("Set it to copy from the server to Outlook only.")),
            ],
            then: "",
        },
        Part {
            heading: mark!("Photos and notes"),
            file: mark!("photos/ and notes/"),
            steps: &[
                Say(mark!("Copy the folder photos into Pictures, and the folder notes into Documents.")),
                Say(mark!("To have them on all your devices, put them into the folder OneDrive instead.")),
            ],
            then: mark!(
                "The notes are plain text: Notepad opens them, and OneNote takes them by drag and drop."
            ),
        },
    ],
    cannot: &[
        mark!(
            "Tasks: neither Outlook nor Microsoft To Do imports tasks/tasks.ics. Thunderbird, which is free, opens it."
        ),
        mark!("Pictures of contacts: a table has none. They are in the cards under contacts/each."),
        mark!("High scores and purchases are tables: Excel opens them."),
    ],
};
