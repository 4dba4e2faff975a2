//! A case's number: `MR-…` of a report, `MA-…` of an appeal.

use std::fmt;

use super::Kind;
use crate::{
    ambient::Ambient,
    number::{Number, Series},
};

struct Reports;

impl Series for Reports {
    const PREFIX: &'static str = "MR";
}

struct Appeals;

impl Series for Appeals {
    const PREFIX: &'static str = "MA";
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseNumber(String);

impl CaseNumber {
    pub fn draw(kind: Kind, ambient: &Ambient) -> Self {
        Self(match kind {
            Kind::Report => Number::<Reports>::draw(ambient).to_string(),
            Kind::Appeal => Number::<Appeals>::draw(ambient).to_string(),
        })
    }

    /// As [`Number::parse`]; its two letters are needed.
    pub fn parse(typed: &str) -> Option<Self> {
        let letters: String = typed.trim().chars().take(2).map(|c| c.to_ascii_uppercase()).collect();
        let number = match letters.as_str() {
            Reports::PREFIX => Number::<Reports>::parse(typed)?.to_string(),
            Appeals::PREFIX => Number::<Appeals>::parse(typed)?.to_string(),
            _ => return None,
        };
        Some(Self(number))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_letters_of_its_own_and_is_read_back_however_typed() {
        let (ambient, _) = Ambient::fixed(0, 3);
        for (kind, letters) in [(Kind::Report, "MR-"), (Kind::Appeal, "MA-")] {
            let number = CaseNumber::draw(kind, &ambient);
            assert!(number.as_str().starts_with(letters));
            let typed = number.as_str().to_lowercase().replace('-', " ");
            assert_eq!(CaseNumber::parse(&typed), Some(number));
        }
        for typed in ["", "MR", "MG-7K2P-QX04-M9TB", "MRMRMRMRMRMRMR", "é"] {
            assert_eq!(CaseNumber::parse(typed), None, "{typed}");
        }
    }
}
