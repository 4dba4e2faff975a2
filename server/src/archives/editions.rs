//! Editions as rows.

use std::collections::HashSet;

use super::{
    Part,
    basis::{Basis, Standing},
};
use crate::{
    accounts::Access,
    ambient::{DAY, HOUR, Millis},
    store::{Db, Error, On, Result, Tx, sql},
};

/// An edition goes when nobody has downloaded it for so long.
pub const KEPT: Millis = 30 * DAY;
/// Its use is written down at most this often: ranges come by the hundred.
const USE_NOTED: Millis = HOUR;

/// An archive frozen at a date. Whoever has one may have its bytes: it is found through somebody's
/// [`Access`], or through the token of a link to it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Edition {
    pub id: String,
    pub subscriber_id: String,
    part: String,
    /// 1, 2, 3 … of its part.
    pub number: i64,
    pub made_at: Millis,
    basis: String,
    pub files: i64,
    pub bytes: i64,
    pub manifest: String,
    pub manifest_bytes: i64,
    /// Of the whole ZIP, once it is known.
    pub sha256: Option<Vec<u8>>,
    pub damaged_at: Option<Millis>,
    pub used_at: Millis,
}

impl Edition {
    pub fn part(&self) -> Result<Part> {
        Part::of_slug(&self.part).ok_or_else(|| Error::Corrupt(format!("edition of {:?}", self.part)))
    }

    pub fn basis(&self) -> Result<Basis> {
        serde_json::from_str(&self.basis).map_err(|error| Error::Corrupt(error.to_string()))
    }

    /// The strong validator of its bytes (RFC 9110, 8.8.3).
    pub fn tag(&self) -> String {
        format!("\"{}\"", self.id)
    }
}

/// A statement that reads editions: with this behind it.
macro_rules! select {
    ($rest:literal) => {
        sql(concat!(
            "SELECT id, subscriber_id, part, number, made_at, basis, files, bytes, manifest, manifest_bytes, sha256,
             damaged_at, used_at FROM editions ",
            $rest
        ))
    };
}

/// One of a person's editions, by its id; none for anybody else's.
pub async fn find(db: &Db, access: Access<'_>, id: &str) -> Result<Option<Edition>> {
    select!("WHERE id = $1 AND subscriber_id = $2").bind(id).bind(access.id()).optional(db).await
}

/// The edition that somebody's link leads to.
pub async fn linked(db: &Db, id: &str) -> Result<Option<Edition>> {
    select!("WHERE id = $1").bind(id).optional(db).await
}

/// The edition that a part's address serves: the newest.
pub async fn current(on: impl Into<On<'_>>, access: Access<'_>, part: Part) -> Result<Option<Edition>> {
    select!("WHERE subscriber_id = $1 AND part = $2 ORDER BY number DESC LIMIT 1")
        .bind(access.id())
        .bind(part.slug())
        .optional(on)
        .await
}

/// All that are kept of a person's, the newest first.
pub async fn all(db: &Db, access: Access<'_>) -> Result<Vec<Edition>> {
    select!("WHERE subscriber_id = $1 ORDER BY made_at DESC, number DESC").bind(access.id()).all(db).await
}

/// Those current editions, one of each part, that no longer hold what a new one would; with how things stand now.
pub fn stale<'a>(kept: &'a [Edition], standings: &[Standing]) -> Result<Vec<(&'a Edition, Basis)>> {
    let (mut seen, mut stale) = (HashSet::new(), Vec::new());
    for edition in kept.iter().filter(|edition| seen.insert(edition.part.as_str())) {
        let now = Basis::of(standings, edition.part()?);
        if edition.damaged_at.is_some() || edition.basis()? != now {
            stale.push((edition, now));
        }
    }
    Ok(stale)
}

/// What is to be written down of a new edition.
pub struct NewEdition<'a> {
    pub id: &'a str,
    pub part: Part,
    pub number: i64,
    pub made_at: Millis,
    pub basis: &'a Basis,
    pub files: i64,
    pub bytes: i64,
    pub manifest: &'a str,
    pub manifest_bytes: i64,
}

/// Writes an edition down. False when another one has its number already: of those who race, one wins.
pub async fn insert(tx: &mut Tx, access: Access<'_>, new: &NewEdition<'_>) -> Result<bool> {
    let basis = serde_json::to_string(new.basis).map_err(|error| Error::Corrupt(error.to_string()))?;
    let written =
        sql("INSERT INTO editions (id, subscriber_id, part, number, made_at, basis, files, bytes, manifest,
         manifest_bytes, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (subscriber_id, part, number) DO NOTHING")
        .bind(new.id)
        .bind(access.id())
        .bind(new.part.slug())
        .bind(new.number)
        .bind(new.made_at)
        .bind(basis)
        .bind(new.files)
        .bind(new.bytes)
        .bind(new.manifest)
        .bind(new.manifest_bytes)
        .bind(new.made_at)
        .execute(tx)
        .await?;
    Ok(written > 0)
}

/// Whether a use `now` is worth a write.
pub fn is_use_new(edition: &Edition, now: Millis) -> bool {
    now - edition.used_at >= USE_NOTED
}

pub async fn note_use(tx: &mut Tx, edition: &str, now: Millis) -> Result<()> {
    sql("UPDATE editions SET used_at = $2 WHERE id = $1 AND used_at < $2")
        .bind(edition)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that bytes of it cannot be read; the first time counts.
pub async fn note_damage(tx: &mut Tx, edition: &str, now: Millis) -> Result<()> {
    sql("UPDATE editions SET damaged_at = $2 WHERE id = $1 AND damaged_at IS NULL")
        .bind(edition)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn note_sha256(tx: &mut Tx, edition: &str, sha256: &[u8; 32]) -> Result<()> {
    sql("UPDATE editions SET sha256 = $2 WHERE id = $1").bind(edition).bind(sha256).execute(tx).await?;
    Ok(())
}
