//! The audit: what staff did and looked at, and why. Rows are only ever added.

use crate::{
    ambient::Ambient,
    store::{Result, Tx, sql},
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
