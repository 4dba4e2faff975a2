//! Small things sealed whole under a subscriber's key, as blobs are.

use crate::{
    ambient::Ambient,
    store::{
        Error, Result,
        keys::DataKey,
        seal::{self, HEADER, SEALED_CHUNK, Sealed},
    },
};

pub fn seal(key: &DataKey, plain: &[u8], ambient: &Ambient) -> Result<Vec<u8>> {
    seal::seal(key, plain, ambient).map_err(|error| Error::Corrupt(error.to_string()))
}

/// The plain bytes, every chunk authenticated.
pub fn open(key: &DataKey, sealed: &[u8]) -> Result<Vec<u8>> {
    let corrupt = |error: seal::SealError| Error::Corrupt(error.to_string());
    let (header, chunks) = sealed.split_at_checked(HEADER).ok_or(seal::SealError::Format).map_err(corrupt)?;
    let opened = Sealed::open(key, header).map_err(corrupt)?;
    let count = chunks.len().div_ceil(SEALED_CHUNK);
    let mut plain = Vec::with_capacity(sealed.len());
    for (index, chunk) in chunks.chunks(SEALED_CHUNK).enumerate() {
        plain.extend(opened.chunk(index as u64, index + 1 == count, chunk).map_err(corrupt)?);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::keys::MasterKey;

    #[test]
    fn what_is_sealed_opens_whole_or_not_at_all() {
        let (ambient, _) = Ambient::fixed(0, 1);
        let master = MasterKey::from_bytes([1; 32]);
        let (key, other) = (master.new_data_key(&ambient), master.new_data_key(&ambient));
        for length in [0, 5, 64 * 1024, 200_000] {
            let plain = vec![7; length];
            let sealed = seal(&key, &plain, &ambient).unwrap();
            assert_eq!(open(&key, &sealed).unwrap(), plain);
            assert!(open(&other, &sealed).is_err());
            assert!(open(&key, &sealed[..sealed.len() - 1]).is_err());
        }
        assert!(open(&key, &[]).is_err());
    }
}
