//! The SHA-256 of a whole ZIP, for `Repr-Digest` (RFC 9530). It is known only once somebody has read it through:
//! after making an edition that is not too large, a process does so, one edition at a time. That also proves each
//! sealed chunk of it before anybody waits for it.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use futures::StreamExt;
use sha2::{Digest, Sha256};

use super::{
    editions::{self, Edition},
    send::Download,
    shelf,
};
use crate::{portal::Portal, store, transaction, web};

/// Larger ones are not read only for this: it takes about a second of a processor for each gigabyte, twice.
const LARGEST: i64 = 256 << 20;

/// Begins reading an edition through, if its digest is not known, it is not too large and nothing in it is known to
/// be damaged. While another one is read it is left for the next request.
pub fn begin(portal: &Portal, edition: &Edition) {
    if edition.sha256.is_some() || edition.damaged_at.is_some() || edition.bytes > LARGEST {
        return;
    }
    let Ok(turn) = portal.shelf.readers.clone().try_acquire_owned() else { return };
    let (portal, edition) = (portal.clone(), edition.clone());
    tokio::spawn(async move {
        let _turn = turn;
        let stopping = portal.stopping.clone();
        tokio::select! {
            () = stopping.cancelled() => {}
            read = read(&portal, &edition) => if let Err(error) = read {
                tracing::warn!(edition = edition.id, %error, "an edition could not be read through");
            },
        }
    });
}

async fn read(portal: &Portal, edition: &Edition) -> web::Result<()> {
    // It may have been read a moment ago.
    let Some(edition) = &editions::linked(portal.db()?, &edition.id).await? else { return Ok(()) };
    if edition.sha256.is_some() {
        return Ok(());
    }
    let Some(key) = portal.data_key(&edition.subscriber_id).await? else { return Ok(()) };
    let plan = shelf::plan(portal, edition, &key).await?;
    let length = plan.layout.len();
    let download = Download { portal: portal.clone(), edition: Arc::new(edition.clone()), plan, key };
    let mut frames = std::pin::pin!(download.stream(0..length));
    let mut hasher = Sha256::new();
    while let Some(frame) = frames.next().await {
        hasher.update(&frame?);
        // Whoever waits for a page comes first.
        tokio::task::yield_now().await;
    }
    let sha256: [u8; 32] = hasher.finalize().into();
    transaction!(portal.db()?, bulk |tx| -> store::Result<()> {
        editions::note_sha256(tx, &edition.id, &sha256).await
    })?;
    Ok(())
}

/// `sha-256=:…:`, once it is known (RFC 9530, 3).
pub fn repr_digest(edition: &Edition) -> Option<String> {
    edition.sha256.as_ref().map(|sha256| format!("sha-256=:{}:", STANDARD.encode(sha256)))
}
