//! The ZIP's own records, byte for byte (APPNOTE 4.3).

use alloc::{vec, vec::Vec};

use crate::Entry;

/// The value that says "look in the ZIP64 field instead".
const MARK32: u64 = 0xFFFF_FFFF;
const MARK16: u64 = 0xFFFF;
pub(crate) const UTF8_NAME: u16 = 1 << 11;
const ZIP64_FIELD: u16 = 0x0001;
pub(crate) const STORED: u16 = 0;
const ZIP64_VERSION: u16 = 45;
/// A regular file, `rw-r--r--`, as Unix has it.
const UNIX_FILE: u32 = 0o100_644 << 16;
/// A folder, `rwxr-xr-x`, as Unix has it and as MS-DOS has it.
const UNIX_FOLDER: u32 = 0o040_755 << 16 | 0x10;
const MADE_ON_UNIX: u16 = 3 << 8;

/// Version needed to extract: 1.0 for a stored file, 2.0 for a folder, 4.5
/// where ZIP64 is used (4.4.3.2).
fn version(entry: &Entry, zip64: bool) -> u16 {
    match (zip64, entry.is_folder()) {
        (true, _) => ZIP64_VERSION,
        (false, true) => 20,
        (false, false) => 10,
    }
}

fn fits32(value: u64) -> u32 {
    value.min(MARK32) as u32
}

pub(crate) fn local_header_len(entry: &Entry) -> u64 {
    30 + entry.name.len() as u64 + if entry.len >= MARK32 { 20 } else { 0 }
}

pub(crate) fn local_header(entry: &Entry) -> Vec<u8> {
    // Both lengths must stand in a local header's ZIP64 field (4.5.3).
    let big = if entry.len >= MARK32 { vec![entry.len, entry.len] } else { vec![] };
    let mut out = Record::new(0x0403_4b50).u16(version(entry, !big.is_empty()));
    out = common(out, entry).u16(zip64_len(&big));
    out.bytes(entry.name.as_bytes()).zip64(&big).done()
}

pub(crate) fn central_header_len(entry: &Entry, offset: u64) -> u64 {
    46 + entry.name.len() as u64 + u64::from(zip64_len(&central_big(entry, offset)))
}

pub(crate) fn central_header(entry: &Entry, offset: u64) -> Vec<u8> {
    let big = central_big(entry, offset);
    let version = version(entry, !big.is_empty());
    let out = Record::new(0x0201_4b50).u16(MADE_ON_UNIX | version).u16(version);
    let out = common(out, entry).u16(zip64_len(&big));
    let (comment, disk, internal) = (0, 0, 0);
    out.u16(comment)
        .u16(disk)
        .u16(internal)
        .u32(if entry.is_folder() { UNIX_FOLDER } else { UNIX_FILE })
        .u32(fits32(offset))
        .bytes(entry.name.as_bytes())
        .zip64(&big)
        .done()
}

/// What does not fit the central header, in the order the field has it.
fn central_big(entry: &Entry, offset: u64) -> Vec<u64> {
    let mut big = if entry.len >= MARK32 { vec![entry.len, entry.len] } else { vec![] };
    if offset >= MARK32 {
        big.push(offset);
    }
    big
}

/// The fields that both headers share, flags to name length.
fn common(out: Record, entry: &Entry) -> Record {
    out.u16(UTF8_NAME)
        .u16(STORED)
        .u16(entry.modified.dos_time())
        .u16(entry.modified.dos_date())
        .u32(entry.crc32)
        .u32(fits32(entry.len))
        .u32(fits32(entry.len))
        .u16(entry.name.len() as u16)
}

fn zip64_len(values: &[u64]) -> u16 {
    if values.is_empty() { 0 } else { 4 + 8 * values.len() as u16 }
}

/// What closes a ZIP of `count` entries whose central directory is `size`
/// bytes from `start` on: the ZIP64 end and its locator where something does
/// not fit, and the end record.
pub(crate) fn end(count: u64, start: u64, size: u64) -> Vec<u8> {
    let mut out = Vec::new();
    if count >= MARK16 || start >= MARK32 || size >= MARK32 {
        let (rest_of_record, disk) = (44, 0);
        let zip64_end = Record::new(0x0606_4b50).u64(rest_of_record);
        let zip64_end = zip64_end.u16(MADE_ON_UNIX | ZIP64_VERSION).u16(ZIP64_VERSION).u32(disk).u32(disk);
        out.extend(zip64_end.u64(count).u64(count).u64(size).u64(start).done());
        let disks = 1;
        out.extend(Record::new(0x0706_4b50).u32(disk).u64(start + size).u32(disks).done());
    }
    let count = count.min(MARK16) as u16;
    let (disk, comment) = (0, 0);
    let end = Record::new(0x0605_4b50).u16(disk).u16(disk).u16(count).u16(count);
    out.extend(end.u32(fits32(size)).u32(fits32(start)).u16(comment).done());
    out
}

/// Little-endian fields one after another.
struct Record(Vec<u8>);

impl Record {
    fn new(signature: u32) -> Record {
        Record(signature.to_le_bytes().to_vec())
    }

    fn bytes(mut self, bytes: &[u8]) -> Record {
        self.0.extend_from_slice(bytes);
        self
    }

    fn u16(self, value: u16) -> Record {
        self.bytes(&value.to_le_bytes())
    }

    fn u32(self, value: u32) -> Record {
        self.bytes(&value.to_le_bytes())
    }

    fn u64(self, value: u64) -> Record {
        self.bytes(&value.to_le_bytes())
    }

    /// The ZIP64 extra field with these values, or nothing.
    fn zip64(self, values: &[u64]) -> Record {
        if values.is_empty() {
            return self;
        }
        let out = self.u16(ZIP64_FIELD).u16(8 * values.len() as u16);
        values.iter().fold(out, |out, value| out.u64(*value))
    }

    fn done(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    fn entry(len: u64) -> Entry {
        Entry::new("é", len, 7, Timestamp::EARLIEST)
    }

    #[test]
    fn the_lengths_told_are_the_lengths_written() {
        for len in [0, 5, MARK32 - 1, MARK32, u64::MAX / 2] {
            let entry = entry(len);
            assert_eq!(local_header(&entry).len() as u64, local_header_len(&entry));
            for offset in [0, MARK32 - 1, MARK32, u64::MAX / 2] {
                let header = central_header(&entry, offset);
                assert_eq!(header.len() as u64, central_header_len(&entry, offset));
            }
        }
    }

    #[test]
    fn zip64_stands_only_where_a_value_does_not_fit() {
        assert_eq!(local_header(&entry(MARK32 - 1)).len(), 32);
        assert_eq!(local_header(&entry(MARK32)).len(), 52);
        assert_eq!(end(65_534, 0, 0).len(), 22);
        assert_eq!(end(65_535, 0, 0).len(), 98);
        assert_eq!(end(1, MARK32 - 1, 60).len(), 22);
        assert_eq!(end(1, MARK32, 60).len(), 98);
    }
}
