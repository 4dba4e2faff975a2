//! What the verifier found, and the plain words for it.

use alloc::{
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::fmt;

/// Everything that was found out about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub verdict: Verdict,
    /// Every entry that the file has or should have: first those that were
    /// read, in the order of the file, then those that were not.
    pub files: Vec<Checked>,
    /// What is wrong beside the entries themselves.
    pub faults: Vec<Fault>,
    /// Bytes that were read.
    pub bytes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every byte is as it was sent.
    Whole,
    /// An archive of ours, but not every byte is there and right.
    Damaged,
    /// Not one of our archives; nothing is said of what is in it.
    NotOurs(Foreign),
}

/// Why a file is not one of our archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    Empty,
    NotAZip,
    /// Its files are compressed, by this method (APPNOTE 4.4.5).
    Compressed(u16),
    Encrypted,
    /// Lengths stand behind the files instead of before them.
    Descriptors,
    /// Its headers are not as we write them.
    OtherMaker,
    /// No `MANIFEST.sha256` is in it.
    NoList,
}

/// One entry, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub name: String,
    /// Bytes, where a header says so.
    pub len: Option<u64>,
    /// SHA-256 of the bytes that were read, where all of them were.
    pub sha256: Option<[u8; 32]>,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There, and as it was sent.
    Whole(Proof),
    Damaged(Damage),
    /// Listed, and not there.
    Missing,
    /// There or not, that cannot be told: the file is damaged before or at its place.
    NotChecked,
    /// There, but not listed.
    Unlisted,
}

/// What says that an entry is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The list inside the archive.
    Sha256,
    /// The entry's header: for the list itself, for folders, and for all
    /// entries of a file whose list is damaged or cut off.
    Crc32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Its bytes are not those that were sent.
    Content,
    /// Its header alone; the bytes are right.
    Header,
    /// Its header cannot be read, and so nothing can be said of its bytes.
    Unreadable,
    /// The file ends within it.
    Cut,
}

/// What is wrong with a file beside its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends before it should. What would follow, and its names, are unknown.
    Truncated,
    /// Bytes that are no part of an archive, between the entries.
    Gap { at: u64, len: u64 },
    /// The directory at the end does not agree with this many entries; the first is named.
    Directory { name: String, count: usize },
    /// The last record is missing, damaged, or at another place than it should be.
    End,
    /// Bytes behind the last record.
    Trailing { bytes: u64 },
    /// `MANIFEST.sha256` is not there.
    ListMissing,
    /// `MANIFEST.sha256` is damaged and proves nothing.
    ListDamaged,
    /// More entries than the verifier keeps in mind; it stopped at this byte.
    TooMany { at: u64 },
}

impl Report {
    /// How many files are whole.
    pub fn whole(&self) -> usize {
        self.files.iter().filter(|file| file.is_whole()).count()
    }

    /// The files that are not whole.
    pub fn not_whole(&self) -> impl Iterator<Item = &Checked> {
        self.files.iter().filter(|file| !file.is_whole())
    }
}

impl Checked {
    pub fn is_whole(&self) -> bool {
        matches!(self.state, State::Whole(_))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Whole => f.write_str("The archive is whole: every file is as it was sent."),
            Verdict::Damaged => f.write_str("The archive is not whole."),
            Verdict::NotOurs(Foreign::Empty) => f.write_str("The file is empty."),
            Verdict::NotOurs(Foreign::NotAZip) => f.write_str("This is not a ZIP."),
            Verdict::NotOurs(why) => write!(f, "This ZIP is not one of our archives: {why}."),
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Foreign::Empty => "it is empty",
            Foreign::NotAZip => "it is not a ZIP",
            Foreign::Compressed(_) => "its files are compressed, and ours never are",
            Foreign::Encrypted => "its files are encrypted, and ours never are",
            Foreign::Descriptors => "it gives lengths behind its files, and ours before them",
            Foreign::OtherMaker => "its headers are another program's",
            Foreign::NoList => "there is no MANIFEST.sha256 in it, which every one of ours has",
        })
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Whole(_) => "whole",
            State::Damaged(Damage::Content) => "damaged: its bytes are not those that were sent",
            State::Damaged(Damage::Header) => "its header is damaged, its own bytes are whole",
            State::Damaged(Damage::Unreadable) => "damaged: its header cannot be read",
            State::Damaged(Damage::Cut) => "cut off: the file ends within it",
            State::Missing => "missing",
            State::NotChecked => "could not be checked: the file is damaged where it should be",
            State::Unlisted => "not in the archive's own list",
        })
    }
}

impl Fault {
    /// The sentence for it, with `{places}` for its [`values`](Self::values): for whoever translates it.
    pub fn sentence(&self) -> &'static str {
        match self {
            Fault::Truncated => {
                "The file ends too early: the download was not finished. What should follow is missing."
            }
            Fault::Gap { .. } => "From byte {at} on, {len} bytes are not part of an archive.",
            Fault::Directory { count: 1, .. } => "The directory at the end does not agree with {name}.",
            Fault::Directory { .. } => "The directory at the end does not agree with {name} and {more} more.",
            Fault::End => "The archive's last record is missing, or does not fit what stands before it.",
            Fault::Trailing { .. } => {
                "Behind the archive's end there are {bytes} bytes that do not belong to it."
            }
            Fault::ListMissing => {
                "MANIFEST.sha256 cannot be read, so the other files could only be checked by their CRC-32."
            }
            Fault::ListDamaged => {
                "MANIFEST.sha256 is damaged, so the other files could only be checked by their CRC-32."
            }
            Fault::TooMany { .. } => {
                "From byte {at} on nothing was checked: there are more files than can be kept in mind."
            }
        }
    }

    /// One for each of the sentence's places, in their order.
    pub fn values(&self) -> Vec<String> {
        match self {
            Fault::Gap { at, len } => vec![at.to_string(), len.to_string()],
            Fault::Directory { name, count: 1 } => vec![name.clone()],
            Fault::Directory { name, count } => vec![name.clone(), (count - 1).to_string()],
            Fault::Trailing { bytes } => vec![bytes.to_string()],
            Fault::TooMany { at } => vec![at.to_string()],
            Fault::Truncated | Fault::End | Fault::ListMissing | Fault::ListDamaged => Vec::new(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut values = self.values().into_iter();
        for (index, part) in self.sentence().split('{').enumerate() {
            match part.split_once('}') {
                Some((_, after)) if index > 0 => {
                    write!(f, "{}{after}", values.next().unwrap_or_default())?;
                }
                _ => f.write_str(part)?,
            }
        }
        Ok(())
    }
}
