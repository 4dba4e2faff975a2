//! Sealed addresses: of drafts and of claims.

use crate::{
    ambient::{HOUR, Millis},
    store::{On, Result, Tx, sql},
};

/// How long an address waits for its claim.
const DRAFTS: Millis = HOUR;

pub async fn keep(tx: &mut Tx, subscriber_id: &str, sealed: &[u8], now: Millis) -> Result<()> {
    sql("INSERT INTO claim_drafts (subscriber_id, address_sealed, kept_at) VALUES ($1, $2, $3)
         ON CONFLICT (subscriber_id) DO UPDATE SET address_sealed = excluded.address_sealed, kept_at = excluded.kept_at")
    .bind(subscriber_id)
    .bind(sealed)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn draft(on: impl Into<On<'_>>, subscriber_id: &str, now: Millis) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> =
        sql("SELECT address_sealed FROM claim_drafts WHERE subscriber_id = $1 AND kept_at > $2")
            .bind(subscriber_id)
            .bind(now - DRAFTS)
            .optional(on)
            .await?;
    Ok(row.map(|(sealed,)| sealed))
}

pub async fn forget(tx: &mut Tx, subscriber_id: &str) -> Result<()> {
    sql("DELETE FROM claim_drafts WHERE subscriber_id = $1").bind(subscriber_id).execute(tx).await?;
    Ok(())
}

/// Removes what waited too long.
pub async fn clean(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("DELETE FROM claim_drafts WHERE kept_at <= $1").bind(now - DRAFTS).execute(tx).await?;
    Ok(())
}

pub async fn attach(tx: &mut Tx, claim_id: &str, sealed: Option<&[u8]>) -> Result<()> {
    sql("UPDATE claims SET address_sealed = $2 WHERE id = $1")
        .bind(claim_id)
        .bind(sealed.map(<[u8]>::to_vec))
        .execute(tx)
        .await?;
    Ok(())
}

/// Whose claim it is, and its sealed address.
pub async fn of_claim(on: impl Into<On<'_>>, claim_id: &str) -> Result<Option<(String, Vec<u8>)>> {
    sql("SELECT subscriber_id, address_sealed FROM claims WHERE id = $1 AND address_sealed IS NOT NULL")
        .bind(claim_id)
        .optional(on)
        .await
}
