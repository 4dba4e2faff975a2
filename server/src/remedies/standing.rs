//! What is known of a subscriber when a remedy is decided.

use app::Category;
use serde::{Deserialize, Serialize};

use crate::ambient::Millis;

/// What is known of a subscriber when the decision is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub plan: String,
    /// When their account was entered here; unknown in records of before this was kept.
    #[serde(default)]
    pub recorded_at: Option<Millis>,
    /// One for each category of which anything is known.
    pub holdings: Vec<Holding>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// None: files that came under no category that there is.
    pub category: Option<Category>,
    /// Distinct items found.
    pub found: i64,
    pub expected: Option<i64>,
    /// The inventory's date.
    #[serde(default)]
    pub as_of: Option<Millis>,
    pub files: i64,
    /// The operator's reason for an `unrecoverable` verdict.
    pub verdict: Option<String>,
}

impl Holding {
    /// Whether it makes its subscriber an affected one.
    pub fn speaks(&self) -> bool {
        self.expected.is_some() || self.verdict.is_some() || self.files > 0
    }

    /// How many expected items have not come back.
    pub fn missing(&self) -> i64 {
        self.expected.map_or(0, |expected| (expected - self.found).max(0))
    }

    /// The operator says that nothing of it can be brought back, and nobody knows how much it was.
    pub fn lost_whole(&self) -> bool {
        self.verdict.is_some() && self.found == 0 && self.expected.is_none()
    }
}

impl Standing {
    /// With an inventory row, a verdict or a recovered file.
    pub fn affected(&self) -> bool {
        self.speaking().next().is_some()
    }

    /// The categories that make the subscriber an affected one.
    pub fn speaking(&self) -> impl Iterator<Item = &Holding> {
        self.holdings.iter().filter(|holding| holding.speaks())
    }

    /// Those of them that are among `categories`; all where none is named.
    pub fn speaking_of<'a>(&'a self, categories: &'a [Category]) -> impl Iterator<Item = &'a Holding> {
        let among = |category: Category| categories.contains(&category);
        self.speaking().filter(move |holding| categories.is_empty() || holding.category.is_some_and(among))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inventory_row_a_verdict_or_a_file_each_make_one_affected() {
        let blank = Holding {
            category: Some(Category::Notes),
            found: 0,
            expected: None,
            as_of: None,
            files: 0,
            verdict: None,
        };
        assert!(!Standing { holdings: vec![blank.clone()], ..Standing::default() }.affected());
        for holding in [
            Holding { expected: Some(0), ..blank.clone() },
            Holding { verdict: Some("The disk broke".to_owned()), ..blank.clone() },
            Holding { files: 1, ..blank.clone() },
            Holding { files: 1, category: None, ..blank },
        ] {
            assert!(Standing { holdings: vec![holding], ..Standing::default() }.affected());
        }
    }

    #[test]
    fn a_record_of_before_dates_were_kept_is_read() {
        let old = r#"{"plan":"p","holdings":[{"category":"contacts","found":1,"expected":2,"files":1,"verdict":null}]}"#;
        let read: Standing = serde_json::from_str(old).unwrap();
        assert_eq!((read.recorded_at, read.holdings[0].as_of, read.holdings[0].missing()), (None, None, 1));
    }
}
