//! The invented subscribers: who they are, and what came back of what they had.

use std::collections::BTreeMap;

use app::Category;

use super::{dice::Dice, names, personas, settings::Settings};

/// A row of subscribers.csv, and the story behind the rest of the person's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    pub account: String,
    /// E.164, in the range kept for fiction: `+1…555-01xx`.
    pub phone: String,
    pub name: String,
    pub email: String,
    pub locale: &'static str,
    pub time_zone: &'static str,
    pub plan: &'static str,
    /// Empty for someone who is not affected.
    pub parts: BTreeMap<Category, Part>,
    /// The categories in which one more file came back that nobody can read.
    pub damaged: Vec<Category>,
    /// How the files are laid out, different from one to the next.
    pub habits: Habits,
}

/// What came back of one category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The row of inventory.csv; none where nobody knows.
    pub expected: Option<usize>,
    /// Distinct items in the files.
    pub found: usize,
    /// The row of verdicts.csv: why it cannot be brought back.
    pub verdict: Option<&'static str>,
}

/// How a person's files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    pub cards: CardVersion,
    /// One file for each card, task and entry, not one for all.
    pub one_a_file: bool,
    /// Cards carry a UID.
    pub card_uids: bool,
    /// Scores and purchases as JSON, not as CSV.
    pub json: bool,
    /// Two cards in an older version too, and one file twice: neither changes a count.
    pub versions: bool,
    /// So many of the cards are people who stand there already, written another way.
    pub doubles: usize,
}

/// The vCard version a person's cards are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardVersion {
    V21,
    V30,
    V40,
}

/// Where people live: the area codes of their numbers and their time zone.
pub const AREAS: [(&str, &str); 10] = [
    ("206", "America/Los_Angeles"),
    ("212", "America/New_York"),
    ("303", "America/Denver"),
    ("305", "America/New_York"),
    ("312", "America/Chicago"),
    ("415", "America/Los_Angeles"),
    ("512", "America/Chicago"),
    ("602", "America/Phoenix"),
    ("617", "America/New_York"),
    ("808", "Pacific/Honolulu"),
];

/// As many as there are numbers: 555-0100 to 555-0199 in each area, the first of them the personas'.
pub const MOST: usize = personas::COUNT + AREAS.len() * (100 - personas::COUNT);

/// Every subscriber, the personas first.
pub fn everyone(settings: &Settings) -> impl Iterator<Item = Subscriber> + use<> {
    let settings = settings.clone();
    let cast = personas::cast(&settings);
    let count = cast.len();
    let others = (count..settings.subscribers).map(move |index| other(&settings, index));
    cast.into_iter().chain(others)
}

/// The `index`-th subscriber as chance makes them, without a story yet.
pub fn somebody(settings: &Settings, index: usize) -> Subscriber {
    let mut dice = Dice::new(settings.seed, &format!("person {index}"));
    let spanish = dice.chance(settings.people.spanish);
    let (given, family) = names::person(&mut dice, 30, spanish);
    // The personas take the first numbers of the first area; the rest go round the areas.
    let (area, line) = if index < personas::COUNT {
        (0, index)
    } else {
        (index % AREAS.len(), personas::COUNT + (index - personas::COUNT) / AREAS.len())
    };
    let (code, time_zone) = AREAS[area];
    Subscriber {
        account: format!("SK{:06}", 410_207 + index * 37),
        phone: format!("+1{code}55501{line:02}"),
        name: format!("{given} {family}"),
        email: format!("{}.{index}@example.com", names::mailbox(given, family)),
        locale: if spanish { "es-US" } else { "en-US" },
        time_zone,
        plan: if dice.chance(settings.people.data_20) {
            "data-20"
        } else {
            dice.pick(&["data-10", "talk", "family-50"])
        },
        parts: BTreeMap::new(),
        damaged: Vec::new(),
        habits: Habits {
            cards: dice.pick(&[CardVersion::V21, CardVersion::V30, CardVersion::V30, CardVersion::V40]),
            one_a_file: dice.chance(25),
            card_uids: dice.chance(60),
            json: dice.chance(40),
            versions: false,
            doubles: if index.is_multiple_of(3) { 3 } else { 0 },
        },
    }
}

fn other(settings: &Settings, index: usize) -> Subscriber {
    let mut subscriber = somebody(settings, index);
    let mut dice = Dice::new(settings.seed, &format!("story {index}"));
    super::stories::tell(&mut subscriber, &settings.shares, &mut dice);
    subscriber
}
