//! What the verifier keeps in mind of a file.

use alloc::vec::Vec;
use core::ops::Range;

use super::{Foreign, find::End, listed::Listed};
use crate::Entry;

/// What was learned so far.
#[derive(Default)]
pub(super) struct Read {
    /// The position in the file.
    pub at: u64,
    pub seen: Vec<Seen>,
    pub name_bytes: usize,
    pub gaps: Vec<Range<u64>>,
    /// What stands at the very beginning, if that is another program's header.
    pub foreign: Option<Foreign>,
    pub listed: Listed,
    pub directory: Directory,
    pub end: Option<End>,
    pub trailing: u64,
    /// Where the file ends within what may be a record, at a place where one should be.
    pub cut_record: Option<u64>,
    /// Whether the last entry's bytes are not all there.
    pub cut_entry: bool,
    /// Since when nothing is kept in mind any more.
    pub full: Option<u64>,
}

/// An entry that was read.
pub(super) struct Seen {
    pub entry: Entry,
    pub at: u64,
    /// Of the bytes that were read.
    pub crc32: u32,
    /// Whether the directory has its very record.
    pub in_directory: bool,
}

/// The run of central headers read last.
#[derive(Default)]
pub(super) struct Directory {
    pub start: Option<u64>,
    pub count: u64,
    /// Records that are no entry's that was read.
    pub strays: Vec<Stray>,
}

pub(super) struct Stray {
    pub entry: Entry,
    pub offset: u64,
}

impl Read {
    /// A central header: it is the next entry's, as a rule, or else that of the one it points at.
    pub fn central(&mut self, entry: Entry, offset: u64) {
        let directory = &mut self.directory;
        directory.start.get_or_insert(self.at);
        let next = usize::try_from(directory.count).unwrap_or(usize::MAX);
        directory.count += 1;
        let index = match self.seen.get(next) {
            Some(seen) if seen.at == offset => Some(next),
            _ => self.seen.binary_search_by_key(&offset, |seen| seen.at).ok(),
        };
        match index.and_then(|index| self.seen.get_mut(index)) {
            Some(seen) if !seen.in_directory && seen.is_described_by(&entry) => seen.in_directory = true,
            _ => {
                self.name_bytes += entry.name.len();
                directory.strays.push(Stray { entry, offset });
            }
        }
    }
}

impl Seen {
    fn is_described_by(&self, other: &Entry) -> bool {
        let same = |a: &Entry, b: &Entry| (a.len, a.crc32, a.modified) == (b.len, b.crc32, b.modified);
        same(&self.entry, other) && self.entry.name == other.name
    }

    pub fn bytes_fit_header(&self) -> bool {
        self.entry.sha256.is_some() && self.crc32 == self.entry.crc32
    }
}
