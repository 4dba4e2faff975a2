//! Answers: many statuses in one, and errors that say which precondition failed.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::xml::{self, CAL, CARD, DAV, Element, Malformed, Name, href};
use crate::{store, web};

pub type Result<T> = std::result::Result<T, Error>;

/// Why a request is not done. What a client can act on is in the body (RFC 4918, 16).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is nothing here")]
    NotFound,
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error("the request is not what its standard says: {0}")]
    BadRequest(&'static str),
    /// The status, with the precondition that was not met.
    #[error("a precondition is not met")]
    Unmet(StatusCode, Box<Element>),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    pub fn unmet(space: &'static str, local: &'static str) -> Self {
        Error::Unmet(StatusCode::FORBIDDEN, Box::new(Element::new(space, local)))
    }

    /// Nothing is ever written here (RFC 3744, 7.1.1).
    pub fn read_only(path: &str) -> Self {
        let privilege = Element::new(DAV, "privilege").with(Element::new(DAV, "write"));
        let resource = Element::new(DAV, "resource").with(href(path)).with(privilege);
        let needed = Element::new(DAV, "need-privileges").with(resource);
        Error::Unmet(StatusCode::FORBIDDEN, Box::new(needed))
    }

    pub fn unsupported_filter(is_addressbook: bool) -> Self {
        Error::unmet(if is_addressbook { CARD } else { CAL }, "supported-filter")
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Error::NotFound => (StatusCode::NOT_FOUND, "nothing here\n").into_response(),
            Error::Malformed(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
            Error::BadRequest(_) => (StatusCode::BAD_REQUEST, format!("{self}\n")).into_response(),
            Error::Unmet(status, condition) => document(status, &Element::new(DAV, "error").with(*condition)),
            Error::Store(error) => plain(web::Error::from(error)),
            Error::Internal(what) => plain(web::Error::Internal(what)),
        }
    }
}

/// Logged as everywhere, and without a page: programs read this.
fn plain(error: web::Error) -> Response {
    let status = error.into_response().status();
    (status, "our records cannot be reached just now\n").into_response()
}

/// Too many answers are on their way.
pub fn busy() -> Response {
    let again = [(header::RETRY_AFTER, "30")];
    (StatusCode::SERVICE_UNAVAILABLE, again, "too many ask at once; again in half a minute\n").into_response()
}

/// What is told of one resource.
pub struct Told {
    pub href: String,
    pub what: What,
}

pub enum What {
    /// Properties that there are, and the names of those that there are not.
    Properties(Vec<Element>, Vec<Name>),
    /// The resource as a whole: gone, or too many of them.
    Status(StatusCode, Option<Element>),
}

/// `207 Multi-Status`; `after` stands at its end, a sync token for one.
pub fn multistatus(told: Vec<Told>, after: Option<Element>) -> Response {
    let responses = told.into_iter().map(response);
    document(StatusCode::MULTI_STATUS, &Element::new(DAV, "multistatus").with_all(responses).with_all(after))
}

fn response(told: Told) -> Element {
    let response = Element::new(DAV, "response").with(href(told.href));
    match told.what {
        What::Status(code, error) => {
            let error = error.map(|condition| Element::new(DAV, "error").with(condition));
            response.with(status(code)).with_all(error)
        }
        What::Properties(found, missing) => {
            let missing: Vec<Element> = missing.into_iter().map(Element::named).collect();
            let none = found.is_empty() && missing.is_empty();
            let sets = [(found, StatusCode::OK), (missing, StatusCode::NOT_FOUND)];
            let wanted =
                sets.into_iter().filter(|(set, code)| !set.is_empty() || none && *code == StatusCode::OK);
            response.with_all(wanted.map(|(set, code)| propstat(set, code)))
        }
    }
}

fn propstat(set: Vec<Element>, code: StatusCode) -> Element {
    Element::new(DAV, "propstat").with(Element::new(DAV, "prop").with_all(set)).with(status(code))
}

fn status(code: StatusCode) -> Element {
    let reason = code.canonical_reason().unwrap_or_default();
    Element::new(DAV, "status").says(format!("HTTP/1.1 {} {reason}", code.as_u16()))
}

fn document(status: StatusCode, root: &Element) -> Response {
    match xml::write(root) {
        Ok(text) => {
            (status, [(header::CONTENT_TYPE, "application/xml; charset=utf-8")], text).into_response()
        }
        Err(error) => plain(web::Error::Internal(error.to_string())),
    }
}

/// What this server can, as clients look for it in every answer.
pub fn with_abilities(mut response: Response) -> Response {
    let can = HeaderValue::from_static("1, 3, access-control, addressbook, calendar-access");
    response.headers_mut().insert(HeaderName::from_static("dav"), can);
    response
}
