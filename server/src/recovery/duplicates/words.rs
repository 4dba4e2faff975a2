//! Reasons and choices, as people read them.

use super::{
    card::{CardKey, Side},
    rules::Reason,
    store::{Choice, Fated},
    units::Fate,
};

pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::SameUid => "They carry the same identifier",
        Reason::EverythingSame => "Everything on them is the same",
        Reason::SameName => "The same name",
        Reason::NearName => "Names that may be one person’s",
        Reason::OneHasNoName => "One has no name",
        Reason::NameInEmail => "The email address spells the other’s name",
        Reason::SamePhone => "The same phone number",
        Reason::SamePhoneEnd => "Phone numbers that end the same",
        Reason::SameEmail => "The same email address",
        Reason::SameBirthday => "The same birthday",
        Reason::SameAddress => "The same postal address",
        Reason::SameCompany => "The same company",
        Reason::OtherNames => "The names differ",
        Reason::OtherBirthday => "The birthdays differ",
        Reason::OtherNumbers => "Numbers and addresses differ",
        Reason::NothingButName => "One is only a name",
    }
}

/// What a choice did.
pub fn choice(choice: &Choice, cards: &[Fated]) -> String {
    let count = |fate: Fate| cards.iter().filter(|fated| fated.fate() == fate).count();
    let left = match count(Fate::LeftOut) {
        1 => "1 recovered contact left out".to_owned(),
        n => format!("{n} recovered contacts left out"),
    };
    match choice.kind.as_str() {
        "merge" => format!("Merged {} contacts into one", count(Fate::Merged)),
        "keep-one" => format!("Kept one, {left}"),
        "keep-phone" => format!("Kept what the phone has, {left}"),
        _ if cards.len() == 2 => "Kept both".to_owned(),
        _ => format!("Kept all {}", cards.len()),
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
            "The contacts that this was about have been recovered anew since. This choice changes nothing now."
        }
        n if n < recovered.len() => {
            "One of the contacts has been recovered anew since. It stands beside what you chose."
        }
        _ if on_phone && !has_phone => "Your phone’s file is no longer here. The choice still holds.",
        _ => "",
    }
}
