//! The place of a SQLite file: is the file there still the one that a connection opened?

use std::{
    os::unix::fs::MetadataExt,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Instant,
};

use futures::future::{BoxFuture, FutureExt};
use sqlx::{Connection, SqliteConnection, pool::PoolConnectionMetadata};

/// A deleted or replaced file lives on for those who have it open. What they would
/// still write into it is lost, so each connection is asked before it is used.
pub struct Place {
    path: PathBuf,
    seen: Mutex<Seen>,
}

#[derive(Clone, Copy)]
struct Seen {
    /// Device and inode; none while there is no file.
    file: Option<(u64, u64)>,
    since: Instant,
}

impl Place {
    pub fn of(path: PathBuf) -> Self {
        let seen = Seen { file: file_at(&path), since: Instant::now() };
        Self { path, seen: Mutex::new(seen) }
    }

    /// For a pool's `before_acquire`: a connection to a file that is no longer there is dropped. So is one that sqlx
    /// takes to be in a transaction still, because SQLite ended it by itself, as it does when the disk is full.
    pub fn checks(
        self: Arc<Self>,
    ) -> impl for<'c> Fn(
        &'c mut SqliteConnection,
        PoolConnectionMetadata,
    ) -> BoxFuture<'c, Result<bool, sqlx::Error>>
    + Send
    + Sync
    + 'static {
        move |connection, opened| {
            let since = self.look();
            let opened = Instant::now().checked_sub(opened.age);
            let usable = !connection.is_in_transaction() && opened.is_some_and(|opened| opened >= since);
            std::future::ready(Ok(usable)).boxed()
        }
    }

    /// Since when the file that is there now has been there, as far as was looked.
    fn look(&self) -> Instant {
        let file = file_at(&self.path);
        let mut seen = self.seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if seen.file != file {
            *seen = Seen { file, since: Instant::now() };
        }
        seen.since
    }
}

fn file_at(path: &std::path::Path) -> Option<(u64, u64)> {
    let file = std::fs::metadata(path).ok()?;
    Some((file.dev(), file.ino()))
}

#[cfg(test)]
mod tests {
    use crate::{
        store::{Db, Result, sql, testing},
        transaction,
    };

    #[tokio::test]
    async fn nothing_is_written_into_a_file_that_was_deleted() {
        let test = testing::sqlite().await;
        std::fs::remove_file(test.url.strip_prefix("sqlite://").unwrap()).unwrap();
        let outcome = transaction!(test.db, |tx| -> Result<u64> {
            sql("INSERT INTO facts (name, value) VALUES ('a', 'b')").execute(tx).await
        });
        assert!(outcome.unwrap_err().is_outage());
        let read = sql("SELECT value FROM facts").all::<(String,)>(&test.db).await;
        assert!(read.unwrap_err().is_outage());
        assert!(!std::path::Path::new(test.url.strip_prefix("sqlite://").unwrap()).exists());
    }

    #[tokio::test]
    async fn writing_goes_on_once_a_full_disk_has_room() {
        let test = testing::sqlite().await;
        let Db::Sqlite(pools) = &test.db else { unreachable!() };
        sqlx::query("PRAGMA max_page_count = 1").execute(&pools.write).await.unwrap();
        let write = async || {
            transaction!(test.db, |tx| -> Result<u64> {
                let statement = sql("INSERT INTO facts (name, value) VALUES ('a', $1)");
                statement.bind("long ".repeat(10_000)).execute(tx).await
            })
        };
        assert!(write().await.unwrap_err().to_string().contains("full"));
        write().await.unwrap();
    }
}
