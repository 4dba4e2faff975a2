//! Cards with very many properties: they are written in time and room that grow with their length alone.

use std::time::Instant;

use app::{Category, models::Details};

use super::{contacts_csv, contacts_vcf, contacts_vcf_4};
use crate::intake::read::{Found, read};

const MANY: usize = 20_000;

fn card(version: &str, piece: fn(usize) -> String) -> Found {
    let lines: String = (0..MANY).map(|n| piece(n) + "\r\n").collect();
    let text = format!("BEGIN:VCARD\r\nVERSION:{version}\r\nFN:Ann\r\n{lines}END:VCARD\r\n");
    read(Category::Contacts, "x", text.as_bytes()).unwrap().items.remove(0)
}

fn csv<'a>(cards: impl Iterator<Item = &'a Found>) -> String {
    contacts_csv(cards.map(|card| match &card.details {
        Details::Contact(contact) => (card.body.as_str(), contact),
        other => panic!("{other:?}"),
    }))
}

#[test]
fn time_grows_with_the_length_of_a_card_alone() {
    for (version, piece) in [
        (
            "3.0",
            (|n| format!("item{n}.X-ABDATE:2001-02-03\r\nitem{n}.X-ABLABEL:_$!<Anniversary>!$_"))
                as fn(_) -> _,
        ),
        ("3.0", |n| format!("ADR;TYPE=home:;;{n} Main St;;;;\r\nLABEL;TYPE=work:{n} High St")),
        ("3.0", |n| format!("TEL:{n}")),
        ("4.0", |_| "ANNIVERSARY:20010203".to_owned()),
        ("4.0", |n| format!("RELATED;VALUE=text:Ann {n}")),
        ("4.0", |n| format!("ADR;LABEL={n} High St:;;{n} Main St;;;;")),
    ] {
        let card = card(version, piece);
        let started = Instant::now();
        contacts_vcf([card.body.as_str()]);
        contacts_vcf_4([card.body.as_str()]);
        csv([&card].into_iter());
        let took = started.elapsed();
        println!("{took:?}: {}", piece(1));
        assert!(took.as_secs() < 60, "{took:?}: {}", piece(1));
    }
}

#[test]
fn one_contact_with_very_many_numbers_does_not_widen_the_table_of_all() {
    let wide = card("3.0", |n| {
        format!(
            "TEL:{n}\r\nEMAIL:{n}@example.com\r\nURL:{n}\r\nADR:;;{n};;;;\r\nIMPP:{n}\r\nX-ABDATE:{n}\r\nX-SPOUSE:{n}"
        )
    });
    let text = b"BEGIN:VCARD\r\nFN:Bea\r\nTEL:1\r\nEND:VCARD\r\n";
    let small = read(Category::Contacts, "x", text).unwrap().items.remove(0);
    let table = csv(std::iter::once(&wide).chain(std::iter::repeat_n(&small, 1_000)));
    assert!(table.len() < 4_000_000, "{} bytes", table.len());
    let header = table.lines().next().unwrap();
    for kind in ["E-mail", "Phone", "Address", "Website", "Event", "Relation", "Custom Field"] {
        assert!(header.contains(&format!("\"{kind} 20 - Label\"")), "{kind} in {header}");
        assert!(!header.contains(&format!("\"{kind} 21 - Label\"")), "{kind} in {header}");
    }
    assert_eq!(
        contacts_vcf([wide.body.as_str()]).matches("\r\nTEL:").count(),
        MANY,
        "the vCards have the rest"
    );
}
