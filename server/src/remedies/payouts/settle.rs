//! Writing down what became of orders, with their postings, the claims' steps and the messages.

use app::say;

use super::{
    Answer, Order, State,
    control::{self, GATES, shout},
    store::{self, Change},
    worker::lease_span,
};
use crate::{
    ambient::{DAY, HOUR, Millis},
    backoff,
    incident::ProviderName,
    portal::Portal,
    remedies::{Note, claim::ClaimState, ledger, store as claims},
    store::{Db, Result, Tx},
    transaction,
};

/// Unknown for so often, about an hour, it waits for a person.
const UNKNOWN: i64 = 8;
/// Leases of a minute: a quarter of an hour.
const LONGEST_PAUSE: Millis = 15;
/// So far off that nobody asks.
const NEVER: Millis = 1_000 * 365 * DAY;

/// A worker took it up for the first time. Its claim says so once the provider may have it: until then it can still be
/// changed, if it waits again.
pub async fn started(tx: &mut Tx, order: &Order, now: Millis) -> Result<()> {
    store::event(tx, &order.id, "started", &order.way, now).await
}

/// Orders that were taken and not sent after all.
pub async fn give_back(db: &Db, orders: &[Order], lease: &str) -> Result<()> {
    transaction!(db, |tx| -> Result<()> {
        for order in orders {
            if let Some(order) = held(tx, &order.id, Some(lease)).await? {
                back(tx, &order).await?;
            }
        }
        Ok(())
    })
}

/// As it was before it was taken.
async fn back(tx: &mut Tx, order: &Order) -> Result<()> {
    let (state, unsure) = match order.state()? {
        State::Sending if order.unsure > 1 => (State::Unknown, order.unsure - 1),
        State::Sending => (State::Waiting, 0),
        state => (state, order.unsure),
    };
    let change =
        Change { state, due_at: order.due_at, unsure, reference: None, note: &order.note, ended_at: None };
    store::change(tx, order, &change).await?;
    store::not_tried(tx, &order.id).await
}

/// Writes answers down, in one transaction. With a lease only what it still holds; without one (the provider told of it
/// by itself, or a person found out) whatever is not over.
pub async fn all(
    portal: &Portal,
    provider: &str,
    answers: &[(Order, Answer)],
    lease: Option<&str>,
) -> Result<()> {
    transaction!(portal.db()?, |tx| -> Result<()> {
        for (order, answer) in answers {
            let now = portal.ambient.now();
            match answer {
                Answer::NotNow { wait: Some(wait), .. } => GATES.rest_until(tx, provider, now + wait).await?,
                Answer::HeldUp { why, wait } => control::close_until(tx, provider, now + wait, why).await?,
                _ => {}
            }
            one(tx, portal, &order.id, answer, lease).await?;
        }
        Ok(())
    })?;
    portal.outbox.notify_one();
    Ok(())
}

/// Writes one answer down; false when it changes nothing: it was known, the lease is another's, or it is no news. What is
/// paid can only come back, and that nobody knows is for the worker to say who asked.
pub async fn one(
    tx: &mut Tx,
    portal: &Portal,
    id: &str,
    answer: &Answer,
    lease: Option<&str>,
) -> Result<bool> {
    let Some(order) = held(tx, id, lease).await? else {
        if lease.is_some() && matches!(answer, Answer::Paid { .. } | Answer::Placed { .. }) {
            tracing::error!(
                order = id,
                "a provider took an order that this worker held no more: compare its statement"
            );
        }
        return Ok(false);
    };
    if let Answer::Paid { reference } | Answer::Placed { reference } | Answer::Returned { reference, .. } =
        answer
        && store::is_taken(tx, &order, reference).await?
    {
        let why = "the provider gave another order's reference".to_owned();
        return Box::pin(one(tx, portal, id, &Answer::Unknown { why }, lease)).await;
    }
    let comes_back = matches!(answer, Answer::Refused { .. } | Answer::Returned { .. });
    let vague = matches!(
        answer,
        Answer::NotNow { .. }
            | Answer::HeldUp { .. }
            | Answer::NotBegun
            | Answer::Unknown { .. }
            | Answer::ForAPerson { .. }
    );
    if (order.state()? == State::Paid && !comes_back) || (lease.is_none() && vague) {
        return Ok(false);
    }
    let now = portal.ambient.now();
    match answer {
        Answer::Paid { reference } => paid(tx, portal, &order, reference, now).await?,
        Answer::Placed { reference } => placed(tx, portal, &order, reference, now).await?,
        // What was paid and is then refused came back.
        Answer::Refused { why } if order.state()? != State::Paid => {
            refused(tx, portal, &order, why, now).await?
        }
        Answer::Refused { why } => returned(tx, portal, &order, (None, why), now).await?,
        Answer::Returned { reference, why } => {
            returned(tx, portal, &order, (Some(reference), why), now).await?
        }
        Answer::NotNow { why, wait } => later(tx, &order, why, *wait, now).await?,
        Answer::HeldUp { why, wait } => later(tx, &order, why, Some(*wait), now).await?,
        Answer::NotBegun => back(tx, &order).await?,
        Answer::Unknown { why } => {
            let stuck = order.unsure >= UNKNOWN || order.state()? == State::Placed;
            unknown(tx, portal, &order, (why, stuck), now).await?;
        }
        Answer::ForAPerson { why } => unknown(tx, portal, &order, (why, true), now).await?,
    }
    Ok(true)
}

/// The order as it is now, if this answer may still change it.
async fn held(tx: &mut Tx, id: &str, lease: Option<&str>) -> Result<Option<Order>> {
    let Some(order) = store::order(&mut *tx, id).await? else { return Ok(None) };
    let ours = match lease {
        Some(lease) => order.lease.as_deref() == Some(lease),
        None => !matches!(order.state()?, State::Cancelled | State::Refused | State::Returned),
    };
    Ok(ours.then_some(order))
}

async fn paid(tx: &mut Tx, portal: &Portal, order: &Order, reference: &str, now: Millis) -> Result<()> {
    let change = Change {
        state: State::Paid,
        due_at: now,
        unsure: 0,
        reference: Some(reference),
        note: "",
        ended_at: Some(now),
    };
    store::change(tx, order, &change).await?;
    store::event(tx, &order.id, "paid", reference, now).await?;
    ledger::pay(tx, &portal.ambient.id(), order, now).await?;
    claims::step(tx, &order.claim_id, ClaimState::Paid, &Note::default(), now).await?;
    super::tell::paid(tx, portal, order).await
}

async fn placed(tx: &mut Tx, portal: &Portal, order: &Order, reference: &str, now: Millis) -> Result<()> {
    let provider = portal.providers.get(super::provider_of(order)?);
    let asked_again = provider.map_or(Some(HOUR), |provider| provider.asked_again());
    let known = order.state()? == State::Placed;
    let change = Change {
        state: State::Placed,
        due_at: now + asked_again.unwrap_or(NEVER),
        unsure: 0,
        reference: Some(reference),
        note: "",
        ended_at: None,
    };
    store::change(tx, order, &change).await?;
    if known {
        return Ok(());
    }
    store::event(tx, &order.id, "placed", reference, now).await?;
    under_way(tx, order, now).await
}

/// The claim says that its payout has begun, once; or that it goes on.
async fn under_way(tx: &mut Tx, order: &Order, now: Millis) -> Result<()> {
    let state = claims::state(&mut *tx, &order.claim_id).await?;
    if matches!(state, ClaimState::Granted | ClaimState::Delayed) {
        claims::step(tx, &order.claim_id, ClaimState::Paying, &Note::default(), now).await?;
    }
    Ok(())
}

async fn refused(tx: &mut Tx, portal: &Portal, order: &Order, why: &str, now: Millis) -> Result<()> {
    shout(order, lasting(order, why));
    let change = Change {
        state: State::Refused,
        due_at: now,
        unsure: 0,
        reference: None,
        note: why,
        ended_at: Some(now),
    };
    store::change(tx, order, &change).await?;
    store::event(tx, &order.id, "refused", lasting(order, why), now).await?;
    claims::step(tx, &order.claim_id, ClaimState::Delayed, &delayed(), now).await?;
    super::tell::failed(tx, portal, order).await
}

/// What logs and histories keep of why. An acknowledgement's note may name its person, and stands with the order alone,
/// where it goes with them.
fn lasting<'a>(order: &Order, why: &'a str) -> &'a str {
    match super::provider_of(order) {
        Ok(ProviderName::BillFile | ProviderName::PostFile) => "it was rejected: see the order's note",
        _ => why,
    }
}

/// What a claim says while a person looks at its payout: nothing of the provider's words, which are not for them.
pub fn delayed() -> Note {
    Note::of(|| {
        say!("The payout did not go through. We are looking at it; you need do nothing, and nothing is lost.")
            .to_owned()
    })
}

/// What came back was paid before: both are posted. It may be the first that is heard of the provider's reference.
async fn returned(
    tx: &mut Tx,
    portal: &Portal,
    order: &Order,
    (reference, why): (Option<&String>, &str),
    now: Millis,
) -> Result<()> {
    if order.state()? != State::Paid {
        ledger::pay(tx, &portal.ambient.id(), order, now).await?;
    }
    shout(order, lasting(order, why));
    let change = Change {
        state: State::Returned,
        due_at: now,
        unsure: 0,
        reference: reference.map(String::as_str),
        note: why,
        ended_at: Some(now),
    };
    store::change(tx, order, &change).await?;
    store::event(tx, &order.id, "returned", lasting(order, why), now).await?;
    ledger::come_back(tx, &portal.ambient.id(), order, now).await?;
    claims::step(tx, &order.claim_id, ClaimState::Returned, &Note::default(), now).await?;
    super::tell::returned(tx, portal, order).await
}

/// Not taken this time. What an earlier time left in doubt stays so: it may still turn up.
async fn later(tx: &mut Tx, order: &Order, why: &str, wait: Option<Millis>, now: Millis) -> Result<()> {
    let doubts = order.unsure - 1;
    let change = Change {
        state: if doubts > 0 { State::Unknown } else { State::Waiting },
        due_at: now + wait.unwrap_or(0).max(backoff::after(order.attempts).min(longest_pause())),
        unsure: doubts.max(0),
        reference: None,
        note: why,
        ended_at: None,
    };
    store::change(tx, order, &change).await
}

/// The provider is asked later; where it is stuck, a person has to find out.
async fn unknown(
    tx: &mut Tx,
    portal: &Portal,
    order: &Order,
    (why, stuck): (&str, bool),
    now: Millis,
) -> Result<()> {
    if stuck {
        shout(order, why);
        claims::step(tx, &order.claim_id, ClaimState::Delayed, &delayed(), now).await?;
        super::tell::failed(tx, portal, order).await?;
    } else {
        under_way(tx, order, now).await?;
    }
    let change = Change {
        state: if stuck { State::Stuck } else { State::Unknown },
        due_at: now + until_asked(order.unsure),
        unsure: order.unsure.max(1),
        reference: None,
        note: why,
        ended_at: None,
    };
    store::change(tx, order, &change).await?;
    store::event(tx, &order.id, if stuck { "stuck" } else { "unknown" }, why, now).await
}

fn longest_pause() -> Millis {
    LONGEST_PAUSE * lease_span()
}

/// 1, 2, 4, 8, 15, 15 … minutes: never before every call that may still be under way is over, and an outage of an hour
/// leaves nothing for a person.
fn until_asked(times: i64) -> Millis {
    let doublings = u32::try_from(times - 1).unwrap_or_default().min(20);
    (lease_span() << doublings).min(longest_pause())
}
