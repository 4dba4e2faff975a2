//! Filters on one property, the same for cards (RFC 6352, 10.5) and calendars (RFC 4791, 9.7).

use super::span::Span;
use crate::{
    intake::read::{component::Component, property::Property, value},
    recovery::dav::{
        answer::{Error, Result},
        properties::COLLATIONS,
        xml::{CARD, Element},
    },
};

/// A property of that name and what must hold of it.
pub struct PropertyFilter {
    name: String,
    what: What,
}

enum What {
    Absent,
    Holds { all: bool, tests: Vec<Test> },
}

enum Test {
    Text(TextMatch),
    Parameter(ParameterFilter),
    Span(Span),
}

struct ParameterFilter {
    name: String,
    /// None: it must not be there.
    text: Option<Option<TextMatch>>,
}

struct TextMatch {
    needle: String,
    how: How,
    collation: Collation,
    negated: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Equals,
    Contains,
    StartsWith,
    EndsWith,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Collation {
    Ascii,
    Unicode,
    Octet,
}

/// `test="allof"`; one of them is enough without it, and for calendars all are needed.
pub fn is_all(element: &Element, without: bool) -> Result<bool> {
    match element.attribute("test") {
        None => Ok(without),
        Some("allof") => Ok(true),
        Some("anyof") => Ok(false),
        Some(_) => Err(Error::BadRequest("a filter's test is anyof or allof")),
    }
}

pub fn name_of(element: &Element) -> Result<String> {
    let name = element.attribute("name").filter(|name| !name.is_empty());
    name.map(str::to_ascii_uppercase).ok_or(Error::BadRequest("a filter has a name"))
}

fn unsupported(element: &Element) -> Error {
    Error::unsupported_filter(element.name.space == CARD)
}

impl PropertyFilter {
    pub fn of(element: &Element) -> Result<Self> {
        let is_cards = element.name.space == CARD;
        let (mut tests, mut absent) = (Vec::new(), false);
        for child in &element.children {
            match child.name.local.as_ref() {
                _ if child.name.space != element.name.space => return Err(unsupported(element)),
                "is-not-defined" => absent = true,
                "text-match" => tests.push(Test::Text(TextMatch::of(child)?)),
                "param-filter" => tests.push(Test::Parameter(ParameterFilter::of(child)?)),
                "time-range" if !is_cards => tests.push(Test::Span(Span::of(child)?)),
                _ => return Err(unsupported(element)),
            }
        }
        let what =
            if absent { What::Absent } else { What::Holds { all: is_all(element, !is_cards)?, tests } };
        Ok(Self { name: name_of(element)?, what })
    }

    pub fn matches(&self, component: &Component) -> bool {
        let mut properties = component.all(&self.name).peekable();
        match &self.what {
            What::Absent => properties.peek().is_none(),
            What::Holds { tests, .. } if tests.is_empty() => properties.peek().is_some(),
            What::Holds { all: true, tests } => {
                properties.any(|one| tests.iter().all(|test| test.matches(one)))
            }
            What::Holds { all: false, tests } => {
                properties.any(|one| tests.iter().any(|test| test.matches(one)))
            }
        }
    }
}

impl Test {
    fn matches(&self, property: &Property) -> bool {
        match self {
            Test::Text(text) => text.matches(&value::unescape(&property.value)),
            Test::Parameter(filter) => filter.matches(property),
            Test::Span(span) => span.holds(property),
        }
    }
}

impl ParameterFilter {
    fn of(element: &Element) -> Result<Self> {
        let text = match element.children.as_slice() {
            [] => Some(None),
            [one] if one.name.local == "is-not-defined" => None,
            [one] if one.name.local == "text-match" => Some(Some(TextMatch::of(one)?)),
            _ => return Err(unsupported(element)),
        };
        Ok(Self { name: name_of(element)?, text })
    }

    fn matches(&self, property: &Property) -> bool {
        let parameter = property.params.iter().find(|param| param.name == self.name);
        match (&self.text, parameter) {
            (None, parameter) => parameter.is_none(),
            (Some(None), parameter) => parameter.is_some(),
            (Some(Some(text)), Some(parameter)) => parameter
                .values
                .iter()
                .flat_map(|value| value.split(','))
                .any(|value| text.matches(value.trim())),
            (Some(Some(_)), None) => false,
        }
    }
}

impl TextMatch {
    fn of(element: &Element) -> Result<Self> {
        let is_cards = element.name.space == CARD;
        let how = match element.attribute("match-type") {
            None | Some("contains") => How::Contains,
            Some("equals") => How::Equals,
            Some("starts-with") => How::StartsWith,
            Some("ends-with") => How::EndsWith,
            Some(_) => return Err(unsupported(element)),
        };
        // Each standard has its own when none is named.
        let without = if is_cards { COLLATIONS[1] } else { COLLATIONS[0] };
        let collation =
            match element.attribute("collation").filter(|name| *name != "default").unwrap_or(without) {
                "i;ascii-casemap" => Collation::Ascii,
                "i;unicode-casemap" => Collation::Unicode,
                "i;octet" => Collation::Octet,
                _ if is_cards => return Err(Error::unmet(CARD, "supported-collation")),
                _ => return Err(Error::unmet(crate::recovery::dav::xml::CAL, "supported-collation")),
            };
        let negated = element.attribute("negate-condition") == Some("yes");
        Ok(Self { needle: collation.folded(&element.text), how, collation, negated })
    }

    fn matches(&self, text: &str) -> bool {
        let (text, needle) = (self.collation.folded(text), self.needle.as_str());
        let is_match = match self.how {
            How::Equals => text == needle,
            How::Contains => text.contains(needle),
            How::StartsWith => text.starts_with(needle),
            How::EndsWith => text.ends_with(needle),
        };
        is_match != self.negated
    }
}

impl Collation {
    fn folded(self, text: &str) -> String {
        match self {
            Collation::Ascii => text.to_ascii_lowercase(),
            Collation::Unicode => text.to_lowercase(),
            Collation::Octet => text.to_owned(),
        }
    }
}
