//! Signing in with e-mail, password and TOTP at once. Whatever is wrong, the answer is the same.

use serde::Deserialize;

use super::{
    audit::{self, Act},
    enrol::address,
    password,
    store::{self, Account},
    totp::TotpKey,
};
use crate::{
    portal::Portal,
    store::{self as storage, keys::hmac},
    transaction, web,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Credentials {
    pub email: String,
    password: String,
    code: String,
}

/// The longest e-mail address (RFC 5321).
const LONGEST: usize = 254;

/// The id of the member whose credentials they are; none for any mistake.
pub async fn verify(portal: &Portal, given: Credentials) -> web::Result<Option<String>> {
    let now = portal.ambient.now();
    let mut email = address(&given.email);
    email.truncate(email.floor_char_boundary(LONGEST));
    let tries = hmac(&portal.master().derive("staff-tries"), &[email.as_bytes()]);
    let db = portal.db()?;
    let open = transaction!(db, |tx| -> storage::Result<bool> { store::try_once(tx, &tries, now).await })?;
    let found = store::account(db, &email).await?.filter(|_| open);
    let kept = found.as_ref().and_then(|account| account.password_hash.clone());
    // The slow part, for members, strangers and the locked alike.
    let password = password::matches(given.password, kept).await?;
    let Some(account) = found.filter(|_| password) else { return Ok(None) };
    let Some(step) = step(portal, &account, &given.code)? else { return Ok(None) };
    let used = transaction!(db, |tx| -> storage::Result<bool> {
        let fresh = store::use_step(tx, &account.id, step).await?;
        if fresh {
            store::forget_tries(tx, &tries).await?;
            let (member_id, member_email) = (account.id.as_str(), account.email.as_str());
            let act = Act { member_id, member_email, action: "signed-in", ..Act::default() };
            audit::record(tx, &portal.ambient, act).await?;
        }
        Ok(fresh)
    })?;
    Ok(used.then_some(account.id))
}

fn step(portal: &Portal, account: &Account, code: &str) -> web::Result<Option<i64>> {
    let Some(sealed) = &account.totp_sealed else { return Ok(None) };
    let key = TotpKey::open(portal.master(), &account.id, sealed);
    let key = key.map_err(|error| web::Error::Internal(error.to_string()))?;
    Ok(key.step(code, portal.ambient.now()))
}
