//! After the storm: orders come to their end, and the operator reads billing's acknowledgements back.

use std::{
    fs,
    time::{Duration, Instant},
};

use makegood::store::{Db, sql};

use super::{provider::Provider, stage::Stage};
use crate::harness::World;

/// Credits wait at first, so that months can be taken back; gift cards go out at once, and whoever takes one back or has it
/// come otherwise is in time or not.
pub fn hold_bills_up(world: &World) {
    world.run(&["payouts", "pause", "bill-file", "--reason", "People think again"]).code(0);
}

pub fn let_bills_go(stage: &Stage) {
    stage.world.run(&["payouts", "resume", "bill-file"]).code(0);
}

/// How long the provider misbehaves yet when all else is well.
const BEHAVES_AFTER: Duration = Duration::from_secs(20);

/// Waits until nothing is under way any more; what still is when patience ends, in words. The provider misbehaves for a
/// while yet.
pub async fn settle(stage: &Stage, provider: &Provider) -> Vec<String> {
    let (db, began) = (stage.world.db().await, Instant::now());
    let mut left = under_way(&db).await;
    while !left.is_empty() && began.elapsed() < stage.plan.patience {
        if began.elapsed() > BEHAVES_AFTER {
            provider.behave();
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        left = under_way(&db).await;
    }
    db.close().await;
    acknowledge(stage);
    left
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

/// Everything that was handed to billing is applied, as its answer says; handing it over again changes nothing.
fn acknowledge(stage: &Stage) {
    let (world, folder) = (&stage.world, stage.world.path("bills"));
    fs::create_dir_all(&folder).unwrap();
    for _ in 0..2 {
        world.run(&["payouts", "export", &folder.display().to_string()]).code(0);
    }
    let mut answers = String::from("order,status,note\n");
    for file in fs::read_dir(&folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines().skip(1) {
            answers.push_str(&format!("{},applied,\n", line.split(',').next().unwrap()));
        }
    }
    let path = world.path("answers.csv");
    fs::write(&path, answers).unwrap();
    world.run(&["payouts", "acknowledge", &path.display().to_string()]).code(0);
}
