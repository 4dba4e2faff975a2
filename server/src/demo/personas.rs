//! The people to sign in as: each shows one thing that can have happened.

use app::{Category, mark};

use super::{
    people::{CardVersion, Part, Subscriber, somebody},
    settings::Settings,
    stories::{REASONS, part, whole},
};

/// Someone to sign in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Persona {
    /// E.164.
    pub phone: &'static str,
    pub account: String,
    pub name: &'static str,
    /// What there is to see, in a few words; English, which pages say in the language of who reads.
    pub what: &'static str,
}

/// How many there are; they are the first subscribers.
pub const COUNT: usize = ROLES.len();

struct Role {
    phone: &'static str,
    name: &'static str,
    what: &'static str,
    plan: &'static str,
    play: fn(&mut Subscriber),
    /// The categories that this one has open, whatever the percents say.
    open: &'static [Category],
}

const MOST: &[Category] =
    &[Category::Contacts, Category::Calendar, Category::Tasks, Category::Notes, Category::Photos];

const ROLES: [Role; 10] = [
    Role {
        phone: "+12065550100",
        name: "Maya Castellanos",
        what: mark!("everything is back and open"),
        plan: "data-20",
        play: complete,
        open: &Category::ALL,
    },
    Role {
        phone: "+12065550101",
        name: "Howard Whitaker",
        what: mark!("64 of 300 contacts, some photos, tasks still being checked"),
        plan: "data-20",
        play: partial,
        open: &[Category::Contacts, Category::Calendar, Category::Photos],
    },
    Role {
        phone: "+12065550102",
        name: "Keisha Lawson",
        what: mark!("photos and most notes cannot be brought back"),
        plan: "data-20",
        play: unrecoverable,
        open: MOST,
    },
    Role {
        phone: "+12065550103",
        name: "Patrick O'Connell",
        what: mark!("not affected"),
        plan: "data-20",
        play: |_| {},
        open: &[],
    },
    Role {
        phone: "+12065550104",
        name: "Anaïs Müller",
        what: mark!("another plan: the gift card, but no free month"),
        plan: "data-10",
        play: other_plan,
        open: MOST,
    },
    Role {
        phone: "+12065550105",
        name: "Nguyễn Thảo",
        what: mark!("more is back than was expected, and some contacts twice"),
        plan: "data-20",
        play: surplus,
        open: MOST,
    },
    Role {
        phone: "+12065550106",
        name: "李 秀英",
        what: mark!("nobody knows how much there was"),
        plan: "data-20",
        play: unknown,
        open: MOST,
    },
    Role {
        phone: "+12065550107",
        name: "Terrence Brooks",
        what: mark!("contacts are open, the rest is being checked or not found yet"),
        plan: "data-20",
        play: waiting,
        open: &[Category::Contacts],
    },
    Role {
        phone: "+12065550108",
        name: "Zoë Højgaard",
        what: mark!("some files came back that nobody can read"),
        plan: "data-20",
        play: damaged,
        open: MOST,
    },
    Role {
        phone: "+12065550109",
        name: "Lucía Peña Ríos",
        what: mark!("Spanish; a contact list that came back in two versions"),
        plan: "data-20",
        play: versions,
        open: MOST,
    },
];

/// The people to sign in as, in the order in which they are told.
pub fn personas(settings: &Settings) -> Vec<Persona> {
    let persona = |(index, role): (usize, &Role)| Persona {
        phone: role.phone,
        account: somebody(settings, index).account,
        name: role.name,
        what: role.what,
    };
    ROLES.iter().enumerate().map(persona).collect()
}

/// The personas as subscribers.
pub fn cast(settings: &Settings) -> Vec<Subscriber> {
    ROLES.iter().enumerate().map(|(index, role)| play(somebody(settings, index), role)).collect()
}

/// The categories open to a persona; none for everyone else.
pub fn open_to(phone: &str) -> Option<&'static [Category]> {
    ROLES.iter().find(|role| role.phone == phone).map(|role| role.open)
}

fn play(mut subscriber: Subscriber, role: &Role) -> Subscriber {
    subscriber.phone = role.phone.to_owned();
    subscriber.name = role.name.to_owned();
    subscriber.email = format!("{}@example.com", super::names::mailbox(role.name, "demo"));
    subscriber.locale = "en-US";
    subscriber.plan = role.plan;
    subscriber.habits.one_a_file = false;
    subscriber.habits.doubles = 0;
    (role.play)(&mut subscriber);
    subscriber
}

fn all_of(subscriber: &mut Subscriber, counts: [usize; 7]) {
    Category::ALL.into_iter().zip(counts).for_each(|(category, count)| whole(subscriber, category, count));
}

fn found(subscriber: &mut Subscriber, category: Category, found: usize) {
    subscriber.parts.entry(category).or_default().found = found;
}

fn complete(subscriber: &mut Subscriber) {
    all_of(subscriber, [128, 42, 16, 12, 24, 18, 9]);
    subscriber.habits.cards = CardVersion::V30;
}

fn partial(subscriber: &mut Subscriber) {
    all_of(subscriber, [300, 38, 12, 7, 14, 6, 3]);
    found(subscriber, Category::Contacts, 64);
    found(subscriber, Category::Photos, 9);
    found(subscriber, Category::Notes, 0);
    subscriber.habits.cards = CardVersion::V21;
}

fn unrecoverable(subscriber: &mut Subscriber) {
    all_of(subscriber, [86, 21, 9, 8, 31, 12, 4]);
    part(subscriber, Category::Photos, Part { expected: Some(31), found: 0, verdict: Some(REASONS[1]) });
    part(subscriber, Category::Notes, Part { expected: Some(8), found: 2, verdict: Some(REASONS[2]) });
}

fn other_plan(subscriber: &mut Subscriber) {
    all_of(subscriber, [54, 17, 6, 4, 5, 0, 2]);
    subscriber.parts.remove(&Category::HighScores);
}

fn surplus(subscriber: &mut Subscriber) {
    all_of(subscriber, [10, 14, 5, 3, 4, 8, 2]);
    found(subscriber, Category::Contacts, 12);
    found(subscriber, Category::Calendar, 15);
    subscriber.habits.doubles = 3;
}

fn unknown(subscriber: &mut Subscriber) {
    all_of(subscriber, [47, 19, 7, 5, 6, 4, 3]);
    subscriber.parts.values_mut().for_each(|part| part.expected = None);
}

fn waiting(subscriber: &mut Subscriber) {
    all_of(subscriber, [73, 26, 11, 6, 12, 9, 5]);
    found(subscriber, Category::Photos, 0);
    found(subscriber, Category::Purchases, 0);
}

fn damaged(subscriber: &mut Subscriber) {
    all_of(subscriber, [61, 12, 5, 4, 8, 3, 2]);
    found(subscriber, Category::Contacts, 57);
    found(subscriber, Category::Photos, 7);
    subscriber.damaged = vec![Category::Contacts, Category::Photos];
    subscriber.habits.one_a_file = true;
}

fn versions(subscriber: &mut Subscriber) {
    all_of(subscriber, [39, 15, 8, 6, 5, 7, 3]);
    subscriber.locale = "es-US";
    subscriber.habits.cards = CardVersion::V30;
    subscriber.habits.card_uids = true;
    subscriber.habits.versions = true;
}
