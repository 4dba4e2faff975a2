//! What is stored of gift-card codes.

use app::models::Money;

use super::super::Order;
use crate::{
    ambient::Millis,
    sql_keeping_rows, sql_skipping_locked,
    store::{On, Result, Tx, sql},
};

/// A sealed code, to be written down.
pub struct NewCode<'a> {
    pub id: &'a str,
    pub remedy: &'a str,
    pub amount: i64,
    pub currency: &'a str,
    pub fingerprint: [u8; 32],
    pub sealed: Vec<u8>,
    pub now: Millis,
    pub expires_at: Option<Millis>,
}

/// False when it is there already.
pub async fn insert(tx: &mut Tx, code: &NewCode<'_>) -> Result<bool> {
    let rows = sql(
        "INSERT INTO gift_codes (id, remedy, amount, currency, fingerprint, sealed, imported_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (fingerprint) DO NOTHING",
    )
    .bind(code.id)
    .bind(code.remedy)
    .bind(code.amount)
    .bind(code.currency)
    .bind(&code.fingerprint)
    .bind(code.sealed.as_slice())
    .bind(code.now)
    .bind(code.expires_at)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// Free codes may have been given: none is until somebody knows better. How many.
pub async fn doubt(tx: &mut Tx, now: Millis) -> Result<u64> {
    sql("UPDATE gift_codes SET doubtful_at = COALESCE(doubtful_at, $1) WHERE order_id IS NULL")
        .bind(now)
        .execute(tx)
        .await
}

/// The issuer says that this code is unused: it may be given. False: it was in no doubt.
pub async fn trust(tx: &mut Tx, fingerprint: &[u8; 32]) -> Result<bool> {
    let rows = sql("UPDATE gift_codes SET doubtful_at = NULL
         WHERE fingerprint = $1 AND order_id IS NULL AND doubtful_at IS NOT NULL")
    .bind(fingerprint)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// The code that the order has.
pub async fn given(on: impl Into<On<'_>>, order: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        sql("SELECT id FROM gift_codes WHERE order_id = $1").bind(order).optional(on).await?;
    Ok(row.map(|(id,)| id))
}

/// Gives the order a code of its remedy and worth; none when there is none, or its person was erased.
pub async fn give(tx: &mut Tx, order: &Order, now: Millis) -> Result<Option<String>> {
    // An erasure that is under way goes first, and leaves nobody to give to; one that begins now waits, and then destroys
    // the code.
    let person: Option<(String,)> = sql_keeping_rows!("SELECT id FROM subscribers WHERE id = $1")
        .bind(&order.subscriber_id)
        .optional(&mut *tx)
        .await?;
    if person.is_none() {
        return Ok(None);
    }
    let row: Option<(String,)> = sql_skipping_locked!(
        "UPDATE gift_codes SET order_id = $1, given_at = $2 WHERE order_id IS NULL AND id = (
             SELECT id FROM gift_codes WHERE remedy = $3 AND order_id IS NULL AND amount = $4 AND currency = $5
             AND (expires_at IS NULL OR expires_at > $2) AND doubtful_at IS NULL ORDER BY id LIMIT 1",
        ") RETURNING id"
    )
    .bind(&order.id)
    .bind(now)
    .bind(&order.remedy)
    .bind(order.amount)
    .bind(&order.currency)
    .optional(tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// The sealed code of an order, with its id; the code is none once its owner was erased.
pub async fn sealed(on: impl Into<On<'_>>, order: &str) -> Result<Option<(String, Option<Vec<u8>>)>> {
    sql("SELECT id, sealed FROM gift_codes WHERE order_id = $1").bind(order).optional(on).await
}

pub async fn mark_seen(tx: &mut Tx, order: &str, now: Millis) -> Result<()> {
    sql("UPDATE gift_codes SET seen_at = $2 WHERE order_id = $1 AND seen_at IS NULL")
        .bind(order)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Destroys the codes that a person was given; that each was given stays accountable.
pub async fn forget(tx: &mut Tx, subscriber: &str) -> Result<()> {
    sql("UPDATE gift_codes SET sealed = NULL
         WHERE order_id IN (SELECT id FROM payout_orders WHERE subscriber_id = $1)")
    .bind(subscriber)
    .execute(tx)
    .await?;
    Ok(())
}

/// How many codes of a remedy and a worth there are, and how many orders wait for one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Stock {
    pub remedy: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub given: i64,
    pub free: i64,
    /// Perhaps given before an older copy of the database was restored.
    pub doubtful: i64,
    /// Orders without a code, also those of which that is asked first.
    pub waiting: i64,
}

impl Stock {
    pub fn worth(&self) -> Money {
        Money::new(self.amount, &self.currency)
    }
}

pub async fn stock(on: impl Into<On<'_>>, now: Millis) -> Result<Vec<Stock>> {
    sql("SELECT remedy, amount, currency, CAST(SUM(given) AS BIGINT) AS given, CAST(SUM(free) AS BIGINT) AS free,
         CAST(SUM(doubtful) AS BIGINT) AS doubtful, CAST(SUM(waiting) AS BIGINT) AS waiting FROM (
             SELECT remedy, amount, currency, CASE WHEN order_id IS NULL THEN 0 ELSE 1 END AS given,
             CASE WHEN order_id IS NULL AND doubtful_at IS NULL AND (expires_at IS NULL OR expires_at > $1)
                 THEN 1 ELSE 0 END AS free,
             CASE WHEN order_id IS NULL AND doubtful_at IS NOT NULL THEN 1 ELSE 0 END AS doubtful,
             0 AS waiting FROM gift_codes
             UNION ALL
             SELECT remedy, amount, currency, 0, 0, 0, 1 FROM payout_orders o
             WHERE provider = 'code-pool' AND state IN ('waiting', 'sending', 'unknown')
             AND NOT EXISTS (SELECT 1 FROM gift_codes g WHERE g.order_id = o.id)) AS c
         GROUP BY remedy, amount, currency ORDER BY remedy, amount DESC, currency")
    .bind(now)
    .all(on)
    .await
}

/// What the open orders for a code of a remedy are worth, and in which currency: also of those that wait for a person.
pub async fn awaited(on: impl Into<On<'_>>, remedy: &str) -> Result<Vec<(i64, String)>> {
    sql("SELECT DISTINCT amount, currency FROM payout_orders
         WHERE provider = 'code-pool' AND state IN ('waiting', 'sending', 'unknown', 'stuck') AND remedy = $1
         ORDER BY amount, currency")
    .bind(remedy)
    .all(on)
    .await
}

/// Of which codes there are fewer than wait for one.
pub async fn shortages(on: impl Into<On<'_>>, now: Millis) -> Result<Vec<Stock>> {
    let stock = stock(on, now).await?;
    Ok(stock.into_iter().filter(|stock| stock.free < stock.waiting).collect())
}
