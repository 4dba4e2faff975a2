//! After an older copy of the database was restored: what happened since the copy is not in it, so nothing that is open
//! may be sent as if it were new.
//!
//! A provider elsewhere is asked after every open order before it gets it; billing drops an order that it has. The code
//! pool is in the copy itself and knows nothing: whoever was to get a code may have one, and each code that the copy calls
//! free may be somebody's. Nor does the copy know which cards were posted. These wait for a person.

use serde::Serialize;

use super::{
    acts::Actor,
    code_pool,
    control::{self, ALL},
};
use crate::{
    ambient::Millis,
    portal::Portal,
    staff,
    store::{Result, Tx, sql},
    transaction,
};

#[cfg(test)]
mod tests;

const REASON: &str = "An older copy of the database was restored";

/// What was found open in the copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AfterRestore {
    /// Orders whose provider is asked before they are sent.
    pub asked_first: u64,
    /// Orders for a code or a card by post, which wait for a person: nobody can be asked whether they were given one.
    pub stuck: u64,
    /// Free codes that are not given until the issuer's word on them is read.
    pub codes_in_doubt: u64,
    /// Files of cards to post that are not handed over by themselves: they may have been since.
    pub files_kept_back: Vec<String>,
    /// Automatic runs that were held up: they would give once more what they gave since.
    pub runs_held_up: u64,
    /// Claims that waited for the budget alone, and keep their place in it: they may have been given since, so they are
    /// given nothing before [`go_on`].
    pub claims_held_up: u64,
}

/// Holds all payouts up and brings every open order, free code and automatic run into doubt; harmless to repeat.
pub async fn after_restore(portal: &Portal, actor: Actor<'_>) -> Result<AfterRestore> {
    let now = portal.ambient.now();
    let found = transaction!(portal.db()?, bulk |tx| -> Result<AfterRestore> {
        control::pause(tx, ALL, actor.name(), REASON, now).await?;
        note(tx, now).await?;
        let found = AfterRestore {
            stuck: stick(tx).await?,
            asked_first: doubt(tx).await?,
            codes_in_doubt: code_pool::doubt(tx, now).await?,
            files_kept_back: keep_files_back(tx, now).await?,
            runs_held_up: hold_runs_up(tx).await?,
            claims_held_up: hold_claims_up(tx).await?,
        };
        let detail = format!(
            "{} orders asked after first, {} wait for a person, {} codes in doubt, {} files kept back, {} automatic runs held up, {} claims to be looked at",
            found.asked_first,
            found.stuck,
            found.codes_in_doubt,
            found.files_kept_back.len(),
            found.runs_held_up,
            found.claims_held_up
        );
        staff::record(tx, &portal.ambient, actor.act("restored-payouts", REASON, &detail)).await?;
        Ok(found)
    })?;
    tracing::warn!("all payouts were held up: an older copy of the database was restored");
    Ok(found)
}

/// The statements of the time since the copy were compared: what nobody decided waits for the budget again, where it
/// stood. Returns how many claims; harmless to repeat.
pub async fn go_on(portal: &Portal, actor: Actor<'_>) -> Result<u64> {
    const COMPARED: &str = "Statements were compared";
    transaction!(portal.db()?, bulk |tx| -> Result<u64> {
        let claims = sql("UPDATE claims SET waits_for = 'budget' WHERE state = 'submitted' AND waits_for = 'restored'")
            .execute(&mut *tx)
            .await?;
        let detail = format!("{claims} claims wait for the budget again");
        staff::record(tx, &portal.ambient, actor.act("compared-restored-claims", COMPARED, &detail)).await?;
        Ok(claims)
    })
}

/// Each open order's history says it.
async fn note(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("INSERT INTO payout_events (order_id, position, step, note, at)
         SELECT o.id, COALESCE((SELECT MAX(e.position) FROM payout_events e WHERE e.order_id = o.id), 0) + 1,
         'restored', '', $1 FROM payout_orders o WHERE o.state IN ('waiting', 'sending', 'unknown')")
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// An order that has its code or its line in the copy is as good as paid: its worker finds it.
async fn stick(tx: &mut Tx) -> Result<u64> {
    sql("UPDATE payout_orders SET state = 'stuck', unsure = CASE WHEN unsure < 1 THEN 1 ELSE unsure END, note = $1,
         lease = NULL, leased_until = 0
         WHERE provider IN ('code-pool', 'post-file') AND state IN ('waiting', 'sending', 'unknown')
         AND NOT EXISTS (SELECT 1 FROM gift_codes c WHERE c.order_id = payout_orders.id)
         AND NOT EXISTS (SELECT 1 FROM payout_file_lines l WHERE l.order_id = payout_orders.id)")
    .bind(REASON)
    .execute(tx)
    .await
}

/// They count as handed over; whoever knows that one was not writes it by its name.
async fn keep_files_back(tx: &mut Tx, now: Millis) -> Result<Vec<String>> {
    let names: Vec<(String,)> = sql(
        "UPDATE payout_files SET closed_at = COALESCE(closed_at, $1), handed_at = $1
             WHERE provider = 'post-file' AND handed_at IS NULL
             AND EXISTS (SELECT 1 FROM payout_file_lines l WHERE l.file_id = payout_files.id) RETURNING name",
    )
    .bind(now)
    .all(tx)
    .await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// Nobody can change or withdraw what may be out.
async fn doubt(tx: &mut Tx) -> Result<u64> {
    sql("UPDATE payout_orders SET state = 'unknown', unsure = CASE WHEN unsure < 1 THEN 1 ELSE unsure END, note = $1,
         lease = NULL, leased_until = 0 WHERE state IN ('waiting', 'sending', 'unknown')")
    .bind(REASON)
    .execute(tx)
    .await
}

/// What waits for the budget is given by itself, under an order of another id than the one by which it may have been paid.
async fn hold_claims_up(tx: &mut Tx) -> Result<u64> {
    sql("UPDATE claims SET waits_for = 'restored'
         WHERE state = 'submitted' AND COALESCE(waits_for, 'budget') = 'budget'")
    .execute(tx)
    .await
}

async fn hold_runs_up(tx: &mut Tx) -> Result<u64> {
    sql("UPDATE automatic_runs SET state = 'paused', note = $1, lease = NULL, leased_until = 0
         WHERE state IN ('approved', 'running')")
    .bind(REASON)
    .execute(tx)
    .await
}
