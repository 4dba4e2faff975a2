//! The audit: what staff did and looked at, and why. Rows are only ever added.

use crate::{
    ambient::{Ambient, Millis},
    store::{Db, Result, Tx, sql},
};

/// What is recorded. Holds no personal data of the subscriber beyond the account.
#[derive(Clone, Copy, Debug, Default)]
pub struct Act<'a> {
    pub member_id: &'a str,
    pub member_email: &'a str,
    /// Id and account of whom it concerns.
    pub subscriber: Option<(&'a str, &'a str)>,
    /// `signed-in`, `searched`, `looked`, `revealed` …
    pub action: &'a str,
    pub reason: &'a str,
    pub detail: &'a str,
}

/// Records the act in the transaction that it belongs to.
pub async fn record(tx: &mut Tx, ambient: &Ambient, act: Act<'_>) -> Result<()> {
    sql("INSERT INTO audit (id, at, member_id, member_email, subscriber_id, account, action, reason, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(ambient.id())
    .bind(ambient.now())
    .bind(act.member_id)
    .bind(act.member_email)
    .bind(act.subscriber.map(|(id, _)| id))
    .bind(act.subscriber.map(|(_, account)| account))
    .bind(act.action)
    .bind(act.reason)
    .bind(act.detail)
    .execute(tx)
    .await?;
    Ok(())
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Recorded {
    pub at: Millis,
    pub member_email: String,
    pub action: String,
    pub reason: String,
    pub detail: String,
}

/// The newest twenty acts that concern a subscriber.
pub async fn of_subscriber(db: &Db, subscriber: &str) -> Result<Vec<Recorded>> {
    sql("SELECT at, member_email, action, reason, detail FROM audit WHERE subscriber_id = $1
         ORDER BY at DESC, id DESC LIMIT 20")
    .bind(subscriber)
    .all(db)
    .await
}
