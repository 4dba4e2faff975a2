//! Contacts that look like one person's, and what is chosen about them.

use super::{FieldError, Pager};
use crate::vocabulary::Likeness;

/// `/recovery/contacts/duplicates`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duplicates {
    /// What waits for a choice: groups, and recovered contacts in them.
    pub groups: i64,
    pub contacts: i64,
    pub list: Vec<DuplicateLine>,
    pub pager: Pager,
    /// How many certain ones can be chosen about at once: merging, and keeping what the phone has.
    pub certain: i64,
    pub certain_on_phone: i64,
    /// How many choices hold.
    pub chosen: i64,
    pub phone: Option<PhoneContacts>,
    /// What was just chosen.
    pub done: Option<ChoiceLine>,
    /// About how many groups a choice was made just now, all at once.
    pub done_at_once: Option<i64>,
}

/// A group in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateLine {
    pub href: String,
    /// A name in it.
    pub title: String,
    pub recovered: i64,
    pub on_phone: i64,
    pub strength: Likeness,
    /// Why they look like one, in words.
    pub reasons: Vec<String>,
}

/// The contacts file that was brought from the phone in use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneContacts {
    pub cards: i64,
    /// Parts of it that could not be read.
    pub problems: i64,
    pub uploaded: String,
    pub until: String,
}

/// A group side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateGroup {
    /// `/recovery/contacts/duplicates/groups/ID`.
    pub href: String,
    pub title: String,
    pub strength: Likeness,
    pub reasons: Vec<String>,
    pub columns: Vec<DuplicateColumn>,
    pub rows: Vec<FieldRow>,
    /// What the form was drawn from.
    pub basis: String,
    /// What was chosen before about all of them, in words; empty when nothing.
    pub chosen: String,
    pub errors: Vec<FieldError>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DuplicateColumn {
    /// "Recovered contact 1", "On your phone".
    pub name: String,
    /// What it is called.
    pub title: String,
    /// "you merged it from 2"; empty for most.
    pub note: String,
    pub on_phone: bool,
}

/// What each says of one thing, in the order of the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldRow {
    pub label: String,
    pub cells: Vec<Vec<String>>,
    /// All say the same.
    pub same: bool,
}

/// Choosing what goes into a merged contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeForm {
    /// The group's address.
    pub href: String,
    pub title: String,
    pub columns: Vec<DuplicateColumn>,
    /// The columns that are ticked.
    pub ticked: Vec<usize>,
    pub conflicts: Vec<MergeConflict>,
    pub errors: Vec<FieldError>,
}

/// Something of which a contact can have one alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeConflict {
    /// The field's name.
    pub name: String,
    pub label: String,
    /// The column's number, what it says, and what the column is called.
    pub values: Vec<(usize, String, String)>,
    pub picked: usize,
}

/// A merged contact before it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeCheck {
    pub href: String,
    pub title: String,
    pub rows: Vec<MergedRow>,
    /// What would not be in it.
    pub left: Vec<MergedRow>,
    /// The fields of the form, as they were chosen.
    pub hidden: Vec<(String, String)>,
    /// Where the choices are changed.
    pub change: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergedRow {
    pub label: String,
    pub text: String,
    /// Which columns say so.
    pub from: String,
}

/// What to do about all certain ones, before it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertainReview {
    /// Merging them; else keeping what the phone has.
    pub merge: bool,
    pub groups: i64,
    /// Recovered contacts in them.
    pub contacts: i64,
    /// The first of them.
    pub list: Vec<DuplicateLine>,
}

/// A choice that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChoiceLine {
    /// Where undoing it is posted.
    pub undo: String,
    pub title: String,
    /// "Merged 2 contacts into one".
    pub what: String,
    pub at: String,
    /// What has changed since; empty for most.
    pub note: String,
}

/// `/recovery/contacts/duplicates/choices`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DuplicateChoices {
    pub list: Vec<ChoiceLine>,
    pub pager: Pager,
    pub total: i64,
}

/// Undoing every choice, before it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoChoices {
    pub total: i64,
}

/// `/recovery/contacts/duplicates/phone`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneUpload {
    pub phone: Option<PhoneContacts>,
    pub errors: Vec<FieldError>,
}
