//! How a blob looks at rest: a format version, a random nonce prefix, then
//! 64 KiB chunks sealed with AES-256-GCM in the STREAM construction
//! (Hoang, Reyhanitabar, Rogaway, Vizár 2015), so that chunks cannot be
//! reordered, dropped or cut off, and reading can start at any of them.

use ring::aead::{Aad, LessSafeKey, Nonce};

use super::keys::{DataKey, cipher};
use crate::ambient::Ambient;

/// Plain bytes in a chunk.
pub const CHUNK: usize = 64 * 1024;
/// Bytes that sealing adds to a chunk, after it.
pub const TAG: usize = 16;
const VERSION: u8 = 1;
const PREFIX: usize = 7;
/// Bytes before the first chunk.
pub const HEADER: usize = 1 + PREFIX;
/// A sealed chunk's length.
pub const SEALED_CHUNK: usize = CHUNK + TAG;

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("the blob is of a format this version does not know")]
    Format,
    #[error("chunk {0} of the blob is damaged, or was sealed with another key")]
    Damaged(u64),
    #[error("the blob is too large to seal")]
    TooLarge,
}

/// Seals one chunk after another.
pub struct Sealed {
    key: LessSafeKey,
    prefix: [u8; PREFIX],
}

/// Seals `plain` whole.
pub fn seal(key: &DataKey, plain: &[u8], ambient: &Ambient) -> Result<Vec<u8>, SealError> {
    let chunks = plain.len().div_ceil(CHUNK).max(1);
    let (mut sealing, header) = Sealing::begin(key, ambient);
    let mut sealed = Vec::with_capacity(HEADER + plain.len() + chunks * TAG);
    sealed.extend_from_slice(&header);
    for index in 0..chunks {
        let chunk = &plain[index * CHUNK..plain.len().min((index + 1) * CHUNK)];
        sealed.extend(sealing.chunk(chunk, index + 1 == chunks)?);
    }
    Ok(sealed)
}

/// Seals one chunk after another, for whoever does not hold them all.
pub struct Sealing {
    sealed: Sealed,
    next: u64,
}

impl Sealing {
    /// With the blob's header, which stands before the first chunk.
    pub fn begin(key: &DataKey, ambient: &Ambient) -> (Self, [u8; HEADER]) {
        let prefix: [u8; PREFIX] = ambient.bytes();
        let mut header = [VERSION; HEADER];
        header[1..].copy_from_slice(&prefix);
        (Self { sealed: Sealed::new(key, &prefix), next: 0 }, header)
    }

    /// Every chunk but the last has [`CHUNK`] bytes.
    pub fn chunk(&mut self, plain: &[u8], last: bool) -> Result<Vec<u8>, SealError> {
        let position = u32::try_from(self.next).map_err(|_| SealError::TooLarge)?;
        self.next += 1;
        let mut sealed = Vec::with_capacity(plain.len() + TAG);
        sealed.extend_from_slice(plain);
        let nonce = self.sealed.nonce(position, last);
        let done = self.sealed.key.seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed);
        done.map(|()| sealed).map_err(|_| SealError::TooLarge)
    }
}

impl Sealed {
    fn new(key: &DataKey, prefix: &[u8; PREFIX]) -> Self {
        Self { key: cipher(&key.sealing()), prefix: *prefix }
    }

    /// Reads a blob's header.
    pub fn open(key: &DataKey, header: &[u8]) -> Result<Self, SealError> {
        match header.split_first_chunk::<HEADER>() {
            Some(([VERSION, prefix @ ..], _)) => Ok(Self::new(key, prefix)),
            _ => Err(SealError::Format),
        }
    }

    /// The plain bytes of chunk `index`, authenticated.
    pub fn chunk(&self, index: u64, last: bool, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut bytes = sealed.to_vec();
        let plain = self.chunk_in_place(index, last, &mut bytes)?.len();
        bytes.truncate(plain);
        Ok(bytes)
    }

    /// As [`chunk`](Self::chunk), where the bytes are: the plain ones stand before what was the tag.
    pub fn chunk_in_place<'a>(
        &self,
        index: u64,
        last: bool,
        bytes: &'a mut [u8],
    ) -> Result<&'a [u8], SealError> {
        let damaged = SealError::Damaged(index);
        let Ok(position) = u32::try_from(index) else { return Err(damaged) };
        match self.key.open_in_place(self.nonce(position, last), Aad::empty(), bytes) {
            Ok(plain) => Ok(plain),
            Err(_) => Err(damaged),
        }
    }

    /// STREAM's: the prefix, the chunk's number, and whether it is the last.
    fn nonce(&self, position: u32, last: bool) -> Nonce {
        let mut nonce = [0; PREFIX + 5];
        nonce[..PREFIX].copy_from_slice(&self.prefix);
        nonce[PREFIX..PREFIX + 4].copy_from_slice(&position.to_be_bytes());
        nonce[PREFIX + 4] = last.into();
        Nonce::assume_unique_for_key(nonce)
    }
}

#[cfg(test)]
mod tests {
    use aead_stream::{NewStream, StreamBE32, StreamPrimitive};
    use aes_gcm::Aes256Gcm;
    use proptest::prelude::*;

    use super::*;
    use crate::store::keys::MasterKey;

    /// By the crate whose construction this is.
    fn open_by_peer(key: &DataKey, sealed: &[u8]) -> Vec<u8> {
        let prefix: [u8; PREFIX] = sealed[1..HEADER].try_into().unwrap();
        let stream = StreamBE32::<Aes256Gcm>::new(&key.sealing().into(), &prefix.into());
        let mut decryptor = stream.decryptor();
        let mut chunks: Vec<&[u8]> = sealed[HEADER..].chunks(SEALED_CHUNK).collect();
        let last = chunks.pop().unwrap();
        let mut plain: Vec<u8> =
            chunks.into_iter().flat_map(|chunk| decryptor.decrypt_next(chunk).unwrap()).collect();
        plain.extend(decryptor.decrypt_last(last).unwrap());
        plain
    }

    fn open_whole(key: &DataKey, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let stream = Sealed::open(key, sealed)?;
        let chunks: Vec<_> = sealed[HEADER..].chunks(SEALED_CHUNK).collect();
        let mut plain = Vec::new();
        for (index, chunk) in chunks.iter().enumerate() {
            plain.extend(stream.chunk(index as u64, index + 1 == chunks.len(), chunk)?);
        }
        Ok(plain)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_sealed_opens_and_what_is_changed_does_not(
            length in prop_oneof![0usize..100, CHUNK - 2..CHUNK + 2, 2 * CHUNK - 1..2 * CHUNK + 1],
            at in any::<prop::sample::Index>(),
        ) {
            let (ambient, _) = Ambient::fixed(0, 3);
            let key = MasterKey::from_bytes([9; 32]).new_data_key(&ambient);
            let plain: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let mut sealed = seal(&key, &plain, &ambient).unwrap();
            prop_assert_eq!(open_whole(&key, &sealed).unwrap(), &plain[..]);
            prop_assert_eq!(open_by_peer(&key, &sealed), plain);
            let at = at.index(sealed.len());
            sealed[at] ^= 1;
            prop_assert!(open_whole(&key, &sealed).is_err());
        }
    }

    #[test]
    fn a_blob_cut_at_a_chunk_does_not_open() {
        let (ambient, _) = Ambient::fixed(0, 3);
        let key = MasterKey::from_bytes([9; 32]).new_data_key(&ambient);
        let sealed = seal(&key, &vec![7; 2 * CHUNK], &ambient).unwrap();
        assert!(open_whole(&key, &sealed[..HEADER + SEALED_CHUNK]).is_err());
    }
}
