//! The proof that an app password was shown: it reads contacts and calendar, and is no [`Subscriber`].
//!
//! [`Subscriber`]: crate::accounts::Subscriber

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderValue, StatusCode, header, request::Parts};

use super::{Refusal, check};
use crate::{accounts::Profile, portal::Portal, store, web};

/// Whoever a phone with an app password fetches for. Only a request with that password makes one.
#[derive(Clone, Debug)]
pub struct AppClient(Profile);

impl AppClient {
    pub(in crate::accounts) fn profile(&self) -> &Profile {
        &self.0
    }
}

/// Why a request was not let in.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("no user name and password, or not the right ones")]
    Unknown,
    #[error("too many wrong passwords; again in {seconds} s")]
    Wait { seconds: i64 },
    /// A password must not travel in the clear.
    #[error("app passwords are taken over https alone")]
    InTheClear,
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl FromRequestParts<Portal> for AppClient {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Refused> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer = peer.ok_or(Refused::InTheClear)?;
        if !portal.settings.is_https() && !peer.is_loopback() {
            return Err(Refused::InTheClear);
        }
        let (user_name, password) =
            parts.headers.get(header::AUTHORIZATION).and_then(basic).ok_or(Refused::Unknown)?;
        let address = web::client_address(peer, &parts.headers, &portal.settings.trusted_proxies);
        match check(portal, &user_name, &password, address).await? {
            Ok(profile) => Ok(Self(profile)),
            Err(Refusal::Wrong) => Err(Refused::Unknown),
            Err(Refusal::Wait { seconds }) => Err(Refused::Wait { seconds }),
        }
    }
}

/// User name and password of HTTP Basic authentication (RFC 7617).
fn basic(value: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > 1000 {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user_name, password) = text.split_once(':')?;
    Some((user_name.to_owned(), password.to_owned()))
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = match &self {
            Refused::Unknown => StatusCode::UNAUTHORIZED,
            Refused::Wait { .. } => StatusCode::TOO_MANY_REQUESTS,
            Refused::InTheClear => StatusCode::FORBIDDEN,
            Refused::Store(error) if error.is_outage() => StatusCode::SERVICE_UNAVAILABLE,
            Refused::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        // What the database said is for the log.
        let text = match &self {
            Refused::Store(error) => {
                tracing::error!(%error, "an app password could not be looked up");
                "our records cannot be reached just now".to_owned()
            }
            other => other.to_string(),
        };
        let mut response = (status, format!("{text}\n")).into_response();
        let headers = response.headers_mut();
        match self {
            Refused::Unknown => {
                let challenge = HeaderValue::from_static("Basic realm=\"Makegood\", charset=\"UTF-8\"");
                headers.insert(header::WWW_AUTHENTICATE, challenge);
            }
            Refused::Wait { seconds } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
            }
            Refused::InTheClear | Refused::Store(_) => {}
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<(String, String)> {
        basic(&HeaderValue::from_str(value).unwrap())
    }

    #[test]
    fn a_password_may_hold_a_colon_and_a_header_may_hold_anything() {
        let header = format!("BASIC {}", STANDARD.encode("Ann:a:b"));
        assert_eq!(read(&header), Some(("Ann".to_owned(), "a:b".to_owned())));
        for nonsense in ["", "Basic", "Basic ", "Basic !!!", "Bearer QTpi", "Basic QQ=="] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
        assert_eq!(read(&format!("Basic {}", STANDARD.encode([0xff, b':', 0xfe]))), None);
    }
}
