//! The SQL of links.

use crate::{
    accounts::Access,
    ambient::{MINUTE, Millis},
    archives::editions::Edition,
    store::{Db, Result, Tx, sql},
};

/// Its use is written down at most this often: ranges come by the hundred.
const USE_NOTED: Millis = MINUTE;

/// A link that works, as its owner sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Link {
    pub id: String,
    /// Which part its edition is of.
    pub part: String,
    /// When its edition was made.
    pub edition_at: Millis,
    pub made_at: Millis,
    pub expires_at: Millis,
    pub used_at: Option<Millis>,
}

/// The newest first.
pub async fn of_subscriber(db: &Db, access: Access<'_>, now: Millis) -> Result<Vec<Link>> {
    sql("SELECT l.id, e.part, e.made_at AS edition_at, l.made_at, l.expires_at, l.used_at
         FROM download_links l JOIN editions e ON e.id = l.edition_id
         WHERE l.subscriber_id = $1 AND l.expires_at > $2 ORDER BY l.made_at DESC, l.id DESC")
    .bind(access.id())
    .bind(now)
    .all(db)
    .await
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: &str,
    edition: &Edition,
    token: &[u8; 32],
    now: Millis,
    expires_at: Millis,
) -> Result<()> {
    sql("INSERT INTO download_links (id, subscriber_id, edition_id, token, made_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(id)
    .bind(&edition.subscriber_id)
    .bind(&edition.id)
    .bind(token)
    .bind(now)
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// What a token opens.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Opened {
    pub id: String,
    pub edition_id: String,
    pub used_at: Option<Millis>,
}

impl Opened {
    pub fn is_use_new(&self, now: Millis) -> bool {
        self.used_at.is_none_or(|used_at| now - used_at >= USE_NOTED)
    }
}

/// None for a token that is unknown, over or ended: nobody can tell which.
pub(super) async fn by_token(db: &Db, token: &[u8; 32], now: Millis) -> Result<Option<Opened>> {
    sql("SELECT id, edition_id, used_at FROM download_links WHERE token = $1 AND expires_at > $2")
        .bind(token)
        .bind(now)
        .optional(db)
        .await
}

pub(super) async fn note_use(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    sql("UPDATE download_links SET used_at = $2 WHERE id = $1").bind(id).bind(now).execute(tx).await?;
    Ok(())
}

/// Ends one. False when the person has none of this id.
pub async fn end(tx: &mut Tx, access: Access<'_>, id: &str) -> Result<bool> {
    let ended = sql("DELETE FROM download_links WHERE id = $1 AND subscriber_id = $2")
        .bind(id)
        .bind(access.id())
        .execute(tx)
        .await?;
    Ok(ended > 0)
}

/// Ends all of an account.
pub async fn end_all(tx: &mut Tx, subscriber_id: &str) -> Result<()> {
    sql("DELETE FROM download_links WHERE subscriber_id = $1").bind(subscriber_id).execute(tx).await?;
    Ok(())
}

/// A read, so that the cleaning never takes SQLite's one writer for nothing.
pub async fn is_any_over(db: &Db, now: Millis) -> Result<bool> {
    let over: Option<(String,)> =
        sql("SELECT id FROM download_links WHERE expires_at <= $1 LIMIT 1").bind(now).optional(db).await?;
    Ok(over.is_some())
}

/// Removes those that are over.
pub async fn clean(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("DELETE FROM download_links WHERE expires_at <= $1").bind(now).execute(tx).await?;
    Ok(())
}
