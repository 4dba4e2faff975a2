//! The page in English.

use app::vocabulary::count_in_words;
use app::{Category, CategoryState};

use super::words::{Listing, Opening, Words};
use crate::web::wording;

pub const WORDS: Words = Words {
    lang: "en",
    language: "English",
    title: "Your recovered data",
    made: |operator, incident, moment| {
        format!(
            "{operator} gives you back here what was recovered after: {incident}. Made on {moment}. \
             It is yours to keep; you need neither an account nor a network to read it."
        )
    },
    moment: wording::moment,
    notice: |_| None,

    table: "What is here, and what is missing",
    caption: "Each kind of data, how much of it came back, and why the rest did not",
    columns: ["What", "How it stands"],
    category: Category::title,
    count: |found, expected| format!("{}.", count_in_words(found, expected)),
    state: CategoryState::label,
    missing: |missing| match missing {
        1 => "One has not come back.".into(),
        n => format!("{n} have not come back."),
    },
    as_of: |day| format!("Expected is what there was on {day}."),
    reason: |reason| format!("The reason given: {reason}"),
    not_released: "It is still being checked, so it is not in this archive. A later archive will have it.",

    quarantined: Listing {
        heading: "Files that we could not read",
        lead: "They came back, but no program of ours understands them. They are here byte for byte; perhaps one of yours does.",
    },
    damaged: Listing {
        heading: "Files that are damaged",
        lead: "These files were recovered, but the copy that we keep can no longer be trusted, so they are not in this archive. Everything else in it is whole. Please tell us which of them matter to you.",
    },
    earlier: Listing {
        heading: "Earlier versions",
        lead: "These files came back more than once, with different contents. The newest one counts; the earlier ones are here too.",
    },
    more: |n| format!("and {n} more, all named in <code>manifest.json</code>"),
    duplicates: "Duplicates among your contacts",
    duplicates_choice: |merged, left_out| {
        let mut told = String::from("You made choices about contacts that looked alike.");
        match merged {
            0 => {}
            1 => told.push_str(" One card was merged into another."),
            n => told.push_str(&format!(" {n} cards were merged into others.")),
        }
        match left_out {
            0 => {}
            1 => told.push_str(" One card was left out, as you chose."),
            n => told.push_str(&format!(" {n} cards were left out, as you chose.")),
        }
        told.push_str(" Every card as it was recovered is still in <code>originals/contacts/</code>.");
        told
    },

    opening: "How to open it",
    unpack: "Unpack the ZIP file first. On an iPhone tap it in Files; on Android tap it in Files and choose Extract; on Windows right-click it and choose Extract All; on a Mac double-click it.",
    open,
    originals: "<code>originals/</code> holds the files as they were recovered, untouched, and <code>originals/quarantine/</code> those that we could not read. Nothing was changed in either.",

    verify: "How to check that it is whole",
    verify_ways: &[
        "In the browser: open the page <code>{site}/recovery/verify</code>. It checks the ZIP file on your own device, and sends it nowhere.",
        "On Linux: <code>sha256sum -c MANIFEST.sha256</code> in the unpacked folder. On a Mac: <code>shasum -a 256 -c MANIFEST.sha256</code>.",
        "With the program that made this archive: <code>makegood verify FILE</code>, where FILE is the ZIP.",
    ],
    help: "If something is missing or wrong",
    help_lead: "Sign in and open the page <code>{site}/reports</code>, or reach a person:",
};

fn open(category: Category) -> Opening {
    match category {
        Category::Contacts => Opening {
            files: &[
                ("contacts/contacts.vcf", "all contacts, for phones and address books (vCard 3.0)"),
                ("contacts/contacts-4.0.vcf", "the same in the newer vCard 4.0"),
                ("contacts/contacts.csv", "the same as a table, for Google Contacts and spreadsheets"),
                ("contacts/each/", "one contact a file, for Outlook and old phones"),
            ],
            ways: &[
                (
                    "iPhone",
                    "e-mail <code>contacts.vcf</code> to yourself, tap it in Mail and choose Add All Contacts.",
                ),
                (
                    "Android",
                    "in Contacts choose Organize, then Import from file, and take <code>contacts.vcf</code>; or import <code>contacts.csv</code> at Google Contacts.",
                ),
                (
                    "Outlook",
                    "drag the files of <code>contacts/each/</code> onto People; it takes one contact from each file.",
                ),
            ],
        },
        Category::Calendar => Opening {
            files: &[("calendar/calendar.ics", "all entries, for any calendar")],
            ways: &[
                (
                    "iPhone",
                    "e-mail <code>calendar.ics</code> to yourself, tap it in Mail and choose Add All.",
                ),
                (
                    "Android",
                    "on a computer open Google Calendar's settings, choose Import, and take <code>calendar.ics</code>; your phone shows it too.",
                ),
                (
                    "Outlook",
                    "choose File, Open &amp; Export, Open Calendar, and take <code>calendar.ics</code>.",
                ),
            ],
        },
        Category::Tasks => Opening {
            files: &[("tasks/tasks.ics", "all tasks, for programs that keep tasks")],
            ways: &[
                ("iPhone", "Reminders opens no such file; use an app that imports iCalendar tasks."),
                ("Android", "use an app that imports iCalendar tasks, such as jtx Board."),
                (
                    "Outlook",
                    "it opens no tasks from such a file; Thunderbird does: Events and Tasks, Import.",
                ),
            ],
        },
        Category::Notes => Opening {
            files: &[
                ("notes/", "one text file a note"),
                ("notes/notes.ics", "the same for programs that read journals"),
            ],
            ways: &[
                ("iPhone", "tap a note in Files, then Share, then Notes."),
                ("Android", "tap a note in Files; any text viewer or Google Keep takes it."),
                ("Outlook", "open a note with Notepad and copy it, or drag it into a message to yourself."),
            ],
        },
        Category::Photos => Opening {
            files: &[("photos/", "your pictures, the very bytes that were recovered")],
            ways: &[
                ("iPhone", "select the pictures in Files, then Share, then Save Images."),
                ("Android", "the pictures show in Photos once the folder is unpacked."),
                ("Outlook", "any picture viewer opens them; attach them to a message as they are."),
            ],
        },
        Category::HighScores => {
            Opening { files: &[("high-scores/high-scores.csv", "a table for any spreadsheet")], ways: TABLES }
        }
        Category::Purchases => {
            Opening { files: &[("purchases/purchases.csv", "a table for any spreadsheet")], ways: TABLES }
        }
    }
}

const TABLES: &[(&str, &str)] = &[
    ("iPhone", "tap the table in Files, then open it in Numbers."),
    ("Android", "open it in Google Sheets."),
    ("Outlook", "open it in Excel."),
];
