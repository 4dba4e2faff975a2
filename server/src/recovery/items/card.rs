//! Everything that a contact's card says, by the names that people have for it.

use app::{
    address::percent_encode,
    models::{Contact, Detail},
    say,
};

use crate::intake::read::{
    component::{self, Component},
    labels::{self, Labels},
    property::Property,
    settle::{self, Age},
    value, when,
};

/// Facts of one card that a page shows; the download has them all.
const MOST: usize = 300;

/// The card of a stored body; none where it holds none.
pub fn of(body: &str) -> Option<Component> {
    let (components, _) = component::read(body.as_bytes());
    let mut card = components.into_iter().find(|component| component.name == "VCARD")?;
    settle::settle(&mut card, Age::New, &mut Vec::new());
    Some(card)
}

/// The card's facts in the order in which people look for them. What has no name of ours comes last under its own.
pub fn facts(card: &Component, contact: &Contact) -> Vec<Detail> {
    let labels = Labels::of(card);
    let mut facts: Vec<(usize, Detail)> = Vec::new();
    for property in card.properties.iter().filter(|property| !is_hidden(property)) {
        let Some(mut fact) = fact(property) else { continue };
        // The name stands above; parts that say something else are worth a line.
        let parts = || value::split(&property.value, ';');
        if property.name == "N" && parts().iter().all(|part| contact.name.contains(part.trim())) {
            continue;
        }
        let label = labels::in_words(&labels.name(property));
        if !label.is_empty() && takes_label(&property.name) {
            fact.name = format!("{} ({label})", fact.name);
        }
        facts.push((rank(&property.name), fact));
    }
    facts.sort_by_key(|(rank, _)| *rank);
    let mut facts: Vec<Detail> = facts.into_iter().map(|(_, fact)| fact).collect();
    facts.dedup();
    facts.truncate(MOST);
    facts
}

/// What programs keep for themselves, and what is shown elsewhere on the page.
fn is_hidden(property: &Property) -> bool {
    const OWN: [&str; 18] = [
        "VERSION",
        "PRODID",
        "REV",
        "UID",
        "FN",
        "PHOTO",
        "LOGO",
        "SOUND",
        "KEY",
        "SORT-STRING",
        "CLASS",
        "MAILER",
        "CLIENTPIDMAP",
        "XML",
        "SOURCE",
        "NAME",
        "PROFILE",
        "AGENT",
    ];
    property.is_base64()
        || property.value.trim().is_empty()
        || OWN.contains(&property.name.as_str())
        || [
            "X-ABUID",
            "X-ABLABEL",
            "X-ABADR",
            "X-ABSHOWAS",
            "X-ABORDER",
            "X-IMAGE",
            "X-EVOLUTION",
            "X-MOZILLA",
            "X-GENERATOR",
        ]
        .iter()
        .any(|start| property.name.starts_with(start))
}

fn fact(property: &Property) -> Option<Detail> {
    let plain = value::one_line(&value::unescape(&property.value));
    let fact = match property.name.as_str() {
        "TEL" => phone(&without_scheme(&plain, "tel:")),
        "EMAIL" => mail(&without_scheme(&plain, "mailto:")),
        "URL" => web(say!("Web"), &plain),
        "ADR" => Detail::new(say!("Address"), address(property)),
        "LABEL" => Detail::new(say!("Address as written"), value::unescape(&property.value)),
        "ORG" => Detail::new(say!("Organization"), parts(property, ", ")),
        "N" => Detail::new(say!("Name in parts"), parts(property, " · ")),
        "NOTE" => Detail::new(say!("Note"), value::unescape(&property.value)),
        "BDAY" => Detail::new(say!("Birthday"), when::birthday(&plain, property.param("X-APPLE-OMIT-YEAR"))),
        "ANNIVERSARY" | "X-ANNIVERSARY" | "X-EVOLUTION-ANNIVERSARY" => {
            Detail::new(say!("Anniversary"), when::birthday(&plain, property.param("X-APPLE-OMIT-YEAR")))
        }
        "X-ABDATE" => Detail::new(say!("Date"), when::birthday(&plain, property.param("X-APPLE-OMIT-YEAR"))),
        "CATEGORIES" => Detail::new(say!("Groups"), value::split(&property.value, ',').join(", ")),
        "IMPP" => Detail::new(say!("Messenger"), plain.replacen(':', ": ", 1)),
        "X-SOCIALPROFILE" => web(say!("Profile"), &plain),
        "NICKNAME" => Detail::new(say!("Nickname"), plain),
        "TITLE" => Detail::new(say!("Job"), plain),
        "ROLE" => Detail::new(say!("Role"), plain),
        "RELATED" | "X-ABRELATEDNAMES" => Detail::new(say!("Related"), plain),
        "X-SPOUSE" => Detail::new(say!("Spouse"), plain),
        "X-PHONETIC-FIRST-NAME" => Detail::new(say!("First name as spoken"), plain),
        "X-PHONETIC-LAST-NAME" => Detail::new(say!("Last name as spoken"), plain),
        name => Detail::new(own_name(name), plain),
    };
    (!fact.text.trim().is_empty()).then_some(fact)
}

fn takes_label(name: &str) -> bool {
    matches!(
        name,
        "TEL"
            | "EMAIL"
            | "URL"
            | "ADR"
            | "LABEL"
            | "IMPP"
            | "RELATED"
            | "X-ABRELATEDNAMES"
            | "X-ABDATE"
            | "X-SOCIALPROFILE"
    )
}

/// Phones before letters before the rest.
fn rank(name: &str) -> usize {
    const ORDER: [&str; 17] = [
        "TEL",
        "EMAIL",
        "IMPP",
        "ADR",
        "LABEL",
        "ORG",
        "TITLE",
        "ROLE",
        "URL",
        "BDAY",
        "ANNIVERSARY",
        "X-ANNIVERSARY",
        "NICKNAME",
        "CATEGORIES",
        "RELATED",
        "X-ABRELATEDNAMES",
        "NOTE",
    ];
    ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len())
}

/// `X-MAIDEN-NAME` as "Maiden name".
fn own_name(name: &str) -> String {
    let words = name.trim_start_matches("X-").replace(['-', '_'], " ").to_lowercase();
    let mut letters = words.chars();
    letters.next().map_or(words.clone(), |first| first.to_uppercase().chain(letters).collect())
}

/// A number that a phone can call at a touch (RFC 3966).
fn phone(number: &str) -> Detail {
    // What follows a letter is an extension or a word, and would be dialled with it.
    let dialled = number.split(|c: char| c.is_alphabetic()).next().unwrap_or_default();
    let dialled: String = dialled.chars().filter(|c| c.is_ascii_digit() || "+*#".contains(*c)).collect();
    let enough = dialled.bytes().filter(u8::is_ascii_digit).count() >= 3;
    let href = if enough { format!("tel:{}", dialled.replace('#', "%23")) } else { String::new() };
    Detail { name: say!("Phone").to_owned(), text: number.to_owned(), href }
}

/// An address that a mail program opens (RFC 6068).
fn mail(address: &str) -> Detail {
    let is_one = address.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
        && !address.contains(|c: char| c.is_whitespace() || c.is_control() || ",;<>\"".contains(c));
    let href = if is_one {
        format!("mailto:{}", percent_encode(address).replace("%40", "@"))
    } else {
        String::new()
    };
    Detail { name: say!("Email").to_owned(), text: address.to_owned(), href }
}

/// A page of the web; any other scheme is text and opens nothing.
pub fn web(name: &str, address: &str) -> Detail {
    let address = address.trim();
    let head = address.get(..8).unwrap_or(address).to_ascii_lowercase();
    let is_web = head.starts_with("https://") || head.starts_with("http://");
    let clean = !address.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c));
    let href = if is_web && clean { address.to_owned() } else { String::new() };
    Detail { name: name.to_owned(), text: address.to_owned(), href }
}

/// Street, town and country on lines of their own.
fn address(property: &Property) -> String {
    let parts = value::split(&property.value, ';');
    let part = |index: usize| parts.get(index).map(|part| value::one_line(part)).unwrap_or_default();
    let town = [part(3), part(4), part(5)];
    let town = town.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(", ");
    let lines = [part(0), part(1), part(2), town, part(6)];
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        property.param("LABEL").map(str::to_owned).unwrap_or_default()
    } else {
        lines.join("\n")
    }
}

fn parts(property: &Property, between: &str) -> String {
    let parts = value::split(&property.value, ';');
    let parts: Vec<String> =
        parts.iter().map(|part| value::one_line(part)).filter(|p| !p.is_empty()).collect();
    parts.join(between)
}

fn without_scheme(text: &str, scheme: &str) -> String {
    match text.get(..scheme.len()) {
        Some(head) if head.eq_ignore_ascii_case(scheme) => text[scheme.len()..].to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lines: &str) -> Vec<(String, String, String)> {
        let card = of(&format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{lines}\r\nEND:VCARD\r\n")).unwrap();
        let contact = Contact { name: "Ann Example".to_owned(), ..Contact::default() };
        facts(&card, &contact).into_iter().map(|fact| (fact.name, fact.text, fact.href)).collect()
    }

    fn one(lines: &str) -> (String, String, String) {
        shown(lines).remove(0)
    }

    #[test]
    fn phones_call_and_addresses_write() {
        assert_eq!(one("TEL;TYPE=CELL:+1 (555) 010-0142 ext. 7").2, "tel:+15550100142");
        assert_eq!(one("TEL;TYPE=CELL:+1 (555) 010-0142").0, "Phone (cell)");
        assert_eq!(one("TEL:*100#").2, "tel:*100%23");
        assert_eq!(one("TEL:ask Bob").2, "");
        assert_eq!(one("EMAIL:ann+a?b@example.com").2, "mailto:ann%2Ba%3Fb@example.com");
        assert_eq!(one("EMAIL:ann at home").2, "");
    }

    #[test]
    fn only_pages_of_the_web_are_links() {
        assert_eq!(one("URL:https://example.com/a").2, "https://example.com/a");
        for harmful in [
            "javascript:alert(1)",
            "data:text/html,x",
            "JAVASCRIPT:https://x",
            "https://a b",
            "//example.com",
        ] {
            assert_eq!(one(&format!("URL:{harmful}")).2, "", "{harmful}");
        }
    }

    #[test]
    fn everything_on_the_card_is_said_and_nothing_of_its_programs() {
        let facts = shown(concat!(
            "PRODID:x\r\nUID:u\r\nREV:20091001\r\nFN:Ann Example\r\nN:Example;Ann;;;\r\nNOTE:one\\ntwo\r\nX-MAIDEN-NAME:Beispiel\r\n",
            "ADR;TYPE=HOME:;;1 Main St;Town;CA;94000;USA\r\nBDAY:1980-04-07\r\nPHOTO;ENCODING=b:AAAA\r\n",
            "item1.X-ABDATE:2001-02-03\r\nitem1.X-ABLabel:_$!<Wedding>!$_\r\nTEL:5550100"
        ));
        let names: Vec<&str> = facts.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["Phone", "Address (home)", "Birthday", "Note", "Maiden name", "Date (wedding)"]);
        assert_eq!(facts[1].1, "1 Main St\nTown, CA, 94000\nUSA");
        assert_eq!(facts[3].1, "one\ntwo");
    }
}
