//! The field's terms, as types that cannot hold a wrong value.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::say;

/// One kind of data that was lost and is coming back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    Contacts,
    Calendar,
    Tasks,
    Notes,
    Photos,
    HighScores,
    Purchases,
}

impl Category {
    /// Every category, in the order people see them.
    pub const ALL: [Category; 7] = [
        Category::Contacts,
        Category::Calendar,
        Category::Tasks,
        Category::Notes,
        Category::Photos,
        Category::HighScores,
        Category::Purchases,
    ];

    /// The name used in paths, tables, settings and URLs.
    pub fn slug(self) -> &'static str {
        match self {
            Category::Contacts => "contacts",
            Category::Calendar => "calendar",
            Category::Tasks => "tasks",
            Category::Notes => "notes",
            Category::Photos => "photos",
            Category::HighScores => "high-scores",
            Category::Purchases => "purchases",
        }
    }

    /// The name as a heading on a page.
    pub fn title(self) -> &'static str {
        match self {
            Category::Contacts => say!("Contacts"),
            Category::Calendar => say!("Calendar"),
            Category::Tasks => say!("Tasks"),
            Category::Notes => say!("Notes"),
            Category::Photos => say!("Photos"),
            Category::HighScores => say!("High scores"),
            Category::Purchases => say!("Purchases"),
        }
    }

    /// What one item of it is called, for a count of `n`.
    pub fn noun(self, n: i64) -> &'static str {
        match (self, n == 1) {
            (Category::Contacts, true) => say!("contact"),
            (Category::Contacts, false) => say!("contacts"),
            (Category::Calendar, true) => say!("calendar entry"),
            (Category::Calendar, false) => say!("calendar entries"),
            (Category::Tasks, true) => say!("task"),
            (Category::Tasks, false) => say!("tasks"),
            (Category::Notes, true) => say!("note"),
            (Category::Notes, false) => say!("notes"),
            (Category::Photos, true) => say!("photo"),
            (Category::Photos, false) => say!("photos"),
            (Category::HighScores, true) => say!("high score"),
            (Category::HighScores, false) => say!("high scores"),
            (Category::Purchases, true) => say!("purchase"),
            (Category::Purchases, false) => say!("purchases"),
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// A word that names no category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCategory(pub String);

impl fmt::Display for UnknownCategory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a category; the categories are {}",
            self.0,
            Category::ALL.map(Category::slug).join(", ")
        )
    }
}

impl std::error::Error for UnknownCategory {}

impl FromStr for Category {
    type Err = UnknownCategory;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Category::ALL
            .into_iter()
            .find(|category| category.slug() == text)
            .ok_or_else(|| UnknownCategory(text.to_owned()))
    }
}

/// How far a category of one subscriber has come. Derived from counts, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CategoryState {
    Awaiting,
    Recovering,
    Validating,
    Restored,
    PartiallyRestored,
    Unrecoverable,
}

impl CategoryState {
    /// The state's name in data, `partially-restored` for one.
    pub fn slug(self) -> &'static str {
        match self {
            CategoryState::Awaiting => "awaiting",
            CategoryState::Recovering => "recovering",
            CategoryState::Validating => "validating",
            CategoryState::Restored => "restored",
            CategoryState::PartiallyRestored => "partially-restored",
            CategoryState::Unrecoverable => "unrecoverable",
        }
    }

    /// The state in words on a page.
    pub fn label(self) -> &'static str {
        match self {
            CategoryState::Awaiting => say!("Awaiting"),
            CategoryState::Recovering => say!("Recovering"),
            CategoryState::Validating => say!("Validating"),
            CategoryState::Restored => say!("Restored"),
            CategoryState::PartiallyRestored => say!("Partially restored"),
            CategoryState::Unrecoverable => say!("Unrecoverable"),
        }
    }

    /// What the state means for the person, and what happens next.
    pub fn explanation(self) -> &'static str {
        match self {
            CategoryState::Awaiting => {
                say!(
                    "We have not found anything yet. We are still looking, and this page will say when something comes back."
                )
            }
            CategoryState::Recovering => say!("We are bringing this back now. The count can still grow."),
            CategoryState::Validating => {
                say!("We have found this and are checking it. You can open it once the checks are done.")
            }
            CategoryState::Restored => say!("This is back. You can look at it and take it away."),
            CategoryState::PartiallyRestored => {
                say!("Part of this is back. You can take away what there is, and tell us what is missing.")
            }
            CategoryState::Unrecoverable => say!("We could not bring this back. We are sorry."),
        }
    }

    /// Whether the person can open the items and download them.
    pub fn is_open(self) -> bool {
        matches!(self, CategoryState::Restored | CategoryState::PartiallyRestored)
    }
}

/// How sure it is that two contacts are one person's. The surest is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    Certain,
    Likely,
    Possible,
}

impl Likeness {
    pub const ALL: [Likeness; 3] = [Likeness::Certain, Likeness::Likely, Likeness::Possible];

    /// The word on a page.
    pub fn label(self) -> &'static str {
        match self {
            Likeness::Certain => say!("Certain"),
            Likeness::Likely => say!("Likely"),
            Likeness::Possible => say!("Possible"),
        }
    }

    /// The name in style sheets and addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Likeness::Certain => "certain",
            Likeness::Likely => "likely",
            Likeness::Possible => "possible",
        }
    }
}

/// The facts from which a category's state follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CategoryFacts {
    /// Distinct items found.
    pub found: i64,
    /// Files taken in, readable or not.
    pub files: i64,
    /// What the last known sync held.
    pub expected: Option<i64>,
    /// The operator said that it cannot be brought back.
    pub verdict: bool,
    pub released: bool,
    /// An intake run is under way.
    pub importing: bool,
}

impl CategoryFacts {
    /// The state, by the rules of the design's vocabulary.
    pub fn state(self) -> CategoryState {
        use CategoryState::*;
        if self.verdict && self.found == 0 {
            return Unrecoverable;
        }
        if !self.released {
            return match (self.files > 0 || self.found > 0, self.importing) {
                (false, _) => Awaiting,
                (true, true) => Recovering,
                (true, false) => Validating,
            };
        }
        match (self.found, self.expected) {
            (0, None) => Awaiting,
            (0, Some(expected)) if expected > 0 => Awaiting,
            _ if self.verdict => PartiallyRestored,
            (found, Some(expected)) if found < expected => PartiallyRestored,
            _ => Restored,
        }
    }
}

/// "N of M recovered", as honest as the facts allow.
pub fn count_in_words(found: i64, expected: Option<i64>) -> String {
    match expected {
        None => say!("{found} recovered; how many there were is not known", found),
        Some(expected) if found > expected => {
            say!(
                "{found} recovered, {more} more than the {expected} expected",
                found,
                more = found - expected,
                expected
            )
        }
        Some(expected) => say!("{found} of {expected} recovered", found, expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn released(found: i64, expected: Option<i64>) -> CategoryFacts {
        CategoryFacts { found, files: 1, expected, released: true, ..Default::default() }
    }

    #[test]
    fn every_slug_reads_back() {
        for category in Category::ALL {
            assert_eq!(category.slug().parse(), Ok(category));
        }
        assert!("fotos".parse::<Category>().is_err());
    }

    #[test]
    fn a_verdict_without_items_is_unrecoverable_released_or_not() {
        for released in [false, true] {
            let facts = CategoryFacts { verdict: true, released, ..Default::default() };
            assert_eq!(facts.state(), CategoryState::Unrecoverable);
        }
    }

    #[test]
    fn before_release_the_state_follows_the_intake() {
        let facts = CategoryFacts::default();
        assert_eq!(facts.state(), CategoryState::Awaiting);
        let facts = CategoryFacts { importing: true, found: 1, files: 1, ..facts };
        assert_eq!(facts.state(), CategoryState::Recovering);
        let facts = CategoryFacts { importing: false, ..facts };
        assert_eq!(facts.state(), CategoryState::Validating);
    }

    #[test]
    fn after_release_the_state_follows_the_counts() {
        assert_eq!(released(10, Some(10)).state(), CategoryState::Restored);
        assert_eq!(released(12, Some(10)).state(), CategoryState::Restored);
        assert_eq!(released(3, None).state(), CategoryState::Restored);
        assert_eq!(released(3, Some(10)).state(), CategoryState::PartiallyRestored);
        assert_eq!(released(0, Some(10)).state(), CategoryState::Awaiting);
        let with_verdict = CategoryFacts { verdict: true, ..released(10, Some(10)) };
        assert_eq!(with_verdict.state(), CategoryState::PartiallyRestored);
    }

    #[test]
    fn words_never_claim_more_than_is_known() {
        assert_eq!(count_in_words(5, None), "5 recovered; how many there were is not known");
        assert_eq!(count_in_words(12, Some(10)), "12 recovered, 2 more than the 10 expected");
        assert_eq!(count_in_words(8, Some(10)), "8 of 10 recovered");
    }
}
