//! `addressbook-query` and `calendar-query`: which members are meant.
//!
//! Filters are read into types first; what a filter says that is not known here is refused
//! (`supported-filter`) and never passed over. A filter looks at what the client would be sent.

mod calendars;
mod cards;
mod properties;
mod span;

use super::{
    answer::{Error, Result},
    place::Collection,
    report::limit,
    xml::{CAL, CARD, Element},
};
use crate::intake::read::{
    component::{self, Component},
    settle::{Age, settle},
};

pub struct Query {
    pub filter: Filter,
    /// As many as the client takes.
    pub most: Option<usize>,
}

/// What is let through.
pub enum Filter {
    Cards(cards::CardFilter),
    Calendars(calendars::ComponentFilter),
    Everything,
}

/// A filter has a handful of parts, and each is held against each member.
const MOST_PARTS: usize = 100;

impl Query {
    pub fn of(collection: Collection, root: &Element) -> Result<Self> {
        let most = limit(root)?;
        let filters = root.children.iter().filter(|child| child.name.local == "filter");
        if filters.map(parts).sum::<usize>() > MOST_PARTS {
            return Err(Error::BadRequest("a filter has at most 100 parts"));
        }
        let filter = if collection.is_addressbook() {
            // Without one, everything is meant.
            match root.child(CARD, "filter") {
                Some(filter) => Filter::Cards(cards::CardFilter::of(filter)?),
                None => Filter::Everything,
            }
        } else {
            let filter =
                root.child(CAL, "filter").ok_or(Error::BadRequest("a calendar-query has a filter"))?;
            let inside = filter.children.first().filter(|one| one.is(CAL, "comp-filter"));
            let inside = inside.ok_or(Error::unmet(CAL, "valid-filter"))?;
            Filter::Calendars(calendars::ComponentFilter::of(inside)?)
        };
        Ok(Self { filter, most })
    }
}

fn parts(element: &Element) -> usize {
    1 + element.children.iter().map(parts).sum::<usize>()
}

impl Filter {
    /// `text`: a card or a calendar, as it would be sent.
    pub fn matches(&self, text: &str) -> bool {
        if matches!(self, Filter::Everything) {
            return true;
        }
        let (mut components, _) = component::read(text.as_bytes());
        components.iter_mut().for_each(|one| settle(one, Age::New, &mut Vec::new()));
        let is_match = |component: &Component| match self {
            Filter::Cards(filter) => filter.matches(component),
            Filter::Calendars(filter) => filter.matches_calendar(component),
            Filter::Everything => true,
        };
        components.first().is_some_and(is_match)
    }
}
