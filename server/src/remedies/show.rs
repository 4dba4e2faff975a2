//! From what is stored to what pages show.

use app::models::{
    Check, Choose, ClaimLine, ClaimPage, Claimable, Claims, FieldError, Money, Offer, Step, Support,
};

use super::{
    claim::ClaimState,
    delivery,
    eligibility::Decision,
    store::{Event, StoredClaim, read_state},
    terms,
};
use crate::{
    accounts::Profile,
    ambient::{MINUTE, Millis},
    incident::{Given, Incident, Remedy},
    store as storage,
    web::wording,
};

/// A claim this young is greeted by the confirmation.
const JUST_MADE: Millis = 5 * MINUTE;

pub fn claimable(
    incident: &Incident,
    remedy: &Remedy,
    person: &Profile,
    decision: Decision,
    claim: Option<String>,
) -> Claimable {
    let deliveries = delivery::choices(remedy, person);
    Claimable {
        offer: Offer {
            id: remedy.id.to_string(),
            name: remedy.title.clone(),
            worth: Money::new(remedy.value.minor, remedy.value.currency.code()),
            summary: remedy.description.clone(),
            eligible: decision.is_entitled(),
            facts: decision.into_facts(),
            claim,
            unclaimed: unclaimed(incident, remedy),
        },
        terms: terms::of(remedy),
        chosen: deliveries.first().map(|first| first.value.clone()).unwrap_or_default(),
        deliveries,
    }
}

/// What happens to those who do not claim; empty where nothing does.
fn unclaimed(incident: &Incident, remedy: &Remedy) -> String {
    match remedy.given {
        Given::OnClaim => String::new(),
        Given::Automatically { from: None } => "If you do not claim it, you get it all the same.".to_owned(),
        Given::Automatically { from: Some(from) } => {
            let from = wording::moment_in(from.as_millisecond(), &incident.time_zone);
            format!("If you do not claim it, you get it all the same from {from} on.")
        }
    }
}

pub fn choose(slug: &str, remedies: Vec<Claimable>, errors: Vec<FieldError>, support: Support) -> Choose {
    Choose { slug: slug.to_owned(), remedies, errors, support }
}

pub fn check(slug: &str, remedies: Vec<Claimable>, version: String, errors: Vec<FieldError>) -> Check {
    Check { slug: slug.to_owned(), remedies, terms_version: version, errors }
}

pub fn line(claim: &StoredClaim) -> storage::Result<ClaimLine> {
    Ok(ClaimLine {
        number: claim.number.clone(),
        remedy_name: claim.remedy_title.clone(),
        worth: Money::new(claim.amount, &claim.currency),
        state: claim.state()?.label().to_owned(),
        made_at: wording::moment(claim.made_at),
    })
}

/// `/claims`; confirms when several were made a moment ago.
pub fn claims(stored: &[StoredClaim], now: Millis) -> storage::Result<Claims> {
    let just_made = stored.iter().filter(|claim| is_new(claim, now)).count() > 1;
    Ok(Claims { claims: stored.iter().map(line).collect::<storage::Result<_>>()?, just_made })
}

pub fn claim_page(
    claim: StoredClaim,
    events: Vec<Event>,
    support: Support,
    now: Millis,
) -> storage::Result<ClaimPage> {
    let mut steps = events.into_iter().map(step).collect::<storage::Result<Vec<_>>>()?;
    steps.extend(ahead(claim.state()?));
    Ok(ClaimPage {
        just_made: is_new(&claim, now),
        state: claim.state()?.label().to_owned(),
        terms: terms::from_text(&claim.remedy_title, &claim.terms),
        number: claim.number,
        remedy_id: claim.remedy,
        remedy_name: claim.remedy_title,
        worth: Money::new(claim.amount, claim.currency),
        delivery: claim.delivery_words,
        made_at: wording::moment(claim.made_at),
        steps,
        support,
    })
}

fn is_new(claim: &StoredClaim, now: Millis) -> bool {
    (0..JUST_MADE).contains(&(now - claim.made_at))
}

fn step(event: Event) -> storage::Result<Step> {
    let title = read_state(&event.step)?.step().to_owned();
    Ok(Step { title, at: Some(wording::moment(event.at)), note: event.note })
}

/// What has not happened yet, in its order.
fn ahead(state: ClaimState) -> Vec<Step> {
    let step = |title: &str, note: &str| Step { title: title.to_owned(), at: None, note: note.to_owned() };
    let payout = step("Payout", "Not started; we will write to you. The terms below say when it arrives.");
    match state {
        ClaimState::Submitted => vec![step(ClaimState::Granted.step(), ""), payout],
        ClaimState::Granted => vec![payout],
        ClaimState::Paying | ClaimState::Delayed | ClaimState::Returned => {
            vec![step(ClaimState::Paid.step(), "")]
        }
        ClaimState::Paid | ClaimState::Closed => vec![],
    }
}
