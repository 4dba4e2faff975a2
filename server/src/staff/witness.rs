//! The proof that a member of staff asks.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use http::request::Parts;
use tower_sessions::Session;

use super::Role;
use crate::{
    accounts::session::{self, Who},
    portal::Portal,
    store::sql,
    web,
};

/// The signed-in member of staff. Only a request with their session makes one.
#[derive(Clone, Debug)]
pub struct Member(Row);

#[derive(Clone, Debug, sqlx::FromRow)]
struct Row {
    id: String,
    email: String,
    name: String,
    role: String,
}

impl Member {
    pub fn id(&self) -> &str {
        &self.0.id
    }

    pub fn email(&self) -> &str {
        &self.0.email
    }

    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// None when a newer version gave a role that this one does not know.
    pub fn role(&self) -> Option<Role> {
        self.0.role.parse().ok()
    }

    /// The member who asks, if one is signed in.
    pub async fn of_request(parts: &mut Parts, portal: &Portal) -> web::Result<Option<Self>> {
        let Some(session) = parts.extensions.get::<Session>() else { return Ok(None) };
        match session::visit(session, portal.ambient.now()).await? {
            Some(session::Visit { who: Who::Staff(id), .. }) => {
                let row = sql(
                    "SELECT id, email, name, role FROM staff WHERE id = $1 AND password_hash IS NOT NULL",
                )
                .bind(&id)
                .optional(portal.db()?)
                .await?;
                Ok(row.map(Member))
            }
            _ => Ok(None),
        }
    }
}

impl FromRequestParts<Portal> for Member {
    type Rejection = web::Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> web::Result<Self> {
        Self::of_request(parts, portal).await?.ok_or(web::Error::SignIn("/staff/sign-in"))
    }
}

/// Something that some roles do and others may not.
pub trait Duty: Send + Sync + 'static {
    const ROLES: &'static [Role];
}

/// Finding a subscriber, and the caller's page.
#[derive(Clone, Copy, Debug)]
pub struct Callers;

impl Duty for Callers {
    const ROLES: &'static [Role] = &Role::ALL;
}

/// Seeing a subscriber's items and unmasked fields. Accounting for claims needs neither.
#[derive(Clone, Copy, Debug)]
pub struct Items;

impl Duty for Items {
    const ROLES: &'static [Role] = &[Role::Support, Role::Engineer, Role::Admin];
}

/// Reports and appeals: the queue, taking one, asking its owner.
#[derive(Clone, Copy, Debug)]
pub struct Cases;

impl Duty for Cases {
    const ROLES: &'static [Role] = &[Role::Support, Role::Finance, Role::Admin];
}

/// Answering a report.
#[derive(Clone, Copy, Debug)]
pub struct Answers;

impl Duty for Answers {
    const ROLES: &'static [Role] = &[Role::Support, Role::Admin];
}

/// Making a claim for somebody who cannot: whoever answers callers. Those who decide on claims and pay them do not
/// make them, but for the administrators.
#[derive(Clone, Copy, Debug)]
pub struct ForOthers;

impl Duty for ForOthers {
    const ROLES: &'static [Role] = &[Role::Support, Role::Admin];
}

/// Deciding on an appeal: it gives money away.
#[derive(Clone, Copy, Debug)]
pub struct Decides;

impl Duty for Decides {
    const ROLES: &'static [Role] = &[Role::Finance, Role::Admin];
}

/// The proof that a member whose role has the duty asks.
#[derive(Clone, Debug)]
pub struct Staff<D: Duty> {
    member: Member,
    duty: PhantomData<D>,
}

impl<D: Duty> std::ops::Deref for Staff<D> {
    type Target = Member;

    fn deref(&self) -> &Member {
        &self.member
    }
}

impl<D: Duty> FromRequestParts<Portal> for Staff<D> {
    type Rejection = web::Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> web::Result<Self> {
        let member = Member::from_request_parts(parts, portal).await?;
        match member.role() {
            Some(role) if D::ROLES.contains(&role) => Ok(Self { member, duty: PhantomData }),
            _ => Err(web::Error::Forbidden),
        }
    }
}
