use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
    sync::LazyLock,
};

use app::Category;
use sha2::{Digest, Sha256};

use super::*;
use crate::intake::{
    read::read,
    tables::{InventoryRow, Rows, SubscriberRow, VerdictRow},
};

const SETTINGS: &str = include_str!("../../../demo/population.toml");

/// The demonstration's own, with fewer pictures: drawing is slow in a test's build.
fn settings() -> Settings {
    Settings { pictures: 9, ..Settings::from_toml(SETTINGS, "demo/population.toml").unwrap() }
}

/// Generated once for all tests.
static FILES: LazyLock<Vec<(String, Vec<u8>)>> =
    LazyLock::new(|| Population::generate(&settings()).collect());

fn digest<'a>(files: impl Iterator<Item = &'a (String, Vec<u8>)>) -> Vec<u8> {
    let mut hash = Sha256::new();
    for (path, bytes) in files {
        hash.update(path);
        hash.update(bytes);
    }
    hash.finalize().to_vec()
}

fn table(name: &str) -> &'static [u8] {
    &FILES.iter().find(|(path, _)| path == name).unwrap().1
}

fn subscriber_rows() -> Vec<SubscriberRow> {
    Rows::new(table("subscribers.csv")).map(|row| row.unwrap().row).collect()
}

/// Whether ten digits are a number kept for fiction.
fn is_fictitious(digits: &str) -> bool {
    digits.len() == 10 && digits[3..].starts_with("55501")
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let few = Settings { subscribers: 24, pictures: 2, ..settings() };
    let other = Settings { seed: few.seed + 1, ..few.clone() };
    let of = |settings: &Settings| digest(Population::generate(settings).collect::<Vec<_>>().iter());
    assert_eq!(of(&few), of(&few));
    assert_ne!(of(&few), of(&other));
}

#[test]
fn more_subscribers_leave_the_earlier_ones_as_they_were() {
    let few = Settings { subscribers: 24, ..settings() };
    let account = Population::subscribers(&few).last().unwrap().account;
    let of = |files: &[(String, Vec<u8>)]| digest(files.iter().filter(|(path, _)| path.contains(&account)));
    assert_eq!(of(&Population::generate(&few).collect::<Vec<_>>()), of(&FILES));
}

#[test]
fn every_phone_is_fictitious_valid_and_belongs_to_one_person() {
    let rows = subscriber_rows();
    assert!(rows.len() >= 200);
    let mut seen = BTreeSet::new();
    for row in &rows {
        let phone = row.phone.as_ref().unwrap();
        assert!(is_fictitious(&phone.as_str()[2..]), "{}", phone.as_str());
        assert!(phonenumber::parse(None, phone.as_str()).unwrap().is_valid(), "{}", phone.as_str());
        assert!(seen.insert(phone.clone()), "{} twice", phone.as_str());
        assert!(row.email.ends_with("@example.com"));
    }
}

#[test]
fn every_phone_on_a_card_is_fictitious_too() {
    let lines = FILES.iter().filter(|(path, _)| path.ends_with(".vcf") && !path.contains("block")).flat_map(
        |(_, bytes)| String::from_utf8(bytes.clone()).unwrap().lines().map(str::to_owned).collect::<Vec<_>>(),
    );
    let mut seen = 0;
    for line in lines.filter(|line| line.starts_with("TEL")) {
        let digits: String = line.chars().filter(char::is_ascii_digit).collect();
        assert!(is_fictitious(&digits[digits.len() - 10..]), "{line}");
        seen += 1;
    }
    assert!(seen > 5000);
}

#[test]
fn the_tables_read_without_a_problem() {
    assert!(Rows::<_, InventoryRow>::new(table("inventory.csv")).all(|row| row.is_ok()));
    let verdicts: Vec<_> =
        Rows::<_, VerdictRow>::new(table("verdicts.csv")).collect::<Result<_, _>>().unwrap();
    assert!(verdicts.len() >= 10);
    assert!(verdicts.iter().all(|verdict| verdict.row.reason.ends_with('.')));
    let locales: BTreeSet<_> = subscriber_rows().into_iter().map(|row| row.locale).collect();
    assert_eq!(locales, ["en-US", "es-US"].map(str::to_owned).into());
}

#[test]
fn the_whole_population_is_small_enough_to_make_at_every_start() {
    let bytes: usize = FILES.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(bytes < 40 << 20, "{bytes} bytes");
    let paths: BTreeSet<_> = FILES.iter().map(|(path, _)| path).collect();
    assert_eq!(paths.len(), FILES.len(), "a path twice");
}

#[test]
fn pictures_tell_a_date_of_2009_and_no_two_of_a_person_are_the_same() {
    let mut seen = BTreeSet::new();
    for (path, bytes) in FILES.iter().filter(|(path, bytes)| path.ends_with(".jpg") && !bytes.is_empty()) {
        let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).unwrap();
        let taken = exif.get_field(exif::Tag::DateTimeOriginal, exif::In::PRIMARY).unwrap();
        assert!(taken.display_value().to_string().starts_with("2009-"), "{path}");
        let account = path.split('/').nth(1).unwrap();
        assert!(seen.insert((account, Sha256::digest(bytes).to_vec())), "{path} twice");
    }
    let decoded = FILES.iter().find(|(path, _)| path.ends_with(".jpg")).unwrap();
    assert_eq!(image::load_from_memory(&decoded.1).unwrap().width(), 640);
}

#[test]
fn every_story_is_told_by_somebody() {
    let everyone: Vec<_> = Population::subscribers(&settings()).collect();
    let told = |story: &dyn Fn(&Subscriber) -> bool| everyone.iter().filter(|one| story(one)).count();
    let part = |one: &Subscriber, is: &dyn Fn(&Part) -> bool| one.parts.values().any(is);
    assert!(told(&|one| one.parts.is_empty()) > 10, "unaffected");
    assert!(
        told(&|one| !one.parts.is_empty() && !part(one, &|p| p.expected != Some(p.found))) > 40,
        "complete"
    );
    assert!(
        told(&|one| part(one, &|p| p.found > 0 && p.expected.is_some_and(|all| p.found < all))) > 40,
        "partial"
    );
    assert!(told(&|one| part(one, &|p| p.expected.is_some_and(|all| p.found > all))) > 5, "surplus");
    assert!(told(&|one| part(one, &|p| p.expected.is_none())) > 8, "unknown");
    assert!(told(&|one| part(one, &|p| p.verdict.is_some() && p.found == 0)) > 8, "unrecoverable");
    assert!(told(&|one| !one.damaged.is_empty()) > 5, "damaged");
    let sixty_four = Part { expected: Some(300), found: 64, verdict: None };
    assert_eq!(everyone[1].parts[&Category::Contacts], sixty_four);
}

#[test]
fn personas_are_subscribers_with_phones_that_stay() {
    let (settings, rows) = (settings(), subscriber_rows());
    let personas = personas(&settings);
    for (persona, row) in personas.iter().zip(&rows) {
        assert_eq!((persona.phone, &persona.account), (row.phone.as_ref().unwrap().as_str(), &row.account));
        assert_eq!(persona.name, row.name);
    }
    assert_eq!(personas[0].phone, "+12065550100");
}

#[test]
fn contacts_are_open_to_everyone_and_the_rest_to_some() {
    let settings = settings();
    let releases: BTreeMap<_, _> = releases(&settings).into_iter().collect();
    assert_eq!(releases[&Category::Contacts], Cohort::Everyone);
    let complete = &personas(&settings)[0].account;
    let unaffected = &personas(&settings)[3].account;
    for category in &Category::ALL[1..] {
        let Cohort::Accounts(accounts) = &releases[category] else {
            panic!("{category} is open to everyone")
        };
        assert!(accounts.contains(complete) && !accounts.contains(unaffected));
        assert!(accounts.len() < settings.subscribers);
    }
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let refused =
        |from: &str, to: &str| Settings::from_toml(&SETTINGS.replacen(from, to, 1), "p.toml").unwrap_err();
    assert!(matches!(refused("subscribers = 260", "subscribers = 3"), SettingsError::Subscribers { .. }));
    assert!(matches!(refused("partial = 30", "partial = 90"), SettingsError::Percents { .. }));
    assert!(matches!(refused("tasks = 50", "tasks = 150"), SettingsError::Percents { .. }));
    assert!(refused("seed = ", "sead = ").to_string().contains("sead"));
}

/// Distinct items: what shares a UID is one, else what has the same content.
fn distinct(account: &str, category: Category) -> usize {
    let below = format!("data/{account}/{category}/");
    let files = FILES.iter().filter(|(path, _)| path.starts_with(&below));
    let items =
        files.filter_map(|(path, bytes)| read(category, path, bytes).ok()).flat_map(|reading| reading.items);
    items.map(|item| item.uid.unwrap_or_else(|| format!("{:?}", item.digest))).collect::<BTreeSet<_>>().len()
}

#[test]
fn every_file_reads_whole_but_the_damaged_ones() {
    let mut unread = Vec::new();
    // The pictures differ in their dates only, and making thumbnails is slow: one in sixteen.
    let chosen = |(at, file): (usize, &'static (String, Vec<u8>))| {
        let picture = file.0.ends_with(".jpg") && !file.1.is_empty();
        (file.0.starts_with("data/") && (!picture || at % 16 == 0)).then_some(file)
    };
    for (path, bytes) in FILES.iter().enumerate().filter_map(chosen) {
        let category = path.split('/').nth(2).unwrap().parse().unwrap();
        match read(category, path, bytes) {
            Ok(reading) => assert_eq!(reading.problems, [], "{path}"),
            Err(unreadable) => unread.push((path, unreadable)),
        }
    }
    let damaged: usize = Population::subscribers(&settings()).map(|one| one.damaged.len()).sum();
    assert_eq!(unread.len(), damaged, "{unread:?}");
}

#[test]
fn readers_find_as_many_items_as_the_story_says() {
    // The personas, and enough of the others to meet every kind of file.
    for one in Population::subscribers(&settings()).take(24) {
        for (&category, part) in &one.parts {
            assert_eq!(distinct(&one.account, category), part.found, "{} {category}", one.account);
        }
    }
}
