//! The proof that a member of staff asks.

use axum::extract::FromRequestParts;
use http::request::Parts;
use tower_sessions::Session;

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

    pub fn role(&self) -> &str {
        &self.0.role
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
