//! A member as the text that a client keeps: the archive's own formats, one item at a time.

use std::collections::HashMap;

use app::models::{Details, Note};

use super::{
    members::{Member, Stored},
    place::Collection,
};
use crate::{archives::formats, store::Result};

/// Which vCard a client wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    #[default]
    V3,
    V4,
}

/// None when its items are gone since it was listed.
pub fn render(
    collection: Collection,
    member: &Member,
    stored: &HashMap<String, Stored>,
    version: Version,
) -> Result<Option<String>> {
    let items: Vec<&Stored> = member.items.iter().filter_map(|id| stored.get(id)).collect();
    if items.is_empty() {
        return Ok(None);
    }
    let bodies = items.iter().map(|item| item.body.as_str());
    Ok(Some(match (collection, version) {
        (Collection::Contacts, Version::V3) => with_uid(formats::contacts_vcf(bodies), &member.name),
        (Collection::Contacts, Version::V4) => with_uid(formats::contacts_vcf_4(bodies), &member.name),
        (Collection::Calendar | Collection::Tasks, _) => formats::calendar_ics(bodies),
        (Collection::Notes, _) => notes(&items)?,
    }))
}

fn notes(items: &[&Stored]) -> Result<String> {
    let mut notes: Vec<(&str, Note)> = Vec::new();
    for item in items {
        if let Details::Note(note) = item.details()? {
            notes.push((&item.body, note));
        }
    }
    Ok(formats::notes_ics(notes.iter().map(|(body, note)| (*body, note))))
}

/// Every card of an address book has a UID (RFC 6352, 5.1): one that came without has its item's.
fn with_uid(card: String, id: &str) -> String {
    let has_uid = card.lines().any(|line| {
        let name = line.split([':', ';']).next().unwrap_or_default();
        name.rsplit('.').next().is_some_and(|name| name.eq_ignore_ascii_case("UID"))
    });
    match card.split_once("END:VCARD") {
        Some((inside, after)) if !has_uid => format!("{inside}UID:urn:uuid:{id}\r\nEND:VCARD{after}"),
        _ => card,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_without_a_uid_gets_one_and_another_keeps_its_own() {
        let plain = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:UID\r\n :x\r\nEND:VCARD\r\n";
        let text = with_uid(plain.to_owned(), "1");
        assert!(text.ends_with("UID:urn:uuid:1\r\nEND:VCARD\r\n"), "{text}");
        for line in ["UID:7", "item1.uid;X=y:7"] {
            let own = plain.replace("FN:", &format!("{line}\r\nFN:"));
            assert_eq!(with_uid(own.clone(), "1"), own);
        }
    }
}
