//! Whether words were kept: what was taken back is not paid, what goes another way does, and nobody was left out of the
//! automatic run or got twice by it.

use std::collections::{BTreeMap, BTreeSet};

use makegood::store::{Db, sql};

use super::{
    automatic::Ran,
    crowd::Acknowledged,
    plan::Plan,
    proof::Findings,
    provider::Provider,
    second_thoughts::{Change, Changed},
    stage::FREE_MONTH,
};

/// What a claim has come to.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Stands {
    number: String,
    state: String,
    delivery: String,
    live_grants: i64,
    /// The way of its last order; empty where there is none.
    way: String,
}

pub async fn look(
    db: &Db,
    plan: &Plan,
    told: &Acknowledged,
    provider: &Provider,
    ran: Option<&Ran>,
    findings: &mut Findings,
) {
    changes(db, told, findings).await;
    withdrawn(db, provider, findings).await;
    if let Some(ran) = ran {
        run(db, plan, ran, findings).await;
    }
}

/// Everyone was told the truth.
async fn changes(db: &Db, told: &Acknowledged, findings: &mut Findings) {
    let rows: Vec<Stands> = sql("SELECT c.number, c.state, c.delivery,
         (SELECT COUNT(*) FROM grants g WHERE g.claim_id = c.id AND g.ended_at IS NULL) AS live_grants,
         COALESCE((SELECT o.way FROM payout_orders o WHERE o.claim_id = c.id ORDER BY o.id DESC LIMIT 1), '') AS way
         FROM claims c")
    .all(db)
    .await
    .unwrap();
    let stands: BTreeMap<&str, &Stands> = rows.iter().map(|row| (row.number.as_str(), row)).collect();
    for changed in &told.changes {
        match stands.get(changed.told.number.as_str()) {
            Some(stands) if holds(changed, stands) => {}
            other => findings.add(format!("{changed:?} is not what came of it: {other:?}")),
        }
    }
}

fn holds(changed: &Changed, stands: &Stands) -> bool {
    match (changed.change, changed.done) {
        (Change::Withdrawn, true) => stands.state == "withdrawn" && stands.live_grants == 0,
        (Change::Withdrawn, false) => stands.state != "withdrawn" && stands.live_grants == 1,
        (Change::Way(from, to), done) => {
            let way = if done { to } else { from };
            // Without an order it waits for a decision.
            stands.delivery == way && (stands.way == way || (done && stands.way.is_empty()))
        }
    }
}

/// What was taken back was never sent: not one of its orders was paid, here or by the provider.
async fn withdrawn(db: &Db, provider: &Provider, findings: &mut Findings) {
    let rows: Vec<(String, String)> = sql("SELECT o.id, o.state FROM payout_orders o
         JOIN claims c ON c.id = o.claim_id WHERE c.state = 'withdrawn' ORDER BY o.id")
    .all(db)
    .await
    .unwrap();
    let sent: Vec<_> = rows.iter().filter(|(_, state)| state != "cancelled").collect();
    findings.rows("orders of claims that were taken back", &sent);
    let taken_back: BTreeSet<&str> = rows.iter().map(|(id, _)| id.as_str()).collect();
    let paid = provider.paid();
    let paid: Vec<_> = paid.iter().filter(|one| taken_back.contains(one.external_id.as_str())).collect();
    findings.rows("payments of claims that were taken back", &paid);
}

/// The run came to its end, looked at everybody once, and gave to all who had not said no.
async fn run(db: &Db, plan: &Plan, ran: &Ran, findings: &mut Findings) {
    if ran.state != "done" || ran.looked != plan.people as i64 {
        findings.add(format!("the automatic run is {} and looked at {} people", ran.state, ran.looked));
    }
    // Fewer where several moments fell together, or one after the end.
    let planned = plan.kills_in_run.unwrap_or_default();
    if ran.kills < planned.div_ceil(2) {
        findings.add(format!("{ran}, where {planned} kills were planned: it is over too soon to be a test"));
    }
    let (given,): (i64,) = sql("SELECT COUNT(*) FROM claims c JOIN grants g ON g.claim_id = c.id
         WHERE c.automatic_run = $1 AND g.ended_at IS NULL")
    .bind(&ran.run)
    .one(db)
    .await
    .unwrap();
    if given != ran.granted || given > ran.entitled || given == 0 {
        findings.add(format!("the automatic run says {ran}, and {given} grants are of it"));
    }
    let left_out: Vec<(String,)> = sql("SELECT s.account FROM subscribers s WHERE NOT EXISTS (
             SELECT 1 FROM grants g WHERE g.subscriber_id = s.id AND g.remedy = $1 AND g.ended_at IS NULL)
         AND NOT EXISTS (
             SELECT 1 FROM claims c WHERE c.subscriber_id = s.id AND c.remedy = $1 AND c.state = 'withdrawn')
         ORDER BY s.account")
    .bind(FREE_MONTH.0)
    .all(db)
    .await
    .unwrap();
    findings.rows("people who were left out of the automatic run", &left_out);
    let against: Vec<(String,)> = sql("SELECT c.number FROM claims c WHERE c.automatic_run = $1 AND EXISTS (
             SELECT 1 FROM claims w WHERE w.subscriber_id = c.subscriber_id AND w.remedy = c.remedy
             AND w.state = 'withdrawn')
         ORDER BY c.number")
    .bind(&ran.run)
    .all(db)
    .await
    .unwrap();
    findings.rows("claims of the automatic run for people who had said no", &against);
}
