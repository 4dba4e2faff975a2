//! Which blob store is whose. A store bears a mark with a random name in it, and the database keeps the same: where
//! they differ, or the mark is gone, the store is another one or not mounted. Then nothing is written into it, nothing is
//! deleted from it, and that a blob is not found there says nothing about the blob.

use bytes::Bytes;
use futures::StreamExt;
use object_store::path::Path;

use super::{
    Db, On, Result as StoreResult, Retry, Tx,
    blobs::{BlobError, Blobs},
    sql,
};
use crate::{ambient::Ambient, transaction};

/// What bears the mark: an object in every store that holds blobs.
pub const MARKER: &str = "makegood-blobs";

impl Retry for BlobError {
    fn retry(&self) -> bool {
        matches!(self, BlobError::Book(error) if error.is_retryable())
    }
}

impl Blobs {
    /// Says in which database the store's mark is kept. Nothing is written before.
    pub fn belong_to(&self, db: &Db, ambient: &Ambient) {
        // A second call would only name the same database again.
        let _ = self.owner.set((db.clone(), ambient.clone()));
    }

    /// Makes sure that the store is the database's own: before anything is written. At the first write of a database the
    /// two are made each other's.
    pub async fn mark(&self) -> Result<(), BlobError> {
        if let Some(mark) = self.marked.get() {
            // A folder may be unmounted under a process; a bucket is not.
            return if self.folder().is_some() { self.bears(mark).await } else { Ok(()) };
        }
        let known = async || {
            let (db, ambient) = self.owner.get().ok_or(super::Error::Unavailable)?;
            let mark = match kept(db).await? {
                Some(mark) => mark,
                None => self.first(db, ambient).await?,
            };
            self.bears(&mark).await.map(|()| mark)
        };
        self.marked.get_or_try_init(known).await.map(|_| ())
    }

    /// The first write of a database. A mark that is there is adopted: the database may be older than it, from a backup.
    /// Two processes end with one mark, for the second waits for the first one's row.
    async fn first(&self, db: &Db, ambient: &Ambient) -> Result<String, BlobError> {
        let there = self.marker().await?;
        if there.is_none() && has_files(db).await? && self.is_empty().await? {
            return Err(BlobError::Elsewhere);
        }
        let mark = there.clone().unwrap_or_else(|| format!("Blobs of makegood: {}", ambient.secret_id()));
        transaction!(db, |tx| -> Result<String, BlobError> {
            if !keep(tx, &mark).await? {
                return kept(&mut *tx).await?.ok_or(BlobError::Elsewhere);
            }
            if there.is_none() {
                self.store.put(&Path::from(MARKER), Bytes::from(format!("{mark}\n")).into()).await?;
                self.sync(MARKER).await?;
            }
            Ok(mark.clone())
        })
    }

    /// Whether the store is the one that the database's blobs were kept in: what is not found there is gone.
    pub(super) async fn is_ours(&self) -> Result<bool, BlobError> {
        let there = self.marker().await?;
        Ok(there.is_some() && self.known().await?.is_none_or(|known| there == Some(known)))
    }

    /// An error where another store stands in the place of the database's own. A database that never wrote has none.
    pub async fn not_elsewhere(&self) -> Result<(), BlobError> {
        match self.known().await? {
            Some(known) => self.bears(&known).await,
            None => Ok(()),
        }
    }

    /// Whether the store answers, and is the one that blobs were kept in.
    pub async fn answers(&self) -> bool {
        self.is_ours().await.unwrap_or(false)
    }

    /// The mark that the database keeps.
    pub async fn known(&self) -> Result<Option<String>, BlobError> {
        match (self.marked.get(), self.owner.get()) {
            (Some(mark), _) => Ok(Some(mark.clone())),
            (None, Some((db, _))) => Ok(kept(db).await?),
            (None, None) => Ok(None),
        }
    }

    async fn bears(&self, mark: &str) -> Result<(), BlobError> {
        if self.marker().await?.as_deref() == Some(mark) { Ok(()) } else { Err(BlobError::Elsewhere) }
    }

    /// The mark that the store bears.
    async fn marker(&self) -> Result<Option<String>, BlobError> {
        match self.store.get(&Path::from(MARKER)).await {
            Ok(found) => Ok(Some(String::from_utf8_lossy(&found.bytes().await?).trim().to_owned())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn is_empty(&self) -> Result<bool, BlobError> {
        Ok(self.store.list(None).next().await.transpose()?.is_none())
    }
}

async fn kept(on: impl Into<On<'_>>) -> StoreResult<Option<String>> {
    let row: Option<(String,)> =
        sql("SELECT value FROM facts WHERE name = 'blob_store'").optional(on).await?;
    Ok(row.map(|(mark,)| mark))
}

/// False when there is one already.
async fn keep(tx: &mut Tx, mark: &str) -> StoreResult<bool> {
    let kept = sql("INSERT INTO facts (name, value) VALUES ('blob_store', $1) ON CONFLICT (name) DO NOTHING");
    Ok(kept.bind(mark).execute(tx).await? > 0)
}

async fn has_files(db: &Db) -> StoreResult<bool> {
    let file: Option<(String,)> = sql("SELECT id FROM files LIMIT 1").optional(db).await?;
    Ok(file.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        on_both,
        store::{
            keys::{DataKey, MasterKey},
            testing::TestDb,
        },
    };

    /// A process that starts over `test`'s database with its blobs in `folder`.
    fn started(test: &TestDb, folder: &std::path::Path) -> (Blobs, DataKey, Ambient) {
        let blobs = Blobs::open(&format!("file://{}", folder.display())).unwrap();
        let (ambient, _) = Ambient::fixed(0, 5);
        blobs.belong_to(&test.db, &ambient);
        (blobs, MasterKey::from_bytes([4; 32]).new_data_key(&ambient), ambient)
    }

    fn is_elsewhere<T>(outcome: Result<T, BlobError>) -> bool {
        matches!(outcome, Err(BlobError::Elsewhere))
    }

    on_both!(nothing_is_written_into_a_store_that_is_not_the_databases_own, |test| {
        let (mounted, unmounted) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (blobs, key, ambient) = started(test, mounted.path());
        let name = blobs.put("holder", &key, b"precious", &ambient).await.unwrap();

        let (away, ..) = started(test, unmounted.path());
        assert!(is_elsewhere(away.put("holder", &key, b"more", &ambient).await));
        assert!(is_elsewhere(away.spool("holder", &key, &ambient).await));
        assert!(is_elsewhere(away.delete_all("holder").await));
        assert!(is_elsewhere(away.read_whole(&name, &key, 8).await) && !away.answers().await);
        assert_eq!(std::fs::read_dir(unmounted.path()).unwrap().count(), 0);

        // Another database's store says as little.
        std::fs::write(unmounted.path().join(MARKER), "Blobs of makegood: another\n").unwrap();
        assert!(is_elsewhere(away.put("holder", &key, b"more", &ambient).await));
        assert!(is_elsewhere(away.read_whole(&name, &key, 8).await) && !away.answers().await);

        let (back, ..) = started(test, mounted.path());
        assert!(back.answers().await);
        back.put("holder", &key, b"more", &ambient).await.unwrap();
    });

    on_both!(a_folder_that_is_unmounted_under_a_process_takes_nothing_more, |test| {
        let folder = tempfile::tempdir().unwrap();
        let (blobs, key, ambient) = started(test, folder.path());
        blobs.put("holder", &key, b"precious", &ambient).await.unwrap();
        std::fs::remove_file(folder.path().join(MARKER)).unwrap();
        assert!(is_elsewhere(blobs.put("holder", &key, b"more", &ambient).await));
    });

    on_both!(a_backup_from_before_the_first_write_works_beside_the_store, |test| {
        let folder = tempfile::tempdir().unwrap();
        let (blobs, key, ambient) = started(test, folder.path());
        let name = blobs.put("holder", &key, b"precious", &ambient).await.unwrap();
        transaction!(test.db, |tx| -> StoreResult<u64> {
            sql("DELETE FROM facts WHERE name = 'blob_store'").execute(tx).await
        })
        .unwrap();
        let (restored, ..) = started(test, folder.path());
        assert_eq!(restored.read_whole(&name, &key, 8).await.unwrap(), b"precious");
        restored.put("holder", &key, b"more", &ambient).await.unwrap();
        assert_eq!(kept(&test.db).await.unwrap(), blobs.known().await.unwrap());
    });

    on_both!(two_processes_that_write_first_at_once_agree, |test| {
        let folder = tempfile::tempdir().unwrap();
        let start = |seed| {
            let blobs = Blobs::open(&format!("file://{}", folder.path().display())).unwrap();
            blobs.belong_to(&test.db, &Ambient::fixed(0, seed).0);
            blobs
        };
        let starts: Vec<Blobs> = (0..4).map(start).collect();
        futures::future::try_join_all(starts.iter().map(Blobs::mark)).await.unwrap();
    });
}
