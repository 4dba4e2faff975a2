//! Reading a blob from any byte on.

#[cfg(target_os = "linux")]
use std::io::IoSliceMut;
use std::{fs::File, ops::Range, os::unix::fs::FileExt};

use bytes::Bytes;
use futures::{Stream, stream};
use object_store::path::Path;
#[cfg(target_os = "linux")]
use rustix::io::{ReadWriteFlags, preadv2};

use super::{BlobError, Blobs, read_sealed, sealed_length, what_failed};
use crate::store::{
    keys::DataKey,
    seal::{CHUNK, HEADER, SEALED_CHUNK, Sealed, TAG},
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
        let plain = match self.read_disk(&run).await? {
            Some(plain) => plain,
            // Somewhere else, or the disk says no: the store knows why.
            None => self.read_store(&run).await?,
        };
        Ok((run.first * CHUNK as u64, plain))
    }

    /// None when the disk cannot be read, or there is none.
    async fn read_disk(&mut self, run: &Run) -> Result<Option<Bytes>, BlobError> {
        let Some(folder) = &self.blobs.folder else { return Ok(None) };
        if let (Some(file), Some(sealed)) = (&self.file, &self.sealed) {
            match run.unseal(sealed, |bytes, at| read_at_once(file, bytes, at)) {
                Ok(plain) => return Ok(Some(plain)),
                Err(BlobError::Sync(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let path = folder.join(self.path.as_ref());
        let (run, key, sealed, file) = (run.clone(), self.key.clone(), self.sealed.take(), self.file.take());
        let unsealing = move || {
            let file = file.map_or_else(|| File::open(path), Ok).map_err(BlobError::Sync)?;
            let sealed = match sealed {
                Some(sealed) => sealed,
                None => {
                    let mut header = [0; HEADER];
                    file.read_exact_at(&mut header, 0).map_err(BlobError::Sync)?;
                    Sealed::open(&key, &header)?
                }
            };
            let plain = run.unseal(&sealed, |bytes, at| file.read_exact_at(bytes, at))?;
            Ok((file, sealed, plain))
        };
        match on_a_thread(unsealing).await {
            Ok((file, sealed, plain)) => {
                (self.file, self.sealed) = (Some(file), Some(sealed));
                Ok(Some(plain))
            }
            Err(BlobError::Sync(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn read_store(&mut self, run: &Run) -> Result<Bytes, BlobError> {
        let wanted = run.sealed(self.sealed.is_none() && run.first == 0);
        let bytes = read_sealed(&self.blobs, &self.path, wanted.clone(), self.length).await?;
        let sealed = match self.sealed.take() {
            Some(sealed) => sealed,
            None if run.first == 0 => Sealed::open(&self.key, &bytes)?,
            None => {
                let header = read_sealed(&self.blobs, &self.path, 0..HEADER as u64, self.length).await?;
                Sealed::open(&self.key, &header)?
            }
        };
        let run = run.clone();
        let unsealing = move || {
            let plain = run.unseal(&sealed, |chunk, at| {
                let from = (at - wanted.start) as usize;
                let bytes = bytes.get(from..from + chunk.len());
                chunk.copy_from_slice(bytes.ok_or(std::io::ErrorKind::UnexpectedEof)?);
                Ok(())
            })?;
            Ok((sealed, plain))
        };
        let (sealed, plain) = on_a_thread(unsealing).await?;
        self.sealed = Some(sealed);
        Ok(plain)
    }
}

/// What the kernel has in memory: reading and unsealing a run of it takes less than a tenth of a millisecond, and handing
/// that to a thread about as long again. An error for what the disk would have to be asked for.
#[cfg(target_os = "linux")]
fn read_at_once(file: &File, bytes: &mut [u8], at: u64) -> std::io::Result<()> {
    let wanted = bytes.len();
    let read = preadv2(file, &mut [IoSliceMut::new(bytes)], at, ReadWriteFlags::NOWAIT)?;
    if read == wanted { Ok(()) } else { Err(std::io::ErrorKind::WouldBlock.into()) }
}

#[cfg(not(target_os = "linux"))]
fn read_at_once(_: &File, _: &mut [u8], _: u64) -> std::io::Result<()> {
    Err(std::io::ErrorKind::WouldBlock.into())
}

/// A disk may take its time: not on a thread that others wait on.
async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| BlobError::Sync(std::io::Error::other(error)))?
}

/// The chunks that one read brings.
#[derive(Clone, Debug)]
struct Run {
    first: u64,
    last: u64,
    /// Plain bytes of the whole blob.
    length: u64,
}

impl Run {
    fn of(range: &Range<u64>, length: u64, most: u64) -> Self {
        let first = range.start / CHUNK as u64;
        let last = range.end.div_ceil(CHUNK as u64).min(first + most).min(chunks_of(length));
        Self { first, last, length }
    }

    /// Where its sealed bytes are, after the header or with it.
    fn sealed(&self, with_header: bool) -> Range<u64> {
        let start = if with_header { 0 } else { place_of(self.first) };
        start..place_of(self.last).min(sealed_length(self.length))
    }

    /// Unseals its chunks, each where it is to stay: the next one takes the place of its tag. `read` brings the sealed
    /// bytes from a place on.
    fn unseal(
        &self,
        sealed: &Sealed,
        read: impl Fn(&mut [u8], u64) -> std::io::Result<()>,
    ) -> Result<Bytes, BlobError> {
        let first = self.first * CHUNK as u64;
        let length = ((self.last * CHUNK as u64).min(self.length) - first) as usize;
        let mut plain = vec![0; length + TAG];
        for (index, from) in (self.first..self.last).zip((0..).step_by(CHUNK)) {
            let chunk = &mut plain[from..(from + CHUNK).min(length) + TAG];
            read(chunk, place_of(index)).map_err(BlobError::Sync)?;
            sealed.chunk_in_place(index, index + 1 == chunks_of(self.length), chunk)?;
        }
        plain.truncate(length);
        Ok(plain.into())
    }
}

fn chunks_of(length: u64) -> u64 {
    length.div_ceil(CHUNK as u64).max(1)
}

/// Where a sealed chunk begins.
fn place_of(index: u64) -> u64 {
    HEADER as u64 + index * SEALED_CHUNK as u64
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
