//! The front page: what happened, what is being done, what people get.

use super::{Money, Section};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// The incident's name.
    pub title: String,
    /// One sentence under the title.
    pub summary: String,
    /// "What happened", "What is being done", in the incident file's words.
    pub sections: Vec<Section>,
    /// What to do or leave alone meanwhile.
    pub advice: Option<Section>,
    pub remedies: Vec<FrontRemedy>,
    /// Newest first.
    pub timeline: Vec<TimelineEntry>,
    /// Decides where the one button leads.
    pub signed_in: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontRemedy {
    pub name: String,
    pub worth: Money,
    pub summary: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineEntry {
    /// As a person reads it: `12 October 2009`.
    pub date: String,
    /// For machines, `2009-10-12`.
    pub datetime: String,
    /// May be empty.
    pub title: String,
    pub text: String,
    /// Who said so; empty when not given.
    pub source: String,
}
