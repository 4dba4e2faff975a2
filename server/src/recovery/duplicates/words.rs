//! Reasons and choices, as people read them.

use app::{say, say_many};

use super::{
    card::{CardKey, Side},
    rules::Reason,
    store::{Choice, Fated},
    units::Fate,
};

pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::SameUid => say!("They carry the same identifier"),
        Reason::EverythingSame => say!("Everything on them is the same"),
        Reason::SameName => say!("The same name"),
        Reason::NearName => say!("Names that may be one person’s"),
        Reason::OneHasNoName => say!("One has no name"),
        Reason::NameInEmail => say!("The email address spells the other’s name"),
        Reason::SamePhone => say!("The same phone number"),
        Reason::SamePhoneEnd => say!("Phone numbers that end the same"),
        Reason::SameEmail => say!("The same email address"),
        Reason::SameBirthday => say!("The same birthday"),
        Reason::SameAddress => say!("The same postal address"),
        Reason::SameCompany => say!("The same company"),
        Reason::OtherNames => say!("The names differ"),
        Reason::OtherBirthday => say!("The birthdays differ"),
        Reason::OtherNumbers => say!("Numbers and addresses differ"),
        Reason::NothingButName => say!("One is only a name"),
    }
}

/// What a choice did.
pub fn choice(choice: &Choice, cards: &[Fated]) -> String {
    let count = |fate: Fate| cards.iter().filter(|fated| fated.fate() == fate).count() as i64;
    let left = count(Fate::LeftOut);
    match choice.kind.as_str() {
        "merge" => say!("Merged {n} contacts into one", n = count(Fate::Merged)),
        "keep-one" => say_many!(
            left,
            "Kept one, {n} recovered contact left out",
            "Kept one, {n} recovered contacts left out"
        ),
        "keep-phone" => say_many!(
            left,
            "Kept what the phone has, {n} recovered contact left out",
            "Kept what the phone has, {n} recovered contacts left out"
        ),
        _ if cards.len() == 2 => say!("Kept both").to_owned(),
        _ => say!("Kept all {n}", n = cards.len()),
    }
}

/// What has changed since a choice; empty when nothing.
pub fn since(cards: &[Fated], is_there: impl Fn(&CardKey) -> bool, has_phone: bool) -> &'static str {
    let keys: Vec<CardKey> = cards.iter().map(Fated::key).collect();
    let recovered: Vec<&CardKey> = keys.iter().filter(|key| key.side() == Side::Recovered).collect();
    let there = recovered.iter().filter(|key| is_there(key)).count();
    let on_phone = keys.len() > recovered.len();
    match there {
        0 => {
            say!(
                "The contacts that this was about have been recovered anew since. This choice changes nothing now."
            )
        }
        n if n < recovered.len() => {
            say!("One of the contacts has been recovered anew since. It stands beside what you chose.")
        }
        _ if on_phone && !has_phone => say!("Your phone’s file is no longer here. The choice still holds."),
        _ => "",
    }
}
