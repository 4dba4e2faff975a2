//! From what is stored to what pages show.

use app::{
    models::{
        AppealLine, Changes, Choose, ClaimLine, ClaimPage, Claimable, Claims, FieldError, MadeFor, Money,
        Offer, Step, Term, Terms,
    },
    say,
    words::Language,
};
use jiff::tz::TimeZone;

use super::{
    Note,
    claim::ClaimState,
    delivery,
    eligibility::Decision,
    postal::PostalAddress,
    store::{AGAIN, ENDED, Event, Had, MADE_FOR, REDIRECTED, StoredClaim, WAITS, read_state},
    terms,
};
use crate::{
    accounts::Profile,
    ambient::{DAY, MINUTE, Millis},
    incident::{Given, Incident, Incidents, Remedy},
    store as storage,
    web::wording,
};

/// A claim this young is greeted by the confirmation.
const JUST_MADE: Millis = 5 * MINUTE;

pub fn claimable(
    incident: &Incident,
    remedy: &Remedy,
    person: &Profile,
    (decision, now): (Decision, Millis),
    (had, appeal): (Option<&Had>, Option<AppealLine>),
) -> Claimable {
    let deliveries = delivery::choices(remedy, person);
    let number_where = |wanted: bool| had.filter(|_| wanted).map(|had| had.number.clone());
    Claimable {
        offer: Offer {
            id: remedy.id.to_string(),
            name: remedy.title.clone(),
            worth: Money::new(remedy.value.minor, remedy.value.currency.code()),
            summary: remedy.description.clone(),
            eligible: decision.is_entitled(),
            dates: decision.dates(remedy, now),
            facts: decision.into_facts(),
            claim: number_where(had.is_some_and(Had::is_live)),
            declined: number_where(had.is_some_and(Had::is_refused)),
            unasked: had.is_some_and(|had| had.automatic_run.is_some()),
            on_appeal: had.is_some_and(|had| had.appeal.is_some()),
            appeal,
            unclaimed: if had.is_some() { again(remedy) } else { unclaimed(incident, remedy) },
        },
        terms: terms::of(remedy),
        chosen: String::new(),
        deliveries,
    }
}

/// What happens to those who do not claim; empty where nothing does.
fn unclaimed(incident: &Incident, remedy: &Remedy) -> String {
    match remedy.given {
        Given::OnClaim => String::new(),
        Given::Automatically { from: None } => {
            say!("If you do not claim it, you get it all the same.").to_owned()
        }
        Given::Automatically { from: Some(from) } => {
            let from = wording::moment_in(from.as_millisecond(), &incident.time_zone);
            say!("If you do not claim it, you get it all the same from {from} on.", from)
        }
    }
}

/// What happens to those who had a claim that is over, and do not make another. An automatic run leaves them out.
fn again(remedy: &Remedy) -> String {
    match remedy.given {
        Given::OnClaim => String::new(),
        Given::Automatically { .. } => {
            say!("You had a claim of this, and it is over. It does not come by itself any more: to get it, claim it again.")
                .to_owned()
        }
    }
}

pub fn choose(incident: &Incident, slug: &str, remedies: Vec<Claimable>, errors: Vec<FieldError>) -> Choose {
    Choose {
        slug: slug.to_owned(),
        remedies,
        errors,
        special: special(incident),
        support: wording::support(incident),
    }
}

/// What those do who cannot claim for themselves.
pub fn special(incident: &Incident) -> Vec<Term> {
    let special = &incident.special;
    [
        (say!("You are not of age"), &special.minors),
        (say!("The person has died"), &special.estates),
        (say!("Your account is closed"), &special.closed_accounts),
    ]
    .map(|(name, text)| Term { name: name.to_owned(), text: crate::incident::special_told(text).to_owned() })
    .into()
}

pub fn line(claim: &StoredClaim, incidents: &Incidents) -> storage::Result<ClaimLine> {
    Ok(ClaimLine {
        number: claim.number.clone(),
        remedy_name: incidents.remedy_title(&claim.remedy, &claim.remedy_title),
        worth: Money::new(claim.amount, &claim.currency),
        state: claim.label()?.to_owned(),
        made_at: wording::moment_in(claim.made_at, &incidents.time_zone),
        unasked: claim.automatic_run.is_some(),
        on_appeal: claim.appeal.is_some(),
    })
}

/// `/claims`; confirms when several were made a moment ago.
pub fn claims(stored: &[StoredClaim], incidents: &Incidents, now: Millis) -> storage::Result<Claims> {
    let mut new = 0;
    for claim in stored {
        new += usize::from(is_new(claim, claim.state()?, now));
    }
    let just_made = new > 1;
    let claims = stored.iter().map(|claim| line(claim, incidents)).collect::<storage::Result<_>>()?;
    Ok(Claims { claims, just_made })
}

/// A claim with all that its page tells of it.
pub struct Told {
    pub claim: StoredClaim,
    pub events: Vec<Event>,
    pub person: String,
    pub made_for: Option<MadeFor>,
    pub address: Option<PostalAddress>,
    pub changes: Changes,
    pub code: Option<String>,
    /// The newest for its remedy.
    pub appeal: Option<AppealLine>,
    /// Its person took it back, and today's records give no right to claim it again.
    pub gone: bool,
}

pub fn claim_page(told: Told, incidents: &Incidents, now: Millis) -> storage::Result<ClaimPage> {
    let (claim, zone) = (told.claim, &incidents.time_zone);
    let state = claim.state()?;
    // A no binds, and what was taken back may be gone: the way on is an appeal.
    let got_nothing = matches!(state, ClaimState::Declined | ClaimState::Closed) || told.gone;
    let mut steps =
        told.events.into_iter().map(|event| step(event, zone)).collect::<storage::Result<Vec<_>>>()?;
    steps.extend(ahead(state, arrives_by(&claim, incidents, now)));
    let remedy_name = incidents.remedy_title(&claim.remedy, &claim.remedy_title);
    let (terms, version) = terms_of(&claim, &remedy_name, incidents);
    Ok(ClaimPage {
        just_made: is_new(&claim, state, now),
        state: claim.label()?.to_owned(),
        terms,
        terms_version: version.chars().take(VERSION).collect(),
        number: claim.number,
        remedy_id: claim.remedy,
        remedy_name,
        person: told.person,
        made_for: told.made_for,
        worth: Money::new(claim.amount, claim.currency),
        delivery: delivery::told(&claim.delivery, &claim.delivery_words),
        address: told.address.map(|address| address.block()).unwrap_or_default(),
        made_at: wording::moment_in(claim.made_at, zone),
        steps,
        unasked: claim.automatic_run.is_some(),
        on_appeal: claim.appeal.is_some(),
        declined: got_nothing,
        appeal: told.appeal.filter(|_| got_nothing),
        code: told.code,
        changes: told.changes,
        support: wording::support(incidents),
    })
}

/// The terms as they were read, in the language in which they were read; with their version. What was given unasked
/// nobody read: its terms are told in the language spoken while they are those of the incident file.
fn terms_of(claim: &StoredClaim, name: &str, incidents: &Incidents) -> (Terms, String) {
    let english = incidents.told_in(Language::En).remedy(&claim.remedy);
    let version = english.map(|remedy| Language::En.within(|| remedy.terms.version()));
    match incidents.remedy(&claim.remedy) {
        Some(remedy) if claim.automatic_run.is_some() && version.as_ref() == Some(&claim.terms_version) => {
            (terms::of(remedy), remedy.terms.version())
        }
        _ => (terms::from_text(name, &claim.terms), claim.terms_version.clone()),
    }
}

/// As many digits of a version as people can compare.
const VERSION: usize = 12;

/// Made a moment ago by its person, and not over again.
fn is_new(claim: &StoredClaim, state: ClaimState, now: Millis) -> bool {
    let over = matches!(state, ClaimState::Withdrawn | ClaimState::Declined | ClaimState::Closed);
    let made = claim.automatic_run.is_none() && claim.appeal.is_none();
    made && !over && (0..JUST_MADE).contains(&(now - claim.made_at))
}

fn step(event: Event, zone: &TimeZone) -> storage::Result<Step> {
    let title = match event.step.as_str() {
        REDIRECTED => say!("Another way chosen").to_owned(),
        AGAIN => say!("Sent once more").to_owned(),
        WAITS => say!("It waits for something else now").to_owned(),
        ENDED => say!("Ended by our staff").to_owned(),
        MADE_FOR => say!("Claimed for you by our staff").to_owned(),
        step => read_state(step)?.step().to_owned(),
    };
    Ok(Step {
        title,
        at: Some(wording::moment_in(event.at, zone)),
        note: Note::from(event.note).told().to_owned(),
    })
}

/// The day until which a claim is promised to arrive, as it was when it was made; none where no time is promised, or it
/// has passed.
fn arrives_by(claim: &StoredClaim, incidents: &Incidents, now: Millis) -> Option<String> {
    let of_file = || incidents.remedy(&claim.remedy).and_then(|remedy| remedy.arrives_within_days);
    let days = claim.arrives_within_days.or_else(of_file).filter(|days| *days > 0)?;
    let by = claim.made_at + days * DAY;
    (now <= by).then(|| wording::day_in(by, &incidents.time_zone))
}

/// What has not happened yet, in its order.
fn ahead(state: ClaimState, by: Option<String>) -> Vec<Step> {
    let step = |title: &str, note: &str| Step { title: title.to_owned(), at: None, note: note.to_owned() };
    let when = match by {
        Some(by) => say!("Not started; we will write to you. It arrives by {by}.", by),
        None => say!("Not started; we will write to you. The terms below say when it arrives.").to_owned(),
    };
    let payout = step(say!("Payout"), &when);
    // Nobody knows when that is, so no day is named.
    let later =
        step(say!("Payout"), say!("It starts after the claim is granted; we will write to you then."));
    match state {
        ClaimState::Submitted => vec![step(ClaimState::Granted.step(), ""), later],
        ClaimState::Granted => vec![payout],
        ClaimState::Paying | ClaimState::Delayed | ClaimState::Returned => {
            vec![step(ClaimState::Paid.step(), "")]
        }
        ClaimState::Paid | ClaimState::Closed | ClaimState::Withdrawn | ClaimState::Declined => vec![],
    }
}
