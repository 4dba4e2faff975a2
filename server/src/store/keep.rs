//! Keeping blobs in numbers: sealing, putting away and syncing apart from each other, so that each is done for many
//! at once; and sealing what is too large to hold in memory on its way to the disk.

use std::{collections::BTreeSet, fs::File, io::Write, path::PathBuf, time::UNIX_EPOCH};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{ObjectStore, PutMode, path::Path};

use super::{
    blobs::{BlobError, Blobs},
    keys::{DataKey, Naming},
    seal::{self, CHUNK, Sealing},
};
use crate::ambient::{Ambient, DAY, Millis};

/// Files that are synced at once: a disk's journal takes them together.
const SYNCS: usize = 16;
/// The folder of what is being spooled; beside the holders' own, so that a blob is only renamed.
const SPOOLS: &str = "spool";
/// What is sent to a remote store at once.
const PART: usize = 8 << 20;

/// A blob that is sealed and not yet kept.
pub struct SealedBlob {
    pub name: String,
    pub plain: Bytes,
    key: DataKey,
    sealed: Vec<u8>,
}

impl SealedBlob {
    /// Seals `plain` for `holder`: work for a processor.
    pub fn of(holder: &str, key: &DataKey, plain: Bytes, ambient: &Ambient) -> Result<Self, BlobError> {
        let name = format!("{holder}/{}", key.name(&plain));
        let sealed = seal::seal(key, &plain, ambient)?;
        Ok(Self { name, plain, key: key.clone(), sealed })
    }
}

impl Blobs {
    /// Puts a sealed blob away and returns its name; equal bytes are kept once. Checked as [`Blobs::put`] does; it
    /// outlasts a power cut once it is [settled](Blobs::settle).
    pub async fn shelve(&self, blob: SealedBlob) -> Result<String, BlobError> {
        let SealedBlob { name, plain, key, sealed } = blob;
        let there = self.is_there(&name, plain.len() as u64).await?;
        if !(there && self.holds(&name, &key, &plain).await?) {
            self.mark().await?;
            let sealed = Bytes::from(sealed);
            // Not every remote store knows to create and not to replace.
            let create = self.folder().is_some() && !there;
            // What is there may have come at once with this, or be what a power cut left of it.
            let came = create
                && (self.create(&name, sealed.clone()).await? || self.holds(&name, &key, &plain).await?);
            if !came {
                self.place(&name, sealed, PutMode::Overwrite).await?;
            }
            self.look_at(&name, &key, &plain).await?;
        }
        Ok(name)
    }

    /// Two who bring the same bytes at once: the first one's stay, and are not pulled from under its readers. False
    /// where something is there.
    async fn create(&self, name: &str, sealed: Bytes) -> Result<bool, BlobError> {
        match self.place(name, sealed, PutMode::Create).await {
            Ok(()) => Ok(true),
            Err(BlobError::Store(object_store::Error::AlreadyExists { .. })) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn place(&self, name: &str, sealed: Bytes, mode: PutMode) -> Result<(), BlobError> {
        self.store.put_opts(&Path::from(name), sealed.into(), mode.into()).await?;
        Ok(())
    }

    /// Sees to it that these blobs, and the folders that name them, are on the disk. A remote store has seen to it
    /// itself.
    pub async fn settle(&self, names: &[&str]) -> Result<(), BlobError> {
        let Some(root) = self.folder() else { return Ok(()) };
        let files: BTreeSet<PathBuf> = names.iter().map(|name| root.join(name)).collect();
        let folders: BTreeSet<PathBuf> =
            files.iter().filter_map(|file| file.parent()).map(PathBuf::from).collect();
        let root = (!files.is_empty()).then(|| root.to_owned());
        sync(files).await?;
        sync(folders).await?;
        sync(root.into_iter().collect()).await
    }

    /// A blob that is written as it comes, for what is too large to hold in memory.
    pub async fn spool(&self, holder: &str, key: &DataKey, ambient: &Ambient) -> Result<Spool, BlobError> {
        self.mark().await?;
        // As the object store calls what it has not finished: no listing shows it.
        let path = match self.folder() {
            Some(root) => root.join(SPOOLS).join(format!("{}#1", ambient.secret_id())),
            None => std::env::temp_dir().join(format!("makegood-{}", ambient.secret_id())),
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(BlobError::on_disk)?;
        }
        let mut file =
            File::options().write(true).create_new(true).open(&path).map_err(BlobError::on_disk)?;
        let left = Leftover(Some(path));
        let (sealing, header) = Sealing::begin(key, ambient);
        file.write_all(&header).map_err(BlobError::on_disk)?;
        let holder = holder.to_owned();
        Ok(Spool { holder, naming: key.naming(), sealing, pending: Vec::new(), length: 0, file, left })
    }

    /// As [`shelve`](Blobs::shelve). What is there already is not relied on: it gives way.
    pub async fn shelve_spooled(&self, spooled: Spooled) -> Result<String, BlobError> {
        let Spooled { name, length, mut left } = spooled;
        self.mark().await?;
        match (self.folder(), &left.0) {
            (Some(root), Some(path)) => {
                let place = root.join(&name);
                if let Some(folder) = place.parent() {
                    tokio::fs::create_dir_all(folder).await.map_err(BlobError::on_disk)?;
                }
                tokio::fs::rename(path, place).await.map_err(BlobError::on_disk)?;
                left.0 = None;
            }
            (None, Some(path)) => self.send(path, &name).await?,
            (_, None) => {}
        }
        if self.is_there(&name, length).await? { Ok(name) } else { Err(BlobError::Length) }
    }

    /// As [`Blobs::restore`].
    pub async fn restore_spooled(&self, spooled: Spooled, suspected: bool) -> Result<bool, BlobError> {
        if !suspected && self.is_there(&spooled.name, spooled.length).await? {
            return Ok(false);
        }
        let name = self.shelve_spooled(spooled).await?;
        self.settle(&[&name]).await.map(|()| true)
    }

    /// Removes what imports left that were killed. Nothing is written at one file for a day.
    pub async fn sweep_spools(&self, now: Millis) -> Result<(), BlobError> {
        let Some(root) = self.folder() else { return Ok(()) };
        let spools = root.join(SPOOLS);
        let swept = tokio::task::spawn_blocking(move || sweep(&spools, now - DAY)).await;
        swept.map_err(std::io::Error::other).and_then(|done| done).map_err(BlobError::on_disk)
    }

    /// Removes the folder of a holder who has no blobs any more, with what writing left in it that was killed. It stays
    /// where a blob came meanwhile.
    pub(super) async fn remove_folder(&self, holder: &str) {
        let Some(folder) = self.folder().map(|root| root.join(holder)) else { return };
        let removed = tokio::task::spawn_blocking(move || {
            for entry in std::fs::read_dir(&folder)?.flatten() {
                if entry.file_name().to_string_lossy().contains('#') {
                    std::fs::remove_file(entry.path())?;
                }
            }
            std::fs::remove_dir(&folder)
        });
        // Most often there was none; what stays is empty, or sealed under a key that is gone.
        let _ = removed.await;
    }

    async fn send(&self, path: &std::path::Path, name: &str) -> Result<(), BlobError> {
        use tokio::io::AsyncReadExt;
        let mut file = tokio::fs::File::open(path).await.map_err(BlobError::on_disk)?;
        let mut upload = self.store.put_multipart(&Path::from(name)).await?;
        loop {
            let mut part = Vec::with_capacity(PART);
            (&mut file).take(PART as u64).read_to_end(&mut part).await.map_err(BlobError::on_disk)?;
            if part.is_empty() {
                upload.complete().await?;
                return Ok(());
            }
            upload.put_part(part.into()).await?;
        }
    }
}

fn sweep(spools: &std::path::Path, before: Millis) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(spools) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries.flatten() {
        let written = entry.metadata().and_then(|of| of.modified()).ok();
        let since = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        if since.is_some_and(|since| (since.as_millis() as Millis) < before) {
            // Where it is gone, another import was quicker.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}

async fn sync(paths: BTreeSet<PathBuf>) -> Result<(), BlobError> {
    let synced = stream::iter(paths).map(|path| async move {
        let synced = tokio::task::spawn_blocking(move || File::open(path)?.sync_all()).await;
        synced.map_err(std::io::Error::other).and_then(|done| done).map_err(BlobError::on_disk)
    });
    synced.buffer_unordered(SYNCS).try_collect().await
}

/// A file that goes with the value.
struct Leftover(Option<PathBuf>);

impl Drop for Leftover {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // What is left of it is sealed and has no name that anybody looks for.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// A blob on its way to the disk.
pub struct Spool {
    holder: String,
    naming: Naming,
    sealing: Sealing,
    /// Not more than a chunk: whether it is the last is known when more comes, or nothing.
    pending: Vec<u8>,
    length: u64,
    file: File,
    left: Leftover,
}

impl Spool {
    /// So many plain bytes so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn write(&mut self, mut plain: &[u8]) -> Result<(), BlobError> {
        self.naming.update(plain);
        self.length += plain.len() as u64;
        while !plain.is_empty() {
            if self.pending.len() == CHUNK {
                let full = std::mem::take(&mut self.pending);
                self.seal(&full, false)?;
            }
            let (now, later) = plain.split_at(plain.len().min(CHUNK - self.pending.len()));
            self.pending.extend_from_slice(now);
            plain = later;
        }
        Ok(())
    }

    fn seal(&mut self, chunk: &[u8], last: bool) -> Result<(), BlobError> {
        let sealed = self.sealing.chunk(chunk, last)?;
        self.file.write_all(&sealed).map_err(BlobError::on_disk)
    }

    pub fn finish(mut self) -> Result<Spooled, BlobError> {
        let last = std::mem::take(&mut self.pending);
        self.seal(&last, true)?;
        // Before it takes the place of one that may be on the disk already.
        self.file.sync_all().map_err(BlobError::on_disk)?;
        let name = format!("{}/{}", self.holder, self.naming.finish());
        Ok(Spooled { name, length: self.length, left: self.left })
    }
}

/// A blob that is sealed on the disk and has not yet its place.
pub struct Spooled {
    name: String,
    length: u64,
    left: Leftover,
}

impl Spooled {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its plain bytes.
    pub fn length(&self) -> u64 {
        self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{keys::MasterKey, testing};

    fn scene() -> (tempfile::TempDir, Blobs, DataKey, Ambient) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = testing::blobs(folder.path());
        let (ambient, _) = Ambient::fixed(0, 5);
        let key = MasterKey::from_bytes([4; 32]).new_data_key(&ambient);
        (folder, blobs, key, ambient)
    }

    #[tokio::test]
    async fn what_was_spooled_is_the_blob_that_it_would_have_been() {
        let (folder, blobs, key, ambient) = scene();
        for length in [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17] {
            let plain: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            let whole = SealedBlob::of("holder", &key, plain.clone().into(), &ambient).unwrap().name;
            for piece in [1000, CHUNK, 100_000] {
                let mut spool = blobs.spool("holder", &key, &ambient).await.unwrap();
                plain.chunks(piece).for_each(|piece| spool.write(piece).unwrap());
                let name = blobs.shelve_spooled(spool.finish().unwrap()).await.unwrap();
                blobs.settle(&[&name]).await.unwrap();
                assert_eq!(name, whole);
                assert_eq!(blobs.read_whole(&name, &key, length as u64).await.unwrap(), plain);
            }
        }
        drop(blobs.spool("holder", &key, &ambient).await.unwrap());
        let names = std::fs::read_dir(folder.path().join("holder")).unwrap();
        assert_eq!(names.count(), 6, "nothing is left of what was given up or came again");
        assert_eq!(std::fs::read_dir(folder.path().join(SPOOLS)).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn what_a_power_cut_left_of_a_blob_gives_way() {
        let (folder, blobs, key, ambient) = scene();
        let sealed = || SealedBlob::of("holder", &key, Bytes::from_static(b"precious"), &ambient).unwrap();
        let path = folder.path().join(sealed().name);
        std::fs::create_dir(folder.path().join("holder")).unwrap();
        for left in [&b""[..], b"cut"] {
            std::fs::write(&path, left).unwrap();
            let name = blobs.shelve(sealed()).await.unwrap();
            assert_eq!(blobs.read_whole(&name, &key, 8).await.unwrap(), b"precious");
        }
    }

    #[tokio::test]
    async fn what_killed_imports_left_is_swept_after_a_day_and_with_their_holder() {
        let (folder, blobs, key, _) = scene();
        let now = 10 * DAY;
        blobs.sweep_spools(now).await.unwrap();
        std::fs::create_dir(folder.path().join(SPOOLS)).unwrap();
        let left = |name: &str, at: Millis| {
            let file = File::create(folder.path().join(SPOOLS).join(name)).unwrap();
            file.set_modified(UNIX_EPOCH + std::time::Duration::from_millis(at as u64)).unwrap();
        };
        left("old#1", now - DAY - 1);
        left("new#1", now - DAY + 1);
        blobs.sweep_spools(now).await.unwrap();
        let kept: Vec<_> = std::fs::read_dir(folder.path().join(SPOOLS)).unwrap().flatten().collect();
        assert_eq!(kept.iter().map(|entry| entry.file_name()).collect::<Vec<_>>(), ["new#1"]);

        let (ambient, _) = Ambient::fixed(0, 6);
        blobs.put("holder", &key, b"precious", &ambient).await.unwrap();
        std::fs::write(folder.path().join("holder/half-written#1"), "").unwrap();
        assert_eq!(blobs.delete_all("holder").await.unwrap(), 1);
        assert!(!folder.path().join("holder").exists());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn equal_bytes_that_come_at_once_get_in_nobodys_way() {
        let (_folder, blobs, key, ambient) = scene();
        for round in 0..20u8 {
            let plain = Bytes::from(vec![round; 1000]);
            let shelve = || {
                let sealed = SealedBlob::of("holder", &key, plain.clone(), &ambient).unwrap();
                let blobs = blobs.clone();
                tokio::spawn(async move { blobs.shelve(sealed).await })
            };
            for shelved in (0..8).map(|_| shelve()).collect::<Vec<_>>() {
                shelved.await.unwrap().unwrap();
            }
        }
    }

    #[tokio::test]
    async fn equal_bytes_are_shelved_once() {
        let (_folder, blobs, key, ambient) = scene();
        for _ in 0..2 {
            let sealed = SealedBlob::of("holder", &key, Bytes::from_static(b"precious"), &ambient).unwrap();
            let name = blobs.shelve(sealed).await.unwrap();
            blobs.settle(&[&name, &name]).await.unwrap();
            assert_eq!(blobs.read_whole(&name, &key, 8).await.unwrap(), b"precious");
        }
    }
}
