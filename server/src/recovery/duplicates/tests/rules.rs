//! What holds whatever the cards are.

use app::{models::Contact, vocabulary::Likeness};
use phonenumber::country;
use proptest::prelude::*;

use super::super::{
    card::{Card, CardKey},
    groups::{self, MOST},
    rules::{Reason, link},
};

/// A recovered card: `name; label number, …; e-mail, …`.
pub fn card(id: &str, text: &str) -> Card {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().to_owned();
    let list = |part: Option<&str>| -> Vec<String> {
        part.unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let phone = |text: String| match text.split_once(' ') {
        Some((label, number)) if label.chars().all(char::is_alphabetic) => {
            (label.to_owned(), number.to_owned())
        }
        _ => (String::new(), text),
    };
    let phones = list(parts.next()).into_iter().map(phone).collect();
    let emails = list(parts.next()).into_iter().map(|email| (String::new(), email)).collect();
    let organization = parts.next().unwrap_or_default().to_owned();
    let birthday = parts.next().unwrap_or_default().to_owned();
    let contact = Contact { name, phones, emails, organization, birthday, ..Contact::default() };
    of(id, contact)
}

fn of(id: &str, contact: Contact) -> Card {
    let key = CardKey { card: id.to_owned(), version: "1".to_owned() };
    Card::new(key, contact.name.to_lowercase(), id.as_bytes().to_vec(), contact, "", country::US)
}

#[track_caller]
fn are(one: &str, two: &str, expected: Option<Likeness>) -> Vec<Reason> {
    let (one, two) = (card("1", one), card("2", two));
    let (there, back) = (link(&one, &two), link(&two, &one));
    assert_eq!(there, back);
    assert_eq!(there.as_ref().map(|link| link.strength), expected, "{there:?}");
    there.map(|link| link.reasons).unwrap_or_default()
}

const CERTAIN: Option<Likeness> = Some(Likeness::Certain);
const LIKELY: Option<Likeness> = Some(Likeness::Likely);
const POSSIBLE: Option<Likeness> = Some(Likeness::Possible);

#[test]
fn the_same_name_with_a_way_to_reach_them_is_certain() {
    let reasons = are("John Doe; cell (206) 555-0123", "Doe, John; +1 206 555 0123", CERTAIN);
    assert_eq!(reasons, [Reason::SameName, Reason::SamePhone]);
    are("John Doe;; J@Example.com", "JOHN DOE;; j@example.com", CERTAIN);
    are("Mom; home 206 555 0123; m@example.com", "Mom; 206-555-0123; m@example.com; Acme", CERTAIN);
    are("Mom; home 206 555 0123", "Mom; 206-555-0123;;Acme", LIKELY);
    are("Mom;", "Mom;", CERTAIN);
    are("Ann Smith; work 206 555 0100", "Ann Smith; work 206 555 0100, cell 206 555 0123", LIKELY);
}

#[test]
fn the_last_digits_alone_make_it_likely() {
    let reasons = are("John Doe; 555-0123", "John Doe; +1 206 555 0123", LIKELY);
    assert_eq!(reasons, [Reason::SameName, Reason::SamePhoneEnd]);
}

#[test]
fn the_same_name_with_other_numbers_is_possible() {
    let reasons = are("John Doe; 206 555 0123", "John Doe; 206 555 0124", POSSIBLE);
    assert_eq!(reasons, [Reason::SameName, Reason::OtherNumbers]);
    are("John Doe; 206 555 0123;; Acme", "John Doe; 206 555 0124;; Acme", POSSIBLE);
    let reasons = are("John Doe", "John Doe; 206 555 0124", POSSIBLE);
    assert_eq!(reasons, [Reason::SameName, Reason::NothingButName]);
    are("John Doe;;;Acme Inc.", "John Doe; 206 555 0124;; ACME", LIKELY);
}

#[test]
fn a_number_that_a_family_or_a_company_shares_is_nothing() {
    are("John Doe; home 206 555 0123", "Jane Doe; home 206 555 0123", None);
    are("John Doe; work 206 555 0123;; Acme", "Ann Li; work 206 555 0123;; Acme", None);
    are("John Doe;; info@example.com", "Ann Li;; info@example.com", None);
    are("Acme; 206 555 0123;;Acme", "John Doe; 206 555 0123;; Acme", None);
    are("John Doe; cell 206 555 0123", "Deborah Doe; cell 206 555 0123", None);
    are("John Doe Sr.; home 206 555 0123", "John Doe Jr.; home 206 555 0123", None);
}

#[test]
fn a_name_that_may_be_theirs_counts_by_what_it_shares() {
    are("J. Doe; cell 206 555 0123", "John Doe; 206 555 0123", LIKELY);
    are("J. Doe; home 206 555 0123", "John Doe; home 206 555 0123", POSSIBLE);
    are("J. Doe", "John Doe", None);
    are("Anna;; anna@example.com", "Anna Schmidt;; anna@example.com", LIKELY);
}

#[test]
fn a_card_without_a_name_is_whose_number_it_has() {
    are("; cell 206 555 0123", "John Doe; 206 555 0123", LIKELY);
    are("; 206 555 0123", "John Doe; home 206 555 0123", POSSIBLE);
    let reasons = are(";; john.doe@company.example", "John Doe; 206 555 0123", POSSIBLE);
    assert_eq!(reasons, [Reason::OneHasNoName, Reason::NameInEmail]);
    are(";; jane.doe@company.example", "John Doe; 206 555 0123", None);
}

#[test]
fn another_birthday_makes_it_less_sure() {
    let reasons =
        are("John Doe; cell 206 555 0123;;;1 Jan 1950", "John Doe; 206 555 0123;;;2 Feb 1980", LIKELY);
    assert!(reasons.contains(&Reason::OtherBirthday));
    are("John Doe; 206 555 0123;;;1 Jan 1950", "John Doe; 206 555 0199;;;1 Jan 1950", LIKELY);
}

#[test]
fn two_names_for_one_need_both_mobile_and_mailbox() {
    are("Mom; cell 206 555 0123; m@example.com", "Maria Jensen; cell 206 555 0123; m@example.com", POSSIBLE);
    are("Mom; home 206 555 0123; m@example.com", "Maria Jensen; home 206 555 0123; m@example.com", None);
}

#[test]
fn a_chain_does_not_tie_two_people_together() {
    let cards = [
        card("1", "John Doe; cell 206 555 0101; home@example.com"),
        card("2", "J. Doe; cell 206 555 0101, cell 206 555 0102"),
        card("3", "Jane Doe; cell 206 555 0102"),
    ];
    let found = groups::find(&cards);
    assert_eq!(found.groups.len(), 1);
    assert_eq!(found.groups[0].members.len(), 2);
}

#[test]
fn ten_thousand_contacts_cost_few_comparisons() {
    // Everybody shares the switchboard, every tenth is a Smith of the same name, and all stand there twice.
    let cards: Vec<Card> = (0..10_000)
        .map(|n| {
            let person = n / 2;
            let name = if person % 10 == 0 {
                "Ann Smith".to_owned()
            } else {
                format!("Given{person} Family{person}")
            };
            card(
                &n.to_string(),
                &format!("{name}; cell +1 206 {person:07}, work +1 206 555 0100; p{person}@example.com"),
            )
        })
        .collect();
    let found = groups::find(&cards);
    println!("{} comparisons", found.comparisons);
    assert!(found.comparisons < 20 * cards.len(), "{}", found.comparisons);
    let certain = found.groups.iter().flat_map(|group| &group.links);
    let certain = certain.filter(|(_, _, link)| link.strength == Likeness::Certain).count();
    assert_eq!(certain, 5_000, "each with their own double");
}

#[test]
fn one_card_of_many_numbers_costs_little() {
    let many = (0..5_000).map(|n| format!("206 555 {n:04}")).collect::<Vec<_>>().join(", ");
    let cards: Vec<Card> =
        (0..200).map(|n| card(&n.to_string(), &format!("Name{n} Family; {many}"))).collect();
    let found = groups::find(&cards);
    assert!(found.comparisons <= 200 * 199 / 2, "{}", found.comparisons);
    assert!(found.groups.is_empty());
}

#[test]
fn a_group_is_never_more_than_one_can_look_at() {
    let cards: Vec<Card> = (0..100).map(|n| card(&n.to_string(), "Ann Smith; cell 206 555 0100")).collect();
    let found = groups::find(&cards);
    assert!(found.groups.iter().all(|group| group.members.len() <= MOST));
    let grouped: usize = found.groups.iter().map(|group| group.members.len()).sum();
    assert!(grouped > 90, "{grouped}");
}

fn any_card() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "John Doe",
        "Doe, John",
        "J. Doe",
        "Jane Doe",
        "John Q. Doe",
        "Jon Doe",
        "John Doe Jr.",
        "Mom",
        "",
        "李 秀英",
        "Anna",
    ]);
    let phone = "(cell |home |work |)(\\+1 206 |206 |)555 01[0-2][0-2]";
    let email = prop::sample::select(vec![
        "j@example.com",
        "J@EXAMPLE.COM",
        "info@example.com",
        "john.doe@example.com",
        "",
    ]);
    let organization = prop::sample::select(vec!["", "Acme", "ACME Inc."]);
    let birthday = prop::sample::select(vec!["", "1 Jan 1950", "2 Feb 1980"]);
    (name, prop::collection::vec(phone, 0..3), email, organization, birthday).prop_map(
        |(name, phones, email, org, day)| format!("{name}; {}; {email}; {org}; {day}", phones.join(", ")),
    )
}

#[test]
fn a_company_is_not_somebody_who_works_there_whoever_asks() {
    let company = card("1", "; cell 555 0120; j@example.com; Acme; ");
    let person = card("2", "John Doe; cell 555 0120; j@example.com; Acme; ");
    for (one, two) in [(&company, &person), (&person, &company)] {
        assert!(!link(one, two).unwrap().reasons.contains(&Reason::SameCompany));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn who_asks_does_not_matter(one in any_card(), two in any_card()) {
        let (one, two) = (card("1", &one), card("2", &two));
        prop_assert_eq!(link(&one, &two), link(&two, &one));
    }

    #[test]
    fn order_does_not_matter_and_nobody_is_in_two_groups(
        texts in prop::collection::vec(any_card(), 0..14), seed in any::<prop::sample::Index>()
    ) {
        let cards: Vec<Card> = texts.iter().enumerate().map(|(at, text)| card(&format!("{at:02}"), text)).collect();
        let told = |cards: &[Card]| {
            let found = groups::find(cards);
            let group = |group: groups::Group| {
                (group.strength, group.members.iter().map(|at| cards[*at].key.card.clone()).collect::<Vec<_>>())
            };
            found.groups.into_iter().map(group).collect::<Vec<_>>()
        };
        let first = told(&cards);
        prop_assert_eq!(&first, &told(&cards));
        let mut turned = cards.clone();
        if !turned.is_empty() {
            let by = seed.index(turned.len());
            turned.rotate_left(by);
            turned.reverse();
        }
        prop_assert_eq!(&first, &told(&turned));
        let mut seen = std::collections::HashSet::new();
        for (_, members) in &first {
            prop_assert!(members.len() > 1);
            prop_assert!(members.iter().all(|card| seen.insert(card.clone())));
        }
    }
}
