//! Archives as a portal makes them: some files, and the list of their sums last.

use std::ops::Range;

use archive::{Entry, Layout, Piece, SUMS_NAME, Timestamp, sums};

pub type File = (String, Vec<u8>);

pub fn layout_of(files: &[File]) -> Layout {
    let day = Timestamp::new(2009, 10, 20, 17, 3, 0).unwrap();
    Layout::new(files.iter().map(|(name, bytes)| Entry::of_bytes(name, bytes, day)).collect()).unwrap()
}

pub fn bytes_of(layout: &Layout, files: &[File], range: Range<u64>) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in layout.pieces(range) {
        assert!(piece.len() > 0);
        match piece {
            Piece::Literal(bytes) => out.extend(bytes),
            Piece::Source { entry, range } => {
                out.extend(&files[entry].1[range.start as usize..range.end as usize]);
            }
        }
    }
    out
}

pub fn whole(layout: &Layout, files: &[File]) -> Vec<u8> {
    bytes_of(layout, files, 0..layout.len())
}

/// The files, and last the list of these names' sums.
#[allow(dead_code, reason = "each test program has its own copy of this module")]
pub fn listed(mut files: Vec<File>) -> Vec<File> {
    let entries: Vec<Entry> =
        files.iter().map(|(name, bytes)| Entry::of_bytes(name, bytes, Timestamp::EARLIEST)).collect();
    files.push((SUMS_NAME.to_owned(), sums(&entries).into_bytes()));
    files
}

#[allow(dead_code, reason = "each test program has its own copy of this module")]
pub fn zip_of(files: &[File]) -> Vec<u8> {
    whole(&layout_of(files), files)
}
