//! What of a contact is compared.

use app::models::Contact;
use phonenumber::country;
use unicode_normalization::UnicodeNormalization;

use super::{
    name::{self, Name},
    reach::{Email, Number},
};
use crate::intake::read::{fold, lines::Lines, property::Property, value};

/// Of a card with more numbers or addresses than these the first count: a hostile one must not cost much.
const MOST: usize = 16;

/// Where a card comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Recovered,
    /// In the file that the subscriber brought from the phone in use.
    Phone,
}

/// Which card, and in which version: what a choice speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct CardKey {
    /// An item's id, or the name of a card of the phone's file.
    pub card: String,
    /// The item's digest in hexadecimal; empty for a card of the phone's.
    pub version: String,
}

impl CardKey {
    pub fn side(&self) -> Side {
        if self.version.is_empty() { Side::Phone } else { Side::Recovered }
    }
}

/// A contact as it is compared.
#[derive(Clone, Debug)]
pub struct Card {
    pub key: CardKey,
    /// The key that lists sort by.
    pub sort: String,
    /// SHA-256 of the UID, or of the content where there is none: as the import knows items.
    pub identity: Vec<u8>,
    pub contact: Contact,
    pub name: Name,
    /// It is a company's: it names no person.
    pub is_company: bool,
    pub numbers: Vec<Number>,
    pub emails: Vec<Email>,
    pub company: String,
    pub addresses: Vec<String>,
}

impl Card {
    /// `head` is the card's text, or its beginning: the names are taken from it.
    pub fn new(
        key: CardKey,
        sort: String,
        identity: Vec<u8>,
        contact: Contact,
        head: &str,
        home: country::Id,
    ) -> Self {
        let said = Said::of(head);
        let own = Name::of(&said.name, &contact.name, &said.nicknames);
        let company = company(&contact.organization);
        let is_company =
            !company.is_empty() && (own.is_empty() || fold(&contact.name) == fold(&contact.organization));
        let name = if is_company { Name::of("", &contact.organization, "") } else { own };
        let numbers = contact.phones.iter().filter_map(|(label, number)| Number::of(label, number, home));
        let emails = contact.emails.iter().filter_map(|(_, email)| Email::of(email));
        let addresses = contact.addresses.iter().map(|(_, address)| letters(address));
        Self {
            numbers: numbers.take(MOST).collect(),
            emails: emails.take(MOST).collect(),
            addresses: addresses.filter(|address| address.len() > 8).take(MOST).collect(),
            key,
            sort,
            identity,
            contact,
            name,
            is_company,
            company,
        }
    }

    /// It says neither number nor address.
    pub fn reaches_nobody(&self) -> bool {
        self.numbers.is_empty() && self.emails.is_empty()
    }
}

/// The properties that the shown contact has no place for.
#[derive(Default)]
struct Said {
    name: String,
    nicknames: String,
}

impl Said {
    fn of(head: &str) -> Self {
        let mut said = Self::default();
        for property in Lines::new(head.as_bytes()).filter(|line| is_wanted(&line.bytes)) {
            let Some(property) = Property::parse(&property) else { continue };
            let value = String::from_utf8_lossy(&property.raw).into_owned();
            match property.name.as_str() {
                "N" if said.name.is_empty() => said.name = value,
                "NICKNAME" if said.nicknames.is_empty() => said.nicknames = value,
                _ => {}
            }
        }
        said
    }
}

fn is_wanted(line: &[u8]) -> bool {
    let end = line.iter().position(|byte| matches!(byte, b':' | b';')).unwrap_or(0);
    let name = line[..end].rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    name.eq_ignore_ascii_case(b"N") || name.eq_ignore_ascii_case(b"NICKNAME")
}

/// A company's words without its legal form; what stands behind a comma is a department.
fn company(organization: &str) -> String {
    let first = value::one_line(organization.split(',').next().unwrap_or_default());
    let mut words = name::words(&first);
    while words.len() > 1 && words.last().is_some_and(|last| FORMS.contains(&last.as_str())) {
        words.pop();
    }
    words.join(" ")
}

const FORMS: [&str; 16] = [
    "inc",
    "llc",
    "ltd",
    "limited",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "sa",
    "srl",
    "bv",
    "plc",
    "oy",
    "ab",
];

/// The letters and digits alone, folded.
fn letters(text: &str) -> String {
    fold(text).nfc().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_is_known_by_its_words() {
        assert_eq!(company("Acme, Inc., Sales"), "acme");
        assert_eq!(company("ACME Corp."), "acme");
        assert_eq!(company("Co"), "co");
    }

    #[test]
    fn a_name_is_read_from_the_card_itself() {
        let head = "BEGIN:VCARD\r\nVERSION:3.0\r\nitem1.N:Doe;Rob\r\n ert;;;\r\nNICKNAME:Bob\r\nNOTE:x\r\n";
        let said = Said::of(head);
        assert_eq!((said.name.as_str(), said.nicknames.as_str()), ("Doe;Robert;;;", "Bob"));
    }
}
