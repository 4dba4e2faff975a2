//! The ledger: what was promised and given, in double entry, never changed.
//!
//! A [`Posting`] moves an amount from one account to another, so that its lines come to zero by its shape. It is written
//! in the transaction of what it tells of. Soon after, [`seal`] gives it its place in a chain of hashes, so that the
//! chain slows no claim. [`check`] proves all of it from the rows alone.

mod check;
mod export;
mod seal;
mod store;
#[cfg(test)]
mod tests;

pub use check::{Finding, Report, check};
pub use export::{Line, Total, lines, totals};
pub use seal::run;

use super::claim::Granted;
use crate::{
    ambient::Millis,
    store::{Result, Tx},
};

/// Where amounts lie. What is in `obligation` is owed, what is in `paid` is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    Budget,
    Obligation,
    Paid,
    Returned,
}

impl Account {
    pub fn slug(self) -> &'static str {
        match self {
            Account::Budget => "budget",
            Account::Obligation => "obligation",
            Account::Paid => "paid",
            Account::Returned => "returned",
        }
    }
}

/// An amount that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting<'a> {
    pub id: &'a str,
    pub incident: &'a str,
    pub remedy: &'a str,
    pub kind: &'static str,
    pub currency: &'a str,
    pub grant_id: &'a str,
    pub at: Millis,
    pub from: Account,
    pub to: Account,
    /// Minor units.
    pub amount: i64,
}

/// What is granted is owed from then on.
pub async fn promise(tx: &mut Tx, id: &str, granted: &Granted) -> Result<()> {
    let claim = &granted.claim;
    let posting = Posting {
        id,
        incident: &claim.incident,
        remedy: claim.remedy.id.as_str(),
        kind: "grant",
        currency: claim.remedy.value.currency.code(),
        grant_id: &granted.grant_id,
        at: granted.at,
        from: Account::Budget,
        to: Account::Obligation,
        amount: claim.remedy.value.minor,
    };
    store::post(tx, &posting).await
}
