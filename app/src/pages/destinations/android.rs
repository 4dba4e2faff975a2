//! Google's and Samsung's menus, and DAVx⁵ for the account.

use super::{Guide, Part, Step::*};
use crate::mark;

pub static GUIDE: Guide = Guide {
    lead: mark!(
        "Contacts come in on the phone itself. The calendar needs a browser on a computer, or an app that fetches it."
    ),
    first: mark!(
        "Choose one way for each kind of data. With both the file and the account you see everything twice."
    ),
    parts: &[
        Part {
            heading: mark!("Contacts"),
            file: "contacts/contacts.vcf",
            steps: &[
                Say(mark!(
                    "Open this site on the phone, sign in and download. Open the ZIP in the app Files and extract it."
                )),
                Say(mark!(
                    "Open Contacts. Tap Organize (on older versions: Fix & manage), then Import from file."
                )),
                Say(mark!("Choose the account that the contacts are to belong to, then contacts.vcf.")),
            ],
            then: mark!(
                "On a Samsung phone: Contacts, the menu, Manage contacts, Import contacts. On a computer: contacts.google.com, Import, and take contacts.vcf."
            ),
        },
        Part {
            heading: mark!("Calendar"),
            file: "calendar/calendar.ics",
            steps: &[
                Say(mark!("On a computer, open calendar.google.com. The app on the phone cannot import.")),
                Say(mark!("Press the gear, then Settings, then Import & export.")),
                Say(mark!("Choose Select file from your computer and take calendar.ics.")),
                Say(mark!("Choose under Add to calendar where it goes, and press Import.")),
            ],
            then: mark!("It shows on the phone as soon as the phone synchronizes."),
        },
        Part {
            heading: mark!("Without any file: as an account"),
            file: "",
            steps: &[
                AppPassword,
                Say(mark!(
                    "Android fetches from other servers with an app. Install DAVx⁵, from F-Droid or the Play Store."
                )),
                Say(mark!("In DAVx⁵ tap +, then Login with URL and user name.")),
                Server(mark!("Type the user name and the password that you were shown, and as the base URL")),
                Say(mark!("Tap Login, then Create account, and tick the address book and the calendars.")),
                Say(mark!("Allow it to use Contacts and Calendar, and tap the synchronize button once.")),
            ],
            then: mark!(
                "What arrives is a view of what we hold: it goes from the phone again when you remove the account or its password. Tasks and notes arrive too if you install an app for them first, jtx Board for both."
            ),
        },
        Part {
            heading: mark!("Notes"),
            file: mark!("notes/, one text file for each note"),
            steps: &[
                Say(mark!("Upload the folder notes at drive.google.com: New, Folder upload.")),
                Say(mark!("Open a note there and choose Open with, Google Docs, to change it.")),
            ],
            then: "",
        },
        Part {
            heading: mark!("Photos"),
            file: "photos/",
            steps: &[
                Say(mark!(
                    "On a computer, open photos.google.com, press +, Import photos, and choose the folder photos."
                )),
                Say(mark!(
                    "Or connect the phone with its cable, tap the notice about USB and choose File transfer. Then copy the folder photos into Pictures on the phone."
                )),
            ],
            then: mark!(
                "From an Android phone or a Windows computer beside you, Quick Share sends them without a cable."
            ),
        },
    ],
    cannot: &[
        mark!(
            "Tasks as a file: Google Tasks imports none. They arrive with the account above, and tasks/tasks.ics is for other programs."
        ),
        mark!("Notes in Google Keep: it imports no files."),
        mark!("High scores and purchases are tables: Google Sheets opens them."),
    ],
};
