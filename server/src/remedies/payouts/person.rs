//! What a person decides about orders that got nowhere by themselves.

use super::{Answer, Found, Order, Parcel, State, settle, store};
use crate::{
    ambient::Ambient,
    incident::{ProviderName, Way, WayId},
    portal::Portal,
    remedies::{Note, claim::ClaimState, ledger, ledger::Account, payouts::budget, postal, store as claims},
    store::{Error, Tx},
    transaction,
};

/// Why a person's word on an order is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    #[error(transparent)]
    Store(#[from] Error),
    #[error("there is no payout order {0}; `makegood payouts stuck` lists those that wait for a person")]
    Unknown(String),
    #[error("order {id} is {state}: {hint}")]
    NotSo { id: String, state: String, hint: &'static str },
    #[error("the reference {0:?} stands with another order already: give the one of this order")]
    Taken(String),
    #[error("the provider says of order {id}: {says}")]
    SaysOtherwise { id: String, says: String },
    #[error(
        "nobody knows where a card would go: choose another way, or let the person type an address on their claim's page"
    )]
    NoAddress,
    #[error(
        "this payout is yours, or of a claim that you made for somebody: somebody else has to decide on it"
    )]
    Own,
}

impl crate::store::Retry for PersonError {
    fn retry(&self) -> bool {
        matches!(self, PersonError::Store(error) if error.is_retryable())
    }
}

/// What a person decides about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Of a stuck one: the provider paid it.
    Paid { reference: String },
    /// Of a stuck one: the provider never had it. It is sent again.
    NeverArrived,
    /// Of one that was refused or came back: it is ordered anew, by this way.
    Again(Way),
    /// Of one that was refused or came back: it reached its person after all.
    Arrived,
    /// Of one that was refused, came back or has not started: the grant ends, and what it held goes back to the budget. It
    /// binds: the way on is an appeal.
    Close { reason: String },
}

/// Does what a person decided, in a transaction of its own.
pub async fn decide(portal: &Portal, id: &str, decision: &Decision, by: &str) -> Result<(), PersonError> {
    look_first(portal, id, decision).await?;
    transaction!(portal.db()?, |tx| -> Result<(), PersonError> {
        decide_in(tx, portal, id, decision, by).await
    })?;
    portal.outbox.notify_one();
    Ok(())
}

/// The same in the caller's transaction, after [`look_first`].
pub async fn decide_in(
    tx: &mut Tx,
    portal: &Portal,
    id: &str,
    decision: &Decision,
    by: &str,
) -> Result<(), PersonError> {
    match decision {
        Decision::Paid { reference } => {
            let order = known(tx, id, &STUCK, "only a stuck order is resolved").await?;
            if store::is_taken(tx, &order, reference).await? {
                return Err(PersonError::Taken(reference.clone()));
            }
            store::event(tx, id, "resolved", &format!("by {by}"), portal.ambient.now()).await?;
            let answer = Answer::Paid { reference: reference.clone() };
            settle::one(tx, portal, id, &answer, None).await?;
            Ok(())
        }
        Decision::NeverArrived => send_again(tx, portal, id, by).await,
        Decision::Again(way) => {
            let order = known(tx, id, &OVER, "only what was refused or came back is ordered again").await?;
            follow(tx, portal, &order, way).await?;
            anew(tx, &portal.ambient, &order, way, by).await?;
            Ok(())
        }
        Decision::Arrived => arrived(tx, portal, id, by).await,
        Decision::Close { reason } => close(tx, portal, id, reason, by).await,
    }
}

const STUCK: [State; 1] = [State::Stuck];
const OVER: [State; 2] = [State::Refused, State::Returned];
const CLOSABLE: [State; 3] = [State::Waiting, State::Refused, State::Returned];

/// Asks Tremendous what has become of a card that came back, before anybody decides on it: one whose delivery failed may be
/// sent again there, and whoever orders it anew or gives up on it pays twice. What is embedded is asked whether it had what
/// is said to have arrived.
pub async fn look_first(portal: &Portal, id: &str, decision: &Decision) -> Result<(), PersonError> {
    let Some(order) = store::order(portal.db()?, id).await? else { return Ok(()) };
    let (name, arrived) = (super::provider_of(&order)?, *decision == Decision::Arrived);
    let elsewhere = match name {
        ProviderName::Tremendous if order.state()? == State::Returned => true,
        ProviderName::CodePool | ProviderName::BillFile | ProviderName::PostFile if arrived => false,
        _ => return Ok(()),
    };
    let Some(provider) = portal.providers.get(name) else { return Ok(()) };
    let parcel = store::parcel(portal.db()?, &order).await?.unwrap_or_else(|| Parcel::of_nobody(&order));
    let found = provider.find(portal, &parcel).await;
    let says = match (decision, found) {
        (Decision::Again(_) | Decision::Close { .. }, Found::Known(Answer::Paid { .. })) => {
            "it reached its person after all: write that down instead".to_owned()
        }
        (Decision::Again(_) | Decision::Close { .. }, Found::Known(Answer::Placed { .. })) => {
            "it is on its way again: cancel it there, or wait for what becomes of it".to_owned()
        }
        (_, Found::NotAsked) => {
            "nothing now (it is not to be asked at this moment): try again later".to_owned()
        }
        (_, Found::Unknown { why, .. }) => format!("nothing now ({why}): try again later"),
        (Decision::Arrived, Found::Nowhere) => "it never had it".to_owned(),
        (Decision::Arrived, Found::Known(Answer::Paid { .. })) => return Ok(()),
        (Decision::Arrived, _) if !elsewhere => return Ok(()),
        (Decision::Arrived, _) => "it did not reach its person".to_owned(),
        _ => return Ok(()),
    };
    Err(PersonError::SaysOtherwise { id: order.id, says })
}

/// What was refused or came back is paid: where it came back it was posted before.
async fn arrived(tx: &mut Tx, portal: &Portal, id: &str, by: &str) -> Result<(), PersonError> {
    let now = portal.ambient.now();
    let order = known(tx, id, &OVER, "only what was refused or came back can have arrived after all").await?;
    let change = store::Change {
        state: State::Paid,
        due_at: now,
        unsure: 0,
        reference: None,
        note: "",
        ended_at: Some(now),
    };
    store::change(tx, &order, &change).await?;
    store::event(tx, id, "arrived", &format!("by {by}"), now).await?;
    match order.state()? {
        State::Returned => ledger::arrive(tx, &portal.ambient.id(), &order, now).await?,
        _ => ledger::pay(tx, &portal.ambient.id(), &order, now).await?,
    }
    claims::step(tx, &order.claim_id, ClaimState::Paid, &Note::default(), now).await?;
    super::tell::paid(tx, portal, &order).await?;
    Ok(())
}

async fn send_again(tx: &mut Tx, portal: &Portal, id: &str, by: &str) -> Result<(), PersonError> {
    let now = portal.ambient.now();
    let order = known(tx, id, &STUCK, "only a stuck order is resolved").await?;
    store::event(tx, id, "resolved", &format!("by {by}: it never arrived"), now).await?;
    // The person may be wrong: the provider is asked once more.
    let change = store::Change {
        state: State::Unknown,
        due_at: now,
        unsure: 1,
        reference: None,
        note: "",
        ended_at: None,
    };
    store::change(tx, &order, &change).await?;
    store::forget_account(tx, &order.id).await?;
    claims::again(tx, &order.claim_id, ClaimState::Paying, now).await?;
    Ok(())
}

/// The claim says by which way it comes now, and keeps an address only where one is needed.
async fn follow(tx: &mut Tx, portal: &Portal, order: &Order, way: &Way) -> Result<(), PersonError> {
    if way.id == WayId::Post && !postal::is_known(tx, &order.claim_id).await? {
        return Err(PersonError::NoAddress);
    }
    if way.id.slug() == order.way {
        return Ok(());
    }
    if way.id != WayId::Post {
        postal::detach(tx, &order.claim_id).await?;
    }
    claims::redirect(tx, &order.claim_id, way.id.slug(), way.id.label(), portal.ambient.now()).await?;
    Ok(())
}

async fn close(tx: &mut Tx, portal: &Portal, id: &str, reason: &str, by: &str) -> Result<(), PersonError> {
    let (ambient, now) = (&portal.ambient, portal.ambient.now());
    const HINT: &str = "only what has not started, was refused or came back is closed";
    let order = known(tx, id, &CLOSABLE, HINT).await?;
    let state = order.state()?;
    // As a withdrawal does it: a worker that has it by now keeps it.
    if state == State::Waiting && store::cancel(tx, &order.grant_id, now).await?.is_none() {
        return Err(PersonError::NotSo { id: order.id, state: order.state, hint: HINT });
    }
    store::event(tx, id, "closed", &format!("by {by}: {reason}"), now).await?;
    let held = if state == State::Returned { Account::Returned } else { Account::Obligation };
    release(tx, ambient, &order, held).await?;
    claims::close(tx, &order.claim_id, &Note::written(reason), now).await?;
    super::tell::closed(tx, portal, &order).await?;
    Ok(())
}

/// Writes the order that follows one that was refused or came back.
pub async fn anew(
    tx: &mut Tx,
    ambient: &Ambient,
    order: &Order,
    way: &Way,
    by: &str,
) -> crate::store::Result<String> {
    let (new, now) = (ambient.id(), ambient.now());
    let fresh = store::NewOrder {
        id: &new,
        grant_id: &order.grant_id,
        claim_id: &order.claim_id,
        incident: &order.incident,
        subscriber_id: &order.subscriber_id,
        remedy: &order.remedy,
        amount: order.amount,
        currency: &order.currency,
        way: way.id.slug(),
        provider: way.provider.slug(),
        due_at: now,
        now,
    };
    store::insert(tx, &fresh).await?;
    store::event(tx, &new, "ordered-again", &format!("by {by}, after {}", order.id), now).await?;
    // As it was before its payout began: until then it can be changed.
    claims::again(tx, &order.claim_id, ClaimState::Granted, now).await?;
    if order.state()? == State::Returned {
        ledger::owe_again(tx, &ambient.id(), order, &new, now).await?;
    }
    Ok(new)
}

/// Ends the order's grant: its amount goes from `held` back to the budget.
pub async fn release(
    tx: &mut Tx,
    ambient: &Ambient,
    order: &Order,
    held: Account,
) -> crate::store::Result<()> {
    let now = ambient.now();
    store::end_grant(tx, &order.grant_id, now).await?;
    ledger::release(tx, &ambient.id(), order, held, now).await?;
    budget::give_back(tx, &order.incident, &order.remedy, &order.subscriber_id, order.amount).await
}

/// The order, if it is in one of `states` and was not followed by another.
async fn known(tx: &mut Tx, id: &str, states: &[State], hint: &'static str) -> Result<Order, PersonError> {
    let order = store::order(&mut *tx, id).await?.ok_or_else(|| PersonError::Unknown(id.to_owned()))?;
    let last =
        store::of_claim(&mut *tx, &order.claim_id).await?.last().is_none_or(|last| last.id == order.id);
    let live = store::is_live(&mut *tx, &order.grant_id).await?;
    if !states.contains(&order.state()?) || !last || !live {
        let state = match (last, live) {
            (false, _) => "followed by another order".to_owned(),
            (true, false) => "closed".to_owned(),
            (true, true) => order.state.clone(),
        };
        return Err(PersonError::NotSo { id: order.id, state, hint });
    }
    Ok(order)
}
