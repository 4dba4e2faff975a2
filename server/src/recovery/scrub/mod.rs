//! Reading every blob back in turn, so that rot is found before a subscriber meets it.
//!
//! What was read longest ago comes first, what was never read before all. Every chunk is authenticated; length,
//! CRC-32 and SHA-256 are held against the record, and the name, which is a keyed hash of the bytes, against the bytes.
//! `serve` does it slowly all the time ([`run`]), `makegood scrub` once and at full speed ([`once`]).

mod kinds;
mod pace;
mod read;
mod store;
#[cfg(test)]
mod tests;
mod worker;

use std::sync::atomic::{AtomicU64, Ordering};

pub use kinds::Kind;
pub use pace::Pace;
pub use store::{Damaged, Passes, damaged, damaged_by_category, last_pass, passes};
pub use worker::run;

use self::{
    kinds::Due,
    read::{Outcome, read_back},
};
use super::damage;
use crate::{
    ambient::{Ambient, Millis},
    store::{
        Db,
        blobs::{BlobError, Blobs},
        keyring::Keyring,
    },
};

/// Bytes that this process has read back: the metric `makegood_scrubbed_bytes_total`.
static READ: AtomicU64 = AtomicU64::new(0);

pub fn bytes_so_far() -> u64 {
    READ.load(Ordering::Relaxed)
}

/// What was written down of blobs is flushed after this many bytes.
const FLUSH: u64 = 16 << 20;

/// What a scrubber needs of the world.
#[derive(Clone, Copy)]
pub struct Scrub<'a> {
    pub db: &'a Db,
    pub blobs: &'a Blobs,
    pub keyring: &'a Keyring,
    pub ambient: &'a Ambient,
}

/// What came of reading some blobs.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    pub blobs: u64,
    pub bytes: u64,
    pub damaged: u64,
    /// They could not be read before, and can now.
    pub mended: u64,
    /// Neither read nor known to be damaged: the disk refused them.
    pub unread: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ScrubError {
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// Nothing was marked.
    #[error("the blob store does not answer as it should: {0}")]
    Away(BlobError),
}

/// Reads everything once, as fast as it can.
pub async fn once(
    scrub: Scrub<'_>,
    progress: &mut dyn FnMut(&Tally),
) -> std::result::Result<Tally, ScrubError> {
    let (mut tally, mut pace) = (Tally::default(), Pace::unbounded());
    for kind in Kind::ALL {
        let mut pass = store::begin_pass(scrub.db, kind, scrub.ambient.now()).await?;
        while scrub.batch(kind, &mut pass, &mut pace, &mut tally).await? {
            progress(&tally);
        }
        store::end_pass(scrub.db, kind, scrub.ambient.now()).await?;
    }
    Ok(tally)
}

/// How far one kind is.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Pass {
    /// The last row that was read, for kinds that are walked by their ids.
    pub cursor: String,
    pub began_at: Millis,
    /// When the last whole pass ended.
    pub ended_at: Option<Millis>,
}

impl Pass {
    /// Everything there was at its start has been read.
    pub fn is_over(&self) -> bool {
        self.ended_at.is_some_and(|ended| ended >= self.began_at)
    }
}

impl Scrub<'_> {
    /// Reads the next few blobs of a kind; false when nothing is left to read.
    async fn batch(
        &self,
        kind: Kind,
        pass: &mut Pass,
        pace: &mut Pace,
        tally: &mut Tally,
    ) -> std::result::Result<bool, ScrubError> {
        let due = kind.due(self.db, pass).await?;
        if due.is_empty() {
            return Ok(false);
        }
        let (mut read, before) = (Vec::new(), tally.bytes);
        for due in due {
            if pace.is_stopping() || !self.one(&due, pace, tally).await? {
                break;
            }
            read.push(due);
            if tally.bytes - before >= FLUSH {
                break;
            }
        }
        kind.note(self.db, pass, &read, self.ambient.now()).await?;
        Ok(!read.is_empty())
    }

    /// False when it was told to stop in between.
    async fn one(
        &self,
        due: &Due,
        pace: &mut Pace,
        tally: &mut Tally,
    ) -> std::result::Result<bool, ScrubError> {
        let Some(key) = self.keyring.get(self.db, due.holder()).await? else {
            // Erased since it was looked up, or else a key is lost: that is told and nothing is marked.
            tracing::warn!("a blob has no data key");
            tally.unread += 1;
            return Ok(true);
        };
        let outcome = match read_back(self.blobs, &key, due, pace).await {
            Outcome::Failed(error) => Outcome::Failed(self.blobs.judge(&due.blob, error).await),
            outcome => outcome,
        };
        match outcome {
            Outcome::Stopped => return Ok(false),
            Outcome::Whole(bytes) => {
                tally.bytes += bytes;
                READ.fetch_add(bytes, Ordering::Relaxed);
                let mended = due.is_marked && damage::mended(self.db, self.ambient, &due.blob).await? > 0;
                tally.mended += u64::from(mended);
            }
            Outcome::Failed(error) if error.damage().is_some() => {
                damage::found(self.db, self.ambient, &due.blob, &error).await?;
                tally.damaged += 1;
            }
            Outcome::Failed(error) => self.refused(error, tally).await?,
        }
        tally.blobs += 1;
        Ok(true)
    }

    /// A store that answers for others but refuses this one must not hold the scrubber up for ever.
    async fn refused(&self, error: BlobError, tally: &mut Tally) -> std::result::Result<(), ScrubError> {
        if !self.blobs.answers().await {
            return Err(ScrubError::Away(error));
        }
        tracing::error!(%error, "a blob can neither be read nor is known to be damaged");
        tally.unread += 1;
        Ok(())
    }
}
