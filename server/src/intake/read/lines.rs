//! Logical lines of vCard and iCalendar files: unfolded, each with the number
//! of the line it starts on. Works on bytes, since a file may be folded inside
//! a character and change its encoding from one property to the next.

use super::property::HeaderScan;

/// One unfolded content line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logical {
    /// 1-based number of its first physical line.
    pub number: u64,
    pub bytes: Vec<u8>,
}

/// Splits a file into logical lines; empty ones are left out.
pub struct Lines<'a> {
    rest: &'a [u8],
    number: u64,
}

impl<'a> Lines<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Lines { rest: bytes, number: 0 }
    }

    /// The number of the last physical line that was read.
    pub fn number(&self) -> u64 {
        self.number
    }

    fn take(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = cut(self.rest);
        self.rest = rest;
        self.number += 1;
        Some(line)
    }

    fn peek(&self) -> Option<&'a [u8]> {
        (!self.rest.is_empty()).then(|| cut(self.rest).0)
    }

    fn is_folded_behind_a_blank(&self) -> bool {
        let after = cut(cut(self.rest).1).0;
        matches!(after, [b' ' | b'\t', ..]) && !is_blank(after)
    }

    /// Appends what belongs to the line begun in `bytes`: folded lines, soft
    /// breaks of quoted-printable, and base64 whose lines nobody indented.
    fn continue_into(&mut self, bytes: &mut Vec<u8>) {
        let mut header = HeaderScan::default();
        while let Some(next) = self.peek() {
            header.advance(bytes);
            if header.quoted_printable() && bytes.ends_with(b"=") && !is_boundary(next) {
                bytes.pop();
                bytes.extend_from_slice(next);
            } else if next.is_empty() && self.is_folded_behind_a_blank() {
                // A file whose line ends were doubled.
            } else if let [b' ' | b'\t', folded @ ..] = next {
                bytes.extend_from_slice(folded);
            } else if header.base64() && is_base64(next) {
                bytes.extend_from_slice(next);
            } else {
                return;
            }
            self.take();
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Logical;

    fn next(&mut self) -> Option<Logical> {
        loop {
            let mut bytes = self.take()?.to_vec();
            let number = self.number;
            if is_blank(&bytes) {
                continue;
            }
            self.continue_into(&mut bytes);
            return Some(Logical { number, bytes });
        }
    }
}

/// One physical line without its end, which is CRLF, LF or CR, and what follows.
fn cut(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
        return (bytes, &[]);
    };
    let after = match bytes[end..] {
        [b'\r', b'\r', b'\n', ..] => 3,
        [b'\r', b'\n', ..] => 2,
        _ => 1,
    };
    (&bytes[..end], &bytes[end + after..])
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0)
}

fn is_base64(line: &[u8]) -> bool {
    !is_blank(line)
        && line.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b' '))
}

/// A stray `=` at the end of a line must not swallow the card's end.
fn is_boundary(line: &[u8]) -> bool {
    let starts = |word: &[u8]| line.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    starts(b"END:V") || starts(b"BEGIN:V")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(u64, String)> {
        Lines::new(text.as_bytes())
            .map(|line| (line.number, String::from_utf8_lossy(&line.bytes).into_owned()))
            .collect()
    }

    fn just(text: &str) -> Vec<String> {
        lines(text).into_iter().map(|(_, line)| line).collect()
    }

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        for text in ["A:1\nB:2\n", "A:1\r\nB:2", "A:1\rB:2\r", "A:1\r\r\nB:2\r\r\n"] {
            assert_eq!(just(text), ["A:1", "B:2"], "{text:?}");
        }
    }

    #[test]
    fn folded_lines_are_one_and_keep_the_number_of_the_first() {
        assert_eq!(
            lines("A:1\r\nNOTE:one\r\n  two\r\n\tthree\r\n\r\nB:2"),
            [(1, "A:1".into()), (2, "NOTE:one twothree".into()), (6, "B:2".into())]
        );
    }

    #[test]
    fn doubled_line_ends_do_not_undo_folding() {
        assert_eq!(just("VERSION\n\n :2.0\n\nPRODID:x\n"), ["VERSION:2.0", "PRODID:x"]);
    }

    #[test]
    fn soft_breaks_join_but_never_swallow_the_end() {
        assert_eq!(
            just("LABEL;ENCODING=QUOTED-PRINTABLE:a=0D=0A=\nb:c\nTEL:1"),
            ["LABEL;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab:c", "TEL:1"]
        );
        assert_eq!(just("T;QUOTED-PRINTABLE:a=\nEND:VCARD"), ["T;QUOTED-PRINTABLE:a=", "END:VCARD"]);
        assert_eq!(just("URL:http://x/?q=\nTEL:1"), ["URL:http://x/?q=", "TEL:1"]);
    }

    #[test]
    fn base64_that_nobody_indented_is_joined() {
        assert_eq!(
            just("PHOTO;ENCODING=BASE64:AAAA\nBBBB\nCC==\n\nTEL:1"),
            ["PHOTO;ENCODING=BASE64:AAAABBBBCC==", "TEL:1"]
        );
    }
}
