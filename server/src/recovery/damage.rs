//! Stored bytes that cannot be read any more: marked, so that nobody is promised them, and unmarked once they can.
//!
//! Whoever streams a blob to somebody tells [`found`] what ended the stream. A mark is no last word: the scrubber
//! looks again, and what was restored from a backup, or imported again, loses it ([`mended`]).

use std::sync::atomic::{AtomicU64, Ordering};

use super::store as recovery;
use crate::{
    ambient::{Ambient, Millis},
    store::{
        Db, Result, Tx,
        blobs::{BlobError, UNCLAIMED},
        sql,
    },
    transaction,
};

/// Blobs found damaged by this process: the metric `makegood_damaged_blobs_total`.
static FOUND: AtomicU64 = AtomicU64::new(0);

pub fn found_so_far() -> u64 {
    FOUND.load(Ordering::Relaxed)
}

/// Marks every file whose bytes `blob` are, when `what` says that they are damaged; an outage marks nothing. A damaged
/// thumbnail is forgotten: its picture is shown as a tile. An edition whose own bytes are damaged is offered anew. Returns how many files were marked now; repeating it is
/// harmless.
pub async fn found(db: &Db, ambient: &Ambient, blob: &str, what: &BlobError) -> Result<u64> {
    let Some(damage) = what.damage() else { return Ok(0) };
    let now = ambient.now();
    let (files, others) = transaction!(db, |tx| -> Result<(u64, u64)> {
        let files = mark(tx, blob, damage, now).await?;
        let others = forget_thumbnail(tx, blob).await? + mark_edition(tx, blob, now).await?;
        if files > 0 {
            recount(tx, blob, now).await?;
        }
        Ok((files, others))
    })?;
    if files + others > 0 {
        FOUND.fetch_add(1, Ordering::Relaxed);
        tracing::error!(files, others, damage, "stored bytes are damaged");
    }
    Ok(files)
}

/// Takes the mark away from every file whose bytes `blob` are, after they were read or written whole. Returns how many
/// had one.
pub async fn mended(db: &Db, ambient: &Ambient, blob: &str) -> Result<u64> {
    let now = ambient.now();
    transaction!(db, |tx| -> Result<u64> { unmark(tx, blob, now).await })
}

/// The same as part of a transaction.
pub async fn unmark(tx: &mut Tx, blob: &str, now: Millis) -> Result<u64> {
    const OWN: &str = "UPDATE files SET damaged_at = NULL, damage = NULL, checked_at = $3
         WHERE subscriber_id = $1 AND blob = $2 AND damaged_at IS NOT NULL";
    const UNKNOWN: &str = "UPDATE files SET damaged_at = NULL, damage = NULL, checked_at = $3
         WHERE subscriber_id IS NULL AND $1 = 'unclaimed' AND blob = $2 AND damaged_at IS NOT NULL";
    let holder = holder(blob);
    let statement = if holder == UNCLAIMED { UNKNOWN } else { OWN };
    let files = sql(statement).bind(holder).bind(blob).bind(now).execute(&mut *tx).await?;
    if files > 0 {
        recount(tx, blob, now).await?;
    }
    Ok(files)
}

async fn mark(tx: &mut Tx, blob: &str, damage: &str, now: Millis) -> Result<u64> {
    const OWN: &str = "UPDATE files SET damaged_at = $3, damage = $4
         WHERE subscriber_id = $1 AND blob = $2 AND damaged_at IS NULL";
    const UNKNOWN: &str = "UPDATE files SET damaged_at = $3, damage = $4
         WHERE subscriber_id IS NULL AND $1 = 'unclaimed' AND blob = $2 AND damaged_at IS NULL";
    let holder = holder(blob);
    let statement = if holder == UNCLAIMED { UNKNOWN } else { OWN };
    sql(statement).bind(holder).bind(blob).bind(now).bind(damage).execute(tx).await
}

async fn forget_thumbnail(tx: &mut Tx, blob: &str) -> Result<u64> {
    sql("UPDATE items SET thumbnail = NULL, thumbnail_bytes = NULL
         WHERE subscriber_id = $1 AND category = 'photos' AND thumbnail = $2")
    .bind(holder(blob))
    .bind(blob)
    .execute(tx)
    .await
}

/// The edition that the blob was written for.
async fn mark_edition(tx: &mut Tx, blob: &str, now: Millis) -> Result<u64> {
    sql("UPDATE editions SET damaged_at = $2 WHERE damaged_at IS NULL
         AND id IN (SELECT edition_id FROM edition_blobs WHERE blob = $1)")
    .bind(blob)
    .bind(now)
    .execute(tx)
    .await
}

/// A blob's name begins with whose it is.
fn holder(blob: &str) -> &str {
    blob.split('/').next().unwrap_or_default()
}

/// Counts anew what the categories of the blob's holder have damaged. A card, an entry or a note lives on as a row when
/// its file rots; a photo is its bytes, and is not recovered while they cannot be read.
async fn recount(tx: &mut Tx, blob: &str, now: Millis) -> Result<()> {
    sql("UPDATE holdings SET changed_at = $3,
         damaged_files = (SELECT COUNT(*) FROM files f WHERE f.subscriber_id = $1 AND f.category = holdings.category
             AND f.damaged_at IS NOT NULL),
         damaged_items = CASE WHEN category = 'photos' THEN (SELECT COUNT(*) FROM items i JOIN files f ON f.id = i.file_id
             WHERE i.subscriber_id = $1 AND i.category = 'photos' AND f.damaged_at IS NOT NULL) ELSE 0 END
         WHERE subscriber_id = $1
         AND category IN (SELECT category FROM files WHERE subscriber_id = $1 AND blob = $2)")
    .bind(holder(blob))
    .bind(blob)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    recovery::raise(tx).await
}

#[cfg(test)]
mod tests;
