//! What a phone, an address or a date of a card is called.

use std::collections::HashMap;

use super::component::Component;
use super::property::Property;
use super::value;

/// The labels that a card gives to its groups: `item1.X-ABLabel:_$!<Anniversary>!$_`.
pub struct Labels<'a>(HashMap<&'a str, &'a str>);

impl<'a> Labels<'a> {
    pub fn of(card: &'a Component) -> Self {
        let labels = card.properties.iter().filter(|property| property.name == "X-ABLABEL");
        Labels(labels.filter_map(|label| Some((label.group.as_deref()?, label.value.as_str()))).collect())
    }

    /// The group's label as written.
    pub fn raw(&self, property: &Property) -> Option<&'a str> {
        self.0.get(property.group.as_deref()?).copied()
    }

    /// `home cell`, `work`, or the card's own label; empty when it says nothing.
    pub fn name(&self, property: &Property) -> String {
        if let Some(label) = self.raw(property).map(own).filter(|label| !label.is_empty()) {
            return label;
        }
        let mut words: Vec<String> = property
            .types()
            .map(|one| one.trim_start_matches("x-").to_owned())
            .filter(|one| !one.is_empty() && !says_nothing(one))
            .collect();
        words.sort_by_key(|word| !matches!(word.as_str(), "home" | "work"));
        words.dedup();
        words.join(" ")
    }
}

/// Apple wraps the labels it brings itself in `_$!<` and `>!$_`.
fn own(label: &str) -> String {
    let text = value::unescape(label);
    let text = text.trim();
    let built_in = text.strip_prefix("_$!<").and_then(|rest| rest.strip_suffix(">!$_"));
    built_in.map_or_else(|| text.to_owned(), str::to_lowercase)
}

/// Types that a person would not call it by.
fn says_nothing(word: &str) -> bool {
    matches!(
        word,
        "voice"
            | "pref"
            | "internet"
            | "x400"
            | "dom"
            | "intl"
            | "postal"
            | "parcel"
            | "msg"
            | "other"
            | "uri"
            | "text"
    )
}
