//! Stored bytes that turn out to be unreadable, before they are promised or after.

use super::editions::{self, Edition};
use crate::{
    portal::Portal,
    recovery::damage,
    store::{self, blobs::BlobError},
    transaction,
};

/// Whether the bytes themselves are gone or changed, as against not to be had just now.
pub fn is_damage(error: &BlobError) -> bool {
    error.damage().is_some()
}

/// Writes down that a blob is gone: its files are named from now on and not promised.
pub async fn found(portal: &Portal, blob: &str, error: &BlobError) -> store::Result<()> {
    damage::found(portal.db()?, &portal.ambient, blob, error).await.map(drop)
}

/// A download met it: the edition holds a file that cannot be read. The connection is about to end, so that
/// what goes wrong here is for the log. Returns the error for what it is.
pub async fn met(portal: &Portal, edition: &Edition, blob: &str, error: BlobError) -> BlobError {
    let error = portal.blobs.judge(blob, error).await;
    tracing::error!(edition = edition.id, %error, "a download ended: stored bytes could not be read");
    if is_damage(&error)
        && let Err(error) = note(portal, edition, blob, &error).await
    {
        tracing::error!(edition = edition.id, %error, "damage could not be written down");
    }
    error
}

async fn note(portal: &Portal, edition: &Edition, blob: &str, error: &BlobError) -> store::Result<()> {
    found(portal, blob, error).await?;
    transaction!(portal.db()?, bulk |tx| -> store::Result<()> {
        editions::note_damage(tx, &edition.id, portal.ambient.now()).await
    })
}
