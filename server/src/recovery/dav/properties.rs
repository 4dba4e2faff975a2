//! The properties of each place, each from the standard that names it.

use super::{
    answer::{Error, Result},
    members::Member,
    place::{Collection, Place},
    texts::Written,
    xml::{CAL, CARD, CS, DAV, Element, Name, href},
};

/// What properties are asked of.
pub enum Subject<'a> {
    /// The root, the principal, and the two homes.
    Plain(Place),
    /// A collection, with the token of its state where one is asked for.
    Collection(Collection, Option<&'a str>),
    /// A member, with its text where that or its length is asked for.
    Member(Collection, &'a Member, Option<&'a Written>),
}

impl Subject<'_> {
    pub fn href(&self) -> String {
        match self {
            Subject::Plain(place) => place.href(),
            Subject::Collection(collection, _) => Place::Collection(*collection).href(),
            Subject::Member(collection, member, _) => Place::Member(*collection, member.name.clone()).href(),
        }
    }
}

/// More than there are by any standard that is spoken here.
const MOST_NAMES: usize = 50;

/// The names of the properties that are asked for, each once.
pub fn names(asked: &Element) -> Result<Vec<Name>> {
    let mut names: Vec<Name> = Vec::new();
    for child in &asked.children {
        if !names.contains(&child.name) {
            names.push(child.name.clone());
        }
        if names.len() > MOST_NAMES {
            return Err(Error::BadRequest("at most 50 properties are asked for at once"));
        }
    }
    Ok(names)
}

/// The property of that name; none when the place has none such.
pub fn property(subject: &Subject<'_>, name: &Name) -> Option<Element> {
    let element = Element::named(name.clone());
    match (name.space.as_ref(), subject) {
        (DAV, _) => of_dav(subject, element),
        (CS, Subject::Collection(_, token)) if name.local == "getctag" => {
            token.map(|token| element.says(token))
        }
        (CARD, Subject::Member(Collection::Contacts, _, text)) if name.local == "address-data" => {
            text.and_then(|written| written.text.as_ref()).map(|text| element.says(text))
        }
        (CAL, Subject::Member(collection, _, text))
            if name.local == "calendar-data" && !collection.is_addressbook() =>
        {
            text.and_then(|written| written.text.as_ref()).map(|text| element.says(text))
        }
        (CARD, _) => of_cards(subject, element),
        (CAL, _) => of_calendars(subject, element),
        _ => None,
    }
}

fn of_dav(subject: &Subject<'_>, element: Element) -> Option<Element> {
    let is_member = matches!(subject, Subject::Member(..));
    let local = element.name.local.to_string();
    Some(match (local.as_str(), subject) {
        ("resourcetype", _) => element.with_all(kinds(subject)),
        ("displayname", Subject::Collection(collection, _)) => element.says(collection.title()),
        ("displayname", Subject::Plain(_)) => element.says("Recovered data"),
        ("current-user-principal" | "owner" | "principal-URL", _) => {
            element.with(href(Place::Principal.href()))
        }
        ("principal-collection-set", _) => element.with(href(Place::Root.href())),
        ("current-user-privilege-set", _) => element.with_all(
            ["read", "read-current-user-privilege-set"]
                .map(|right| Element::new(DAV, "privilege").with(Element::new(DAV, right))),
        ),
        ("supported-report-set", _) => element.with_all(reports(subject).into_iter().map(supported)),
        ("sync-token", Subject::Collection(_, token)) => element.says((*token)?),
        ("getetag", Subject::Member(_, member, _)) => element.says(format!("\"{}\"", member.tag)),
        ("getcontenttype", Subject::Member(collection, ..)) => element.says(content_type(*collection)),
        ("getcontentlength", Subject::Member(_, _, text)) if is_member => {
            element.says((*text)?.length.to_string())
        }
        _ => return None,
    })
}

/// With the component that a client lists it under.
fn content_type(collection: Collection) -> String {
    match collection.component() {
        Some(component) => format!("{}; component={component}", collection.media_type()),
        None => collection.media_type().to_owned(),
    }
}

fn kinds(subject: &Subject<'_>) -> Vec<Element> {
    let collection = Element::new(DAV, "collection");
    match subject {
        Subject::Plain(Place::Principal) => vec![collection, Element::new(DAV, "principal")],
        Subject::Plain(_) => vec![collection],
        Subject::Collection(one, _) if one.is_addressbook() => {
            vec![collection, Element::new(CARD, "addressbook")]
        }
        Subject::Collection(..) => vec![collection, Element::new(CAL, "calendar")],
        Subject::Member(..) => Vec::new(),
    }
}

fn reports(subject: &Subject<'_>) -> Vec<Element> {
    let sync = Element::new(DAV, "sync-collection");
    match subject {
        Subject::Collection(one, _) if one.is_addressbook() => {
            vec![Element::new(CARD, "addressbook-multiget"), Element::new(CARD, "addressbook-query"), sync]
        }
        Subject::Collection(..) => {
            vec![Element::new(CAL, "calendar-multiget"), Element::new(CAL, "calendar-query"), sync]
        }
        _ => Vec::new(),
    }
}

fn supported(report: Element) -> Element {
    Element::new(DAV, "supported-report").with(Element::new(DAV, "report").with(report))
}

fn of_cards(subject: &Subject<'_>, element: Element) -> Option<Element> {
    let local = element.name.local.to_string();
    let versions = ["3.0", "4.0"].map(|version| {
        Element::new(CARD, "address-data-type").set("content-type", "text/vcard").set("version", version)
    });
    Some(match (local.as_str(), subject) {
        ("addressbook-home-set", Subject::Plain(Place::Root | Place::Principal)) => {
            element.with(href(Place::AddressBooks.href()))
        }
        ("supported-address-data", Subject::Collection(Collection::Contacts, _)) => {
            element.with_all(versions)
        }
        ("supported-collation-set", Subject::Collection(Collection::Contacts, _)) => {
            element.with_all(collations(CARD))
        }
        ("addressbook-description", Subject::Collection(Collection::Contacts, _)) => {
            element.says("What was recovered; it can be read and not changed here.")
        }
        _ => return None,
    })
}

fn of_calendars(subject: &Subject<'_>, element: Element) -> Option<Element> {
    let local = element.name.local.to_string();
    if let ("calendar-home-set", Subject::Plain(Place::Root | Place::Principal)) = (local.as_str(), subject) {
        return Some(element.with(href(Place::Calendars.href())));
    }
    if let ("calendar-user-address-set", Subject::Plain(Place::Principal)) = (local.as_str(), subject) {
        return Some(element.with(href(Place::Principal.href())));
    }
    let Subject::Collection(collection, _) = subject else { return None };
    let component = collection.component()?;
    Some(match local.as_str() {
        "supported-calendar-component-set" => element.with(Element::new(CAL, "comp").set("name", component)),
        "supported-calendar-data" => element.with(
            Element::new(CAL, "calendar-data").set("content-type", "text/calendar").set("version", "2.0"),
        ),
        "supported-collation-set" => element.with_all(collations(CAL)),
        "calendar-description" => element.says("What was recovered; it can be read and not changed here."),
        _ => return None,
    })
}

/// What text is compared by.
pub const COLLATIONS: [&str; 3] = ["i;ascii-casemap", "i;unicode-casemap", "i;octet"];

fn collations(space: &'static str) -> [Element; 3] {
    COLLATIONS.map(|name| Element::new(space, "supported-collation").says(name))
}

/// What `allprop` gives: the properties of RFC 4918 that there are.
pub static ALL: [Name; 5] = [
    Name::new(DAV, "resourcetype"),
    Name::new(DAV, "displayname"),
    Name::new(DAV, "getetag"),
    Name::new(DAV, "getcontenttype"),
    Name::new(DAV, "getcontentlength"),
];

/// Every name there is, for `propname`.
pub static NAMES: [Name; 23] = [
    Name::new(DAV, "resourcetype"),
    Name::new(DAV, "displayname"),
    Name::new(DAV, "current-user-principal"),
    Name::new(DAV, "owner"),
    Name::new(DAV, "principal-URL"),
    Name::new(DAV, "principal-collection-set"),
    Name::new(DAV, "current-user-privilege-set"),
    Name::new(DAV, "supported-report-set"),
    Name::new(DAV, "sync-token"),
    Name::new(DAV, "getetag"),
    Name::new(DAV, "getcontenttype"),
    Name::new(DAV, "getcontentlength"),
    Name::new(CS, "getctag"),
    Name::new(CARD, "addressbook-home-set"),
    Name::new(CARD, "supported-address-data"),
    Name::new(CARD, "supported-collation-set"),
    Name::new(CARD, "addressbook-description"),
    Name::new(CAL, "calendar-home-set"),
    Name::new(CAL, "calendar-user-address-set"),
    Name::new(CAL, "supported-calendar-component-set"),
    Name::new(CAL, "supported-calendar-data"),
    Name::new(CAL, "supported-collation-set"),
    Name::new(CAL, "calendar-description"),
];
