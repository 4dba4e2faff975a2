//! What a person decides about orders that got nowhere by themselves.

use super::{Answer, Order, State, settle, store};
use crate::{
    ambient::Ambient,
    incident::Way,
    portal::Portal,
    remedies::{claim::ClaimState, ledger, ledger::Account, payouts::budget, store as claims},
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
}

impl crate::store::Retry for PersonError {
    fn retry(&self) -> bool {
        matches!(self, PersonError::Store(error) if error.is_retryable())
    }
}

/// What a person found out about an order that was stuck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Paid {
        reference: String,
    },
    /// The provider never had it: it is sent again.
    NeverArrived,
}

/// Writes down what a person found out, with who did.
pub async fn resolve(portal: &Portal, id: &str, outcome: &Outcome, by: &str) -> Result<(), PersonError> {
    let now = portal.ambient.now();
    transaction!(portal.db()?, |tx| -> Result<(), PersonError> {
        let order = known(tx, id, &[State::Stuck], "only a stuck order is resolved").await?;
        store::event(tx, id, "resolved", &format!("by {by}"), now).await?;
        match outcome {
            Outcome::Paid { reference } => {
                let answer = Answer::Paid { reference: reference.clone() };
                settle::one(tx, portal, id, &answer, None).await?;
            }
            Outcome::NeverArrived => {
                let change = store::Change {
                    state: State::Waiting,
                    due_at: now,
                    unsure: 0,
                    reference: None,
                    note: "",
                    ended_at: None,
                };
                store::change(tx, &order, &change).await?;
            }
        }
        Ok(())
    })?;
    portal.outbox.notify_one();
    Ok(())
}

/// Orders anew, by `way`, what was refused or came back. Returns the new order's id.
pub async fn again(portal: &Portal, id: &str, way: &Way, by: &str) -> Result<String, PersonError> {
    let states = [State::Refused, State::Returned];
    transaction!(portal.db()?, |tx| -> Result<String, PersonError> {
        let order = known(tx, id, &states, "only what was refused or came back is ordered again").await?;
        Ok(anew(tx, &portal.ambient, &order, way, by).await?)
    })
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
    if order.state()? == State::Returned {
        ledger::owe_again(tx, &ambient.id(), order, &new, now).await?;
    }
    Ok(new)
}

/// Gives up on what was refused or came back: the grant ends, and what it held goes back to the budget.
pub async fn close(portal: &Portal, id: &str, by: &str, reason: &str) -> Result<(), PersonError> {
    let (ambient, now) = (&portal.ambient, portal.ambient.now());
    transaction!(portal.db()?, |tx| -> Result<(), PersonError> {
        let states = [State::Refused, State::Returned];
        let order = known(tx, id, &states, "only what was refused or came back is closed").await?;
        store::event(tx, id, "closed", &format!("by {by}: {reason}"), now).await?;
        let held = if order.state()? == State::Returned { Account::Returned } else { Account::Obligation };
        release(tx, ambient, &order, held).await?;
        claims::step(tx, &order.claim_id, ClaimState::Closed, reason, now).await?;
        Ok(())
    })
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
    if !states.contains(&order.state()?) || !last {
        let state = if last { order.state.clone() } else { "followed by another order".to_owned() };
        return Err(PersonError::NotSo { id: order.id, state, hint });
    }
    Ok(order)
}
