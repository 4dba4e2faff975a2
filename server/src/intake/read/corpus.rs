//! Every real file of the corpus ends as items or with a reason.

use std::collections::BTreeMap;
use std::path::PathBuf;

use app::Category;

use super::{Found, Reading, Unreadable, read};
use crate::archives::formats;

struct Sample {
    path: String,
    expect: String,
    result: Result<Reading, Unreadable>,
}

pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("MAKEGOOD_TEST_CORPUS").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus"));
    named.into_iter().chain([beside]).find(|folder| folder.join("SOURCES.tsv").is_file())
}

fn samples(category: Category) -> Vec<Sample> {
    let Some(folder) = folder() else {
        println!("skipped: no corpus");
        return Vec::new();
    };
    let sources = std::fs::read_to_string(folder.join("SOURCES.tsv")).unwrap();
    let columns = sources.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let ours = columns.filter(|row| row[0].starts_with(&format!("{}/", category.slug())));
    ours.map(|row| {
        let bytes = std::fs::read(folder.join(row[0])).unwrap();
        let result = read(category, row[0], &bytes);
        Sample { path: row[0].to_owned(), expect: row[6].to_owned(), result }
    })
    .collect()
}

/// Prints how each kind of file ends, and gives the files marked readable that gave nothing.
fn told(samples: &[Sample]) -> Vec<String> {
    let mut outcomes = BTreeMap::<(&str, &str), usize>::new();
    for sample in samples {
        let outcome = match &sample.result {
            Ok(reading) if reading.items.is_empty() => "empty",
            Ok(reading) if reading.problems.is_empty() => "whole",
            Ok(_) => "partly",
            Err(_) => "unreadable",
        };
        *outcomes.entry((&sample.expect, outcome)).or_default() += 1;
        match &sample.result {
            Err(unreadable) => println!("{}: {unreadable}", sample.path),
            Ok(reading) if reading.items.is_empty() => println!("{}: nothing in it", sample.path),
            Ok(reading) => {
                reading.problems.iter().for_each(|p| println!("{}: {:?} {}", sample.path, p.line, p.reason))
            }
        }
    }
    println!("{outcomes:#?}");
    let readable = samples.iter().filter(|sample| sample.expect == "ok");
    let silent =
        readable.filter(|sample| !sample.result.as_ref().is_ok_and(|reading| !reading.items.is_empty()));
    silent.map(|sample| sample.path.clone()).collect()
}

/// What an export starts from: read again, each body is the same item.
fn bodies_read_back(category: Category) {
    for sample in samples(category) {
        for item in sample.result.map(|reading| reading.items).unwrap_or_default() {
            let again = read(category, "again", item.body.as_bytes()).unwrap();
            assert_eq!(again.problems, [], "{}: {}", sample.path, item.body);
            assert_eq!(again.items.len(), 1, "{}: {}", sample.path, item.body);
            assert_eq!(again.items[0].details, item.details, "{}: {}", sample.path, item.body);
            assert_eq!(again.items[0].digest, item.digest, "{}: {}", sample.path, item.body);
            assert_eq!(again.items[0].body, item.body, "{}", sample.path);
            assert!(calcard_reads(&item.body), "{}: {}", sample.path, item.body);
        }
    }
}

/// A parser that is not ours finds nothing wrong with a body.
fn calcard_reads(body: &str) -> bool {
    let mut parser = calcard::Parser::new(body);
    loop {
        match parser.entry() {
            calcard::Entry::VCard(_) | calcard::Entry::ICalendar(_) => {}
            calcard::Entry::Eof => return true,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_body_of_a_card_reads_back() {
    bodies_read_back(Category::Contacts);
}

#[test]
fn every_body_of_an_entry_reads_back() {
    bodies_read_back(Category::Calendar);
}

/// An export of a whole file holds as many items with the same titles and details.
fn exports_read_back(category: Category, export: impl Fn(&[&str]) -> String) {
    for sample in samples(category) {
        let items = sample.result.map(|reading| reading.items).unwrap_or_default();
        let bodies: Vec<&str> = items.iter().map(|item| item.body.as_str()).collect();
        let text = export(&bodies);
        if items.is_empty() {
            continue;
        }
        let again = read(category, "again", text.as_bytes()).unwrap();
        assert_eq!(again.problems, [], "{}: {text}", sample.path);
        let titles = |items: &[Found]| items.iter().map(|item| item.title.clone()).collect::<Vec<_>>();
        assert_eq!(titles(&again.items), titles(&items), "{}: {text}", sample.path);
        assert!(calcard_reads(&text), "{}: {text}", sample.path);
    }
}

#[test]
fn every_export_of_cards_reads_back() {
    exports_read_back(Category::Contacts, |bodies| formats::contacts_vcf(bodies.iter().copied()));
    exports_read_back(Category::Contacts, |bodies| formats::contacts_vcf_4(bodies.iter().copied()));
}

#[test]
fn every_export_of_entries_reads_back() {
    exports_read_back(Category::Calendar, |bodies| formats::calendar_ics(bodies.iter().copied()));
}

#[test]
fn every_readable_card_file_gives_a_contact() {
    assert_eq!(told(&samples(Category::Contacts)), Vec::<String>::new());
}

#[test]
fn every_readable_calendar_gives_an_entry_unless_it_holds_none() {
    for path in told(&samples(Category::Calendar)) {
        let bytes = std::fs::read(folder().unwrap().join(&path)).unwrap();
        let text = String::from_utf8(bytes).unwrap().replace("BEGIN:VTODO\nEND:VTODO", "");
        for name in ["BEGIN:VEVENT", "BEGIN:VTODO", "BEGIN:VJOURNAL"] {
            assert!(!text.contains(name), "{path} holds a {name}");
        }
    }
}

#[test]
fn every_readable_picture_gives_a_photo() {
    assert_eq!(told(&samples(Category::Photos)), Vec::<String>::new());
}

#[test]
fn pictures_of_newer_phones_have_a_thumbnail_too() {
    let heic = |sample: &&Sample| sample.path.ends_with(".heic") && sample.expect == "ok";
    let samples = samples(Category::Photos);
    let all: Vec<&Sample> = samples.iter().filter(heic).collect();
    let drawn = all.iter().filter(|sample| {
        let items = sample.result.as_ref().map(|reading| reading.items.as_slice()).unwrap_or_default();
        items.iter().any(|item| item.thumbnail.is_some())
    });
    println!("{} of {} HEIC pictures", drawn.clone().count(), all.len());
    assert_eq!(drawn.count(), all.len());
}
