//! Which categories are open, and to whom, as the story stands on 20 October 2009.

use app::Category;

use super::{
    dice::Dice,
    people::{Subscriber, everyone},
    personas,
    settings::Settings,
};

/// To whom a category is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cohort {
    Everyone,
    /// These accounts, never none.
    Accounts(Vec<String>),
}

/// What to release after the import, in the order of the categories.
pub fn releases(settings: &Settings) -> Vec<(Category, Cohort)> {
    settings
        .open
        .iter()
        .filter_map(|(&category, &percent)| Some((category, cohort(settings, category, percent)?)))
        .collect()
}

fn cohort(settings: &Settings, category: Category, percent: u8) -> Option<Cohort> {
    if percent == 100 {
        return Some(Cohort::Everyone);
    }
    let accounts: Vec<String> = everyone(settings)
        .filter(|subscriber| opens(settings, subscriber, category, percent))
        .map(|subscriber| subscriber.account)
        .collect();
    (!accounts.is_empty()).then_some(Cohort::Accounts(accounts))
}

fn opens(settings: &Settings, subscriber: &Subscriber, category: Category, percent: u8) -> bool {
    if let Some(open) = personas::open_to(&subscriber.phone) {
        return open.contains(&category);
    }
    let mut dice = Dice::new(settings.seed, &format!("{} open {category}", subscriber.account));
    !subscriber.parts.is_empty() && dice.chance(percent)
}
