//! The one error that reaches a person: it knows its status and its words.

use app::{models::ErrorPage, say};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};

use crate::store::{self, blobs::BlobError};

pub type Result<T = Response> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing here, or nothing that this person may know of.
    #[error("not found")]
    NotFound,
    /// The request itself is wrong; the text says what to do.
    #[error("bad request: {0}")]
    BadRequest(String),
    #[error("the post came from another site")]
    ForeignOrigin,
    /// Signed in, but not allowed.
    #[error("not allowed")]
    Forbidden,
    /// Not signed in: leads to the sign-in page.
    #[error("not signed in")]
    SignIn(&'static str),
    #[error("too many requests; again in {seconds} s")]
    TooMany { seconds: i64 },
    #[error("method not allowed")]
    MethodNotAllowed,
    #[error("too large")]
    TooLarge,
    #[error("took too long")]
    TimedOut,
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// Stored bytes that cannot be read any more; already marked and told.
    #[error("stored bytes are damaged")]
    Damaged,
    /// The same of what was written for an edition: a new one can be made.
    #[error("what was written for an edition is damaged")]
    DamagedEdition,
    /// Our fault; the text is for the log alone.
    #[error("internal: {0}")]
    Internal(String),
}

/// When a program may ask again, while the database or the blob store does not answer.
const OUTAGE_SECONDS: i64 = 30;

impl store::Retry for Error {
    fn retry(&self) -> bool {
        matches!(self, Error::Store(error) if error.is_retryable())
    }
}

/// What the outer layer draws the page from; travels as a response's extension.
#[derive(Clone, Debug)]
pub struct Failure {
    pub title: &'static str,
    pub happened: String,
    pub to_do: Vec<&'static str>,
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::BadRequest(_) => StatusCode::BAD_REQUEST,
            Error::ForeignOrigin | Error::Forbidden => StatusCode::FORBIDDEN,
            Error::SignIn(_) => StatusCode::SEE_OTHER,
            Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::TimedOut => StatusCode::SERVICE_UNAVAILABLE,
            Error::Store(error) if error.is_outage() => StatusCode::SERVICE_UNAVAILABLE,
            Error::Blob(error) if error.is_outage() => StatusCode::SERVICE_UNAVAILABLE,
            Error::Store(_)
            | Error::Blob(_)
            | Error::Damaged
            | Error::DamagedEdition
            | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn failure(&self) -> Failure {
        let failure = |title, happened: &str, to_do: &[&'static str]| Failure {
            title,
            happened: happened.to_owned(),
            to_do: to_do.to_vec(),
        };
        match self {
            Error::NotFound => failure(
                say!("Page not found"),
                say!("There is no such page, or it is not yours to see."),
                &[say!("If you typed the address, check it."), say!("Otherwise start from the front page.")],
            ),
            Error::BadRequest(what) => {
                failure(say!("That did not work"), what, &[say!("Go back and try again.")])
            }
            Error::ForeignOrigin => failure(
                say!("That was not sent from this site"),
                say!("A form can only be sent from this site's own pages. Nothing was changed."),
                &[say!("Open this site again and send the form from there.")],
            ),
            Error::Forbidden => failure(
                say!("You may not open this"),
                say!("You are signed in, but this page is for others."),
                &[say!("Ask whoever gave you access.")],
            ),
            Error::TooMany { .. } => failure(
                say!("Too many requests"),
                say!("This was asked too often in a short time."),
                &[say!("Wait a little, then try again.")],
            ),
            Error::MethodNotAllowed => failure(
                say!("That did not work"),
                say!("This address does not take that kind of request."),
                &[say!("Go back and try again.")],
            ),
            Error::TooLarge => failure(
                say!("That is too large"),
                say!("What was sent is larger than this page takes. Nothing was changed."),
                &[say!("Send less at once.")],
            ),
            Error::TimedOut => failure(
                say!("That took too long"),
                say!("The answer did not come in time. What you sent may not have been done."),
                &[say!("Go back and look before you send it again.")],
            ),
            Error::Damaged => failure(
                say!("We cannot read this file any more"),
                say!(
                    "Its stored bytes are damaged. We have marked it, so that it is not promised to you again."
                ),
                &[
                    say!("Everything else of yours can still be opened and taken away."),
                    say!("Come back later: if there is another copy, it will be put in its place."),
                ],
            ),
            Error::DamagedEdition => failure(
                say!("We cannot read this ZIP any more"),
                say!(
                    "What we kept to put it together is damaged. What was recovered of yours is kept apart from it."
                ),
                &[
                    say!("Sign in, open “Download everything” and choose “Make a new edition”."),
                    say!("A download link leads to one edition alone: make another link then."),
                ],
            ),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => failure(
                say!("We cannot reach our records just now"),
                say!("Nothing of yours is lost. What we have already confirmed to you stays done."),
                &[
                    say!("Try again in a few minutes."),
                    say!("The status page says how the recovery stands and stays up meanwhile."),
                ],
            ),
            _ => failure(
                say!("Something went wrong on our side"),
                say!("We have a record of it. What we have already confirmed to you stays done."),
                &[say!("Try again. If it happens again, tell us the number below.")],
            ),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Error::SignIn(to) = self {
            return Redirect::to(to).into_response();
        }
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = %self, "request failed");
        }
        let mut response = status.into_response();
        let again_in = match self {
            Error::TooMany { seconds } => Some(seconds.max(1)),
            _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(OUTAGE_SECONDS),
            _ => None,
        };
        if let Some(seconds) = again_in {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self.failure());
        response
    }
}

impl Failure {
    /// For a status that no handler of ours made: a limit, a panic, a missing route.
    pub fn of_status(status: StatusCode) -> Option<Self> {
        let error = match status {
            StatusCode::NOT_FOUND => Error::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Error::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            StatusCode::REQUEST_TIMEOUT => Error::TimedOut,
            status if status.is_client_error() => Error::BadRequest(
                say!("The request could not be understood. Nothing was changed.").to_owned(),
            ),
            status if status.is_server_error() => Error::Internal(String::new()),
            _ => return None,
        };
        Some(error.failure())
    }

    pub fn page(self, status: StatusCode, request_id: String, support: app::models::Support) -> ErrorPage {
        ErrorPage {
            status: status.as_u16(),
            title: self.title.to_owned(),
            happened: self.happened,
            to_do: self.to_do.into_iter().map(str::to_owned).collect(),
            request_id,
            support,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_does_not_answer_is_asked_again_later_and_damage_is_no_outage() {
        let silent = || object_store::Error::Generic { store: "S3", source: "no answer".into() };
        for outage in [
            Error::Blob(BlobError::Store(silent())),
            Error::Blob(BlobError::Elsewhere),
            Error::Store(store::Error::Unavailable),
        ] {
            let response = outage.into_response();
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers()[header::RETRY_AFTER], "30");
        }
        for fault in [Error::Blob(BlobError::Absent), Error::Damaged, Error::DamagedEdition] {
            let response = fault.into_response();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(!response.headers().contains_key(header::RETRY_AFTER));
        }
    }
}
