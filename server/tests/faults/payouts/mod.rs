//! Remedies among faults: people who claim many times at once from two servers that are killed again and again, a
//! provider that misbehaves, a database that goes away. In the end nobody was paid twice, and nobody was left out.
//!
//! The short form runs with all other tests; `bin/test-faults --long` runs the long one. Both print their seed.

mod automatic;
mod broken;
mod crowd;
mod disorder;
mod fleet;
mod kept;
mod orders;
mod plan;
mod proof;
mod provider;
mod second_thoughts;
mod stage;

use std::{sync::Arc, time::Instant};

use crate::harness::{Cluster, World};
use crowd::Crowd;
use plan::Plan;
use proof::Findings;
use provider::Provider;

/// Carries a plan out and looks at what came of it.
async fn carry_out(plan: &Plan, world: World, cluster: Option<&Cluster>) -> Findings {
    let began = Instant::now();
    let provider = Provider::start(plan.seed).await;
    let stage = Arc::new(stage::set(plan, world, &provider).await);
    let fleet = fleet::Fleet::start(&stage);
    let crowd = Crowd::gather(&stage, &fleet, &provider.activity).await;
    let claiming = tokio::spawn(crowd::claim(crowd.clone()));
    let harm = disorder::wreak(plan, &stage, &fleet, &provider, cluster).await;
    let mut told = claiming.await.unwrap();
    orders::let_bills_go(&stage);
    let mut ran = None;
    if plan.kills_in_run.is_some() {
        let (run, late) = automatic::carry_out(plan, &crowd, &fleet, cluster).await;
        told.add(late);
        ran = Some(run);
    }
    let settled = orders::settle(&stage, &provider).await;
    fleet.stop().await;
    let findings = proof::look(plan, &stage, &told, &provider, ran.as_ref(), settled).await;
    println!(
        "{plan}: {} people, {told}, {harm}, {}, {:.0?} in all",
        plan.people,
        provider.told(),
        began.elapsed()
    );
    if let Some(ran) = ran {
        println!("{plan}: {ran}");
    }
    findings
}

/// On an engine, whole and well.
async fn holds(plan: &Plan, engine: &str) {
    println!("seed {} on {engine}", plan.seed);
    let findings = match engine {
        "sqlite" => carry_out(plan, World::sqlite(), None).await,
        _ => {
            let Some(cluster) = Cluster::start() else { return };
            carry_out(plan, World::on(&cluster), Some(&cluster)).await
        }
    };
    assert!(findings.is_empty(), "with seed {} on {engine}:\n{findings}", plan.seed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_paid_twice_or_left_out_on_sqlite() {
    holds(&Plan::short(), "sqlite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_paid_twice_or_left_out_on_postgres() {
    holds(&Plan::short(), "postgres").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "many minutes: bin/test-faults --long"]
async fn nobody_is_paid_twice_or_left_out_for_long_on_sqlite() {
    holds(&Plan::long(), "sqlite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "many minutes: bin/test-faults --long"]
async fn nobody_is_paid_twice_or_left_out_for_long_on_postgres() {
    holds(&Plan::long(), "postgres").await;
}
