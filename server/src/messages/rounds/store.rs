//! What is stored of rounds, and of whom they go over.

use super::{Kind, Next, Walked};
use crate::{
    ambient::Millis,
    sql_keeping_rows, sql_skipping_locked,
    store::{Db, On, Result, Tx, sql},
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Round {
    pub id: String,
    pub kind: String,
    pub about: String,
    pub reached: String,
}

/// Asks for a round from `due_at` on. One that is asked for and has not begun is held on to until this transaction ends,
/// so that it tells of what is written here too.
pub async fn want(tx: &mut Tx, id: &str, kind: Kind, about: &str, due_at: Millis) -> Result<()> {
    let text = match kind {
        Kind::Opened => {
            "INSERT INTO message_rounds (id, kind, about, due_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (kind, about) WHERE begun_at IS NULL DO UPDATE SET due_at = message_rounds.due_at"
        }
        Kind::Offered | Kind::Late => {
            "INSERT INTO message_rounds (id, kind, about, due_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
        }
    };
    sql(text).bind(id).bind(kind.slug()).bind(about).bind(due_at).execute(tx).await?;
    Ok(())
}

/// The kinds of the rounds that remedies have, each with its remedy.
pub async fn of_remedies(db: &Db) -> Result<Vec<(String, String)>> {
    sql("SELECT kind, about FROM message_rounds WHERE kind <> 'data-opened'").all(db).await
}

/// A read, so that an idle process never takes SQLite's one writer.
pub async fn due(db: &Db, now: Millis) -> Result<Vec<Round>> {
    sql("SELECT id, kind, about, reached FROM message_rounds WHERE ended_at IS NULL AND due_at <= $1 ORDER BY due_at, id")
        .bind(now)
        .all(db)
        .await
}

/// The round, which no other process takes before this transaction ends.
pub async fn take(tx: &mut Tx, id: &str, now: Millis) -> Result<Option<Round>> {
    sql_skipping_locked!(
        "WITH due AS MATERIALIZED (
             SELECT id FROM message_rounds WHERE id = $1 AND ended_at IS NULL AND due_at <= $2",
        ") UPDATE message_rounds SET begun_at = COALESCE(begun_at, $2) WHERE id IN (SELECT id FROM due)
         RETURNING id, kind, about, reached"
    )
    .bind(id)
    .bind(now)
    .optional(tx)
    .await
}

pub async fn advance(tx: &mut Tx, id: &str, walked: &Walked, now: Millis) -> Result<()> {
    let (later, ended) = match walked.next {
        Next::Batch => (None, None),
        Next::Later(at) => (Some(at), None),
        Next::Nothing => (None, Some(now)),
    };
    sql("UPDATE message_rounds SET reached = $2, looked = looked + $3, told = told + $4,
         due_at = COALESCE($5, due_at), ended_at = $6 WHERE id = $1")
    .bind(id)
    .bind(&walked.reached)
    .bind(walked.looked as i64)
    .bind(walked.told as i64)
    .bind(later)
    .bind(ended)
    .execute(tx)
    .await?;
    Ok(())
}

/// How many were looked at, and how many messages that made.
pub async fn came_to(db: &Db, id: &str) -> Result<Option<(i64, i64)>> {
    sql("SELECT looked, told FROM message_rounds WHERE id = $1").bind(id).optional(db).await
}

/// The ids of the next people, who are not erased before this transaction ends.
pub async fn people(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<(String,)>> {
    sql_keeping_rows!("SELECT id FROM subscribers WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after)
        .bind(most)
        .all(tx)
        .await
}

/// Marks what is open to the people after one and up to another, holds something, and was not told of: person and
/// category.
pub async fn mark_told(tx: &mut Tx, after: &str, last: &str, now: Millis) -> Result<Vec<(String, String)>> {
    sql("UPDATE holdings SET told_at = $3
         WHERE subscriber_id > $1 AND subscriber_id <= $2 AND told_at IS NULL AND (files > 0 OR items > 0)
         AND (released_at IS NOT NULL OR EXISTS (
             SELECT 1 FROM releases r JOIN subscribers s ON s.id = holdings.subscriber_id
             WHERE r.category = holdings.category AND r.cohort > s.cohort))
         RETURNING subscriber_id, category")
    .bind(after)
    .bind(last)
    .bind(now)
    .all(tx)
    .await
}

/// Whether anything was ever opened.
pub async fn anything_opened(on: impl Into<On<'_>>) -> Result<bool> {
    let row: Option<(String,)> = sql("SELECT id FROM release_acts LIMIT 1").optional(on).await?;
    Ok(row.is_some())
}

/// A claim whose payout was promised by now, and where it stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Promised {
    pub id: String,
    pub subscriber_id: String,
    pub number: String,
    pub state: String,
    /// Of an order that has not left.
    pub provider: Option<String>,
}

/// The next claims of a remedy below an id to which so many days were promised, or of which that was not kept; their people are not erased before this transaction ends.
pub async fn promised(
    tx: &mut Tx,
    (incident, remedy): (&str, &str),
    promise: Option<i64>,
    (after, below): (&str, &str),
    most: i64,
) -> Result<Vec<Promised>> {
    sql_keeping_rows!(
        "SELECT c.id, c.subscriber_id, c.number, c.state, (
             SELECT MAX(o.provider) FROM payout_orders o
             WHERE o.claim_id = c.id AND o.state IN ('waiting', 'sending', 'unknown')) AS provider
         FROM claims c JOIN subscribers s ON s.id = c.subscriber_id
         WHERE c.id > $1 AND c.id < $2 AND c.incident = $3 AND c.remedy = $4
         AND COALESCE(c.arrives_within_days, -1) = $6 ORDER BY c.id LIMIT $5"
    )
    .bind(after)
    .bind(below)
    .bind(incident)
    .bind(remedy)
    .bind(most)
    .bind(promise.unwrap_or(-1))
    .all(tx)
    .await
}
