//! Reading `MANIFEST.sha256` as it streams by.

use alloc::{borrow::ToOwned, collections::BTreeMap, string::String, vec::Vec};

use crate::names;

/// 64 digits, two spaces, the longest name.
const LONGEST_LINE: usize = 64 + 2 + 65_535;

/// Each name with the SHA-256 that is listed for it.
#[derive(Default)]
pub(super) struct Listed {
    line: Vec<u8>,
    pub sums: BTreeMap<String, [u8; 32]>,
    /// Bytes of the names.
    pub name_bytes: usize,
    broken: bool,
}

impl Listed {
    pub fn push(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            self.extend(&bytes[..end]);
            self.close_line();
            bytes = &bytes[end + 1..];
        }
        self.extend(bytes);
    }

    /// Whether every line was one that we write.
    pub fn is_well_formed(&self) -> bool {
        !self.broken && self.line.is_empty()
    }

    fn extend(&mut self, bytes: &[u8]) {
        if self.line.len() + bytes.len() > LONGEST_LINE {
            self.broken = true;
            self.line.clear();
        } else {
            self.line.extend_from_slice(bytes);
        }
    }

    fn close_line(&mut self) {
        match parse(&self.line) {
            Some((name, sum)) => {
                self.name_bytes += name.len();
                self.broken |= self.sums.insert(name.to_owned(), sum).is_some();
            }
            None => self.broken = true,
        }
        self.line.clear();
    }
}

/// A line without its end: the name and the sum.
fn parse(line: &[u8]) -> Option<(&str, [u8; 32])> {
    let line = core::str::from_utf8(line).ok()?;
    let (digits, name) = line.split_at_checked(64)?;
    let name = name.strip_prefix("  ").filter(|name| names::check(name).is_ok())?;
    let mut sum = [0; 32];
    for (byte, pair) in sum.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some((name, sum))
}

/// Lower case only, as `sha256sum` writes them.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::{Entry, Timestamp, sums};

    fn listed(text: &[u8], at_once: usize) -> Listed {
        let mut listed = Listed::default();
        text.chunks(at_once).for_each(|chunk| listed.push(chunk));
        listed
    }

    #[test]
    fn what_was_written_is_read_in_any_chunks() {
        let entries = ["a b.txt", "фото/猫.jpg"]
            .map(|name| Entry::of_bytes(name, name.as_bytes(), Timestamp::EARLIEST));
        let text = sums(&entries);
        for at_once in [1, 7, 1000] {
            let listed = listed(text.as_bytes(), at_once);
            assert!(listed.is_well_formed());
            for entry in &entries {
                assert_eq!(listed.sums.get(&entry.name).copied(), entry.sha256);
            }
        }
    }

    #[test]
    fn lines_that_we_do_not_write_are_noticed() {
        let good = sums(&[Entry::of_bytes("a", b"", Timestamp::EARLIEST)]);
        assert!(listed(good.as_bytes(), 9).is_well_formed());
        let bad = [
            good.to_uppercase(),
            good.trim_end().to_string(),
            good.replace("  ", " "),
            good.replace("  a", "  ../a"),
            good.repeat(2),
            "hello\n".to_string(),
            "\n".to_string(),
        ];
        for text in bad {
            assert!(!listed(text.as_bytes(), 9).is_well_formed(), "{text:?}");
        }
        assert!(!listed(&[b'0'; 70_000], 9).is_well_formed());
    }
}
