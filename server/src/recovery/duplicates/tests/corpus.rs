//! The address books of many vendors, among them one and the same John Doe.

use std::{collections::BTreeSet, path::PathBuf};

use app::{Category, models::Details, vocabulary::Likeness};
use phonenumber::country;

use super::super::{
    card::{Card, CardKey},
    groups::{self, Found},
};
use crate::intake::read;

fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("MAKEGOOD_TEST_CORPUS").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus"));
    named.into_iter().chain([beside]).find(|folder| folder.join("SOURCES.tsv").is_file())
}

/// Every card of the files whose names begin so; the key is `FILE#NUMBER`.
fn cards(begin: &str) -> Option<Vec<Card>> {
    let Some(folder) = folder() else {
        println!("skipped: no corpus");
        return None;
    };
    let files = std::fs::read_dir(folder.join("contacts")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    let mut cards = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.starts_with(begin) {
            continue;
        }
        let Ok(reading) = read::read(Category::Contacts, &name, &std::fs::read(&file).unwrap()) else {
            continue;
        };
        for (at, found) in reading.items.into_iter().enumerate() {
            let Details::Contact(contact) = found.details else { panic!("{name}") };
            let key = CardKey { card: format!("{name}#{at}"), version: "1".to_owned() };
            let identity = found.uid.map_or(found.digest.to_vec(), String::into_bytes);
            cards.push(Card::new(key, found.sort, identity, contact, &found.body, country::US));
        }
    }
    Some(cards)
}

fn told(cards: &[Card], found: &Found) -> Vec<(Likeness, BTreeSet<String>)> {
    let name = |index: &usize| cards[*index].key.card.clone();
    found.groups.iter().map(|group| (group.strength, group.members.iter().map(name).collect())).collect()
}

#[test]
fn one_john_doe_of_many_vendors_is_one_group_and_jane_is_not_in_it() {
    let Some(cards) = cards("ez-vcard__John_Doe_") else { return };
    let found = groups::find(&cards);
    let groups = told(&cards, &found);
    let john: Vec<_> =
        ["BLACK_BERRY", "EVOLUTION", "GMAIL", "IPHONE", "LOTUS_NOTES", "MAC_ADDRESS_BOOK", "MS_OUTLOOK"]
            .map(|vendor| format!("ez-vcard__John_Doe_{vendor}.vcf#0"))
            .into();
    let (strength, group) = groups.iter().find(|(_, group)| group.contains(&john[0])).unwrap();
    println!("{groups:#?}");
    for card in &john {
        assert!(group.contains(card), "{card} is in {group:?}");
    }
    // The BlackBerry's John works elsewhere and has another number: that he is the same is only possible.
    assert_eq!(*strength, Likeness::Possible);
    // A nameless card with the address john.doe@… may be his; the other cards of that file are other people's.
    let others = group.iter().filter(|card| card.contains("ANDROID")).collect::<Vec<_>>();
    assert!(others.iter().all(|card| card.ends_with("#0")), "{others:?}");
}

#[test]
fn without_the_one_who_works_elsewhere_john_doe_is_likely_one() {
    let Some(mut cards) = cards("ez-vcard__John_Doe_") else { return };
    // Nor the one of another birthday.
    let left_out = ["BLACK_BERRY", "ANDROID", "LOTUS"];
    cards.retain(|card| !left_out.iter().any(|vendor| card.key.card.contains(vendor)));
    let found = groups::find(&cards);
    assert_eq!(found.groups.len(), 1, "{:?}", told(&cards, &found));
    assert_eq!(found.groups[0].members.len(), 5);
    assert_eq!(found.groups[0].strength, Likeness::Likely);
}

#[test]
fn of_all_vendors_files_no_group_holds_two_different_people() {
    let Some(cards) = cards("") else { return };
    let found = groups::find(&cards);
    for group in &found.groups {
        let names: BTreeSet<&str> = group.members.iter().map(|at| cards[*at].contact.name.as_str()).collect();
        println!("{:?} {names:?}", group.strength);
    }
    // Whoever is in one group with somebody of quite another name shares mobile and mailbox with them.
    for group in found.groups.iter().filter(|group| group.strength != Likeness::Possible) {
        for one in &group.members {
            for two in &group.members {
                let (one, two) = (&cards[*one], &cards[*two]);
                let relation = one.name.relation(&two.name);
                let same =
                    relation != super::super::name::Relation::Different || one.identity == two.identity;
                assert!(same, "{:?} and {:?}", one.contact, two.contact);
            }
        }
    }
}
