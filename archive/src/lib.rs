//! A ZIP laid out from its manifest.
//!
//! Given each entry's name, length and CRC-32, every byte of a ZIP that stores
//! them uncompressed is known except the entries' own: so the total length is
//! known before the first byte leaves, any range can be served, and the same
//! entries give the same ZIP on every machine and every day. This crate works
//! that out and does no I/O: it says which bytes are the ZIP's own and which
//! are an entry's, and the caller fetches the latter from wherever they are.
//!
//! ```
//! use archive::{Entry, Layout, Piece, Timestamp};
//!
//! let files: [(&str, &[u8]); 2] = [("notes/hello.txt", b"Hello"), ("README.html", b"<p>Hi</p>")];
//! let day = Timestamp::new(2009, 10, 20, 12, 0, 0).ok_or("no such day")?;
//! let entries = files.map(|(name, bytes)| Entry::of_bytes(name, bytes, day));
//! let layout = Layout::new(entries.to_vec())?;
//!
//! let mut zip = Vec::new();
//! for piece in layout.pieces(0..layout.len()) {
//!     match piece {
//!         Piece::Literal(bytes) => zip.extend(bytes),
//!         Piece::Source { entry, range } => {
//!             zip.extend(&files[entry].1[range.start as usize..range.end as usize]);
//!         }
//!     }
//! }
//! assert_eq!(zip.len() as u64, layout.len());
//! # assert_eq!(zip::ZipArchive::new(std::io::Cursor::new(zip))?.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Each entry may carry its SHA-256: [`sums`] writes the list of them that
//! `sha256sum -c` reads, and [`verify`] checks a whole archive against it while
//! it streams by.
//!
//! The format is PKWARE's APPNOTE 6.3: method *stored*, names in UTF-8 (flag
//! bit 11), lengths in the headers and not in data descriptors. ZIP64 fields
//! stand only where a value does not fit: a length or an offset of
//! `0xFFFF_FFFF` or more, `0xFFFF` entries or more (those two values are the
//! marks that say "look in ZIP64", so they do not fit either).

#![no_std]

extern crate alloc;

mod entry;
mod layout;
mod names;
mod pieces;
mod records;
mod sums;
mod timestamp;
pub mod verify;

pub use entry::Entry;
pub use layout::{Layout, LayoutError};
pub use names::NameFault;
pub use pieces::{Piece, Pieces};
pub use sums::{SUMS_NAME, sums};
pub use timestamp::Timestamp;

/// Keeps the example in the README true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
