//! The population as the files of one import.

use std::sync::Arc;

use app::Category;

use super::{
    dice::Dice,
    people::{Subscriber, everyone},
    pictures::Album,
    settings::Settings,
    write::{calendars, cards, notes, tables},
};

/// The invented subscribers and their files.
pub struct Population;

impl Population {
    /// The files of an import, paths relative to its root: the three tables first, then each
    /// person's data. The same settings give the same bytes on the same platform; nothing is kept in memory but the
    /// pictures, drawn once.
    pub fn generate(settings: &Settings) -> impl Iterator<Item = (String, Vec<u8>)> + Send + use<> {
        let seed = settings.seed;
        let album = Arc::new(Album::draw(seed, settings.pictures));
        let data = everyone(settings).flat_map(move |subscriber| data(&subscriber, seed, &album));
        rows(settings).into_iter().chain(data)
    }

    /// Every subscriber, with what became of each category. The personas come first.
    pub fn subscribers(settings: &Settings) -> impl Iterator<Item = Subscriber> + use<> {
        everyone(settings)
    }
}

fn rows(settings: &Settings) -> [(String, Vec<u8>); 3] {
    let mut subscribers = Vec::new();
    let (mut inventory, mut verdicts) = (Vec::new(), Vec::new());
    for subscriber in everyone(settings) {
        let account = &subscriber.account;
        for (category, part) in &subscriber.parts {
            if let Some(expected) = part.expected {
                let row = [
                    account.clone(),
                    category.slug().to_owned(),
                    expected.to_string(),
                    "2009-10-01".to_owned(),
                ];
                inventory.push(row.to_vec());
            }
            if let Some(reason) = part.verdict {
                let row = [account, category.slug(), "unrecoverable", reason];
                verdicts.push(row.map(str::to_owned).to_vec());
            }
        }
        let Subscriber { account, phone, name, email, locale, time_zone, plan, .. } = subscriber;
        subscribers.push(vec![
            account,
            phone,
            name,
            email,
            locale.to_owned(),
            time_zone.to_owned(),
            plan.to_owned(),
        ]);
    }
    let subscriber_columns = ["account", "phone", "name", "email", "locale", "time_zone", "plan"];
    [
        ("subscribers.csv".to_owned(), tables::csv(&subscriber_columns, &subscribers)),
        ("inventory.csv".to_owned(), tables::csv(&["account", "category", "expected", "as_of"], &inventory)),
        ("verdicts.csv".to_owned(), tables::csv(&["account", "category", "verdict", "reason"], &verdicts)),
    ]
}

/// A person's files, with their paths in the import.
fn data(subscriber: &Subscriber, seed: u64, album: &Album) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (&category, part) in subscriber.parts.iter().filter(|(_, part)| part.found > 0) {
        let mut dice = Dice::new(seed, &format!("{} {category}", subscriber.account));
        let count = part.found;
        files.extend(match category {
            Category::Contacts => cards::files(subscriber, count, &mut dice),
            Category::Calendar => calendars::events(subscriber, count, &mut dice),
            Category::Tasks => calendars::tasks(subscriber, count, &mut dice),
            Category::Notes => notes::files(count, &mut dice),
            Category::Photos => album.files(count, &mut dice),
            Category::HighScores => tables::high_scores(subscriber, count, &mut dice),
            Category::Purchases => tables::purchases(subscriber, count, &mut dice),
        });
    }
    files.extend(subscriber.damaged.iter().map(|&category| damaged(category, subscriber, seed)));
    files.into_iter().map(|(path, bytes)| (format!("data/{}/{path}", subscriber.account), bytes)).collect()
}

/// A file that nobody can read: an empty picture, or bytes without sense.
fn damaged(category: Category, subscriber: &Subscriber, seed: u64) -> (String, Vec<u8>) {
    if category == Category::Photos {
        return ("photos/IMG_0099.jpg".to_owned(), Vec::new());
    }
    let mut dice = Dice::new(seed, &format!("{} damaged", subscriber.account));
    let bytes = (0..2048).map(|_| dice.below(256) as u8).collect();
    (format!("{category}/block-0041.vcf"), bytes)
}
