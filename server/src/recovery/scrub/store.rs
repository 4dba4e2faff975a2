//! Where the scrubber is, who is at it, and what is damaged.

use super::{Kind, Pass};
use crate::{
    ambient::{MINUTE, Millis},
    store::{Db, Result, Tx, sql},
    transaction,
};

/// A process that has not been heard of for this long is not at it any more.
const LEASE: Millis = 2 * MINUTE;

pub async fn pass(db: &Db, kind: Kind) -> Result<Option<Pass>> {
    sql("SELECT cursor, began_at, ended_at FROM scrubs WHERE kind = $1").bind(kind.slug()).optional(db).await
}

/// Begins at the beginning.
pub async fn begin_pass(db: &Db, kind: Kind, now: Millis) -> Result<Pass> {
    transaction!(db, |tx| -> Result<Pass> {
        sql("INSERT INTO scrubs (kind, cursor, began_at, leased_until, lease) VALUES ($1, '', $2, 0, '')
             ON CONFLICT (kind) DO UPDATE SET cursor = '', began_at = excluded.began_at")
        .bind(kind.slug())
        .bind(now)
        .execute(&mut *tx)
        .await?;
        sql("SELECT cursor, began_at, ended_at FROM scrubs WHERE kind = $1").bind(kind.slug()).one(tx).await
    })
}

pub async fn end_pass(db: &Db, kind: Kind, now: Millis) -> Result<()> {
    transaction!(db, |tx| -> Result<()> {
        sql("UPDATE scrubs SET ended_at = $2 WHERE kind = $1")
            .bind(kind.slug())
            .bind(now)
            .execute(tx)
            .await?;
        Ok(())
    })
}

/// Whether `who` is to scrub now: one process at a time, and another once it is gone.
pub async fn lease(db: &Db, who: &str, now: Millis) -> Result<bool> {
    let held: Option<(String, i64)> =
        sql("SELECT lease, leased_until FROM scrubs WHERE kind = 'lease'").optional(db).await?;
    match held {
        // Written anew now and then, not for each batch.
        Some((holder, until)) if holder == who && until > now + LEASE / 2 => return Ok(true),
        Some((holder, until)) if holder != who && until > now => return Ok(false),
        _ => {}
    }
    transaction!(db, |tx| -> Result<bool> { take_lease(tx, who, now).await })
}

async fn take_lease(tx: &mut Tx, who: &str, now: Millis) -> Result<bool> {
    let taken = sql(
        "INSERT INTO scrubs (kind, cursor, began_at, leased_until, lease) VALUES ('lease', '', 0, $3, $1)
         ON CONFLICT (kind) DO UPDATE SET leased_until = excluded.leased_until, lease = excluded.lease
         WHERE scrubs.lease = $1 OR scrubs.leased_until <= $2",
    )
    .bind(who)
    .bind(now)
    .bind(now + LEASE)
    .execute(tx)
    .await?;
    Ok(taken > 0)
}

/// For `doctor` and the metrics: how long ago everything had been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passes {
    /// When the last whole pass over every kind ended.
    pub ended_at: Option<Millis>,
    /// Files that were never read back.
    pub never_read: i64,
}

/// When the last whole pass over every kind ended; none before the first.
pub async fn last_pass(db: &Db) -> Result<Option<Millis>> {
    let mut oldest = Some(Millis::MAX);
    for kind in Kind::ALL {
        let ended = pass(db, kind).await?.and_then(|pass| pass.ended_at);
        oldest = oldest.zip(ended).map(|(one, other)| one.min(other));
    }
    Ok(oldest)
}

pub async fn passes(db: &Db) -> Result<Passes> {
    let ended_at = last_pass(db).await?;
    let (never_read,) = sql("SELECT COUNT(*) FROM files WHERE checked_at IS NULL").one(db).await?;
    Ok(Passes { ended_at, never_read })
}

/// How many files of each category are damaged.
pub async fn damaged_by_category(db: &Db) -> Result<Vec<(String, i64)>> {
    sql("SELECT category, COUNT(*) FROM files WHERE damaged_at IS NOT NULL GROUP BY category ORDER BY category")
        .all(db)
        .await
}

/// A damaged file as an operator needs it to bring its bytes back.
#[derive(Clone, Debug, serde::Serialize, sqlx::FromRow)]
pub struct Damaged {
    pub account: String,
    pub category: String,
    pub path: String,
    pub blob: String,
    pub damage: String,
}

/// At most `limit` of them.
pub async fn damaged(db: &Db, limit: i64) -> Result<Vec<Damaged>> {
    sql("SELECT account, category, path, blob, COALESCE(damage, '') AS damage FROM files
         WHERE damaged_at IS NOT NULL ORDER BY account, category, path LIMIT $1")
    .bind(limit)
    .all(db)
    .await
}
