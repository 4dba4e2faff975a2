//! From a request's body to elements, within limits.

use quick_xml::{
    NsReader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
    name::{Namespace, ResolveResult},
};

use super::{Element, Name};

/// Requests nest about eight deep.
const DEEPEST: usize = 32;
/// A client that asks for ten thousand members at once names each in an element.
const MOST: usize = 20_000;

/// What is wrong with a body, for whoever wrote the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body is not XML that can be read: {what} (at byte {at})")]
pub struct Malformed {
    what: String,
    at: u64,
}

/// The root element of a document.
pub fn read(bytes: &[u8]) -> Result<Element, Malformed> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Malformed { what: "it is not UTF-8".to_owned(), at: error.valid_up_to() as u64 })?;
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{feff}'));
    let mut tree = Tree::default();
    loop {
        match step(&mut reader, &mut tree) {
            Ok(true) => {}
            Ok(false) => return tree.root.ok_or_else(|| refused("there is no element", &reader)),
            Err(what) => return Err(refused(&what, &reader)),
        }
    }
}

fn refused(what: &str, reader: &NsReader<&[u8]>) -> Malformed {
    Malformed { what: what.to_owned(), at: reader.buffer_position() }
}

#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    count: usize,
}

/// Takes one event in; false at the end.
fn step(reader: &mut NsReader<&[u8]>, tree: &mut Tree) -> Result<bool, String> {
    let (space, event) = reader.read_resolved_event().map_err(|error| error.to_string())?;
    match event {
        Event::Start(start) => tree.begin(element(space, &start)?)?,
        Event::Empty(start) => {
            tree.begin(element(space, &start)?)?;
            tree.end()?;
        }
        Event::End(_) => tree.end()?,
        Event::Text(text) => tree.text(&text.xml10_content().map_err(|error| error.to_string())?)?,
        Event::CData(text) => tree.text(&text.xml10_content().map_err(|error| error.to_string())?)?,
        Event::GeneralRef(reference) => tree.text(&resolve(&reference)?)?,
        // Entities of one's own are how a small body becomes a large one.
        Event::DocType(_) => return Err("a document type is not taken".to_owned()),
        Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        Event::Eof if tree.open.is_empty() => return Ok(false),
        Event::Eof => return Err("it ends inside an element".to_owned()),
    }
    Ok(true)
}

impl Tree {
    fn begin(&mut self, element: Element) -> Result<(), String> {
        self.count += 1;
        if self.root.is_some() {
            return Err("there is a second root".to_owned());
        }
        if self.open.len() == DEEPEST || self.count > MOST {
            return Err("it is nested too deep or has too many elements".to_owned());
        }
        self.open.push(element);
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let done = self.open.pop().ok_or("an element ends that never began")?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => self.root = Some(done),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        match self.open.last_mut() {
            Some(open) => open.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err("there is text outside the root".to_owned()),
        }
        Ok(())
    }
}

fn element(space: ResolveResult<'_>, start: &BytesStart<'_>) -> Result<Element, String> {
    let space = match space {
        ResolveResult::Bound(Namespace(space)) => utf8(space)?,
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(_) => return Err("a prefix stands for no namespace".to_owned()),
    };
    let local = utf8(start.local_name().as_ref())?;
    // It may be written again, in the answer.
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !local.chars().all(is_name) || !local.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return Err("an element has a name that is none".to_owned());
    }
    let mut element = Element::named(Name { space: space.into(), local: local.into() });
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.prefix().is_some() || attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        element.attributes.push((utf8(attribute.key.as_ref())?, value.into_owned()));
    }
    Ok(element)
}

/// `&amp;` and its four like, and characters by their number; nothing else.
fn resolve(reference: &BytesRef<'_>) -> Result<String, String> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(character.to_string());
    }
    let name = reference.decode().map_err(|error| error.to_string())?;
    let known = resolve_predefined_entity(&name).ok_or("an entity is not known")?;
    Ok(known.to_owned())
}

fn utf8(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| "it is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::*, *};

    #[test]
    fn names_have_their_namespace_whatever_the_prefix() {
        for text in [
            "<a:propfind xmlns:a='DAV:'><a:prop><a:getetag/></a:prop></a:propfind>",
            "\u{feff}<?xml version='1.0'?><propfind xmlns='DAV:'><!-- x --><prop><getetag></getetag></prop></propfind>",
        ] {
            let root = read(text.as_bytes()).unwrap();
            let prop = root.child(DAV, "prop").unwrap();
            assert!(root.is(DAV, "propfind") && prop.child(DAV, "getetag").is_some(), "{text}");
        }
        let other = read(b"<propfind xmlns='urn:x'><prop/></propfind>").unwrap();
        assert!(!other.is(DAV, "propfind") && other.is("urn:x", "propfind"));
    }

    #[test]
    fn text_and_attributes_are_read_as_they_are_meant() {
        let root = read(b"<m xmlns='urn:x' a=\"1 &lt; 2\" xml:lang='en'>A &amp; B&#x20;<![CDATA[<c>]]></m>")
            .unwrap();
        assert_eq!(root.text, "A & B <c>");
        assert_eq!(root.attribute("a"), Some("1 < 2"));
        assert_eq!(root.attributes.len(), 1);
    }

    #[test]
    fn what_is_not_well_formed_or_would_grow_is_refused() {
        let deep = "<a>".repeat(100_000);
        let wide = format!("<a>{}</a>", "<b/>".repeat(MOST));
        for text in [
            "",
            "   ",
            "text",
            "<a>",
            "</a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>x",
            "<p:a/>",
            "<a>&b;</a>",
            "<1/>",
            "<a&b/>",
            "<a x='1' x='2'/>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
            deep.as_str(),
            wide.as_str(),
        ] {
            assert!(read(text.as_bytes()).is_err(), "{}", text.chars().take(60).collect::<String>());
        }
        assert!(read(b"<a>\xff</a>").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes);
        }

        #[test]
        fn nothing_that_looks_like_xml_makes_it_panic(text in "(<[!?/]?[a:]?[A-z]{0,3}( [a-z:]{1,6}=['\"][&;a#x0-9]{0,4}['\"])?/?>|[&<>;\\[\\]a-z]{0,4}){0,20}") {
            let _ = read(text.as_bytes());
        }

        #[test]
        fn what_is_written_reads_back(text in "\\PC{0,40}", local in "[a-z][a-z0-9-]{0,8}", space in "[a-z:/&<'\" ]{1,12}") {
            let name = Name { space: space.into(), local: local.into() };
            let inner = Element::named(name).says(text.clone()).set("a", &text);
            let root = Element::new(DAV, "prop").with(inner.clone());
            let back = read(write(&root).unwrap().as_bytes()).unwrap();
            prop_assert_eq!(&back.children[0].text, &inner.text);
            prop_assert_eq!(&back.children[0].name.local, &inner.name.local);
        }
    }
}
