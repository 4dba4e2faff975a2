//! Phones with buttons: a memory card, a cable, Bluetooth, or somebody in a shop.

use super::{Guide, Part, Step::*};
use crate::mark;

pub static GUIDE: Guide = Guide {
    lead: mark!("With a memory card, a cable or Bluetooth, and a computer to begin on."),
    first: mark!(
        "No computer, or no luck? Bring the phone to one of our shops or ask us. We can do it with you."
    ),
    parts: &[
        Part {
            heading: mark!("Before you begin"),
            file: "README.html",
            steps: &[
                Say(mark!("Download on a computer and unpack the ZIP.")),
                Say(mark!("Open README.html: it says what came back, and can be printed.")),
            ],
            then: "",
        },
        Part {
            heading: mark!("Contacts by memory card or cable"),
            file: mark!("contacts/contacts.vcf and contacts/each"),
            steps: &[
                Say(mark!(
                    "Put the phone’s memory card into the computer, or connect the phone and choose Mass storage."
                )),
                Say(mark!("Copy contacts.vcf and the folder each onto the card.")),
                Say(mark!(
                    "Put the card back. Open Contacts, then Options or Settings, and look for Import, Restore or Copy from memory card."
                )),
                Say(mark!(
                    "If it finds nothing, open the card in the phone’s Files or Gallery, open a card in the folder each, and choose Save."
                )),
            ],
            then: mark!(
                "Some phones take one file with everybody in it, some only one file for each person. You have both."
            ),
        },
        Part {
            heading: mark!("Contacts by Bluetooth"),
            file: "contacts/each",
            steps: &[
                Say(mark!("Switch Bluetooth on, on the phone and on the computer, and pair them.")),
                Say(mark!(
                    "On the computer, send the files in the folder each to the phone, ten or so at a time."
                )),
                Say(mark!("Accept on the phone, open what arrived and choose Save or Add to contacts.")),
            ],
            then: "",
        },
        Part {
            heading: mark!("Calendar"),
            file: "calendar/calendar.ics",
            steps: &[
                Say(mark!(
                    "Send calendar.ics by Bluetooth or copy it onto the card, and open it on the phone."
                )),
                Say(mark!(
                    "If the phone does not know it, print the list in README.html and type in what is still to come."
                )),
            ],
            then: "",
        },
        Part {
            heading: mark!("Photos"),
            file: "photos/",
            steps: &[
                Say(mark!("Copy the pictures onto the memory card, into the folder Images or DCIM.")),
                Say(mark!(
                    "Open Gallery on the phone. What it cannot show is too large for it and still whole on your computer."
                )),
            ],
            then: "",
        },
    ],
    cannot: &[
        mark!(
            "Everybody on the SIM card: it holds some 250 names, each with one number, no address and no picture. Keep contacts in the phone."
        ),
        mark!(
            "Tasks and notes: few of these phones take them. The notes are plain text files to read or print on the computer."
        ),
        mark!("An account that fetches by itself: these phones have none."),
    ],
};
