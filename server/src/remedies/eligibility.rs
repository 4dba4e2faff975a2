//! Who gets a remedy: a pure decision on facts, with the sentences that explain it.

use app::{
    models::{Dates, Fact},
    say,
    words::Language,
};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Note, reason, standing::Standing};
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
    /// What speaks for it, a sentence each.
    because: Vec<Note>,
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
    /// The same in Spanish; empty in records of before this was kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spanish: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<OnAppeal>,
}

impl Entitlement {
    /// The right that a member of staff gave on an appeal, on the facts of the rules as they stood, worded by `facts`.
    pub fn on_appeal(
        facts: impl Fn() -> Vec<Fact>,
        standing: &Standing,
        appeal: OnAppeal,
        now: Millis,
    ) -> Self {
        let mut because = notes(facts);
        let (number, reason) = (&appeal.number, appeal.reason.trim_end_matches('.'));
        because.push(Note::of(|| say!("Granted on your appeal {number}: {reason}", number, reason)));
        Entitlement { because, standing: standing.clone(), decided_at: now, appeal: Some(appeal) }
    }

    /// The facts as JSON, to be stored.
    pub fn record(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Record {
            decided_at: self.decided_at,
            affected: self.standing.affected(),
            standing: self.standing.clone(),
            sentences: self.sentences_in(Language::En).map(str::to_owned).collect(),
            spanish: self.sentences_in(Language::Es).map(str::to_owned).collect(),
            appeal: self.appeal.clone(),
        })
    }

    /// Of a claim that was recorded while its person was entitled, which only an entitled one's is.
    pub(super) fn of_record(record: Record) -> Self {
        let Record { decided_at, standing, sentences, mut spanish, appeal, .. } = record;
        spanish.resize(sentences.len(), String::new());
        let notes = sentences.into_iter().zip(spanish);
        let because = notes.map(|(english, spanish)| Note { english, spanish }).collect();
        Entitlement { because, standing, decided_at, appeal }
    }

    /// With one more sentence that speaks for it.
    pub(super) fn and(mut self, sentence: Note) -> Self {
        self.because.push(sentence);
        self
    }

    pub fn sentences_in(&self, language: Language) -> impl Iterator<Item = &str> {
        self.because.iter().map(move |note| note.told_in(language))
    }
}

impl Decision {
    /// Whether every rule holds and the dates of `remedy` alone say no.
    pub fn dates(&self, remedy: &Remedy, now: Millis) -> Dates {
        let Decision::Refused(facts) = self else { return Dates::NotInTheWay };
        // After the rules come the dates.
        if facts.iter().take(remedy.rules.len()).any(|fact| !fact.holds) {
            return Dates::NotInTheWay;
        }
        match remedy.opens_at {
            Some(opens) if now < opens.as_millisecond() => Dates::NotYet,
            _ => Dates::Over,
        }
    }

    pub fn is_entitled(&self) -> bool {
        matches!(self, Decision::Entitled(_))
    }

    pub fn into_facts(self) -> Vec<Fact> {
        match self {
            Decision::Entitled(entitlement) => {
                let told = entitlement.because.iter();
                told.map(|note| Fact { text: note.told().to_owned(), holds: true }).collect()
            }
            Decision::Refused(facts) => facts,
        }
    }
}

/// Whether `standing` gives a right to `remedy` at `now`: every rule of it holds, and it is open.
/// The facts name what decided each; moments are told by the clocks of `zone`, the incident's.
pub fn decide(remedy: &Remedy, standing: &Standing, zone: &TimeZone, now: Millis) -> Decision {
    let facts = || -> Vec<Fact> {
        let rules = remedy.rules.iter().map(|rule| reason::of_rule(rule, standing, zone));
        rules.chain(reason::of_window(remedy, zone, now)).collect()
    };
    let told = facts();
    if told.iter().all(|fact| fact.holds) {
        let (because, standing) = (notes(facts), standing.clone());
        Decision::Entitled(Entitlement { because, standing, decided_at: now, appeal: None })
    } else {
        Decision::Refused(told)
    }
}

/// What speaks for it, in every language. Which facts there are depends on no language.
fn notes(facts: impl Fn() -> Vec<Fact>) -> Vec<Note> {
    let told = |language: Language| {
        language.within(&facts).into_iter().filter(|fact| fact.holds).map(|fact| fact.text)
    };
    let both = told(Language::En).zip(told(Language::Es));
    both.map(|(english, spanish)| Note { english, spanish }).collect()
}

#[cfg(test)]
mod tests;
