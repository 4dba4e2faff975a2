//! Reading a blob from any byte on.

use std::{fs::File, ops::Range, os::unix::fs::FileExt, path::PathBuf};

use bytes::Bytes;
use futures::{Stream, stream};
use object_store::path::Path;

use super::{BlobError, Blobs, read_sealed, sealed_length, what_failed};
use crate::store::{
    keys::DataKey,
    seal::{CHUNK, HEADER, SEALED_CHUNK, SealError, Sealed},
};

/// How many chunks one read brings at the most: a quarter of a megabyte from the disk, a whole one from afar.
const FROM_DISK: u64 = 4;
const FROM_AFAR: u64 = 16;

/// One blob that is open for reading. Remembers the run of chunks that it unsealed last, so that
/// reading one small part after the other unseals nothing twice.
pub struct BlobReader {
    blobs: Blobs,
    path: Path,
    key: DataKey,
    length: u64,
    sealed: Option<Sealed>,
    /// On the local disk, once it was read.
    file: Option<File>,
    /// Where the run begins in the plain bytes, and its bytes.
    run: (u64, Bytes),
}

impl Blobs {
    /// Opens a blob of `length` plain bytes; nothing is read yet.
    pub fn reader(&self, name: &str, key: &DataKey, length: u64) -> BlobReader {
        BlobReader {
            blobs: self.clone(),
            path: Path::from(name),
            key: key.clone(),
            length,
            sealed: None,
            file: None,
            run: (0, Bytes::new()),
        }
    }

    /// Streams the bytes `range` of a blob of `length` plain bytes. Each chunk is authenticated before
    /// any byte of it is given; a damaged one ends the stream with an error.
    pub fn read_range(
        &self,
        name: &str,
        key: &DataKey,
        length: u64,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
        let range = range.start..range.end.min(length);
        stream::try_unfold((self.reader(name, key, length), range), async |(mut reader, mut left)| {
            if left.is_empty() {
                return Ok(None);
            }
            let bytes = reader.read(left.clone()).await?;
            left.start += bytes.len() as u64;
            Ok(Some((bytes, (reader, left))))
        })
    }

    /// Whether a blob of `length` plain bytes is there, as far as its size tells; the error says what is wrong.
    pub async fn check(&self, name: &str, length: u64) -> Result<(), BlobError> {
        let path = Path::from(name);
        match self.store.head(&path).await {
            Ok(meta) if meta.size == sealed_length(length) => Ok(()),
            Ok(_) => Err(BlobError::Length),
            Err(error) => Err(what_failed(self, &path, length, error).await),
        }
    }
}

impl BlobReader {
    /// The first bytes of `range`: at least one, as many as one read brings. The range is not empty
    /// and lies within the blob.
    pub async fn read(&mut self, range: Range<u64>) -> Result<Bytes, BlobError> {
        let (start, run) = &self.run;
        if !(*start..*start + run.len() as u64).contains(&range.start) {
            self.run = self.unseal(&range).await?;
        }
        let (start, run) = &self.run;
        let from = (range.start - start) as usize;
        let to = run.len().min((range.end - start) as usize);
        Ok(run.slice(from..to))
    }

    /// Reads and authenticates the chunks in which the range begins.
    async fn unseal(&mut self, range: &Range<u64>) -> Result<(u64, Bytes), BlobError> {
        let most = if self.blobs.folder.is_some() { FROM_DISK } else { FROM_AFAR };
        let run = Run::of(range, self.length, most);
        if self.sealed.is_none() && run.first > 0 {
            let header = read_sealed(&self.blobs, &self.path, 0..HEADER as u64, self.length).await?;
            self.sealed = Some(Sealed::open(&self.key, &header)?);
        }
        let wanted = run.sealed(self.sealed.is_none(), self.length);
        let mut plain = None;
        if let Some(disk) = self.disk() {
            plain = self.open(&run, Bytes::new(), Some((disk, wanted.clone()))).await?;
        }
        if plain.is_none() {
            // Somewhere else, or the disk says no: the store knows why.
            let bytes = read_sealed(&self.blobs, &self.path, wanted, self.length).await?;
            plain = self.open(&run, bytes, None).await?;
        }
        Ok((run.first * CHUNK as u64, plain.unwrap_or_default()))
    }

    /// The file on the local disk, to be opened or open already.
    fn disk(&mut self) -> Option<Disk> {
        let folder = self.blobs.folder.as_ref()?;
        Some(Disk { path: folder.join(self.path.as_ref()), file: self.file.take() })
    }

    /// Unseals what was read, or reads it from the disk first; none when that fails. On a thread of its own: AES over
    /// so much is too long for one that others wait on.
    async fn open(
        &mut self,
        run: &Run,
        bytes: Bytes,
        disk: Option<(Disk, Range<u64>)>,
    ) -> Result<Option<Bytes>, BlobError> {
        let (run, key, sealed) = (run.clone(), self.key.clone(), self.sealed.take());
        let opening = move || -> Result<Opened, SealError> {
            let (file, bytes) = match disk.map(|(disk, range)| disk.read(range)) {
                None => (None, bytes),
                Some(Ok((file, bytes))) => (Some(file), bytes),
                Some(Err(_)) => return Ok(Opened { sealed, file: None, plain: None }),
            };
            let (sealed, chunks) = match sealed {
                Some(sealed) => (sealed, &bytes[..]),
                None => (Sealed::open(&key, &bytes)?, bytes.get(HEADER..).unwrap_or_default()),
            };
            let plain = Some(run.open(&sealed, chunks)?);
            Ok(Opened { sealed: Some(sealed), file, plain })
        };
        let opened = tokio::task::spawn_blocking(opening).await.map_err(std::io::Error::other);
        let Opened { sealed, file, plain } = opened.map_err(BlobError::Sync)??;
        (self.sealed, self.file) = (sealed, file);
        Ok(plain.map(Bytes::from))
    }
}

/// What comes back from the thread that unseals.
struct Opened {
    sealed: Option<Sealed>,
    file: Option<File>,
    /// None when the disk could not be read.
    plain: Option<Vec<u8>>,
}

/// The chunks that one read brings.
#[derive(Clone, Debug)]
struct Run {
    first: u64,
    last: u64,
    /// Of the whole blob.
    chunks: u64,
}

impl Run {
    fn of(range: &Range<u64>, length: u64, most: u64) -> Self {
        let chunks = length.div_ceil(CHUNK as u64).max(1);
        let first = range.start / CHUNK as u64;
        let last = range.end.div_ceil(CHUNK as u64).min(first + most).min(chunks);
        Self { first, last, chunks }
    }

    /// Where its sealed bytes are, after the header or with it.
    fn sealed(&self, with_header: bool, length: u64) -> Range<u64> {
        let at = |index: u64| HEADER as u64 + index * SEALED_CHUNK as u64;
        let start = if with_header { 0 } else { at(self.first) };
        start..at(self.last).min(sealed_length(length))
    }

    fn open(&self, sealed: &Sealed, bytes: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut plain = Vec::with_capacity(bytes.len());
        for (index, chunk) in (self.first..self.last).zip(bytes.chunks(SEALED_CHUNK)) {
            plain.extend(sealed.chunk(index, index + 1 == self.chunks, chunk)?);
        }
        Ok(plain)
    }
}

/// A blob's file: opened once, read wherever it is asked.
struct Disk {
    path: PathBuf,
    file: Option<File>,
}

impl Disk {
    fn read(self, range: Range<u64>) -> std::io::Result<(File, Bytes)> {
        let file = self.file.map_or_else(|| File::open(&self.path), Ok)?;
        let mut bytes = vec![0; (range.end - range.start) as usize];
        file.read_exact_at(&mut bytes, range.start)?;
        Ok((file, bytes.into()))
    }
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        ambient::Ambient,
        store::{keys::MasterKey, testing},
    };

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_range_is_the_same_bytes_as_in_the_whole(
            length in prop_oneof![1usize..100, CHUNK - 2..CHUNK + 2, 9 * CHUNK..10 * CHUNK],
            a in any::<prop::sample::Index>(),
            b in any::<prop::sample::Index>(),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let blobs = testing::blobs(folder.path());
            let (ambient, _) = Ambient::fixed(0, 5);
            let key = MasterKey::from_bytes([4; 32]).new_data_key(&ambient);
            let plain: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            let (a, b) = (a.index(length + 1), b.index(length + 1));
            let range = a.min(b)..a.max(b);
            let read = runtime().block_on(async {
                let name = blobs.put("holder", &key, &plain, &ambient).await.unwrap();
                blobs.check(&name, length as u64).await.unwrap();
                let stream = blobs.read_range(&name, &key, length as u64, range.start as u64..range.end as u64);
                stream.try_collect::<Vec<Bytes>>().await.unwrap().concat()
            });
            prop_assert_eq!(read, &plain[range]);
        }
    }

    #[test]
    fn a_blob_cut_at_a_chunk_gives_no_byte_of_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = testing::blobs(folder.path());
        let (ambient, _) = Ambient::fixed(0, 5);
        let key = MasterKey::from_bytes([4; 32]).new_data_key(&ambient);
        let length = 3 * CHUNK as u64;
        runtime().block_on(async {
            let name = blobs.put("holder", &key, &vec![7; 3 * CHUNK], &ambient).await.unwrap();
            let path = folder.path().join(&name);
            let sealed = std::fs::read(&path).unwrap();
            std::fs::write(&path, &sealed[..HEADER + 2 * SEALED_CHUNK]).unwrap();
            assert!(blobs.check(&name, length).await.is_err());
            let mut reader = blobs.reader(&name, &key, length);
            assert!(reader.read(2 * CHUNK as u64..length).await.is_err());
            assert!(reader.read(0..length).await.is_err());
            assert_eq!(reader.read(0..10).await.unwrap().len(), 10);
        });
    }
}
