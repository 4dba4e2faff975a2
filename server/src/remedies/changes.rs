//! What a person can still do with a claim: choose another way, or take it back. Until its payout starts.

use app::{
    mark,
    models::{Changes, Dates, Delivery},
    say,
    words::said,
};

use super::{
    ClaimNumber, ClaimState, Note, decide,
    deciding::{self, DecideError},
    delivery, on_behalf,
    payouts::{self, State},
    postal, seen,
    store::{self, StoredClaim},
};
use crate::{
    accounts::{Profile, Subscriber},
    incident::{Given, Remedy, Way, WayId},
    messages::{self, templates},
    portal::Portal,
    store::{self as storage, Db, On, Retry, Tx},
    transaction,
    web::wording,
};

#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error(transparent)]
    Store(#[from] storage::Error),
    #[error("there is no such claim of this person")]
    NotFound,
    /// Nothing was changed. The state that it is in.
    #[error("it is too late to change a claim that is {}", .0.slug())]
    TooLate(ClaimState),
    /// The way is not open to this person; nothing was changed.
    #[error("no such way")]
    NoSuchWay,
    /// It would go to another place than was checked; nothing was changed.
    #[error("where it goes changed meanwhile")]
    Changed,
    /// It is to go by post and nobody said where; nothing was changed.
    #[error("no postal address")]
    NoAddress,
    /// It waits, and cannot be decided; nothing was changed.
    #[error("the claim that waits cannot be decided: {0}")]
    Decide(DecideError),
}

impl From<DecideError> for ChangeError {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Store(error) => ChangeError::Store(error),
            error => ChangeError::Decide(error),
        }
    }
}

impl Retry for ChangeError {
    fn retry(&self) -> bool {
        // Two who order anew what was refused: the second finds the first's order.
        matches!(self, ChangeError::Store(error) if error.is_retryable() || error.is_unique_violation())
    }
}

/// What is open of a claim at this moment.
pub async fn open(portal: &Portal, subscriber: &Subscriber, claim: &StoredClaim) -> storage::Result<Changes> {
    let again = can_be_chosen_again(portal.db()?, claim).await?;
    let way = ways(portal, subscriber, claim).iter().any(|way| again || differs(claim, way));
    let (withdraw, until) = match claim.state()? {
        ClaimState::Submitted => (true, say!("You can do so until the payout starts.").to_owned()),
        ClaimState::Granted | ClaimState::Delayed | ClaimState::Returned => {
            let last = payouts::of_claim(portal.db()?, &claim.id).await?.pop();
            match last.map(|order| (order.state(), order)) {
                Some((Ok(State::Waiting), order)) if order.unsure == 0 => {
                    (true, sentence(portal, order.due_at))
                }
                Some((Ok(State::Refused), _)) => (false, said(REFUSED).to_owned()),
                Some((Ok(State::Returned), order)) if payouts::follows(&order)? => {
                    (false, said(MISSED).to_owned())
                }
                _ => return Ok(Changes::default()),
            }
        }
        _ => return Ok(Changes::default()),
    };
    Ok(Changes { way, withdraw, until })
}

/// What did not get through can be sent by another way.
const MISSED: &str = mark!(
    "It did not reach you, and nothing is lost: choose another way, or mend the address, and we send it again."
);

/// What a provider refused can be tried again the same way: whatever was in its way may be mended.
const REFUSED: &str = mark!(
    "It did not reach you, and nothing is lost: choose how it should come, the same way or another, and we send it again."
);

/// Another way than the claim has; by post the address can be mended.
fn differs(claim: &StoredClaim, way: &Delivery) -> bool {
    way.value != claim.delivery || way.value == WayId::Post.slug()
}

/// The way that a claim has can be chosen again: its last order was refused, or it goes to an address that is not the
/// account's, so that by the same way it comes to another place.
async fn can_be_chosen_again(on: impl Into<On<'_>>, claim: &StoredClaim) -> storage::Result<bool> {
    let mut on = on.into();
    let last = payouts::of_claim(on.again(), &claim.id).await?.pop();
    if last.is_some_and(|order| order.state == State::Refused.slug()) {
        return Ok(true);
    }
    on_behalf::goes_elsewhere(on, &claim.id).await
}

/// Whether choosing this way changes anything of a claim.
pub async fn changes_it(on: impl Into<On<'_>>, claim: &StoredClaim, way: &Delivery) -> storage::Result<bool> {
    Ok(differs(claim, way) || can_be_chosen_again(on, claim).await?)
}

fn sentence(portal: &Portal, due_at: i64) -> String {
    if due_at <= portal.ambient.now() {
        return say!("You can do so until the payout starts, which may be at any moment.").to_owned();
    }
    let due = wording::moment_in(due_at, &portal.incident.time_zone);
    say!("You can do so until {due}, when the payout may start.", due)
}

/// The ways that a claim can come by now; none when the incident file does not list its remedy any more.
pub fn ways(portal: &Portal, person: &Profile, claim: &StoredClaim) -> Vec<Delivery> {
    let remedy = portal.incident.remedy(&claim.remedy);
    remedy.map(|remedy| delivery::choices(remedy, person)).unwrap_or_default()
}

/// Sends what was claimed by another way, or by post to another address; the draft of it is used up. `seen` is what its
/// person checked of it, [`seen::digest`]; none where nothing was shown.
pub async fn redirect(
    portal: &Portal,
    subscriber: &Subscriber,
    number: &ClaimNumber,
    (way, seen): (&str, Option<&str>),
) -> Result<(), ChangeError> {
    let now = portal.ambient.now();
    transaction!(portal.db()?, |tx| -> Result<(), ChangeError> {
        let claim = own(tx, subscriber, number).await?;
        let person = store::person(&mut *tx, &subscriber.id).await?.ok_or(ChangeError::NotFound)?;
        let (remedy, chosen) = chosen(portal, &person, &claim, way)?;
        if !changes_it(&mut *tx, &claim, &chosen).await? {
            return Ok(());
        }
        let posted = chosen.value == WayId::Post.slug();
        let draft = if posted { postal::sealed_draft(tx, portal, &subscriber.id).await? } else { None };
        if posted && draft.is_none() {
            return Err(ChangeError::NoAddress);
        }
        if seen.is_some_and(|seen| seen != seen::digest(&chosen, &person, draft.as_deref())) {
            return Err(ChangeError::Changed);
        }
        let carrier = remedy.way(way).copied().unwrap_or_else(Way::at_hand);
        match claim.state()? {
            ClaimState::Submitted => {}
            ClaimState::Granted | ClaimState::Delayed | ClaimState::Returned => {
                let grant = store::live_grant(tx, &claim.id).await?.ok_or(ChangeError::NotFound)?;
                if !payouts::redirect(tx, &portal.ambient, &grant, &carrier).await? {
                    return Err(ChangeError::TooLate(ClaimState::Paying));
                }
            }
            _ => return Err(ChangeError::TooLate(over(&claim)?)),
        }
        on_behalf::send_to(tx, &claim.id, None).await?;
        if !posted {
            postal::detach(tx, &claim.id).await?;
        } else if !postal::attach(tx, portal, &subscriber.id, &claim.id).await? {
            return Err(ChangeError::NoAddress);
        }
        store::redirect(tx, &claim.id, chosen.value.as_str(), &delivery::kept(&chosen), now).await?;
        messages::tell(tx, portal, &subscriber.id, |voice| {
            templates::claim_changed(voice, number.as_str(), way)
        })
        .await?;
        // Whoever can sign in has said where it goes, by the account or by what they typed.
        Ok(deciding::decide_like_any(tx, portal, number).await?)
    })?;
    portal.outbox.notify_one();
    Ok(())
}

fn chosen<'a>(
    portal: &'a Portal,
    person: &Profile,
    claim: &StoredClaim,
    way: &str,
) -> Result<(&'a Remedy, Delivery), ChangeError> {
    let remedy = portal.incident.remedy(&claim.remedy).ok_or(ChangeError::NoSuchWay)?;
    let chosen = ways(portal, person, claim).into_iter().find(|open| open.value == way);
    Ok((remedy, chosen.ok_or(ChangeError::NoSuchWay)?))
}

/// Takes a claim back: what was promised is free again, and the remedy can be claimed anew. Again is harmless.
pub async fn withdraw(
    portal: &Portal,
    subscriber: &Subscriber,
    number: &ClaimNumber,
) -> Result<(), ChangeError> {
    let ambient = &portal.ambient;
    transaction!(portal.db()?, |tx| -> Result<(), ChangeError> {
        let claim = own(tx, subscriber, number).await?;
        match claim.state()? {
            ClaimState::Withdrawn => return Ok(()),
            ClaimState::Submitted => {}
            // Also what was refused or came back and was ordered again: the new order has not started.
            state @ (ClaimState::Granted | ClaimState::Delayed | ClaimState::Returned) => {
                let grant = store::live_grant(tx, &claim.id).await?.ok_or(ChangeError::NotFound)?;
                if !payouts::withdraw(tx, ambient, &grant).await? {
                    let why = if state == ClaimState::Granted { ClaimState::Paying } else { state };
                    return Err(ChangeError::TooLate(why));
                }
            }
            state => return Err(ChangeError::TooLate(state)),
        }
        postal::detach(tx, &claim.id).await?;
        let note = Note::of(|| say!("You took it back.").to_owned());
        store::step(tx, &claim.id, ClaimState::Withdrawn, &note, ambient.now()).await?;
        let again = can_come_again(&mut *tx, portal, subscriber, &claim).await?;
        messages::tell(tx, portal, &subscriber.id, |voice| {
            templates::claim_withdrawn(voice, number.as_str(), again)
        })
        .await?;
        Ok(())
    })?;
    portal.outbox.notify_one();
    Ok(())
}

/// Whether what is withdrawn can be claimed again by today's records, now or once it opens. What was given on an appeal,
/// before more of the data came back or before it closed may be lost for good.
pub async fn can_come_again(
    on: impl Into<On<'_>>,
    portal: &Portal,
    subscriber: &Subscriber,
    claim: &StoredClaim,
) -> storage::Result<bool> {
    let Some(remedy) = portal.incident.remedy(&claim.remedy) else { return Ok(false) };
    let (standing, now) = (store::standing(on, subscriber).await?, portal.ambient.now());
    let decision = decide(remedy, &standing, &portal.incident.time_zone, now);
    Ok(decision.is_entitled() || decision.dates(remedy, now) == Dates::NotYet)
}

/// It was withdrawn by its person, who can get it by an appeal alone.
pub async fn is_gone(portal: &Portal, subscriber: &Subscriber, claim: &StoredClaim) -> storage::Result<bool> {
    let withdrawn = claim.state()? == ClaimState::Withdrawn;
    let listed = portal.incident.remedy(&claim.remedy).is_some();
    Ok(withdrawn && listed && !can_come_again(portal.db()?, portal, subscriber, claim).await?)
}

/// Whether whoever does not claim it is given it: not any more once they withdrew a claim.
pub fn comes_by_itself(portal: &Portal, claim: &StoredClaim) -> bool {
    let remedy = portal.incident.remedy(&claim.remedy);
    remedy.is_some_and(|remedy| matches!(remedy.given, Given::Automatically { .. }))
}

async fn own(tx: &mut Tx, subscriber: &Subscriber, number: &ClaimNumber) -> Result<StoredClaim, ChangeError> {
    store::claim(tx, &subscriber.id, number).await?.ok_or(ChangeError::NotFound)
}

/// As what a claim that cannot be changed is told to be: what staff ended was not withdrawn by its person.
pub fn over(claim: &StoredClaim) -> storage::Result<ClaimState> {
    if claim.was_ended() { Ok(ClaimState::Closed) } else { claim.state() }
}

/// Why it is too late, in a sentence.
pub fn too_late(state: ClaimState) -> &'static str {
    match state {
        ClaimState::Paying => {
            say!("The payout has started, so the claim cannot be changed or withdrawn any more.")
        }
        ClaimState::Paid => {
            say!("It is paid out already, so the claim cannot be changed or withdrawn any more.")
        }
        ClaimState::Delayed | ClaimState::Returned => {
            say!(
                "The payout has started and a person is looking at it, so the claim cannot be changed here. Ask our support."
            )
        }
        ClaimState::Withdrawn => {
            say!("You have withdrawn this claim. You can make another while it can be claimed.")
        }
        ClaimState::Declined | ClaimState::Closed => say!("This claim is over, so it cannot be changed."),
        ClaimState::Submitted | ClaimState::Granted => {
            say!("Somebody else changed it at this moment. Try again.")
        }
    }
}

/// The code of a gift card can be seen at this address; none when there is none to see.
pub async fn code_at(db: &Db, claim: &StoredClaim) -> storage::Result<Option<String>> {
    let orders = payouts::of_claim(db, &claim.id).await?;
    let paid = |order: &payouts::Order| order.provider == "code-pool" && order.state == State::Paid.slug();
    Ok(orders.iter().any(paid).then(|| format!("/claims/{}/code", claim.number)))
}

#[cfg(test)]
mod tests;
