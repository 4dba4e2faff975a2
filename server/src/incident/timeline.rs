//! What was said, when and by whom.

use std::fmt;

use app::{Category, mark, words::said};
use jiff::{Timestamp, civil::Date};

use super::{ComponentStatus, UpdateStatus, section::Section};
use crate::web::wording;

/// Who says so, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribution {
    /// Written "operator's statement, 15 Oct 2009".
    Stated { source: String, on: Date },
    /// Not a fact: the demonstration needed a date and chose one.
    Chosen,
}

/// What `source` says of a date that nobody published.
pub const CHOSEN: &str = mark!("chosen for the demonstration");

impl fmt::Display for Attribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Attribution::Stated { source, on } => write!(f, "{source}, {}", wording::short_date(*on)),
            Attribution::Chosen => f.write_str(said(CHOSEN)),
        }
    }
}

impl Attribution {
    /// From `source` and `source_date`; a chosen one only where `may_choose`.
    pub(super) fn read(section: &mut Section<'_>, may_choose: bool) -> Option<Self> {
        let (source, on) = (section.required::<String>("source")?, section.optional::<Date>("source_date"));
        match (source == CHOSEN, on) {
            (true, None) if may_choose => Some(Attribution::Chosen),
            (true, None) => {
                section.wrong("source", "only a demonstration (incident.demo = true) may choose its facts");
                None
            }
            (true, Some(_)) => {
                section.wrong("source_date", "must be left out: a chosen date has no source");
                None
            }
            (false, Some(on)) => Some(Attribution::Stated { source, on }),
            (false, None) => {
                section.required::<Date>("source_date").map(|on| Attribution::Stated { source, on })
            }
        }
    }
}

/// One entry of the public history. No two have the same `at`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    pub at: Timestamp,
    pub status: UpdateStatus,
    pub title: Option<String>,
    pub body: String,
    pub attribution: Attribution,
    /// The categories whose status on the status page changes, and to what.
    pub affected: Vec<(Category, ComponentStatus)>,
}

impl Update {
    pub(super) fn read(section: &mut Section<'_>, may_choose: bool) -> Option<Self> {
        let (at, status) = (section.required("at"), section.required("status"));
        let (title, body) = (section.optional("title"), section.required("body"));
        let attribution = Attribution::read(section, may_choose);
        let pairs = section.pairs("affected");
        let affected = pairs.iter().filter_map(|pair| component(section, pair)).collect();
        section.finish();
        Some(Update { at: at?, status: status?, title, body: body?, attribution: attribution?, affected })
    }
}

fn component(section: &Section<'_>, (slug, word): &(String, String)) -> Option<(Category, ComponentStatus)> {
    let category =
        slug.parse::<Category>().map_err(|unknown| section.wrong("affected", unknown.to_string())).ok()?;
    let status = ComponentStatus::from_slug(word);
    if status.is_none() {
        let all = ComponentStatus::ALL.iter().map(|status| status.slug()).collect::<Vec<_>>().join(", ");
        section.wrong("affected", format!("{word:?} is not a status of {category}; write one of {all}"));
    }
    Some((category, status?))
}
