//! A benefit on offer, whole: what it is, who gets it, how it is given, and its terms.

use app::Category;
use jiff::Timestamp;

use super::{
    Approval, Currency, Given, Money, RemedyKind, Rule, Slug, Terms, Way, giving, rule, section::Section,
};

/// A benefit on offer to everyone affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Stands in `/remedies/ID`; unique in the incident.
    pub id: Slug,
    pub kind: RemedyKind,
    pub title: String,
    /// What the operator spends on one grant; above zero.
    pub value: Money,
    pub description: String,
    /// What decides who gets it, beside its dates; never empty, being affected comes first.
    pub rules: Vec<Rule>,
    /// Who gets it, in words.
    pub who: String,
    /// None: already open.
    pub opens_at: Option<Timestamp>,
    /// None: stays open.
    pub closes_at: Option<Timestamp>,
    pub given: Given,
    /// By when after a claim its payout is promised, in days; none: by no time.
    pub arrives_within_days: Option<i64>,
    /// What all grants together may cost, in minor units of `value`'s currency; none: no limit.
    pub budget: Option<i64>,
    pub approval: Approval,
    /// How it may reach a person, the preferred first; never empty, each way once.
    pub ways: Vec<Way>,
    pub terms: Terms,
}

impl Remedy {
    /// Whether it can be claimed at this moment.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.opens_at.is_none_or(|opens| opens <= now) && self.closes_at.is_none_or(|closes| now < closes)
    }

    /// The plans that it is for; empty for every plan.
    pub fn plans(&self) -> &[String] {
        let plans = self.rules.iter().find_map(|rule| match rule {
            Rule::Plans(plans) => Some(plans.as_slice()),
            _ => None,
        });
        plans.unwrap_or_default()
    }

    /// The categories that it is about; empty for all.
    pub fn categories(&self) -> &[Category] {
        let named = self.rules.iter().find_map(|rule| match rule {
            Rule::Categories(categories) => Some(categories.as_slice()),
            _ => None,
        });
        named.unwrap_or_default()
    }

    /// How the way of this name carries it; none when it is not one of its ways.
    pub fn way(&self, id: &str) -> Option<&Way> {
        self.ways.iter().find(|way| way.id.slug() == id)
    }

    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let (id, kind) = (section.required("id"), section.required::<RemedyKind>("kind"));
        let title = section.required("title");
        let (minor, currency) = (section.required::<i64>("value"), section.required::<Currency>("currency"));
        if minor.is_some_and(|minor| minor <= 0) {
            section.wrong("value", "must be above zero, in the smallest unit: 2000 for $20");
        }
        let (description, who) = (section.required("description"), section.required("who"));
        let (opens_at, closes_at) = window(section);
        let rules = rule::read(section);
        let given = Given::read(section);
        if let (Given::Automatically { from: Some(from) }, Some(closes)) = (given, closes_at)
            && closes <= from
        {
            section.wrong("automatic_from", "must be earlier than closes: after that nobody is entitled");
        }
        let arrives_within_days = days(section);
        let budget = budget(section, minor);
        let approval = Approval::read(section);
        let ways = giving::ways(section, kind);
        let terms = section.table("terms").and_then(Terms::read);
        section.finish();
        let value = Money { minor: minor?, currency: currency? };
        Some(Remedy {
            id: id?,
            kind: kind?,
            title: title?,
            value,
            description: description?,
            rules,
            who: who?,
            opens_at,
            closes_at,
            given,
            arrives_within_days,
            budget,
            approval,
            ways,
            terms: terms?,
        })
    }
}

fn window(section: &mut Section<'_>) -> (Option<Timestamp>, Option<Timestamp>) {
    let (opens_at, closes_at) = (section.optional("opens"), section.optional("closes"));
    if let (Some(opens), Some(closes)) = (opens_at, closes_at)
        && closes <= opens
    {
        section.wrong("closes", "must be later than opens");
    }
    (opens_at, closes_at)
}

fn days(section: &mut Section<'_>) -> Option<i64> {
    let days = section.optional::<i64>("arrives_within_days")?;
    if !(1..=365).contains(&days) {
        section.wrong("arrives_within_days", "must be from 1 to 365 days");
    }
    Some(days)
}

/// A budget too small for one grant would let nobody have it.
fn budget(section: &mut Section<'_>, value: Option<i64>) -> Option<i64> {
    let budget = section.optional("budget")?;
    if value.is_some_and(|value| budget < value) {
        section.wrong("budget", "must be at least value, in the smallest unit, or be left out");
    }
    Some(budget)
}
