//! App passwords: their SQL. A row without a secret is a draft that waits for its code.

use subtle::ConstantTimeEq;

use super::{Made, secret, secret::Secrets};
use crate::{
    ambient::{Ambient, HOUR, Millis},
    store::{Db, Result, Tx, sql},
};

/// How long a name waits for its code.
const DRAFTS: Millis = HOUR;

/// One that can be used, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AppPassword {
    pub id: String,
    pub name: String,
    pub user_name: String,
    pub made_at: Millis,
    pub used_at: Option<Millis>,
}

/// The newest first.
pub async fn of_subscriber(db: &Db, subscriber_id: &str) -> Result<Vec<AppPassword>> {
    sql("SELECT id, name, user_name, made_at, used_at FROM app_passwords
         WHERE subscriber_id = $1 AND secret IS NOT NULL ORDER BY made_at DESC, id DESC")
    .bind(subscriber_id)
    .all(db)
    .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Known {
    pub id: String,
    pub subscriber_id: String,
    secret: Vec<u8>,
    pub used_at: Option<Millis>,
}

/// What a user name led to: perhaps nothing, which takes as long to compare.
pub(super) struct Found(Option<Known>);

impl Found {
    pub fn filter_right(self, secrets: &Secrets, password: &str) -> Option<Known> {
        let (id, kept) = match &self.0 {
            Some(known) => (known.id.as_str(), known.secret.as_slice()),
            None => ("none", &[0; 32][..]),
        };
        let is_right: bool = secrets.kept(id, password).as_slice().ct_eq(kept).into();
        self.0.filter(|_| is_right)
    }
}

pub(super) async fn by_user_name(db: &Db, user_name: &str) -> Result<Found> {
    let known = sql("SELECT id, subscriber_id, secret, used_at FROM app_passwords
         WHERE user_name = $1 AND secret IS NOT NULL")
    .bind(user_name)
    .optional(db)
    .await?;
    Ok(Found(known))
}

pub(super) async fn touch(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    sql("UPDATE app_passwords SET used_at = $2 WHERE id = $1").bind(id).bind(now).execute(tx).await?;
    Ok(())
}

/// Keeps the name of one that is to be made, in place of any before.
pub(super) async fn draft(tx: &mut Tx, ambient: &Ambient, subscriber_id: &str, name: &str) -> Result<()> {
    sql("DELETE FROM app_passwords WHERE subscriber_id = $1 AND secret IS NULL")
        .bind(subscriber_id)
        .execute(&mut *tx)
        .await?;
    sql("INSERT INTO app_passwords (id, subscriber_id, name, made_at) VALUES ($1, $2, $3, $4)")
        .bind(ambient.id())
        .bind(subscriber_id)
        .bind(name)
        .bind(ambient.now())
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn has_draft(db: &Db, subscriber_id: &str) -> Result<bool> {
    let row: Option<(String,)> =
        sql("SELECT id FROM app_passwords WHERE subscriber_id = $1 AND secret IS NULL")
            .bind(subscriber_id)
            .optional(db)
            .await?;
    Ok(row.is_some())
}

/// Makes the draft a password; none when it is gone.
pub(super) async fn make(
    tx: &mut Tx,
    ambient: &Ambient,
    secrets: &Secrets,
    subscriber_id: &str,
) -> Result<Option<Made>> {
    let row: Option<(String, String)> =
        sql("SELECT id, name FROM app_passwords WHERE subscriber_id = $1 AND secret IS NULL")
            .bind(subscriber_id)
            .optional(&mut *tx)
            .await?;
    let Some((id, name)) = row else { return Ok(None) };
    let (user_name, password) = (secret::draw_user_name(ambient), secret::draw_password(ambient));
    let kept = secrets.kept(&id, &secret::password(&password));
    let made = sql("UPDATE app_passwords SET user_name = $2, secret = $3, made_at = $4
         WHERE id = $1 AND secret IS NULL")
    .bind(id)
    .bind(&user_name)
    .bind(&kept)
    .bind(ambient.now())
    .execute(tx)
    .await?;
    Ok((made > 0).then_some(Made { name, user_name, password }))
}

/// Ends one. False when the subscriber has none of this id.
pub(super) async fn end(tx: &mut Tx, subscriber_id: &str, id: &str) -> Result<bool> {
    let ended = sql("DELETE FROM app_passwords WHERE id = $1 AND subscriber_id = $2")
        .bind(id)
        .bind(subscriber_id)
        .execute(tx)
        .await?;
    Ok(ended > 0)
}

/// Ends all of an account.
pub async fn end_all(tx: &mut Tx, subscriber_id: &str) -> Result<()> {
    sql("DELETE FROM app_passwords WHERE subscriber_id = $1").bind(subscriber_id).execute(tx).await?;
    Ok(())
}

/// Removes names that nobody confirmed.
pub async fn clean_drafts(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("DELETE FROM app_passwords WHERE secret IS NULL AND made_at < $1")
        .bind(now - DRAFTS)
        .execute(tx)
        .await?;
    Ok(())
}
