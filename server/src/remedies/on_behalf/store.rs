//! What is stored of claims that staff made for others, and of forms that are not claims yet.

use crate::{
    ambient::{HOUR, Millis},
    store::{On, Result, Tx, sql},
};

/// How long a form waits for its claim.
const DRAFTS: Millis = HOUR;

/// Who made a claim for whom it is of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub member_id: String,
    pub member_name: String,
    pub by_right: String,
    pub reason: String,
    pub who_sealed: Vec<u8>,
    pub second_look: i64,
}

pub async fn insert(tx: &mut Tx, claim_id: &str, row: &Row) -> Result<()> {
    sql("INSERT INTO claims_on_behalf (claim_id, member_id, member_name, by_right, reason, who_sealed, second_look)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(claim_id)
    .bind(&row.member_id)
    .bind(&row.member_name)
    .bind(&row.by_right)
    .bind(&row.reason)
    .bind(row.who_sealed.clone())
    .bind(row.second_look)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn of_claim(on: impl Into<On<'_>>, claim_id: &str) -> Result<Option<Row>> {
    sql("SELECT member_id, member_name, by_right, reason, who_sealed, second_look FROM claims_on_behalf
         WHERE claim_id = $1")
    .bind(claim_id)
    .optional(on)
    .await
}

/// Sends the claim by e-mail to this sealed address; none: to the account's.
pub async fn send_to(tx: &mut Tx, claim_id: &str, email: Option<&[u8]>) -> Result<()> {
    sql("UPDATE claims SET email_sealed = $2 WHERE id = $1")
        .bind(claim_id)
        .bind(email.map(<[u8]>::to_vec))
        .execute(tx)
        .await?;
    Ok(())
}

/// Whose claim it is, and the sealed address that it goes to instead of the account's.
pub async fn sent_to(on: impl Into<On<'_>>, claim_id: &str) -> Result<Option<(String, Vec<u8>)>> {
    sql("SELECT subscriber_id, email_sealed FROM claims WHERE id = $1 AND email_sealed IS NOT NULL")
        .bind(claim_id)
        .optional(on)
        .await
}

pub async fn keep_draft(tx: &mut Tx, of: (&str, &str), sealed: &[u8], now: Millis) -> Result<()> {
    sql("INSERT INTO behalf_drafts (member_id, subscriber_id, sealed, kept_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (member_id, subscriber_id) DO UPDATE SET sealed = excluded.sealed, kept_at = excluded.kept_at")
    .bind(of.0)
    .bind(of.1)
    .bind(sealed)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn draft(on: impl Into<On<'_>>, of: (&str, &str), now: Millis) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> =
        sql("SELECT sealed FROM behalf_drafts WHERE member_id = $1 AND subscriber_id = $2 AND kept_at > $3")
            .bind(of.0)
            .bind(of.1)
            .bind(now - DRAFTS)
            .optional(on)
            .await?;
    Ok(row.map(|(sealed,)| sealed))
}

pub async fn forget_draft(tx: &mut Tx, of: (&str, &str)) -> Result<()> {
    sql("DELETE FROM behalf_drafts WHERE member_id = $1 AND subscriber_id = $2")
        .bind(of.0)
        .bind(of.1)
        .execute(tx)
        .await?;
    Ok(())
}

/// Removes what waited too long.
pub async fn clean(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("DELETE FROM behalf_drafts WHERE kept_at <= $1").bind(now - DRAFTS).execute(tx).await?;
    Ok(())
}
