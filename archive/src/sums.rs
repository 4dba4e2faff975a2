//! The list inside an archive that proves it: lines as `sha256sum -c` reads them.

use alloc::string::String;
use core::fmt::Write;

use crate::Entry;

/// What the list is called in an archive of ours, where it stands last.
pub const SUMS_NAME: &str = "MANIFEST.sha256";

/// The list's text: a line for every entry whose SHA-256 is known, in their
/// order. Names that a layout takes need no escaping.
///
/// ```
/// # use archive::{Entry, Timestamp, sums};
/// let entry = Entry::of_bytes("hello.txt", b"hello\n", Timestamp::EARLIEST);
/// assert_eq!(
///     sums(&[entry]),
///     "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03  hello.txt\n"
/// );
/// ```
pub fn sums(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        let Some(sha256) = entry.sha256 else { continue };
        for byte in sha256 {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        let _ = writeln!(text, "  {}", entry.name);
    }
    text
}
