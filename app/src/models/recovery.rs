//! What came back, for one subscriber.

use serde::{Deserialize, Serialize};

use crate::vocabulary::{Category, CategoryState, count_in_words};

/// One category of one subscriber, as `/recovery` and the caller's page both show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryLine {
    pub category: Category,
    /// Its name in the incident file: "Contacts".
    pub title: String,
    /// What the incident file says about it; may be empty.
    pub note: String,
    pub state: CategoryState,
    /// Distinct items.
    pub found: i64,
    pub expected: Option<i64>,
    /// When `expected` was counted, as a person reads it: `1 October 2009`.
    pub as_of: Option<String>,
    /// Files that could not be read and can still be downloaded.
    pub quarantined: i64,
    /// Files whose stored bytes cannot be read at present.
    pub damaged: i64,
    /// Released to this subscriber: items and files can be opened.
    pub released: bool,
    /// The operator's reason for an `unrecoverable` verdict.
    pub verdict: Option<String>,
}

impl CategoryLine {
    /// "8 of 10 recovered".
    pub fn words(&self) -> String {
        count_in_words(self.found, self.expected)
    }

    /// How many of the expected items have not come back; 0 when not known.
    pub fn missing(&self) -> i64 {
        self.expected.map_or(0, |expected| (expected - self.found).max(0))
    }

    /// What the live island needs of this line.
    pub fn counts(&self) -> CountsUpdate {
        CountsUpdate {
            category: self.category,
            words: self.words(),
            found: self.found,
            expected: self.expected,
            state: self.state,
            label: self.state.label().to_owned(),
        }
    }
}

/// One element of the JSON array that `/recovery/events` sends and `/recovery/counts` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountsUpdate {
    pub category: Category,
    pub words: String,
    pub found: i64,
    pub expected: Option<i64>,
    pub state: CategoryState,
    pub label: String,
}

/// `/recovery`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// False for a person known to the operator of whom nothing was lost.
    pub affected: bool,
    /// Every category of the incident, in its order; empty when not affected.
    pub lines: Vec<CategoryLine>,
    /// When these counts were read: `24 November 2026, 14:05 UTC`.
    pub as_of: String,
    /// The person has a remedy that they can still claim.
    pub can_claim: bool,
}

/// `/recovery/archive`: everything as one ZIP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    pub lines: Vec<CategoryLine>,
    /// About how large the first edition will be; `None` when there is one, or nothing to say.
    pub about: Option<i64>,
    /// What `/recovery/archive.zip` serves; `None` before the first download.
    pub current: Option<EditionLine>,
    /// The current edition holds a file that cannot be read any more.
    pub damaged: bool,
    /// What a new edition would hold besides, one sentence for each category. `POST /recovery/archive` makes it.
    pub news: Vec<String>,
    /// Contacts that look like duplicates and wait for a choice.
    pub duplicates: i64,
    /// Those that are still kept, the newest first.
    pub earlier: Vec<EditionLine>,
}

/// The ZIP as it was frozen at a date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditionLine {
    pub made: String,
    pub files: i64,
    pub bytes: i64,
    pub href: String,
    /// Where a link to it is made.
    pub link: String,
    /// It goes then, unless it is downloaded meanwhile.
    pub kept_until: String,
}
