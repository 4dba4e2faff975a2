//! The SQL of counts, items and releases.

use app::Category;

use crate::{
    ambient::{MINUTE, Millis},
    store::{Db, On, Result, Tx, sql},
};

/// A run that has not been heard of for this long is over, however it ended.
const RUN_SILENCE: Millis = MINUTE;

/// Tells everyone who follows counts that they changed; part of the transaction that changed them.
pub async fn raise(tx: &mut Tx) -> Result<()> {
    sql("INSERT INTO changes (name, count) VALUES ('recovery', 1)
         ON CONFLICT (name) DO UPDATE SET count = changes.count + 1")
    .execute(tx)
    .await?;
    Ok(())
}

/// How often counts have changed.
pub async fn changes(db: &Db) -> Result<i64> {
    let row: Option<(i64,)> = sql("SELECT count FROM changes WHERE name = 'recovery'").optional(db).await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// One category of one subscriber, with whether it is released and whether a run is under way.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Holding {
    /// A slug, or `unknown`.
    pub category: String,
    pub files: i64,
    pub quarantined: i64,
    /// Files whose stored bytes cannot be read at present.
    pub damaged: i64,
    /// Those that are gone with their bytes do not count.
    pub items: i64,
    pub expected: Option<i64>,
    pub as_of: Option<i64>,
    pub verdict_reason: Option<String>,
    /// 1 when released to this subscriber, by name or by cohort.
    pub released: i64,
    /// 1 while a run is under way.
    pub importing: i64,
}

/// Everything known of one subscriber's categories, in one read.
pub async fn holdings(on: impl Into<On<'_>>, subscriber: &str, now: Millis) -> Result<Vec<Holding>> {
    sql("SELECT h.category, h.files, h.quarantined, h.damaged_files AS damaged,
         h.items - h.damaged_items AS items, h.expected, h.as_of, h.verdict_reason,
         CAST(CASE WHEN h.released_at IS NOT NULL OR r.cohort > s.cohort THEN 1 ELSE 0 END AS BIGINT) AS released,
         CAST(CASE WHEN EXISTS (SELECT 1 FROM runs WHERE finished_at IS NULL AND beat_at > $2)
              THEN 1 ELSE 0 END AS BIGINT) AS importing
         FROM holdings h JOIN subscribers s ON s.id = h.subscriber_id
         LEFT JOIN releases r ON r.category = h.category
         WHERE h.subscriber_id = $1")
    .bind(subscriber)
    .bind(now - RUN_SILENCE)
    .all(on)
    .await
}

/// Opens a category to everyone below `cohort`; a cohort never shrinks.
pub async fn release_cohort(tx: &mut Tx, category: Category, cohort: i64, now: Millis) -> Result<()> {
    sql("INSERT INTO releases (category, cohort, released_at) VALUES ($1, $2, $3)
         ON CONFLICT (category) DO UPDATE SET released_at = excluded.released_at, cohort = excluded.cohort
         WHERE excluded.cohort > releases.cohort")
    .bind(category)
    .bind(cohort)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Opens a category to one account. False when no subscriber has it.
pub async fn release_account(tx: &mut Tx, category: Category, account: &str, now: Millis) -> Result<bool> {
    let changed = sql("INSERT INTO holdings (subscriber_id, category, released_at, changed_at)
         SELECT id, $2, $3, $3 FROM subscribers WHERE account = $1
         ON CONFLICT (subscriber_id, category) DO UPDATE
         SET released_at = COALESCE(holdings.released_at, excluded.released_at), changed_at = excluded.changed_at")
    .bind(account)
    .bind(category)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// Writes down who opened what.
pub async fn record_release(
    tx: &mut Tx,
    id: &str,
    category: Category,
    cohort: Option<i64>,
    accounts: Option<i64>,
    actor: &str,
    now: Millis,
) -> Result<()> {
    sql("INSERT INTO release_acts (id, category, cohort, accounts, actor, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(category)
        .bind(cohort)
        .bind(accounts)
        .bind(actor)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// How many subscribers a category is open to.
pub async fn reached(db: &Db, category: Category) -> Result<i64> {
    let (count,): (i64,) = sql("SELECT COUNT(*) FROM subscribers s
         WHERE s.cohort < COALESCE((SELECT cohort FROM releases WHERE category = $1), 0)
         OR EXISTS (SELECT 1 FROM holdings h WHERE h.subscriber_id = s.id AND h.category = $1
                    AND h.released_at IS NOT NULL)")
    .bind(category)
    .one(db)
    .await?;
    Ok(count)
}
