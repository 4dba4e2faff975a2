//! Why somebody does not get a remedy by an automatic run.

use app::models::Fact;

use crate::{
    incident::{Remedy, Rule},
    remedies::ClaimState,
};

/// What stands in the way: their own claim, else the first rule that refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    NotAffected,
    OtherPlan,
    OtherCategories,
    LostTooLittle,
    KnownTooLate,
    NotOpen,
    Claimed,
    Withdrew,
    Declined,
    /// It came back or was refused, and was given up.
    Closed,
}

impl Reason {
    pub const ALL: [Reason; 10] = [
        Reason::NotAffected,
        Reason::OtherPlan,
        Reason::OtherCategories,
        Reason::LostTooLittle,
        Reason::KnownTooLate,
        Reason::NotOpen,
        Reason::Claimed,
        Reason::Withdrew,
        Reason::Declined,
        Reason::Closed,
    ];

    /// The first rule of `remedy` that these facts of its decision say no to.
    pub fn of_facts(remedy: &Remedy, facts: &[Fact]) -> Self {
        let refused = facts.iter().position(|fact| !fact.holds);
        match refused.and_then(|place| remedy.rules.get(place)) {
            Some(Rule::Affected) => Reason::NotAffected,
            Some(Rule::Plans(_)) => Reason::OtherPlan,
            Some(Rule::Categories(_)) => Reason::OtherCategories,
            Some(Rule::LostAtLeast { .. }) => Reason::LostTooLittle,
            Some(Rule::AffectedBefore(_)) => Reason::KnownTooLate,
            // After the rules come the dates.
            None => Reason::NotOpen,
        }
    }

    /// By the last claim that somebody made of the remedy. Whoever took it back said no; what was declined or given up
    /// was decided by a person.
    pub fn of_claim(state: &str) -> Self {
        match state {
            "withdrawn" => Reason::Withdrew,
            "declined" => Reason::Declined,
            state if state == ClaimState::Closed.slug() => Reason::Closed,
            _ => Reason::Claimed,
        }
    }

    pub fn slug(self) -> &'static str {
        match self {
            Reason::NotAffected => "not-affected",
            Reason::OtherPlan => "other-plan",
            Reason::OtherCategories => "other-categories",
            Reason::LostTooLittle => "lost-too-little",
            Reason::KnownTooLate => "known-too-late",
            Reason::NotOpen => "not-open",
            Reason::Claimed => "claimed",
            Reason::Withdrew => "withdrew",
            Reason::Declined => "declined",
            Reason::Closed => "closed",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.slug() == slug)
    }

    pub fn words(self) -> &'static str {
        match self {
            Reason::NotAffected => "Not affected",
            Reason::OtherPlan => "On another plan",
            Reason::OtherCategories => "Affected in other categories",
            Reason::LostTooLittle => "Lost too little, or nobody counted what they had",
            Reason::KnownTooLate => "In the records since too late",
            Reason::NotOpen => "The remedy is not open",
            Reason::Claimed => "Claimed it already, or got it",
            Reason::Withdrew => "Claimed it and took the claim back",
            Reason::Declined => "Claimed it and was declined",
            Reason::Closed => "Got it, it came back, and was given up",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_as_they_are_written() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_slug(reason.slug()), Some(reason));
        }
        assert_eq!(Reason::from_slug("mood"), None);
    }
}
