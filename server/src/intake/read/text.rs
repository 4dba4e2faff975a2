//! Which characters the bytes mean.
//!
//! Byte order marks first, then UTF-16 without one (told by its zero bytes),
//! then UTF-8, and for what is none of these Windows-1252, of which Latin-1 is
//! a part. A `CHARSET=` parameter outranks all of it and is the business of
//! [`super::settle`].

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of a file is looked at to recognise UTF-16 without a mark.
const SAMPLE: usize = 4096;

/// The file as bytes in which ASCII is ASCII: without its mark, UTF-16 turned
/// into UTF-8, and without the zero bytes that some media pad the end with.
/// What is not UTF-16 keeps its own encoding, which can change from line to line.
pub fn ascii_compatible(bytes: &[u8]) -> Cow<'_, [u8]> {
    let plain = match wide(bytes) {
        Some((encoding, rest)) => {
            Cow::Owned(encoding.decode_without_bom_handling(rest).0.into_owned().into_bytes())
        }
        None => Cow::Borrowed(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)),
    };
    match plain {
        Cow::Borrowed(bytes) => Cow::Borrowed(without_padding(bytes)),
        Cow::Owned(mut bytes) => {
            bytes.truncate(without_padding(&bytes).len());
            Cow::Owned(bytes)
        }
    }
}

/// The whole file as text.
pub fn whole(bytes: &[u8]) -> String {
    decode(&ascii_compatible(bytes)).into_owned()
}

/// Bytes of no declared encoding as text. Never fails: what is mostly UTF-8
/// shows its damaged characters as U+FFFD, all else is Windows-1252.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) if mostly_utf8(bytes) => String::from_utf8_lossy(bytes),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Bytes of a declared encoding as text; none when nobody knows that name.
pub fn decode_as<'a>(bytes: &'a [u8], label: &str) -> Option<Cow<'a, str>> {
    let encoding = Encoding::for_label_no_replacement(label.trim().as_bytes())?;
    if encoding == UTF_8 {
        return Some(decode(bytes));
    }
    Some(encoding.decode_without_bom_handling(bytes).0)
}

fn wide(bytes: &[u8]) -> Option<(&'static Encoding, &[u8])> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => Some((UTF_16LE, rest)),
        [0xFE, 0xFF, rest @ ..] => Some((UTF_16BE, rest)),
        _ => unmarked_wide(bytes).map(|encoding| (encoding, bytes)),
    }
}

/// Text in Latin letters has a zero in nearly every second byte of UTF-16.
/// Padding at the end of a file must not look like it.
fn unmarked_wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = without_padding(&bytes[..bytes.len().min(SAMPLE)]);
    let pairs = sample.len() / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |from: usize| sample.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > pairs * 4 && even * 20 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 4 && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether well-formed characters of several bytes outnumber the broken bytes.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

fn without_padding(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    // The last unit of UTF-16 may end in a zero that belongs to it.
    &bytes[..(end + end % 2).min(bytes.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn utf16_is_known_with_and_without_its_mark() {
        for big in [false, true] {
            let plain = utf16("BEGIN:VCARD\r\nFN:Zoë\r\n", big);
            assert_eq!(whole(&plain), "BEGIN:VCARD\r\nFN:Zoë\r\n");
            let marked = utf16("\u{feff}FN:Zoë", big);
            assert_eq!(whole(&marked), "FN:Zoë");
        }
    }

    #[test]
    fn utf8_loses_its_mark_and_latin1_becomes_text() {
        assert_eq!(whole("\u{feff}Zoë".as_bytes()), "Zoë");
        assert_eq!(whole(b"Zo\xEB"), "Zoë");
        assert_eq!(whole(b"10 \x80"), "10 €");
    }

    #[test]
    fn one_broken_character_does_not_turn_utf8_into_windows_1252() {
        assert_eq!(whole(b"\xC3\xA9t\xC3\xA9 \xFF"), "été \u{fffd}");
    }

    #[test]
    fn zero_bytes_at_the_end_are_padding() {
        let mut bytes = b"FN:Ann\r\n".to_vec();
        bytes.resize(4096, 0);
        assert_eq!(whole(&bytes).trim_end_matches('\0'), "FN:Ann\r\n");
    }
}
