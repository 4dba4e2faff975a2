//! Consecutive wrong entries (NIST 800-63B: at most 100 for an account, whatever is sent again).

use super::{Open, waits::seconds};
use crate::{
    ambient::{HOUR, Millis},
    store::{Result, Tx, sql},
};

/// From this one on each needs an hour more.
pub const FREE: i64 = 20;
/// All that an account may have.
const LIMIT: i64 = 100;
/// The part of them that is kept for browsers that signed in before.
const RESERVED: i64 = 20;

/// Who fails: others cannot use up what is kept for a browser that has signed in before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pool {
    /// A browser that signed in to the account before.
    Known,
    /// Any other; `beside_known` when the account has known ones, whose part is kept.
    Others { beside_known: bool },
}

impl Pool {
    /// The pool of a browser at an account; of a number that no account has, always the same.
    pub async fn of(tx: &mut Tx, subscriber_id: Option<&str>, browser: &[u8; 32]) -> Result<Self> {
        let (all, this): (i64, i64) = sql("SELECT COUNT(*),
             CAST(COALESCE(SUM(CASE WHEN browser = $2 THEN 1 ELSE 0 END), 0) AS BIGINT)
             FROM known_browsers WHERE subscriber_id = $1")
        .bind(subscriber_id)
        .bind(browser)
        .one(tx)
        .await?;
        Ok(if this > 0 { Pool::Known } else { Pool::Others { beside_known: all > 0 } })
    }

    pub fn limit(self) -> i64 {
        match self {
            Pool::Known => RESERVED,
            Pool::Others { beside_known: true } => LIMIT - RESERVED,
            Pool::Others { beside_known: false } => LIMIT,
        }
    }

    fn slug(self) -> &'static str {
        match self {
            Pool::Known => "known",
            Pool::Others { .. } => "others",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    Wait { seconds: i64 },
    Stopped,
}

pub async fn standing(tx: &mut Tx, subject: &[u8; 32], pool: Pool, now: Millis) -> Result<Standing> {
    let row: Option<(i64, i64)> =
        sql("SELECT failures, next_at FROM code_failures WHERE subject = $1 AND pool = $2")
            .bind(subject)
            .bind(pool.slug())
            .optional(tx)
            .await?;
    Ok(match row {
        Some((failures, _)) if failures >= pool.limit() => Standing::Stopped,
        Some((_, next_at)) if next_at > now => Standing::Wait { seconds: seconds(next_at - now) },
        _ => Standing::Open,
    })
}

/// Counts a wrong entry; returns how many there are, or none when the limit is already reached.
pub async fn charge(
    tx: &mut Tx,
    subject: &[u8; 32],
    pool: Pool,
    open: &Open,
    now: Millis,
) -> Result<Option<i64>> {
    let row: Option<(i64,)> = sql("INSERT INTO code_failures
         (subject, pool, subscriber_id, failures, next_at, changed_at) VALUES ($1, $2, $3, 1, 0, $4)
         ON CONFLICT (subject, pool) DO UPDATE SET failures = code_failures.failures + 1, changed_at = $4,
         next_at = CASE WHEN code_failures.failures + 1 >= $5 THEN $6 ELSE 0 END
         WHERE code_failures.failures < $7
         RETURNING failures")
    .bind(subject)
    .bind(pool.slug())
    .bind(open.subscriber_id.as_deref())
    .bind(now)
    .bind(FREE)
    .bind(now + HOUR)
    .bind(pool.limit())
    .optional(tx)
    .await?;
    Ok(row.map(|(failures,)| failures))
}

/// A success clears them, in every browser.
pub async fn clear(tx: &mut Tx, subject: &[u8; 32]) -> Result<()> {
    sql("DELETE FROM code_failures WHERE subject = $1").bind(subject).execute(tx).await?;
    Ok(())
}
