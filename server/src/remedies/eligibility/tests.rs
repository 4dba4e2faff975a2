use app::Category;
use jiff::Timestamp;
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{super::standing::Holding, *};
use crate::{
    ambient::DAY,
    incident::{Incident, Rule},
    web::testing::NOW,
};

fn remedy(id: &str) -> Remedy {
    let incident = Incident::from_toml(include_str!("../../../../demo/incident.toml"), "demo").unwrap();
    incident.remedy(id).unwrap().clone()
}

fn contacts(found: i64, expected: Option<i64>) -> Standing {
    let holding = Holding {
        category: Some(Category::Contacts),
        found,
        expected,
        as_of: Some(NOW - 20 * DAY),
        files: 1,
        verdict: None,
    };
    Standing { plan: "data-20".to_owned(), recorded_at: Some(NOW), holdings: vec![holding] }
}

fn texts(decision: Decision) -> Vec<(bool, String)> {
    decision.into_facts().into_iter().map(|fact| (fact.holds, fact.text)).collect()
}

#[test]
fn an_affected_person_on_the_plan_is_entitled_and_told_why() {
    let decision = decide(&remedy("free-month"), &contacts(64, Some(300)), &TimeZone::UTC, NOW);
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
    let decision = decide(&remedy("free-month"), &standing, &TimeZone::UTC, NOW);
    assert!(!decision.is_entitled());
    assert_eq!(texts(decision)[1], (false, "Your plan is data-10, and this is for data-20".to_owned()));
    assert!(decide(&remedy("gift-card"), &standing, &TimeZone::UTC, NOW).is_entitled());
}

#[test]
fn nobody_is_affected_by_an_empty_row() {
    let mut standing = contacts(0, None);
    standing.holdings[0].files = 0;
    let decision = decide(&remedy("gift-card"), &standing, &TimeZone::UTC, NOW);
    assert!(!decision.is_entitled());
    assert!(texts(decision)[0].1.contains("nothing of yours was lost"));
}

#[test]
fn the_window_is_by_the_clock() {
    let at = |millis| Some(Timestamp::from_millisecond(millis).unwrap());
    let windowed = Remedy { opens_at: at(NOW), closes_at: at(NOW + DAY), ..remedy("gift-card") };
    let standing = contacts(2, Some(2));
    assert!(!decide(&windowed, &standing, &TimeZone::UTC, NOW - 1).is_entitled());
    assert!(decide(&windowed, &standing, &TimeZone::UTC, NOW).is_entitled());
    assert!(decide(&windowed, &standing, &TimeZone::UTC, NOW + DAY - 1).is_entitled());
    let closed = decide(&windowed, &standing, &TimeZone::UTC, NOW + DAY);
    assert_eq!(texts(closed)[2], (false, "It could be claimed until 21 October 2009, 12:00 UTC".to_owned()));
}

/// The gift card, for whom `rules` say.
fn ruled(rules: &[Rule]) -> Remedy {
    let rules = [Rule::Affected].iter().chain(rules).cloned().collect();
    Remedy { rules, ..remedy("gift-card") }
}

/// The one fact that a rule of its own gives.
fn of_rule(rule: Rule, standing: &Standing) -> (bool, String) {
    texts(decide(&ruled(&[rule]), standing, &TimeZone::UTC, NOW)).remove(1)
}

#[test]
fn a_category_that_is_named_must_be_touched() {
    let standing = contacts(1, Some(2));
    let either = Rule::Categories(vec![Category::Photos, Category::Contacts]);
    assert_eq!(
        of_rule(either, &standing),
        (true, "This is for those who were affected in photos or contacts; you were, in contacts".to_owned())
    );
    assert_eq!(
        of_rule(Rule::Categories(vec![Category::Photos]), &standing),
        (
            false,
            "This is for those who were affected in photos; our records show nothing of yours there"
                .to_owned()
        )
    );
}

#[test]
fn a_share_is_counted_where_one_knows_how_many_there_were() {
    let rule = |percent| Rule::LostAtLeast { percent, of: vec![Category::Contacts] };
    let told = of_rule(rule(10), &contacts(270, Some(300)));
    let text = "30 of your 300 contacts have not come back, 10%, and this is for those who lost at least 10%";
    assert_eq!(told, (true, text.to_owned()));
    assert!(!of_rule(rule(11), &contacts(270, Some(300))).0);
    assert!(!of_rule(rule(1), &contacts(310, Some(300))).0);
    let unknown = of_rule(rule(1), &contacts(0, None));
    assert!(!unknown.0 && unknown.1.starts_with("We do not know how many contacts you had"), "{unknown:?}");
}

#[test]
fn what_the_operator_calls_lost_whole_is_all_lost() {
    let mut standing = contacts(0, None);
    standing.holdings[0].verdict = Some("The disk broke".to_owned());
    let rule = Rule::LostAtLeast { percent: 100, of: Vec::new() };
    let text = "None of your contacts can be brought back, and this is for those who lost at least 100%";
    assert_eq!(of_rule(rule.clone(), &standing), (true, text.to_owned()));
    standing.holdings[0].found = 1;
    assert!(!of_rule(rule, &standing).0, "something came back, and nobody knows of how many");
}

#[test]
fn what_nobody_counted_is_told_beside_the_share() {
    let mut standing = contacts(1, Some(2));
    standing.holdings.push(Holding {
        category: Some(Category::Photos),
        expected: None,
        ..standing.holdings[0].clone()
    });
    let told = of_rule(Rule::LostAtLeast { percent: 50, of: Vec::new() }, &standing);
    assert!(
        told.0 && told.1.contains("50% (what nobody counted before is not in these numbers)"),
        "{told:?}"
    );
}

#[test]
fn the_oldest_record_of_a_person_decides_their_date() {
    let at = |millis| Rule::AffectedBefore(Timestamp::from_millisecond(millis).unwrap());
    let mut standing = contacts(1, Some(2));
    let (holds, text) = of_rule(at(NOW - 20 * DAY), &standing);
    assert!(
        holds && text.starts_with("The earliest count of what you had is of 30 September 2009"),
        "{text}"
    );
    assert!(!of_rule(at(NOW - 20 * DAY - 1), &standing).0);
    standing.holdings[0].as_of = None;
    let (holds, text) = of_rule(at(NOW), &standing);
    assert!(holds && text.starts_with("Your account was entered here on 20 October 2009"), "{text}");
    assert!(!of_rule(at(NOW - 1), &standing).0);
    standing.recorded_at = None;
    assert!(of_rule(at(NOW), &standing).1.starts_with("No record of yours has a date"));
}

#[test]
fn moments_are_told_by_the_clocks_where_the_incident_was() {
    let at = |millis| Some(Timestamp::from_millisecond(millis).unwrap());
    let closing = Remedy { closes_at: at(NOW + DAY), ..remedy("gift-card") };
    let zone = TimeZone::get("America/Los_Angeles").unwrap();
    let told = texts(decide(&closing, &contacts(1, Some(2)), &zone, NOW));
    assert_eq!(told[2].1, "It can be claimed until 21 October 2009, 05:00 PDT");
}

fn holding() -> impl Strategy<Value = Holding> {
    let category = option::of(select(Category::ALL.to_vec()));
    let dates = option::of(NOW - 40 * DAY..NOW + 40 * DAY);
    (category, 0..50_i64, option::of(0..50_i64), dates, 0..3_i64, option::of("[a-z ]{1,9}")).prop_map(
        |(category, found, expected, as_of, files, verdict)| Holding {
            category,
            found,
            expected,
            as_of,
            files,
            verdict,
        },
    )
}

fn standing() -> impl Strategy<Value = Standing> {
    let plan = select(vec!["", "data-10", "data-20"]);
    (plan, option::of(NOW - 40 * DAY..NOW + 40 * DAY), vec(holding(), 0..5))
        .prop_map(|(plan, recorded_at, holdings)| Standing { plan: plan.to_owned(), recorded_at, holdings })
}

fn categories() -> impl Strategy<Value = Vec<Category>> {
    vec(select(Category::ALL.to_vec()), 1..4)
}

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::Affected),
        vec("data-[12]0", 0..3).prop_map(Rule::Plans),
        categories().prop_map(Rule::Categories),
        (1..=100_i64, prop_oneof![Just(Vec::new()), categories()])
            .prop_map(|(percent, of)| Rule::LostAtLeast { percent, of }),
        (NOW - 40 * DAY..NOW + 40 * DAY)
            .prop_map(|at| Rule::AffectedBefore(Timestamp::from_millisecond(at).unwrap())),
    ]
}

fn any_remedy() -> impl Strategy<Value = Remedy> {
    let at = || option::of(NOW - DAY..NOW + DAY);
    let at_millis = |at: Option<Millis>| at.map(|at| Timestamp::from_millisecond(at).unwrap());
    (vec(rule(), 0..5), at(), at()).prop_map(move |(rules, opens, closes)| Remedy {
        opens_at: at_millis(opens),
        closes_at: at_millis(closes),
        ..ruled(&rules)
    })
}

proptest! {
    #[test]
    fn one_is_entitled_exactly_when_every_fact_holds(remedy in any_remedy(), standing in standing()) {
        let decision = decide(&remedy, &standing, &TimeZone::UTC, NOW);
        let entitled = decision.is_entitled();
        let facts = decision.into_facts();
        prop_assert_eq!(entitled, facts.iter().all(|fact| fact.holds));
        prop_assert!(facts.len() >= remedy.rules.len());
        prop_assert!(facts.iter().all(|fact| !fact.text.trim().is_empty()));
        prop_assert!(facts.iter().all(|fact| !fact.text.ends_with('.')), "pages end sentences");
        prop_assert!(standing.affected() || !entitled);
    }

    #[test]
    fn losing_more_never_makes_one_less_eligible(
        remedy in any_remedy(), standing in standing(), at in any::<prop::sample::Index>(), more in 0..50_i64,
        other in holding(),
    ) {
        let entitled = |standing: &Standing| decide(&remedy, standing, &TimeZone::UTC, NOW).is_entitled();
        let mut worse = standing.clone();
        if standing.holdings.is_empty() {
            return Ok(());
        }
        let place = at.index(standing.holdings.len());
        let holding = &standing.holdings[place];
        worse.holdings[place].found = (holding.found - more).max(0);
        let fewer = entitled(&worse);
        prop_assert!(fewer >= entitled(&standing), "fewer came back");
        worse.holdings[place].verdict.get_or_insert_with(|| "gone".to_owned());
        let said = entitled(&worse);
        prop_assert!(said >= fewer, "and the operator says so");
        let short = |expected: &i64| worse.holdings[place].found <= *expected;
        if let Some(expected) = holding.expected.filter(short) {
            worse.holdings[place].expected = Some(expected + more);
        }
        let more = entitled(&worse);
        prop_assert!(more >= said, "and as many more were there");
        worse.holdings.push(Holding { found: 0, ..other });
        prop_assert!(entitled(&worse) >= more, "and something else was lost whole");
    }

    #[test]
    fn a_window_holds_from_its_first_millisecond_to_before_its_last(opens in NOW - DAY..NOW, length in 1..DAY) {
        let at = |millis| Some(Timestamp::from_millisecond(millis).unwrap());
        let remedy = Remedy { opens_at: at(opens), closes_at: at(opens + length), ..remedy("gift-card") };
        let open = |now| decide(&remedy, &contacts(1, Some(2)), &TimeZone::UTC, now).is_entitled();
        prop_assert!(!open(opens - 1) && open(opens) && open(opens + length - 1) && !open(opens + length));
    }

    #[test]
    fn a_record_is_read_as_it_was_written(remedy in any_remedy(), standing in standing()) {
        let Decision::Entitled(entitled) = decide(&remedy, &standing, &TimeZone::UTC, NOW) else { return Ok(()) };
        let record: Record = serde_json::from_str(&entitled.record().unwrap()).unwrap();
        prop_assert_eq!(&record.standing, &standing);
        prop_assert_eq!((record.decided_at, record.affected), (NOW, true));
        let told = |language| entitled.sentences_in(language).map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(&record.sentences, &told(Language::En));
        prop_assert_eq!(&record.spanish, &told(Language::Es));
    }
}
