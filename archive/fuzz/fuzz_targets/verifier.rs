//! Any bytes: no panic, the same report in any chunks, and none passes for whole but what a layout gives.
//!
//! Most of what is tried is an archive with a few bytes lost, changed or added.

#![no_main]

use arbitrary::Arbitrary;
use archive::{
    Entry, Layout, Piece, SUMS_NAME, Timestamp, sums,
    verify::{Report, Verdict, Verifier},
};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Input {
    Bytes(Vec<u8>, u8),
    Archive { files: Vec<(String, Vec<u8>)>, edits: Vec<(u16, u8, Vec<u8>)>, chunk: u8 },
}

fn archive(files: Vec<(String, Vec<u8>)>) -> Option<Vec<u8>> {
    let entry = |(name, bytes): &(String, Vec<u8>)| Entry::of_bytes(name, bytes, Timestamp::EARLIEST);
    let mut entries: Vec<Entry> = files.iter().map(entry).collect();
    let list = sums(&entries).into_bytes();
    entries.push(Entry::of_bytes(SUMS_NAME, &list, Timestamp::EARLIEST));
    let layout = Layout::new(entries).ok()?;
    let mut contents: Vec<Vec<u8>> = files.into_iter().map(|(_, bytes)| bytes).collect();
    contents.push(list);
    let pieces = layout.pieces(0..layout.len()).map(|piece| match piece {
        Piece::Literal(bytes) => bytes,
        Piece::Source { entry, .. } => contents[entry].clone(),
    });
    Some(pieces.flatten().collect())
}

fn verify(bytes: &[u8], chunk: usize) -> Report {
    let mut verifier = Verifier::new();
    bytes.chunks(chunk).for_each(|chunk| verifier.push(chunk));
    verifier.finish()
}

fuzz_target!(|input: Input| {
    let (bytes, good, chunk) = match input {
        Input::Bytes(bytes, chunk) => (bytes, None, chunk),
        Input::Archive { files, edits, chunk } => {
            let Some(good) = archive(files) else { return };
            let mut bytes = good.clone();
            for (at, lost, added) in edits {
                let at = usize::from(at) % (bytes.len() + 1);
                let end = bytes.len().min(at + usize::from(lost));
                bytes.splice(at..end, added);
            }
            (bytes, Some(good), chunk)
        }
    };
    let report = verify(&bytes, usize::from(chunk) + 1);
    assert_eq!(report, verify(&bytes, 1 << 20));
    if let Some(good) = good {
        // Whole may only be what was laid out, or another archive that edits happened to make; none is that lucky.
        assert_eq!(report.verdict == Verdict::Whole, bytes == good);
    }
});
