use alloc::string::String;

use sha2::{Digest, Sha256};

use crate::Timestamp;

/// One file of the ZIP: all that is known of it without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path inside the ZIP, with `/` between folders. One that ends with
    /// `/` is a folder and has no bytes.
    pub name: String,
    /// Bytes.
    pub len: u64,
    /// CRC-32 (IEEE 802.3) of the bytes.
    pub crc32: u32,
    /// SHA-256 (FIPS 180-4) of the bytes, where it is known. No byte of the
    /// ZIP depends on it; [`sums`](crate::sums) lists it.
    pub sha256: Option<[u8; 32]>,
    pub modified: Timestamp,
}

impl Entry {
    /// The entry for bytes that are elsewhere.
    pub fn new(name: impl Into<String>, len: u64, crc32: u32, modified: Timestamp) -> Entry {
        Entry { name: name.into(), len, crc32, sha256: None, modified }
    }

    /// The same entry, with the SHA-256 of its bytes.
    pub fn with_sha256(self, sha256: [u8; 32]) -> Entry {
        Entry { sha256: Some(sha256), ..self }
    }

    /// The entry for bytes that are at hand.
    pub fn of_bytes(name: impl Into<String>, bytes: &[u8], modified: Timestamp) -> Entry {
        let entry = Entry::new(name, bytes.len() as u64, crc32fast::hash(bytes), modified);
        entry.with_sha256(Sha256::digest(bytes).into())
    }

    /// A folder, for one that would be empty: folders with something in them
    /// need no entry. Its name ends with `/`.
    pub fn folder(name: impl Into<String>, modified: Timestamp) -> Entry {
        Entry::new(name, 0, 0, modified)
    }

    /// Whether the name is a folder's.
    pub fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }
}
