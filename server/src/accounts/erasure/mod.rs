//! Erasing a person: their data key and their rows go in one transaction, their blobs after it.
//!
//! From the commit on nothing of theirs can be opened, whatever copies of the blobs there are. Deleting the blobs may
//! be interrupted: the row in `erasures` drives it to its end, by the same command again or by any `serve`.

mod store;
#[cfg(test)]
mod tests;
mod worker;

pub use store::{Refused, has_been, ids_again, refused, refused_among, waiting};
pub use worker::run;

use serde::Serialize;

use crate::{
    ambient::{Ambient, Millis},
    intake,
    store::{
        Db, Result,
        blobs::{BlobError, Blobs},
        keys::{MasterKey, hmac},
    },
    transaction,
};

/// What an erasure came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    pub files: i64,
    pub items: i64,
    /// Blobs that were deleted by this call.
    pub blobs: u64,
    /// What the ledger and the audit keep: they name the person by id and account alone.
    pub kept: Kept,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Kept {
    pub claims: i64,
    pub grants: i64,
    pub audit: i64,
}

/// What there is of an account before it is erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// None: nobody has the account, but files came in under it.
    pub subscriber_id: Option<String>,
    pub files: i64,
    pub items: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    #[error(
        "the person is erased and nothing of theirs can be opened, but their blobs are not all deleted: {0}"
    )]
    Blobs(#[from] BlobError),
}

/// What is known of `account`; none when nothing is.
pub async fn standing(db: &Db, account: &str) -> Result<Option<Standing>> {
    store::standing(db, account).await
}

/// Since when `account` is erased; none when it never was, or was admitted again.
pub async fn erased_at(db: &Db, root: &MasterKey, account: &str) -> Result<Option<Millis>> {
    store::tombstone(db, &hash(root, account)).await
}

/// Erases whoever has `account`, and what came in under it while nobody had. None when there is nothing to erase.
///
/// # Errors
/// [`EraseError::Blobs`]: the person is erased, the same again deletes what is left of their blobs.
pub async fn erase(
    db: &Db,
    blobs: &Blobs,
    root: &MasterKey,
    ambient: &Ambient,
    account: &str,
) -> std::result::Result<Option<Erased>, EraseError> {
    let (id, hash, now) = (ambient.id(), hash(root, account), ambient.now());
    let erased = transaction!(db, |tx| -> Result<Option<Erased>> {
        // Also of somebody of whom nothing came in but refusals, or who was erased before.
        intake::forget(tx, account).await?;
        let Some(standing) = store::standing(&mut *tx, account).await? else { return Ok(None) };
        let kept = store::kept(tx, standing.subscriber_id.as_deref()).await?;
        let id = store::begin(tx, &id, &hash, standing.subscriber_id.as_deref(), now).await?;
        store::note_unclaimed(tx, &id, account).await?;
        store::remove(tx, standing.subscriber_id.as_deref(), account).await?;
        Ok(Some(Erased { files: standing.files, items: standing.items, blobs: 0, kept }))
    })?;
    // Also for somebody erased before, whose blobs were left when the command was killed.
    let deleted = finish(db, blobs, ambient).await?;
    if erased.is_some() {
        db.forget_deleted().await?;
    }
    Ok(erased.map(|erased| Erased { blobs: deleted, ..erased }))
}

/// What came of letting an account in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readmission {
    Admitted,
    /// It was not erased, or is admitted already.
    NotErased,
    /// Their blobs are not all deleted. Erased a second time, the account would have but the second id to delete by.
    Unfinished,
}

/// Lets a later import take an erased account in again, under the id that it had: what was given stays given.
pub async fn readmit(db: &Db, root: &MasterKey, ambient: &Ambient, account: &str) -> Result<Readmission> {
    let (hash, now) = (hash(root, account), ambient.now());
    transaction!(db, |tx| -> Result<Readmission> { store::readmit(tx, &hash, now).await })
}

/// Deletes the blobs of everyone who was erased and has some left; returns how many.
pub async fn finish(db: &Db, blobs: &Blobs, ambient: &Ambient) -> std::result::Result<u64, EraseError> {
    let mut deleted = 0;
    for (id, subscriber) in store::unfinished(db).await? {
        // First what lies in the database, however long the blobs take.
        if let Some(subscriber) = &subscriber {
            transaction!(db, |tx| -> Result<()> { store::remove_late(tx, subscriber).await })?;
        }
        deleted += delete_blobs(db, blobs, &id, subscriber.as_deref()).await?;
        let now = ambient.now();
        transaction!(db, |tx| -> Result<()> { store::finish(tx, &id, now).await })?;
    }
    Ok(deleted)
}

async fn delete_blobs(
    db: &Db,
    blobs: &Blobs,
    id: &str,
    subscriber: Option<&str>,
) -> std::result::Result<u64, EraseError> {
    let mut deleted = 0;
    if let Some(subscriber) = subscriber {
        deleted += blobs.delete_all(subscriber).await?;
    }
    for blob in store::blobs_left(db, id).await? {
        blobs.delete(&blob).await?;
        deleted += 1;
        transaction!(db, bulk |tx| -> Result<()> { store::blob_gone(tx, id, &blob).await })?;
    }
    Ok(deleted)
}

/// By what an erased account is known again: whoever reads the table learns no account from it.
fn hash(root: &MasterKey, account: &str) -> [u8; 32] {
    hmac(&root.derive("erased"), &[account.as_bytes()])
}
