//! Cards from one version of vCard to another (RFC 2426, RFC 6350), losing nothing that the other can
//! say. What it has no word for goes under an `X-` name, and comes back from there.
//!
//! Every rule is a row of the table in `docs/formats.md`, which is its test too.

mod down;
mod media;
#[cfg(test)]
pub mod table;
mod up;

use std::collections::HashSet;

use crate::intake::read::component::{self, Component};
use crate::intake::read::property::{Param, Property};
use crate::intake::read::settle::{Age, settle};
use crate::intake::read::{self, value};

/// A version that cards are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    V3,
    V4,
}

/// The components of a stored body.
pub fn components(body: &str) -> Vec<Component> {
    let (mut components, _) = component::read(body.as_bytes());
    for component in &mut components {
        settle(component, Age::New, &mut Vec::new());
    }
    components
}

/// The card of a stored body in that version, with the `FN` and `N` that programs ask for.
pub fn card(mut card: Component, version: Version, body: &str) -> Component {
    let is_4 = card.first("VERSION").is_some_and(|own| own.value.starts_with('4'));
    // A profile says that the card is one, which its first line does.
    card.properties.retain(|property| !matches!(property.name.as_str(), "VERSION" | "PROFILE"));
    card.properties
        .retain(|property| !property.value.trim().is_empty() || matches!(property.name.as_str(), "FN" | "N"));
    card.properties.iter_mut().for_each(tidy);
    match (is_4, version) {
        (true, Version::V3) => down::card(&mut card),
        (false, Version::V4) => up::card(&mut card),
        _ => {}
    }
    head(&mut card, version, body);
    card
}

/// The lines that a version demands, in front.
fn head(card: &mut Component, version: Version, body: &str) {
    let number = if version == Version::V3 { "3.0" } else { "4.0" };
    let mut head = vec![plain("VERSION", number.into())];
    let name = card.all("FN").map(|name| name.value.clone()).find(|name| !name.trim().is_empty());
    let has_name = name.is_some();
    let name = name.unwrap_or_else(|| value::escape(&title(body)));
    if !has_name {
        card.properties.retain(|property| property.name != "FN");
        head.push(plain("FN", name.clone()));
    }
    if version == Version::V3 && card.first("N").is_none() {
        head.push(plain("N", format!(";{name};;;")));
    }
    card.properties.splice(0..0, head);
}

/// What a card is called that has no name.
fn title(body: &str) -> String {
    let reading = read::read(app::Category::Contacts, "", body.as_bytes());
    let item = reading.ok().and_then(|reading| reading.items.into_iter().next());
    item.map_or_else(|| "(no name)".into(), |item| item.title)
}

/// What is put right in every version: types that stand as one (`TYPE="work,voice"`), the words for
/// addresses that 2.1 has, and the escapes that have no place in an address.
fn tidy(property: &mut Property) {
    for param in property.params.iter_mut().filter(|param| param.name == "TYPE") {
        let words = param.values.iter().flat_map(|value| value.split(','));
        param.values = words.map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
    }
    property.params.retain(|param| param.name != "TYPE" || !param.values.is_empty());
    if let Some(kind) = property.param("VALUE").map(str::to_ascii_lowercase) {
        match kind.as_str() {
            "url" | "cid" | "content-id" => set(property, "VALUE", "uri"),
            "inline" => drop(take(property, "VALUE")),
            _ => {}
        }
    }
    match property.name.as_str() {
        "URL" | "FBURL" | "CALURI" | "CALADRURI" | "SOURCE" => {
            property.value = value::unescape(&property.value)
        }
        "FN" | "NOTE" | "TITLE" | "ROLE" | "LABEL" | "SORT-STRING" => {
            property.value = value::escaped_anew(&property.value);
        }
        "ORG" => {
            let units: Vec<String> =
                value::split(&property.value, ';').iter().map(|unit| value::escape(unit)).collect();
            property.value = units.join(";");
        }
        // Version 2.1 has a comma there.
        "GEO" if !property.value.contains(';') && !property.value.contains(':') => {
            property.value = value::unescape(&property.value).replace(',', ";");
        }
        _ => {}
    }
}

fn plain(name: &str, value: String) -> Property {
    Property { name: name.into(), value, ..Property::default() }
}

/// Takes a parameter away and gives its first value.
fn take(property: &mut Property, name: &str) -> Option<String> {
    let value = property.param(name).map(str::to_owned);
    property.params.retain(|param| param.name != name);
    value
}

fn set(property: &mut Property, name: &str, value: &str) {
    property.params.retain(|param| param.name != name);
    property.params.push(Param { name: name.into(), values: vec![value.into()] });
}

fn add_type(property: &mut Property, word: &str) {
    match property.params.iter_mut().find(|param| param.name == "TYPE") {
        Some(types) => types.values.push(word.into()),
        None => set(property, "TYPE", word),
    }
}

/// Takes away the types that are one of these.
fn drop_types(property: &mut Property, words: &[&str]) {
    for param in property.params.iter_mut().filter(|param| param.name == "TYPE") {
        param.values.retain(|value| !words.iter().any(|word| value.eq_ignore_ascii_case(word)));
    }
    property.params.retain(|param| param.name != "TYPE" || !param.values.is_empty());
}

/// The words for what 3.0 has no name for: it goes under `X-` and the name.
#[rustfmt::skip]
const ONLY_4: [&str; 17] = [
    "GENDER", "LANG", "CLIENTPIDMAP", "XML", "BIRTHPLACE", "DEATHPLACE", "DEATHDATE", "EXPERTISE", "HOBBY",
    "INTEREST", "ORG-DIRECTORY", "CONTACT-URI", "CREATED", "GRAMGENDER", "PRONOUNS", "SOCIALPROFILE", "LANGUAGE",
];

/// And the other way round.
const ONLY_3: [&str; 4] = ["MAILER", "CLASS", "NAME", "SORT-STRING"];

/// Groups that no property of the card is in yet.
fn free_groups(card: &Component) -> impl Iterator<Item = String> + use<> {
    let taken: HashSet<String> = card.properties.iter().filter_map(|one| one.group.clone()).collect();
    (1u64..).map(|n| format!("item{n}")).filter(move |group| !taken.contains(group))
}
