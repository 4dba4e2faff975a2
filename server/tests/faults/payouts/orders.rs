//! After the storm: orders come to their end, a person decides on what is left for one, and the operator reads billing's
//! acknowledgements back.

use std::{
    fs,
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use makegood::store::{Db, sql};
use rand::Rng;

use super::{
    provider::Provider,
    stage::{LEASE_MS, Stage},
};
use crate::harness::World;

/// Credits wait at first, so that months can be taken back; gift cards go out at once, and whoever takes one back or has it
/// come otherwise is in time or not.
pub fn hold_bills_up(world: &World) {
    world.run(&["payouts", "pause", "bill-file", "--reason", "People think again"]).code(0);
}

pub fn let_bills_go(stage: &Stage) {
    stage.world.run(&["payouts", "resume", "bill-file"]).code(0);
}

/// One order in so many people's may be left for a person.
const FEW: usize = 50;
/// How often handing over is killed.
const KILLED_EXPORTS: usize = 5;
/// How long a file is left alone that an export has taken: five leases.
const HANDING: Duration = Duration::from_millis(5 * LEASE_MS as u64);
/// How long the provider misbehaves yet when all else is well.
const BEHAVES_AFTER: Duration = Duration::from_secs(20);

/// Waits until nothing is under way any more, and then for what a person decided on the rest; what still is when patience
/// ends, in words. The provider misbehaves for a while yet.
pub async fn settle(stage: &Stage, provider: &Provider) -> Vec<String> {
    let db = stage.world.db().await;
    let mut left = come_to_rest(stage, provider, &db).await;
    let resolved = resolve(stage, provider, &mut left);
    if resolved > 0 {
        println!("{resolved} orders were left for a person");
        left.extend(come_to_rest(stage, provider, &db).await);
    }
    db.close().await;
    acknowledge(stage);
    left
}

async fn come_to_rest(stage: &Stage, provider: &Provider, db: &Db) -> Vec<String> {
    let began = Instant::now();
    let mut left = under_way(db).await;
    while !left.is_empty() && began.elapsed() < stage.plan.patience {
        if began.elapsed() > BEHAVES_AFTER {
            provider.behave();
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        left = under_way(db).await;
    }
    left
}

/// Does what a person does about orders that wait for one: looks into the provider's own list and says what is there. Only
/// few may come to that, however often servers were killed.
fn resolve(stage: &Stage, provider: &Provider, left: &mut Vec<String>) -> usize {
    let stuck = stage.world.run(&["payouts", "stuck", "--json"]).code(0).json();
    let orders = stuck["orders"].as_array().unwrap();
    if orders.len() > stage.plan.people.div_ceil(FEW) {
        left.push(format!("{} orders wait for a person, such as {}", orders.len(), orders[0]));
    }
    let paid = provider.paid();
    for order in orders {
        let id = order["order"].as_str().unwrap();
        let found = paid.iter().find(|one| one.external_id == id);
        let word = found.map_or(vec!["--never-arrived"], |one| vec!["--paid", &one.reference]);
        stage.world.run(&[&["payouts", "resolve", id], &word[..]].concat()).code(0);
    }
    orders.len()
}

async fn under_way(db: &Db) -> Vec<String> {
    let orders: Vec<(String, String, i64)> = sql("SELECT provider, state, COUNT(*) FROM payout_orders
         WHERE state IN ('waiting', 'sending', 'unknown') OR (state = 'placed' AND provider <> 'bill-file')
         GROUP BY provider, state ORDER BY provider, state")
    .all(db)
    .await
    .unwrap();
    let (unsealed,): (i64,) = sql("SELECT COUNT(*) FROM postings_unsealed").one(db).await.unwrap();
    let mut left: Vec<String> = orders
        .into_iter()
        .map(|(name, state, count)| format!("{count} orders of {name} are still {state}"))
        .collect();
    let with_room: Vec<(String, i64)> =
        sql("SELECT c.remedy, COUNT(*) FROM claims c WHERE c.state = 'submitted'
         AND c.amount <= (SELECT SUM(b.amount) FROM budget_parts b
             WHERE b.incident = c.incident AND b.remedy = c.remedy)
         GROUP BY c.remedy ORDER BY c.remedy")
        .all(db)
        .await
        .unwrap();
    left.extend(with_room.iter().map(|(remedy, count)| {
        format!("{count} claims of {remedy} wait, though the budget has room for one")
    }));
    if unsealed > 0 {
        left.push(format!("{unsealed} postings still wait for their seal"));
    }
    left
}

/// Where the files for billing lie.
pub const BILLS: &str = "bills";

/// Everything that was handed to billing is applied, as its answer says. Handing over is killed some times first; doing so
/// again in the end changes nothing.
fn acknowledge(stage: &Stage) {
    let (world, folder) = (&stage.world, stage.world.path(BILLS));
    let export = ["payouts", "export", &folder.display().to_string()].map(str::to_owned);
    let export: Vec<&str> = export.iter().map(String::as_str).collect();
    fs::create_dir_all(&folder).unwrap();
    let mut chance = stage.plan.chance(3);
    for _ in 0..KILLED_EXPORTS {
        let mut exporting =
            world.makegood(&export).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(chance.random_range(0..600)));
        exporting.kill().unwrap();
        exporting.wait().unwrap();
    }
    // Whoever was killed while it gave a file its name is taken for dead first.
    sleep(HANDING);
    for _ in 0..2 {
        world.run(&export).code(0);
    }
    let mut answers = String::from("order,status,note\n");
    for line in handed(stage) {
        answers.push_str(&format!("{},applied,\n", line.split(',').next().unwrap()));
    }
    let path = world.path("answers.csv");
    fs::write(&path, answers).unwrap();
    world.run(&["payouts", "acknowledge", &path.display().to_string()]).code(0);
}

/// The lines that billing finds: those of whole files.
pub fn handed(stage: &Stage) -> Vec<String> {
    let files = fs::read_dir(stage.world.path(BILLS)).unwrap().map(|file| file.unwrap().path());
    let whole = files.filter(|path| path.extension().is_some_and(|extension| extension == "csv"));
    let texts = whole.map(|path| fs::read_to_string(path).unwrap());
    texts.flat_map(|text| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()).collect()
}
