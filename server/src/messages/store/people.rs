//! What people wish, what came back from them, and what was sent to them: SQL.

use crate::{
    ambient::Millis,
    messages::{Language, quiet::Quiet, reader::Reader},
    store::{Bulk, Column, Db, On, Result, Shape, Tx, sql},
};

/// What a [`Reader`] is read from; the subscribers stand as `s` in what follows FROM.
macro_rules! readers {
    ($from:literal, $which:literal) => {
        concat!(
            "SELECT s.id, s.phone, s.email, s.locale, s.time_zone, p.news, p.language, p.quiet_from, p.quiet_until,
             (SELECT COUNT(*) FROM unreachable u WHERE u.subscriber_id = s.id AND u.channel = 'sms'
              AND u.address = s.phone) AS phone_bounces,
             (SELECT COUNT(*) FROM unreachable u WHERE u.subscriber_id = s.id AND u.channel = 'email'
              AND u.address = s.email) AS email_bounces
             FROM ",
            $from,
            " LEFT JOIN message_preferences p ON p.subscriber_id = s.id ",
            $which
        )
    };
}

pub async fn reader(on: impl Into<On<'_>>, subscriber_id: &str) -> Result<Option<Reader>> {
    sql(readers!("subscribers s", "WHERE s.id = $1")).bind(subscriber_id).optional(on).await
}

/// The readers of many ids, in any order.
pub async fn readers(tx: &mut Tx, ids: &[String]) -> Result<Vec<Reader>> {
    static IDS: Shape<String> = Shape::new("readers", &[Column::Text("id", |id| Some(id))]);
    static READERS: Bulk<String> =
        Bulk::new(&IDS, &["id"], readers!("given JOIN subscribers s ON s.id = given.id", ""));
    let given = IDS.give(tx, ids).await?;
    READERS.all(tx, &given).await
}

/// Writes down what was chosen. `news` is by which channel they want it, or `none`.
pub async fn save(
    tx: &mut Tx,
    subscriber_id: &str,
    news: &str,
    language: Language,
    quiet: Quiet,
    now: Millis,
) -> Result<()> {
    sql("INSERT INTO message_preferences (subscriber_id, news, language, quiet_from, quiet_until, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (subscriber_id) DO UPDATE SET news = excluded.news, language = excluded.language,
         quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, changed_at = excluded.changed_at")
    .bind(subscriber_id)
    .bind(news)
    .bind(language.tag())
    .bind(quiet.from)
    .bind(quiet.until)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    cancel_news(tx, subscriber_id, news).await
}

/// News that was written and has not left goes no more, unless by the way that is `kept`.
async fn cancel_news(tx: &mut Tx, subscriber_id: &str, kept: &str) -> Result<()> {
    sql("UPDATE messages SET failure = 'stopped' WHERE subscriber_id = $1 AND urgency = 3 AND channel <> $2
         AND sent_at IS NULL AND failure IS NULL AND lease IS NULL")
    .bind(subscriber_id)
    .bind(kept)
    .execute(tx)
    .await?;
    Ok(())
}

/// No more news; what else was chosen stays. Nothing for somebody who is not there any more.
pub async fn stop_news(tx: &mut Tx, subscriber_id: &str, now: Millis) -> Result<()> {
    let quiet = Quiet::default();
    sql(
        "INSERT INTO message_preferences (subscriber_id, news, language, quiet_from, quiet_until, changed_at)
         SELECT id, 'none', NULL, $2, $3, $4 FROM subscribers WHERE id = $1
         ON CONFLICT (subscriber_id) DO UPDATE SET news = 'none', changed_at = excluded.changed_at",
    )
    .bind(subscriber_id)
    .bind(quiet.from)
    .bind(quiet.until)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    cancel_news(tx, subscriber_id, "none").await
}

/// An address of a subscriber that messages came back from.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Bounce {
    pub channel: String,
    pub address: String,
    pub at: Millis,
}

/// Those that are their addresses still.
pub async fn unreachable_of(db: &Db, subscriber_id: &str) -> Result<Vec<Bounce>> {
    sql("SELECT u.channel, u.address, u.at FROM unreachable u JOIN subscribers s ON s.id = u.subscriber_id
         WHERE u.subscriber_id = $1 AND u.address = CASE u.channel WHEN 'sms' THEN s.phone ELSE s.email END
         ORDER BY u.channel")
    .bind(subscriber_id)
    .all(db)
    .await
}

/// Messages of a channel are to be tried again.
pub async fn reach_again(tx: &mut Tx, subscriber_id: &str, channel: &str) -> Result<()> {
    sql("DELETE FROM unreachable WHERE subscriber_id = $1 AND channel = $2")
        .bind(subscriber_id)
        .bind(channel)
        .execute(tx)
        .await?;
    Ok(())
}

/// A message as its reader may see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Told {
    pub id: String,
    pub channel: String,
    pub recipient: String,
    pub language: String,
    pub subject: String,
    pub secret: i64,
    pub text_sealed: Option<Vec<u8>>,
    pub shown_sealed: Option<Vec<u8>>,
    pub created_at: Millis,
    pub leased_until: Millis,
    pub attempts: i64,
    pub sent_at: Option<Millis>,
    pub failure: Option<String>,
    pub delivery: Option<String>,
    pub delivery_at: Option<Millis>,
}

/// The newest first.
pub async fn told(db: &Db, subscriber_id: &str, from: i64, most: i64) -> Result<Vec<Told>> {
    sql("SELECT id, channel, recipient, language, subject, secret, text_sealed, shown_sealed, created_at,
         leased_until, attempts, sent_at, failure, delivery, delivery_at FROM messages
         WHERE subscriber_id = $1 ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $2")
    .bind(subscriber_id)
    .bind(from)
    .bind(most)
    .all(db)
    .await
}

pub async fn count(db: &Db, subscriber_id: &str) -> Result<i64> {
    let row = sql("SELECT COUNT(*) FROM messages WHERE subscriber_id = $1").bind(subscriber_id);
    Ok(row.one::<(i64,)>(db).await?.0)
}
