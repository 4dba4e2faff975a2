//! What is stored of the ledger.

use super::Posting;
use crate::{
    ambient::Millis,
    store::{Db, On, Result, Tx, sql},
};

/// Writes a posting with its two lines; it waits for its seal.
pub async fn post(tx: &mut Tx, posting: &Posting<'_>) -> Result<()> {
    sql("INSERT INTO postings (id, incident, remedy, kind, currency, grant_id, order_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(posting.id)
    .bind(posting.incident)
    .bind(posting.remedy)
    .bind(posting.kind)
    .bind(posting.currency)
    .bind(posting.grant_id)
    .bind(posting.order_id)
    .bind(posting.at)
    .execute(&mut *tx)
    .await?;
    sql("INSERT INTO posting_lines (posting_id, account, amount) VALUES ($1, $2, $3), ($1, $4, $5)")
        .bind(posting.id)
        .bind(posting.from.slug())
        .bind(-posting.amount)
        .bind(posting.to.slug())
        .bind(posting.amount)
        .execute(&mut *tx)
        .await?;
    sql("INSERT INTO postings_unsealed (posting_id) VALUES ($1)").bind(posting.id).execute(tx).await?;
    Ok(())
}

/// A line with its posting. The lines of a posting come one after the other, by account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// None until it is sealed.
    pub position: Option<i64>,
    pub hash: Option<String>,
    pub id: String,
    pub incident: String,
    pub remedy: String,
    pub kind: String,
    pub currency: String,
    pub grant_id: String,
    pub order_id: Option<String>,
    pub at: Millis,
    pub account: String,
    pub amount: i64,
}

pub async fn is_any_unsealed(db: &Db) -> Result<bool> {
    let waiting: Option<(String,)> =
        sql("SELECT posting_id FROM postings_unsealed LIMIT 1").optional(db).await?;
    Ok(waiting.is_some())
}

/// The lines of the next postings to be sealed, the oldest first.
pub async fn unsealed(tx: &mut Tx, most: i64) -> Result<Vec<Row>> {
    sql("SELECT CAST(NULL AS BIGINT) AS position, CAST(NULL AS TEXT) AS hash, p.id, p.incident, p.remedy, p.kind,
         p.currency, p.grant_id, p.order_id, p.at, l.account, l.amount
         FROM (SELECT posting_id FROM postings_unsealed ORDER BY posting_id LIMIT $1) AS waiting
         JOIN postings p ON p.id = waiting.posting_id JOIN posting_lines l ON l.posting_id = p.id
         ORDER BY p.at, p.id, l.account")
    .bind(most)
    .all(tx)
    .await
}

/// The lines of the postings at the places after `position`.
pub async fn sealed(on: impl Into<On<'_>>, position: i64, most: i64) -> Result<Vec<Row>> {
    sql("SELECT s.position, s.hash, p.id, p.incident, p.remedy, p.kind, p.currency, p.grant_id, p.order_id, p.at,
         l.account, l.amount
         FROM (SELECT position, posting_id, hash FROM ledger_seals WHERE position > $1 ORDER BY position LIMIT $2) AS s
         JOIN postings p ON p.id = s.posting_id JOIN posting_lines l ON l.posting_id = p.id
         ORDER BY s.position, l.account")
    .bind(position)
    .bind(most)
    .all(on)
    .await
}

/// The chain's last place and hash; none before the first.
pub async fn last_seal(tx: &mut Tx) -> Result<Option<(i64, String)>> {
    sql("SELECT position, hash FROM ledger_seals ORDER BY position DESC LIMIT 1").optional(tx).await
}

pub async fn seal(tx: &mut Tx, position: i64, posting: &str, hash: &str) -> Result<()> {
    sql("INSERT INTO ledger_seals (position, posting_id, hash) VALUES ($1, $2, $3)")
        .bind(position)
        .bind(posting)
        .bind(hash)
        .execute(&mut *tx)
        .await?;
    sql("DELETE FROM postings_unsealed WHERE posting_id = $1").bind(posting).execute(tx).await?;
    Ok(())
}
