//! One recovered file in, its items out: pure, no storage, no clock.

use app::models::Details;

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
    /// Folded key that lists sort by.
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

/// Why a file could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unreadable {
    pub reason: String,
}
