use alloc::{string::String, vec::Vec};
use core::{fmt, ops::Range};

use crate::{
    Entry, NameFault, Pieces, names,
    records::{central_header, central_header_len, end, local_header, local_header_len},
};

/// Where every byte of the ZIP comes from. Holds the entries and two offsets
/// for each, no contents.
#[derive(Clone, Debug)]
pub struct Layout {
    entries: Vec<Entry>,
    /// Where each part begins: every entry (its header, then its bytes), then
    /// every central header, then the end. Ascending.
    starts: Vec<u64>,
    len: u64,
    end: Vec<u8>,
}

/// Why entries make no ZIP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayoutError {
    /// The entry at `index` cannot be named so.
    Name { index: usize, name: String, fault: NameFault },
    /// All together is more than ZIP64 can address (2⁶⁴ − 1 bytes).
    TooLong,
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LayoutError::Name { index, name, fault } => {
                write!(f, "entry {index}, {:.200?}: {fault}", name)
            }
            LayoutError::TooLong => f.write_str("the entries are longer than a ZIP can be"),
        }
    }
}

impl core::error::Error for LayoutError {}

impl Layout {
    /// Lays the entries out in the order given.
    ///
    /// # Errors
    /// When a name is not fit for a ZIP or not unique, or when the lengths
    /// together overflow.
    pub fn new(entries: Vec<Entry>) -> Result<Layout, LayoutError> {
        fit(&entries).map_err(|(index, fault)| {
            let name = entries[index].name.clone();
            LayoutError::Name { index, name, fault }
        })?;
        let (starts, directory_start, end_start) = starts(&entries).ok_or(LayoutError::TooLong)?;
        let end = end(entries.len() as u64, directory_start, end_start - directory_start);
        let len = end_start.checked_add(end.len() as u64).ok_or(LayoutError::TooLong)?;
        Ok(Layout { entries, starts, len, end })
    }

    /// The whole ZIP's length in bytes.
    #[allow(clippy::len_without_is_empty, reason = "a ZIP is never empty: its end record is 22 bytes")]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// The entries, in the order given; [`Piece::Source`](crate::Piece) counts in it.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The pieces that make up these bytes of the ZIP, in order. What lies
    /// beyond the end is left out.
    pub fn pieces(&self, range: Range<u64>) -> Pieces<'_> {
        Pieces::new(self, range.start..range.end.min(self.len))
    }

    /// The part in which a byte lies.
    pub(crate) fn part_at(&self, offset: u64) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    pub(crate) fn start_of(&self, part: usize) -> u64 {
        self.starts[part]
    }

    /// A part's own bytes, and how many of an entry's bytes follow them.
    pub(crate) fn part(&self, part: usize) -> (Vec<u8>, u64) {
        let count = self.entries.len();
        if part < count {
            let entry = &self.entries[part];
            return (local_header(entry), entry.len);
        }
        match self.entries.get(part - count) {
            Some(entry) => (central_header(entry, self.starts[part - count]), 0),
            None => (self.end.clone(), 0),
        }
    }

    /// Where an entry's bytes lie in the ZIP.
    pub(crate) fn content(&self, entry: usize) -> Range<u64> {
        let start = self.starts[entry] + local_header_len(&self.entries[entry]);
        start..start + self.entries[entry].len
    }
}

/// The first entry whose name is not fit, or is not for what it has.
fn fit(entries: &[Entry]) -> Result<(), (usize, NameFault)> {
    names::find_fault(entries.iter().map(|entry| entry.name.as_str()))?;
    match entries.iter().position(|entry| entry.is_folder() && (entry.len, entry.crc32) != (0, 0)) {
        Some(index) => Err((index, NameFault::FolderWithBytes)),
        None => Ok(()),
    }
}

/// Where each part begins, and where the central directory and the end do.
/// None when that overflows.
fn starts(entries: &[Entry]) -> Option<(Vec<u64>, u64, u64)> {
    let mut starts = Vec::with_capacity(2 * entries.len() + 1);
    let mut at = 0_u64;
    for entry in entries {
        starts.push(at);
        at = at.checked_add(local_header_len(entry))?.checked_add(entry.len)?;
    }
    let directory_start = at;
    for (index, entry) in entries.iter().enumerate() {
        let offset = starts[index];
        starts.push(at);
        at = at.checked_add(central_header_len(entry, offset))?;
    }
    starts.push(at);
    Some((starts, directory_start, at))
}
