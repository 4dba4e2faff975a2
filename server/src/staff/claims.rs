//! Claims that wait for a decision, as a member of staff reads and decides them.

use app::models::{Fact, FieldError, Money, Pager, StaffClaim, StaffClaims, WaitingClaim, WaitsFor};

use super::{
    Cases, Decides, Duty, Staff,
    audit::{self, Act},
    reveal,
};
use crate::{
    accounts::Profile,
    portal::Portal,
    remedies::{
        self, ClaimNumber, Note,
        deciding::{self, Because, DecideError, Waiting},
        on_behalf, postal,
    },
    store as storage, transaction,
    web::{self, wording},
};

/// Claims on one page.
const SHOWN: i64 = 50;

/// What a form on the page came back with.
#[derive(Debug, Default)]
pub struct Typed {
    pub rule: String,
    pub reason: String,
    pub errors: Vec<FieldError>,
}

/// `/staff/claims`, the oldest first; that it was looked at is recorded first.
pub async fn queue(
    portal: &Portal,
    member: &Staff<Cases>,
    waits_for: WaitsFor,
    page: i64,
) -> web::Result<StaffClaims> {
    let act = Act {
        member_id: member.id(),
        member_email: member.email(),
        action: "listed claims",
        ..Act::default()
    };
    transaction!(portal.db()?, |tx| -> storage::Result<()> {
        audit::record(tx, &portal.ambient, act).await
    })?;
    let (db, before) = (portal.db()?, (page - 1) * SHOWN);
    let claims = deciding::queue(db, waits_for, SHOWN, before).await?;
    let (decisions, budget) = deciding::waits(db).await?;
    let (total, others, filter) = match waits_for {
        WaitsFor::Decision => (decisions, budget, ""),
        WaitsFor::Budget => (budget, decisions, "for=budget&"),
    };
    let link = |page: i64| format!("/staff/claims?{filter}page={page}");
    let last = before + i64::try_from(claims.len()).unwrap_or_default();
    Ok(StaffClaims {
        waits_for,
        others,
        overtaken: deciding::overtaken(portal).await?,
        pager: Pager {
            first: if claims.is_empty() { 0 } else { before + 1 },
            last,
            total,
            previous: (page > 1).then(|| link(page - 1)),
            next: (last < total && last > before).then(|| link(page + 1)),
        },
        claims: claims.iter().map(|waiting| line(portal, waiting)).collect(),
    })
}

/// What it waits for, and what keeps it where it would be given by itself.
fn words(portal: &Portal, waiting: &Waiting) -> String {
    match deciding::held(portal, waiting) {
        Some(held) => format!("{} {held}", waiting.words()),
        None => waiting.words().to_owned(),
    }
}

fn line(portal: &Portal, waiting: &Waiting) -> WaitingClaim {
    WaitingClaim {
        number: waiting.number.clone(),
        remedy_name: waiting.remedy_title.clone(),
        worth: Money::new(waiting.amount, &waiting.currency),
        name: waiting.name.clone().unwrap_or_default(),
        account: waiting.account.clone().unwrap_or_default(),
        delivery: waiting.delivery_words.clone(),
        made_at: wording::moment_in(waiting.made_at, &portal.incident.time_zone),
        waits_for: words(portal, waiting),
    }
}

/// The waiting claim of a number; 404 where there is none.
pub async fn find(portal: &Portal, number: &str) -> web::Result<Waiting> {
    let number = ClaimNumber::parse(number).ok_or(web::Error::NotFound)?;
    deciding::waiting(portal.db()?, &number).await?.ok_or(web::Error::NotFound)
}

/// `/staff/claims/NUMBER`; the look is recorded first.
pub async fn page(
    portal: &Portal,
    member: &Staff<Cases>,
    waiting: &Waiting,
    typed: Typed,
) -> web::Result<StaffClaim> {
    let db = portal.db()?;
    let profile = Profile::load(db, &waiting.subscriber_id).await?;
    let mut facts_now = Vec::new();
    if let Some(profile) = &profile {
        reveal::look(portal, member, profile, &format!("claim {}", waiting.number)).await?;
        facts_now = remedies::facts(portal, profile, &waiting.remedy).await?;
    }
    let then = deciding::sentences(waiting).map_err(|error| web::Error::Internal(error.to_string()))?;
    let decides = member.role().is_some_and(|role| Decides::ROLES.contains(&role));
    Ok(StaffClaim {
        claim: line(portal, waiting),
        facts_then: then.into_iter().map(|text| Fact { text, holds: true }).collect(),
        facts_now,
        rules: deciding::rules(portal, &waiting.remedy).into_iter().map(|rule| rule.english).collect(),
        second_look: waiting.for_second_look(),
        rule: typed.rule,
        reason: typed.reason,
        made_for: on_behalf::made_for(portal, &waiting.subscriber_id, &waiting.id).await?,
        goes_to: if decides { goes_to(portal, waiting).await? } else { Vec::new() },
        own: is_own(member.email(), waiting),
        maker: made(member.id(), waiting),
        decides,
        errors: typed.errors,
    })
}

/// Where it goes that the account does not know: whoever decides has to see it, and nobody else does.
async fn goes_to(portal: &Portal, waiting: &Waiting) -> web::Result<Vec<String>> {
    if let Some(address) = postal::of_claim(portal.db()?, &portal.keyring, &waiting.id).await? {
        return Ok(address.block());
    }
    Ok(on_behalf::email_of(portal, &waiting.id).await?.into_iter().collect())
}

/// The rule that a form chose by its place.
pub fn rule(portal: &Portal, waiting: &Waiting, place: &str) -> Option<Note> {
    let place: usize = place.parse().ok()?;
    deciding::rules(portal, &waiting.remedy).into_iter().nth(place.checked_sub(1)?)
}

/// Nobody decides on what they claimed themselves.
fn is_own(email: &str, waiting: &Waiting) -> bool {
    waiting.email.as_deref().is_some_and(|theirs| !theirs.is_empty() && theirs.eq_ignore_ascii_case(email))
}

/// Nor on what they claimed for somebody.
fn made(member_id: &str, waiting: &Waiting) -> bool {
    waiting.made_by.as_deref() == Some(member_id)
}

pub async fn approve(portal: &Portal, member: &Staff<Decides>, waiting: &Waiting) -> Result<(), DecideError> {
    let number = may_decide(member, waiting)?;
    transaction!(portal.db()?, |tx| -> Result<(), DecideError> {
        deciding::approve(tx, portal, &number, Because::Approved).await?;
        audit::record(tx, &portal.ambient, act(member, waiting, "approved a claim", "")).await?;
        Ok(())
    })?;
    portal.outbox.notify_one();
    Ok(())
}

pub async fn decline(
    portal: &Portal,
    member: &Staff<Decides>,
    waiting: &Waiting,
    rule: &Note,
    why: &str,
) -> Result<(), DecideError> {
    let number = may_decide(member, waiting)?;
    transaction!(portal.db()?, |tx| -> Result<(), DecideError> {
        deciding::decline(tx, portal, &number, rule, why).await?;
        audit::record(tx, &portal.ambient, act(member, waiting, "declined a claim", why)).await?;
        Ok(())
    })?;
    portal.outbox.notify_one();
    Ok(())
}

/// Ends what another member claimed for somebody.
pub async fn end(
    portal: &Portal,
    member: &Staff<Decides>,
    waiting: &Waiting,
    why: &str,
) -> Result<(), DecideError> {
    let number = may_decide(member, waiting)?;
    transaction!(portal.db()?, |tx| -> Result<(), DecideError> {
        deciding::end(tx, portal, &number, why).await?;
        audit::record(tx, &portal.ambient, act(member, waiting, "ended a claim", why)).await?;
        Ok(())
    })?;
    portal.outbox.notify_one();
    Ok(())
}

fn may_decide(member: &Staff<Decides>, waiting: &Waiting) -> Result<ClaimNumber, DecideError> {
    if is_own(member.email(), waiting) {
        return Err(DecideError::Own);
    }
    if made(member.id(), waiting) {
        return Err(DecideError::Maker);
    }
    ClaimNumber::parse(&waiting.number).ok_or(DecideError::NotWaiting)
}

fn act<'a>(member: &'a Staff<Decides>, waiting: &'a Waiting, action: &'a str, reason: &'a str) -> Act<'a> {
    Act {
        member_id: member.id(),
        member_email: member.email(),
        subscriber: waiting.account.as_deref().map(|account| (waiting.subscriber_id.as_str(), account)),
        action,
        reason,
        detail: &waiting.number,
    }
}
