//! What the page says, in a form that no language can leave a gap in.

use app::{Category, CategoryState};

use crate::ambient::Millis;

/// One language. Functions take what a sentence depends on; all texts are HTML, all arguments are
/// escaped by the caller.
pub struct Words {
    /// `en`, the section's `lang` and `id`.
    pub lang: &'static str,
    /// The language's name in itself.
    pub language: &'static str,
    pub title: &'static str,
    /// From whom and after what, and when: operator, incident, moment.
    pub made: fn(&str, &str, &str) -> String,
    pub moment: fn(Millis) -> String,
    /// The demonstration's usual sentence; another one is shown as the operator wrote it.
    pub notice: fn(&str) -> Option<&'static str>,

    pub table: &'static str,
    pub caption: &'static str,
    pub columns: [&'static str; 2],
    pub category: fn(Category) -> &'static str,
    /// Found and expected.
    pub count: fn(i64, Option<i64>) -> String,
    pub state: fn(CategoryState) -> &'static str,
    /// How many are missing.
    pub missing: fn(i64) -> String,
    /// The day on which what was expected was counted, in English.
    pub as_of: fn(&str) -> String,
    /// The operator's reason.
    pub reason: fn(&str) -> String,
    pub not_released: &'static str,

    pub quarantined: Listing,
    pub damaged: Listing,
    pub earlier: Listing,
    /// How many more there are than are named.
    pub more: fn(usize) -> String,
    pub duplicates: &'static str,
    /// Merged into others, and left out.
    pub duplicates_choice: fn(i64, i64) -> String,

    pub opening: &'static str,
    pub unpack: &'static str,
    pub open: fn(Category) -> Opening,
    pub originals: &'static str,

    pub verify: &'static str,
    pub verify_ways: &'static [&'static str],
    pub help: &'static str,
    pub help_lead: &'static str,
}

/// A heading, and what is said before the names.
pub struct Listing {
    pub heading: &'static str,
    pub lead: &'static str,
}

/// How to open what a category has.
pub struct Opening {
    /// Its files, each with what it is for.
    pub files: &'static [(&'static str, &'static str)],
    /// Where to open it, and how, a sentence each.
    pub ways: &'static [(&'static str, &'static str)],
}
