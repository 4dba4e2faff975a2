//! XML as the protocol needs it: elements with names in namespaces, attributes and text. Read and written
//! by quick-xml; what is not well-formed, or tries to define entities, is refused.

mod read;
mod write;

use std::borrow::Cow;

pub use read::{Malformed, read};
pub use write::write;

/// WebDAV (RFC 4918).
pub const DAV: &str = "DAV:";
/// CardDAV (RFC 6352).
pub const CARD: &str = "urn:ietf:params:xml:ns:carddav";
/// CalDAV (RFC 4791).
pub const CAL: &str = "urn:ietf:params:xml:ns:caldav";
/// What Apple's server began with, and every client asks for: `getctag`.
pub const CS: &str = "http://calendarserver.org/ns/";

/// A name in its namespace; an empty namespace is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub space: Cow<'static, str>,
    pub local: Cow<'static, str>,
}

impl Name {
    pub const fn new(space: &'static str, local: &'static str) -> Self {
        Self { space: Cow::Borrowed(space), local: Cow::Borrowed(local) }
    }

    pub fn is(&self, space: &str, local: &str) -> bool {
        self.local == local && self.space == space
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub name: Name,
    /// Those without a namespace.
    pub attributes: Vec<(String, String)>,
    /// All text directly inside.
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    pub fn named(name: Name) -> Self {
        Self { name, attributes: Vec::new(), text: String::new(), children: Vec::new() }
    }

    pub fn new(space: &'static str, local: &'static str) -> Self {
        Self::named(Name::new(space, local))
    }

    pub fn with(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    pub fn with_all(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children);
        self
    }

    pub fn says(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.attributes.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn is(&self, space: &str, local: &str) -> bool {
        self.name.is(space, local)
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn child(&self, space: &str, local: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.is(space, local))
    }
}

/// `<d:href>`.
pub fn href(path: impl Into<String>) -> Element {
    Element::new(DAV, "href").says(path)
}
