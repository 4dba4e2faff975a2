//! Contacts that look like one person's: found, shown, and chosen about.
//!
//! Finding is pure: [`card`] takes from a contact what is compared ([`name`], [`reach`]), [`rules`] says how
//! sure it is that two are one and why, [`groups`] decides which pairs are compared and makes groups of them.
//! [`findings`] keeps what was found for a state of the contacts. [`phone`] is the file that a subscriber
//! brings from the phone in use. [`choose`] writes choices down, [`merge`] makes one card of several.
//! [`show`] has a group side by side, [`preview`] the merged card before it is made.
//!
//! [`chosen`] gives the contacts as they were chosen: whatever writes contacts for a subscriber asks it.
//! The recovered items, their counts and the originals are never touched. `docs/duplicates.md` tells all of it.

mod card;
mod choose;
mod chosen;
mod field;
mod findings;
mod groups;
mod merge;
mod name;
mod phone;
pub mod phone_routes;
mod preview;
mod reach;
pub mod routes;
mod rules;
pub(in crate::recovery) mod sealed;
mod show;
mod store;
mod units;
mod words;

pub use chosen::{Chosen, ChosenContact, chosen, has_choices};
pub use findings::{Waiting, waiting};
pub use phone::clean;

/// Where the pages stand.
const BASE: &str = "/recovery/contacts/duplicates";

#[cfg(test)]
mod tests;
