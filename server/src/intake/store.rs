//! The import's SQL.

use sha2::{Digest, Sha256};

use super::{
    file::{NewItem, Prepared},
    read::Found,
};
use crate::{
    ambient::{Ambient, Millis},
    store::{Db, Result, Tx, sql},
};

/// A file that is there already.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Known {
    pub reason: Option<String>,
    pub blob: String,
    /// Its stored bytes could not be read.
    pub damaged_at: Option<Millis>,
    /// They were written anew by this import.
    #[sqlx(skip)]
    pub mended: bool,
}

pub async fn subscriber_id(db: &Db, account: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        sql("SELECT id FROM subscribers WHERE account = $1").bind(account).optional(db).await?;
    Ok(row.map(|(id,)| id))
}

pub async fn known(db: &Db, file: &Prepared) -> Result<Option<Known>> {
    sql("SELECT reason, blob, damaged_at FROM files
         WHERE account = $1 AND category = $2 AND path = $3 AND sha256 = $4")
    .bind(&file.account)
    .bind(file.category)
    .bind(&file.path)
    .bind(&file.sha256)
    .optional(db)
    .await
}

/// Writes a file down; none when it was there already.
pub async fn insert_file(
    tx: &mut Tx,
    ambient: &Ambient,
    run: &str,
    file: &Prepared,
    blob: &str,
    reason: Option<&str>,
) -> Result<Option<String>> {
    let id = ambient.id();
    let inserted =
        sql("INSERT INTO files (id, subscriber_id, account, category, path, sha256, crc32, bytes, blob,
         modified_at, reason, run_id, imported_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (account, category, path, sha256) DO NOTHING")
        .bind(&id)
        .bind(file.subscriber_id.clone())
        .bind(&file.account)
        .bind(file.category)
        .bind(&file.path)
        .bind(&file.sha256)
        .bind(i64::from(file.crc32))
        .bind(file.bytes)
        .bind(blob)
        .bind(file.modified_at)
        .bind(reason)
        .bind(run)
        .bind(ambient.now())
        .execute(tx)
        .await?;
    Ok((inserted > 0).then_some(id))
}

/// What was superseded: how many files, how many of them in quarantine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Superseded {
    pub files: i64,
    pub quarantined: i64,
}

/// The same path with other bytes takes the earlier version's place; that one is kept.
pub async fn supersede(tx: &mut Tx, file: &Prepared, now: Millis) -> Result<Superseded> {
    let rows: Vec<(Option<String>,)> =
        sql("UPDATE files SET superseded_at = $5 WHERE account = $1 AND category = $2 AND path = $3
             AND sha256 <> $4 AND superseded_at IS NULL RETURNING reason")
        .bind(&file.account)
        .bind(file.category)
        .bind(&file.path)
        .bind(&file.sha256)
        .bind(now)
        .all(tx)
        .await?;
    let quarantined = rows.iter().filter(|(reason,)| reason.is_some()).count() as i64;
    Ok(Superseded { files: rows.len() as i64, quarantined })
}

/// A version that had been superseded is the current one again.
pub async fn revive(tx: &mut Tx, file: &Prepared) -> Result<bool> {
    let revived =
        sql("UPDATE files SET superseded_at = NULL WHERE account = $1 AND category = $2 AND path = $3
         AND sha256 = $4 AND superseded_at IS NOT NULL")
        .bind(&file.account)
        .bind(file.category)
        .bind(&file.path)
        .bind(&file.sha256)
        .execute(tx)
        .await?;
    Ok(revived > 0)
}

/// What lay unclaimed because the account was not known is claimed now.
pub async fn claim_unclaimed(tx: &mut Tx, file: &Prepared, now: Millis) -> Result<()> {
    sql("UPDATE files SET superseded_at = $4 WHERE account = $1 AND category = 'unknown' AND path = $2
         AND sha256 = $3 AND subscriber_id IS NULL AND superseded_at IS NULL")
    .bind(&file.account)
    .bind(format!("{}/{}", file.category, file.path))
    .bind(&file.sha256)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// What a batch adds to one subscriber's category.
#[derive(Clone, Copy, Debug, Default)]
pub struct Delta {
    pub files: i64,
    pub quarantined: i64,
    pub items: i64,
}

pub async fn add_to_holding(
    tx: &mut Tx,
    subscriber: &str,
    category: &str,
    delta: Delta,
    now: Millis,
) -> Result<()> {
    sql("INSERT INTO holdings (subscriber_id, category, files, quarantined, items, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (subscriber_id, category) DO UPDATE SET files = holdings.files + excluded.files,
         quarantined = holdings.quarantined + excluded.quarantined, items = holdings.items + excluded.items,
         changed_at = excluded.changed_at")
    .bind(subscriber)
    .bind(category)
    .bind(delta.files)
    .bind(delta.quarantined)
    .bind(delta.items)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Two finds are one item when they share a UID, or have no UID and the same content.
fn identity(found: &Found) -> [u8; 32] {
    match &found.uid {
        Some(uid) => Sha256::new().chain_update(b"uid\0").chain_update(uid.as_bytes()).finalize().into(),
        None => Sha256::new().chain_update(b"content\0").chain_update(found.digest).finalize().into(),
    }
}

/// Takes an item in. True when it was not known before.
pub async fn put_item(
    tx: &mut Tx,
    ambient: &Ambient,
    subscriber: &str,
    category: &str,
    file_id: &str,
    item: &NewItem,
) -> Result<bool> {
    let (found, identity) = (&item.found, identity(&item.found));
    let details = details(found)?;
    let (thumbnail, thumbnail_bytes) = item.thumbnail.clone().unzip();
    let inserted =
        sql("INSERT INTO items (id, subscriber_id, category, identity, digest, revised_at, title, sort,
         search, at, details, body, file_id, thumbnail, thumbnail_bytes, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (subscriber_id, category, identity) DO NOTHING")
        .bind(ambient.id())
        .bind(subscriber)
        .bind(category)
        .bind(&identity)
        .bind(&found.digest)
        .bind(found.revised_at)
        .bind(&found.title)
        .bind(&found.sort)
        .bind(&found.search)
        .bind(found.at)
        .bind(details)
        .bind(&found.body)
        .bind(file_id)
        .bind(thumbnail)
        .bind(thumbnail_bytes)
        .bind(ambient.now())
        .execute(tx)
        .await?;
    if inserted == 0 && found.uid.is_some() {
        put_version(tx, subscriber, category, &identity, file_id, found, ambient.now()).await?;
    }
    Ok(inserted > 0)
}

fn details(found: &Found) -> Result<String> {
    serde_json::to_string(&found.details).map_err(|error| crate::store::Error::Corrupt(error.to_string()))
}

#[derive(sqlx::FromRow)]
struct Shown {
    id: String,
    digest: Vec<u8>,
    revised_at: Option<i64>,
}

/// Another find of an item with a UID: the newest is shown, the others are kept.
async fn put_version(
    tx: &mut Tx,
    subscriber: &str,
    category: &str,
    identity: &[u8; 32],
    file_id: &str,
    found: &Found,
    now: Millis,
) -> Result<()> {
    let shown: Shown = sql("SELECT id, digest, revised_at FROM items
         WHERE subscriber_id = $1 AND category = $2 AND identity = $3")
    .bind(subscriber)
    .bind(category)
    .bind(identity)
    .one(&mut *tx)
    .await?;
    if shown.digest == found.digest {
        return Ok(());
    }
    let seen: Option<(String,)> = sql("SELECT item_id FROM versions WHERE item_id = $1 AND digest = $2")
        .bind(&shown.id)
        .bind(&found.digest)
        .optional(&mut *tx)
        .await?;
    if seen.is_some() {
        return Ok(());
    }
    // Without a date of its own the one that came later is the newer.
    if found.revised_at.is_some() && found.revised_at < shown.revised_at {
        keep_version(tx, &shown.id, file_id, found, now).await
    } else {
        show_version(tx, &shown.id, file_id, found, now).await
    }
}

async fn keep_version(tx: &mut Tx, item: &str, file_id: &str, found: &Found, now: Millis) -> Result<()> {
    sql("INSERT INTO versions (item_id, digest, revised_at, title, body, file_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (item_id, digest) DO NOTHING")
    .bind(item)
    .bind(&found.digest)
    .bind(found.revised_at)
    .bind(&found.title)
    .bind(&found.body)
    .bind(file_id)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

async fn show_version(tx: &mut Tx, item: &str, file_id: &str, found: &Found, now: Millis) -> Result<()> {
    sql("INSERT INTO versions (item_id, digest, revised_at, title, body, file_id, created_at)
         SELECT id, digest, revised_at, title, body, file_id, $2 FROM items WHERE id = $1
         ON CONFLICT (item_id, digest) DO NOTHING")
    .bind(item)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    sql("UPDATE items SET digest = $2, revised_at = $3, title = $4, sort = $5, search = $6, at = $7, details = $8,
         body = $9, file_id = $10 WHERE id = $1")
    .bind(item)
    .bind(&found.digest)
    .bind(found.revised_at)
    .bind(&found.title)
    .bind(&found.sort)
    .bind(&found.search)
    .bind(found.at)
    .bind(details(found)?)
    .bind(&found.body)
    .bind(file_id)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn begin_run(tx: &mut Tx, id: &str, source: &str, now: Millis) -> Result<()> {
    sql("INSERT INTO runs (id, source, started_at, beat_at) VALUES ($1, $2, $3, $3)")
        .bind(id)
        .bind(source)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn beat(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    sql("UPDATE runs SET beat_at = $2 WHERE id = $1").bind(id).bind(now).execute(tx).await?;
    Ok(())
}

pub async fn finish_run(tx: &mut Tx, id: &str, report: &str, now: Millis) -> Result<()> {
    sql("UPDATE runs SET beat_at = $3, finished_at = $3, report = $2 WHERE id = $1")
        .bind(id)
        .bind(report)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
