//! What Tremendous calls things: an order has an id of theirs, and so has the reward in it.

use super::said;
use crate::{
    ambient::Millis,
    store::{On, Result, Tx, sql},
};

const PROVIDER: &str = "tremendous";

/// Remembers the rewards of an order: what they tell of a reward names its id alone.
pub async fn remember(tx: &mut Tx, order: &str, theirs: &said::Order) -> Result<()> {
    for id in theirs.rewards.iter().filter_map(|reward| reward.id.as_deref()) {
        sql("INSERT INTO payout_parts (provider, reference, order_id) VALUES ($1, $2, $3)
             ON CONFLICT (provider, reference) DO NOTHING")
        .bind(PROVIDER)
        .bind(id)
        .bind(order)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// The id of our order by an id of theirs, an order's or a reward's.
pub async fn ours(on: impl Into<On<'_>>, theirs: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sql("SELECT id FROM payout_orders WHERE provider = $1 AND reference = $2
         UNION SELECT order_id FROM payout_parts WHERE provider = $1 AND reference = $2 LIMIT 1")
    .bind(PROVIDER)
    .bind(theirs)
    .optional(on)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// Lets a worker ask about an order at once that would be asked about later; any other stays as it is.
pub async fn hint(tx: &mut Tx, order: &str, now: Millis) -> Result<()> {
    sql("UPDATE payout_orders SET due_at = $2 WHERE id = $1 AND state = 'placed' AND due_at > $2")
        .bind(order)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
