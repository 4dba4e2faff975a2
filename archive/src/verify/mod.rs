//! Checks an archive while it streams by: which entries are whole, which are
//! damaged, which are missing.
//!
//! ```
//! use archive::{Entry, Layout, Piece, Timestamp, sums, verify::{Verdict, Verifier}};
//!
//! let hello = Entry::of_bytes("hello.txt", b"hello\n", Timestamp::EARLIEST);
//! let list = sums(std::slice::from_ref(&hello));
//! let list_entry = Entry::of_bytes(archive::SUMS_NAME, list.as_bytes(), Timestamp::EARLIEST);
//! let layout = Layout::new(vec![hello, list_entry])?;
//! let contents: [&[u8]; 2] = [b"hello\n", list.as_bytes()];
//!
//! let mut verifier = Verifier::new();
//! for piece in layout.pieces(0..layout.len()) {
//!     match piece {
//!         Piece::Literal(bytes) => verifier.push(&bytes),
//!         Piece::Source { entry, .. } => verifier.push(contents[entry]),
//!     }
//! }
//! let report = verifier.finish();
//! assert_eq!(report.verdict, Verdict::Whole);
//! assert_eq!(report.files[0].name, "hello.txt");
//! # Ok::<(), archive::LayoutError>(())
//! ```
//!
//! Memory holds the names and sums of the entries and never their bytes, up to
//! a million entries; a file with more is said to have too many.
//!
//! **How damage is found.** A ZIP's records follow from its entries, so each
//! record that is read is written again and compared byte for byte, the
//! contents are held to their CRC-32 and SHA-256, and everything must follow on
//! what stands before it: [`Verdict::Whole`] means that the file is the very
//! layout of its entries. Where something else stands than a record, the
//! verifier looks for the next one that could be ours and goes on there.
//!
//! **What it does not prove.** The list of sums comes in the same file: this
//! finds what broke on the way, not a forger who also writes the list anew.

mod find;
mod judge;
mod listed;
mod read;
mod report;

use alloc::vec::Vec;

use crc32fast::Hasher;
use sha2::{Digest, Sha256};

use self::{
    find::{Found, find, skip},
    listed::Listed,
    read::{Directory, Read, Seen},
};
use crate::{Entry, SUMS_NAME};

pub use report::{Checked, Damage, Fault, Foreign, Proof, Report, State, Verdict};

/// What is kept in mind at most.
struct Limits {
    /// Entries and directory records that differ from them; again for lines of the list.
    records: usize,
    /// Bytes of their names.
    name_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { records: 1_000_000, name_bytes: 64 << 20 }
    }
}

/// Bytes are worked on in slices of this many, which bounds what waits for the rest of a record.
const SLICE: usize = 64 * 1024;

/// Takes a file's bytes in order, in chunks of any size.
#[derive(Default)]
pub struct Verifier {
    read: Read,
    place: Place,
    /// The beginning of a record whose rest is not there yet.
    waiting: Vec<u8>,
    limits: Limits,
}

/// Where in the archive the next byte belongs.
enum Place {
    /// At a record; or lost, since a byte at which none stood.
    Record {
        lost: Option<u64>,
    },
    Content(Content),
    /// Behind the end.
    Behind,
    /// Where nothing is kept in mind any more.
    Beyond,
}

impl Default for Place {
    fn default() -> Place {
        Place::Record { lost: None }
    }
}

/// An entry whose bytes are being read.
struct Content {
    left: u64,
    crc32: Hasher,
    sha256: Sha256,
    is_list: bool,
}

impl Verifier {
    pub fn new() -> Verifier {
        Verifier::default()
    }

    /// The file's next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        bytes.chunks(SLICE).for_each(|slice| self.push_slice(slice));
    }

    /// The file ends here.
    pub fn finish(mut self) -> Report {
        let waiting = core::mem::take(&mut self.waiting);
        self.run(&waiting, true);
        match self.place {
            Place::Record { lost: Some(since) } => self.read.gaps.push(since..self.read.at),
            Place::Content(_) => self.read.cut_entry = true,
            _ => {}
        }
        judge::judge(self.read)
    }

    fn push_slice(&mut self, slice: &[u8]) {
        if self.waiting.is_empty() {
            let used = self.run(slice, false);
            self.waiting.extend_from_slice(&slice[used..]);
        } else {
            let mut bytes = core::mem::take(&mut self.waiting);
            bytes.extend_from_slice(slice);
            let used = self.run(&bytes, false);
            bytes.drain(..used);
            self.waiting = bytes;
        }
    }

    /// Works on bytes that follow one another and says how many are done with.
    /// `last`: no more will come.
    fn run(&mut self, bytes: &[u8], last: bool) -> usize {
        let mut used = 0;
        while used < bytes.len() {
            let rest = &bytes[used..];
            let Some(taken) = self.step(rest, last) else { break };
            used += taken;
            self.read.at += taken as u64;
        }
        used
    }

    /// How many bytes one step took; None when it needs more of them.
    fn step(&mut self, rest: &[u8], last: bool) -> Option<usize> {
        match &mut self.place {
            Place::Record { lost } => {
                let lost = *lost;
                self.record(rest, lost, last)
            }
            Place::Content(content) => {
                let part = &rest[..rest.len().min(usize::try_from(content.left).unwrap_or(usize::MAX))];
                content.push(part);
                let (is_list, is_all) = (content.is_list, content.left == 0);
                if is_list {
                    self.read.listed.push(part);
                }
                if is_all {
                    self.close();
                }
                self.stop_when_full();
                Some(part.len())
            }
            Place::Behind => {
                self.read.trailing += rest.len() as u64;
                Some(rest.len())
            }
            Place::Beyond => Some(rest.len()),
        }
    }

    fn record(&mut self, rest: &[u8], lost: Option<u64>, last: bool) -> Option<usize> {
        let at = self.read.at;
        match find(rest) {
            Found::Short if !last => return None,
            Found::Local(entry, len) => {
                self.found(lost);
                self.open(entry);
                return Some(len);
            }
            Found::Central(entry, offset, len) => {
                self.found(lost);
                self.read.central(entry, offset);
                self.stop_when_full();
                return Some(len);
            }
            // Another end than the file's own may stand inside an entry whose header is damaged.
            Found::End(end, len) if end.start.checked_add(end.size) == Some(at) => {
                self.found(lost);
                self.read.end = Some(end);
                self.place = Place::Behind;
                return Some(len);
            }
            Found::Foreign(foreign) if at == 0 => self.read.foreign = Some(foreign),
            Found::Short if lost.is_none() => self.read.cut_record = Some(at),
            _ => {}
        }
        self.place = Place::Record { lost: lost.or(Some(at)) };
        Some(skip(rest))
    }

    /// A record stands here; what lies before it since `lost` is a gap.
    fn found(&mut self, lost: Option<u64>) {
        self.read.gaps.extend(lost.map(|since| since..self.read.at));
        self.place = Place::default();
    }

    fn open(&mut self, entry: Entry) {
        let content = Content {
            left: entry.len,
            crc32: Hasher::new(),
            sha256: Sha256::new(),
            is_list: entry.name == SUMS_NAME,
        };
        if content.is_list {
            self.read.listed = Listed::default();
        }
        self.read.name_bytes += entry.name.len();
        self.read.directory = Directory::default();
        self.read.seen.push(Seen { entry, at: self.read.at, crc32: 0, in_directory: false });
        let empty = content.left == 0;
        self.place = Place::Content(content);
        if empty {
            self.close();
        }
        self.stop_when_full();
    }

    /// All bytes of the entry are there.
    fn close(&mut self) {
        let place = core::mem::take(&mut self.place);
        if let (Place::Content(content), Some(seen)) = (place, self.read.seen.last_mut()) {
            seen.crc32 = content.crc32.finalize();
            seen.entry.sha256 = Some(content.sha256.finalize().into());
        }
    }

    fn stop_when_full(&mut self) {
        let read = &self.read;
        let records = read.seen.len() + read.directory.strays.len();
        let full = records.max(read.listed.sums.len()) > self.limits.records
            || read.name_bytes.max(read.listed.name_bytes) > self.limits.name_bytes;
        if full {
            self.read.full = Some(read.at);
            self.place = Place::Beyond;
        }
    }
}

impl Content {
    fn push(&mut self, part: &[u8]) {
        self.crc32.update(part);
        self.sha256.update(part);
        self.left -= part.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String, vec};

    use super::*;
    use crate::{Layout, Piece, Timestamp};

    /// An archive of this many empty files, without a list.
    fn report(files: usize, limits: Limits) -> Report {
        let entry = |n| Entry::of_bytes(format!("{n}"), b"", Timestamp::EARLIEST);
        let layout = Layout::new((0..files).map(entry).collect()).unwrap();
        let mut verifier = Verifier { limits, ..Verifier::new() };
        for piece in layout.pieces(0..layout.len()) {
            let Piece::Literal(bytes) = piece else { continue };
            verifier.push(&bytes);
        }
        verifier.finish()
    }

    #[test]
    fn more_than_can_be_kept_in_mind_is_said() {
        let limits = || Limits { records: 10, name_bytes: 1000 };
        assert_eq!(report(10, limits()).verdict, Verdict::NotOurs(Foreign::NoList));
        let over = report(11, limits());
        assert_eq!(over.verdict, Verdict::Damaged);
        assert_eq!(over.faults, vec![Fault::TooMany { at: 10 * 31 }]);
        assert_eq!(over.bytes, 11 * (31 + 47) + 2 + 22);
    }

    #[test]
    fn a_list_without_end_is_not_kept() {
        let line = |n: usize| format!("{n:064}  {n}\n");
        let list: String = (0..50).map(line).collect();
        let entry = Entry::of_bytes(SUMS_NAME, list.as_bytes(), Timestamp::EARLIEST);
        let mut verifier = Verifier { limits: Limits { records: 20, name_bytes: 1000 }, ..Verifier::new() };
        verifier.push(&crate::records::local_header(&entry));
        list.as_bytes().chunks(70).for_each(|chunk| verifier.push(chunk));
        assert!(verifier.read.listed.sums.len() <= 22);
        assert!(matches!(verifier.finish().faults[..], [Fault::TooMany { .. }]));
    }
}
