//! Any manifest: either it is refused, or any range of it has as many bytes as it should, the same ones as the whole.

#![no_main]

use arbitrary::Arbitrary;
use archive::{Entry, Layout, Piece, Timestamp};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    entries: Vec<(String, u64, u32)>,
    from: u64,
    len: u16,
}

/// A range's bytes; an entry's own are the low byte of their place in it.
fn bytes(layout: &Layout, from: u64, to: u64) -> Vec<u8> {
    let pieces = layout.pieces(from..to).map(|piece| match piece {
        Piece::Literal(bytes) => bytes,
        Piece::Source { range, .. } => range.map(|at| at as u8).collect(),
    });
    pieces.flatten().collect()
}

fuzz_target!(|input: Input| {
    let entries = input.entries.into_iter();
    let entries = entries.map(|(name, len, crc32)| Entry::new(name, len, crc32, Timestamp::EARLIEST));
    let Ok(layout) = Layout::new(entries.collect()) else { return };
    let from = input.from % layout.len();
    let to = layout.len().min(from + u64::from(input.len));
    let part = bytes(&layout, from, to);
    assert_eq!(part.len() as u64, to - from);
    let middle = from + (to - from) / 3;
    assert_eq!([bytes(&layout, from, middle), bytes(&layout, middle, to)].concat(), part);
});
