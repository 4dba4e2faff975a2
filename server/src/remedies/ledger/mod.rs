//! The ledger: what was promised and given, in double entry, never changed.
//!
//! A [`Posting`] moves an amount from one account to another, so that its lines come to zero by its shape. It is written
//! in the transaction of what it tells of. Soon after, [`seal`] gives it its place in a chain of hashes, so that the
//! chain slows no claim. [`check`] proves all of it from the rows alone.

mod check;
mod export;
mod period;
#[cfg(test)]
mod proofs;
mod reconcile;
pub mod routes;
mod seal;
mod store;
#[cfg(test)]
mod tests;

pub use check::{Finding, Report, check};
pub use export::{Line, Total, lines, totals};
pub use period::{Period, PeriodError};
pub use reconcile::{Columns, Difference, NotPaid, Reconciliation, Side, Sign, reconcile};
pub use seal::run;
#[cfg(test)]
pub use seal::seal_some as seal_for_test;

use super::{claim::Granted, payouts::Order};
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
    /// Of what a payout moved.
    pub order_id: Option<&'a str>,
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
        order_id: None,
        at: granted.at,
        from: Account::Budget,
        to: Account::Obligation,
        amount: claim.remedy.value.minor,
    };
    store::post(tx, &posting).await
}

/// What was owed is out.
pub async fn pay(tx: &mut Tx, id: &str, order: &Order, at: Millis) -> Result<()> {
    moved(tx, id, order, Some(&order.id), "payout", at, (Account::Obligation, Account::Paid)).await
}

/// What was out came back.
pub async fn come_back(tx: &mut Tx, id: &str, order: &Order, at: Millis) -> Result<()> {
    moved(tx, id, order, Some(&order.id), "return", at, (Account::Paid, Account::Returned)).await
}

/// What came back reached its person after all.
pub async fn arrive(tx: &mut Tx, id: &str, order: &Order, at: Millis) -> Result<()> {
    moved(tx, id, order, Some(&order.id), "arrived", at, (Account::Returned, Account::Paid)).await
}

/// What came back is owed again, for the order `anew`.
pub async fn owe_again(tx: &mut Tx, id: &str, order: &Order, anew: &str, at: Millis) -> Result<()> {
    moved(tx, id, order, Some(anew), "owed-again", at, (Account::Returned, Account::Obligation)).await
}

/// What a grant held goes back to the budget: it was taken back, or given up.
pub async fn release(tx: &mut Tx, id: &str, order: &Order, held: Account, at: Millis) -> Result<()> {
    moved(tx, id, order, None, "release", at, (held, Account::Budget)).await
}

async fn moved(
    tx: &mut Tx,
    id: &str,
    order: &Order,
    order_id: Option<&str>,
    kind: &'static str,
    at: Millis,
    (from, to): (Account, Account),
) -> Result<()> {
    let posting = Posting {
        id,
        incident: &order.incident,
        remedy: &order.remedy,
        kind,
        currency: &order.currency,
        grant_id: &order.grant_id,
        order_id,
        at,
        from,
        to,
        amount: order.amount,
    };
    store::post(tx, &posting).await
}
