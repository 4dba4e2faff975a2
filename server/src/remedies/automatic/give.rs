//! Giving to many at once: of each person all rows go in, or none.

use std::collections::HashSet;

use app::{say, words::Language};

use super::{
    Run,
    people::Person,
    rows::{
        CLAIMS, CLAIMS_FOR_NOTHING, CLAIMS_MADE, EVENTS, GIFTS, GRANTS, GRANTS_MADE, Gift, LINES, ORDERS,
        POSTINGS, UNSEALED,
    },
};
use crate::{
    ambient::{MINUTE, Millis},
    incident::{Remedy, WayId},
    messages::{self, Told, templates},
    portal::Portal,
    remedies::{Entitlement, Note, claim::Submitted, delivery, payouts},
    store::{Result, Tx},
};

/// What went in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made {
    pub grants: i64,
    pub rows: i64,
}

/// What is in the way of a whole batch; nothing of it was given.
#[derive(Debug, thiserror::Error)]
pub enum GiveError {
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    #[error("the budget is used up")]
    Budget,
    #[error("the facts of a grant cannot be written: {0}")]
    Facts(#[from] serde_json::Error),
}

/// Somebody who is to have it.
pub struct Entitled<'a> {
    pub person: &'a Person,
    pub entitlement: Entitlement,
}

/// Gives the run's remedy to all of them but those who got or claimed it in this moment.
pub async fn give(
    tx: &mut Tx,
    portal: &Portal,
    remedy: &Remedy,
    run: &Run,
    entitled: Vec<Entitled<'_>>,
    now: Millis,
) -> std::result::Result<Made, GiveError> {
    let gifts = entitled.iter().map(|one| gift(portal, remedy, run, one));
    let mut gifts = gifts.collect::<std::result::Result<Vec<_>, _>>()?;
    claim(tx, &mut gifts).await?;
    let Some(first) = gifts.first() else { return Ok(Made::default()) };
    let first = first.granted.claim.subscriber_id.clone();
    let count = gifts.len() as i64;
    if !payouts::budget::take(tx, &run.incident, remedy, &first, count, now).await? {
        return Err(GiveError::Budget);
    }
    grant(tx, &mut gifts).await?;
    let raced = count - gifts.len() as i64;
    if raced > 0 && remedy.budget.is_some() {
        payouts::budget::give_back(tx, &run.incident, &run.remedy, &first, raced * run.amount).await?;
    }
    let rows = carry_out(tx, &gifts).await?;
    let told = tell(tx, portal, run, &entitled, &gifts).await?;
    Ok(Made { grants: gifts.len() as i64, rows: gifts.len() as i64 * 2 + (rows + told) as i64 })
}

fn gift(
    portal: &Portal,
    remedy: &Remedy,
    run: &Run,
    one: &Entitled<'_>,
) -> std::result::Result<Gift, serde_json::Error> {
    let (ambient, person) = (&portal.ambient, &one.person.profile);
    // Nobody said where something goes by post: they may choose that later, where it is a way of the remedy.
    let mut choices = delivery::choices(remedy, person);
    choices.retain(|choice| choice.value != WayId::Post.slug());
    let here = delivery::here();
    let how = choices.first().unwrap_or(&here);
    let granted =
        Submitted::new(ambient, &portal.incident, remedy, person, how).grant(ambient, &one.entitlement)?;
    let way = payouts::carrier(&granted.claim);
    Ok(Gift {
        run_id: run.id.clone(),
        posting_id: ambient.id(),
        order_id: ambient.id(),
        way: way.id.slug(),
        provider: way.provider.slug(),
        due_at: granted.at + way.change_for * MINUTE,
        note: unasked(&granted.because),
        granted,
    })
}

fn unasked(because: &Note) -> Note {
    let told = |language: Language| {
        let facts = because.told_in(language);
        language.within(|| say!("You did not have to ask. {facts}", facts))
    };
    Note { english: told(Language::En), spanish: told(Language::Es) }
}

/// Writes the claims, and leaves those gifts whose claim went in.
async fn claim(tx: &mut Tx, gifts: &mut Vec<Gift>) -> Result<()> {
    let given = GIFTS.give(tx, gifts).await?;
    if CLAIMS.execute(tx, &given).await? < gifts.len() as u64 {
        let made: Vec<(String,)> = CLAIMS_MADE.all(tx, &given).await?;
        leave(gifts, made);
    }
    Ok(())
}

/// Writes the grants, leaves those gifts whose grant went in, and takes the claims of the others back.
async fn grant(tx: &mut Tx, gifts: &mut Vec<Gift>) -> Result<()> {
    let given = GIFTS.give(tx, gifts).await?;
    if GRANTS.execute(tx, &given).await? < gifts.len() as u64 {
        let made: Vec<(String,)> = GRANTS_MADE.all(tx, &given).await?;
        CLAIMS_FOR_NOTHING.execute(tx, &given).await?;
        leave(gifts, made);
    }
    Ok(())
}

fn leave(gifts: &mut Vec<Gift>, made: Vec<(String,)>) {
    let made: HashSet<String> = made.into_iter().map(|(claim,)| claim).collect();
    gifts.retain(|gift| made.contains(&gift.granted.claim.id));
}

/// What follows from the grants: history, ledger and orders. How many rows.
async fn carry_out(tx: &mut Tx, gifts: &[Gift]) -> Result<u64> {
    let given = GIFTS.give(tx, gifts).await?;
    let mut rows = 0;
    for statement in [&EVENTS, &POSTINGS, &LINES, &UNSEALED, &ORDERS] {
        rows += statement.execute(tx, &given).await?;
    }
    Ok(rows)
}

/// One message to each, in their language; how many.
async fn tell(
    tx: &mut Tx,
    portal: &Portal,
    run: &Run,
    entitled: &[Entitled<'_>],
    gifts: &[Gift],
) -> Result<u64> {
    let worth = app::models::Money::new(run.amount, &run.currency).to_string();
    let mut people = entitled.iter();
    let told = gifts.iter().filter_map(|gift| {
        let claim = &gift.granted.claim;
        // The gifts are in the order of the people.
        let profile = &people.find(|one| one.person.profile.id == claim.subscriber_id)?.person.profile;
        let worth = &worth;
        Some(Told::new(&profile.id, move |voice| {
            templates::granted_automatically(voice, claim.number.as_str(), worth)
        }))
    });
    let told: Vec<Told<'_>> = told.collect();
    messages::tell_many(tx, portal, &told).await
}
