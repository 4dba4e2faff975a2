//! A claim's life: each state is a type, each step a function from one to the next.

use app::{models::Delivery, say, words::Language};

use super::{Note, delivery, eligibility::Entitlement, number::ClaimNumber};
use crate::{
    accounts::Profile,
    ambient::{Ambient, Millis},
    incident::{Incidents, Remedy},
};

/// A claim's state as it is stored and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimState {
    Submitted,
    Granted,
    /// With its provider.
    Paying,
    Paid,
    /// Held up; a person looks at it.
    Delayed,
    /// Paid, and came back.
    Returned,
    /// Given up after it came back or was refused.
    Closed,
    /// Taken back by the person before its payout started.
    Withdrawn,
    /// Not granted, by somebody's decision.
    Declined,
}

impl ClaimState {
    pub const ALL: [ClaimState; 9] = [
        ClaimState::Submitted,
        ClaimState::Granted,
        ClaimState::Paying,
        ClaimState::Paid,
        ClaimState::Delayed,
        ClaimState::Returned,
        ClaimState::Closed,
        ClaimState::Withdrawn,
        ClaimState::Declined,
    ];

    pub fn slug(self) -> &'static str {
        match self {
            ClaimState::Submitted => "submitted",
            ClaimState::Granted => "granted",
            ClaimState::Paying => "paying",
            ClaimState::Paid => "paid",
            ClaimState::Delayed => "delayed",
            ClaimState::Returned => "returned",
            ClaimState::Closed => "closed",
            ClaimState::Withdrawn => "withdrawn",
            ClaimState::Declined => "declined",
        }
    }

    /// The state, or none for a word that this version does not know.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }

    pub fn label(self) -> &'static str {
        match self {
            ClaimState::Submitted => say!("Received"),
            ClaimState::Granted => say!("Granted"),
            ClaimState::Paying => say!("Payout under way"),
            ClaimState::Paid => say!("Paid"),
            ClaimState::Delayed => say!("Delayed"),
            ClaimState::Returned => say!("Came back"),
            ClaimState::Closed => say!("Closed without payout"),
            ClaimState::Withdrawn => say!("Withdrawn"),
            ClaimState::Declined => say!("Declined"),
        }
    }

    /// The step that leads into this state.
    pub fn step(self) -> &'static str {
        match self {
            ClaimState::Submitted => say!("Claim received"),
            ClaimState::Granted => say!("Claim granted"),
            ClaimState::Paying => say!("Payout started"),
            ClaimState::Paid => say!("Paid out"),
            ClaimState::Delayed => say!("Payout delayed"),
            ClaimState::Returned => say!("Payout came back"),
            ClaimState::Closed => say!("Claim closed"),
            ClaimState::Withdrawn => say!("Claim withdrawn"),
            ClaimState::Declined => say!("Claim declined"),
        }
    }
}

/// The place of a claim's first step in its history.
pub const FIRST: i64 = 1;

/// A remedy asked for under terms that were read; not yet decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    pub id: String,
    pub number: ClaimNumber,
    pub incident: String,
    pub subscriber_id: String,
    /// As the file had it at that moment, in the language in which it was read.
    pub remedy: Remedy,
    /// Its name in English, which staff read.
    pub title: String,
    pub delivery: String,
    /// In English; [`delivery::told`] says it in others.
    pub delivery_words: String,
    /// Where it goes by post, sealed under the person's data key; none when it goes another way.
    pub address_sealed: Option<Vec<u8>>,
    /// What it waits for, by its slug; none when nothing.
    pub waits_for: Option<&'static str>,
    /// The number of the appeal that gives it; none when its person claims it.
    pub appeal: Option<String>,
    /// How many steps its history has, where that is known: nobody else adds to a claim that is not committed yet.
    pub steps: Option<i64>,
    pub at: Millis,
}

/// A claim that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    pub claim: Submitted,
    pub grant_id: String,
    /// The facts that decided it, JSON.
    pub facts: String,
    /// The same in sentences.
    pub because: Note,
    pub at: Millis,
}

impl Submitted {
    /// `person` asks for `remedy`, to come by `how`.
    pub fn new(
        ambient: &Ambient,
        incidents: &Incidents,
        remedy: &Remedy,
        person: &Profile,
        how: &Delivery,
    ) -> Self {
        let english = incidents.told_in(Language::En).remedy(remedy.id.as_str());
        Submitted {
            id: ambient.id(),
            number: ClaimNumber::draw(ambient),
            incident: incidents.id.to_string(),
            title: english.unwrap_or(remedy).title.clone(),
            subscriber_id: person.id.clone(),
            remedy: remedy.clone(),
            delivery: how.value.clone(),
            delivery_words: delivery::kept(how),
            address_sealed: None,
            waits_for: None,
            appeal: None,
            steps: Some(FIRST),
            at: ambient.now(),
        }
    }

    /// Gives it: only an entitlement opens this way.
    pub fn grant(self, ambient: &Ambient, entitlement: &Entitlement) -> Result<Granted, serde_json::Error> {
        let because = |language| {
            let sentences = entitlement.sentences_in(language).map(|sentence| format!("{sentence}."));
            sentences.collect::<Vec<_>>().join(" ")
        };
        let because = Note { english: because(Language::En), spanish: because(Language::Es) };
        Ok(Granted {
            claim: self,
            grant_id: ambient.id(),
            facts: entitlement.record()?,
            because,
            at: ambient.now(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_as_they_are_written() {
        for state in ClaimState::ALL {
            assert_eq!(ClaimState::from_slug(state.slug()), Some(state));
        }
        assert_eq!(ClaimState::from_slug("paid-twice"), None);
    }
}
