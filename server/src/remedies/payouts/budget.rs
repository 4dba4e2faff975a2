//! A remedy's budget as a limit that is taken from before a grant is made.
//!
//! One row for each remedy would make every claim wait for every other, so what is left lies in [`PARTS`] parts. A claim
//! takes from the part that its person's id points at; where that is empty it takes from another, and where none alone
//! is enough they are put together first.

use sha2::{Digest, Sha256};

use super::other_currencies;
use crate::{
    ambient::Millis,
    incident::{Incident, Remedy},
    store::{Db, Result, Tx, sql},
    transaction,
};

const PARTS: i64 = 32;

/// Takes the worth of `count` grants of `remedy`. False: there is not enough left, and nothing was taken.
///
/// In a rolling deploy others may know a budget that this process does not: it is held to none, and what it gives is taken
/// from theirs all the same.
pub async fn take(
    tx: &mut Tx,
    incident: &str,
    remedy: &Remedy,
    subscriber_id: &str,
    count: i64,
    now: Millis,
) -> Result<bool> {
    let (id, amount) = (remedy.id.as_str(), remedy.value.minor * count);
    let part = part_of(subscriber_id);
    if take_from(tx, incident, id, part, amount).await? {
        return Ok(true);
    }
    match remedy.budget {
        Some(budget) if stored(tx, incident, id).await?.is_none() => {
            fit_one(tx, incident, remedy, budget, now).await?;
        }
        None if fullest(tx, incident, id).await?.is_none() => return Ok(true),
        _ => {}
    }
    lock(tx, incident, id).await?;
    match fullest(tx, incident, id).await? {
        Some(Fullest { part, amount: most, in_all: left }) if most >= amount && left >= amount => {
            take_from(tx, incident, id, part, amount).await
        }
        Some(Fullest { in_all: left, .. }) if left >= amount || remedy.budget.is_none() => {
            gather(tx, incident, id, left - amount).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Gives back what a grant held.
pub async fn give_back(
    tx: &mut Tx,
    incident: &str,
    remedy: &str,
    subscriber_id: &str,
    amount: i64,
) -> Result<()> {
    // Where more is promised than the budget has, that is made up for first.
    let owed = sql("UPDATE budget_parts SET amount = amount + $3
         WHERE incident = $1 AND remedy = $2 AND part = 0 AND amount < 0")
    .bind(incident)
    .bind(remedy)
    .bind(amount)
    .execute(&mut *tx)
    .await?;
    if owed > 0 {
        return Ok(());
    }
    sql("UPDATE budget_parts SET amount = amount + $4 WHERE incident = $1 AND remedy = $2 AND part = $3")
        .bind(incident)
        .bind(remedy)
        .bind(part_of(subscriber_id))
        .bind(amount)
        .execute(tx)
        .await?;
    Ok(())
}

/// What is left of a remedy's budget; none where it has no limit.
pub async fn left(tx: &mut Tx, incident: &str, remedy: &Remedy) -> Result<Option<i64>> {
    match remedy.budget {
        Some(budget) => Ok(Some(budget - promised(tx, incident, remedy.id.as_str()).await?)),
        None => Ok(None),
    }
}

/// Brings the budgets in line with the incident file: what was promised stays promised. That of a remedy whose currency was
/// changed stays as it is.
pub async fn fit(db: &Db, incident: &Incident, now: Millis) -> Result<()> {
    let other = other_currencies(db, incident).await?;
    let as_before = |remedy: &&Remedy| other.iter().all(|other| other.remedy != remedy.id.as_str());
    transaction!(db, bulk |tx| -> Result<()> {
        for remedy in incident.remedies.iter().filter(as_before) {
            let id = incident.id.as_str();
            match remedy.budget {
                Some(budget) => fit_one(tx, id, remedy, budget, now).await?,
                None => forget(tx, id, remedy.id.as_str()).await?,
            }
        }
        Ok(())
    })
}

async fn fit_one(tx: &mut Tx, incident: &str, remedy: &Remedy, budget: i64, now: Millis) -> Result<()> {
    let id = remedy.id.as_str();
    if stored(tx, incident, id).await? == Some(budget) && fits(tx, incident, id, budget).await? {
        return Ok(());
    }
    sql("INSERT INTO budgets (incident, remedy, currency, amount, changed_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (incident, remedy) DO UPDATE SET amount = excluded.amount, changed_at = excluded.changed_at")
    .bind(incident)
    .bind(id)
    .bind(remedy.value.currency.code())
    .bind(budget)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    lock(tx, incident, id).await?;
    let left = budget - promised(tx, incident, id).await?;
    spread(tx, incident, id, left, remedy.value.minor).await
}

/// Whoever takes from the parts or gives back is over, and nobody begins before this transaction ends: what is read next
/// stays so, at READ COMMITTED too.
async fn lock(tx: &mut Tx, incident: &str, remedy: &str) -> Result<()> {
    sql("UPDATE budget_parts SET amount = amount WHERE incident = $1 AND remedy = $2")
        .bind(incident)
        .bind(remedy)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whole grants to each part, and what is over to the first.
async fn spread(tx: &mut Tx, incident: &str, remedy: &str, left: i64, worth: i64) -> Result<()> {
    let each = (left / PARTS / worth).max(0) * worth;
    for part in 0..PARTS {
        let amount = if part == 0 { left - each * (PARTS - 1) } else { each };
        sql("INSERT INTO budget_parts (incident, remedy, part, amount) VALUES ($1, $2, $3, $4)
             ON CONFLICT (incident, remedy, part) DO UPDATE SET amount = excluded.amount")
        .bind(incident)
        .bind(remedy)
        .bind(part)
        .bind(amount)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn forget(tx: &mut Tx, incident: &str, remedy: &str) -> Result<()> {
    for statement in [
        "DELETE FROM budget_parts WHERE incident = $1 AND remedy = $2",
        "DELETE FROM budgets WHERE incident = $1 AND remedy = $2",
    ] {
        sql(statement).bind(incident).bind(remedy).execute(&mut *tx).await?;
    }
    Ok(())
}

async fn stored(tx: &mut Tx, incident: &str, remedy: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = sql("SELECT amount FROM budgets WHERE incident = $1 AND remedy = $2")
        .bind(incident)
        .bind(remedy)
        .optional(tx)
        .await?;
    Ok(row.map(|(amount,)| amount))
}

/// Whether what lies in the parts is what the ledger says is left: one statement, so that it sees one moment. It is not
/// where a process that knew of no budget granted while this one was introduced.
async fn fits(tx: &mut Tx, incident: &str, remedy: &str, budget: i64) -> Result<bool> {
    let (difference,): (i64,) = sql("SELECT CAST(
             (SELECT COALESCE(SUM(q.amount), 0) FROM budget_parts q WHERE q.incident = $1 AND q.remedy = $2)
             - (SELECT COALESCE(SUM(l.amount), 0) FROM posting_lines l JOIN postings p ON p.id = l.posting_id
                WHERE p.incident = $1 AND p.remedy = $2 AND l.account = 'budget') AS BIGINT)")
    .bind(incident)
    .bind(remedy)
    .one(tx)
    .await?;
    Ok(difference == budget)
}

/// What the ledger says is out of the budget.
async fn promised(tx: &mut Tx, incident: &str, remedy: &str) -> Result<i64> {
    let (amount,): (i64,) = sql("SELECT CAST(COALESCE(-SUM(l.amount), 0) AS BIGINT) FROM posting_lines l
         JOIN postings p ON p.id = l.posting_id WHERE p.incident = $1 AND p.remedy = $2 AND l.account = 'budget'")
    .bind(incident)
    .bind(remedy)
    .one(tx)
    .await?;
    Ok(amount)
}

async fn take_from(tx: &mut Tx, incident: &str, remedy: &str, part: i64, amount: i64) -> Result<bool> {
    let taken = sql("UPDATE budget_parts SET amount = amount - $4
         WHERE incident = $1 AND remedy = $2 AND part = $3 AND amount >= $4")
    .bind(incident)
    .bind(remedy)
    .bind(part)
    .bind(amount)
    .execute(tx)
    .await?;
    Ok(taken == 1)
}

/// The part with the most, and what is left in all of them.
#[derive(sqlx::FromRow)]
struct Fullest {
    part: i64,
    amount: i64,
    in_all: i64,
}

async fn fullest(tx: &mut Tx, incident: &str, remedy: &str) -> Result<Option<Fullest>> {
    sql("SELECT part, amount, CAST((SELECT SUM(q.amount) FROM budget_parts q WHERE q.incident = $1 AND q.remedy = $2)
         AS BIGINT) AS in_all FROM budget_parts WHERE incident = $1 AND remedy = $2 ORDER BY amount DESC, part LIMIT 1")
    .bind(incident)
    .bind(remedy)
    .optional(tx)
    .await
}

/// Puts all parts together in the first, which then has `left`: below zero only where more is promised than there is, and
/// then no other part has anything.
async fn gather(tx: &mut Tx, incident: &str, remedy: &str, left: i64) -> Result<()> {
    sql("UPDATE budget_parts SET amount = CASE WHEN part = 0 THEN CAST($3 AS BIGINT) ELSE 0 END
         WHERE incident = $1 AND remedy = $2")
    .bind(incident)
    .bind(remedy)
    .bind(left)
    .execute(tx)
    .await?;
    Ok(())
}

fn part_of(subscriber_id: &str) -> i64 {
    i64::from(Sha256::digest(subscriber_id)[0]) % PARTS
}
