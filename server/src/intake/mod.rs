//! Reading recovered data in.

mod feed;
mod file;
mod people;
pub mod read;
mod report;
mod run;
pub mod source;
mod store;
pub mod tables;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};

pub use feed::Problem;
pub use file::UNKNOWN;
pub use report::{Counts, Report};

use crate::{
    ambient::Ambient,
    store::{
        Db, Retry,
        blobs::{BlobError, Blobs},
        keyring::Keyring,
    },
};

/// What an import needs of the world: no incident, no web. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    pub db: Db,
    pub blobs: Blobs,
    pub keyring: Arc<Keyring>,
    pub ambient: Ambient,
    /// Files of one account come together: the last answer is the next one's, most of the time.
    last_account: Arc<Mutex<LastAccount>>,
}

/// An account and the subscriber that has it, if one does.
type LastAccount = Option<(String, Option<String>)>;

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
        matches!(self, IntakeError::Store(error) if error.is_retryable())
    }
}

fn explain(error: &crate::store::Error) -> String {
    format!("{error}; what came before is kept: mend it and run the same import again")
}

impl Intake {
    pub fn new(db: Db, blobs: Blobs, keyring: Keyring, ambient: Ambient) -> Self {
        Self { db, blobs, keyring: Arc::new(keyring), ambient, last_account: Arc::default() }
    }

    fn forget_account(&self) {
        *self.last_account.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = None;
    }
}
