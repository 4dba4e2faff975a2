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
pub const UNFINISHED: Millis = HOUR;
/// Editions that one transaction forgets, and blobs that one round removes: others wait for SQLite's one writer.
const BATCH: i64 = 200;

/// Removes what is over by now. Harmless to repeat, stop anywhere and run in any number of processes.
pub async fn clean(portal: &Portal) -> web::Result<()> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    if links::is_any_over(db, now).await? {
        transaction!(db, bulk |tx| -> Result<()> { links::clean(tx, now).await })?;
    }
    portal.blobs.sweep_spools(now).await?;
    while forget_some(db, now).await? > 0 {}
    while remove_some(portal, now).await? == BATCH as usize {}
    Ok(())
}

/// The condition on an edition `e` that is over. The newest of a part goes last: an older one that somebody still
/// downloads must not become the current one.
macro_rules! over {
    ($begin:literal, $end:literal) => {
        sql(concat!(
            $begin,
            " WHERE e.used_at < $1
             AND (EXISTS (SELECT 1 FROM editions newer WHERE newer.subscriber_id = e.subscriber_id
                  AND newer.part = e.part AND newer.number > e.number)
              OR NOT EXISTS (SELECT 1 FROM editions older WHERE older.subscriber_id = e.subscriber_id
                  AND older.part = e.part AND older.number < e.number)) ",
            $end
        ))
    };
}

/// Forgets editions that are over, with the links to them; how many.
async fn forget_some(db: &Db, now: Millis) -> Result<u64> {
    let before = now - KEPT;
    // A read, so that it never takes SQLite's one writer for nothing.
    let over: Vec<(String,)> = over!("SELECT e.id FROM editions AS e", "ORDER BY e.used_at LIMIT $2")
        .bind(before)
        .bind(BATCH)
        .all(db)
        .await?;
    if over.is_empty() {
        return Ok(0);
    }
    transaction!(db, bulk |tx| -> Result<u64> {
        let mut gone = 0;
        for (id,) in &over {
            // Unless it was downloaded since.
            let forgotten =
                over!("DELETE FROM editions AS e", "AND e.id = $2").bind(before).bind(id).execute(&mut *tx).await?;
            if forgotten > 0 {
                let_go(tx, id, now).await?;
            }
            gone += forgotten;
        }
        Ok(gone)
    })
}

/// Removes blobs without an edition; how many. The row is claimed, so that no edition can be made with the blob any
/// more; then the blob goes, then the row. Whatever is stopped in between is found by its row and done again.
async fn remove_some(portal: &Portal, now: Millis) -> web::Result<usize> {
    let db = portal.db()?;
    let orphans: Vec<(String,)> =
        sql("SELECT blob FROM edition_blobs WHERE orphaned_at <= $1 ORDER BY orphaned_at LIMIT $2")
            .bind(now)
            .bind(BATCH)
            .all(db)
            .await?;
    if orphans.is_empty() {
        return Ok(0);
    }
    let claimed = transaction!(db, bulk |tx| -> Result<Vec<&str>> {
        let mut claimed = Vec::new();
        for (blob,) in &orphans {
            if claim(tx, blob, now).await? {
                claimed.push(blob.as_str());
            }
        }
        Ok(claimed)
    })?;
    remove(portal, &claimed).await?;
    Ok(claimed.len())
}

/// Makes a blob nobody's; false when an edition has it after all.
async fn claim(tx: &mut Tx, blob: &str, now: Millis) -> Result<bool> {
    let claimed = sql("UPDATE edition_blobs SET edition_id = '' WHERE blob = $1 AND orphaned_at <= $2
         AND NOT EXISTS (SELECT 1 FROM editions WHERE editions.id = edition_blobs.edition_id)")
    .bind(blob)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(claimed > 0)
}

/// Removes blobs that no edition can have: first the bytes, then the rows that name them.
pub async fn remove(portal: &Portal, blobs: &[&str]) -> web::Result<()> {
    for blob in blobs {
        portal.blobs.delete(blob).await?;
    }
    transaction!(portal.db()?, bulk |tx| -> Result<()> {
        for blob in blobs {
            sql("DELETE FROM edition_blobs WHERE blob = $1").bind(*blob).execute(&mut *tx).await?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Keeps what was written for an edition from being removed, in the transaction that writes the edition down; how
/// many blobs that still are.
pub async fn hold(tx: &mut Tx, edition: &str) -> Result<usize> {
    let held = sql("UPDATE edition_blobs SET orphaned_at = NULL WHERE edition_id = $1").bind(edition);
    Ok(usize::try_from(held.execute(tx).await?).unwrap_or_default())
}

/// Gives what was written for an edition up: it is over, or lost its race.
pub async fn let_go(tx: &mut Tx, edition: &str, now: Millis) -> Result<()> {
    sql("UPDATE edition_blobs SET orphaned_at = $2 WHERE edition_id = $1")
        .bind(edition)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// The same for all of somebody who is being erased, before their editions are.
pub async fn let_all_go(tx: &mut Tx, subscriber: &str) -> Result<()> {
    sql("UPDATE edition_blobs SET orphaned_at = made_at
         WHERE edition_id IN (SELECT id FROM editions WHERE subscriber_id = $1)")
    .bind(subscriber)
    .execute(tx)
    .await?;
    Ok(())
}
