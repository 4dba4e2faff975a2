//! From 3.0 to 4.0.

use std::collections::{HashMap, VecDeque};

use super::{ONLY_3, ONLY_4, add_type, drop_types, media, plain, set, take};
use crate::archives::formats::dates::PartialDate;
use crate::intake::read::component::Component;
use crate::intake::read::property::{Param, Property};
use crate::intake::read::value;

/// Vendors' names of messengers, each with the scheme of its addresses.
const MESSENGERS: [(&str, &str); 10] = [
    ("X-AIM", "aim"),
    ("X-GOOGLE-TALK", "xmpp"),
    ("X-GTALK", "xmpp"),
    ("X-ICQ", "icq"),
    ("X-JABBER", "xmpp"),
    ("X-MSN", "msnim"),
    ("X-QQ", "qq"),
    ("X-SKYPE", "skype"),
    ("X-SKYPE-USERNAME", "skype"),
    ("X-YAHOO", "ymsgr"),
];

/// Vendors' names of an anniversary.
const ANNIVERSARIES: [&str; 3] = ["X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-KADDRESSBOOK-X-ANNIVERSARY"];

pub fn card(card: &mut Component) {
    anniversaries(card);
    address_labels(card);
    sort_strings(card);
    agents(card);
    card.properties.iter_mut().for_each(one);
}

/// Apple's date with the label *Anniversary* is one, and needs the label no more.
fn anniversaries(card: &mut Component) {
    let is_label =
        |one: &Property| one.name == "X-ABLABEL" && one.value.eq_ignore_ascii_case("_$!<Anniversary>!$_");
    let is_date = |one: &Property| one.name == "X-ABDATE";
    // Of each group: properties, labels and dates.
    let mut groups: HashMap<String, [usize; 3]> = HashMap::new();
    for one in &card.properties {
        let Some(group) = &one.group else { continue };
        let counts = groups.entry(group.clone()).or_default();
        let more = [true, is_label(one), is_date(one)].map(usize::from);
        counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
    }
    groups.retain(|_, counts| *counts == [2, 1, 1]);
    let in_one = |one: &Property| one.group.as_ref().is_some_and(|group| groups.contains_key(group));
    card.properties.retain(|one| !(is_label(one) && in_one(one)));
    for date in card.properties.iter_mut().filter(|one| in_one(one)) {
        (date.name, date.group) = ("X-ANNIVERSARY".into(), None);
    }
}

/// A `LABEL` belongs to the address of the same types, or to one that says nothing else.
fn address_labels(card: &mut Component) {
    let (labels, rest): (Vec<_>, Vec<_>) =
        std::mem::take(&mut card.properties).into_iter().partition(|property| property.name == "LABEL");
    card.properties = rest;
    let kinds = |property: &Property| {
        let mut kinds: Vec<String> = property.types().filter(|one| one == "home" || one == "work").collect();
        kinds.sort();
        kinds
    };
    // Those that have no label yet, by what they say.
    let mut bare: HashMap<Vec<String>, VecDeque<usize>> = HashMap::new();
    for (at, one) in card.properties.iter().enumerate() {
        if one.name == "ADR" && one.param("LABEL").is_none() {
            bare.entry(kinds(one)).or_default().push_back(at);
        }
    }
    for mut label in labels {
        let param = Param { name: "LABEL".into(), values: vec![value::unescape(&label.value)] };
        match bare.get_mut(&kinds(&label)).and_then(VecDeque::pop_front) {
            Some(at) => card.properties[at].params.push(param),
            None => {
                (label.name, label.value) = ("ADR".into(), ";;;;;;".into());
                label.params.push(param);
                card.properties.push(label);
            }
        }
    }
}

fn sort_strings(card: &mut Component) {
    let Some(at) = card.properties.iter().position(|property| property.name == "SORT-STRING") else { return };
    let sort = value::unescape(&card.properties[at].value);
    if let Some(name) = card.properties.iter_mut().find(|property| property.name == "N") {
        set(name, "SORT-AS", &sort);
        card.properties.remove(at);
    }
}

/// An agent is a relation: by address, or by name, with the whole card kept beside it.
fn agents(card: &mut Component) {
    let mut names = Vec::new();
    for agent in card.properties.iter_mut().filter(|property| property.name == "AGENT") {
        if agent.param("VALUE").is_some_and(|kind| kind.eq_ignore_ascii_case("uri")) {
            (agent.name, agent.value) = ("RELATED".into(), value::unescape(&agent.value));
            agent.params.clear();
            add_type(agent, "agent");
            continue;
        }
        agent.name = "X-AGENT".into();
        let inner = super::components(&value::unescape(&agent.value));
        if let Some(name) = inner.first().and_then(|inner| inner.first("FN").or(inner.first("N"))) {
            let mut related = plain("RELATED", name.value.clone());
            add_type(&mut related, "agent");
            set(&mut related, "VALUE", "text");
            names.push(related);
        }
    }
    card.properties.extend(names);
}

fn one(property: &mut Property) {
    if property.types().any(|one| one == "pref") {
        drop_types(property, &["pref"]);
        set(property, "PREF", "1");
    }
    match property.name.as_str() {
        "PHOTO" | "LOGO" | "SOUND" | "KEY" => media::to_4(property),
        "EMAIL" => drop_types(property, &["internet", "x400"]),
        "ADR" => drop_types(property, &["dom", "intl", "postal", "parcel"]),
        "GEO" => property.value = format!("geo:{}", property.value.replace(';', ",").replace(' ', "")),
        "TZ" => zone(property),
        "UID" if !is_uri(&property.value) => set(property, "VALUE", "text"),
        "REV" => property.value = timestamp(&property.value),
        "BDAY" | "X-BDAY" => date(property, "BDAY"),
        name if ANNIVERSARIES.contains(&name) => date(property, "ANNIVERSARY"),
        "X-ADDRESSBOOKSERVER-KIND" | "X-ADDRESSBOOKSERVER-MEMBER" => {
            property.name = property.name.replace("X-ADDRESSBOOKSERVER-", "");
        }
        "X-RELATED" | "X-FN" | "X-N" => property.name = property.name[2..].to_owned(),
        "X-GENDER" => gender(property),
        name if ONLY_3.contains(&name) => property.name = format!("X-{name}"),
        name if name.strip_prefix("X-").is_some_and(|name| ONLY_4.contains(&name)) => {
            property.name = property.name[2..].to_owned();
        }
        _ => messenger(property),
    }
    for param in &mut property.params {
        if matches!(
            param.name.as_str(),
            "X-ALTID" | "X-PID" | "X-SORT-AS" | "X-MEDIATYPE" | "X-CALSCALE" | "X-GEO" | "X-TZ"
        ) {
            param.name = param.name[2..].to_owned();
        }
    }
}

/// Where the name is of a messenger, its address with a scheme.
fn messenger(property: &mut Property) {
    let Some((name, scheme)) = MESSENGERS.iter().find(|(name, _)| *name == property.name) else { return };
    let handle = value::unescape(&property.value);
    let handle = handle.trim();
    if handle.is_empty() {
        return;
    }
    property.name = "IMPP".into();
    property.value =
        if handle.contains(':') { handle.to_owned() } else { format!("{scheme}:{}", in_uri(handle)) };
    set(property, "X-SERVICE-TYPE", name[2..].trim_end_matches("-USERNAME"));
}

/// What a URI does not take is written by its bytes (RFC 3986 section 2.1).
fn in_uri(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~@+!$&'()*".contains(byte);
    text.bytes()
        .map(|byte| if plain(&byte) { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        && !text.contains(' ')
}

/// Offsets say that they are none of the names that 4.0 expects.
fn zone(property: &mut Property) {
    let offset = property.value.replace(':', "");
    let digits = offset.trim_start_matches(['+', '-']);
    take(property, "VALUE");
    if digits.len() == 4 && digits.len() < offset.len() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        property.value = offset;
        set(property, "VALUE", "utc-offset");
    }
}

/// The basic form with a time (RFC 6350 section 4.3.5).
fn timestamp(text: &str) -> String {
    let basic: String = text.trim().chars().filter(|c| *c != '-' && *c != ':').collect();
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match basic.split_once('T') {
        None if basic.len() == 8 && is_plain(&basic) => format!("{basic}T000000Z"),
        Some((date, time)) if date.len() == 8 && is_plain(date) && time.len() >= 6 => basic,
        _ => text.to_owned(),
    }
}

fn date(property: &mut Property, name: &str) {
    property.name = name.into();
    let date = PartialDate::of(property);
    take(property, "VALUE");
    take(property, "X-APPLE-OMIT-YEAR");
    match date {
        Some(date) => property.value = date.in_4(),
        None => set(property, "VALUE", "text"),
    }
}

/// A letter, or words behind a semicolon.
fn gender(property: &mut Property) {
    property.name = "GENDER".into();
    let text = property.value.trim().to_ascii_lowercase();
    property.value = match text.as_str() {
        "m" | "male" => "M".into(),
        "f" | "female" => "F".into(),
        "o" | "n" | "u" => text.to_ascii_uppercase(),
        _ if property.value.contains(';') => return,
        _ => format!(";{}", property.value),
    };
}
