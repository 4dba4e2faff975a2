//! Taking turns at writing one SQLite file.
//!
//! SQLite's own busy handler polls, and an import that commits and begins again
//! at once starves whoever polls. An advisory lock on a file beside the
//! database wakes its waiters instead: a writer that lets go for a moment lets
//! every other process in.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
    sync::Arc,
};

use super::{Error, Result};

/// The lock file of one database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Turnstile(Arc<File>);

/// Held while writing; let go when dropped.
#[derive(Debug)]
pub struct Turn(File);

impl Turnstile {
    pub fn beside(database: &Path) -> std::io::Result<Self> {
        let mut name = database.as_os_str().to_owned();
        name.push(".turn");
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(Path::new(&name))?;
        Ok(Self(Arc::new(file)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // The lock also ends with the file; an error here changes nothing.
        let _ = self.0.unlock();
    }
}

impl Turnstile {
    /// Waits for the turn. Within a process the one write connection already
    /// keeps the order, so at most one caller of a process waits here.
    pub async fn take(&self) -> Result<Turn> {
        let file = self.0.try_clone().map_err(Error::Turn)?;
        match file.try_lock() {
            Ok(()) => Ok(Turn(file)),
            Err(TryLockError::Error(error)) => Err(Error::Turn(error)),
            Err(TryLockError::WouldBlock) => {
                tokio::task::spawn_blocking(move || file.lock().map(|()| Turn(file)))
                    .await
                    .map_err(|error| Error::Turn(std::io::Error::other(error)))?
                    .map_err(Error::Turn)
            }
        }
    }
}
