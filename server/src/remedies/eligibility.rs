//! Who gets a remedy: a pure decision on facts, with the sentences that explain it.

use app::Category;
use app::models::Fact;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ambient::Millis, incident::Remedy, web::wording};

/// What is known of a subscriber when the decision is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub plan: String,
    /// One for each category of which anything is known.
    pub holdings: Vec<Holding>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// None: files that came under no category that there is.
    pub category: Option<Category>,
    /// Distinct items found.
    pub found: i64,
    pub expected: Option<i64>,
    pub files: i64,
    /// The operator's reason for an `unrecoverable` verdict.
    pub verdict: Option<String>,
}

impl Holding {
    fn speaks(&self) -> bool {
        self.expected.is_some() || self.verdict.is_some() || self.files > 0
    }

    /// How many expected items have not come back.
    fn missing(&self) -> i64 {
        self.expected.map_or(0, |expected| (expected - self.found).max(0))
    }

    /// The worst that can truly be said of this category.
    fn sentence(&self) -> String {
        let Some(category) = self.category else {
            return "You were affected: files of yours had to be recovered".to_owned();
        };
        let (noun, title) = (category.noun(2), category.title().to_lowercase());
        match self.expected {
            Some(expected) if self.missing() > 0 => {
                format!("You were affected: {} of {expected} {noun} have come back so far", self.found)
            }
            _ if self.verdict.is_some() && self.found == 0 => {
                format!("You were affected: your {title} cannot be brought back")
            }
            _ => format!("You were affected: your {title} had to be recovered"),
        }
    }
}

impl Standing {
    /// With an inventory row, a verdict or a recovered file.
    pub fn affected(&self) -> bool {
        self.holdings.iter().any(Holding::speaks)
    }

    /// The category that lost most tells why.
    fn affected_fact(&self) -> Fact {
        let worst = self
            .holdings
            .iter()
            .filter(|holding| holding.speaks())
            .max_by_key(|holding| (holding.missing(), holding.verdict.is_some()));
        match worst {
            Some(holding) => fact(true, holding.sentence()),
            None => fact(false, "Our records show that nothing of yours was lost".to_owned()),
        }
    }
}

/// The decision on one remedy for one subscriber at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Entitled(Entitlement),
    Refused(Vec<Fact>),
}

/// Proof that a subscriber may have a remedy: only [`decide`] makes one, and no grant is made without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    facts: Vec<Fact>,
    standing: Standing,
    decided_at: Millis,
}

/// What a grant keeps of its decision.
#[derive(Serialize)]
struct Record<'a> {
    decided_at: Millis,
    affected: bool,
    standing: &'a Standing,
    sentences: Vec<&'a str>,
}

impl Entitlement {
    /// The facts as JSON, to be stored with the grant.
    pub fn record(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Record {
            decided_at: self.decided_at,
            affected: self.standing.affected(),
            standing: &self.standing,
            sentences: self.sentences().collect(),
        })
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

/// Whether `standing` gives a right to `remedy` at `now`: affected, on its plan, and while it is open.
pub fn decide(remedy: &Remedy, standing: &Standing, now: Millis) -> Decision {
    let facts: Vec<Fact> =
        [Some(standing.affected_fact()), Some(plan_fact(remedy, &standing.plan)), window_fact(remedy, now)]
            .into_iter()
            .flatten()
            .collect();
    if facts.iter().all(|fact| fact.holds) {
        Decision::Entitled(Entitlement { facts, standing: standing.clone(), decided_at: now })
    } else {
        Decision::Refused(facts)
    }
}

fn plan_fact(remedy: &Remedy, plan: &str) -> Fact {
    match (remedy.plan.as_deref(), plan) {
        (None, _) => fact(true, "It is for every plan".to_owned()),
        (Some(wanted), plan) if wanted == plan => {
            fact(true, format!("Your plan is {plan}, and this is for that plan"))
        }
        (Some(wanted), "") => fact(false, format!("We know no plan of yours, and this is for {wanted}")),
        (Some(wanted), plan) => fact(false, format!("Your plan is {plan}, and this is for {wanted}")),
    }
}

/// Nothing to say where a remedy has no dates.
fn window_fact(remedy: &Remedy, now: Millis) -> Option<Fact> {
    let day = |at: Timestamp| wording::moment(at.as_millisecond());
    let ahead = |at: Timestamp| now < at.as_millisecond();
    match (remedy.opens_at, remedy.closes_at) {
        (Some(opens), _) if ahead(opens) => {
            Some(fact(false, format!("It can be claimed from {}", day(opens))))
        }
        (_, Some(closes)) if ahead(closes) => {
            Some(fact(true, format!("It can be claimed until {}", day(closes))))
        }
        (_, Some(closes)) => Some(fact(false, format!("It could be claimed until {}", day(closes)))),
        _ => None,
    }
}

fn fact(holds: bool, text: String) -> Fact {
    Fact { text, holds }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ambient::DAY, incident::Incident, web::testing::NOW};

    fn remedy(id: &str) -> Remedy {
        let incident = Incident::from_toml(include_str!("../../../demo/incident.toml"), "demo").unwrap();
        incident.remedy(id).unwrap().clone()
    }

    fn contacts(found: i64, expected: Option<i64>) -> Standing {
        let holding =
            Holding { category: Some(Category::Contacts), found, expected, files: 1, verdict: None };
        Standing { plan: "data-20".to_owned(), holdings: vec![holding] }
    }

    fn texts(decision: Decision) -> Vec<(bool, String)> {
        decision.into_facts().into_iter().map(|fact| (fact.holds, fact.text)).collect()
    }

    #[test]
    fn an_affected_person_on_the_plan_is_entitled_and_told_why() {
        let decision = decide(&remedy("free-month"), &contacts(64, Some(300)), NOW);
        assert!(decision.is_entitled());
        assert_eq!(
            texts(decision),
            [
                (true, "You were affected: 64 of 300 contacts have come back so far".to_owned()),
                (true, "Your plan is data-20, and this is for that plan".to_owned()),
            ]
        );
    }

    #[test]
    fn another_plan_is_refused_where_the_remedy_names_one() {
        let standing = Standing { plan: "data-10".to_owned(), ..contacts(1, Some(2)) };
        let decision = decide(&remedy("free-month"), &standing, NOW);
        assert!(!decision.is_entitled());
        assert_eq!(texts(decision)[1], (false, "Your plan is data-10, and this is for data-20".to_owned()));
        assert!(decide(&remedy("gift-card"), &standing, NOW).is_entitled());
    }

    #[test]
    fn nobody_is_affected_by_an_empty_row() {
        let mut standing = contacts(0, None);
        standing.holdings[0].files = 0;
        let decision = decide(&remedy("gift-card"), &standing, NOW);
        assert!(!decision.is_entitled());
        assert!(texts(decision)[0].1.contains("nothing of yours was lost"));
        assert!(!Standing::default().affected());
    }

    #[test]
    fn an_inventory_row_a_verdict_or_a_file_each_make_one_affected() {
        let blank =
            Holding { category: Some(Category::Notes), found: 0, expected: None, files: 0, verdict: None };
        for holding in [
            Holding { expected: Some(0), ..blank.clone() },
            Holding { verdict: Some("The disk broke".to_owned()), ..blank.clone() },
            Holding { files: 1, ..blank.clone() },
            Holding { files: 1, category: None, ..blank },
        ] {
            assert!(Standing { plan: String::new(), holdings: vec![holding] }.affected());
        }
    }

    #[test]
    fn the_window_is_by_the_clock() {
        let at = |millis| Some(Timestamp::from_millisecond(millis).unwrap());
        let windowed = Remedy { opens_at: at(NOW), closes_at: at(NOW + DAY), ..remedy("gift-card") };
        let standing = contacts(2, Some(2));
        assert!(!decide(&windowed, &standing, NOW - 1).is_entitled());
        assert!(decide(&windowed, &standing, NOW).is_entitled());
        assert!(decide(&windowed, &standing, NOW + DAY - 1).is_entitled());
        let closed = decide(&windowed, &standing, NOW + DAY);
        assert_eq!(
            texts(closed)[2],
            (false, "It could be claimed until 21 October 2009, 12:00 UTC".to_owned())
        );
    }

    #[test]
    fn the_record_holds_the_facts_that_decided() {
        let Decision::Entitled(entitled) = decide(&remedy("free-month"), &contacts(64, Some(300)), NOW)
        else {
            panic!("entitled")
        };
        let record: serde_json::Value = serde_json::from_str(&entitled.record().unwrap()).unwrap();
        assert_eq!(record["decided_at"], NOW);
        assert_eq!(record["standing"]["holdings"][0]["found"], 64);
        assert_eq!(record["standing"]["plan"], "data-20");
    }
}
