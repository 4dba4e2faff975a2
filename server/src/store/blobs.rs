//! Photos and originals: sealed bytes in an object store, the local disk or S3.

mod reader;
mod refused;

use std::{
    ops::Range,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use object_store::{
    ObjectStore,
    aws::{AmazonS3Builder, Checksum},
    local::LocalFileSystem,
    path::Path,
    prefix::PrefixStore,
};
use tokio::sync::OnceCell;

use super::{
    Db,
    keys::DataKey,
    seal::{self, CHUNK, HEADER, SEALED_CHUNK, SealError, Sealed},
};
use crate::ambient::Ambient;

pub use reader::BlobReader;

/// How many sealed chunks one read of the store brings.
const CHUNKS_A_READ: u64 = 16;

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("{0:?} is neither a file:// nor an s3:// address")]
    Address(String),
    #[error("{path}: {source}")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("the blob store said: {0}")]
    Store(#[source] object_store::Error),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("the blob could not be put on disk: {0}")]
    Sync(std::io::Error),
    #[error("the disk of the blob store is full")]
    Full,
    #[error("the blob is not there")]
    Absent,
    /// See [`Blobs::judge`].
    #[error("the disk refuses the blob and serves others")]
    Refused,
    #[error("the blob is shorter or longer than what was kept")]
    Length,
    #[error("the blob opens, but not to the bytes that were recorded")]
    Content,
    #[error("the blob store is empty, or not the one that this was kept in")]
    Elsewhere,
    #[error("the database could not say which blob store is its own: {0}")]
    Book(#[from] super::Error),
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        let is_full = disk_errors(&error).any(is_full);
        if is_full { BlobError::Full } else { BlobError::Store(error) }
    }
}

/// What a disk said, among the causes of an error.
fn disk_errors<'a>(error: &'a (dyn std::error::Error + 'static)) -> impl Iterator<Item = &'a std::io::Error> {
    std::iter::successors(Some(error), |cause| cause.source()).filter_map(|cause| cause.downcast_ref())
}

fn is_full(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::StorageFull
}

impl BlobError {
    /// What a disk said to what was written on it.
    pub(super) fn on_disk(error: std::io::Error) -> Self {
        if is_full(&error) { BlobError::Full } else { BlobError::Sync(error) }
    }

    /// What is wrong with the stored bytes themselves, in words for their owner; none when they are only not to be
    /// had just now: an outage, or a folder that is not mounted, damages nothing.
    pub fn damage(&self) -> Option<&'static str> {
        match self {
            BlobError::Absent => Some("Its stored bytes are not there any more."),
            BlobError::Refused => Some("Its stored bytes cannot be read from the disk."),
            BlobError::Length => Some("Its stored bytes are not whole."),
            BlobError::Content | BlobError::Seal(_) => Some("Its stored bytes have changed."),
            BlobError::Address(_)
            | BlobError::Folder { .. }
            | BlobError::Store(_)
            | BlobError::Sync(_)
            | BlobError::Full
            | BlobError::Elsewhere
            | BlobError::Book(_) => None,
        }
    }
}

impl BlobError {
    /// The store cannot be had just now, as against bytes that are damaged and a fault of ours.
    pub fn is_outage(&self) -> bool {
        matches!(
            self,
            BlobError::Store(_)
                | BlobError::Folder { .. }
                | BlobError::Full
                | BlobError::Elsewhere
                | BlobError::Book(_)
        )
    }
}

/// Where blobs live; cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    pub(super) store: Arc<dyn ObjectStore>,
    /// The folder, when it is the local disk: its files are synced before they count as kept.
    folder: Option<PathBuf>,
    /// Whose it is: the database that keeps the store's mark.
    pub(super) owner: Arc<OnceLock<(Db, Ambient)>>,
    /// The mark, once this process has seen it in both.
    pub(super) marked: Arc<OnceCell<String>>,
    read_back_whole: bool,
}

impl Blobs {
    /// Opens `file:///folder` or `s3://bucket/prefix` (with the usual `AWS_…` settings).
    pub fn open(address: &str) -> Result<Self, BlobError> {
        if let Some(folder) = address.strip_prefix("file://") {
            let path = PathBuf::from(folder);
            std::fs::create_dir_all(&path)
                .map_err(|source| BlobError::Folder { path: path.clone(), source })?;
            let store = LocalFileSystem::new_with_prefix(&path)?;
            return Ok(Self::over(Arc::new(store), Some(path)));
        }
        let Some(bucket) = address.strip_prefix("s3://") else {
            let scheme = address.split("://").next().unwrap_or_default();
            return Err(BlobError::Address(scheme.to_owned()));
        };
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            // Told to the store with each write, which refuses what arrives otherwise.
            .with_checksum_algorithm(Checksum::SHA256)
            .build()?;
        let store = PrefixStore::new(store, prefix);
        Ok(Self::over(Arc::new(store), None))
    }

    pub(super) fn over(store: Arc<dyn ObjectStore>, folder: Option<PathBuf>) -> Self {
        Self { store, folder, owner: Arc::default(), marked: Arc::default(), read_back_whole: false }
    }

    /// Reads every blob back whole after it was written, and not only as much as is cheap.
    pub fn reading_back_whole(self) -> Self {
        Self { read_back_whole: true, ..self }
    }

    /// Seals `plain` for `holder` and keeps it; returns its name. Equal bytes are kept once.
    ///
    /// What is there already is read back before it is relied on, what is written is looked at again: see decision 19.
    pub async fn put(
        &self,
        holder: &str,
        key: &DataKey,
        plain: &[u8],
        ambient: &Ambient,
    ) -> Result<String, BlobError> {
        let name = format!("{holder}/{}", key.name(plain));
        if !(self.is_there(&name, plain.len() as u64).await? && self.holds(&name, key, plain).await?) {
            self.write(&name, key, plain, ambient).await?;
        }
        Ok(name)
    }

    /// Makes sure that a blob kept before still is: it is written anew where it is absent or cut short, or where it is
    /// `suspected` and does not open to `plain`. Returns whether it was written.
    pub async fn restore(
        &self,
        name: &str,
        key: &DataKey,
        plain: &[u8],
        ambient: &Ambient,
        suspected: bool,
    ) -> Result<bool, BlobError> {
        let there = self.is_there(name, plain.len() as u64).await?;
        let looks = suspected || self.read_back_whole;
        if there && (!looks || self.holds(name, key, plain).await?) {
            return Ok(false);
        }
        self.write(name, key, plain, ambient).await?;
        Ok(true)
    }

    pub(super) async fn is_there(&self, name: &str, length: u64) -> Result<bool, BlobError> {
        match self.store.head(&Path::from(name)).await {
            Ok(meta) => Ok(meta.size == sealed_length(length)),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the blob opens to `plain`, every chunk of it.
    pub(super) async fn holds(&self, name: &str, key: &DataKey, plain: &[u8]) -> Result<bool, BlobError> {
        let mut rest = plain;
        let mut chunks = std::pin::pin!(self.read(name, key, plain.len() as u64));
        while let Some(chunk) = chunks.next().await {
            match chunk {
                Ok(chunk) => match rest.strip_prefix(&chunk[..]) {
                    Some(left) => rest = left,
                    None => return Ok(false),
                },
                Err(error) if error.damage().is_some() => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(rest.is_empty())
    }

    async fn write(
        &self,
        name: &str,
        key: &DataKey,
        plain: &[u8],
        ambient: &Ambient,
    ) -> Result<(), BlobError> {
        self.mark().await?;
        let sealed = seal::seal(key, plain, ambient)?;
        self.store.put(&Path::from(name), sealed.into()).await?;
        self.sync(name).await?;
        self.look_at(name, key, plain).await
    }

    /// Looks at what was written.
    pub(super) async fn look_at(&self, name: &str, key: &DataKey, plain: &[u8]) -> Result<(), BlobError> {
        if self.read_back_whole {
            return if self.holds(name, key, plain).await? { Ok(()) } else { Err(BlobError::Content) };
        }
        // S3 holds what arrived against the SHA-256 that is sent along, and refuses anything else.
        if self.folder.is_some() { self.look_at_the_end(name, key, plain).await } else { Ok(()) }
    }

    /// Reads the last chunk back, and with it the length: the whole of most files.
    async fn look_at_the_end(&self, name: &str, key: &DataKey, plain: &[u8]) -> Result<(), BlobError> {
        let (path, length) = (Path::from(name), plain.len() as u64);
        let header = read_sealed(self, &path, 0..HEADER as u64, length).await?;
        let chunks = length.div_ceil(CHUNK as u64).max(1);
        let sealed = Sealed::open(key, &header)?;
        let end = read_chunks(self, &path, &sealed, chunks - 1, chunks, length).await?;
        if plain.ends_with(&end) { Ok(()) } else { Err(BlobError::Content) }
    }

    /// Streams the `length` plain bytes of a blob; a damaged chunk ends the stream with an error.
    pub fn read(
        &self,
        name: &str,
        key: &DataKey,
        length: u64,
    ) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
        let (blobs, path, key) = (self.clone(), Path::from(name), key.clone());
        let chunks = length.div_ceil(CHUNK as u64).max(1);
        stream::once(async move {
            let header = read_sealed(&blobs, &path, 0..HEADER as u64, length).await?;
            let sealed = Arc::new(Sealed::open(&key, &header)?);
            let starts = (0..chunks).step_by(CHUNKS_A_READ as usize);
            let reads = stream::iter(starts).then(move |first| {
                let (blobs, path, sealed) = (blobs.clone(), path.clone(), sealed.clone());
                async move { read_chunks(&blobs, &path, &sealed, first, chunks, length).await }
            });
            Ok::<_, BlobError>(reads)
        })
        .try_flatten()
    }

    pub async fn read_whole(&self, name: &str, key: &DataKey, length: u64) -> Result<Vec<u8>, BlobError> {
        let parts: Vec<Bytes> = self.read(name, key, length).try_collect().await?;
        Ok(parts.concat())
    }

    /// How many plain bytes a blob has, by the length of what is kept.
    pub async fn length(&self, name: &str) -> Result<u64, BlobError> {
        let path = Path::from(name);
        match self.store.head(&path).await {
            Ok(meta) => plain_length(meta.size).ok_or(BlobError::Length),
            Err(error) => Err(what_failed(self, &path, 0, error).await),
        }
    }

    /// Deletes a blob; that it is not there is no error.
    pub async fn delete(&self, name: &str) -> Result<(), BlobError> {
        self.not_elsewhere().await?;
        match self.store.delete(&Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes every blob of `holder`; returns how many there were.
    pub async fn delete_all(&self, holder: &str) -> Result<u64, BlobError> {
        self.not_elsewhere().await?;
        let folder = Path::from(holder);
        let names = self.store.list(Some(&folder)).map_ok(|meta| meta.location).boxed();
        let gone = self.store.delete_stream(names).filter(|deleted| {
            // Another process was quicker.
            let gone_before = matches!(deleted, Err(object_store::Error::NotFound { .. }));
            std::future::ready(!gone_before)
        });
        let deleted = gone.try_fold(0, |count, _| std::future::ready(Ok(count + 1))).await?;
        self.remove_folder(holder).await;
        Ok(deleted)
    }

    /// Whether the store can be written and read, for `doctor`.
    pub async fn probe(&self) -> Result<(), BlobError> {
        let path = Path::from("doctor/probe");
        self.store.put(&path, Bytes::from_static(b"probe").into()).await?;
        self.sync(path.as_ref()).await?;
        self.store.get(&path).await?.bytes().await?;
        Ok(self.store.delete(&path).await?)
    }

    /// The local folder, when blobs are on this machine's disk.
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_deref()
    }

    /// The object store does not sync what it writes locally; a power cut must not take it.
    pub(super) async fn sync(&self, name: &str) -> Result<(), BlobError> {
        let Some(path) = self.folder.as_ref().map(|folder| folder.join(name)) else { return Ok(()) };
        let synced = tokio::task::spawn_blocking(move || {
            std::fs::File::open(&path)?.sync_all()?;
            match path.parent() {
                Some(folder) => std::fs::File::open(folder)?.sync_all(),
                None => Ok(()),
            }
        });
        synced.await.map_err(std::io::Error::other).and_then(|done| done).map_err(BlobError::on_disk)
    }
}

/// What `length` plain bytes come to when sealed.
pub fn sealed_length(length: u64) -> u64 {
    let chunks = length.div_ceil(CHUNK as u64).max(1);
    HEADER as u64 + length + chunks * (SEALED_CHUNK - CHUNK) as u64
}

/// What so many sealed bytes hold; none when no blob has that length.
fn plain_length(sealed: u64) -> Option<u64> {
    let chunks = sealed.checked_sub(HEADER as u64)?.div_ceil(SEALED_CHUNK as u64).max(1);
    let plain = sealed.checked_sub(HEADER as u64 + chunks * (SEALED_CHUNK - CHUNK) as u64)?;
    (sealed_length(plain) == sealed).then_some(plain)
}

/// The bytes `range` of a sealed blob, all of them: what is cut short at a chunk's end must not pass as whole.
async fn read_sealed(blobs: &Blobs, path: &Path, range: Range<u64>, length: u64) -> Result<Bytes, BlobError> {
    let wanted = range.end - range.start;
    match blobs.store.get_range(path, range).await {
        Ok(bytes) if bytes.len() as u64 == wanted => Ok(bytes),
        Ok(_) => Err(BlobError::Length),
        Err(error) => Err(what_failed(blobs, path, length, error).await),
    }
}

/// Tells bytes that are gone or cut short from a store that does not answer.
async fn what_failed(blobs: &Blobs, path: &Path, length: u64, error: object_store::Error) -> BlobError {
    if matches!(error, object_store::Error::NotFound { .. }) {
        return match blobs.is_ours().await {
            Ok(true) => BlobError::Absent,
            Ok(false) => BlobError::Elsewhere,
            Err(outage) => outage,
        };
    }
    match blobs.store.head(path).await {
        Ok(meta) if meta.size != sealed_length(length) => BlobError::Length,
        _ => error.into(),
    }
}

async fn read_chunks(
    blobs: &Blobs,
    path: &Path,
    sealed: &Sealed,
    first: u64,
    chunks: u64,
    length: u64,
) -> Result<Bytes, BlobError> {
    let last = (first + CHUNKS_A_READ).min(chunks);
    let start = HEADER as u64 + first * SEALED_CHUNK as u64;
    let end = (HEADER as u64 + last * SEALED_CHUNK as u64).min(sealed_length(length));
    let bytes = read_sealed(blobs, path, start..end, length).await?;
    let mut plain = Vec::with_capacity(bytes.len());
    for (index, chunk) in (first..last).zip(bytes.chunks(SEALED_CHUNK)) {
        plain.extend(sealed.chunk(index, index + 1 == chunks, chunk)?);
    }
    Ok(plain.into())
}

/// The holder of what belongs to no known account.
pub const UNCLAIMED: &str = "unclaimed";

/// Collects a stream of chunks, for callers that need the whole.
pub async fn collect(
    chunks: impl Stream<Item = Result<Bytes, BlobError>> + Send,
) -> Result<Vec<u8>, BlobError> {
    futures::pin_mut!(chunks);
    let mut whole = Vec::new();
    while let Some(chunk) = chunks.next().await {
        whole.extend_from_slice(&chunk?);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{keys::MasterKey, marker::MARKER, testing};

    #[tokio::test]
    async fn bytes_come_back_as_they_were_and_are_sealed_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = testing::blobs(folder.path());
        let (ambient, _) = Ambient::fixed(0, 5);
        let key = MasterKey::from_bytes([4; 32]).new_data_key(&ambient);
        let large: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
        for plain in [&b""[..], b"small", &large] {
            let name = blobs.put("holder", &key, plain, &ambient).await.unwrap();
            let on_disk = std::fs::read(folder.path().join(&name)).unwrap();
            assert_eq!(on_disk.len() as u64, sealed_length(plain.len() as u64));
            assert!(plain.len() < 5 || !on_disk.windows(5).any(|window| window == &plain[..5]));
            assert_eq!(blobs.read_whole(&name, &key, plain.len() as u64).await.unwrap(), plain);
            assert_eq!(blobs.put("holder", &key, plain, &ambient).await.unwrap(), name);
        }
        blobs.probe().await.unwrap();
    }

    /// A store in a folder with one blob of three chunks: its sealed and its plain bytes.
    async fn three_chunks(folder: &std::path::Path) -> (Blobs, DataKey, String, Vec<u8>) {
        let blobs = testing::blobs(folder);
        let (ambient, _) = Ambient::fixed(0, 5);
        let key = MasterKey::from_bytes([4; 32]).new_data_key(&ambient);
        let plain: Vec<u8> = (0..2 * CHUNK + 100).map(|n| (n % 251) as u8).collect();
        let name = blobs.put("holder", &key, &plain, &ambient).await.unwrap();
        (blobs, key, name, plain)
    }

    #[tokio::test]
    async fn a_bit_that_flips_in_any_chunk_never_yields_a_byte_of_that_chunk() {
        let folder = tempfile::tempdir().unwrap();
        let (blobs, key, name, plain) = three_chunks(folder.path()).await;
        let path = folder.path().join(&name);
        let whole = std::fs::read(&path).unwrap();
        for chunk in 0..3 {
            for within in [0, 99, CHUNK.min(whole.len() - HEADER - chunk * SEALED_CHUNK - 1)] {
                let mut sealed = whole.clone();
                sealed[HEADER + chunk * SEALED_CHUNK + within] ^= 1;
                std::fs::write(&path, sealed).unwrap();
                let mut seen = Vec::new();
                let mut stream = std::pin::pin!(blobs.read(&name, &key, plain.len() as u64));
                let failed = loop {
                    match stream.next().await {
                        Some(Ok(bytes)) => seen.extend_from_slice(&bytes),
                        Some(Err(error)) => break error,
                        None => panic!("chunk {chunk} passed as good"),
                    }
                };
                assert!(matches!(&failed, BlobError::Seal(SealError::Damaged(at)) if *at == chunk as u64));
                assert!(failed.damage().is_some());
                assert!(seen.len() <= chunk * CHUNK && plain.starts_with(&seen));
            }
        }
    }

    #[tokio::test]
    async fn what_is_there_already_is_read_before_it_is_relied_on_and_what_was_kept_is_restored() {
        let folder = tempfile::tempdir().unwrap();
        let (blobs, key, name, plain) = three_chunks(folder.path()).await;
        let (ambient, path) = (Ambient::fixed(0, 6).0, folder.path().join(&name));
        let whole = std::fs::read(&path).unwrap();
        let rot = || {
            let mut sealed = whole.clone();
            sealed[HEADER + 7] ^= 1;
            std::fs::write(&path, sealed).unwrap();
        };
        let is_whole = async || blobs.read_whole(&name, &key, plain.len() as u64).await.is_ok();
        rot();
        assert_eq!(blobs.put("holder", &key, &plain, &ambient).await.unwrap(), name);
        assert!(is_whole().await);
        // A file known before: looked for, and read only when something is amiss or everything is to be.
        assert!(!blobs.restore(&name, &key, &plain, &ambient, false).await.unwrap());
        rot();
        assert!(!blobs.restore(&name, &key, &plain, &ambient, false).await.unwrap());
        assert!(blobs.restore(&name, &key, &plain, &ambient, true).await.unwrap() && is_whole().await);
        rot();
        let thorough = blobs.clone().reading_back_whole();
        assert!(thorough.restore(&name, &key, &plain, &ambient, false).await.unwrap() && is_whole().await);
        std::fs::remove_file(&path).unwrap();
        assert!(blobs.restore(&name, &key, &plain, &ambient, false).await.unwrap() && is_whole().await);
    }

    #[test]
    fn a_sealed_length_tells_the_plain_one() {
        for plain in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK].map(|plain| plain as u64) {
            assert_eq!(plain_length(sealed_length(plain)), Some(plain));
        }
        for sealed in [0, HEADER, HEADER + 15, HEADER + SEALED_CHUNK + 3] {
            assert_eq!(plain_length(sealed as u64), None, "{sealed}");
        }
    }

    #[tokio::test]
    async fn what_is_cut_short_or_gone_is_damage_and_an_unmounted_store_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (blobs, key, name, plain) = three_chunks(folder.path()).await;
        let (path, length) = (folder.path().join(&name), plain.len() as u64);
        let whole = std::fs::read(&path).unwrap();
        // At a chunk's end, in a chunk, in the header, and nothing at all.
        for kept in [HEADER + SEALED_CHUNK, HEADER + 5, HEADER, 3, 0] {
            std::fs::write(&path, &whole[..kept]).unwrap();
            let failed = blobs.read_whole(&name, &key, length).await.unwrap_err();
            assert!(matches!(failed, BlobError::Length), "{kept}: {failed}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(blobs.read_whole(&name, &key, length).await, Err(BlobError::Absent)));
        std::fs::remove_file(folder.path().join(MARKER)).unwrap();
        let failed = blobs.read_whole(&name, &key, length).await.unwrap_err();
        assert!(matches!(failed, BlobError::Elsewhere) && failed.damage().is_none());
    }

    #[tokio::test]
    async fn a_rotten_blob_is_an_error_and_never_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = testing::blobs(folder.path());
        let (ambient, _) = Ambient::fixed(0, 5);
        let key = MasterKey::from_bytes([4; 32]).new_data_key(&ambient);
        let name = blobs.put("holder", &key, b"precious", &ambient).await.unwrap();
        let path = folder.path().join(&name);
        let mut sealed = std::fs::read(&path).unwrap();
        *sealed.last_mut().unwrap() ^= 1;
        std::fs::write(&path, sealed).unwrap();
        assert!(matches!(blobs.read_whole(&name, &key, 8).await, Err(BlobError::Seal(_))));
    }
}
