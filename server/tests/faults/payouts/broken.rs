//! The test of the test: without what protects, it must fail.

use std::time::Duration;

use super::{carry_out, plan::Plan};
use crate::harness::{Cluster, World};

/// Few people, and little harm.
fn small(people: usize, kills: usize) -> Plan {
    Plan {
        people,
        kills,
        stops: 0,
        away: 0,
        kills_in_run: None,
        second_thoughts: false,
        patience: Duration::from_secs(90),
        ..Plan::short()
    }
}

/// The provider pays again whatever it is told again, and says nothing of what it did: asking is all that keeps it to
/// one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nobody_asks_before_sending_again_people_are_paid_twice() {
    let plan = Plan { forgets_to_ask: true, ..small(60, 4) };
    let findings = carry_out(&plan, World::sqlite(), None).await;
    assert!(findings.tell_of("the provider paid more than once"), "{plan}: {findings}");
}

/// Where the servers do not look whether somebody has claimed already, each of a person's eight posts is a claim of its
/// own: the unique indexes are all that keeps it to one.
async fn grants_twice(world: World, cluster: Option<&Cluster>) {
    let plan = Plan { forgets_to_look: true, without_constraints: true, ..small(12, 2) };
    let findings = carry_out(&plan, world, cluster).await;
    for words in [
        "more than one live grant",
        "people who read several numbers for one remedy",
        "a second live claim",
        "a second live grant",
        "a second live order",
    ] {
        assert!(findings.tell_of(words), "{plan}: nothing of {words:?} in\n{findings}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_unique_indexes_people_are_granted_twice_on_sqlite() {
    grants_twice(World::sqlite(), None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_unique_indexes_people_are_granted_twice_on_postgres() {
    let Some(cluster) = Cluster::start() else { return };
    grants_twice(World::on(&cluster), Some(&cluster)).await;
}

/// The other seven posts of each get no answer, and that is all that is found.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_them_nobody_is_granted_twice_by_servers_that_do_not_look() {
    let plan = Plan { forgets_to_look: true, patience: Duration::from_secs(15), ..small(6, 1) };
    let findings = carry_out(&plan, World::sqlite(), None).await;
    for words in ["more than one live grant", "people who read several numbers", "a second live"] {
        assert!(!findings.tell_of(words), "{plan}: {findings}");
    }
    assert!(findings.tell_of("was never answered"), "{plan}: {findings}");
}
