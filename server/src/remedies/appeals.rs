//! Appeals against a no: who may make one, what our records say beside it, and granting what was refused.
//!
//! An appeal travels on the rails of [`crate::recovery::reports`]; here is what is its own.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use app::{
    models::{AppealLine, Dates, Fact, Records},
    say,
    words::Language,
};

use super::{
    ClaimError, ClaimNumber, Note,
    claim::Submitted,
    decide, delivery,
    eligibility::{Entitlement, OnAppeal},
    giving, store,
};
use crate::{
    accounts::Profile,
    incident::{Incident, Remedy, WayId},
    messages::{self, templates},
    portal::Portal,
    recovery::reports::{self, Case, CaseNumber, Who},
    store::{self as storage, Db, Retry, Tx},
};

/// Whether a person may appeal for a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum May {
    /// The rules refuse it, or the claim of this number was declined or closed.
    Yes(Option<String>),
    /// They can claim it, now or once it opens.
    Claim,
    /// They have it, by the claim of this number.
    Claimed(String),
}

/// Whether `person` may appeal for `remedy` now.
pub async fn may(portal: &Portal, person: &Profile, remedy: &Remedy) -> storage::Result<May> {
    let (db, incident) = (portal.db()?, portal.incident.id.as_str());
    let claimed = store::claimed(db, incident, &person.id).await?;
    if let Some((_, number)) = claimed.into_iter().find(|(id, _)| id == remedy.id.as_str()) {
        return Ok(May::Claimed(number));
    }
    if let Some(no) = store::declined(db, incident, &person.id, remedy.id.as_str()).await? {
        return Ok(May::Yes(Some(no.number)));
    }
    let standing = store::standing(db, person).await?;
    let now = portal.ambient.now();
    let decision = decide(remedy, &standing, &portal.incident.time_zone, now);
    // What waits for its opening is given to nobody earlier, by no appeal either.
    let theirs = decision.is_entitled() || decision.dates(remedy, now) == Dates::NotYet;
    Ok(if theirs { May::Claim } else { May::Yes(None) })
}

/// The person's newest appeal for each remedy, by the remedy's id.
pub async fn newest(
    db: &Db,
    incident: &Incident,
    person: &Profile,
) -> storage::Result<HashMap<String, AppealLine>> {
    let cases = reports::store::appeals(db, incident.id.as_str(), &person.id).await?;
    // The newest comes last, and stays.
    Ok(cases.into_iter().rev().map(|case| (case.subject.clone(), line(&case))).collect())
}

fn line(case: &Case) -> AppealLine {
    AppealLine {
        number: case.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        state: reports::state_words(case),
        open: case.state.is_open(),
    }
}

/// What our records say of a person and a remedy: what they know of them at all, and each rule with its facts.
pub async fn records(portal: &Portal, person: &Profile, remedy: &str) -> storage::Result<Records> {
    let (db, incident) = (portal.db()?, &portal.incident);
    let standing = store::standing(db, person).await?;
    let known = match standing.affected() {
        true => say!("They know you as somebody whom the outage touched."),
        false => {
            say!(
                "They know no inventory, no verdict and no recovered file of yours: by them, nothing of yours was lost."
            )
        }
    };
    let mut says = vec![known.to_owned()];
    let Some(remedy) = incident.remedy(remedy) else { return Ok(Records { says, facts: Vec::new() }) };
    says.extend(declined(db, incident, person, remedy).await?);
    let facts = decide(remedy, &standing, &incident.time_zone, portal.ambient.now()).into_facts();
    Ok(Records { says, facts })
}

/// That a claim was declined or closed, and why.
async fn declined(
    db: &Db,
    incident: &Incident,
    person: &Profile,
    remedy: &Remedy,
) -> storage::Result<Option<String>> {
    let found = store::declined(db, incident.id.as_str(), &person.id, remedy.id.as_str()).await?;
    Ok(found.map(|store::No { number, closed, why }| {
        let said = if closed {
            say!("Your claim {number} was closed without payout. {note}", number, note = why.told())
        } else {
            say!("Your claim {number} was declined. {note}", number, note = why.told())
        };
        said.trim().to_owned()
    }))
}

/// Why nothing was granted.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The person has it by the claim of this number.
    #[error("it is claimed already, as {0}")]
    Claimed(String),
    #[error("there is not enough left in the remedy's budget")]
    NoBudget,
    #[error("the remedy is not in the incident file any more")]
    NoRemedy,
}

impl From<storage::Error> for GrantError {
    fn from(error: storage::Error) -> Self {
        GrantError::Claim(error.into())
    }
}

impl Retry for GrantError {
    fn retry(&self) -> bool {
        matches!(self, GrantError::Claim(error) if error.retry())
    }
}

/// Gives `remedy` on an appeal, as `who` decided: a claim and its grant, the promise in the ledger and the payout's
/// order, in the transaction that answers the appeal.
pub async fn grant(
    tx: &mut Tx,
    portal: &Portal,
    person: &Profile,
    (appeal, remedy): (&CaseNumber, &str),
    who: Who<'_>,
    reason: &str,
) -> Result<ClaimNumber, GrantError> {
    let (ambient, incident) = (&portal.ambient, &portal.incident);
    // Its terms are kept in the language of whom it is for.
    let language = messages::language_of(tx, Some(&person.id)).await?;
    let remedy = incident.told_in(language).remedy(remedy).ok_or(GrantError::NoRemedy)?;
    let claimed = store::claimed(&mut *tx, incident.id.as_str(), &person.id).await?;
    if let Some((_, number)) = claimed.into_iter().find(|(id, _)| id == remedy.id.as_str()) {
        return Err(GrantError::Claimed(number));
    }
    let standing = store::standing(&mut *tx, person).await?;
    let refused = || decide(remedy, &standing, &incident.time_zone, ambient.now()).into_facts();
    let entitlement = entitled(appeal, who, reason, refused, &standing, ambient.now());
    let submitted = Submitted {
        appeal: Some(appeal.to_string()),
        ..Submitted::new(ambient, incident, remedy, person, &way(remedy, person))
    };
    if !giving::room(tx, portal, &submitted, remedy).await? {
        return Err(GrantError::NoBudget);
    }
    language.during(store::submit(tx, &submitted, &Note::default())).await?;
    let granted = giving::give(tx, portal, submitted, &entitlement).await.map_err(ClaimError::from)?;
    let (number, worth) = (granted.claim.number, granted.claim.remedy.value.to_string());
    // Staff acted, and not the person: it can wait for the morning.
    messages::tell(tx, portal, &person.id, |voice| templates::claim_approved(voice, number.as_str(), &worth))
        .await?;
    Ok(number)
}

fn entitled(
    appeal: &CaseNumber,
    who: Who<'_>,
    reason: &str,
    refused: impl Fn() -> Vec<Fact>,
    standing: &super::Standing,
    now: i64,
) -> Entitlement {
    let appeal = OnAppeal {
        number: appeal.to_string(),
        member_id: who.id.to_owned(),
        member_email: who.email.to_owned(),
        reason: reason.to_owned(),
        overruled: Language::En
            .within(&refused)
            .into_iter()
            .filter(|fact| !fact.holds)
            .map(|fact| fact.text)
            .collect(),
    };
    Entitlement::on_appeal(refused, standing, appeal, now)
}

/// The first way that needs no further answer of the person; they can change it until the payout starts.
fn way(remedy: &Remedy, person: &Profile) -> app::models::Delivery {
    let choices = delivery::choices(remedy, person);
    let ready = choices.into_iter().find(|choice| choice.value != WayId::Post.slug());
    ready.unwrap_or_else(delivery::here)
}
