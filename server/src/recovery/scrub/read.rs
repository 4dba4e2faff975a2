//! Reading one blob back whole.

use futures::StreamExt;
use sha2::{Digest, Sha256};

use super::{Pace, kinds::Due};
use crate::store::{
    blobs::{BlobError, Blobs},
    keys::DataKey,
};

/// A blob counts as at least so many bytes: a small one costs the store and the database as much as that.
const LEAST: usize = 16 * 1024;

pub enum Outcome {
    /// So many bytes, each as it should be.
    Whole(u64),
    Failed(BlobError),
    /// Told to stop in between.
    Stopped,
}

/// Authenticates every chunk and holds the bytes against what is known of them, in flat memory.
pub async fn read_back(blobs: &Blobs, key: &DataKey, due: &Due, pace: &mut Pace) -> Outcome {
    let length = match due.bytes {
        Some(bytes) => bytes.unsigned_abs(),
        None => match blobs.length(&due.blob).await {
            Ok(length) => length,
            Err(error) => return Outcome::Failed(error),
        },
    };
    let (mut crc32, mut sha256, mut name) = (crc32fast::Hasher::new(), Sha256::new(), key.naming());
    let mut left = LEAST;
    let mut chunks = std::pin::pin!(blobs.read(&due.blob, key, length));
    while let Some(chunk) = chunks.next().await {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => return Outcome::Failed(error),
        };
        crc32.update(&chunk);
        sha256.update(&chunk);
        name.update(&chunk);
        left = left.saturating_sub(chunk.len());
        pace.spend(chunk.len()).await;
        if pace.is_stopping() {
            return Outcome::Stopped;
        }
    }
    pace.spend(left).await;
    let same = due.crc32.is_none_or(|known| known == i64::from(crc32.finalize()))
        && due.sha256.as_ref().is_none_or(|known| known.as_slice() == sha256.finalize().as_slice())
        && due.name() == name.finish();
    if same { Outcome::Whole(length) } else { Outcome::Failed(BlobError::Content) }
}
