//! What a phone, an address or a date of a card is called.

use std::collections::HashMap;

use app::say;

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

/// A label as people read it, in the language that is spoken: `casa, celular` of `home cell`. What is nobody's word but
/// the card's own stays as it is.
pub fn in_words(label: &str) -> String {
    match label.split(' ').map(word).collect::<Option<Vec<&str>>>() {
        Some(words) if !label.is_empty() && app::words::spoken() != Default::default() => words.join(", "),
        _ => label.to_owned(),
    }
}

/// The types of vCard (RFC 2426, 3.3.1 and RFC 6350, 6.4.1), and what Apple's address book brings itself.
fn word(known: &str) -> Option<&'static str> {
    Some(match known {
        "home" => say!("home"),
        "work" => say!("work"),
        "cell" => say!("cell"),
        "mobile" => say!("mobile"),
        "iphone" => say!("iphone"),
        "fax" => say!("fax"),
        "pager" => say!("pager"),
        "car" => say!("car"),
        "video" => say!("video"),
        "main" => say!("main"),
        "school" => say!("school"),
        "anniversary" => say!("anniversary"),
        "wedding" => say!("wedding"),
        "homepage" => say!("homepage"),
        "assistant" => say!("assistant"),
        "manager" => say!("manager"),
        "spouse" => say!("spouse"),
        "partner" => say!("partner"),
        "friend" => say!("friend"),
        "father" => say!("father"),
        "mother" => say!("mother"),
        "parent" => say!("parent"),
        "brother" => say!("brother"),
        "sister" => say!("sister"),
        "child" => say!("child"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use app::words::Language;

    use super::*;

    #[test]
    fn labels_of_programs_are_translated_and_those_of_people_are_not() {
        for (label, spanish) in
            [("home cell", "casa, celular"), ("work", "trabajo"), ("Work", "Work"), ("", "")]
        {
            assert_eq!(Language::Es.within(|| in_words(label)), spanish);
            assert_eq!(in_words(label), label);
        }
        assert_eq!(Language::Es.within(|| in_words("boat phone")), "boat phone");
    }
}
