//! Who gets a remedy: a pure decision on facts, with the sentences that explain it.

use app::models::Fact;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{reason, standing::Standing};
use crate::{ambient::Millis, incident::Remedy};

/// The decision on one remedy for one subscriber at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Entitled(Entitlement),
    Refused(Vec<Fact>),
}

/// Proof that a subscriber may have a remedy: only [`decide`] and [`Entitlement::on_appeal`] make one, and no grant is
/// made without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    facts: Vec<Fact>,
    standing: Standing,
    decided_at: Millis,
    appeal: Option<OnAppeal>,
}

/// Who decided on an appeal that somebody has a right although a rule says no, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnAppeal {
    pub number: String,
    pub member_id: String,
    pub member_email: String,
    pub reason: String,
    /// The facts that had said no.
    pub overruled: Vec<String>,
}

/// What a claim and its grant keep of their decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub decided_at: Millis,
    pub affected: bool,
    pub standing: Standing,
    pub sentences: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<OnAppeal>,
}

impl Entitlement {
    /// The right that a member of staff gave on an appeal, on the `facts` of the rules as they stood.
    pub fn on_appeal(facts: Vec<Fact>, standing: &Standing, appeal: OnAppeal, now: Millis) -> Self {
        let given =
            format!("Granted on your appeal {}: {}", appeal.number, appeal.reason.trim_end_matches('.'));
        let mut facts: Vec<Fact> = facts.into_iter().filter(|fact| fact.holds).collect();
        facts.push(Fact { text: given, holds: true });
        Entitlement { facts, standing: standing.clone(), decided_at: now, appeal: Some(appeal) }
    }

    /// The facts as JSON, to be stored.
    pub fn record(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Record {
            decided_at: self.decided_at,
            affected: self.standing.affected(),
            standing: self.standing.clone(),
            sentences: self.sentences().map(str::to_owned).collect(),
            appeal: self.appeal.clone(),
        })
    }

    /// Of a claim that was recorded while its person was entitled, which only an entitled one's is.
    pub(super) fn of_record(record: Record) -> Self {
        let Record { decided_at, standing, sentences, appeal, .. } = record;
        let facts = sentences.into_iter().map(|text| Fact { text, holds: true }).collect();
        Entitlement { facts, standing, decided_at, appeal }
    }

    /// With one more sentence that speaks for it.
    pub(super) fn and(mut self, sentence: &str) -> Self {
        self.facts.push(Fact { text: sentence.to_owned(), holds: true });
        self
    }

    pub fn sentences(&self) -> impl Iterator<Item = &str> {
        self.facts.iter().map(|fact| fact.text.as_str())
    }
}

impl Decision {
    pub fn is_entitled(&self) -> bool {
        matches!(self, Decision::Entitled(_))
    }

    pub fn into_facts(self) -> Vec<Fact> {
        match self {
            Decision::Entitled(entitlement) => entitlement.facts,
            Decision::Refused(facts) => facts,
        }
    }
}

/// Whether `standing` gives a right to `remedy` at `now`: every rule of it holds, and it is open.
/// The facts name what decided each; moments are told by the clocks of `zone`, the incident's.
pub fn decide(remedy: &Remedy, standing: &Standing, zone: &TimeZone, now: Millis) -> Decision {
    let rules = remedy.rules.iter().map(|rule| reason::of_rule(rule, standing, zone));
    let facts: Vec<Fact> = rules.chain(reason::of_window(remedy, zone, now)).collect();
    if facts.iter().all(|fact| fact.holds) {
        Decision::Entitled(Entitlement { facts, standing: standing.clone(), decided_at: now, appeal: None })
    } else {
        Decision::Refused(facts)
    }
}

#[cfg(test)]
mod tests;
