//! One recovered thing, as a page shows it.

use serde::{Deserialize, Serialize};

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
