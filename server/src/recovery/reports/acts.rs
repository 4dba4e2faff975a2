//! The steps of a case that was sent, the person's and the staff's.

use super::{
    Case, CaseError, CaseNumber, Kind, MOST_IN_A_ROW, Outcome, REOPENING, Said, State, Step, Wrong, files,
    store::{self, Advance, Who},
    tell,
};
use crate::{
    accounts::Subscriber,
    ambient::Millis,
    portal::Portal,
    store::{Tx, keys::DataKey},
    transaction,
};

/// A text, with the id that was drawn with its form: sent twice it is said once.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    pub id: &'a str,
    pub said: &'a Said,
}

/// Until when a case can be reopened; none while it is open.
pub fn reopening_ends(case: &Case) -> Option<Millis> {
    case.settled_at.filter(|_| case.state.is_settled()).map(|at| at + REOPENING)
}

/// The person writes; where the case had ended, that reopens it if they mean to.
pub async fn write(
    portal: &Portal,
    subscriber: &Subscriber,
    number: &CaseNumber,
    step: Step,
    given: Given<'_>,
) -> Result<(), CaseError> {
    let key = portal.keyring.ensure(portal.db()?, &subscriber.id, &portal.ambient).await?;
    transaction!(portal.db()?, |tx| -> Result<(), CaseError> {
        let case = owned(tx, subscriber, number).await?;
        if was_sent(tx, &case, step, given, &key).await? {
            return Ok(());
        }
        let position = step_of_person(tx, portal, &case, step).await?;
        say(tx, portal, &case, position, given, &key).await?;
        Ok(files::send(tx, &case.id, given.id).await?)
    })
}

/// The person needs nothing more: they found it, or withdraw. Again changes nothing.
pub async fn close(portal: &Portal, subscriber: &Subscriber, number: &CaseNumber) -> Result<(), CaseError> {
    transaction!(portal.db()?, |tx| -> Result<(), CaseError> {
        let case = owned(tx, subscriber, number).await?;
        if case.state != State::Closed {
            step_of_person(tx, portal, &case, Step::Close).await?;
        }
        Ok(())
    })
}

/// Whether the form was sent before. With anything else in it now, it is no second press but a new text from an old
/// page, which must not be dropped without a word.
async fn was_sent(
    tx: &mut Tx,
    case: &Case,
    step: Step,
    given: Given<'_>,
    key: &DataKey,
) -> Result<bool, CaseError> {
    let Some(event) = store::with_message(&mut *tx, &case.id, given.id).await? else { return Ok(false) };
    let said = event.sealed.as_deref().map(|sealed| Said::open(key, sealed)).transpose()?;
    let same = event.step == step.slug()
        && event.outcome()? == outcome_of(step)
        && said.is_some_and(|said| said.text == given.said.text)
        && !files::are_left(tx, &case.id, given.id).await?;
    if same { Ok(true) } else { Err(CaseError::OtherBefore) }
}

async fn owned(tx: &mut Tx, subscriber: &Subscriber, number: &CaseNumber) -> Result<Case, CaseError> {
    let case = store::of_number(tx, number).await?;
    case.filter(|case| case.subscriber_id == subscriber.id).ok_or(CaseError::NotFound)
}

async fn step_of_person(tx: &mut Tx, portal: &Portal, case: &Case, step: Step) -> Result<i64, CaseError> {
    let now = portal.ambient.now();
    if case.outcome == Some(Outcome::Granted) {
        return Err(Wrong::Granted.into());
    }
    let state = case.state.after(case.kind, step)?;
    if step == Step::Reopen {
        if reopening_ends(case).is_some_and(|until| now >= until) {
            return Err(Wrong::TooLate.into());
        }
        none_open(tx, portal, case).await?;
    }
    if step != Step::Close && store::in_a_row(&mut *tx, &case.id).await? >= MOST_IN_A_ROW {
        return Err(CaseError::TooOften);
    }
    let outcome = (step == Step::Close).then(|| case.kind.closing());
    let waits_since = if state == case.state { case.waits_since } else { now };
    let to = Advance { step: step.slug(), state, outcome, by: None, waits_since, now };
    Ok(store::advance(tx, case, &to).await?)
}

/// An appeal is sent and reopened only while no other for the same remedy is open.
pub async fn none_open(tx: &mut Tx, portal: &Portal, case: &Case) -> Result<(), CaseError> {
    if case.kind == Kind::Report {
        return Ok(());
    }
    let incident = portal.incident.id.as_str();
    match store::open_appeal(tx, incident, &case.subscriber_id, &case.subject).await? {
        Some(_) => Err(CaseError::AppealOpen),
        None => Ok(()),
    }
}

/// A member of staff takes the case upon them; in the transaction that records it.
pub async fn take(tx: &mut Tx, portal: &Portal, case: &Case, who: Who<'_>) -> Result<(), CaseError> {
    let state = case.state.after(case.kind, Step::Take)?;
    let now = portal.ambient.now();
    let (step, waits_since) = (Step::Take.slug(), case.waits_since);
    let to = Advance { step, state, outcome: None, by: Some(who), waits_since, now };
    store::advance(tx, case, &to).await?;
    Ok(())
}

/// A member of staff asks, or answers, having seen `seen` steps; the person gets a message. False: it was done before.
pub async fn ask_or_answer(
    tx: &mut Tx,
    portal: &Portal,
    case: &Case,
    (step, who, seen): (Step, Who<'_>, i64),
    given: Given<'_>,
    key: &DataKey,
) -> Result<bool, CaseError> {
    if was_sent(tx, case, step, given, key).await? {
        return Ok(false);
    }
    let state = case.state.after(case.kind, step)?;
    if case.events != seen {
        return Err(CaseError::WentOn);
    }
    let now = portal.ambient.now();
    let outcome = outcome_of(step);
    let to = Advance { step: step.slug(), state, outcome, by: Some(who), waits_since: now, now };
    let position = store::advance(tx, case, &to).await?;
    say(tx, portal, case, position, given, key).await?;
    let number = case.number.as_ref().ok_or(Wrong::NotSent)?;
    match step {
        Step::Ask => tell::asked(tx, portal, case, number).await?,
        _ => tell::answered(tx, portal, case, number).await?,
    }
    Ok(true)
}

fn outcome_of(step: Step) -> Option<Outcome> {
    match step {
        Step::Answer(outcome) => Some(outcome),
        _ => None,
    }
}

async fn say(
    tx: &mut Tx,
    portal: &Portal,
    case: &Case,
    position: i64,
    given: Given<'_>,
    key: &DataKey,
) -> Result<(), CaseError> {
    let sealed = given.said.seal(key, &portal.ambient)?;
    Ok(store::say(tx, &case.id, given.id, position, sealed).await?)
}
