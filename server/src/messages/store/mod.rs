//! The outbox's SQL.

mod letters;
mod moved;
mod people;
mod reported;

#[cfg(test)]
pub use letters::missed;
pub use letters::{KeptLetter, by_mail, forget_letter, forget_letters, send_missed_letters};
pub use moved::{Anew, address, write_anew};
pub use people::{Bounce, Told, count, reach_again, reader, readers, save, stop_news, told, unreachable_of};
pub use reported::{about, arrived, came_back, has_left, set_delivery};

use super::{Channel, NewMessage, routes, senders::Outcome, templates::Purpose};
use crate::{
    ambient::{Millis, SECOND},
    backoff, gates, leased, sql_skipping_locked,
    store::{Bulk, Column, Db, Gates, Lease, Leased, Query, Result, Shape, Tx, keys::MasterKey, sql},
};

/// The channel of a row that is worked off like a text message and reaches nobody.
pub const TO_NOBODY: &str = "nobody";
/// A worker that has not extended its lease by then is taken for dead.
pub const LEASE: Millis = 30 * SECOND;

pub static MESSAGES: Leased = leased!("messages");
/// A row for each channel: its rate, over all processes.
pub static GATES: Gates = gates!("message_gates", "channel", "");

/// What the text of message `id` is sealed for.
pub fn context(id: &str) -> String {
    format!("message:{id}")
}

/// A message that this process has leased.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Due {
    pub id: String,
    pub subscriber_id: Option<String>,
    pub channel: String,
    pub recipient: String,
    pub template: String,
    pub language: String,
    pub urgency: i64,
    pub subject: String,
    pub text_sealed: Option<Vec<u8>>,
    pub created_at: Millis,
    pub expires_at: Option<Millis>,
    /// With this one.
    pub attempts: i64,
    doubt: i64,
}

impl Due {
    /// None for what goes to nobody.
    pub fn channel(&self) -> Option<Channel> {
        Channel::of(&self.channel)
    }

    /// An attempt before may have sent it.
    pub fn is_doubtful(&self) -> bool {
        self.doubt != 0
    }

    /// What it says; else why that is not to be had.
    pub fn text(&self, master: &MasterKey) -> std::result::Result<String, &'static str> {
        let sealed = self.text_sealed.as_deref().ok_or("its text is gone")?;
        let text = master.open_small(&context(&self.id), sealed).ok();
        text.and_then(|text| String::from_utf8(text).ok()).ok_or("it does not open")
    }
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
    pub letter: Option<KeptLetter>,
}

pub async fn insert(tx: &mut Tx, message: &NewMessage<'_>, row: NewRow<'_>, now: Millis) -> Result<()> {
    let template = &message.template;
    let letter = row.letter.as_ref();
    sql("INSERT INTO messages (id, subscriber_id, channel, recipient, template, language, urgency, subject,
         text_sealed, shown_sealed, secret, created_at, leased_until, expires_at, letter_id, letter_subject, letter_sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)")
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
    .bind(letter.map(|letter| letter.id.as_str()))
    .bind(letter.map(|letter| letter.subject.as_str()))
    .bind(letter.map(|letter| letter.text.clone()))
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether a channel has something to send.
pub async fn is_due(db: &Db, channel: Channel, now: Millis) -> Result<bool> {
    let [first, second] = channels(channel);
    let row: Option<(String,)> = sql("SELECT id FROM messages
         WHERE channel IN ($1, $2) AND urgency IN (0, 1, 2, 3) AND leased_until <= $3
         AND sent_at IS NULL AND failure IS NULL LIMIT 1")
    .bind(first)
    .bind(second)
    .bind(now)
    .optional(db)
    .await?;
    Ok(row.is_some())
}

/// What goes the way of a channel.
fn channels(channel: Channel) -> [&'static str; 2] {
    match channel {
        Channel::Sms => ["sms", TO_NOBODY],
        Channel::Email => ["email", "email"],
    }
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

/// Takes what is due, the most urgent first and of that the oldest. Processes pass over each other's rows.
pub async fn lease(tx: &mut Tx, lease: &Lease, channel: Channel, most: i64, now: Millis) -> Result<Vec<Due>> {
    let mut taken = Vec::new();
    for purpose in Purpose::ALL {
        for channel in channels(channel) {
            let room = most - i64::try_from(taken.len()).unwrap_or(most);
            if room > 0 {
                taken.extend(lease_of(tx, lease, (channel, purpose), room, now).await?);
            }
        }
    }
    Ok(taken)
}

async fn lease_of(
    tx: &mut Tx,
    lease: &Lease,
    (channel, purpose): (&str, Purpose),
    most: i64,
    now: Millis,
) -> Result<Vec<Due>> {
    let mut due: Vec<Due> = taking(lease, (channel, purpose), most, now).all(tx).await?;
    due.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(due)
}

/// Reads what it takes from an index in its order, however much is due at the same moment.
pub(super) fn taking(lease: &Lease, (channel, purpose): (&str, Purpose), most: i64, now: Millis) -> Query {
    // A lease that ran out was never noted: what became of it is not known.
    sql_skipping_locked!(
        "WITH due AS MATERIALIZED (
             SELECT id FROM messages WHERE channel = $3 AND urgency = $4 AND leased_until <= $5
             AND sent_at IS NULL AND failure IS NULL ORDER BY leased_until, created_at, id LIMIT $6",
        ") UPDATE messages SET lease = $1, leased_until = $2, attempts = attempts + 1,
         doubt = CASE WHEN lease IS NULL THEN doubt ELSE 1 END
         WHERE id IN (SELECT id FROM due) RETURNING id, subscriber_id, channel, recipient, template, language, urgency, subject, text_sealed,
         created_at, expires_at, attempts, doubt"
    )
    .bind(lease.token())
    .bind(lease.until())
    .bind(channel)
    .bind(purpose.urgency())
    .bind(now)
    .bind(most)
}

/// Notes what became of a message; false when it is under `lease` no more: a worker that was taken for dead changes
/// nothing.
pub async fn note(
    tx: &mut Tx,
    lease: &Lease,
    due: &Due,
    outcome: &Outcome,
    attempts: i64,
    now: Millis,
) -> Result<bool> {
    let lease = lease.token();
    match outcome {
        Outcome::Sent { provider_id } => mark_sent(tx, lease, &due.id, provider_id.as_deref(), now).await,
        Outcome::Refused { why, address } => {
            let marked = mark_failed(tx, lease, &due.id, why, now).await?;
            if *address && marked {
                mark_unreachable(tx, due, why, now).await?;
            }
            Ok(marked)
        }
        Outcome::NotYet { why, .. } | Outcome::Doubtful { why } if due.attempts >= attempts => {
            mark_failed(tx, lease, &due.id, &format!("could not be sent: {why}"), now).await
        }
        Outcome::NotYet { after, .. } => put_off(tx, lease, due, false, *after, now).await,
        Outcome::Doubtful { .. } => put_off(tx, lease, due, true, None, now).await,
        Outcome::Changed => give_back(tx, lease, &due.id, now).await,
    }
}

/// Notes that it left; of a secret text the form with dots is kept.
async fn mark_sent(
    tx: &mut Tx,
    lease: &str,
    id: &str,
    provider_id: Option<&str>,
    now: Millis,
) -> Result<bool> {
    let marked = sql("UPDATE messages SET sent_at = $3, failure = NULL, lease = NULL, doubt = 0, provider_id = $4,
         text_sealed = CASE WHEN secret = 1 THEN shown_sealed ELSE text_sealed END WHERE id = $1 AND lease = $2")
    .bind(id)
    .bind(lease)
    .bind(now)
    .bind(provider_id)
    .execute(tx)
    .await?;
    Ok(marked > 0)
}

/// Gives up on it; of a secret text the form with dots is kept, and a letter that was kept beside it goes by e-mail.
/// False when it is under another lease.
pub async fn mark_failed(tx: &mut Tx, lease: &str, id: &str, failure: &str, now: Millis) -> Result<bool> {
    let marked = sql("UPDATE messages SET failure = $3, lease = NULL,
         text_sealed = CASE WHEN secret = 1 THEN shown_sealed ELSE text_sealed END
         WHERE id = $1 AND lease = $2 AND sent_at IS NULL")
    .bind(id)
    .bind(lease)
    .bind(failure)
    .execute(&mut *tx)
    .await?;
    if marked > 0 {
        by_mail(tx, id, now).await?;
    }
    Ok(marked > 0)
}

/// Lets it rest: 1, 2, 4 … seconds, at most 15 minutes, and at least as long as the sender asked for. What was in doubt
/// before stays so: that it was not sent this time says nothing of the time before.
async fn put_off(
    tx: &mut Tx,
    lease: &str,
    due: &Due,
    doubt: bool,
    after: Option<Millis>,
    now: Millis,
) -> Result<bool> {
    let pause = backoff::after(due.attempts).max(after.unwrap_or_default());
    let rested = sql(
        "UPDATE messages SET leased_until = $3, lease = NULL, doubt = CASE WHEN $4 = 1 THEN 1 ELSE doubt END
         WHERE id = $1 AND lease = $2 AND sent_at IS NULL",
    )
    .bind(&due.id)
    .bind(lease)
    .bind(now + pause)
    .bind(i64::from(doubt))
    .execute(tx)
    .await?;
    Ok(rested > 0)
}

/// Lets it go as if it had not been taken: it is due.
async fn give_back(tx: &mut Tx, lease: &str, id: &str, now: Millis) -> Result<bool> {
    let given = sql("UPDATE messages SET leased_until = $3, lease = NULL, attempts = attempts - 1
         WHERE id = $1 AND lease = $2 AND sent_at IS NULL")
    .bind(id)
    .bind(lease)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(given > 0)
}

/// When a message that was taken may go.
pub struct Later {
    pub id: String,
    pub at: Millis,
}

/// Lets messages go that were taken in this transaction, until later; that was no attempt.
pub async fn wait(tx: &mut Tx, later: &[Later]) -> Result<()> {
    static LATER: Shape<Later> = Shape::new(
        "later",
        &[Column::Text("id", |later| Some(&later.id)), Column::Integer("at", |later| Some(later.at))],
    );
    static WAIT: Bulk<Later> = Bulk::new(
        &LATER,
        &["id", "at"],
        "UPDATE messages SET leased_until = given.at, lease = NULL, attempts = attempts - 1
         FROM given WHERE messages.id = given.id",
    );
    let given = LATER.give(tx, later).await?;
    WAIT.execute(tx, &given).await?;
    Ok(())
}

async fn mark_unreachable(tx: &mut Tx, due: &Due, why: &str, now: Millis) -> Result<()> {
    let Some(subscriber) = due.subscriber_id.as_deref() else { return Ok(()) };
    unreachable(tx, subscriber, &due.channel, &due.recipient, why, now).await
}

/// Writes down that messages to an address come back, if it is theirs still: a mark on another is not lost to a late word
/// of an earlier one.
pub(super) async fn unreachable(
    tx: &mut Tx,
    subscriber: &str,
    channel: &str,
    address: &str,
    why: &str,
    now: Millis,
) -> Result<()> {
    sql("INSERT INTO unreachable (subscriber_id, channel, address, reason, at)
         SELECT id, $2, $3, $4, $5 FROM subscribers
         WHERE id = $1 AND $3 = CASE WHEN $2 = 'sms' THEN phone ELSE email END
         ON CONFLICT (subscriber_id, channel) DO UPDATE SET address = excluded.address,
         reason = excluded.reason, at = excluded.at")
    .bind(subscriber)
    .bind(channel)
    .bind(address)
    .bind(why)
    .bind(now)
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

impl Bounce {
    /// The address as its owner sees it.
    pub fn masked(&self) -> String {
        routes::masked(&self.channel, &self.address)
    }
}
