//! Apple's menus as of iOS 26, with where they stood before iOS 18.

use super::{Guide, Part, Step::*};
use crate::mark;

pub static GUIDE: Guide = Guide {
    lead: mark!(
        "Let the iPhone fetch contacts, calendar and tasks by itself, or move the files. The files are what you keep."
    ),
    first: mark!(
        "What an account fetches is a view of what we hold: it goes from the phone again when you remove the account or its password. To have your contacts for good, take the files too, and then remove the account, or you see everyone twice."
    ),
    parts: &[
        Part {
            heading: mark!("Without any file: as an account"),
            file: "",
            steps: &[
                AppPassword,
                Say(mark!(
                    "On the iPhone open Settings, tap Apps, Contacts, Contacts Accounts, Add Account. Before iOS 18: Settings, Contacts, Accounts, Add Account."
                )),
                Say(mark!("Tap Other, then Add CardDAV Account.")),
                Server(mark!("Type the user name and the password that you were shown, and as the server")),
                Say(mark!("Tap Next. When it is checked, leave Contacts switched on and tap Save.")),
                Say(mark!(
                    "For calendar and tasks do the same under Settings, Apps, Calendar, Calendar Accounts, Add Account, Other, Add CalDAV Account. Leave Calendars and Reminders switched on."
                )),
            ],
            then: mark!(
                "The first time takes a minute. You can look at what arrives; changes that you make to it on the phone are not kept."
            ),
        },
        Part {
            heading: mark!("Contacts"),
            file: "contacts/contacts.vcf",
            steps: &[
                Say(mark!(
                    "Open this site on the iPhone, sign in and download. The file goes to the app Files, into Downloads."
                )),
                Say(mark!(
                    "In Files, tap the ZIP once. A folder with the same name appears beside it: open it."
                )),
                Say(mark!("Open the folder contacts and tap contacts.vcf.")),
                Say(mark!(
                    "Tap the share button (a square with an arrow), choose Contacts, then Add All Contacts, and save."
                )),
            ],
            then: mark!(
                "With a computer it is as quick: sign in at icloud.com, open Contacts, press +, choose Import Contact and take contacts.vcf."
            ),
        },
        Part {
            heading: mark!("Calendar"),
            file: "calendar/calendar.ics",
            steps: &[
                Say(mark!(
                    "In Files, hold your finger on calendar.ics, tap Share, and send it to yourself with Mail."
                )),
                Say(mark!(
                    "Open that message in Mail and tap the attachment. Opened from Files itself it can only be looked at."
                )),
                Say(mark!("Tap Add All and choose the calendar that it goes into.")),
            ],
            then: mark!("On a Mac: open Calendar, then File, Import, and take calendar.ics."),
        },
        Part {
            heading: mark!("Notes"),
            file: mark!("notes/, one text file for each note"),
            steps: &[
                Say(mark!("In Files, open the folder notes and hold your finger on a note.")),
                Say(mark!("Tap Share, choose Notes, and save.")),
            ],
            then: mark!(
                "Many at once need a Mac: open Notes, then File, Import to Notes, and choose the folder notes."
            ),
        },
        Part {
            heading: mark!("Photos"),
            file: "photos/",
            steps: &[
                Say(mark!(
                    "In Files, open the folder photos. Tap the dots at the top, then Select, then Select All."
                )),
                Say(mark!(
                    "Tap the share button, then Save Images. They are in Photos, under the day they were taken."
                )),
            ],
            then: mark!(
                "From a Mac, select the pictures in the Finder and AirDrop them to the iPhone. From Windows, upload them at icloud.com under Photos, or copy them over the cable with the Apple Devices app."
            ),
        },
    ],
    cannot: &[
        mark!(
            "Tasks as a file: Reminders opens no .ics. They arrive with the account above, and tasks/tasks.ics is for other programs."
        ),
        mark!("High scores and purchases are tables. Numbers opens them, and so does any spreadsheet."),
    ],
};
