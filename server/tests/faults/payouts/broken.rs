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

/// SERIALIZABLE on PostgreSQL and the one writer on SQLite keep claims that race to one each even so. What the unique
/// indexes keep out is a fault of ours, and that is what the harness tries in the end.
async fn lets_seconds_in(world: World, cluster: Option<&Cluster>) {
    let plan = Plan { without_constraints: true, ..small(12, 2) };
    let findings = carry_out(&plan, world, cluster).await;
    for words in ["a second live claim", "a second live grant", "more than one live grant", "the ledger"] {
        assert!(findings.tell_of(words), "{plan}: nothing of {words:?} in\n{findings}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_unique_indexes_a_second_grant_is_found_on_sqlite() {
    lets_seconds_in(World::sqlite(), None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_unique_indexes_a_second_grant_is_found_on_postgres() {
    let Some(cluster) = Cluster::start() else { return };
    lets_seconds_in(World::on(&cluster), Some(&cluster)).await;
}
