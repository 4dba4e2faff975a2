//! The month for those who have not claimed it: counted, approved by two, and carried out by two servers that are
//! killed meanwhile, while some people claim it after all.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use makegood::store::{Db, sql};
use rand::Rng;

use super::{
    crowd::{self, Acknowledged, Crowd},
    disorder,
    fleet::{Fleet, SERVERS},
    plan::Plan,
    stage::FREE_MONTH,
};
use crate::harness::Cluster;

/// What came of the run.
pub struct Ran {
    pub run: String,
    /// Whom the dry run counted.
    pub entitled: i64,
    pub looked: i64,
    pub granted: i64,
    pub state: String,
    /// Kills before it was over.
    pub kills: usize,
    pub stops: usize,
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entitled, granted, kills, stops, .. } = self;
        write!(
            f,
            "an automatic run for {entitled} people that gave {granted}, with {kills} kills and {stops} stops of the database"
        )
    }
}

pub async fn carry_out(
    plan: &Plan,
    crowd: &Arc<Crowd>,
    fleet: &Arc<Fleet>,
    cluster: Option<&Cluster>,
) -> (Ran, Acknowledged) {
    let counted = crowd.stage.world.run(&["remedies", "dry-run", FREE_MONTH.0, "--json"]);
    let counted = counted.code(0).json();
    let run = counted["run"].as_str().unwrap().to_owned();
    approve(crowd, &run).await;
    let claiming = tokio::spawn(crowd::claim_during_the_run(crowd.clone()));
    let ran = Ran {
        entitled: counted["entitled"].as_i64().unwrap(),
        run,
        looked: 0,
        granted: 0,
        state: String::new(),
        kills: 0,
        stops: 0,
    };
    let ran = follow(plan, crowd, fleet, cluster, ran).await;
    (ran, claiming.await.unwrap())
}

async fn approve(crowd: &Crowd, run: &str) {
    for (n, session) in crowd.stage.staff.iter().enumerate() {
        let (path, form) = (format!("/staff/automatic/{run}/approve"), "reason=Counted+twice+and+looked+at");
        let (status, _) = crowd.insist(session, &path, form, n).await.unwrap();
        // 409: an answer was lost, and they had approved it already.
        assert!([303, 409].contains(&status), "approving answered {status}");
    }
}

/// Harms servers and database whenever the run has looked at so many people, until it is over.
async fn follow(
    plan: &Plan,
    crowd: &Crowd,
    fleet: &Arc<Fleet>,
    cluster: Option<&Cluster>,
    mut ran: Ran,
) -> Ran {
    let (db, began, mut chance) = (crowd.stage.world.db().await, Instant::now(), plan.chance(2));
    let planned = plan.kills_in_run.unwrap_or_default();
    // In the first half, so that it is not over before the last of them.
    let mut marks: Vec<i64> = (0..planned).map(|_| chance.random_range(1..=plan.people as i64 / 2)).collect();
    marks.sort_unstable();
    let (mut marks, before) = (marks.into_iter().peekable(), fleet.kills());
    while began.elapsed() < plan.patience {
        // PostgreSQL may be coming back at this moment.
        if let Ok((looked, granted, state)) = stands(&db, &ran.run).await {
            ran = Ran { looked, granted, state, ..ran };
        }
        if ["done", "stopped", "paused"].contains(&ran.state.as_str()) {
            break;
        }
        if marks.next_if(|mark| *mark <= ran.looked).is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        }
        let pause = Duration::from_millis(chance.random_range(0..300));
        match chance.random_range(0..10) {
            0 => {
                disorder::stop(&crowd.stage, fleet, cluster, pause).await;
                ran.stops += 1;
            }
            1..3 => disorder::kill(fleet, 0..SERVERS, pause).await,
            _ => {
                let server = chance.random_range(0..SERVERS);
                disorder::kill(fleet, server..server + 1, pause).await;
            }
        }
        ran.kills = fleet.kills() - before;
    }
    db.close().await;
    ran
}

async fn stands(db: &Db, run: &str) -> makegood::store::Result<(i64, i64, String)> {
    sql("SELECT looked, granted, state FROM automatic_runs WHERE id = $1").bind(run).one(db).await
}
