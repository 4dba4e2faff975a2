//! The proof of who asks: an operation on a person's data takes a [`Subscriber`].

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use tower_sessions::Session;

use super::session::{self, Who};
use crate::{
    portal::Portal,
    store::{self, Db, sql},
    web,
};

/// The signed-in subscriber. Only a request with their session makes one.
#[derive(Clone, Debug)]
pub struct Subscriber(Profile);

/// A subscriber's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Profile {
    pub id: String,
    pub account: String,
    pub phone: Option<String>,
    pub name: String,
    pub email: String,
    pub locale: String,
    pub time_zone: String,
    pub plan: String,
}

impl std::ops::Deref for Subscriber {
    type Target = Profile;

    fn deref(&self) -> &Profile {
        &self.0
    }
}

impl Profile {
    /// `…0142`.
    pub fn phone_end(&self) -> String {
        match self.phone.as_deref().and_then(|phone| phone.get(phone.len().saturating_sub(4)..)) {
            Some(end) => format!("…{end}"),
            None => String::new(),
        }
    }

    pub async fn load(db: &Db, id: &str) -> store::Result<Option<Self>> {
        sql("SELECT id, account, phone, name, email, locale, time_zone, plan FROM subscribers WHERE id = $1")
            .bind(id)
            .optional(db)
            .await
    }
}

/// What a request's extensions remember, so that a second look costs nothing.
#[derive(Clone)]
struct Looked(Option<Subscriber>);

impl Subscriber {
    /// The subscriber who asks, if one is signed in.
    pub async fn of_request(parts: &mut Parts, portal: &Portal) -> web::Result<Option<Self>> {
        if let Some(Looked(found)) = parts.extensions.get::<Looked>() {
            return Ok(found.clone());
        }
        let found = match parts.extensions.get::<Session>() {
            Some(session) => match session::visit(session, portal.ambient.now()).await? {
                Some(visit) => match &visit.who {
                    Who::Subscriber(id) => recent(portal, id).await?.map(Subscriber),
                    Who::Staff(_) => None,
                },
                None => None,
            },
            None => None,
        };
        parts.extensions.insert(Looked(found.clone()));
        Ok(found)
    }

    /// For tests of operations, where no request is.
    #[cfg(test)]
    pub fn for_test(profile: Profile) -> Self {
        Self(profile)
    }
}

impl OptionalFromRequestParts<Portal> for Subscriber {
    type Rejection = web::Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> web::Result<Option<Self>> {
        Self::of_request(parts, portal).await
    }
}

/// The profile as it was read less than a second ago, or as it is now.
async fn recent(portal: &Portal, id: &str) -> store::Result<Option<Profile>> {
    let now = portal.ambient.now();
    let key = id.to_owned();
    if let Some(profile) = portal.profiles.get(&key, now) {
        return Ok(Some(profile));
    }
    let before = portal.profiles.before();
    let profile = Profile::load(portal.db()?, id).await?;
    if let Some(profile) = &profile {
        portal.profiles.keep(before, key, profile.clone(), now);
    }
    Ok(profile)
}

impl FromRequestParts<Portal> for Subscriber {
    type Rejection = web::Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> web::Result<Self> {
        Self::of_request(parts, portal).await?.ok_or(web::Error::SignIn("/sign-in?to=continue"))
    }
}
