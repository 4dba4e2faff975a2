//! The ledger for finance: every line, and what was moved each day.

use serde::Serialize;

use super::store;
use crate::{
    ambient::DAY,
    store::{Db, On, Result, sql},
    web::wording,
};

/// A line as finance reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub position: i64,
    /// RFC 3339, UTC.
    pub at: String,
    pub posting: String,
    pub kind: String,
    pub incident: String,
    pub remedy: String,
    pub grant: String,
    /// The payout order; empty where none moved it.
    pub order: String,
    pub account: String,
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    pub hash: String,
}

/// The lines of the `most` sealed postings after a place.
pub async fn lines(db: &Db, after: i64, most: i64) -> Result<Vec<Line>> {
    let rows = store::sealed(db, after, most).await?;
    Ok(rows.into_iter().map(line).collect())
}

fn line(row: store::Row) -> Line {
    Line {
        position: row.position.unwrap_or_default(),
        at: wording::rfc3339(row.at),
        posting: row.id,
        kind: row.kind,
        incident: row.incident,
        remedy: row.remedy,
        grant: row.grant_id,
        order: row.order_id.unwrap_or_default(),
        account: row.account,
        amount: row.amount,
        currency: row.currency,
        hash: row.hash.unwrap_or_default(),
    }
}

/// What an account of a remedy was moved by in one day, UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Total {
    /// Days since 1 January 1970.
    #[serde(serialize_with = "date")]
    pub day: i64,
    pub incident: String,
    pub remedy: String,
    pub account: String,
    pub currency: String,
    pub postings: i64,
    /// Minor units.
    pub amount: i64,
}

/// `2009-10-20`.
fn date<S: serde::Serializer>(days: &i64, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    let day: String = wording::rfc3339(days * DAY).chars().take(10).collect();
    serializer.serialize_str(&day)
}

pub async fn totals(on: impl Into<On<'_>>) -> Result<Vec<Total>> {
    sql("SELECT p.at / 86400000 AS day, p.incident, p.remedy, l.account, p.currency, COUNT(*) AS postings,
         CAST(SUM(l.amount) AS BIGINT) AS amount
         FROM postings p JOIN posting_lines l ON l.posting_id = p.id
         GROUP BY p.at / 86400000, p.incident, p.remedy, l.account, p.currency
         ORDER BY day, p.incident, p.remedy, l.account, p.currency")
    .all(on)
    .await
}
