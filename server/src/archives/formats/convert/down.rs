//! From 4.0 to 3.0.

use std::collections::HashMap;

use super::{ONLY_4, add_type, free_groups, media, plain, set, take};
use crate::archives::formats::dates::{NO_YEAR, PartialDate};
use crate::intake::read::component::Component;
use crate::intake::read::property::Property;
use crate::intake::read::value;

/// Parameters that 3.0 knows; the others go under `X-`.
const KNOWN: [&str; 5] = ["TYPE", "VALUE", "ENCODING", "LANGUAGE", "CHARSET"];

/// The types of `RELATED` that Apple has a label for.
const RELATIONS: [(&str, &str); 9] = [
    ("spouse", "Spouse"),
    ("child", "Child"),
    ("parent", "Parent"),
    ("sibling", "Sibling"),
    ("friend", "Friend"),
    ("contact", "Contact"),
    ("kin", "Relative"),
    ("sweetheart", "Partner"),
    ("co-worker", "Colleague"),
];

pub fn card(card: &mut Component) {
    preferences(card);
    one_of_each(card);
    sort_strings(card);
    address_labels(card);
    card.properties.iter_mut().for_each(one);
    labelled(card);
    card.properties.iter_mut().for_each(params);
}

/// Of each kind the most preferred is `TYPE=pref`; 3.0 knows no order beyond that.
fn preferences(card: &mut Component) {
    let rank = |property: &Property| property.param("PREF").and_then(|pref| pref.parse::<u8>().ok());
    let mut best: HashMap<String, u8> = HashMap::new();
    for property in &card.properties {
        if let Some(rank) = rank(property) {
            let known = best.entry(property.name.clone()).or_insert(rank);
            *known = rank.min(*known);
        }
    }
    for property in &mut card.properties {
        let own = rank(property);
        take(property, "PREF");
        if own.is_some() && own == best.get(&property.name).copied() {
            best.remove(&property.name);
            add_type(property, "pref");
        }
    }
}

/// A card of 3.0 has one `FN` and one `N`; others stay under `X-`.
fn one_of_each(card: &mut Component) {
    for name in ["FN", "N"] {
        for other in card.properties.iter_mut().filter(|property| property.name == name).skip(1) {
            other.name = format!("X-{name}");
        }
    }
}

fn sort_strings(card: &mut Component) {
    let name = card.properties.iter_mut().find(|property| property.name == "N");
    if let Some(sort) = name.and_then(|name| take(name, "SORT-AS")) {
        card.properties.push(plain("SORT-STRING", value::escape(&sort)));
    }
}

/// `ADR;LABEL=` is a property of its own.
fn address_labels(card: &mut Component) {
    let mut labels = Vec::new();
    for address in card.properties.iter_mut().filter(|property| property.name == "ADR") {
        if let Some(text) = take(address, "LABEL") {
            let params = address.params.iter().filter(|param| param.name == "TYPE").cloned().collect();
            labels.push(Property {
                params,
                group: address.group.clone(),
                ..plain("LABEL", value::escape(&text))
            });
        }
    }
    card.properties.retain(|property| property.name != "ADR" || property.value.contains(|c| c != ';'));
    card.properties.extend(labels);
}

fn one(property: &mut Property) {
    match property.name.as_str() {
        "PHOTO" | "LOGO" | "SOUND" | "KEY" => return media::to_3(property),
        "TEL" => property.value = number(&property.value),
        "GEO" => property.value = position(&property.value),
        "TZ" => return zone(property),
        "BDAY" => birthday(property),
        "KIND" | "MEMBER" => property.name = format!("X-ADDRESSBOOKSERVER-{}", property.name),
        "X-AGENT" => property.name = "AGENT".into(),
        "RELATED"
            if property.types().any(|one| one == "agent") && property.param("VALUE") != Some("text") =>
        {
            property.name = "AGENT".into();
            property.params.clear();
            return set(property, "VALUE", "uri");
        }
        // Labels and groups say which ones these are: see below.
        "RELATED" => return,
        "X-MAILER" | "X-CLASS" | "X-NAME" => property.name = property.name[2..].to_owned(),
        name if ONLY_4.contains(&name) => property.name = format!("X-{name}"),
        _ => {}
    }
    take(property, "VALUE");
}

/// `tel:+1-555-0100;ext=12` as a person writes it.
fn number(text: &str) -> String {
    let unescaped = value::unescape(text);
    let Some(number) =
        unescaped.get(..4).filter(|head| head.eq_ignore_ascii_case("tel:")).map(|_| &unescaped[4..])
    else {
        return text.to_owned();
    };
    match number.split_once(";ext=") {
        Some((number, extension)) => value::escape(&format!("{number} ext. {extension}")),
        None => value::escape(number),
    }
}

/// `geo:37.3,-122.1;u=10` as latitude and longitude.
fn position(text: &str) -> String {
    let unescaped = value::unescape(text);
    match unescaped.strip_prefix("geo:") {
        Some(place) => place.split(';').next().unwrap_or_default().replace(',', ";"),
        None => text.to_owned(),
    }
}

/// An offset, the form of 3.0, or a name, which says that it is text.
fn zone(property: &mut Property) {
    let digits = property.value.trim_start_matches(['+', '-']);
    if digits.len() == 4
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.len() < property.value.len()
    {
        property.value.insert(3, ':');
        take(property, "VALUE");
    } else if !property.value.starts_with(['+', '-']) {
        set(property, "VALUE", "text");
    }
}

/// A whole date, Apple's form where the year is not known; other dates have no word in 3.0.
fn birthday(property: &mut Property) {
    match PartialDate::of(property).and_then(|date| date.in_3()) {
        Some((date, has_no_year)) => {
            property.value = date;
            if has_no_year {
                set(property, "X-APPLE-OMIT-YEAR", &NO_YEAR.to_string());
            }
        }
        None => property.name = "X-BDAY".into(),
    }
}

/// What phones read by a label in a group: anniversaries and relations.
fn labelled(card: &mut Component) {
    let mut free = free_groups(card);
    for index in 0..card.properties.len() {
        let property = &card.properties[index];
        let (name, label) = match property.name.as_str() {
            "ANNIVERSARY" => ("X-ABDATE", "Anniversary"),
            "RELATED" if property.param("VALUE") == Some("text") => ("X-ABRELATEDNAMES", relation(property)),
            "RELATED" => {
                card.properties[index].name = "X-RELATED".into();
                continue;
            }
            _ => continue,
        };
        let date = PartialDate::of(property).and_then(|date| date.in_3());
        let group = property.group.clone().or_else(|| free.next()).unwrap_or_default();
        let property = &mut card.properties[index];
        property.name = name.into();
        property.params.clear();
        if let (Some((date, has_no_year)), "X-ABDATE") = (date, name) {
            property.value = date;
            if has_no_year {
                set(property, "X-APPLE-OMIT-YEAR", &NO_YEAR.to_string());
            }
        }
        property.group = Some(group.clone());
        let label = plain("X-ABLABEL", format!("_$!<{label}>!$_"));
        card.properties.push(Property { group: Some(group), ..label });
    }
}

fn relation(property: &Property) -> &'static str {
    let mut types = property.types();
    let known = types.find_map(|one| RELATIONS.iter().find(|(word, _)| *word == one));
    known.map_or("Other", |(_, label)| label)
}

/// What 3.0 has no parameter for stands under `X-`; it has no quotation mark in a value either.
fn params(property: &mut Property) {
    for param in &mut property.params {
        if !KNOWN.contains(&param.name.as_str()) && !param.name.starts_with("X-") {
            param.name = format!("X-{}", param.name);
        }
        for text in &mut param.values {
            *text = text.replace('"', "'").replace('\n', " ").replace('^', "");
        }
    }
}
