//! Turns the values of a component into UTF-8 text in one way of writing: no
//! quoted-printable, no charset, and the escapes of vCard 3.0 and iCalendar 2.0
//! also where version 2.1 (and vCalendar 1.0) does without.

use std::borrow::Cow;

use super::Problem;
use super::component::Component;
use super::property::Property;
use super::text;

/// Whether a component was written before escapes were, in vCard 2.1 or vCalendar 1.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    Old,
    New,
}

impl Age {
    pub fn of(component: &Component) -> Age {
        let version = component.first("VERSION");
        let written =
            |p: &Property| if p.raw.is_empty() { p.value.clone() } else { text::decode(&p.raw).into() };
        match version.map(written).as_deref().map(str::trim) {
            Some(v) if v.starts_with('1') || v.starts_with('2') && component.name == "VCARD" => Age::Old,
            _ => Age::New,
        }
    }
}

/// Settles every value, children included. Damaged pictures are taken out and told.
pub fn settle(component: &mut Component, age: Age, problems: &mut Vec<Problem>) {
    let properties = std::mem::take(&mut component.properties);
    for mut property in properties {
        match settle_property(&mut property, age) {
            Ok(()) => component.properties.push(property),
            Err(reason) => problems.push(Problem { line: Some(property.line), reason }),
        }
    }
    for child in &mut component.children {
        let age = if child.name == "VCARD" { Age::of(child) } else { age };
        settle(child, age, problems);
    }
}

fn settle_property(property: &mut Property, age: Age) -> Result<(), String> {
    let raw = std::mem::take(&mut property.raw);
    if property.is_base64() {
        property.value = base64_of(&raw)
            .ok_or_else(|| format!("the data of {} is damaged and was not read", property.name))?;
        return Ok(());
    }
    let bytes = if property.is_quoted_printable() { quoted_printable(&raw) } else { Cow::Owned(raw) };
    let decoded = decode(property, &bytes, age);
    let escaped = if age == Age::Old { escape_old(&property.name, &decoded) } else { decoded };
    property.value = clean(&escaped);
    property.params.retain(|param| {
        param.name != "CHARSET" && (param.name != "ENCODING" || is_kept_encoding(&param.values))
    });
    Ok(())
}

fn is_kept_encoding(values: &[String]) -> bool {
    values.iter().any(|v| v.eq_ignore_ascii_case("b") || v.eq_ignore_ascii_case("base64"))
}

/// The declared charset counts, but not against bytes of a newer version that
/// are UTF-8 as that version asks.
fn decode(property: &Property, bytes: &[u8], age: Age) -> String {
    let declared =
        property.param("CHARSET").filter(|_| age == Age::Old || std::str::from_utf8(bytes).is_err());
    declared
        .and_then(|label| text::decode_as(bytes, label))
        .unwrap_or_else(|| text::decode(bytes))
        .into_owned()
}

/// RFC 2045 section 6.7; what is not a valid escape stands for itself.
fn quoted_printable(raw: &[u8]) -> Cow<'_, [u8]> {
    if !raw.contains(&b'=') {
        return Cow::Borrowed(raw);
    }
    let hex = |byte: Option<&u8>| byte.and_then(|byte| (*byte as char).to_digit(16));
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while at < raw.len() {
        match (raw[at], hex(raw.get(at + 1)), hex(raw.get(at + 2))) {
            (b'=', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    Cow::Owned(out)
}

/// The base64 text without white space; none when it is none.
fn base64_of(raw: &[u8]) -> Option<String> {
    use base64::Engine;
    use base64::alphabet::STANDARD;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let mut text: String = raw.iter().filter(|b| !b.is_ascii_whitespace()).map(|b| *b as char).collect();
    // Vendors pad too little or too much; a character too many is less than a byte.
    text.truncate(text.trim_end_matches('=').len());
    if text.len() % 4 == 1 {
        text.pop();
    }
    text.extend(std::iter::repeat_n('=', (4 - text.len() % 4) % 4));
    LENIENT.decode(&text).is_ok().then_some(text)
}

/// Version 2.1 knows `\;` alone; its commas are text.
fn escape_old(name: &str, text: &str) -> String {
    let commas_are_text = matches!(
        name,
        "N" | "FN"
            | "ADR"
            | "ORG"
            | "NOTE"
            | "LABEL"
            | "TITLE"
            | "ROLE"
            | "SUMMARY"
            | "DESCRIPTION"
            | "LOCATION"
    );
    let semicolons_are_text = commas_are_text && !matches!(name, "N" | "ADR" | "ORG");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                out.push('\\');
                match rest.peek() {
                    Some('n' | 'N' | ',' | ';' | '\\') => out.extend(rest.next()),
                    Some(':') => {
                        out.pop();
                    }
                    _ => out.push('\\'),
                }
            }
            ',' if commas_are_text => out.push_str("\\,"),
            ';' if semicolons_are_text => out.push_str("\\;"),
            c => out.push(c),
        }
    }
    out
}

/// Line ends as `\n`, and no control characters.
fn clean(text: &str) -> String {
    if !text.contains(|c: char| c.is_control()) {
        return text.to_owned();
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\\n");
    text.chars().filter(|c| *c == '\t' || !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(text: &[u8]) -> Component {
        let (mut components, _) = super::super::component::read(text);
        let mut component = components.remove(0);
        let age = Age::of(&component);
        settle(&mut component, age, &mut Vec::new());
        component
    }

    #[test]
    fn quoted_printable_in_any_charset_becomes_text() {
        let card = settled(
            b"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:M=FCller;J=F6rg\nNOTE;ENCODING=QUOTED-PRINTABLE:a, b=0D=0Ac\nFN;CHARSET=SHIFT_JIS:\x8E\x52\x93\x63\nEND:VCARD",
        );
        assert_eq!(card.first("N").unwrap().value, "Müller;Jörg");
        assert_eq!(card.first("NOTE").unwrap().value, "a\\, b\\nc");
        assert_eq!(card.first("FN").unwrap().value, "山田");
        assert!(card.properties.iter().all(|p| p.params.is_empty()));
    }

    #[test]
    fn a_wrong_charset_does_not_spoil_utf8_of_a_newer_version() {
        let card = settled("BEGIN:VCARD\nVERSION:3.0\nFN;CHARSET=ISO-8859-1:Zoë\nEND:VCARD".as_bytes());
        assert_eq!(card.first("FN").unwrap().value, "Zoë");
    }

    #[test]
    fn a_damaged_picture_is_told_and_left_out() {
        let (mut cards, _) =
            super::super::component::read(b"BEGIN:VCARD\nFN:A\nPHOTO;ENCODING=b:AAA*\nEND:VCARD");
        let mut problems = Vec::new();
        settle(&mut cards[0], Age::New, &mut problems);
        assert_eq!(cards[0].properties.len(), 1);
        assert_eq!(problems[0].line, Some(3));
    }

    #[test]
    fn padding_is_put_right() {
        for (raw, text) in [("AAAA=", "AAAA"), ("AA", "AA=="), ("AAAAA", "AAAA"), ("AAA=\n", "AAA=")] {
            assert_eq!(base64_of(raw.as_bytes()).as_deref(), Some(text));
        }
    }

    #[test]
    fn invalid_escapes_stand_for_themselves() {
        assert_eq!(&*quoted_printable(b"=nnnn=4"), b"=nnnn=4");
    }
}
