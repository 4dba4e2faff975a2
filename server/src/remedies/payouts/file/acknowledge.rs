//! Reading acknowledgements back: a CSV with `order`, `status` (`applied` or `rejected`) and, if there is one, `note`.

use std::io::Read;

use serde::{Deserialize, Serialize};

use super::{
    super::{State, control::shout, settle, store as orders},
    store,
};
use crate::{
    ambient::Millis,
    incident::WayId,
    portal::Portal,
    remedies::{
        ClaimState, store as claims,
        table::{Problem, Table, tell},
    },
    store::{Error, Result, Tx},
    transaction,
};

#[derive(Debug, thiserror::Error)]
pub enum AcknowledgeError {
    #[error(transparent)]
    Store(#[from] Error),
    #[error("the file cannot be read as CSV: {0}")]
    Csv(#[from] csv::Error),
    #[error("the first line must name the columns \"order\" and \"status\"; \"note\" may follow")]
    Header,
}

/// What a file of acknowledgements came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answered {
    pub applied: u64,
    pub rejected: u64,
    /// Said before.
    pub known: u64,
    pub problems: Vec<Problem>,
}

#[derive(Deserialize)]
struct Row {
    order: String,
    status: String,
    #[serde(default)]
    note: String,
}

enum Said {
    New,
    Known,
    Wrong(&'static str),
}

/// Writes down what was acknowledged, each with its posting and message; harmless to repeat.
pub async fn acknowledge(
    portal: &Portal,
    file: impl Read,
) -> std::result::Result<Answered, AcknowledgeError> {
    let mut table = Table::open(file)?;
    if !table.has(&["order", "status"]) {
        return Err(AcknowledgeError::Header);
    }
    let mut answered = Answered::default();
    while let Some((line, record)) = table.next()? {
        let Some(row) = table.row::<Row>(&record) else {
            tell(&mut answered.problems, line, "has no order and status");
            continue;
        };
        match take(portal, &row).await? {
            Said::New if row.status == "applied" => answered.applied += 1,
            Said::New => answered.rejected += 1,
            Said::Known => answered.known += 1,
            Said::Wrong(reason) => tell(&mut answered.problems, line, reason),
        }
    }
    portal.outbox.notify_one();
    Ok(answered)
}

async fn take(portal: &Portal, row: &Row) -> Result<Said> {
    if !["applied", "rejected"].contains(&row.status.as_str()) {
        return Ok(Said::Wrong("its status is neither applied nor rejected"));
    }
    let now = portal.ambient.now();
    transaction!(portal.db()?, |tx| -> Result<Said> {
        let Some(line) = store::line(&mut *tx, &row.order).await? else {
            return Ok(Said::Wrong(NOT_OURS));
        };
        if line.closed_at.is_none() {
            return Ok(Said::Wrong("its order was not handed over yet"));
        }
        match line.answer.as_deref() {
            Some(answer) if answer == row.status => return Ok(Said::Known),
            Some("rejected") => return late(tx, &row.order, now).await,
            _ => {}
        }
        // What is said of somebody who was erased meanwhile is not kept.
        let note = if is_of_nobody(tx, &row.order).await? { "" } else { row.note.as_str() };
        store::answer(tx, &row.order, &row.status, note, now).await?;
        let says =
            store::Line { answer: Some(row.status.clone()), answer_note: note.to_owned(), ..line }.says();
        settle::one(tx, portal, &row.order, &says, None).await?;
        Ok(Said::New)
    })
}

async fn is_of_nobody(tx: &mut Tx, order: &str) -> Result<bool> {
    let Some(order) = orders::order(&mut *tx, order).await? else { return Ok(true) };
    Ok(orders::parcel(tx, &order).await?.is_none())
}

/// The step of an order that was applied after it was rejected.
const LATE: &str = "applied-late";

const NOT_OURS: &str = "its order was in no file of ours";
const UNDECIDED: &str = "its order was rejected before: if it was applied after all, write that down with \
    `makegood payouts arrived` or on /staff/payouts, and order nothing again";
const HELD_UP: &str = "its order was rejected before and ordered or claimed again, and what followed is held up: if this \
    one was applied after all, resolve that one as paid (`makegood payouts resolve`)";
const TWICE: &str = "its order was rejected before and ordered or claimed again, and both may be paid: ask billing, and \
    have it take one back";
const NEITHER: &str = "its order was rejected before, and what followed it got nowhere either: ask billing which it applied \
    before you order anything again";
const GIVEN_UP: &str = "its order was rejected before and given up: have billing take it back";

/// Billing applied what it had rejected: it may be paid twice, so it is said loudly, once, and what was ordered in its
/// place, or by a new claim, waits for a person while it can. What is left to do depends on what was decided meanwhile.
async fn late(tx: &mut Tx, order: &str, now: Millis) -> Result<Said> {
    let Some(order) = orders::order(&mut *tx, order).await? else { return Ok(Said::Wrong(NOT_OURS)) };
    // A person wrote down already that it was applied.
    if order.state()? == State::Paid {
        return Ok(Said::Known);
    }
    let first = !orders::has_step(&mut *tx, &order.id, LATE).await?;
    if first {
        orders::event(tx, &order.id, LATE, "", now).await?;
        shout(&order, "billing says that it was applied, after it was rejected");
    }
    let next = orders::instead_of(&mut *tx, &order).await?.unwrap_or(order.clone());
    let state = next.state()?;
    if first && next.id != order.id && state == State::Waiting && next.unsure == 0 {
        hold_up(tx, &next, &order, now).await?;
        return Ok(Said::Wrong(HELD_UP));
    }
    // What followed was held up, and a person wrote down that with this one it is paid: nothing was ever sent of it.
    let resolved = !first && state == State::Paid && orders::has_step(&mut *tx, &next.id, "resolved").await?;
    if resolved && !orders::has_step(&mut *tx, &next.id, "started").await? {
        return Ok(Said::Known);
    }
    let live = orders::is_live(&mut *tx, &next.grant_id).await?;
    Ok(Said::Wrong(match state {
        _ if !live => GIVEN_UP,
        _ if next.id == order.id => UNDECIDED,
        State::Stuck => HELD_UP,
        State::Refused | State::Returned | State::Cancelled => NEITHER,
        State::Waiting | State::Sending | State::Unknown | State::Placed | State::Paid => TWICE,
    }))
}

/// It goes as the one before it went: should that have paid, this is how it came.
async fn hold_up(tx: &mut Tx, next: &orders::Order, before: &orders::Order, now: Millis) -> Result<()> {
    if next.way != before.way {
        orders::follow(tx, &next.id, before).await?;
        orders::event(tx, &next.id, "redirected", &before.way, now).await?;
        let label = WayId::from_slug(&before.way).map(WayId::label).unwrap_or_default();
        claims::redirect(tx, &next.claim_id, &before.way, label, now).await?;
    }
    let why = format!("order {} before it was applied after all: this one may not be sent", before.id);
    let change = orders::Change {
        state: State::Stuck,
        due_at: now,
        unsure: 1,
        reference: None,
        note: &why,
        ended_at: None,
    };
    orders::change(tx, next, &change).await?;
    orders::event(tx, &next.id, "stuck", &why, now).await?;
    claims::step(tx, &next.claim_id, ClaimState::Delayed, &settle::delayed(), now).await
}
