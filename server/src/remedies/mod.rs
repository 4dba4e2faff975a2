//! Remedies: who is entitled to what, claiming it, and following a claim.
//!
//! Asking, deciding, giving, posting to the [`ledger`] and telling are one transaction, so a claim is either made whole or not at all.

pub mod appeal_routes;
pub mod appeals;
#[cfg(test)]
mod as_read;
pub mod automatic;
pub mod changes;
mod claim;
pub mod claim_routes;
pub mod deciding;
mod delivery;
mod eligibility;
pub mod giving;
pub mod ledger;
#[cfg(test)]
mod measured;
mod note;
mod number;
pub mod on_behalf;
pub mod payouts;
pub mod postal;
pub mod questions;
mod reason;
pub mod routes;
mod sealed;
mod seen;
mod show;
mod standing;
pub mod store;
mod table;
pub mod terms;
#[cfg(test)]
pub(crate) mod tests;

use app::models::{ClaimLine, Claimable, Fact};
use tokio::sync::Semaphore;

pub use claim::ClaimState;
pub use eligibility::{Decision, Entitlement, Record, decide};
pub use note::Note;
pub use number::ClaimNumber;
pub use standing::{Holding, Standing};

use crate::{
    accounts::{Profile, Subscriber},
    ambient::{Millis, for_test},
    incident::{Incident, Incidents, Remedy, WayId},
    portal::Portal,
    store::{self as storage, Db, Retry},
    transaction,
};

/// One remedy that a person wants, and how it should come; the best way where they did not say.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    pub remedy: &'a Remedy,
    pub delivery: Option<&'a str>,
    /// What its person checked of how it comes, [`seen::digest`]; none where nothing was shown.
    pub seen: Option<&'a str>,
}

impl Wish<'_> {
    fn by_post(&self) -> bool {
        self.delivery == Some(WayId::Post.slug())
    }

    /// Whether it would come to `person` as they checked it.
    fn is_as_seen(&self, person: &Profile, draft: Option<&[u8]>) -> bool {
        let choices = delivery::choices(self.remedy, person);
        let how = delivery::chosen(&choices, self.delivery);
        how.is_some_and(|how| self.seen.is_none_or(|seen| seen == seen::digest(how, person, draft)))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    #[error(transparent)]
    Store(#[from] storage::Error),
    /// What was read is not what holds now; nothing was claimed.
    #[error("the terms changed meanwhile")]
    TermsChanged,
    /// Something is to go by post and nobody said where; nothing was claimed.
    #[error("no postal address")]
    NoAddress,
    /// It would come otherwise, or to another place, than was checked; nothing was claimed.
    #[error("how it comes changed meanwhile")]
    WayChanged,
    /// Nothing was claimed, of none of the wishes.
    #[error("not entitled")]
    NotEntitled,
    #[error("the facts of a grant cannot be written: {0}")]
    Facts(#[from] serde_json::Error),
}

impl Retry for ClaimError {
    /// After a unique index said no there is a grant to find, or another number to draw.
    fn retry(&self) -> bool {
        matches!(self, ClaimError::Store(error) if error.is_retryable() || error.is_unique_violation())
    }
}

/// Every remedy of the incident as `person` sees it at `now`.
pub async fn offers(
    db: &Db,
    incident: &Incident,
    person: &Profile,
    now: Millis,
) -> storage::Result<Vec<Claimable>> {
    let standing = store::standing(db, person).await?;
    let had = store::had(db, incident.id.as_str(), &person.id).await?;
    let mut appeals = appeals::newest(db, incident, person).await?;
    let offer = |remedy| {
        // The live one, else the newest.
        let of = || had.iter().rev().filter(|had| had.remedy == remedy_id(remedy));
        let had = of().find(|had| had.is_live()).or_else(|| of().next());
        let decision = decide(remedy, &standing, &incident.time_zone, now);
        let appeal = appeals.remove(remedy_id(remedy));
        show::claimable(incident, remedy, person, (decision, now), (had, appeal))
    };
    Ok(incident.remedies.iter().map(offer).collect())
}

/// The same for their own page and the staff's, without what nobody is given since its currency was changed.
pub async fn offered(portal: &Portal, person: &Profile) -> storage::Result<Vec<Claimable>> {
    let mut offers = offers(portal.db()?, &portal.incident, person, portal.ambient.now()).await?;
    let other = |one: &Claimable| portal.other_currencies.has(&one.offer.id);
    offers.retain(|one| one.offer.claim.is_some() || !other(one));
    Ok(offers)
}

fn remedy_id(remedy: &Remedy) -> &str {
    remedy.id.as_str()
}

/// Whether `person` has a remedy that they can still claim.
pub async fn can_claim(db: &Db, incident: &Incident, person: &Profile, now: Millis) -> storage::Result<bool> {
    Ok(offers(db, incident, person, now).await?.iter().any(|claimable| claimable.offer.claimable()))
}

/// Claims that are decided at once in one process; the others wait their turn. On PostgreSQL each may lose a race to any
/// other and begin again: with 32 at once a claim began again three times, and there were fewer claims a second than with
/// two (docs/performance.md).
static UNDER_WAY: Semaphore = Semaphore::const_new(4);

/// Claims every wish, or none; a remedy that is claimed already answers with the claim it has.
///
/// `terms` names the text that was read: [`terms::version`] of the wishes' remedies.
pub async fn claim(
    portal: &Portal,
    subscriber: &Subscriber,
    wishes: &[Wish<'_>],
    terms: &str,
) -> Result<Vec<ClaimNumber>, ClaimError> {
    portal.other_currencies.read(portal.db()?, &portal.incident).await?;
    let read = terms == terms::version(wishes.iter().map(|wish| wish.remedy));
    // It is never closed, so there is no error.
    let _place = UNDER_WAY.acquire().await;
    let numbers = transaction!(portal.db()?, |tx| -> Result<Vec<ClaimNumber>, ClaimError> {
        let person = store::person(&mut *tx, &subscriber.id).await?.ok_or(ClaimError::NotEntitled)?;
        let claimed = match forgets_to_look() {
            true => Vec::new(),
            false => store::claimed(&mut *tx, portal.incident.id.as_str(), &person.id).await?,
        };
        let standing = store::standing(&mut *tx, &person).await?;
        let address = match wishes.iter().any(Wish::by_post) {
            true => postal::sealed_draft(tx, portal, &person.id).await?,
            false => None,
        };
        let mut numbers = Vec::new();
        for wish in wishes {
            let known = claimed.iter().find(|(id, _)| id == remedy_id(wish.remedy));
            numbers.push(match known.and_then(|(_, number)| ClaimNumber::parse(number)) {
                Some(number) => number,
                None if !read => return Err(ClaimError::TermsChanged),
                None if !wish.is_as_seen(&person, address.as_deref()) => return Err(ClaimError::WayChanged),
                None => {
                    let details = giving::Details { address: address.as_deref(), behalf: None };
                    giving::make(tx, portal, &person, &standing, wish, &details).await?.number()
                }
            });
        }
        if address.is_some() {
            postal::forget_draft(tx, &person.id).await?;
        }
        Ok(numbers)
    })?;
    portal.outbox.notify_one();
    Ok(numbers)
}

/// A mutation: what happens where nobody looks whether a remedy is claimed already.
fn forgets_to_look() -> bool {
    for_test("MAKEGOOD_TEST_FORGETS_TO_LOOK").is_some()
}

/// What decides on a remedy for a person at this moment; nothing when the incident file does not list it.
pub async fn facts(portal: &Portal, person: &Profile, remedy: &str) -> storage::Result<Vec<Fact>> {
    let Some(remedy) = portal.incident.remedy(remedy) else { return Ok(Vec::new()) };
    let standing = store::standing(portal.db()?, person).await?;
    Ok(decide(remedy, &standing, &portal.incident.time_zone, portal.ambient.now()).into_facts())
}

/// Every claim of a subscriber, the newest first, for their own page and the staff's.
pub async fn claims_of(
    db: &Db,
    incidents: &Incidents,
    subscriber_id: &str,
) -> storage::Result<Vec<ClaimLine>> {
    let claims = store::claims(db, subscriber_id).await?;
    claims.iter().map(|claim| show::line(claim, incidents)).collect()
}

/// Whose claim this is, whatever its number's case and hyphens; none when there is none.
pub async fn subscriber_of_claim(db: &Db, number: &str) -> storage::Result<Option<String>> {
    match ClaimNumber::parse(number) {
        Some(number) => store::subscriber_of(db, &number).await,
        None => Ok(None),
    }
}
