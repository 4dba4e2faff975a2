//! Cards from one version of vCard to another, losing nothing that the other can say.
//! What it has no word for goes under an `X-` name.

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
    match (is_4, version) {
        (true, Version::V3) => card.properties.iter_mut().for_each(down),
        (false, Version::V4) => card.properties.iter_mut().for_each(up),
        _ => {}
    }
    card.properties.retain(|property| property.name != "VERSION");
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
    card
}

/// What a card is called that has no name.
fn title(body: &str) -> String {
    let reading = read::read(app::Category::Contacts, "", body.as_bytes());
    let item = reading.ok().and_then(|reading| reading.items.into_iter().next());
    item.map_or_else(|| "(no name)".into(), |item| item.title)
}

fn plain(name: &str, value: String) -> Property {
    Property { name: name.into(), value, ..Property::default() }
}

/// From 4.0 to 3.0.
fn down(property: &mut Property) {
    if let Some(pref) = take(property, "PREF")
        && pref == "1"
    {
        add_type(property, "pref");
    }
    match property.name.as_str() {
        "PHOTO" | "LOGO" | "SOUND" | "KEY" => from_data_uri(property),
        "TEL" => {
            property.value = property.value.strip_prefix("tel:").unwrap_or(&property.value).to_owned();
            take(property, "VALUE");
        }
        "KIND" | "MEMBER" => property.name = format!("X-ADDRESSBOOKSERVER-{}", property.name),
        "ANNIVERSARY" | "GENDER" | "LANG" | "RELATED" | "CALURI" | "FBURL" | "CALADRURI" | "CLIENTPIDMAP"
        | "XML" => {
            property.name = format!("X-{}", property.name);
        }
        _ => {}
    }
}

/// From 3.0 to 4.0.
fn up(property: &mut Property) {
    let preferred = property.types().any(|one| one == "pref");
    if preferred {
        for param in property.params.iter_mut().filter(|param| param.name == "TYPE") {
            param.values.retain(|value| !value.eq_ignore_ascii_case("pref"));
        }
        property.params.retain(|param| !param.values.is_empty());
        property.params.push(Param { name: "PREF".into(), values: vec!["1".into()] });
    }
    match property.name.as_str() {
        "PHOTO" | "LOGO" | "SOUND" | "KEY" if property.is_base64() => to_data_uri(property),
        "X-ADDRESSBOOKSERVER-KIND" | "X-ADDRESSBOOKSERVER-MEMBER" => {
            property.name = property.name.replace("X-ADDRESSBOOKSERVER-", "");
        }
        "X-ANNIVERSARY" => property.name = "ANNIVERSARY".into(),
        "LABEL" | "AGENT" | "MAILER" | "CLASS" | "NAME" | "SORT-STRING" => {
            property.name = format!("X-{}", property.name)
        }
        _ => {}
    }
}

fn from_data_uri(property: &mut Property) {
    let unescaped = value::unescape(&property.value);
    let Some((kind, data)) = unescaped.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"))
    else {
        return;
    };
    let subtype = kind.rsplit('/').next().unwrap_or_default().to_ascii_uppercase();
    take(property, "VALUE");
    property.params.push(Param { name: "ENCODING".into(), values: vec!["b".into()] });
    add_type(property, &subtype);
    property.value = data.to_owned();
}

fn to_data_uri(property: &mut Property) {
    let family = match property.name.as_str() {
        "SOUND" => "audio",
        "KEY" => "application",
        _ => "image",
    };
    let subtype = property.types().find(|one| !matches!(one.as_str(), "home" | "work" | "pref"));
    let subtype = subtype.unwrap_or_else(|| "jpeg".into());
    property.params.retain(|param| !matches!(param.name.as_str(), "ENCODING" | "TYPE" | "VALUE"));
    property.value = format!("data:{family}/{subtype};base64,{}", property.value);
}

fn take(property: &mut Property, name: &str) -> Option<String> {
    let value = property.param(name).map(str::to_owned);
    property.params.retain(|param| param.name != name);
    value
}

fn add_type(property: &mut Property, word: &str) {
    match property.params.iter_mut().find(|param| param.name == "TYPE") {
        Some(types) => types.values.push(word.into()),
        None => property.params.push(Param { name: "TYPE".into(), values: vec![word.into()] }),
    }
}
