//! Removing editions that nobody has downloaded for a month, links that are over, and every blob that was written for an edition
//! that is not there: cleaned up, erased, or never finished by a process that was killed.

use super::{editions::KEPT, links};
use crate::{
    ambient::{HOUR, Millis},
    portal::Portal,
    store::{Db, Result, Tx, sql},
    transaction, web,
};

/// What has no edition after so long never gets one.
const UNFINISHED: Millis = HOUR;
/// Blobs that one round removes.
const BATCH: i64 = 200;

#[derive(sqlx::FromRow)]
struct Orphan {
    blob: String,
}

/// Removes what is over by now. Harmless to repeat, stop anywhere and run in any number of processes.
pub async fn clean(portal: &Portal) -> web::Result<()> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    if is_any_over(db, now).await? {
        transaction!(db, bulk |tx| -> Result<()> {
            links::clean(tx, now).await?;
            forget_editions(tx, now).await
        })?;
    }
    loop {
        let orphans = orphans(db, now).await?;
        remove(portal, &orphans).await?;
        if orphans.len() < BATCH as usize {
            return Ok(());
        }
    }
}

/// A read, so that it never takes SQLite's one writer for nothing.
async fn is_any_over(db: &Db, now: Millis) -> Result<bool> {
    let row: Option<(String,)> = sql("SELECT id FROM editions WHERE used_at < $1
         UNION ALL SELECT id FROM download_links WHERE expires_at <= $2 LIMIT 1")
    .bind(now - KEPT)
    .bind(now)
    .optional(db)
    .await?;
    Ok(row.is_some())
}

/// Links to them go along.
async fn forget_editions(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("DELETE FROM editions WHERE used_at < $1").bind(now - KEPT).execute(tx).await?;
    Ok(())
}

async fn orphans(db: &Db, now: Millis) -> Result<Vec<Orphan>> {
    sql("SELECT blob FROM edition_blobs WHERE made_at < $1
         AND NOT EXISTS (SELECT 1 FROM editions WHERE editions.id = edition_blobs.edition_id)
         ORDER BY blob LIMIT $2")
    .bind(now - UNFINISHED)
    .bind(BATCH)
    .all(db)
    .await
}

/// First the bytes, then the row that names them.
async fn remove(portal: &Portal, orphans: &[Orphan]) -> web::Result<()> {
    for orphan in orphans {
        portal.blobs.delete(&orphan.blob).await?;
        transaction!(portal.db()?, bulk |tx| -> Result<()> {
            sql("DELETE FROM edition_blobs WHERE blob = $1").bind(&orphan.blob).execute(tx).await?;
            Ok(())
        })?;
    }
    Ok(())
}

/// How many blobs are written down for an edition.
pub async fn blobs_of(tx: &mut Tx, edition: &str) -> Result<usize> {
    let (count,): (i64,) =
        sql("SELECT COUNT(*) FROM edition_blobs WHERE edition_id = $1").bind(edition).one(tx).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Removes the blobs of an edition that lost its race.
pub async fn drop_blobs(portal: &Portal, edition: &str) -> web::Result<()> {
    let blobs: Vec<Orphan> =
        sql("SELECT blob FROM edition_blobs WHERE edition_id = $1").bind(edition).all(portal.db()?).await?;
    remove(portal, &blobs).await
}
