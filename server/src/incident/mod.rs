//! The incident file: what happened, to what, what people get, and what was said when.
//!
//! [`Incident::from_toml`] reads it whole or says everything that is wrong with it.
//! The format is shown by `demo/incident.toml`.

mod category;
pub mod doubt;
mod error;
mod file;
mod giving;
mod languages;
mod money;
mod remedy;
mod rule;
mod section;
mod show;
mod slug;
mod special;
mod terms;
mod timeline;
mod value;
mod words;

use app::Category;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use phonenumber::country;

pub use category::{IncidentCategory, Milestone};
pub use error::{IncidentError, Mistake};
pub use giving::{Approval, Given, Way};
pub use languages::{Incidents, po_path};
pub use money::{Currency, Money};
pub use remedy::Remedy;
pub use rule::Rule;
pub use slug::Slug;
pub use special::{Special, special_told};
pub use terms::{RIGHTS, Terms};
pub use timeline::{Attribution, CHOSEN, Update};
pub use words::{
    ComponentStatus, Impact, IncidentStatus, ProviderName, RemedyKind, SecondFact, UpdateStatus, WayId,
};

/// One outage with its categories, remedies, terms and timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    pub id: Slug,
    pub name: String,
    pub operator: String,
    /// What people call the thing or service that lost its data.
    pub product: String,
    /// What happened, in plain words, a paragraph each.
    pub summary: Vec<String>,
    /// What is being done, a paragraph each.
    pub doing: Vec<String>,
    /// What people should do or leave alone, a sentence each.
    pub advice: Vec<String>,
    /// Who is affected, in a sentence.
    pub affected: String,
    pub started_at: Timestamp,
    /// The date on which the file's facts stand.
    pub as_of: Date,
    pub time_zone: TimeZone,
    /// Where a number typed without its country's code belongs.
    pub country: country::Id,
    pub status: IncidentStatus,
    pub impact: Impact,
    /// How to reach a person; at least one.
    pub support: Vec<Support>,
    /// The way of those who cannot claim for themselves.
    pub special: Special,
    /// Set for a demonstration: what every page must say.
    pub demo: Option<DemoNotice>,
    /// In the order in which people see them. Others are not part of the incident.
    pub categories: Vec<IncidentCategory>,
    /// In the order of the file.
    pub remedies: Vec<Remedy>,
    /// The earliest first.
    pub timeline: Vec<Update>,
    pub second_fact: SecondFact,
}

/// One way to reach a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    /// "By phone: 555-0100".
    pub how: String,
    pub hours: Option<String>,
}

/// What a demonstration says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoNotice {
    /// On every page and in every archive.
    pub sentence: String,
    /// In a text message, where room is short.
    pub word: String,
}

impl Incident {
    /// Reads an incident file; `path` is only named in the error.
    ///
    /// The error holds every mistake found, each with its line and key; a key that is not part
    /// of the format is one.
    pub fn from_toml(text: &str, path: &str) -> Result<Self, IncidentError> {
        file::read(text).map_err(|mistakes| IncidentError { path: path.to_owned(), mistakes })
    }

    /// The category as the incident describes it; none when it is not part of the incident.
    pub fn category(&self, category: Category) -> Option<&IncidentCategory> {
        self.categories.iter().find(|listed| listed.category == category)
    }

    /// The remedy of an id as it stands in a URL.
    pub fn remedy(&self, id: &str) -> Option<&Remedy> {
        self.remedies.iter().find(|remedy| remedy.id.as_str() == id)
    }

    /// Whether a remedy has a way that this provider carries.
    pub fn has_provider(&self, provider: ProviderName) -> bool {
        self.remedies.iter().flat_map(|remedy| &remedy.ways).any(|way| way.provider == provider)
    }

    pub fn is_demo(&self) -> bool {
        self.demo.is_some()
    }
}

#[cfg(test)]
mod tests;
