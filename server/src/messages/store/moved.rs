//! Where a message goes when its person's address is another by then: SQL.

use crate::{
    ambient::Millis,
    store::{Result, Tx, sql},
};

/// It goes there: for one that was not sent anywhere.
pub async fn address(tx: &mut Tx, id: &str, recipient: &str) -> Result<()> {
    sql("UPDATE messages SET recipient = $2 WHERE id = $1").bind(id).bind(recipient).execute(tx).await?;
    Ok(())
}

/// A message in the place of another.
pub struct Anew<'a> {
    pub id: &'a str,
    pub recipient: &'a str,
    /// Sealed for its id.
    pub text: Vec<u8>,
}

/// Closes a message under this lease that may have gone to where its person is not any more, and writes it anew: its
/// letter goes along.
pub async fn write_anew(tx: &mut Tx, lease: &str, id: &str, anew: Anew<'_>, now: Millis) -> Result<()> {
    sql("INSERT INTO messages (id, subscriber_id, channel, recipient, template, language, urgency, subject, text_sealed,
         secret, created_at, leased_until, expires_at, letter_id, letter_subject, letter_sealed)
         SELECT $3, subscriber_id, channel, $4, template, language, urgency, subject, $5, secret, $6, $6, expires_at,
         letter_id, letter_subject, letter_sealed FROM messages WHERE id = $1 AND lease = $2")
    .bind(id)
    .bind(lease)
    .bind(anew.id)
    .bind(anew.recipient)
    .bind(anew.text)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    sql("UPDATE messages SET failure = 'moved', lease = NULL, letter_id = NULL, letter_subject = NULL, letter_sealed = NULL
         WHERE id = $1 AND lease = $2")
    .bind(id)
    .bind(lease)
    .execute(tx)
    .await?;
    Ok(())
}
