//! A card as fields that can be compared, shown side by side and united.

use app::{
    mark,
    models::{Contact, Details},
    say,
    words::said,
};
use phonenumber::country;
use unicode_normalization::UnicodeNormalization;

use super::reach::{Email, Number};
use crate::{
    archives::formats,
    intake::read::{
        self,
        component::{self, Component},
        labels::{self, Labels},
        property::Property,
        settle::{Age, settle},
        value,
    },
};

/// One thing that a card says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub kind: Kind,
    /// "Phone (cell)".
    pub label: String,
    pub text: String,
    /// Equal for what is the same, however it is written.
    pub same: String,
}

/// What a field is, in the order in which fields are shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Name,
    Nickname,
    Company,
    JobTitle,
    Role,
    Phone,
    Email,
    Address,
    Web,
    Birthday,
    Anniversary,
    Gender,
    Note,
    Picture,
    /// Any other, by its name.
    Other(String),
}

/// A card with all it says.
#[derive(Clone, Debug)]
pub struct Source {
    pub card: Component,
    pub contact: Contact,
    /// By kind.
    pub fields: Vec<Field>,
    home: country::Id,
}

impl Source {
    /// Reads a stored card, in vCard 3.0; none where it holds no contact.
    pub fn of(body: &str, home: country::Id) -> Option<Self> {
        let reading = read::read(app::Category::Contacts, "", body.as_bytes()).ok()?;
        let Details::Contact(contact) = reading.items.into_iter().next()?.details else { return None };
        let body = formats::contacts_vcf([body]);
        let (mut components, _) = component::read(body.as_bytes());
        components.iter_mut().for_each(|card| settle(card, Age::New, &mut Vec::new()));
        let mut card = components.into_iter().find(|card| card.name == "VCARD")?;
        if contact.name.is_empty() {
            // An export calls a card without a name by what else it has; that is no name to choose.
            card.properties.retain(|property| kind(&property.name) != Kind::Name);
        }
        let mut fields = fields(&card, &contact, home);
        fields.sort_by(|one, two| one.kind.cmp(&two.kind));
        Some(Self { card, contact, fields, home })
    }

    /// In the place of a card that cannot be read: it says nothing.
    pub fn unreadable(home: country::Id) -> Self {
        Self { card: Component::default(), contact: Contact::default(), fields: Vec::new(), home }
    }

    pub fn is_readable(&self) -> bool {
        !self.card.name.is_empty()
    }

    /// Equal for what is the same, however it is written.
    pub fn same(&self, kind: &Kind, property: &Property) -> String {
        same(kind, property, self.home)
    }

    /// What the card says of one kind: found without looking at the others, for there may be a million.
    pub fn all(&self, kind: &Kind) -> &[Field] {
        let from = self.fields.partition_point(|field| field.kind < *kind);
        let length = self.fields[from..].partition_point(|field| field.kind == *kind);
        &self.fields[from..from + length]
    }
}

fn fields(card: &Component, contact: &Contact, home: country::Id) -> Vec<Field> {
    let labels = Labels::of(card);
    let mut fields = Vec::new();
    let mut birthday = Some(contact.birthday.clone()).filter(|day| !day.is_empty());
    if !contact.name.is_empty() {
        fields.push(Field::new(Kind::Name, String::new(), contact.name.clone()));
    }
    for property in card.properties.iter().filter(|property| !is_book_keeping(&property.name)) {
        let label = labels::in_words(&labels.name(property));
        match kind(&property.name) {
            // A second name of its own; the parts of the first are in it.
            Kind::Name if property.name != "FN" || shown(&Kind::Name, property) == contact.name => {}
            Kind::Note => {
                fields.extend(notes(property).map(|text| Field::new(Kind::Note, String::new(), text)))
            }
            // The first in words.
            Kind::Birthday if birthday.is_some() => {
                fields.extend(birthday.take().map(|day| Field::new(Kind::Birthday, String::new(), day)));
            }
            kind => fields.extend(field(kind, label, property, home)),
        }
    }
    fields
}

fn field(kind: Kind, label: String, property: &Property, home: country::Id) -> Option<Field> {
    let text = shown(&kind, property);
    let same = same(&kind, property, home);
    (!text.is_empty()).then(|| Field { same, ..Field::new(kind, label, text) })
}

impl Field {
    fn new(kind: Kind, label: String, text: String) -> Self {
        let label = if label.is_empty() { kind.label() } else { format!("{} ({label})", kind.label()) };
        Self { same: plain(&text), kind, label, text }
    }
}

/// What programs keep for themselves: it is written anew, or listed as where a card came from.
pub fn is_book_keeping(name: &str) -> bool {
    matches!(name, "VERSION" | "PRODID" | "REV" | "UID" | "X-MERGED-UID" | "X-ABLABEL")
}

/// Of which a card has one at most (RFC 6350, `*1`), or one alone makes sense.
pub fn is_single(kind: &Kind) -> bool {
    match kind {
        Kind::Name | Kind::Birthday | Kind::Anniversary | Kind::Gender | Kind::Picture => true,
        Kind::Other(name) => matches!(name.as_str(), "X-ADDRESSBOOKSERVER-KIND" | "KIND" | "CLASS"),
        _ => false,
    }
}

pub fn kind(name: &str) -> Kind {
    match name {
        "N"
        | "FN"
        | "SORT-STRING"
        | "X-PHONETIC-FIRST-NAME"
        | "X-PHONETIC-MIDDLE-NAME"
        | "X-PHONETIC-LAST-NAME" => Kind::Name,
        "NICKNAME" => Kind::Nickname,
        "ORG" => Kind::Company,
        "TITLE" => Kind::JobTitle,
        "ROLE" => Kind::Role,
        "TEL" => Kind::Phone,
        "EMAIL" => Kind::Email,
        "ADR" => Kind::Address,
        "URL" => Kind::Web,
        "BDAY" => Kind::Birthday,
        "ANNIVERSARY" | "X-ANNIVERSARY" => Kind::Anniversary,
        "GENDER" | "X-GENDER" => Kind::Gender,
        "NOTE" => Kind::Note,
        "PHOTO" => Kind::Picture,
        other => Kind::Other(other.to_owned()),
    }
}

impl Kind {
    /// What a page calls it.
    pub fn label(&self) -> String {
        match self {
            Kind::Other(name) => other_label(name),
            kind => said(kind.word()).to_owned(),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Kind::Name => mark!("Name"),
            Kind::Nickname => mark!("Nickname"),
            Kind::Company => mark!("Company"),
            Kind::JobTitle => mark!("Job title"),
            Kind::Role => mark!("Role"),
            Kind::Phone => mark!("Phone"),
            Kind::Email => mark!("Email"),
            Kind::Address => mark!("Address"),
            Kind::Web => mark!("Web"),
            Kind::Birthday => mark!("Birthday"),
            Kind::Anniversary => mark!("Anniversary"),
            Kind::Gender => mark!("Gender"),
            Kind::Note => mark!("Note"),
            Kind::Picture => mark!("Picture"),
            Kind::Other(_) => "",
        }
    }

    /// The name of the form field that chooses between values of it.
    pub fn slug(&self) -> String {
        let name = match self {
            Kind::Other(name) => name.trim_start_matches("X-"),
            kind => kind.word(),
        };
        name.to_lowercase().replace(' ', "-")
    }
}

fn other_label(name: &str) -> String {
    match name {
        "IMPP" => say!("Chat").to_owned(),
        "CATEGORIES" => say!("Groups").to_owned(),
        "LABEL" => say!("Address label").to_owned(),
        name => {
            let plain = name.trim_start_matches("X-").replace('-', " ").to_lowercase();
            let mut letters = plain.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
    }
}

/// How much of a value a page shows.
const SHOWN: usize = 400;

fn shown(kind: &Kind, property: &Property) -> String {
    if *kind == Kind::Picture || property.is_base64() || property.value.starts_with("data:") {
        return if property.value.is_empty() {
            String::new()
        } else {
            say!("A picture or other data").to_owned()
        };
    }
    let text = match kind {
        Kind::Address | Kind::Company => {
            let parts = value::split(&property.value, ';');
            let parts: Vec<String> =
                parts.iter().map(|part| value::one_line(part)).filter(|p| !p.is_empty()).collect();
            parts.join(", ")
        }
        _ => value::one_line(&value::unescape(&property.value)),
    };
    text.chars().take(SHOWN).collect()
}

fn same(kind: &Kind, property: &Property, home: country::Id) -> String {
    let text = value::unescape(&property.value);
    match kind {
        Kind::Phone => {
            let number = Number::of("", text.trim_start_matches("tel:"), home);
            number.map_or_else(|| plain(&text), |number| number.plain().to_owned())
        }
        Kind::Email => {
            Email::of(text.trim_start_matches("mailto:")).map_or_else(|| plain(&text), |email| email.plain)
        }
        Kind::Web => plain(&text).trim_end_matches('/').to_owned(),
        Kind::Address | Kind::Company => {
            let mut parts = value::split(&property.value, ';');
            while parts.last().is_some_and(|part| part.trim().is_empty()) {
                parts.pop();
            }
            plain(&parts.join(";"))
        }
        _ => plain(&text),
    }
}

/// Without differences that nobody means: case, accents' spelling, white space.
fn plain(text: &str) -> String {
    value::one_line(&text.nfc().collect::<String>().to_lowercase())
}

/// The paragraphs of a note, each a thing of its own.
pub fn notes(property: &Property) -> impl Iterator<Item = String> + use<> {
    let text = value::unescape(&property.value);
    let parts: Vec<String> = text.split("\n\n").map(|part| part.trim().to_owned()).collect();
    parts.into_iter().filter(|part| !part.is_empty())
}
