use crate::Timestamp;

/// One file of the ZIP: all that the layout needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path inside the ZIP, with `/` between folders.
    pub name: String,
    /// Bytes.
    pub len: u64,
    /// CRC-32 (IEEE 802.3) of the bytes.
    pub crc32: u32,
    pub modified: Timestamp,
}

impl Entry {
    /// The entry for bytes that are at hand.
    pub fn of_bytes(name: impl Into<String>, bytes: &[u8], modified: Timestamp) -> Entry {
        let crc32 = crc32fast::hash(bytes);
        Entry { name: name.into(), len: bytes.len() as u64, crc32, modified }
    }
}
