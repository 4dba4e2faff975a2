//! Wrong passwords, counted for the user name and for the address they come from. They slow those
//! who guess and nobody else: a right password is let in all the same, and signing in on the site knows
//! nothing of them.

use crate::{
    ambient::{HOUR, MINUTE, Millis, SECOND},
    store::{Db, Result, Tx, sql},
};

/// From this one on a user name needs a wait, and how long.
const OF_USER: (i64, Millis) = (10, 15 * MINUTE);
/// The same of an address, behind which a carrier may have thousands of phones.
const OF_ADDRESS: (i64, Millis) = (100, MINUTE);
/// After this long without a wrong one, counting begins again.
const DECAY: Millis = HOUR;

/// How it stands for a user name at an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Until a wrong one is counted and refused again, and not told to wait; 0 when at once.
    pub seconds: i64,
    /// Wrong ones for the user name.
    pub of_user: i64,
}

/// `subjects`: the user name and the address, as keyed hashes.
pub async fn standing(db: &Db, subjects: &[[u8; 32]; 2], now: Millis) -> Result<Standing> {
    let rows: Vec<(Vec<u8>, i64, i64)> =
        sql("SELECT subject, failures, next_at FROM app_password_failures WHERE subject IN ($1, $2)")
            .bind(&subjects[0])
            .bind(&subjects[1])
            .all(db)
            .await?;
    let wait = rows.iter().map(|(_, _, next_at)| next_at - now).max().unwrap_or(0).max(0);
    let user = rows.iter().find(|(subject, _, _)| *subject == subjects[0]);
    Ok(Standing {
        seconds: (wait + SECOND - 1) / SECOND,
        of_user: user.map_or(0, |(_, failures, _)| *failures),
    })
}

/// Counts a wrong one for both. Always in the same order, so that no two wait on each other in a ring.
pub async fn charge(tx: &mut Tx, subjects: &[[u8; 32]; 2], now: Millis) -> Result<()> {
    for (subject, (free, wait)) in subjects.iter().zip([OF_USER, OF_ADDRESS]) {
        sql(
            "INSERT INTO app_password_failures (subject, failures, next_at, changed_at) VALUES ($1, 1, 0, $2)
             ON CONFLICT (subject) DO UPDATE SET
             failures = CASE WHEN app_password_failures.changed_at <= $3 THEN 1
                 ELSE app_password_failures.failures + 1 END,
             next_at = CASE WHEN app_password_failures.changed_at > $3
                 AND app_password_failures.failures + 1 >= $4 THEN $5 ELSE 0 END,
             changed_at = $2",
        )
        .bind(subject)
        .bind(now)
        .bind(now - DECAY)
        .bind(free)
        .bind(now + wait)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// A right one ends the count of its user name.
pub async fn clear(tx: &mut Tx, user: &[u8; 32]) -> Result<()> {
    sql("DELETE FROM app_password_failures WHERE subject = $1").bind(user).execute(tx).await?;
    Ok(())
}

/// Removes what no longer counts.
pub async fn clean(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("DELETE FROM app_password_failures WHERE changed_at < $1").bind(now - DECAY).execute(tx).await?;
    Ok(())
}
