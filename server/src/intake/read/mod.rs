//! One recovered file in, its items out: pure, no storage, no clock.
//!
//! A reader takes what can be read, tells each part that cannot with its line,
//! and fails only where nothing can. Its time grows with the file's length, and
//! no bytes make it panic.
//!
//! vCard and iCalendar files pass [`text`] (encodings), [`lines`] (folding),
//! [`property`], [`component`] (`BEGIN` and `END`) and [`settle`] (values), and
//! [`contacts`] or [`calendar`] make items of what comes out.

pub mod calendar;
pub mod columns;
pub mod component;
pub mod digest;
pub mod fold;
pub mod labels;
pub mod lines;
pub mod order;
pub mod photos;
pub mod pictures;
pub mod property;
pub mod reasons;
pub mod settle;
pub mod text;
pub mod thumbnail;
pub mod value;
pub mod when;
pub mod write;
pub mod zones;

mod contacts;
#[cfg(test)]
pub mod corpus;
mod exif;
mod heic;
#[cfg(test)]
mod hostile;
mod notes;
mod repeats;
mod tables;

use std::collections::HashSet;

use app::Category;
use app::models::Details;

pub use fold::fold;

/// Reads one file of a category; `path` is its path under the category's folder.
pub fn read(category: Category, path: &str, bytes: &[u8]) -> Result<Reading, Unreadable> {
    if bytes.is_empty() && category != Category::Notes {
        return Err(Unreadable::new("the file is empty"));
    }
    match category {
        Category::Contacts => contacts::read(bytes),
        Category::Calendar | Category::Tasks => calendar::read(category, bytes),
        Category::Notes => notes::read(path, bytes),
        Category::Photos => photos::read(path, bytes),
        Category::HighScores | Category::Purchases => tables::read(category, bytes),
    }
}

/// One item as read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The item's own identifier (vCard and iCalendar `UID`, with the
    /// `RECURRENCE-ID` where there is one). Two finds are versions of one item
    /// only when they share it.
    pub uid: Option<String>,
    /// SHA-256 of the content after normalising: what is identical counts once.
    pub digest: [u8; 32],
    /// `REV` or `LAST-MODIFIED`, milliseconds since 1970.
    pub revised_at: Option<i64>,
    /// One line that names the item.
    pub title: String,
    /// The key that lists are ordered by: see [`order`].
    pub sort: String,
    /// Folded words (and phone digits) that a search looks in.
    pub search: String,
    /// When it happened or is due, milliseconds since 1970.
    pub at: Option<i64>,
    /// The item alone, as UTF-8 text that an export can start from: one
    /// `VCARD`; one `VEVENT`/`VTODO`/`VJOURNAL` after the `VTIMEZONE`s it
    /// needs; a note's text; a score or purchase as a JSON object. Empty for photos.
    pub body: String,
    pub details: Details,
    /// A small JPEG of a picture, at most 320 px on its longer side, upright;
    /// none where no decoder reads it.
    pub thumbnail: Option<Vec<u8>>,
}

/// A part that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// 1-based, with the header; none where lines mean nothing.
    pub line: Option<u64>,
    /// What is wrong, for a person.
    pub reason: String,
}

/// A file that could be read, at least in part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    pub items: Vec<Found>,
    pub problems: Vec<Problem>,
}

impl Reading {
    /// What a file gave, with items that are the same twice kept once. Where
    /// nothing could be read, the first problem is the reason for all of it.
    fn of(items: Vec<Found>, problems: Vec<Problem>) -> Result<Reading, Unreadable> {
        match problems.first() {
            Some(problem) if items.is_empty() => {
                let line = problem.line.map(|line| format!("line {line}: ")).unwrap_or_default();
                Err(Unreadable::new(&format!("{line}{}", problem.reason)))
            }
            _ => {
                let mut seen = HashSet::new();
                let mut items = items;
                items.retain(|item| seen.insert((item.uid.clone(), item.digest)));
                Ok(Reading { items, problems })
            }
        }
    }
}

/// Why a file could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unreadable {
    pub reason: String,
}

impl Unreadable {
    pub fn new(reason: &str) -> Self {
        Unreadable { reason: reason.to_owned() }
    }
}
