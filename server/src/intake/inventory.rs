//! What came back beside what there was: everybody's counts, for the recovery engineer.

use crate::store::{Db, Result, sql};

/// How many accounts are named of each kind.
pub const NAMED: i64 = 20;

/// One category over all accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    pub category: String,
    /// Accounts of which the inventory says how many they had.
    pub accounts: i64,
    pub expected: i64,
    /// Of those accounts.
    pub found: i64,
    /// Found beyond what was expected, and expected and not found: one account's surplus makes up for nobody's gap.
    pub surplus: i64,
    pub missing: i64,
    /// Accounts by how much of what they had came back.
    pub none_found: i64,
    pub under_half: i64,
    pub over_half: i64,
    pub whole: i64,
    pub more: i64,
    /// Accounts with items, of which the inventory says nothing; and their items.
    pub unlisted: i64,
    pub unlisted_items: i64,
    pub verdicts: i64,
    pub quarantined: i64,
}

/// An account's category.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    pub account: String,
    pub category: String,
    pub expected: Option<i64>,
    pub found: i64,
    pub quarantined: i64,
    pub verdict: i64,
}

/// Everybody's counts at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    pub lines: Vec<Line>,
    /// The accounts to which most is missing.
    pub gaps: Vec<Account>,
    /// Accounts with the most items of which the inventory says nothing.
    pub unlisted: Vec<Account>,
    pub subscribers: i64,
    /// Subscribers of whom nothing is listed and nothing came.
    pub bare: i64,
}

pub async fn inventory(db: &Db) -> Result<Inventory> {
    let (subscribers, bare): (i64, i64) = sql("SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN EXISTS
         (SELECT 1 FROM holdings h WHERE h.subscriber_id = s.id) THEN 0 ELSE 1 END), 0) AS BIGINT)
         FROM subscribers s")
    .one(db)
    .await?;
    let gaps = sql("SELECT s.account, h.category, h.expected, h.items AS found, h.quarantined,
         CAST(CASE WHEN h.verdict_reason IS NULL THEN 0 ELSE 1 END AS BIGINT) AS verdict
         FROM holdings h JOIN subscribers s ON s.id = h.subscriber_id WHERE h.expected > h.items
         ORDER BY h.expected - h.items DESC, s.account, h.category LIMIT $1");
    let unlisted = sql("SELECT s.account, h.category, h.expected, h.items AS found, h.quarantined,
         CAST(CASE WHEN h.verdict_reason IS NULL THEN 0 ELSE 1 END AS BIGINT) AS verdict
         FROM holdings h JOIN subscribers s ON s.id = h.subscriber_id
         WHERE h.expected IS NULL AND h.items > 0
         ORDER BY h.items DESC, s.account, h.category LIMIT $1");
    Ok(Inventory {
        lines: sql(LINES).all(db).await?,
        gaps: gaps.bind(NAMED).all(db).await?,
        unlisted: unlisted.bind(NAMED).all(db).await?,
        subscribers,
        bare,
    })
}

const LINES: &str = "SELECT category, COUNT(expected) AS accounts,
    CAST(COALESCE(SUM(expected), 0) AS BIGINT) AS expected,
    CAST(COALESCE(SUM(CASE WHEN expected IS NOT NULL THEN items END), 0) AS BIGINT) AS found,
    CAST(COALESCE(SUM(CASE WHEN items > expected THEN items - expected END), 0) AS BIGINT) AS surplus,
    CAST(COALESCE(SUM(CASE WHEN expected > items THEN expected - items END), 0) AS BIGINT) AS missing,
    COUNT(CASE WHEN expected > 0 AND items = 0 THEN 1 END) AS none_found,
    COUNT(CASE WHEN items > 0 AND items * 2 < expected THEN 1 END) AS under_half,
    COUNT(CASE WHEN items > 0 AND items * 2 >= expected AND items < expected THEN 1 END) AS over_half,
    COUNT(CASE WHEN items = expected THEN 1 END) AS whole,
    COUNT(CASE WHEN items > expected THEN 1 END) AS more,
    COUNT(CASE WHEN expected IS NULL AND items > 0 THEN 1 END) AS unlisted,
    CAST(COALESCE(SUM(CASE WHEN expected IS NULL THEN items END), 0) AS BIGINT) AS unlisted_items,
    COUNT(verdict_reason) AS verdicts,
    CAST(COALESCE(SUM(quarantined), 0) AS BIGINT) AS quarantined
    FROM holdings GROUP BY category ORDER BY category";
