//! People who take a claim back, or have it come otherwise, while its payout may start at any moment.

use std::collections::BTreeSet;

use futures::future::join_all;

use super::{
    crowd::{Crowd, Told},
    stage::{FREE_MONTH, GIFT_CARD, Person, Then},
};

/// How often the button is pressed, on both servers at once.
const AT_ONCE: usize = 3;

/// What was done with a claim, and what its person was told.
#[derive(Clone, Debug)]
pub struct Changed {
    pub told: Told,
    pub change: Change,
    /// Else it was too late, and nothing was changed.
    pub done: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Withdrawn,
    /// From a way to another.
    Way(&'static str, &'static str),
}

/// What a person does who has these answers to their claims.
pub async fn of(
    crowd: &Crowd,
    person: &Person,
    answers: &[Result<Told, String>],
) -> Vec<Result<Changed, String>> {
    let told: BTreeSet<&Told> = answers.iter().flatten().collect();
    let mut changes = Vec::new();
    for told in told {
        if let Some(change) = wish(person, told.remedy) {
            changes.push(make(crowd, person, told, change).await);
        }
    }
    changes
}

fn wish(person: &Person, remedy: &str) -> Option<Change> {
    match person.then {
        Then::Withdraws(one) if one == remedy => Some(Change::Withdrawn),
        Then::WithdrawsBoth if [GIFT_CARD.0, FREE_MONTH.0].contains(&remedy) => Some(Change::Withdrawn),
        Then::GoesAnotherWay if remedy == GIFT_CARD.0 => {
            Some(Change::Way(person.way, if person.way == "site" { "email" } else { "site" }))
        }
        _ => None,
    }
}

/// Both buttons may be pressed again without harm: done is done, whatever the others are told. What was too late may be in
/// time again a moment later, when the provider did not take it.
async fn make(crowd: &Crowd, person: &Person, told: &Told, change: Change) -> Result<Changed, String> {
    let (path, form) = match change {
        Change::Withdrawn => (format!("/claims/{}/withdraw", told.number), String::new()),
        Change::Way(_, to) => (format!("/claims/{}/way", told.number), format!("way={to}")),
    };
    let presses = (0..AT_ONCE).map(|n| crowd.insist(&person.session, &path, &form, n));
    let mut statuses = BTreeSet::new();
    for answer in join_all(presses).await {
        statuses.insert(answer?.0);
    }
    if statuses.iter().any(|status| ![303, 409].contains(status)) {
        return Err(format!("{change:?} of {told:?} was answered with {statuses:?}"));
    }
    Ok(Changed { told: told.clone(), change, done: statuses.contains(&303) })
}
