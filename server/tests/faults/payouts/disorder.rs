//! What happens to servers, database and provider, and when: by the seed.

use std::{fmt, ops::Range, sync::Arc, time::Duration};

use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use sqlx::{Connection, Executor, SqliteConnection};

use super::{
    fleet::{Fleet, SERVERS},
    plan::Plan,
    provider::Provider,
    stage::Stage,
};
use crate::harness::Cluster;

#[derive(Clone, Copy, Debug)]
enum Harm {
    Kill(usize),
    KillAll,
    /// The database goes away, with every server, and comes back.
    Stop,
    /// The provider takes no connections for a while.
    Away,
}

pub struct Done {
    kills: usize,
    stops: usize,
    away: usize,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kills, {} stops of the database, {} of the provider", self.kills, self.stops, self.away)
    }
}

/// Goes on until as many servers were killed as planned.
pub async fn wreak(
    plan: &Plan,
    stage: &Arc<Stage>,
    fleet: &Arc<Fleet>,
    provider: &Provider,
    cluster: Option<&Cluster>,
) -> Done {
    let mut chance = plan.chance(1);
    let harms = harms(plan, &mut chance);
    // Claims, and about one call to the provider for each person.
    let apart = 9 * plan.people as u64 / harms.len().max(1) as u64;
    for harm in harms {
        let after = chance.random_range(1..=apart.max(2));
        let longest = Duration::from_millis(chance.random_range(150..1_500));
        provider.activity.point(after, longest).await;
        let pause = Duration::from_millis(chance.random_range(0..400));
        match harm {
            Harm::Kill(server) => kill(fleet, server..server + 1, pause).await,
            Harm::KillAll => kill(fleet, 0..SERVERS, pause).await,
            Harm::Away => provider.refuse(Duration::from_millis(chance.random_range(300..1_500))).await,
            Harm::Stop => {
                let span = Duration::from_millis(chance.random_range(700..2_500));
                stop(stage, fleet, cluster, span).await;
            }
        }
    }
    Done { kills: fleet.kills(), stops: plan.stops, away: plan.away }
}

fn harms(plan: &Plan, chance: &mut StdRng) -> Vec<Harm> {
    let mut harms = Vec::new();
    let mut kills = 0;
    while kills < plan.kills {
        let harm = if chance.random_ratio(1, 6) {
            Harm::KillAll
        } else {
            Harm::Kill(chance.random_range(0..SERVERS))
        };
        kills += if matches!(harm, Harm::KillAll) { SERVERS } else { 1 };
        harms.push(harm);
    }
    harms.extend(std::iter::repeat_n(Harm::Stop, plan.stops));
    harms.extend(std::iter::repeat_n(Harm::Away, plan.away));
    harms.shuffle(chance);
    harms
}

pub async fn kill(fleet: &Arc<Fleet>, servers: Range<usize>, pause: Duration) {
    servers.clone().for_each(|server| fleet.kill(server));
    tokio::time::sleep(pause).await;
    for server in servers {
        revive(fleet, server).await;
    }
}

async fn revive(fleet: &Arc<Fleet>, server: usize) {
    let fleet = fleet.clone();
    tokio::task::spawn_blocking(move || fleet.revive(server)).await.unwrap();
}

/// PostgreSQL ends as in a crash; SQLite's file is locked by another process than those that serve. One server dies
/// with it and starts while it is away, the other lives on.
pub async fn stop(stage: &Stage, fleet: &Arc<Fleet>, cluster: Option<&Cluster>, span: Duration) {
    match cluster {
        Some(cluster) => {
            tokio::task::block_in_place(|| cluster.halt());
            fleet.kill(0);
            revive(fleet, 0).await;
            tokio::time::sleep(span).await;
            tokio::task::block_in_place(|| cluster.resume());
        }
        None => {
            let path = stage.world.path("data/makegood.db").display().to_string();
            let mut other = SqliteConnection::connect(&format!("sqlite://{path}")).await.unwrap();
            other.execute("PRAGMA busy_timeout = 20000").await.unwrap();
            other.execute("BEGIN IMMEDIATE").await.unwrap();
            fleet.kill(0);
            revive(fleet, 0).await;
            tokio::time::sleep(span).await;
            other.execute("ROLLBACK").await.unwrap();
            other.close().await.unwrap();
        }
    }
}
