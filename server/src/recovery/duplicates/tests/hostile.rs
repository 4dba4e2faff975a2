//! Cards with very many properties: what is shown and made of them takes time and room by their length alone.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use app::vocabulary::Likeness;
use phonenumber::country;

use super::super::{
    card::CardKey,
    findings::Group,
    merge::Picks,
    name::{Name, Relation},
    preview::{self, Unchecked},
    show,
    units::{Opened, Unit},
};

const HOME: country::Id = country::US;

fn unit(number: usize, body: &str) -> Unit {
    let key = CardKey { card: format!("i-{number}"), version: "1".to_owned() };
    Unit { cards: vec![key], title: format!("Card {number}"), body: body.to_owned(), merged: None }
}

/// A group of recovered cards with these bodies.
fn opened(bodies: &[String]) -> Opened {
    let units: Vec<Unit> = bodies.iter().enumerate().map(|(number, body)| unit(number, body)).collect();
    let members = units.iter().flat_map(|unit| unit.cards.clone()).collect();
    let group = Group { id: "g".to_owned(), members, strength: Likeness::Likely, links: Vec::new() };
    Opened { group, units, carried: Vec::new(), choices: BTreeSet::new(), basis: "b".to_owned() }
}

fn body(version: &str, lines: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:{version}\r\nFN:Ann\r\n{lines}END:VCARD\r\n")
}

fn many(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|n| line(n) + "\r\n").collect()
}

/// Everything that the pages do with a group, and how long it took.
fn all_of_it(opened: &Opened) -> Duration {
    let started = Instant::now();
    let sources = show::sources(opened, HOME);
    let group = show::group(opened, &sources, String::new());
    assert!(group.rows.len() < 1_000, "{} rows", group.rows.len());
    assert!(group.rows.iter().flat_map(|row| &row.cells).all(|cell| cell.len() < 100));
    preview::form(opened, &sources, None, &Picks::new());
    let all = (0..sources.len()).collect();
    let check = preview::check(opened, &sources, &all, &Picks::new(), HOME, 0).unwrap();
    assert!(check.rows.len() < 2_000 && check.left.len() < 2_000);
    started.elapsed()
}

/// How many there are of each, so that the square of it would take a minute and more.
#[test]
fn time_grows_with_the_length_of_the_cards_alone() {
    for (count, version, piece) in [
        (40_000, "3.0", (|n| format!("X-P{n}:{n}")) as fn(usize) -> String),
        (20_000, "3.0", |n| format!("X-P:{n}")),
        (40_000, "3.0", |n| format!("FN:Ann {n}")),
        (40_000, "3.0", |n| format!("NOTE:{n}")),
        (20_000, "3.0", |n| format!("UID:{n}")),
        (20_000, "3.0", |n| format!("EMAIL;TYPE=T{n}:ann@example.com")),
        (10_000, "4.0", |n| format!("ANNIVERSARY:{n}")),
    ] {
        let other = many(count, |n| piece(n + count / 2));
        let opened = opened(&[body(version, &many(count, piece)), body(version, &other)]);
        let took = all_of_it(&opened);
        println!("{took:?}: {}", piece(1));
        assert!(took.as_secs() < 60, "{took:?}: {}", piece(1));
    }
}

#[test]
fn what_is_not_shown_is_counted() {
    let opened = opened(&[body("3.0", &many(2_000, |n| format!("X-P{n}:{n}"))), body("3.0", "X-P0:0\r\n")]);
    let sources = show::sources(&opened, HOME);
    let group = show::group(&opened, &sources, String::new());
    let last = group.rows.last().unwrap();
    assert_eq!(last.label, "More that is not shown");
    // The name and 299 others have rows.
    assert_eq!(last.cells, [vec![format!("{} fields", 2_000 - 299)], vec![]]);
    let check = preview::check(&opened, &sources, &[0, 1].into(), &Picks::new(), HOME, 0).unwrap();
    assert_eq!(check.rows.last().unwrap().text, format!("{} more, which go in too", 2_000 + 1 - 1_000));
    assert_eq!(check.rows[0].from, "all of them");
    assert_eq!(check.rows[2].from, "Recovered 1");
}

#[test]
fn many_values_of_a_kind_are_counted_in_their_cell() {
    let urls: String = (0..60).map(|n| format!("URL:http://example.com/{n}\r\n")).collect();
    let opened = opened(&[body("3.0", &urls)]);
    let group = show::group(&opened, &show::sources(&opened, HOME), String::new());
    let web = group.rows.iter().find(|row| row.label == "Web").unwrap();
    assert_eq!((web.cells[0].len(), web.cells[0][50].as_str()), (51, "and 10 more"));
}

#[test]
fn a_unit_that_cannot_be_read_keeps_its_place() {
    let ann = |line: &str| body("3.0", &format!("{line}\r\n"));
    let opened = opened(&[ann("TITLE:Cook"), "nothing".to_owned(), ann("BDAY:1980-03-22")]);
    let sources = show::sources(&opened, HOME);
    let group = show::group(&opened, &sources, String::new());
    let notes: Vec<&str> = group.columns.iter().map(|column| column.note.as_str()).collect();
    assert_eq!(notes, ["", "it cannot be read", ""]);
    for (label, cells) in [
        ("Name", [vec!["Ann"], vec![], vec!["Ann"]]),
        ("Job title", [vec!["Cook"], vec![], vec![]]),
        ("Birthday", [vec![], vec![], vec!["22 Mar 1980"]]),
    ] {
        let row = group.rows.iter().find(|row| row.label == label).unwrap();
        assert_eq!(row.cells, cells, "{label}");
    }
    let check = |chosen: &[usize]| {
        preview::check(&opened, &sources, &chosen.iter().copied().collect(), &Picks::new(), HOME, 0)
    };
    let from: Vec<(String, String)> =
        check(&[0, 2]).unwrap().rows.into_iter().map(|row| (row.label, row.from)).collect();
    let told = |label: &str| from.iter().find(|row| row.0 == label).map(|row| row.1.as_str());
    assert_eq!(
        (told("Job title"), told("Birthday")),
        (Some("Recovered 1"), Some("Recovered 3")),
        "the contacts that say so"
    );
    assert_eq!(check(&[0, 1]), Err(Unchecked::Unreadable("Card 1".to_owned())));
    assert_eq!(check(&[0, 9]), Err(Unchecked::NotThere));
}

#[test]
fn a_name_of_a_million_words_is_compared_by_its_first() {
    let started = Instant::now();
    let long =
        |word: &str| Name::of(&word.repeat(1_000_000), &word.repeat(1_000_000), &"Al,".repeat(1_000_000));
    for (one, two) in [("mr ", "dr "), ("a b ", "b c "), ("李", "英")] {
        assert!(!matches!(long(one).relation(&long(two)), Relation::Unknown));
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
