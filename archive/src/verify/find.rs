//! Reading back the records that [`crate::records`] writes. One is taken for
//! ours only when writing it again gives the very same bytes, so that no bit of
//! it can be other than it was.

use super::Foreign;
use crate::{
    Entry, Timestamp, names,
    records::{self, central_header, local_header},
};

/// What stands at the beginning of some bytes.
pub(super) enum Found {
    /// The beginning of a record, perhaps; more bytes are needed to tell.
    Short,
    /// A local header, this long.
    Local(Entry, usize),
    /// A central header, this long, and where it says that its entry begins.
    Central(Entry, u64, usize),
    /// What closes a ZIP, this long.
    End(End, usize),
    /// A local header, but not as we write it.
    Foreign(Foreign),
    Nothing,
}

/// What the end says of the directory: how many records, from where, how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub count: u64,
    pub start: u64,
    pub size: u64,
}

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const ZIP64_END: [u8; 4] = *b"PK\x06\x06";
const MARK32: u64 = 0xFFFF_FFFF;

pub(super) fn find(bytes: &[u8]) -> Found {
    let Some(signature) = bytes.first_chunk::<4>() else {
        let begun = [LOCAL, CENTRAL, END, ZIP64_END].iter().any(|known| known.starts_with(bytes));
        return if begun { Found::Short } else { Found::Nothing };
    };
    match *signature {
        LOCAL => local(bytes),
        CENTRAL => central(bytes),
        END => end(bytes, 22, |at| End {
            count: at.u16(10).into(),
            start: at.u32(16).into(),
            size: at.u32(12).into(),
        }),
        ZIP64_END => end(bytes, 98, |at| End { count: at.u64(32), start: at.u64(48), size: at.u64(40) }),
        _ => Found::Nothing,
    }
}

fn local(bytes: &[u8]) -> Found {
    let at = Fields(bytes);
    if bytes.len() < 30 {
        return Found::Short;
    }
    let (name_len, extra_len) = (usize::from(at.u16(26)), usize::from(at.u16(28)));
    let foreign = match (at.u16(6), at.u16(8)) {
        (flags, _) if flags & 1 != 0 => Some(Foreign::Encrypted),
        (_, method) if method != records::STORED => Some(Foreign::Compressed(method)),
        (flags, _) if flags & 8 != 0 => Some(Foreign::Descriptors),
        (flags, _) if flags != records::UTF8_NAME => Some(Foreign::OtherMaker),
        _ if !matches!(extra_len, 0 | 20) => Some(Foreign::OtherMaker),
        _ => None,
    };
    if let Some(foreign) = foreign {
        return Found::Foreign(foreign);
    }
    let len = 30 + name_len + extra_len;
    let Some(record) = bytes.get(..len) else { return Found::Short };
    let size = if extra_len == 0 { at.u32(22).into() } else { at.u64(30 + name_len + 4) };
    let entry = named(&record[30..30 + name_len]).zip(Timestamp::from_dos(at.u16(12), at.u16(10)));
    match entry.map(|(name, modified)| Entry::new(name, size, at.u32(14), modified)) {
        Some(entry) if local_header(&entry) == record => Found::Local(entry, len),
        _ => Found::Foreign(Foreign::OtherMaker),
    }
}

fn central(bytes: &[u8]) -> Found {
    let at = Fields(bytes);
    if bytes.len() < 46 {
        return Found::Short;
    }
    let (name_len, extra_len) = (usize::from(at.u16(28)), usize::from(at.u16(30)));
    if !matches!(extra_len, 0 | 12 | 20 | 28) {
        return Found::Nothing;
    }
    let len = 46 + name_len + extra_len;
    let Some(record) = bytes.get(..len) else { return Found::Short };
    // The field holds, in this order, what did not fit: the length twice, the offset.
    let (mut size, mut offset) = (at.u32(24).into(), at.u32(42).into());
    let mut big = 46 + name_len + 4;
    if size == MARK32 && extra_len >= 20 {
        size = at.u64(big);
        big += 16;
    }
    if offset == MARK32 && big + 8 <= len {
        offset = at.u64(big);
    }
    let entry = named(&record[46..46 + name_len]).zip(Timestamp::from_dos(at.u16(14), at.u16(12)));
    match entry.map(|(name, modified)| Entry::new(name, size, at.u32(16), modified)) {
        Some(entry) if central_header(&entry, offset) == record => Found::Central(entry, offset, len),
        _ => Found::Nothing,
    }
}

fn end(bytes: &[u8], len: usize, parse: impl Fn(Fields<'_>) -> End) -> Found {
    let Some(record) = bytes.get(..len) else { return Found::Short };
    let end = parse(Fields(record));
    let fits = end.start.checked_add(end.size).is_some();
    if fits && records::end(end.count, end.start, end.size) == record {
        Found::End(end, len)
    } else {
        Found::Nothing
    }
}

/// The name, if a layout would take it.
fn named(bytes: &[u8]) -> Option<&str> {
    // First what ends early in bytes that are no name: their check is then short.
    if bytes.iter().any(|byte| *byte < b' ') {
        return None;
    }
    core::str::from_utf8(bytes).ok().filter(|name| names::check(name).is_ok())
}

/// How far to go from a byte that begins no record to one that may.
pub(super) fn skip(bytes: &[u8]) -> usize {
    let next = bytes.iter().skip(1).position(|byte| *byte == LOCAL[0]);
    next.map_or(bytes.len(), |distance| distance + 1)
}

/// Little-endian fields at fixed places. Beyond the end they are 0; callers
/// look at the length first.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn at<const N: usize>(&self, at: usize) -> [u8; N] {
        self.0.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
    }

    fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.at(at))
    }

    fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.at(at))
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.at(at))
    }
}
