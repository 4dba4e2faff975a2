//! A new member: invited on the command line, enrolled by themselves at an address that works once.

use app::models::{Enrol, FieldError};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Role,
    audit::{self, Act},
    password,
    store::{self, Account, NewMember},
    totp::TotpKey,
};
use crate::{
    ambient::{Ambient, DAY},
    portal::Portal,
    store::{self as storage, Db},
    transaction,
    web::{self, wording},
};

/// What `makegood staff add` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Invitation {
    pub email: String,
    pub role: Role,
    /// Works once; whoever has it becomes the member.
    pub enrol_url: String,
    /// RFC 3339, 24 hours from now.
    pub expires_at: String,
}

#[derive(Debug, thiserror::Error)]
pub enum AddError {
    #[error("{0:?} is not an e-mail address")]
    Email(String),
    #[error("the name is empty")]
    Name,
    #[error("{0} is a member already and has set up their access")]
    Enrolled(String),
    #[error(transparent)]
    Store(#[from] storage::Error),
}

impl storage::Retry for AddError {
    fn retry(&self) -> bool {
        matches!(self, AddError::Store(error) if error.is_retryable())
    }
}

/// Adds a member, or gives one who never enrolled a fresh address; the older one ends.
pub async fn add(
    db: &Db,
    ambient: &Ambient,
    base_url: &str,
    email: &str,
    name: &str,
    role: Role,
) -> Result<Invitation, AddError> {
    let (email, name) = (address(email), name.trim());
    let well_formed = email.split_once('@').is_some_and(|(mailbox, host)| {
        !mailbox.is_empty() && host.contains('.') && !email.contains(char::is_whitespace)
    });
    if !well_formed || email.len() > 254 {
        return Err(AddError::Email(email));
    }
    if name.is_empty() {
        return Err(AddError::Name);
    }
    let token = URL_SAFE_NO_PAD.encode(ambient.bytes::<32>());
    let (id, now) = (ambient.id(), ambient.now());
    let expires = now + DAY;
    let invited = transaction!(db, |tx| -> Result<bool, AddError> {
        let member = NewMember {
            id: &id,
            email: &email,
            name,
            role: role.slug(),
            enrol_hash: &hash(&token),
            enrol_expires_at: expires,
            now,
        };
        Ok(store::invite(tx, &member).await?)
    })?;
    if !invited {
        return Err(AddError::Enrolled(email));
    }
    let enrol_url = format!("{base_url}/staff/enrol/{token}");
    Ok(Invitation { email, role, enrol_url, expires_at: wording::rfc3339(expires) })
}

/// An address as it is kept and compared.
pub fn address(typed: &str) -> String {
    typed.trim().to_lowercase()
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// What a member fills in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filled {
    password: String,
    password_again: String,
    code: String,
}

/// Whose address it is; an error that helps where it is nobody's any more.
pub async fn invited(portal: &Portal, token: &str) -> web::Result<Account> {
    let found = store::enrolling(portal.db()?, &hash(token), portal.ambient.now()).await?;
    found.ok_or_else(|| {
        let why = "This address was used already, or it is more than 24 hours old. \
                   Ask whoever gave it to you for a new one.";
        web::Error::BadRequest(why.to_owned())
    })
}

pub fn page(portal: &Portal, token: &str, member: Account, errors: Vec<FieldError>) -> web::Result<Enrol> {
    let key = TotpKey::of_enrolment(portal.master(), token);
    let (qr_svg, secret) = key.shown(&portal.incident.operator, &member.email)?;
    Ok(Enrol { name: member.name, email: member.email, qr_svg, secret, errors })
}

/// Sets password and TOTP; returns the mistakes, none when it is done.
pub async fn complete(
    portal: &Portal,
    token: &str,
    member: &Account,
    filled: Filled,
) -> web::Result<Vec<FieldError>> {
    let (ambient, now) = (&portal.ambient, portal.ambient.now());
    let key = TotpKey::of_enrolment(portal.master(), token);
    let errors = mistakes(&key, member, &filled, now);
    if !errors.is_empty() {
        return Ok(errors);
    }
    let password = password::hash(filled.password, ambient).await?;
    let sealed = key.seal(portal.master(), &member.id, ambient);
    let sealed = sealed.map_err(|error| web::Error::Internal(error.to_string()))?;
    // The code opened nothing yet, so it may still be the first to sign in with.
    let done = transaction!(portal.db()?, |tx| -> storage::Result<bool> {
        let done = store::enrol(tx, &hash(token), &password, &sealed, now).await?;
        if done {
            let (member_id, member_email) = (member.id.as_str(), member.email.as_str());
            audit::record(tx, ambient, Act { member_id, member_email, action: "enrolled", ..Act::default() })
                .await?;
        }
        Ok(done)
    })?;
    if done { Ok(Vec::new()) } else { invited(portal, token).await.map(|_| Vec::new()) }
}

fn mistakes(key: &TotpKey, member: &Account, filled: &Filled, now: i64) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if key.step(&filled.code, now).is_none() {
        let message =
            "This is not the code that the app shows now. Scan the picture again, or check the clock";
        errors.push(FieldError::new("code", message));
    }
    if let Some(fault) = password::fault(&filled.password, &member.email, &member.name) {
        errors.push(FieldError::new("password", fault));
    } else if filled.password != filled.password_again {
        errors.push(FieldError::new("password_again", "The two passwords are not the same"));
    }
    errors
}
