//! The letter that is kept beside a text message, in case the phone does not get it: SQL.

use crate::{
    ambient::Millis,
    sql_skipping_locked,
    store::{Query, Result, Tx, sql},
};

/// A letter as it is kept.
#[derive(Clone, Debug)]
pub struct KeptLetter {
    /// Which it has once it is a message of its own.
    pub id: String,
    pub subject: String,
    /// Sealed for this id.
    pub text: Vec<u8>,
}

/// The phone does not get the message: the letter that is kept beside it goes by e-mail, where its person has an address
/// that e-mail reaches. That is done once, since nothing is kept any more.
pub async fn by_mail(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    sql("INSERT INTO messages (id, subscriber_id, channel, recipient, template, language, urgency, subject,
         text_sealed, secret, created_at, leased_until)
         SELECT m.letter_id, m.subscriber_id, 'email', s.email, m.template, m.language, m.urgency, m.letter_subject,
         m.letter_sealed, 0, $2, $2 FROM messages m JOIN subscribers s ON s.id = m.subscriber_id
         WHERE m.id = $1 AND m.letter_sealed IS NOT NULL AND s.email <> '' AND NOT EXISTS
         (SELECT 1 FROM unreachable u WHERE u.subscriber_id = s.id AND u.channel = 'email' AND u.address = s.email)")
    .bind(id)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    forget_letter(tx, id).await
}

/// The phone got the message.
pub async fn forget_letter(tx: &mut Tx, id: &str) -> Result<()> {
    sql("UPDATE messages SET letter_id = NULL, letter_subject = NULL, letter_sealed = NULL
         WHERE id = $1 AND letter_sealed IS NOT NULL")
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// Sends the letters of messages that do not arrive, at most so many: who noted that may have been a process of an earlier
/// version, which knows of no letters.
pub async fn send_missed_letters(tx: &mut Tx, most: i64, now: Millis) -> Result<()> {
    let messages: Vec<(String,)> = missed(most).all(&mut *tx).await?;
    for (id,) in messages {
        by_mail(tx, &id, now).await?;
    }
    Ok(())
}

/// By an index that holds nothing else.
pub fn missed(most: i64) -> Query {
    sql_skipping_locked!(
        "SELECT id FROM messages WHERE letter_sealed IS NOT NULL
         AND (failure IS NOT NULL OR delivery IN ('undelivered', 'failed')) LIMIT $1",
        ""
    )
    .bind(most)
}

/// Drops what is kept beside text messages that left before then.
pub async fn forget_letters(tx: &mut Tx, before: Millis) -> Result<u64> {
    sql("UPDATE messages SET letter_id = NULL, letter_subject = NULL, letter_sealed = NULL
         WHERE letter_sealed IS NOT NULL AND sent_at < $1")
    .bind(before)
    .execute(tx)
    .await
}
