//! Cases: reports of missing or wrong data, and appeals against a no. Both travel on these rails.
//!
//! A case begins as a draft, a row that holds what was typed; sending it gives it a number, and from then on every
//! step is in its history. What is written and brought is sealed under the person's key and goes with them.

mod acts;
mod cleaning;
mod drafts;
pub mod files;
mod form;
mod number;
pub mod routes;
mod said;
mod show;
mod state;
pub mod store;
mod tell;
#[cfg(test)]
pub(crate) mod tests;

pub use acts::{Given, ask_or_answer, close, reopening_ends, take, write};
pub use cleaning::clean;
pub use drafts::{Subject, fill, send, start};
pub use number::CaseNumber;
pub use said::{LONGEST, Recorded, SHORT, Said, clean as clean_text, clean_line};
pub use show::{Reader, entries, lines, records, state_words, subject_title, title};
pub use state::{Kind, Outcome, State, Step, Wrong};
pub use store::{Case, Who};

use crate::{
    ambient::{DAY, Millis},
    remedies::appeals::GrantError,
    store::{self as storage, Db, Retry, blobs::BlobError},
};

/// How long after an answer a case can be reopened.
pub const REOPENING: Millis = 30 * DAY;
/// The most open cases of one person.
pub const MOST_OPEN: i64 = 20;
/// The most cases that one person ever sends.
pub const MOST: i64 = 100;
/// The most steps that a person takes before we answer.
pub const MOST_IN_A_ROW: i64 = 20;

#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error(transparent)]
    Store(#[from] storage::Error),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Wrong(#[from] Wrong),
    #[error("there is no such case")]
    NotFound,
    #[error("the person has as many open cases as one may have")]
    TooManyOpen,
    #[error("the person has sent as many cases as one may")]
    TooMany,
    #[error("the person wrote as often as one may before we answer")]
    TooOften,
    #[error("nothing is written yet")]
    Unwritten,
    /// Another appeal for the same remedy is open.
    #[error("an appeal for the same is open")]
    AppealOpen,
    /// An appeal that is granted, and cannot be.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// What the member saw is not all that is there.
    #[error("the case went on meanwhile")]
    WentOn,
    #[error("nobody decides on their own appeal")]
    Own,
    /// The form was sent before with another text, another step or other files.
    #[error("something else was sent with this form before")]
    OtherBefore,
}

impl Retry for CaseError {
    /// After a unique index said no there is a draft to find, or another number to draw.
    fn retry(&self) -> bool {
        match self {
            CaseError::Store(error) => error.is_retryable() || error.is_unique_violation(),
            CaseError::Grant(error) => error.retry(),
            _ => false,
        }
    }
}

/// The account's subscriber of a case's number, however it is typed; none when there is none.
pub async fn subscriber_of(db: &Db, typed: &str) -> storage::Result<Option<String>> {
    let Some(number) = CaseNumber::parse(typed) else { return Ok(None) };
    Ok(store::of_number(db, &number).await?.map(|case| case.subscriber_id))
}
