//! Codes: their SQL.

use super::{Purpose, Stage, TRIES};
use crate::{
    ambient::{DAY, HOUR, MINUTE, Millis},
    store::{Db, Error, Result, Tx, keys::MasterKey, sql},
};

/// Whose number it is.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Owner {
    pub id: String,
    pub account: String,
}

impl Owner {
    /// The one subscriber with this phone; none when nobody has it, or more than one.
    pub async fn of(tx: &mut Tx, phone: &str) -> Result<Option<Self>> {
        let mut owners: Vec<Owner> =
            sql("SELECT id, account FROM subscribers WHERE phone = $1 LIMIT 2").bind(phone).all(tx).await?;
        Ok(if owners.len() == 1 { owners.pop() } else { None })
    }
}

/// A code that was asked for and is not yet used, replaced or cleaned away.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Open {
    pub(super) purpose: String,
    pub(super) holder: Vec<u8>,
    pub(super) id: String,
    pub(super) phone: Vec<u8>,
    typed_sealed: Vec<u8>,
    pub subscriber_id: Option<String>,
    pub(super) code: Vec<u8>,
    passed_at: Option<Millis>,
    expires_at: Millis,
}

impl Open {
    /// The number as it was typed.
    pub fn typed(&self, master: &MasterKey) -> Result<String> {
        let typed = master.open_small(&typed_context(&self.id), &self.typed_sealed);
        let typed = typed.map_err(|error| Error::Corrupt(error.to_string()))?;
        String::from_utf8(typed).map_err(|error| Error::Corrupt(error.to_string()))
    }

    /// The code was right, and the second fact is to come.
    pub fn awaits_fact(&self, now: Millis) -> bool {
        self.passed_at.is_some() && self.expires_at > now
    }

    pub fn expires_at(&self) -> Millis {
        self.expires_at
    }

    pub(super) fn purpose(&self) -> Result<Purpose> {
        [Purpose::SignIn, Purpose::Caller, Purpose::Fresh]
            .into_iter()
            .find(|purpose| purpose.slug() == self.purpose)
            .ok_or_else(|| Error::Corrupt("a code's purpose".to_owned()))
    }

    pub(super) fn holder(&self) -> Result<[u8; 32]> {
        self.holder.as_slice().try_into().map_err(|_| Error::Corrupt("a code's holder".to_owned()))
    }

    pub(super) fn phone(&self) -> Result<[u8; 32]> {
        self.phone.as_slice().try_into().map_err(|_| Error::Corrupt("a code's phone".to_owned()))
    }
}

pub(super) fn typed_context(id: &str) -> String {
    format!("typed:{id}")
}

pub(super) struct NewCode<'a> {
    pub id: String,
    pub purpose: Purpose,
    pub holder: &'a [u8; 32],
    pub phone: &'a [u8; 32],
    pub typed: Vec<u8>,
    pub subscriber_id: Option<&'a str>,
    pub code: [u8; 32],
    pub expires_at: Millis,
}

/// The newest code of a phone is the only one, and so is that of a holder.
pub(super) async fn put(tx: &mut Tx, new: NewCode<'_>) -> Result<()> {
    sql("DELETE FROM codes WHERE purpose = $1 AND phone = $2 AND holder <> $3")
        .bind(new.purpose.slug())
        .bind(new.phone)
        .bind(new.holder)
        .execute(tx)
        .await?;
    sql(
        "INSERT INTO codes (purpose, holder, id, phone, typed_sealed, subscriber_id, code, tries, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)
         ON CONFLICT (purpose, holder) DO UPDATE SET id = excluded.id, phone = excluded.phone,
         typed_sealed = excluded.typed_sealed, subscriber_id = excluded.subscriber_id, code = excluded.code,
         tries = 0, passed_at = NULL, expires_at = excluded.expires_at",
    )
    .bind(new.purpose.slug())
    .bind(new.holder)
    .bind(&new.id)
    .bind(new.phone)
    .bind(new.typed)
    .bind(new.subscriber_id)
    .bind(&new.code)
    .bind(new.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

const OPEN: &str =
    "SELECT purpose, holder, id, phone, typed_sealed, subscriber_id, code, passed_at, expires_at
     FROM codes WHERE purpose = $1 AND holder = $2";

/// The holder's code, expired or not.
pub async fn of_holder(db: &Db, purpose: Purpose, holder: &[u8; 32]) -> Result<Option<Open>> {
    sql(OPEN).bind(purpose.slug()).bind(holder).optional(db).await
}

/// Takes one try; returns how many are then taken, or none when the code has ended.
pub(super) async fn take_try(tx: &mut Tx, open: &Open, stage: Stage, now: Millis) -> Result<Option<i64>> {
    let row: Option<(i64,)> = sql("UPDATE codes SET tries = tries + 1
         WHERE purpose = $1 AND holder = $2 AND id = $3 AND tries < $4 AND expires_at > $5
         AND (CASE WHEN passed_at IS NULL THEN 0 ELSE 1 END) = $6
         RETURNING tries")
    .bind(&open.purpose)
    .bind(open.holder.as_slice())
    .bind(&open.id)
    .bind(TRIES)
    .bind(now)
    .bind(i64::from(stage == Stage::Fact))
    .optional(tx)
    .await?;
    Ok(row.map(|(tries,)| tries))
}

/// The code was right; five tries for the second fact begin.
pub async fn pass(tx: &mut Tx, open: &Open, now: Millis) -> Result<()> {
    sql("UPDATE codes SET passed_at = $2, tries = 0, expires_at = $3 WHERE id = $1")
        .bind(&open.id)
        .bind(now)
        .bind(now + super::LASTS)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn forget_holder(tx: &mut Tx, purpose: Purpose, holder: &[u8; 32]) -> Result<()> {
    sql("DELETE FROM codes WHERE purpose = $1 AND holder = $2")
        .bind(purpose.slug())
        .bind(holder)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn phone_of(tx: &mut Tx, subscriber_id: Option<&str>) -> Result<Option<String>> {
    let row: Option<(Option<String>,)> =
        sql("SELECT phone FROM subscribers WHERE id = $1").bind(subscriber_id).optional(tx).await?;
    Ok(row.and_then(|(phone,)| phone))
}

/// Removes what time has made worthless. Failures of accounts stay: only a success clears them.
pub async fn clean(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("DELETE FROM codes WHERE expires_at < $1").bind(now - 10 * MINUTE).execute(tx).await?;
    sql("DELETE FROM code_waits WHERE asked_at < $1").bind(now - DAY - HOUR).execute(tx).await?;
    sql("DELETE FROM code_failures WHERE subscriber_id IS NULL AND changed_at < $1")
        .bind(now - 30 * DAY)
        .execute(tx)
        .await?;
    Ok(())
}
