//! The chain: each posting under a hash of itself and of the one before, in one order for all.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::store::{self, Row};
use crate::{
    portal::Portal,
    store::{Db, Error, Result, Retry},
    transaction,
};

/// How long a posting may wait for its seal.
const REST: Duration = Duration::from_secs(1);
/// Postings that are sealed in one transaction.
const AT_ONCE: i64 = 200;

/// Another process sealed at that place meanwhile: what it did is read again.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct SealError(#[from] Error);

impl Retry for SealError {
    fn retry(&self) -> bool {
        self.0.is_retryable() || self.0.is_unique_violation()
    }
}

/// Seals what is posted until the portal stops.
pub async fn run(portal: Portal) {
    while !portal.stopping.is_cancelled() {
        match step(&portal).await {
            Ok(sealed) if sealed == AT_ONCE as usize => continue,
            Ok(_) => {}
            Err(error) if error.is_outage() => {}
            Err(error) => tracing::error!(%error, "the ledger could not be sealed"),
        }
        tokio::select! {
            () = portal.stopping.cancelled() => {}
            () = tokio::time::sleep(REST) => {}
        }
    }
}

async fn step(portal: &Portal) -> Result<usize> {
    let db = portal.db()?;
    // A read, so that SQLite's one writer is not taken each second for nothing.
    if store::is_any_unsealed(db).await? { seal_some(db).await } else { Ok(0) }
}

/// Seals the next postings; how many.
pub async fn seal_some(db: &Db) -> Result<usize> {
    // Each place is taken once by its unique index: no claim is to lose a race against this.
    let sealed = transaction!(db, bulk |tx| -> std::result::Result<usize, SealError> {
        let (mut position, mut hash) = store::last_seal(tx).await?.unwrap_or_default();
        let rows = store::unsealed(tx, AT_ONCE).await?;
        let mut sealed = 0;
        for lines in rows.chunk_by(|one, two| one.id == two.id) {
            position += 1;
            hash = next_hash(&hash, lines);
            store::seal(tx, position, &lines[0].id, &hash).await?;
            sealed += 1;
        }
        Ok(sealed)
    });
    sealed.map_err(|SealError(error)| error)
}

/// SHA-256 over the hash before and every field of a posting, each behind its length.
pub fn next_hash(before: &str, lines: &[Row]) -> String {
    let mut hash = Sha256::new();
    let mut put = |field: &str| {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field);
    };
    put(before);
    if let Some(posting) = lines.first() {
        let Row { id, incident, remedy, kind, currency, grant_id, at, .. } = posting;
        for field in [id, incident, remedy, kind, currency, grant_id, &at.to_string()] {
            put(field);
        }
        // Postings without an order are hashed as they were before there were orders.
        if let Some(order) = &posting.order_id {
            put("order");
            put(order);
        }
    }
    for line in lines {
        put(&line.account);
        put(&line.amount.to_string());
    }
    hex::encode(hash.finalize())
}
