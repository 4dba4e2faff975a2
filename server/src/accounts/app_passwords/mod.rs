//! App passwords: what a phone signs in with to fetch contacts and calendar, and nothing else.
//!
//! A password and its user name are drawn by us, shown once and kept as a keyed hash. Each is ended
//! alone, by its owner, or with the account's phone or the account.

mod failures;
pub mod routes;
mod secret;
mod store;
#[cfg(test)]
mod tests;
mod witness;

pub use failures::clean as clean_failures;
pub use store::{AppPassword, clean_drafts, end_all, of_subscriber};
pub use witness::{AppClient, Refused};

use std::net::IpAddr;

use secret::Secrets;

use super::Profile;
use crate::{
    ambient::{MINUTE, Millis},
    portal::Portal,
    store::Result,
    transaction,
};

/// As many as one person may have at once.
pub const LIMIT: usize = 10;
/// A row is written for being used at most this often.
const TOUCH: Millis = 5 * MINUTE;

/// What somebody is shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub name: String,
    pub user_name: String,
    pub password: String,
}

/// One made without a code, for tests of what it opens.
#[cfg(test)]
pub async fn made_for_test(portal: &Portal, owner: &Profile) -> Made {
    let (db, secrets) = (portal.db().unwrap(), Secrets::new(portal.master()));
    let made = transaction!(db, |tx| -> Result<Option<Made>> {
        store::draft(tx, &portal.ambient, &owner.id, "Phone").await?;
        store::make(tx, &portal.ambient, &secrets, &owner.id).await
    });
    made.unwrap().unwrap()
}

/// Why nobody was let in. The same for a user name that nobody has and a password that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    Wrong,
    Wait { seconds: i64 },
}

/// Whose password this is.
async fn check(
    portal: &Portal,
    user_name: &str,
    typed: &str,
    address: IpAddr,
) -> Result<std::result::Result<Profile, Refusal>> {
    let (secrets, db, now) = (Secrets::new(portal.master()), portal.db()?, portal.ambient.now());
    let (user_name, password) = (secret::user_name(user_name), secret::password(typed));
    let pair = secrets.pair(&user_name, &password);
    if let Some(profile) = portal.app_clients.get(&pair, now) {
        return Ok(Ok(profile));
    }
    let before = portal.app_clients.before();
    let subjects = [secrets.of_user(&user_name), secrets.of_address(address)];
    let standing = failures::standing(db, &subjects, now).await?;
    let known = store::by_user_name(db, &user_name).await?;
    let Some(known) = known.filter_right(&secrets, &password) else {
        // Nobody guesses 125 bits: a wait holds up wrong ones alone, and keeps no phone out whose is right.
        if standing.seconds > 0 {
            return Ok(Err(Refusal::Wait { seconds: standing.seconds }));
        }
        transaction!(db, bulk |tx| -> Result<()> { failures::charge(tx, &subjects, now).await })?;
        return Ok(Err(Refusal::Wrong));
    };
    if known.used_at.is_none_or(|at| now - at >= TOUCH) || standing.of_user > 0 {
        transaction!(db, bulk |tx| -> Result<()> {
            store::touch(tx, &known.id, now).await?;
            failures::clear(tx, &subjects[0]).await
        })?;
    }
    let Some(profile) = Profile::load(db, &known.subscriber_id).await? else {
        return Ok(Err(Refusal::Wrong));
    };
    portal.app_clients.keep(before, pair, profile.clone(), now);
    Ok(Ok(profile))
}
