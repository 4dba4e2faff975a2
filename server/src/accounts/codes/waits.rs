//! The waits between codes: they grow for each phone as typed, and decay in a day.

use crate::{
    ambient::{DAY, MINUTE, Millis, SECOND},
    store::{Db, Result, Tx, sql},
};

/// After this long without asking, a phone starts again.
const DECAY: Millis = DAY;
/// After the second, third … code; the last one stays.
const AFTER: [Millis; 5] = [30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE];

/// Counts a code for the phone, or returns the seconds until one may be asked for.
pub async fn take(tx: &mut Tx, phone: &[u8; 32], now: Millis) -> Result<Option<i64>> {
    let counted: Option<(i64,)> = sql("INSERT INTO code_waits (phone, asks, asked_at, next_at)
         VALUES ($1, 1, $2, $2)
         ON CONFLICT (phone) DO UPDATE SET
         asks = CASE WHEN code_waits.asked_at <= $3 THEN 1 ELSE code_waits.asks + 1 END,
         next_at = $2 + CASE
             WHEN code_waits.asked_at <= $3 THEN 0
             WHEN code_waits.asks = 1 THEN $4 WHEN code_waits.asks = 2 THEN $5
             WHEN code_waits.asks = 3 THEN $6 WHEN code_waits.asks = 4 THEN $7 ELSE $8 END,
         asked_at = $2
         WHERE code_waits.next_at <= $2 OR code_waits.asked_at <= $3
         RETURNING asks")
    .bind(phone)
    .bind(now)
    .bind(now - DECAY)
    .bind(AFTER[0])
    .bind(AFTER[1])
    .bind(AFTER[2])
    .bind(AFTER[3])
    .bind(AFTER[4])
    .optional(&mut *tx)
    .await?;
    if counted.is_some() {
        return Ok(None);
    }
    let (next_at,): (i64,) =
        sql("SELECT next_at FROM code_waits WHERE phone = $1").bind(phone).one(tx).await?;
    Ok(Some(seconds(next_at - now)))
}

/// Seconds until another may be asked for; 0 when at once.
pub async fn left(db: &Db, phone: &[u8; 32], now: Millis) -> Result<i64> {
    let row: Option<(i64,)> =
        sql("SELECT next_at FROM code_waits WHERE phone = $1").bind(phone).optional(db).await?;
    Ok(row.map_or(0, |(next_at,)| seconds(next_at - now)))
}

/// Rounded up, so that nobody is told to come too early.
pub fn seconds(wait: Millis) -> i64 {
    (wait.max(0) + SECOND - 1) / SECOND
}
