//! The three kinds of rows.

use app::Category;

use super::{Cells, Table, values};
use crate::accounts::phone::Phone;

/// A row of `subscribers.csv`: somebody whose data may come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriberRow {
    /// The key, and the name of the folder under `data/`.
    pub account: String,
    /// None: nobody can sign in by phone.
    pub phone: Option<Phone>,
    pub name: String,
    /// Empty where there is none.
    pub email: String,
    /// A BCP 47 tag, `en-US`; empty where it is not known.
    pub locale: String,
    /// An IANA name; `UTC` where the file says nothing.
    pub time_zone: String,
    pub plan: String,
}

impl Table for SubscriberRow {
    // The phone is required because a row replaces the one before it: a file
    // without the column would sign everybody out for good.
    const REQUIRED: &'static [&'static str] = &["account", "phone"];

    fn read(cells: &Cells<'_>) -> Result<Self, String> {
        Ok(SubscriberRow {
            account: values::account(cells)?,
            phone: values::phone(cells)?,
            name: values::line(cells, "name")?,
            email: values::email(cells)?,
            locale: values::locale(cells)?,
            time_zone: values::time_zone(cells)?,
            plan: values::line(cells, "plan")?,
        })
    }
}

/// A row of `inventory.csv`: what a subscriber had at the last known sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryRow {
    pub account: String,
    pub category: Category,
    /// Items, 0 or more.
    pub expected: i64,
    /// Milliseconds since 1970; a date alone is its midnight in UTC.
    pub as_of: i64,
}

impl Table for InventoryRow {
    const REQUIRED: &'static [&'static str] = &["account", "category", "expected", "as_of"];

    fn read(cells: &Cells<'_>) -> Result<Self, String> {
        Ok(InventoryRow {
            account: values::account(cells)?,
            category: values::category(cells)?,
            expected: values::expected(cells)?,
            as_of: values::as_of(cells)?,
        })
    }
}

/// A row of `verdicts.csv`: the operator's word that a category of a
/// subscriber cannot be brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictRow {
    pub account: String,
    pub category: Category,
    pub verdict: Verdict,
    /// In words, as the subscriber will read it; may be empty.
    pub reason: String,
}

/// What a verdict can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Unrecoverable,
}

impl Verdict {
    /// The word in the table.
    pub fn slug(self) -> &'static str {
        match self {
            Verdict::Unrecoverable => "unrecoverable",
        }
    }
}

impl Table for VerdictRow {
    const REQUIRED: &'static [&'static str] = &["account", "category", "verdict"];

    fn read(cells: &Cells<'_>) -> Result<Self, String> {
        Ok(VerdictRow {
            account: values::account(cells)?,
            category: values::category(cells)?,
            verdict: values::verdict(cells)?,
            reason: values::line(cells, "reason")?,
        })
    }
}
