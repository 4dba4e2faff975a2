//! Whatever the population: who gets it are those whom `decide` entitles and who have not asked.

use proptest::prelude::*;

use super::*;
use crate::{
    remedies::{Decision, decide},
    store::testing,
};

#[derive(Clone, Debug)]
struct Someone {
    plan: &'static str,
    /// What came back of how many contacts; none: nothing is known of them.
    contacts: Option<(i64, Option<i64>)>,
    claims: bool,
}

fn someone() -> impl Strategy<Value = Someone> {
    let plan = prop_oneof![Just("data-20"), Just("data-10"), Just("")];
    let contacts = proptest::option::of((0i64..50, proptest::option::of(0i64..100)));
    (plan, contacts, any::<bool>()).prop_map(|(plan, contacts, claims)| Someone { plan, contacts, claims })
}

/// The month, for those who lost some part.
fn incident(percent: Option<i64>) -> String {
    let rule = percent.map_or(String::new(), |percent| {
        format!("eligibility = {{ categories = [\"contacts\"], lost_at_least_percent = {percent} }}\n")
    });
    DEMO.replace("given = \"automatically\"", &format!("{rule}given = \"automatically\""))
}

async fn gets_exactly_what_is_theirs(
    db: &testing::TestDb,
    people: &[Someone],
    percent: Option<i64>,
    at_once: i64,
) {
    let test = TestPortal::with_incident(db, &incident(percent));
    let remedy = test.portal.incident.remedy(MONTH).unwrap();
    let mut entitled = BTreeSet::new();
    for (number, someone) in people.iter().enumerate() {
        let phone = format!("+1212555{number:04}");
        let person = test.subscriber(&format!("a-{number:04}"), &phone, someone.plan).await;
        if let Some((items, expected)) = someone.contacts {
            test.holding(&person, Category::Contacts, items, expected).await;
        }
        let standing = store::standing(database(&test), &person).await.unwrap();
        if let Decision::Entitled(_) = decide(remedy, &standing, &test.portal.incident.time_zone, NOW) {
            entitled.insert(person.id.clone());
            if someone.claims {
                claim(&test, &person).await;
            }
        }
    }
    let asked = grants(&test).await;
    let run = approved(&test).await;
    assert_eq!(run.entitled, (entitled.len() - asked.len()) as i64);
    let mut worker = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    while worker.batch_of(at_once).await.unwrap() == Step::Further {}
    assert_eq!(grants(&test).await, entitled);
    is_whole_but_for_history(&test, entitled.len() as i64).await;
}

/// Claims by hand have two steps.
async fn is_whole_but_for_history(test: &TestPortal, grants: i64) {
    assert_eq!(lies_in(test, "obligation").await, grants * 2000);
    assert_eq!(findings(test).await, Vec::<&str>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_any_population_those_get_it_whom_the_rules_entitle(
        people in proptest::collection::vec(someone(), 0..25),
        percent in proptest::option::of(1i64..=100),
        at_once in 1i64..9,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            gets_exactly_what_is_theirs(&testing::sqlite().await, &people, percent, at_once).await;
            if let Some(db) = testing::postgres().await {
                gets_exactly_what_is_theirs(&db, &people, percent, at_once).await;
            }
        });
    }
}
