//! What others report of a message that left: SQL.

use super::unreachable;
use crate::{
    ambient::Millis,
    store::{Result, Tx, sql},
};

/// A message that a report is about.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct About {
    pub subscriber_id: Option<String>,
    pub channel: String,
    pub recipient: String,
    pub delivery: Option<String>,
}

pub async fn about(tx: &mut Tx, id: &str) -> Result<Option<About>> {
    sql("SELECT subscriber_id, channel, recipient, delivery FROM messages WHERE id = $1")
        .bind(id)
        .optional(tx)
        .await
}

/// Who reports on it has it: a message of which that was not known has left.
pub async fn has_left(tx: &mut Tx, id: &str, provider_id: Option<&str>, now: Millis) -> Result<()> {
    sql("UPDATE messages SET sent_at = $2, lease = NULL, doubt = 0, provider_id = COALESCE($3, provider_id),
         text_sealed = CASE WHEN secret = 1 THEN shown_sealed ELSE text_sealed END
         WHERE id = $1 AND sent_at IS NULL AND failure IS NULL")
    .bind(id)
    .bind(now)
    .bind(provider_id)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn set_delivery(tx: &mut Tx, id: &str, delivery: &str, now: Millis) -> Result<()> {
    sql("UPDATE messages SET delivery = $2, delivery_at = $3 WHERE id = $1")
        .bind(id)
        .bind(delivery)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Nothing reaches this address.
pub async fn came_back(tx: &mut Tx, about: &About, why: &str, now: Millis) -> Result<()> {
    let Some(subscriber) = about.subscriber_id.as_deref() else { return Ok(()) };
    unreachable(tx, subscriber, &about.channel, &about.recipient, why, now).await
}

/// Something arrived where others had come back from.
pub async fn arrived(tx: &mut Tx, about: &About) -> Result<()> {
    sql("DELETE FROM unreachable WHERE subscriber_id = $1 AND channel = $2 AND address = $3")
        .bind(about.subscriber_id.as_deref())
        .bind(&about.channel)
        .bind(&about.recipient)
        .execute(tx)
        .await?;
    Ok(())
}
