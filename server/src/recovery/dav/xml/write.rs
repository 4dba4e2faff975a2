//! From elements to an answer's body.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use super::{CAL, CARD, CS, DAV, Element};

/// The namespaces that every answer declares, under the prefixes that they are known by.
const KNOWN: [(&str, &str); 4] = [(DAV, "d"), (CARD, "card"), (CAL, "cal"), (CS, "cs")];

/// The document. It cannot fail but by its writer, which is memory.
pub fn write(root: &Element) -> io::Result<String> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    element(&mut writer, root, true)?;
    String::from_utf8(writer.into_inner()).map_err(|error| io::Error::other(error.to_string()))
}

fn element(writer: &mut Writer<Vec<u8>>, element: &Element, is_root: bool) -> io::Result<()> {
    let space = element.name.space.as_ref();
    let prefix = KNOWN.iter().find(|(known, _)| *known == space).map(|(_, prefix)| *prefix);
    let name = match prefix {
        Some(prefix) => format!("{prefix}:{}", element.name.local),
        None if space.is_empty() => element.name.local.to_string(),
        None => format!("x:{}", element.name.local),
    };
    let mut start = BytesStart::new(name.as_str());
    if is_root {
        for (known, prefix) in KNOWN {
            start.push_attribute((format!("xmlns:{prefix}").as_str(), known));
        }
    }
    if prefix.is_none() && !space.is_empty() {
        start.push_attribute(("xmlns:x", allowed(space).as_str()));
    }
    for (key, value) in &element.attributes {
        start.push_attribute((key.as_str(), allowed(value).as_str()));
    }
    if element.text.is_empty() && element.children.is_empty() {
        return writer.write_event(Event::Empty(start));
    }
    writer.write_event(Event::Start(start))?;
    writer.write_event(Event::Text(BytesText::from_escaped(escaped(&element.text))))?;
    for child in &element.children {
        self::element(writer, child, false)?;
    }
    writer.write_event(Event::End(BytesEnd::new(name.as_str())))
}

/// Without what XML 1.0 cannot hold at all (section 2.2), not even as a number.
fn allowed(text: &str) -> String {
    text.chars().filter(|c| is_allowed(*c)).collect()
}

fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A carriage return is written as a number: parsers drop a plain one, and the lines of cards and
/// calendars end in both.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars().filter(|c| is_allowed(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{super::*, *};

    #[test]
    fn known_names_are_short_and_strange_ones_carry_their_namespace() {
        let strange = Name { space: "urn:\"x\"".into(), local: "a".into() };
        let root = Element::new(DAV, "prop").with(Element::new(CARD, "b")).with(Element::named(strange));
        let text = write(&root).unwrap();
        assert!(
            text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?><d:prop xmlns:d=\"DAV:\""),
            "{text}"
        );
        assert!(
            text.contains("<card:b/>") && text.contains("<x:a xmlns:x=\"urn:&quot;x&quot;\"/>"),
            "{text}"
        );
    }

    #[test]
    fn a_card_arrives_with_its_line_ends_and_without_what_xml_forbids() {
        let root = Element::new(CARD, "address-data").says("N:<A&B>\u{b}\r\n");
        assert!(write(&root).unwrap().contains(">N:&lt;A&amp;B&gt;&#13;\n</card:address-data>"));
        assert_eq!(read(write(&root).unwrap().as_bytes()).unwrap().text, "N:<A&B>\r\n");
    }
}
