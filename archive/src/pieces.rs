use alloc::vec::Vec;
use core::ops::Range;

use crate::Layout;

/// Literals that follow one another are given together up to about this many
/// bytes, so that a directory of many entries does not come in crumbs.
const LITERAL_TARGET: usize = 64 * 1024;

/// A run of the ZIP's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The ZIP's own bytes: headers, directory, end. At most about 128 KiB.
    Literal(Vec<u8>),
    /// Bytes `range` of the entry with this index. Never empty.
    Source { entry: usize, range: Range<u64> },
}

impl Piece {
    /// Bytes.
    #[allow(clippy::len_without_is_empty, reason = "no piece is ever empty")]
    pub fn len(&self) -> u64 {
        match self {
            Piece::Literal(bytes) => bytes.len() as u64,
            Piece::Source { range, .. } => range.end - range.start,
        }
    }
}

/// The pieces of a range of the ZIP; made by [`Layout::pieces`].
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    layout: &'a Layout,
    part: usize,
    at: u64,
    end: u64,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(layout: &'a Layout, range: Range<u64>) -> Pieces<'a> {
        let part = if range.is_empty() { 0 } else { layout.part_at(range.start) };
        Pieces { layout, part, at: range.start, end: range.end }
    }

    /// The ZIP's own bytes from here on; nothing inside an entry's bytes.
    fn literal(&mut self) -> Vec<u8> {
        let mut literal = Vec::new();
        while self.at < self.end && literal.len() < LITERAL_TARGET {
            let (own, content_len) = self.layout.part(self.part);
            let from = self.at - self.layout.start_of(self.part);
            let to = (own.len() as u64).min(from.saturating_add(self.end - self.at));
            if from >= to {
                break;
            }
            literal.extend_from_slice(&own[from as usize..to as usize]);
            self.at += to - from;
            self.part += usize::from(content_len == 0);
        }
        literal
    }

    /// The bytes of the entry that this is inside of.
    fn source(&mut self) -> Option<Piece> {
        if self.at >= self.end {
            return None;
        }
        let entry = self.part;
        let content = self.layout.content(entry);
        let range = self.at - content.start..self.end.min(content.end) - content.start;
        self.at = content.start + range.end;
        self.part += 1;
        Some(Piece::Source { entry, range })
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let literal = self.literal();
        if literal.is_empty() { self.source() } else { Some(Piece::Literal(literal)) }
    }
}
