//! What became of a person's data.

use app::Category;

use super::{
    dice::Dice,
    people::{Part, Subscriber},
    settings::Shares,
};

/// Why a category cannot be brought back, in the operator's words.
pub const REASONS: [&str; 4] = [
    "The disks that held these files were damaged, and the last copy is older than your account.",
    "These files were on the server that failed and had not been copied to another one.",
    "The files came back, but their contents were overwritten and cannot be read.",
    "We found no copy of these files in any of the backups that survived.",
];

/// Gives a subscriber one of the stories, by the shares of the settings.
pub fn tell(subscriber: &mut Subscriber, shares: &Shares, dice: &mut Dice) {
    let mut left = dice.below(100);
    let mut falls = |share: u8| {
        let hit = left < usize::from(share);
        left = left.saturating_sub(usize::from(share));
        hit
    };
    if falls(shares.unaffected) {
        return;
    }
    everything(subscriber, dice);
    if falls(shares.partial) {
        let hit = dice.between(1, 3);
        each(subscriber, hit, dice, |part, dice| part.found = part.found * dice.between(20, 90) / 100);
    } else if falls(shares.surplus) {
        each(subscriber, 2, dice, |part, dice| part.found += dice.between(1, 4));
    } else if falls(shares.expected_unknown) {
        subscriber.parts.values_mut().for_each(|part| part.expected = None);
    } else if falls(shares.unrecoverable) {
        each(subscriber, 1, dice, |part, dice| {
            // A verdict with some items is a partial loss, without any a whole one.
            part.found = if dice.chance(30) { part.found / 3 } else { 0 };
            part.verdict = Some(dice.pick(&REASONS));
        });
    } else if falls(shares.waiting) {
        each(subscriber, 2, dice, |part, _| part.found = 0);
    } else if falls(shares.damaged) {
        subscriber.damaged = vec![Category::Contacts, Category::Photos];
        each(subscriber, 1, dice, |part, _| part.found = part.found.saturating_sub(2));
    }
}

/// All that a person had, all of it back. Most people have most categories.
pub fn everything(subscriber: &mut Subscriber, dice: &mut Dice) {
    let sizes = [
        (Category::Contacts, 100, 18, 110),
        (Category::Calendar, 90, 4, 24),
        (Category::Tasks, 75, 3, 12),
        (Category::Notes, 80, 2, 8),
        (Category::Photos, 85, 2, 5),
        (Category::HighScores, 60, 3, 15),
        (Category::Purchases, 55, 1, 8),
    ];
    for (category, likely, low, high) in sizes {
        if dice.chance(likely) {
            whole(subscriber, category, dice.between(low, high));
        }
    }
}

/// A category with `count` items, all of them back.
pub fn whole(subscriber: &mut Subscriber, category: Category, count: usize) {
    part(subscriber, category, Part { expected: Some(count), found: count, verdict: None });
}

/// A category as it is told.
pub fn part(subscriber: &mut Subscriber, category: Category, part: Part) {
    subscriber.parts.insert(category, part);
}

/// Changes as many of the person's categories as asked, chosen by chance.
fn each(subscriber: &mut Subscriber, count: usize, dice: &mut Dice, change: impl Fn(&mut Part, &mut Dice)) {
    let chosen: Vec<usize> = dice.order(subscriber.parts.len()).into_iter().take(count).collect();
    for (at, part) in subscriber.parts.values_mut().enumerate() {
        if chosen.contains(&at) {
            change(part, dice);
        }
    }
}
