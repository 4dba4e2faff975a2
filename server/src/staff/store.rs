//! Members' rows, and what they tried.

use crate::{
    ambient::{HOUR, Millis},
    store::{Db, Result, Tx, sql},
};

/// A member as the sign-in needs to know them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Account {
    pub id: String,
    pub email: String,
    pub name: String,
    pub password_hash: Option<String>,
    pub totp_sealed: Option<Vec<u8>>,
}

/// By e-mail address in lower case.
pub async fn account(db: &Db, email: &str) -> Result<Option<Account>> {
    sql("SELECT id, email, name, password_hash, totp_sealed FROM staff WHERE email = $1")
        .bind(email)
        .optional(db)
        .await
}

/// Whose open enrolment address it is.
pub async fn enrolling(db: &Db, hash: &[u8; 32], now: Millis) -> Result<Option<Account>> {
    sql("SELECT id, email, name, password_hash, totp_sealed FROM staff
         WHERE enrol_hash = $1 AND enrol_expires_at > $2")
    .bind(hash)
    .bind(now)
    .optional(db)
    .await
}

pub struct NewMember<'a> {
    pub id: &'a str,
    pub email: &'a str,
    pub name: &'a str,
    pub role: &'a str,
    pub enrol_hash: &'a [u8; 32],
    pub enrol_expires_at: Millis,
    pub now: Millis,
}

/// Adds a member, or gives one who has not enrolled another address. False when they have.
pub async fn invite(tx: &mut Tx, member: &NewMember<'_>) -> Result<bool> {
    let rows = sql("INSERT INTO staff (id, email, name, role, enrol_hash, enrol_expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (email) DO UPDATE SET name = excluded.name, role = excluded.role,
         enrol_hash = excluded.enrol_hash, enrol_expires_at = excluded.enrol_expires_at
         WHERE staff.password_hash IS NULL")
    .bind(member.id)
    .bind(member.email)
    .bind(member.name)
    .bind(member.role)
    .bind(member.enrol_hash)
    .bind(member.enrol_expires_at)
    .bind(member.now)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// Uses an enrolment address up. False when it was used meanwhile, or is too old.
pub async fn enrol(
    tx: &mut Tx,
    hash: &[u8; 32],
    password_hash: &str,
    totp_sealed: &[u8],
    now: Millis,
) -> Result<bool> {
    let rows = sql(
        "UPDATE staff SET password_hash = $2, totp_sealed = $3, enrol_hash = NULL, enrol_expires_at = NULL
         WHERE enrol_hash = $1 AND enrol_expires_at > $4",
    )
    .bind(hash)
    .bind(password_hash)
    .bind(totp_sealed)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// Uses a TOTP step up. False when this one or a later one was used already.
pub async fn use_step(tx: &mut Tx, member: &str, step: i64) -> Result<bool> {
    let rows = sql("UPDATE staff SET totp_step = $2 WHERE id = $1 AND totp_step < $2")
        .bind(member)
        .bind(step)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

/// Counts a try before it is judged, so that racing gains nothing. False while locked.
/// From the fifth in a row on each is followed by a lock: 30 s, 1 min, 5, 15 and then 60.
pub async fn try_once(tx: &mut Tx, email_hash: &[u8; 32], now: Millis) -> Result<bool> {
    sql("DELETE FROM staff_tries WHERE tried_at < $1").bind(now - 2 * HOUR).execute(tx).await?;
    let row: Option<(i64,)> = sql("INSERT INTO staff_tries (email_hash, failures, locked_until, tried_at)
         VALUES ($1, 1, 0, $2)
         ON CONFLICT (email_hash) DO UPDATE SET failures = staff_tries.failures + 1, tried_at = excluded.tried_at,
         locked_until = excluded.tried_at + CASE
             WHEN staff_tries.failures + 1 >= 12 THEN 3600000
             WHEN staff_tries.failures + 1 >= 10 THEN 900000
             WHEN staff_tries.failures + 1 >= 8 THEN 300000
             WHEN staff_tries.failures + 1 >= 6 THEN 60000
             WHEN staff_tries.failures + 1 >= 5 THEN 30000
             ELSE 0 END
         WHERE staff_tries.locked_until <= excluded.tried_at
         RETURNING failures")
    .bind(email_hash)
    .bind(now)
    .optional(tx)
    .await?;
    Ok(row.is_some())
}

/// A success clears the count.
pub async fn forget_tries(tx: &mut Tx, email_hash: &[u8; 32]) -> Result<()> {
    sql("DELETE FROM staff_tries WHERE email_hash = $1").bind(email_hash).execute(tx).await?;
    Ok(())
}
