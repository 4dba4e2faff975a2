//! Claims that wait: for a member of staff who says yes or no, or for the budget.

mod store;

pub use store::{Waiting, queue, waiting, waits};

use app::{
    say,
    words::{Language, spoken},
};

use super::{
    Note,
    claim::{ClaimState, Submitted},
    eligibility::{Decision, Entitlement, Record, decide},
    giving::{self, GiveError, Waits},
    number::ClaimNumber,
    on_behalf, payouts, postal, reason, store as claims,
};
use crate::{
    incident::{Currency, Money, Remedy},
    messages::{self, Template, Voice, templates},
    portal::Portal,
    store::{self as storage, Retry, Tx},
    transaction,
};

#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error(transparent)]
    Store(#[from] storage::Error),
    /// Somebody decided it, or its person withdrew it.
    #[error("the claim does not wait any more")]
    NotWaiting,
    #[error("the incident file does not list the remedy any more")]
    NoRemedy,
    #[error("the budget has not enough left for it")]
    NoBudget,
    #[error("the way by which it is to come is not the remedy's any more")]
    NoWay,
    #[error("its person was erased")]
    Erased,
    #[error("nobody decides on their own claim")]
    Own,
    #[error("nobody decides on a claim that they made for somebody")]
    Maker,
    /// Of a claim that waits for a second look: it is ended, which binds its person to nothing.
    #[error("staff made the claim, and its person fails no rule by it")]
    OfStaff,
    /// Of a claim that was recorded without its facts: by today's they do not entitle.
    #[error("the records do not entitle its person")]
    NotEntitled,
    #[error("the facts of a claim cannot be read or written: {0}")]
    Facts(#[from] serde_json::Error),
}

impl Retry for DecideError {
    fn retry(&self) -> bool {
        matches!(self, DecideError::Store(error) if error.is_retryable() || error.is_unique_violation())
    }
}

impl From<GiveError> for DecideError {
    fn from(error: GiveError) -> Self {
        match error {
            GiveError::Store(error) => DecideError::Store(error),
            GiveError::Facts(error) => DecideError::Facts(error),
        }
    }
}

/// Why a claim that waited is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    Approved,
    /// There is room in the budget by now.
    Room,
    /// Its person chose where it goes, so that nobody needs to look at that.
    Chosen,
}

impl Because {
    fn words(self) -> &'static str {
        match self {
            Because::Approved => say!("A member of our staff looked at it and approved it"),
            Because::Room => say!("There is room for it in the budget now"),
            Because::Chosen => say!("You chose yourself how it comes"),
        }
    }

    /// As its person is told.
    fn told(self, voice: &Voice<'_>, number: &str, worth: &str) -> Template {
        match self {
            Because::Approved => templates::claim_approved(voice, number, worth),
            Because::Room => templates::claim_has_room(voice, number, worth),
            Because::Chosen => templates::claim_granted(voice, number, worth),
        }
    }
}

/// Gives what waited, by the facts that entitled it when it was claimed.
pub async fn approve(
    tx: &mut Tx,
    portal: &Portal,
    number: &ClaimNumber,
    because: Because,
) -> Result<(), DecideError> {
    let waiting = store::waiting(&mut *tx, number).await?.ok_or(DecideError::NotWaiting)?;
    if waiting.account.is_none() {
        return Err(DecideError::Erased);
    }
    let remedy = portal.incident.remedy(&waiting.remedy).ok_or(DecideError::NoRemedy)?;
    let entitlement = entitlement(tx, portal, &waiting, remedy, because).await?;
    let submitted = submitted(&waiting, number, remedy)?;
    if !payouts::can_carry(&submitted) {
        return Err(DecideError::NoWay);
    }
    if !giving::room(tx, portal, &submitted, &submitted.remedy).await? {
        return Err(DecideError::NoBudget);
    }
    let worth = submitted.remedy.value.to_string();
    giving::give(tx, portal, submitted, &entitlement).await?;
    messages::tell(tx, portal, &waiting.subscriber_id, |voice| because.told(voice, number.as_str(), &worth))
        .await?;
    Ok(())
}

/// Its person chose where it goes: what waited for a second look at that alone is decided like every other claim now.
pub async fn decide_like_any(tx: &mut Tx, portal: &Portal, number: &ClaimNumber) -> Result<(), DecideError> {
    let waiting = store::waiting(&mut *tx, number).await?;
    let Some(waiting) = waiting.filter(Waiting::for_second_look) else { return Ok(()) };
    let remedy = portal.incident.remedy(&waiting.remedy).ok_or(DecideError::NoRemedy)?;
    let entitlement = entitlement(tx, portal, &waiting, remedy, Because::Chosen).await?;
    let submitted = submitted(&waiting, number, remedy)?;
    if let Some(waits) = giving::waits_like_any(tx, portal, &submitted).await? {
        let note = Note::of(|| waits.words().to_owned());
        claims::waits_for(tx, &waiting.id, waits.slug(), &note, portal.ambient.now()).await?;
        return Ok(());
    }
    let worth = submitted.remedy.value.to_string();
    giving::give(tx, portal, submitted, &entitlement).await?;
    messages::tell(tx, portal, &waiting.subscriber_id, |voice| {
        Because::Chosen.told(voice, number.as_str(), &worth)
    })
    .await?;
    Ok(())
}

/// The remedy as the file has it, worth what was promised when it was claimed.
fn submitted(waiting: &Waiting, number: &ClaimNumber, remedy: &Remedy) -> Result<Submitted, DecideError> {
    let currency = Currency::new(&waiting.currency)
        .ok_or_else(|| storage::Error::Corrupt(format!("the currency of claim {number}")))?;
    Ok(Submitted {
        id: waiting.id.clone(),
        number: number.clone(),
        incident: waiting.incident.clone(),
        subscriber_id: waiting.subscriber_id.clone(),
        remedy: Remedy { value: Money { minor: waiting.amount, currency }, ..remedy.clone() },
        title: waiting.remedy_title.clone(),
        delivery: waiting.delivery.clone(),
        delivery_words: waiting.delivery_words.clone(),
        // It lies with the claim already.
        address_sealed: None,
        waits_for: None,
        appeal: None,
        steps: None,
        at: waiting.made_at,
    })
}

async fn entitlement(
    tx: &mut Tx,
    portal: &Portal,
    waiting: &Waiting,
    remedy: &Remedy,
    because: Because,
) -> Result<Entitlement, DecideError> {
    if let Some(facts) = &waiting.facts {
        let record: Record = serde_json::from_str(facts)?;
        return Ok(Entitlement::of_record(record).and(Note::of(|| because.words().to_owned())));
    }
    let person = claims::person(&mut *tx, &waiting.subscriber_id).await?.ok_or(DecideError::Erased)?;
    let standing = claims::standing(tx, &person).await?;
    match decide(remedy, &standing, &portal.incident.time_zone, waiting.made_at) {
        Decision::Entitled(entitlement) => Ok(entitlement.and(Note::of(|| because.words().to_owned()))),
        Decision::Refused(_) => Err(DecideError::NotEntitled),
    }
}

/// Says no, by a rule and for a reason; both stand on the claim's page beside the facts that were recorded.
pub async fn decline(
    tx: &mut Tx,
    portal: &Portal,
    number: &ClaimNumber,
    rule: &Note,
    why: &str,
) -> Result<(), DecideError> {
    let waiting = store::waiting(&mut *tx, number).await?.ok_or(DecideError::NotWaiting)?;
    if waiting.for_second_look() {
        // No rule of its person's is what that decides on.
        return Err(DecideError::OfStaff);
    }
    let record = waiting.facts.as_deref().map(serde_json::from_str::<Record>).transpose()?;
    let why = why.trim().trim_end_matches('.');
    let note = Note::of(|| {
        let recorded = recorded(record.as_ref());
        let note = say!("The rule: {rule}. Why: {why}. {recorded}", rule = rule.told(), why, recorded);
        note.trim().to_owned()
    });
    claims::step(tx, &waiting.id, ClaimState::Declined, &note, portal.ambient.now()).await?;
    messages::tell(tx, portal, &waiting.subscriber_id, |voice| {
        templates::claim_declined(voice, number.as_str(), rule.told_in(voice.language))
    })
    .await?;
    Ok(())
}

/// Ends what staff claimed for somebody and a second member says no to. The person did not ask for it, and may never have
/// heard of whoever did: so it binds them to nothing, and they can claim as if it had never been made.
pub async fn end(tx: &mut Tx, portal: &Portal, number: &ClaimNumber, why: &str) -> Result<(), DecideError> {
    let waiting = store::waiting(&mut *tx, number).await?;
    let waiting = waiting.filter(Waiting::for_second_look).ok_or(DecideError::NotWaiting)?;
    let why = why.trim().trim_end_matches('.');
    let note = Note::of(|| {
        say!(
            "It was to go to an address that is not the account's, and a second member of our staff did not approve it: {why}. It counts for nothing: you can claim for yourself while it can be claimed, and else ask us to look again.",
            why
        )
    });
    postal::detach(tx, &waiting.id).await?;
    on_behalf::send_to(tx, &waiting.id, None).await?;
    claims::end(tx, &waiting.id, &note, portal.ambient.now()).await?;
    messages::tell(tx, portal, &waiting.subscriber_id, |voice| {
        templates::claim_ended(voice, number.as_str())
    })
    .await?;
    Ok(())
}

/// The facts that were recorded with the claim, in a sentence; empty where there are none.
fn recorded(record: Option<&Record>) -> String {
    let sentences = record.map(told).unwrap_or_default();
    if sentences.is_empty() {
        return String::new();
    }
    say!("Our records when you claimed: {facts}.", facts = sentences.join("; "))
}

/// In the language spoken, where they are kept in it.
fn told(record: &Record) -> &[String] {
    match spoken() {
        Language::Es if !record.spanish.is_empty() => &record.spanish,
        _ => &record.sentences,
    }
}

/// What entitled it when it was claimed, a sentence each.
pub fn sentences(waiting: &Waiting) -> Result<Vec<String>, serde_json::Error> {
    let record = waiting.facts.as_deref().map(serde_json::from_str::<Record>).transpose()?;
    Ok(record.map(|record| record.sentences).unwrap_or_default())
}

/// The rules that a claim may fail, in words.
pub fn rules(portal: &Portal, remedy: &str) -> Vec<Note> {
    let listed = portal.incident.remedy(remedy).map(|remedy| remedy.rules.as_slice()).unwrap_or_default();
    let zone = &portal.incident.time_zone;
    let words = || -> Vec<String> { listed.iter().filter_map(|rule| reason::words(rule, zone)).collect() };
    let both = Language::En.within(words).into_iter().zip(Language::Es.within(words));
    both.map(|(english, spanish)| Note { english, spanish })
        .chain([
            Note::of(|| say!("It is given once to each person").to_owned()),
            Note::of(|| say!("The records behind the claim must be right").to_owned()),
        ])
        .collect()
}

/// Claims that are read at once.
const AT_ONCE: i64 = 100;

/// Gives what waits for the budget alone, of each remedy the oldest first, as far as there is room. Returns how many. What
/// staff decide on by now, as this process's file says, waits for them. Where it is still to be found out since a restore
/// who has it, nobody is given it.
pub async fn go_on(portal: &Portal) -> storage::Result<usize> {
    let mut given = 0;
    portal.other_currencies.read(portal.db()?, &portal.incident).await?;
    let goes_on =
        |remedy: &&Remedy| !needs_approval(remedy) && !portal.other_currencies.has(remedy.id.as_str());
    for remedy in portal.incident.remedies.iter().filter(goes_on) {
        given += go_on_with(portal, remedy).await?;
    }
    Ok(given)
}

fn needs_approval(remedy: &Remedy) -> bool {
    remedy.approval.claims > 0
}

/// Whether claims wait for the budget of a remedy that needs approval by now.
pub async fn overtaken(portal: &Portal) -> storage::Result<bool> {
    for remedy in portal.incident.remedies.iter().filter(|remedy| needs_approval(remedy)) {
        if giving::waits_ahead(portal.db()?, portal.incident.id.as_str(), remedy).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Why a claim that waits for the budget is not given by itself, as this process's file is; none where it is.
pub fn held(portal: &Portal, waiting: &Waiting) -> Option<&'static str> {
    if waiting.waits() != Some(Waits::Budget) {
        return None;
    }
    match portal.incident.remedy(&waiting.remedy) {
        None => Some("Its remedy is not in the incident file any more: put it back, or decline the claim."),
        Some(remedy) if needs_approval(remedy) => Some("Its remedy needs approval by now: decide on it."),
        Some(remedy) if !payouts::carries(remedy, &waiting.delivery) => {
            Some("Its way is not the remedy's any more: its person can choose another, or put the way back.")
        }
        Some(_) => None,
    }
}

async fn go_on_with(portal: &Portal, remedy: &Remedy) -> storage::Result<usize> {
    let of = (portal.incident.id.as_str(), remedy.id.as_str());
    if claims::waits_since_restore(portal.db()?, of.0, of.1).await? {
        return Ok(0);
    }
    let (mut given, mut made_at, mut id) = (0, i64::MIN, String::new());
    loop {
        let page = store::for_budget(portal.db()?, of, (made_at, &id), AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(given) };
        (made_at, id) = (last.made_at, last.id.clone());
        for waiting in page {
            if portal.stopping.is_cancelled() {
                return Ok(given);
            }
            // Its line on `/staff/claims` says so; it keeps nobody behind it waiting.
            if !payouts::carries(remedy, &waiting.delivery) {
                continue;
            }
            match give_room(portal, &waiting).await {
                Ok(()) => given += 1,
                Err(DecideError::NoBudget) => return Ok(given),
                Err(DecideError::Store(error)) if error.is_outage() => return Err(error),
                // One that cannot be given keeps nobody behind it waiting.
                Err(error @ (DecideError::Store(_) | DecideError::Facts(_))) => {
                    tracing::warn!(%error, claim = waiting.id, "a claim that waits could not be given");
                }
                Err(error) => tracing::debug!(%error, claim = waiting.id, "a claim goes on waiting"),
            }
        }
    }
}

async fn give_room(portal: &Portal, waiting: &Waiting) -> Result<(), DecideError> {
    let number = ClaimNumber::parse(&waiting.number)
        .ok_or_else(|| storage::Error::Corrupt(format!("the number of claim {}", waiting.id)))?;
    transaction!(portal.db()?, |tx| -> Result<(), DecideError> {
        approve(tx, portal, &number, Because::Room).await
    })?;
    portal.outbox.notify_one();
    Ok(())
}
