//! vCards 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350), one or many in a file.
//!
//! The cards are taken apart here and not by a vCard library, because a charset
//! can change with every line, a broken card must cost only itself, and every
//! problem has a line.

use app::models::{Contact, Details};

use super::component::{self, Component};
use super::labels::Labels;
use super::property::Property;
use super::settle::{self, Age};
use super::when::{self, When};
use super::{Found, Problem, Reading, Unreadable, digest, fold, text, value, write};

/// An agent, and an agent's agent.
const AGENTS: usize = 2;

pub fn read(bytes: &[u8]) -> Result<Reading, Unreadable> {
    let (components, mut problems) = component::read(&text::ascii_compatible(bytes));
    if components.is_empty() {
        return Err(Unreadable::new("not a vCard: no BEGIN:VCARD line"));
    }
    let mut items = Vec::new();
    for component in components {
        if component.name == "VCARD" {
            items.extend(card(component, &mut problems));
        } else {
            let reason = format!("{} is not a contact card", component.name);
            problems.push(Problem { line: Some(component.line), reason });
        }
    }
    Reading::of(items, problems)
}

/// One card as an item; none when nothing stands in it.
fn card(mut card: Component, problems: &mut Vec<Problem>) -> Option<Found> {
    let age = Age::of(&card);
    settle::settle(&mut card, age, problems);
    let says_nothing = |p: &Property| matches!(p.name.as_str(), "VERSION" | "PRODID" | "REV");
    if card.properties.iter().all(says_nothing) {
        return None;
    }
    embed_agents(&mut card, 0, problems);
    let contact = contact(&card);
    let title = title(&contact);
    Some(Found {
        uid: card
            .first("UID")
            .map(|uid| value::unescape(&uid.value).trim().to_owned())
            .filter(|u| !u.is_empty()),
        digest: digest::of(&card),
        revised_at: card.first("REV").and_then(|rev| When::parse(&rev.value)?.millis(None)),
        sort: fold::sort(&title),
        search: search(&contact),
        title,
        at: None,
        body: body(card, age),
        details: Details::Contact(contact),
        thumbnail: None,
    })
}

/// A card nested in an old one becomes the text of its `AGENT`. Each level
/// escapes the one inside again, so only [`AGENTS`] levels are kept.
fn embed_agents(card: &mut Component, level: usize, problems: &mut Vec<Problem>) {
    let children = std::mem::take(&mut card.children);
    let mut agents = card.properties.iter_mut().filter(|p| p.name == "AGENT" && p.value.is_empty());
    for mut child in children {
        if level == AGENTS || child.name != "VCARD" {
            let reason = format!("the {} nested in this card was not read", child.name);
            problems.push(Problem { line: Some(child.line), reason });
        } else if let Some(agent) = agents.next() {
            embed_agents(&mut child, level + 1, problems);
            let age = Age::of(&child);
            agent.value = value::escape(&body(child, age));
        }
    }
}

/// The card as text: 2.1 and cards that do not say become 3.0, the others stay.
fn body(mut card: Component, age: Age) -> String {
    let version = match card.first("VERSION").map(|version| version.value.trim()) {
        Some(version) if age == Age::New && version.starts_with('4') => "4.0",
        _ => "3.0",
    };
    card.properties.retain(|property| property.name != "VERSION");
    if version == "3.0" {
        card.properties.iter_mut().for_each(encoding_of_3);
    }
    let own = Property { name: "VERSION".into(), value: version.into(), ..Property::default() };
    card.properties.insert(0, own);
    let mut out = String::new();
    write::component(&mut out, &card);
    out
}

/// Version 3.0 calls base64 `b`, and a word `TYPE=pref` what 2.1 calls `PREF`.
fn encoding_of_3(property: &mut Property) {
    for param in &mut property.params {
        if param.name == "ENCODING" {
            param.values = vec!["b".into()];
        }
    }
}

fn contact(card: &Component) -> Contact {
    let first = |name: &str| card.first(name).map(plain).unwrap_or_default();
    let labels = Labels::of(card);
    let labelled = |name: &str, show: fn(&Property) -> String| {
        let shown = card.all(name).map(|property| (labels.name(property), show(property)));
        let mut list: Vec<(String, String)> = shown.filter(|(_, text)| !text.is_empty()).collect();
        list.dedup();
        list
    };
    Contact {
        name: name(card),
        organization: card.first("ORG").map(organization).unwrap_or_default(),
        role: Some(first("TITLE")).filter(|title| !title.is_empty()).unwrap_or_else(|| first("ROLE")),
        phones: labelled("TEL", |property| without_scheme(&plain(property), "tel:")),
        emails: labelled("EMAIL", |property| without_scheme(&plain(property), "mailto:")),
        addresses: labelled("ADR", address),
        urls: card.all("URL").map(plain).filter(|url| !url.is_empty()).collect(),
        birthday: card
            .first("BDAY")
            .map(|bday| when::birthday(&plain(bday), bday.param("X-APPLE-OMIT-YEAR")))
            .unwrap_or_default(),
        note: card
            .all("NOTE")
            .map(|note| value::unescape(&note.value).trim().to_owned())
            .collect::<Vec<_>>()
            .join("\n"),
        has_photo: card.first("PHOTO").is_some_and(|photo| !photo.value.is_empty()),
    }
}

/// What the card calls itself, else the name put together from its parts.
fn name(card: &Component) -> String {
    let full = card.all("FN").map(plain).find(|name| !name.is_empty());
    full.or_else(|| card.first("N").map(structured_name).filter(|name| !name.is_empty()))
        .or_else(|| card.first("NICKNAME").map(plain))
        .unwrap_or_default()
}

/// `Family;Given;Additional;Prefixes;Suffixes` in the order they are said.
fn structured_name(property: &Property) -> String {
    let parts = value::split(&property.value, ';');
    let part = |index: usize| parts.get(index).map_or("", String::as_str);
    value::one_line(&[part(3), part(1), part(2), part(0), part(4)].join(" "))
}

fn organization(property: &Property) -> String {
    let parts = value::split(&property.value, ';');
    let parts: Vec<String> =
        parts.iter().map(|part| value::one_line(part)).filter(|p| !p.is_empty()).collect();
    parts.join(", ")
}

/// Box, extended, street, city, region, code, country on one line.
fn address(property: &Property) -> String {
    let parts = value::split(&property.value, ';');
    let parts: Vec<String> =
        parts.iter().map(|part| value::one_line(part)).filter(|p| !p.is_empty()).collect();
    if parts.is_empty() {
        return property.param("LABEL").map(value::one_line).unwrap_or_default();
    }
    parts.join(", ")
}

fn plain(property: &Property) -> String {
    value::one_line(&value::unescape(&property.value))
}

fn without_scheme(text: &str, scheme: &str) -> String {
    match text.get(..scheme.len()) {
        Some(head) if head.eq_ignore_ascii_case(scheme) => text[scheme.len()..].to_owned(),
        _ => text.to_owned(),
    }
}

fn title(contact: &Contact) -> String {
    let phone = contact.phones.first().map(|(_, number)| number);
    let email = contact.emails.first().map(|(_, address)| address);
    [Some(&contact.name), Some(&contact.organization), email, phone]
        .into_iter()
        .flatten()
        .find(|text| !text.is_empty())
        .cloned()
        .unwrap_or_else(|| "(no name)".into())
}

fn search(contact: &Contact) -> String {
    let lists = [&contact.emails, &contact.addresses];
    let words = [&contact.name, &contact.organization, &contact.role, &contact.note, &contact.birthday];
    let listed = lists.into_iter().flatten().map(|(_, text)| text.as_str());
    fold::search(
        words.into_iter().map(String::as_str).chain(listed),
        contact.phones.iter().map(|(_, number)| number.as_str()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &[u8]) -> Vec<(Found, Contact)> {
        let both = |found: Found| match found.details.clone() {
            Details::Contact(contact) => (found, contact),
            other => panic!("{other:?}"),
        };
        read(text).unwrap().items.into_iter().map(both).collect()
    }

    fn one(lines: &str) -> (Found, Contact) {
        items(format!("BEGIN:VCARD\r\n{lines}\r\nEND:VCARD\r\n").as_bytes()).remove(0)
    }

    #[test]
    fn a_card_of_3_0_shows_what_it_says() {
        let (found, contact) = one(concat!(
            "VERSION:3.0\r\nN:Doe;Jörg;;Dr.;\r\nFN:Dr. Jörg Doe\r\nORG:Acme\\, Inc;Sales\r\nTITLE:Buyer\r\n",
            "TEL;TYPE=HOME,CELL,pref:+1 (555) 010-0142\r\nitem1.TEL:555-0143\r\nitem1.X-ABLabel:_$!<Mobile>!$_\r\n",
            "EMAIL;TYPE=INTERNET,WORK:j@example.com\r\nADR;TYPE=WORK:;;1 Main St\\, Apt 2;Town;CA;94000;USA\r\n",
            "BDAY:1980-04-07\r\nNOTE:one\\ntwo\r\nUID:abc\r\nREV:2009-10-01T10:00:00Z"
        ));
        assert_eq!((found.title.as_str(), found.sort.as_str()), ("Dr. Jörg Doe", "dr. jorg doe"));
        assert_eq!(found.uid.as_deref(), Some("abc"));
        assert_eq!(found.revised_at, Some(1_254_391_200_000));
        assert!(found.search.contains("15550100142"), "{}", found.search);
        assert_eq!(contact.organization, "Acme, Inc, Sales");
        assert_eq!(
            contact.phones,
            [("home cell".into(), "+1 (555) 010-0142".into()), ("mobile".into(), "555-0143".into())]
        );
        assert_eq!(contact.emails, [("work".into(), "j@example.com".into())]);
        assert_eq!(contact.addresses, [("work".into(), "1 Main St, Apt 2, Town, CA, 94000, USA".into())]);
        assert_eq!((contact.birthday.as_str(), contact.note.as_str()), ("7 Apr 1980", "one\ntwo"));
    }

    #[test]
    fn an_old_card_becomes_3_0_and_loses_no_letter() {
        let (found, contact) = one(concat!(
            "VERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;=\r\nJ=C3=B6rg\r\n",
            "TEL;CELL;PREF:555-0101\r\nNOTE:a, b\\;c\r\nPHOTO;ENCODING=BASE64;TYPE=JPEG:AAAA\r\n BBBB"
        ));
        assert_eq!(contact.name, "Jörg Müller");
        assert_eq!(contact.phones, [("cell".into(), "555-0101".into())]);
        assert_eq!(contact.note, "a, b;c");
        assert!(contact.has_photo);
        for line in [
            "VERSION:3.0",
            "N:Müller;Jörg",
            "TEL;TYPE=CELL,PREF:555-0101",
            "NOTE:a\\, b\\;c",
            "PHOTO;ENCODING=b;TYPE=JPEG:AAAABBBB",
        ] {
            assert!(found.body.lines().any(|one| one == line), "{line} in {}", found.body);
        }
    }

    #[test]
    fn one_card_in_many_spellings_is_one() {
        let base = "BEGIN:VCARD\nVERSION:3.0\nPRODID:a\nFN:Zoë Ünal\nTEL;TYPE=HOME;TYPE=CELL:1\nNOTE:a long note\nEND:VCARD\n";
        let digest = items(base.as_bytes())[0].0.digest;
        let crlf = base.replace('\n', "\r\n");
        let folded = base.replace("long", "lo\n ng");
        let reordered =
            "BEGIN:vcard\nNOTE:a long note\nTEL;type=cell,home:1\nREV:20090101\nFN:Zoë Ünal\nEND:VCARD";
        let quoted =
            base.replace("FN:Zoë Ünal", "FN;CHARSET=utf-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB =C3=9Cnal");
        let decomposed = base.replace('ë', "e\u{308}");
        let latin1: Vec<u8> = base.chars().map(|c| c as u8).collect();
        let wide: Vec<u8> = format!("\u{feff}{base}").encode_utf16().flat_map(u16::to_be_bytes).collect();
        for text in [
            crlf.as_bytes(),
            folded.as_bytes(),
            reordered.as_bytes(),
            quoted.as_bytes(),
            decomposed.as_bytes(),
        ] {
            assert_eq!(items(text)[0].0.digest, digest, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(items(&latin1)[0].0.digest, digest);
        assert_eq!(items(&wide)[0].0.digest, digest);
        assert_ne!(items(base.replace("Zoë", "Zoe").as_bytes())[0].0.digest, digest);
    }

    #[test]
    fn a_card_without_name_is_called_by_what_it_has() {
        assert_eq!(one("ORG:Acme;").0.title, "Acme");
        assert_eq!(one("EMAIL:a@example.com\r\nTEL:1").0.title, "a@example.com");
        assert_eq!(one("TEL;VALUE=uri:tel:+1-555").0.title, "+1-555");
        assert_eq!(one("X-LUCKY:7").0.title, "(no name)");
        assert_eq!(one("FN:\r\nN:;Ann;;;").0.title, "Ann");
    }

    #[test]
    fn a_broken_card_costs_only_itself() {
        let reading = read(b"BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nnothing here\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD").unwrap();
        assert_eq!(reading.items.iter().map(|i| i.title.as_str()).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(reading.problems.iter().map(|p| p.line).collect::<Vec<_>>(), [Some(5)]);
    }

    #[test]
    fn the_same_card_twice_is_one_item() {
        assert_eq!(items(b"BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\r\nFN:A\r\nEND:VCARD").len(), 1);
    }

    #[test]
    fn what_is_no_card_says_why() {
        assert_eq!(read(b"<html>").unwrap_err().reason, "not a vCard: no BEGIN:VCARD line");
        let calendar = read(b"BEGIN:VCALENDAR\nEND:VCALENDAR").unwrap_err();
        assert_eq!(calendar.reason, "line 1: VCALENDAR is not a contact card");
    }

    #[test]
    fn an_agents_card_stays_inside_its_owner() {
        let (found, _) = one("VERSION:2.1\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:B\r\nEND:VCARD\r\nFN:A");
        assert_eq!(found.title, "A");
        let back = items(found.body.as_bytes());
        assert_eq!((back.len(), back[0].0.title.as_str()), (1, "A"));
        assert!(found.body.contains("AGENT:BEGIN:VCARD\\n"));
    }
}
