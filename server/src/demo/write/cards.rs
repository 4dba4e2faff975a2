//! Address books: vCard 2.1 with quoted-printable, 3.0 and 4.0.

use std::{collections::BTreeSet, fmt::Write};

use super::{File, basic, day, escaped, folded, words};
use crate::demo::{
    dice::Dice,
    names,
    people::{AREAS, CardVersion, Subscriber},
};

/// One card before it is written.
#[derive(Clone)]
struct Card {
    given: &'static str,
    family: &'static str,
    company: Option<(&'static str, &'static str)>,
    /// The label (`CELL`, `WORK`, `HOME`) and the ten digits.
    phones: Vec<(&'static str, String)>,
    email: Option<String>,
    /// Street, city, state, ZIP code.
    address: Option<(String, &'static str, &'static str, &'static str)>,
    birthday: Option<String>,
    note: Option<&'static str>,
    uid: Option<String>,
    revised: String,
}

/// The files with `count` different cards.
pub fn files(subscriber: &Subscriber, count: usize, dice: &mut Dice) -> Vec<File> {
    let habits = subscriber.habits;
    let mut seen = BTreeSet::new();
    let mut cards = Vec::with_capacity(count);
    // A double needs somebody to be one of.
    let doubles = habits.doubles.min(count / 2);
    while cards.len() < count - doubles {
        let (given, family) = names::person(dice, 35, subscriber.locale.starts_with("es"));
        if seen.insert((given, family)) {
            cards.push(card(subscriber, given, family, cards.len(), dice));
        }
    }
    cards.extend((0..doubles).map(|at| double(&cards[at], at)).collect::<Vec<_>>());
    if habits.one_a_file {
        let each = |(i, card): (usize, &Card)| {
            (format!("contacts/cards/{:03}.vcf", i + 1), bytes(&[card], habits.cards))
        };
        return cards.iter().enumerate().map(each).collect();
    }
    let whole = bytes(&cards.iter().collect::<Vec<_>>(), habits.cards);
    let mut files = vec![("contacts/contacts.vcf".to_owned(), whole.clone())];
    if habits.versions {
        files.push(("contacts/copy/contacts.vcf".to_owned(), whole));
        files.push((
            "contacts/older.vcf".to_owned(),
            bytes(&earlier(&cards).iter().collect::<Vec<_>>(), habits.cards),
        ));
    }
    files
}

/// Somebody once more, as another program wrote it: surely the same, likely so, or only possibly.
fn double(card: &Card, at: usize) -> Card {
    let (_, number) = card.phones.first().cloned().unwrap_or(("CELL", "2065550188".to_owned()));
    let note = Some(["From the old phone", "From the computer", "Moved?"][at % 3]);
    let other = Card { note, uid: None, address: None, birthday: None, email: None, ..card.clone() };
    match at % 3 {
        0 => {
            Card { phones: vec![("CELL", number)], email: Some("old.phone@example.com".to_owned()), ..other }
        }
        1 => Card { given: "", phones: vec![("CELL", number)], company: None, ..other },
        _ => Card { phones: vec![("HOME", "2065550177".to_owned())], company: None, ..other },
    }
}

/// The first two cards as they were a year before: the same UIDs, other numbers.
fn earlier(cards: &[Card]) -> Vec<Card> {
    let year_before = |card: &Card| Card {
        phones: vec![("HOME", "2065550199".to_owned())],
        note: Some("Old number"),
        revised: "20080901T120000Z".to_owned(),
        ..card.clone()
    };
    cards.iter().take(2).map(year_before).collect()
}

fn card(owner: &Subscriber, given: &'static str, family: &'static str, at: usize, dice: &mut Dice) -> Card {
    let mut phones: Vec<_> = ["CELL", "HOME", "WORK"]
        .into_iter()
        .zip([92, 30, 25])
        .flat_map(|(label, likely)| dice.chance(likely).then(|| (label, number(dice))))
        .collect();
    let email = dice.chance(60).then(|| format!("{}@example.com", names::mailbox(given, family)));
    if phones.is_empty() && email.is_none() {
        phones.push(("CELL", number(dice)));
    }
    Card {
        given,
        family,
        company: dice.chance(35).then(|| (dice.pick(words::COMPANIES), dice.pick(words::TITLES))),
        phones,
        email,
        address: dice.chance(25).then(|| address(dice)),
        birthday: dice.chance(15).then(|| {
            format!("19{:02}{:02}{:02}", dice.between(40, 95), dice.between(1, 12), dice.between(1, 28))
        }),
        note: dice.chance(15).then(|| dice.pick(words::CARD_NOTES)),
        uid: owner.habits.card_uids.then(|| format!("{}-card-{at:04}@example.com", owner.account)),
        revised: format!("{}T{:02}{:02}00Z", basic(day(dice)), dice.below(24), dice.below(60)),
    }
}

/// Ten digits in the range kept for fiction.
fn number(dice: &mut Dice) -> String {
    format!("{}55501{:02}", dice.pick(&AREAS).0, dice.below(100))
}

fn address(dice: &mut Dice) -> (String, &'static str, &'static str, &'static str) {
    let (city, state, zip) = dice.pick(words::CITIES);
    (format!("{} {}", dice.between(10, 4900), dice.pick(words::STREETS)), city, state, zip)
}

fn bytes(cards: &[&Card], version: CardVersion) -> Vec<u8> {
    let write = |card: &&Card| match version {
        CardVersion::V21 => old(card),
        CardVersion::V30 => new(card, false),
        CardVersion::V40 => new(card, true),
    };
    cards.iter().map(write).collect::<String>().into_bytes()
}

/// vCard 4.0 (RFC 6350) if `four`, else 3.0 (RFC 2426).
fn new(card: &Card, four: bool) -> String {
    let mut lines = vec![
        "BEGIN:VCARD".to_owned(),
        if four { "VERSION:4.0" } else { "VERSION:3.0" }.to_owned(),
        format!("N:{};{};;;", escaped(card.family), escaped(card.given)),
        format!("FN:{} {}", escaped(card.given), escaped(card.family)),
    ];
    if let Some((company, title)) = card.company {
        lines.push(format!("ORG:{}", escaped(company)));
        lines.push(format!("TITLE:{}", escaped(title)));
    }
    for (label, digits) in &card.phones {
        lines.push(if four {
            format!("TEL;VALUE=uri;TYPE={}:tel:+1-{}", label.to_lowercase(), dashed(digits))
        } else {
            format!("TEL;TYPE={label}:({}) {}-{}", &digits[..3], &digits[3..6], &digits[6..])
        });
    }
    lines.extend(card.email.as_ref().map(|email| format!("EMAIL;TYPE=HOME:{email}")));
    lines.extend(
        card.address
            .as_ref()
            .map(|(street, city, state, zip)| format!("ADR;TYPE=HOME:;;{street};{city};{state};{zip};USA")),
    );
    lines.extend(card.birthday.as_ref().map(|day| format!("BDAY:{day}")));
    lines.extend(card.note.map(|note| format!("NOTE:{}", escaped(note))));
    lines.extend(card.uid.as_ref().map(|uid| format!("UID:{uid}")));
    lines.push(format!("REV:{}", card.revised));
    lines.push("END:VCARD".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

/// vCard 2.1, as old phones wrote it: quoted-printable UTF-8 where a name needs it.
fn old(card: &Card) -> String {
    let mut out = "BEGIN:VCARD\r\nVERSION:2.1\r\n".to_owned();
    out += &quoted("N", &format!("{};{};;;", card.family, card.given));
    out += &quoted("FN", &format!("{} {}", card.given, card.family));
    if let Some((company, title)) = card.company {
        out += &quoted("ORG", company);
        out += &quoted("TITLE", title);
    }
    for (label, digits) in &card.phones {
        out += &format!("TEL;{label};VOICE:{}\r\n", dashed(digits));
    }
    if let Some(email) = &card.email {
        out += &format!("EMAIL;INTERNET:{email}\r\n");
    }
    if let Some((street, city, state, zip)) = &card.address {
        out += &format!("ADR;HOME:;;{street};{city};{state};{zip};USA\r\n");
    }
    out += &card.birthday.as_ref().map(|day| format!("BDAY:{day}\r\n")).unwrap_or_default();
    out += &card.note.map(|note| quoted("NOTE", note)).unwrap_or_default();
    out += &card.uid.as_ref().map(|uid| format!("UID:{uid}\r\n")).unwrap_or_default();
    out + &format!("REV:{}\r\nEND:VCARD\r\n", card.revised)
}

fn dashed(digits: &str) -> String {
    format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..])
}

/// A property in quoted-printable (RFC 2045, 6.7), soft breaks included; plain ASCII as it is.
fn quoted(name: &str, value: &str) -> String {
    if value.is_ascii() {
        return format!("{name}:{value}\r\n");
    }
    let mut out = format!("{name};CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:");
    let mut width = out.len();
    for byte in value.bytes() {
        let plain = byte.is_ascii_graphic() && byte != b'=' || byte == b' ';
        let letter = if plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
        if width + letter.len() > 72 {
            out += "=\r\n";
            width = 0;
        }
        // Writing to a String cannot fail.
        let _ = write!(out, "{letter}");
        width += letter.len();
    }
    out + "\r\n"
}
