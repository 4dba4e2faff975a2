//! One card of several, and nothing lost on the way.

use phonenumber::country;
use proptest::prelude::*;

use super::super::{
    field::{self, Kind, Source},
    merge::{Picks, conflicts, left, merge},
};
use crate::intake::read;

const AT: i64 = 1_256_040_000_000;

fn source(lines: &str) -> Source {
    Source::of(&body(lines), country::US).unwrap()
}

fn body(lines: &str) -> String {
    let text = format!("BEGIN:VCARD\nVERSION:3.0\n{lines}\nEND:VCARD\n");
    let reading = read::read(app::Category::Contacts, "", text.as_bytes()).unwrap();
    reading.items[0].body.clone()
}

fn texts(source: &Source, kind: &Kind) -> Vec<String> {
    source.all(kind).iter().map(|field| field.text.clone()).collect()
}

fn merged(sources: &[Source], picks: &Picks) -> (String, Source) {
    let text = merge(sources, picks, "merged-1", AT);
    let read = Source::of(&text, country::US).unwrap();
    (text, read)
}

#[test]
fn numbers_and_addresses_are_united_without_repeats() {
    let sources = [
        source(
            "N:Doe;John;;;\nFN:John Doe\nTEL;TYPE=CELL,pref:(206) 555-0123\nEMAIL:j@example.com\nNOTE:one\nUID:a",
        ),
        source(
            "FN:John Doe\nTEL;TYPE=WORK,pref:+1 206 555 0123\nTEL;TYPE=HOME:206 555 0199\nEMAIL:J@Example.com\nNOTE:two\nUID:b",
        ),
    ];
    let (text, read) = merged(&sources, &Picks::new());
    assert_eq!(texts(&read, &Kind::Phone), ["(206) 555-0123", "206 555 0199"]);
    assert_eq!(texts(&read, &Kind::Email), ["j@example.com"]);
    assert_eq!(texts(&read, &Kind::Note), ["one", "two"]);
    assert!(text.contains("TEL;TYPE=CELL,pref,work:(206) 555-0123"), "{text}");
    assert!(text.contains("TEL;TYPE=HOME:206 555 0199"), "{text}");
    for line in ["UID:merged-1", "X-MERGED-UID:a", "X-MERGED-UID:b", "REV:20091020T120000Z"] {
        assert!(text.lines().any(|one| one == line), "{line} in {text}");
    }
    assert_eq!(left(&sources, &read), []);
}

#[test]
fn where_one_value_can_stand_the_picked_one_does_and_the_other_is_told() {
    let sources = [
        source("N:Doe;John;;;\nFN:John Doe\nBDAY:1980-03-22"),
        source("N:Doe;John;Q;;\nFN:John Q. Doe\nBDAY:19800323"),
        source("FN:John Doe\nBDAY:19800322"),
    ];
    let asked = conflicts(&sources);
    assert_eq!(asked.iter().map(|one| one.kind.clone()).collect::<Vec<_>>(), [Kind::Name, Kind::Birthday]);
    assert_eq!(asked[1].values, [(0, "22 Mar 1980".to_owned()), (1, "23 Mar 1980".to_owned())]);
    let picks = Picks::from([("name".to_owned(), 1), ("birthday".to_owned(), 1)]);
    let (text, read) = merged(&sources, &picks);
    assert_eq!(texts(&read, &Kind::Name), ["John Q. Doe"]);
    assert_eq!(text.matches("\r\nN:").count(), 1);
    assert_eq!(text.matches("BDAY").count(), 1);
    let told: Vec<String> = left(&sources, &read).into_iter().map(|(_, field)| field.text).collect();
    assert_eq!(told, ["John Doe", "22 Mar 1980"]);
}

#[test]
fn a_card_without_a_name_asks_nothing_and_gives_its_number() {
    let sources = [source("TEL:206 555 0123"), source("FN:Ann Li\nTEL:206 555 0124")];
    assert_eq!(conflicts(&sources), []);
    let (_, read) = merged(&sources, &Picks::new());
    assert_eq!(texts(&read, &Kind::Name), ["Ann Li"]);
    assert_eq!(texts(&read, &Kind::Phone).len(), 2);
}

#[test]
fn labels_keep_to_what_they_name() {
    let sources = [
        source("FN:A B\nitem1.TEL:206 555 0101\nitem1.X-ABLabel:Boat"),
        source(
            "FN:A B\nitem1.TEL:206 555 0102\nitem1.X-ABLabel:Cabin\nitem2.ADR:;;1 Main St;;;;\nitem2.X-ABADR:us",
        ),
    ];
    let (text, read) = merged(&sources, &Picks::new());
    let labels: Vec<&str> = read.all(&Kind::Phone).iter().map(|field| field.label.as_str()).collect();
    assert_eq!(labels, ["Phone (Boat)", "Phone (Cabin)"], "{text}");
    assert!(text.contains("item3.ADR:") && text.contains("item3.X-ABADR:us"), "{text}");
}

#[test]
fn the_first_picture_stays_and_the_others_are_told() {
    let sources = [
        source("FN:A B\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA"),
        source("FN:A B\nPHOTO;ENCODING=b;TYPE=JPEG:BBBB"),
    ];
    assert_eq!(conflicts(&sources), []);
    let (text, read) = merged(&sources, &Picks::new());
    assert_eq!(text.matches("PHOTO").count(), 1);
    let told = left(&sources, &read);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].0, &told[0].1.kind), (1, &Kind::Picture));
}

#[test]
fn a_card_of_version_4_goes_in_as_it_is_meant() {
    let text = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zoë\r\nTEL;VALUE=uri;PREF=1;TYPE=cell:tel:+1-206-555-0101\r\nANNIVERSARY:20090808\r\nEND:VCARD\r\n";
    let four = Source::of(text, country::US).unwrap();
    let (text, read) = merged(&[four, source("FN:Zoë\nTEL:206 555 0101")], &Picks::new());
    assert_eq!(texts(&read, &Kind::Phone), ["+1-206-555-0101"], "{text}");
    // Phones read it as a date with a label.
    assert_eq!(texts(&read, &Kind::Other("X-ABDATE".into())).len(), 1, "{text}");
}

fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "FN:(John|Jane|J\\.) Doe",
        "TEL(;TYPE=CELL|;TYPE=HOME,pref|):(\\+1 )?206 555 010[0-4]",
        "EMAIL:[jJ]@example\\.(com|org)",
        "NOTE:(one|two|three)",
        "BDAY:1980-0[1-3]-01",
        "ORG:(Acme|Acme;Sales)",
        "item1\\.URL:http://[ab]\\.example/",
        "item1\\.X-ABLabel:(Boat|Cabin)",
        "X-THING:[a-c]",
        "CATEGORIES:(Friends|Work)",
    ];
    prop::collection::vec(line, 1..9).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_that_can_stand_side_by_side_does(cards in prop::collection::vec(lines(), 2..5)) {
        let sources: Vec<Source> = cards.iter().map(|lines| source(&format!("{lines}\nUID:u"))).collect();
        let (text, read) = merged(&sources, &Picks::new());
        for (_, field) in left(&sources, &read) {
            prop_assert!(field::is_single(&field.kind), "{:?} of {cards:?} is not in {text}", field);
        }
        // Each once.
        let mut seen = std::collections::HashSet::new();
        for field in &read.fields {
            prop_assert!(seen.insert((field.kind.clone(), field.same.clone())), "{:?} twice in {text}", field);
        }
    }

    #[test]
    fn merging_again_changes_nothing(one in lines(), two in lines()) {
        let sources = [source(&format!("{one}\nUID:u")), source(&format!("{two}\nUID:v"))];
        let (text, read) = merged(&sources, &Picks::new());
        let again = merge(&[read, sources[1].clone()], &Picks::new(), "merged-1", AT);
        prop_assert_eq!(&again, &text);
        let (once, _) = merged(&sources, &Picks::new());
        prop_assert_eq!(&once, &text, "the same cards give the same card");
    }
}
