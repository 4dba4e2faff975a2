//! Everybody in order, a page at a time, with what decides on a remedy.

use std::collections::HashMap;

use super::Reason;
use crate::incident::Remedy;
use crate::{
    accounts::Profile,
    ambient::Millis,
    incident::Incident,
    remedies::{
        Decision, Entitlement, Standing, decide,
        store::{HoldingRow, holding},
    },
    sql_keeping_rows,
    store::{On, Result, Tx, sql},
};

/// Somebody, and what is known of them.
#[derive(Clone, Debug)]
pub struct Person {
    pub profile: Profile,
    pub(super) standing: Standing,
    /// The state of their last claim of the remedy.
    claim: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    profile: Profile,
    created_at: Millis,
}

#[derive(sqlx::FromRow)]
struct HoldingOf {
    subscriber_id: String,
    #[sqlx(flatten)]
    row: HoldingRow,
}

impl Person {
    /// Whether they get it, or why not.
    pub fn decide(
        &self,
        incident: &Incident,
        remedy: &Remedy,
        now: Millis,
    ) -> std::result::Result<Entitlement, Reason> {
        if let Some(state) = &self.claim {
            return Err(Reason::of_claim(state));
        }
        match decide(remedy, &self.standing, &incident.time_zone, now) {
            Decision::Entitled(entitlement) => Ok(entitlement),
            Decision::Refused(facts) => Err(Reason::of_facts(remedy, &facts)),
        }
    }
}

/// The next `most` people after one, as they stand now.
pub async fn page(on: impl Into<On<'_>>, run: (&str, &str), after: &str, most: i64) -> Result<Vec<Person>> {
    let mut on = on.into();
    let rows =
        sql("SELECT id, account, phone, name, email, locale, time_zone, plan, created_at FROM subscribers
         WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after)
        .bind(most)
        .all(on.again())
        .await?;
    with_standing(on, run, after, rows).await
}

/// The same, and nobody of them is erased before this transaction ends.
pub async fn page_to_keep(tx: &mut Tx, run: (&str, &str), after: &str, most: i64) -> Result<Vec<Person>> {
    let rows = sql_keeping_rows!(
        "SELECT id, account, phone, name, email, locale, time_zone, plan, created_at FROM subscribers
         WHERE id > $1 ORDER BY id LIMIT $2"
    )
    .bind(after)
    .bind(most)
    .all(&mut *tx)
    .await?;
    with_standing(On::Tx(tx), run, after, rows).await
}

async fn with_standing(
    mut on: On<'_>,
    (incident, remedy): (&str, &str),
    after: &str,
    rows: Vec<Row>,
) -> Result<Vec<Person>> {
    let Some(last) = rows.last().map(|row| row.profile.id.clone()) else { return Ok(Vec::new()) };
    let mut holdings: HashMap<String, Vec<HoldingRow>> = HashMap::new();
    for HoldingOf { subscriber_id, row } in of_holdings(on.again(), after, &last).await? {
        holdings.entry(subscriber_id).or_default().push(row);
    }
    let mut claims: HashMap<String, String> =
        of_claims(on, (incident, remedy), after, &last).await?.into_iter().collect();
    let person = |Row { profile, created_at }: Row| {
        let rows = holdings.remove(&profile.id).unwrap_or_default();
        let standing = Standing {
            plan: profile.plan.clone(),
            recorded_at: (!rows.is_empty()).then_some(created_at),
            holdings: rows.into_iter().map(holding).collect(),
        };
        let claim = claims.remove(&profile.id);
        Person { profile, standing, claim }
    };
    Ok(rows.into_iter().map(person).collect())
}

async fn of_holdings(on: On<'_>, after: &str, last: &str) -> Result<Vec<HoldingOf>> {
    sql("SELECT subscriber_id, category, items - damaged_items AS items, expected, as_of, files, verdict_reason,
         CAST(0 AS BIGINT) AS recorded_at FROM holdings
         WHERE subscriber_id > $1 AND subscriber_id <= $2 ORDER BY subscriber_id, category")
    .bind(after)
    .bind(last)
    .all(on)
    .await
}

/// The states of their claims of a remedy, the last of each person last. What staff made and ended is none of theirs.
async fn of_claims(
    on: On<'_>,
    (incident, remedy): (&str, &str),
    after: &str,
    last: &str,
) -> Result<Vec<(String, String)>> {
    sql("SELECT subscriber_id, state FROM claims WHERE subscriber_id > $1 AND subscriber_id <= $2
         AND incident = $3 AND remedy = $4 AND void = 0 ORDER BY subscriber_id, made_at, id")
    .bind(after)
    .bind(last)
    .bind(incident)
    .bind(remedy)
    .all(on)
    .await
}
