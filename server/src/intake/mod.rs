//! Reading recovered data in.

mod feed;
mod file;
mod findings;
mod forget;
mod inventory;
mod page;
mod people;
mod prepare;
pub mod read;
mod report;
mod room;
mod run;
pub mod source;
mod store;
pub mod tables;
#[cfg(test)]
mod tests;
mod write;

use std::sync::Arc;

use tokio::sync::Semaphore;

pub use feed::Problem;
pub use file::UNKNOWN;
pub use findings::Findings;
pub use forget::forget;
pub use page::{Page, page_of};
pub use report::{Counts, Report, Stored};

use read::thumbnail::MOST_DECODED;
use room::Room;

use crate::{
    ambient::Ambient,
    store::{
        Db, Retry,
        blobs::{BlobError, Blobs},
        keyring::Keyring,
    },
};

/// Room that decoding has for each core, where one large picture does not need more: as much as a picture of six million
/// pixels takes.
const A_CORE: u64 = 80 << 20;

/// What an import needs of the world: no incident, no web. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    pub db: Db,
    pub blobs: Blobs,
    pub keyring: Arc<Keyring>,
    pub ambient: Ambient,
    /// A turn for each core.
    processors: Arc<Semaphore>,
    /// Taken by pictures while they are decoded.
    decoding: Room,
}

/// What kept an import from its end.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error(transparent)]
    Source(#[from] source::SourceError),
    #[error("{}", explain(.0))]
    Store(#[from] crate::store::Error),
    #[error("{0}; what came before is kept: mend it and run the same import again")]
    Blob(#[from] BlobError),
    #[error("a reader stopped: {0}")]
    Reader(String),
}

impl Retry for IntakeError {
    fn retry(&self) -> bool {
        // Whose row was looked up may be erased before the row that names them is written: looked up again, it is known.
        matches!(self, IntakeError::Store(error) if error.is_retryable() || error.is_foreign_key_violation())
    }
}

fn explain(error: &crate::store::Error) -> String {
    format!("{error}; what came before is kept: mend it and run the same import again")
}

impl Intake {
    pub fn new(db: Db, blobs: Blobs, keyring: Keyring, ambient: Ambient) -> Self {
        blobs.belong_to(&db, &ambient);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let decoding = Room::of((cores as u64 * A_CORE).max(MOST_DECODED));
        let processors = Arc::new(Semaphore::new(cores));
        Self { db, blobs, keyring: Arc::new(keyring), ambient, processors, decoding }
    }
}
