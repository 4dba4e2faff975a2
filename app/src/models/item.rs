//! One recovered thing, as a page shows it.

use serde::{Deserialize, Serialize};

use crate::say;

/// What an item says, by its category. Stored as JSON with the item.
/// Dates are text as a person reads them, made when the item was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Details {
    Contact(Contact),
    Event(Entry),
    Task(Entry),
    Note(Note),
    Photo(Photo),
    Score(Score),
    Purchase(Purchase),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    pub name: String,
    pub organization: String,
    pub role: String,
    /// Label (`cell`, `work`, may be empty) and number as written.
    pub phones: Vec<(String, String)>,
    pub emails: Vec<(String, String)>,
    pub addresses: Vec<(String, String)>,
    pub urls: Vec<String>,
    pub birthday: String,
    pub note: String,
    pub has_photo: bool,
}

/// A calendar entry or a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    pub summary: String,
    /// As a person reads it: `15 Oct 2009, 14:00 (America/Los_Angeles)`; empty when unknown.
    pub starts: String,
    pub ends: String,
    /// A task's due date.
    pub due: String,
    pub location: String,
    pub description: String,
    /// In words, `every week`; empty for a single entry.
    pub repeats: String,
    /// `needs-action`, `completed`, `in-process`, `cancelled`, `confirmed`, `tentative` or empty.
    pub status: String,
}

impl Entry {
    /// A task that needs nothing more: done, or called off.
    pub fn is_done(&self) -> bool {
        matches!(self.status.as_str(), "completed" | "cancelled")
    }

    /// iCalendar's status (RFC 5545, 3.8.1.11) in words.
    pub fn status_in_words(&self) -> &str {
        match self.status.as_str() {
            "needs-action" => say!("To do"),
            "completed" => say!("Done"),
            "in-process" => say!("Begun"),
            "cancelled" => say!("Cancelled"),
            "tentative" => say!("Tentative"),
            "confirmed" => say!("Confirmed"),
            other => other,
        }
    }

    /// "2 May 2009, 9:00 to 10:00 (Zone)": a day and a zone that both ends share are said once.
    pub fn when(&self) -> String {
        let (starts, ends) = (self.starts.as_str(), self.ends.as_str());
        if ends.is_empty() || ends == starts {
            return starts.to_owned();
        }
        let ((from, from_zone), (to, to_zone)) = (zoned(starts), zoned(ends));
        let from = if from_zone == to_zone { from } else { starts };
        let to = match (from.split_once(", "), to.split_once(", ")) {
            (Some((day, _)), Some((same, _))) if day == same => {
                ends.trim_start_matches(same).trim_start_matches(", ")
            }
            _ => ends,
        };
        say!("{from} to {to}", from, to)
    }
}

/// Splits "2 May 2009, 9:00 (Zone)" before its zone.
fn zoned(moment: &str) -> (&str, &str) {
    match moment.split_once(" (") {
        Some((moment, zone)) => (moment, zone),
        None => (moment, ""),
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    pub title: String,
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Photo {
    pub name: String,
    /// `image/jpeg` and so on, from the bytes and not from the name.
    pub media_type: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// From the picture's own EXIF, `2009-08-14 17:03`; empty when it has none.
    pub taken: String,
    pub bytes: i64,
}

impl Photo {
    /// What stands for the picture where it is not seen.
    pub fn alt(&self) -> String {
        match self.taken.as_str() {
            "" => say!("Photo {name}", name = self.name),
            taken => say!("Photo {name}, taken {taken}", name = self.name, taken),
        }
    }

    /// How a person calls its format: `JPEG`.
    pub fn kind(&self) -> &str {
        match self.media_type.as_str() {
            "image/jpeg" => "JPEG",
            "image/png" => "PNG",
            "image/gif" => "GIF",
            "image/webp" => "WebP",
            "image/bmp" => "BMP",
            "image/tiff" => "TIFF",
            "image/heic" => "HEIC",
            "image/avif" => "AVIF",
            _ => say!("No preview"),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Score {
    pub game: String,
    /// As written; scores are not always whole numbers.
    pub score: String,
    pub level: String,
    pub achieved: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Purchase {
    pub product: String,
    pub vendor: String,
    /// As written, `4.99 USD`.
    pub price: String,
    pub bought: String,
    pub order: String,
}

impl Note {
    /// The text without a first line that only repeats the title.
    pub fn below_title(&self) -> &str {
        match self.text.split_once('\n') {
            Some((first, rest)) if first.trim() == self.title.trim() => rest.trim_start_matches(['\r', '\n']),
            _ => &self.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_ends_share_is_said_once() {
        let start = "19 May 2009, 11:45 (America/Los_Angeles)";
        let when = |starts: &str, ends: &str| {
            Entry { starts: starts.to_owned(), ends: ends.to_owned(), ..Entry::default() }.when()
        };
        assert_eq!(
            when(start, "19 May 2009, 13:45 (America/Los_Angeles)"),
            "19 May 2009, 11:45 to 13:45 (America/Los_Angeles)"
        );
        assert_eq!(
            when(start, "20 May 2009, 01:00 (America/Los_Angeles)"),
            "19 May 2009, 11:45 to 20 May 2009, 01:00 (America/Los_Angeles)"
        );
        assert_eq!(
            when(start, "19 May 2009, 15:00 (America/Denver)"),
            "19 May 2009, 11:45 (America/Los_Angeles) to 15:00 (America/Denver)"
        );
        assert_eq!(when("19 May 2009", "21 May 2009"), "19 May 2009 to 21 May 2009");
        assert_eq!(when(start, ""), start);
    }

    #[test]
    fn a_note_says_its_title_once() {
        let below = |title: &str, text: &str| {
            Note { title: title.to_owned(), text: text.to_owned() }.below_title().to_owned()
        };
        assert_eq!(below("Locker", "Locker\r\n\r\nRow 76"), "Row 76");
        assert_eq!(below("Locker", "Locker"), "Locker");
        assert_eq!(below("Other", "Locker\nRow 76"), "Locker\nRow 76");
    }
}
