//! Writing a case, and sending it: the draft's row becomes the case, so that sending it twice sends it once.

use super::{
    Case, CaseError, CaseNumber, Kind, MOST, MOST_OPEN, Recorded, Said, Step, acts,
    store::{self, Advance},
    tell,
};
use crate::{accounts::Subscriber, portal::Portal, store::Result, transaction};

/// What a case is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub kind: Kind,
    /// A category's slug, or a remedy's id.
    pub of: &'a str,
    /// The number of the claim that was declined.
    pub claim: Option<&'a str>,
}

/// Begins a draft, or finds the one that is there; returns its id.
pub async fn start(portal: &Portal, subscriber: &Subscriber, subject: Subject<'_>) -> Result<String> {
    let id = portal.ambient.id();
    transaction!(portal.db()?, |tx| -> Result<String> {
        let about = (subject.kind, subject.of, subject.claim);
        let incident = portal.incident.id.as_str();
        store::draft(tx, &id, incident, &subscriber.id, about, portal.ambient.now()).await
    })
}

/// Keeps what is typed so far.
pub async fn fill(portal: &Portal, draft: &Case, said: &Said) -> Result<()> {
    let key = portal.keyring.ensure(portal.db()?, &draft.subscriber_id, &portal.ambient).await?;
    let sealed = said.seal(&key, &portal.ambient)?;
    transaction!(portal.db()?, |tx| -> Result<()> {
        store::write_draft(tx, &draft.id, sealed.clone(), portal.ambient.now()).await
    })
}

/// Sends the draft, with what our records say at this moment; returns its number. Sent before, it has one already.
pub async fn send(
    portal: &Portal,
    subscriber: &Subscriber,
    id: &str,
    records: &Recorded,
) -> std::result::Result<CaseNumber, CaseError> {
    let ambient = &portal.ambient;
    let key = portal.keyring.ensure(portal.db()?, &subscriber.id, ambient).await?;
    let number = transaction!(portal.db()?, |tx| -> std::result::Result<CaseNumber, CaseError> {
        let draft = store::own(&mut *tx, id, &subscriber.id).await?.ok_or(CaseError::NotFound)?;
        if let Some(number) = draft.number {
            return Ok(number);
        }
        let sealed = draft.draft.as_deref().ok_or(CaseError::Unwritten)?;
        let said = Said { records: records.clone(), ..Said::open(&key, sealed)? };
        if said.text.is_empty() {
            return Err(CaseError::Unwritten);
        }
        acts::none_open(tx, portal, &draft).await?;
        let (open, sent) = store::count_sent(&mut *tx, &subscriber.id).await?;
        if open >= MOST_OPEN {
            return Err(CaseError::TooManyOpen);
        }
        if sent >= MOST {
            return Err(CaseError::TooMany);
        }
        let now = ambient.now();
        let state = draft.state.after(draft.kind, Step::Send)?;
        let step = Step::Send.slug();
        let to = Advance { step, state, outcome: None, by: None, waits_since: now, now };
        let position = store::advance(tx, &draft, &to).await?;
        let number = CaseNumber::draw(draft.kind, ambient);
        store::number(tx, &draft.id, &number, now).await?;
        store::say(tx, &draft.id, &draft.id, position, said.seal(&key, ambient)?).await?;
        tell::received(tx, portal, &draft, &number).await?;
        Ok(number)
    })?;
    portal.outbox.notify_one();
    Ok(number)
}
