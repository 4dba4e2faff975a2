//! Google's and Samsung's menus, and DAVx⁵ for the account.

use super::{Guide, Part, Step::*};

pub static GUIDE: Guide = Guide {
    lead: "Contacts come in on the phone itself. The calendar needs a browser on a computer, or an app that fetches it.",
    first: "Choose one way for each kind of data. With both the file and the account you see everything twice.",
    parts: &[
        Part {
            heading: "Contacts",
            file: "contacts/contacts.vcf",
            steps: &[
                Say(
                    "Open this site on the phone, sign in and download. Open the ZIP in the app Files and extract it.",
                ),
                Say("Open Contacts. Tap Organize (on older versions: Fix & manage), then Import from file."),
                Say("Choose the account that the contacts are to belong to, then contacts.vcf."),
            ],
            then: "On a Samsung phone: Contacts, the menu, Manage contacts, Import contacts. On a computer: contacts.google.com, Import, and take contacts.vcf.",
        },
        Part {
            heading: "Calendar",
            file: "calendar/calendar.ics",
            steps: &[
                Say("On a computer, open calendar.google.com. The app on the phone cannot import."),
                Say("Press the gear, then Settings, then Import & export."),
                Say("Choose Select file from your computer and take calendar.ics."),
                Say("Choose under Add to calendar where it goes, and press Import."),
            ],
            then: "It shows on the phone as soon as the phone synchronizes.",
        },
        Part {
            heading: "Without any file: as an account",
            file: "",
            steps: &[
                AppPassword,
                Say(
                    "Android fetches from other servers with an app. Install DAVx⁵, from F-Droid or the Play Store.",
                ),
                Say("In DAVx⁵ tap +, then Login with URL and user name."),
                Server("Type the user name and the password that you were shown, and as the base URL"),
                Say("Tap Login, then Create account, and tick the address book and the calendars."),
                Say("Allow it to use Contacts and Calendar, and tap the synchronize button once."),
            ],
            then: "What arrives is a view of what we hold: it goes from the phone again when you remove the account or its password. Tasks and notes arrive too if you install an app for them first, jtx Board for both.",
        },
        Part {
            heading: "Notes",
            file: "notes/, one text file for each note",
            steps: &[
                Say("Upload the folder notes at drive.google.com: New, Folder upload."),
                Say("Open a note there and choose Open with, Google Docs, to change it."),
            ],
            then: "",
        },
        Part {
            heading: "Photos",
            file: "photos/",
            steps: &[
                Say(
                    "On a computer, open photos.google.com, press +, Import photos, and choose the folder photos.",
                ),
                Say(
                    "Or connect the phone with its cable, tap the notice about USB and choose File transfer. Then copy the folder photos into Pictures on the phone.",
                ),
            ],
            then: "From an Android phone or a Windows computer beside you, Quick Share sends them without a cable.",
        },
    ],
    cannot: &[
        "Tasks as a file: Google Tasks imports none. They arrive with the account above, and tasks/tasks.ics is for other programs.",
        "Notes in Google Keep: it imports no files.",
        "High scores and purchases are tables: Google Sheets opens them.",
    ],
};
