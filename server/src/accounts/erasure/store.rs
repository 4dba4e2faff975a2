//! What is removed of a person, and what is kept.

use std::collections::{HashMap, HashSet};

use super::{Kept, Readmission, Standing, hash};
use crate::{
    accounts::session,
    ambient::Millis,
    archives, recovery,
    remedies::payouts::code_pool,
    store::{Bulk, Column, Db, On, Result, Shape, Tx, keyring, keys::MasterKey, sql},
};

/// Every table that knows a subscriber by id, and how their rows go. What knows them by another row goes with that.
pub(super) const ERASED: [(&str, &str); 17] = [
    ("reveals", "DELETE FROM reveals WHERE subscriber_id = $1"),
    ("messages", "DELETE FROM messages WHERE subscriber_id = $1"),
    ("message_preferences", "DELETE FROM message_preferences WHERE subscriber_id = $1"),
    ("unreachable", "DELETE FROM unreachable WHERE subscriber_id = $1"),
    ("sessions", "DELETE FROM sessions WHERE subscriber_id = $1"),
    ("codes", "DELETE FROM codes WHERE subscriber_id = $1"),
    ("code_failures", "DELETE FROM code_failures WHERE subscriber_id = $1"),
    ("known_browsers", "DELETE FROM known_browsers WHERE subscriber_id = $1"),
    ("sign_ins", "DELETE FROM sign_ins WHERE subscriber_id = $1"),
    ("app_passwords", "DELETE FROM app_passwords WHERE subscriber_id = $1"),
    // The blobs of editions go with all that the holder has, and their rows with the next cleaning.
    ("download_links", "DELETE FROM download_links WHERE subscriber_id = $1"),
    // With their history and files, whose blobs go with all that the holder has.
    ("cases", "DELETE FROM cases WHERE subscriber_id = $1"),
    ("editions", "DELETE FROM editions WHERE subscriber_id = $1"),
    ("holdings", "DELETE FROM holdings WHERE subscriber_id = $1"),
    ("items", "DELETE FROM items WHERE subscriber_id = $1"),
    ("files", "DELETE FROM files WHERE subscriber_id = $1"),
    ("keyrings", "DELETE FROM keyrings WHERE holder = $1"),
];

/// What was promised, given, and looked at stays accountable: an id, an account, no name, no phone.
#[cfg(test)]
pub(super) const KEPT: [&str; 5] = ["claims", "grants", "payout_orders", "audit", "erasures"];

pub async fn standing(on: impl Into<On<'_>>, account: &str) -> Result<Option<Standing>> {
    let (subscriber_id, files, items): (Option<String>, i64, i64) =
        sql("SELECT (SELECT id FROM subscribers WHERE account = $1),
             (SELECT COUNT(*) FROM files WHERE account = $1),
             (SELECT COUNT(*) FROM items i JOIN subscribers s ON s.id = i.subscriber_id WHERE s.account = $1)")
        .bind(account)
        .one(on)
        .await?;
    let nothing = subscriber_id.is_none() && files == 0;
    Ok((!nothing).then_some(Standing { subscriber_id, files, items }))
}

pub async fn kept(tx: &mut Tx, subscriber: Option<&str>) -> Result<Kept> {
    sql("SELECT (SELECT COUNT(*) FROM claims WHERE subscriber_id = $1) AS claims,
         (SELECT COUNT(*) FROM grants WHERE subscriber_id = $1) AS grants,
         (SELECT COUNT(*) FROM audit WHERE subscriber_id = $1) AS audit")
    .bind(subscriber)
    .one(tx)
    .await
}

/// Writes down that it is to be done; returns the erasure's id.
pub async fn begin(
    tx: &mut Tx,
    id: &str,
    hash: &[u8; 32],
    subscriber: Option<&str>,
    now: Millis,
) -> Result<String> {
    let (id,) =
        sql("INSERT INTO erasures (id, account_hash, subscriber_id, erased_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_hash) DO UPDATE SET subscriber_id = COALESCE(excluded.subscriber_id,
         erasures.subscriber_id), erased_at = excluded.erased_at, finished_at = NULL, readmitted_at = NULL
         RETURNING id")
        .bind(id)
        .bind(hash)
        .bind(subscriber)
        .bind(now)
        .one(tx)
        .await?;
    Ok(id)
}

/// Files of nobody share one key, which stays: their blobs go one by one, but for what another account's file is too.
pub async fn note_unclaimed(tx: &mut Tx, id: &str, account: &str) -> Result<()> {
    sql("INSERT INTO erasure_blobs (erasure_id, blob)
         SELECT DISTINCT CAST($1 AS TEXT), f.blob FROM files f WHERE f.account = $2 AND f.subscriber_id IS NULL
         AND NOT EXISTS (SELECT 1 FROM files o WHERE o.subscriber_id IS NULL AND o.blob = f.blob AND o.account <> $2)
         ON CONFLICT DO NOTHING")
    .bind(id)
    .bind(account)
    .execute(tx)
    .await?;
    Ok(())
}

/// Destroys the key and removes every row; ends sessions and streams in every process.
pub async fn remove(tx: &mut Tx, subscriber: Option<&str>, account: &str) -> Result<()> {
    sql("DELETE FROM files WHERE account = $1").bind(account).execute(&mut *tx).await?;
    if let Some(subscriber) = subscriber {
        archives::let_all_go(tx, subscriber).await?;
        for (_, statement) in ERASED {
            sql(statement).bind(subscriber).execute(&mut *tx).await?;
        }
        remove_late(tx, subscriber).await?;
        sql("DELETE FROM subscribers WHERE id = $1").bind(subscriber).execute(&mut *tx).await?;
        session::end_all(tx, subscriber).await?;
        keyring::raise_destroyed(tx).await?;
    }
    recovery::raise(tx).await
}

/// What an automatic run wrote of them, and what code they were given, in the moment in which they were erased: both end
/// before the erasure does, which could not see it yet.
pub async fn remove_late(tx: &mut Tx, subscriber: &str) -> Result<()> {
    code_pool::forget(tx, subscriber).await?;
    sql("DELETE FROM messages WHERE subscriber_id = $1").bind(subscriber).execute(&mut *tx).await?;
    // What was said of them by those who carry payouts out goes.
    sql("UPDATE payout_file_lines SET answer_note = ''
         WHERE order_id IN (SELECT id FROM payout_orders WHERE subscriber_id = $1)")
    .bind(subscriber)
    .execute(&mut *tx)
    .await?;
    sql("UPDATE payout_orders SET note = '' WHERE subscriber_id = $1 AND provider IN ('bill-file', 'post-file')")
        .bind(subscriber)
        .execute(&mut *tx)
        .await?;
    // A claim keeps how it was given, without the hint of an address.
    sql("UPDATE claims SET delivery_words = delivery WHERE subscriber_id = $1")
        .bind(subscriber)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn tombstone(db: &Db, hash: &[u8; 32]) -> Result<Option<Millis>> {
    let row: Option<(i64,)> =
        sql("SELECT erased_at FROM erasures WHERE account_hash = $1 AND readmitted_at IS NULL")
            .bind(hash)
            .optional(db)
            .await?;
    Ok(row.map(|(at,)| at))
}

pub async fn readmit(tx: &mut Tx, hash: &[u8; 32], now: Millis) -> Result<Readmission> {
    let finished: Option<(Option<i64>,)> =
        sql("SELECT finished_at FROM erasures WHERE account_hash = $1 AND readmitted_at IS NULL")
            .bind(hash)
            .optional(&mut *tx)
            .await?;
    match finished {
        None => return Ok(Readmission::NotErased),
        Some((None,)) => return Ok(Readmission::Unfinished),
        Some(_) => {}
    }
    sql("UPDATE erasures SET readmitted_at = $2 WHERE account_hash = $1")
        .bind(hash)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(Readmission::Admitted)
}

/// Erasures whose blobs are not all deleted, with the subscriber they were of.
pub async fn unfinished(db: &Db) -> Result<Vec<(String, Option<String>)>> {
    sql("SELECT id, subscriber_id FROM erasures WHERE finished_at IS NULL ORDER BY id").all(db).await
}

/// How many erasures from before then still have blobs to delete.
pub async fn waiting(db: &Db, before: Millis) -> Result<i64> {
    let row = sql("SELECT COUNT(*) FROM erasures WHERE finished_at IS NULL AND erased_at < $1").bind(before);
    Ok(row.one::<(i64,)>(db).await?.0)
}

/// Whoever was erased since then: an import that was under way may have put a blob of theirs meanwhile. Not who was
/// admitted again: what lies under their id is theirs anew.
pub async fn erased_since(db: &Db, since: Millis) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sql("SELECT subscriber_id FROM erasures
         WHERE erased_at >= $1 AND subscriber_id IS NOT NULL AND readmitted_at IS NULL")
    .bind(since)
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn blobs_left(db: &Db, id: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        sql("SELECT blob FROM erasure_blobs WHERE erasure_id = $1 ORDER BY blob").bind(id).all(db).await?;
    Ok(rows.into_iter().map(|(blob,)| blob).collect())
}

pub async fn blob_gone(tx: &mut Tx, id: &str, blob: &str) -> Result<()> {
    sql("DELETE FROM erasure_blobs WHERE erasure_id = $1 AND blob = $2")
        .bind(id)
        .bind(blob)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn finish(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    sql("UPDATE erasures SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether the subscriber of this id was erased once.
pub async fn has_been(db: &Db, subscriber: &str) -> Result<bool> {
    let row = sql("SELECT id FROM erasures WHERE subscriber_id = $1 LIMIT 1").bind(subscriber);
    Ok(row.optional::<(String,)>(db).await?.is_some())
}

/// Why an import takes nothing of an account in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this account was erased: nothing of it is taken in; `makegood erase ACCOUNT --readmit` lets a later import do so"
)]
pub struct Refused;

/// Whether an import must leave `account` alone.
pub async fn refused(db: &Db, root: &MasterKey, account: &str) -> Result<Option<Refused>> {
    Ok(tombstone(db, &hash(root, account)).await?.map(|_| Refused))
}

static HASHES: Shape<[u8; 32]> = Shape::new("hashes", &[Column::Bytes("hash", |hash| Some(hash))]);

/// Which of `accounts` an import must leave alone: one question for all of them.
pub async fn refused_among<'a>(
    tx: &mut Tx,
    root: &MasterKey,
    accounts: &[&'a str],
) -> Result<HashSet<&'a str>> {
    static AMONG: Bulk<[u8; 32]> = Bulk::new(
        &HASHES,
        &["hash"],
        "SELECT e.account_hash FROM given CROSS JOIN erasures e
         WHERE e.account_hash = given.hash AND e.readmitted_at IS NULL",
    );
    let any: Option<(String,)> =
        sql("SELECT id FROM erasures WHERE readmitted_at IS NULL LIMIT 1").optional(&mut *tx).await?;
    if any.is_none() {
        return Ok(HashSet::new());
    }
    let hashes: Vec<[u8; 32]> = accounts.iter().map(|account| hash(root, account)).collect();
    let given = HASHES.give(tx, &hashes).await?;
    let found: Vec<(Vec<u8>,)> = AMONG.all(tx, &given).await?;
    let found: HashSet<Vec<u8>> = found.into_iter().map(|(hash,)| hash).collect();
    let refused = accounts.iter().zip(&hashes).filter(|(_, hash)| found.contains(hash.as_slice()));
    Ok(refused.map(|(account, _)| *account).collect())
}

/// The ids that those of `accounts` had who were erased and may come in again. They get the same: by it their claims
/// and grants are known, so that nothing is given to them a second time.
pub async fn ids_again<'a>(
    tx: &mut Tx,
    root: &MasterKey,
    accounts: &[&'a str],
) -> Result<HashMap<&'a str, String>> {
    static AGAIN: Bulk<[u8; 32]> = Bulk::new(
        &HASHES,
        &["hash"],
        "SELECT e.account_hash, e.subscriber_id FROM given CROSS JOIN erasures e
         WHERE e.account_hash = given.hash AND e.readmitted_at IS NOT NULL AND e.subscriber_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM subscribers s WHERE s.id = e.subscriber_id)",
    );
    let any: Option<(String,)> =
        sql("SELECT id FROM erasures WHERE readmitted_at IS NOT NULL LIMIT 1").optional(&mut *tx).await?;
    if any.is_none() {
        return Ok(HashMap::new());
    }
    let hashes: Vec<[u8; 32]> = accounts.iter().map(|account| hash(root, account)).collect();
    let given = HASHES.give(tx, &hashes).await?;
    let found: HashMap<Vec<u8>, String> = AGAIN.all(tx, &given).await?.into_iter().collect();
    let id = |(account, hash): (&&'a str, &[u8; 32])| Some((*account, found.get(hash.as_slice())?.clone()));
    Ok(accounts.iter().zip(&hashes).filter_map(id).collect())
}
