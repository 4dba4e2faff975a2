//! The outbox's SQL.

use super::NewMessage;
use crate::{
    ambient::{MINUTE, Millis, SECOND},
    store::{Db, Result, Tx, sql},
};

/// The channel of a row that is worked off like a message and reaches nobody.
pub const TO_NOBODY: &str = "nobody";
/// A worker that has not finished by then is taken for dead.
const LEASE: Millis = 30 * SECOND;
/// Rows that one worker takes at a time.
const BATCH: i64 = 64;
const LONGEST_PAUSE: Millis = 15 * MINUTE;

/// What the text of message `id` is sealed for.
pub fn context(id: &str) -> String {
    format!("message:{id}")
}

/// A message that this process has leased.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Due {
    pub id: String,
    pub channel: String,
    pub recipient: String,
    pub template: String,
    pub subject: String,
    pub text_sealed: Option<Vec<u8>>,
    pub created_at: Millis,
    pub expires_at: Option<Millis>,
    /// With this one.
    pub attempts: i64,
}

/// What a row holds beside its message.
pub struct NewRow<'a> {
    pub id: &'a str,
    pub channel: &'a str,
    pub subject: &'a str,
    /// Sealed for [`context`].
    pub text: Vec<u8>,
    /// Sealed likewise: what is kept of a secret text.
    pub shown: Option<Vec<u8>>,
}

pub async fn insert(tx: &mut Tx, message: &NewMessage<'_>, row: NewRow<'_>, now: Millis) -> Result<()> {
    let template = &message.template;
    sql("INSERT INTO messages (id, subscriber_id, channel, recipient, template, language, urgency, subject,
         text_sealed, shown_sealed, secret, created_at, leased_until, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
    .bind(row.id)
    .bind(message.subscriber_id)
    .bind(row.channel)
    .bind(message.to)
    .bind(template.name)
    .bind(template.language.tag())
    .bind(template.purpose.urgency())
    .bind(row.subject)
    .bind(row.text)
    .bind(row.shown)
    .bind(i64::from(template.secret.is_some()))
    .bind(now)
    .bind(message.not_before)
    .bind(message.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether anything waits: a read, so that an idle outbox never takes SQLite's one writer.
pub async fn is_due(db: &Db, now: Millis) -> Result<bool> {
    let row: Option<(String,)> = sql("SELECT id FROM messages
         WHERE sent_at IS NULL AND failure IS NULL AND leased_until <= $1 LIMIT 1")
    .bind(now)
    .optional(db)
    .await?;
    Ok(row.is_some())
}

/// How many have not left.
pub async fn waiting(db: &Db) -> Result<i64> {
    let (count,): (i64,) = sql(
        "SELECT COUNT(*) FROM messages WHERE sent_at IS NULL AND failure IS NULL AND channel <> 'nobody'",
    )
    .one(db)
    .await?;
    Ok(count)
}

/// Takes the oldest rows that are due. The condition stands twice: a process that waited for
/// another's row looks at it again and finds it leased.
pub async fn lease(tx: &mut Tx, now: Millis) -> Result<Vec<Due>> {
    let mut due: Vec<Due> = sql("UPDATE messages SET leased_until = $2, attempts = attempts + 1
         WHERE sent_at IS NULL AND failure IS NULL AND leased_until <= $1 AND id IN (
             SELECT id FROM messages WHERE sent_at IS NULL AND failure IS NULL AND leased_until <= $1
             ORDER BY created_at, id LIMIT $3)
         RETURNING id, channel, recipient, template, subject, text_sealed, created_at, expires_at, attempts")
    .bind(now)
    .bind(now + LEASE)
    .bind(BATCH)
    .all(tx)
    .await?;
    due.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(due)
}

/// Notes that it left; of a secret text the form with dots is kept.
pub async fn mark_sent(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    sql("UPDATE messages SET sent_at = $2, failure = NULL,
         text_sealed = CASE WHEN secret = 1 THEN shown_sealed ELSE text_sealed END WHERE id = $1")
    .bind(id)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives up on it; of a secret text the form with dots is kept.
pub async fn mark_failed(tx: &mut Tx, id: &str, failure: &str) -> Result<()> {
    sql("UPDATE messages SET failure = $2, text_sealed = CASE WHEN secret = 1 THEN shown_sealed ELSE text_sealed END
         WHERE id = $1 AND sent_at IS NULL")
    .bind(id)
    .bind(failure)
    .execute(tx)
    .await?;
    Ok(())
}

/// Lets it rest: 1, 2, 4 … seconds, at most 15 minutes.
pub async fn put_off(tx: &mut Tx, id: &str, attempts: i64, now: Millis) -> Result<()> {
    let doublings = u32::try_from(attempts - 1).unwrap_or_default().min(20);
    let pause = (SECOND << doublings).min(LONGEST_PAUSE);
    sql("UPDATE messages SET leased_until = $2 WHERE id = $1 AND sent_at IS NULL")
        .bind(id)
        .bind(now + pause)
        .execute(tx)
        .await?;
    Ok(())
}

/// Drops secret texts whose time is over, whether or not a sender is there to find that out.
pub async fn forget_expired(tx: &mut Tx, now: Millis) -> Result<u64> {
    sql("UPDATE messages SET failure = 'expired', text_sealed = shown_sealed
         WHERE sent_at IS NULL AND failure IS NULL AND secret = 1 AND expires_at <= $1 AND leased_until <= $1")
    .bind(now)
    .execute(tx)
    .await
}

/// Removes the rows that were for nobody, once they have served.
pub async fn forget_nobody(tx: &mut Tx, before: Millis) -> Result<u64> {
    sql("DELETE FROM messages WHERE channel = 'nobody' AND created_at < $1").bind(before).execute(tx).await
}
