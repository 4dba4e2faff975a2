//! By what right somebody asks for what is another's.

use app::say;
use serde::{Deserialize, Serialize};

/// Why the person does not claim for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// A parent or guardian of somebody who is not of age.
    Guardian,
    /// Whoever looks after the affairs of somebody who has died.
    Executor,
    /// The account was closed, and its holder asks.
    ClosedAccount,
    /// The holder asks and cannot use these pages.
    CannotUsePages,
}

impl Right {
    pub const ALL: [Right; 4] =
        [Right::Guardian, Right::Executor, Right::ClosedAccount, Right::CannotUsePages];

    pub fn slug(self) -> &'static str {
        match self {
            Right::Guardian => "guardian",
            Right::Executor => "executor",
            Right::ClosedAccount => "closed-account",
            Right::CannotUsePages => "cannot-use-pages",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.slug() == slug)
    }

    /// As staff choose it.
    pub fn label(self) -> &'static str {
        match self {
            Right::Guardian => say!("A parent or guardian of the subscriber, who is not of age"),
            Right::Executor => say!("Whoever looks after the affairs of the subscriber, who has died"),
            Right::ClosedAccount => say!("The subscriber, whose account is closed"),
            Right::CannotUsePages => say!("The subscriber, who cannot use these pages"),
        }
    }

    /// As it stands in the claim's history.
    pub fn words(self) -> &'static str {
        match self {
            Right::Guardian => say!("as a parent or guardian asked"),
            Right::Executor => {
                say!("as asked by whoever looks after the affairs of the account's owner, who has died")
            }
            Right::ClosedAccount => say!("as the owner of the closed account asked"),
            Right::CannotUsePages => say!("as the owner of the account asked, who cannot use these pages"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_read_as_they_are_written() {
        for right in Right::ALL {
            assert_eq!(Right::from_slug(right.slug()), Some(right));
            assert_eq!(serde_json::to_string(&right).unwrap(), format!("{:?}", right.slug()));
        }
        assert_eq!(Right::from_slug("neighbour"), None);
    }
}
