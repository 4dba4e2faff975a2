//! `time-range` (RFC 4791, 9.9): from a moment until before another.
//!
//! An entry that repeats is let through when it may have an occurrence in the span: from its start until
//! its `UNTIL`, or for ever. That is never too little; clients work out the occurrences themselves. A
//! time without a zone counts as UTC.

use crate::{
    intake::read::{
        component::Component,
        property::Property,
        when::{self, When},
        zones::Zones,
    },
    recovery::dav::{
        answer::{Error, Result},
        xml::{CAL, Element},
    },
};

const DAY: i64 = 24 * 3600 * 1000;

/// Milliseconds since 1970, open where the filter says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    from: i64,
    until: i64,
}

impl Span {
    /// Which components have a place in time here. Those of alarms hang on their entry's.
    pub fn is_of(component: &str) -> bool {
        matches!(component, "VEVENT" | "VTODO" | "VJOURNAL")
    }

    pub fn of(element: &Element) -> Result<Self> {
        let invalid = || Error::unmet(CAL, "valid-filter");
        let moment = |name: &str, without: i64| match element.attribute(name) {
            None => Ok(without),
            Some(text) if text.ends_with('Z') => When::parse(text)
                .filter(When::has_time)
                .and_then(|when| when.millis(None))
                .ok_or_else(invalid),
            Some(_) => Err(invalid()),
        };
        let span = Self { from: moment("start", i64::MIN)?, until: moment("end", i64::MAX)? };
        if span.from == i64::MIN && span.until == i64::MAX || span.from >= span.until {
            return Err(invalid());
        }
        Ok(span)
    }

    /// Whether a property's own moment lies in it.
    pub fn holds(&self, property: &Property) -> bool {
        let at = When::parse(&property.value).and_then(|when| when.millis(None));
        at.is_some_and(|at| (self.from..self.until).contains(&at))
    }

    pub fn touches(&self, entry: &Component, zones: &Zones) -> bool {
        let Some((start, end)) = place(entry, zones) else { return entry.name == "VTODO" };
        if repeats(entry) {
            let last = until(entry, zones).map_or(i64::MAX, |until| until.saturating_add(end - start));
            return start < self.until && last >= self.from;
        }
        // What takes no time is there at its moment.
        if start == end {
            (self.from..self.until).contains(&start)
        } else {
            start < self.until && end > self.from
        }
    }
}

/// When an entry begins and ends; none when it is at no time.
fn place(entry: &Component, zones: &Zones) -> Option<(i64, i64)> {
    let moment = |name: &str| entry.first(name).and_then(|property| millis(property, zones));
    let start = moment("DTSTART");
    let end_name = if entry.name == "VTODO" { "DUE" } else { "DTEND" };
    let lasts = entry.first("DURATION").and_then(|lasts| when::duration(&lasts.value));
    let end = moment(end_name).or_else(|| Some(start? + lasts?.max(0).saturating_mul(1000)));
    let own = [start, end, moment("COMPLETED"), moment("CREATED").filter(|_| entry.name == "VTODO")];
    let start = match entry.name.as_str() {
        "VTODO" => own.into_iter().flatten().next()?,
        _ => start?,
    };
    let is_day =
        entry.first("DTSTART").and_then(|start| When::parse(&start.value)).is_some_and(|at| !at.has_time());
    let without = if is_day { start + DAY } else { start };
    Some((start, end.unwrap_or(without).max(start)))
}

fn millis(property: &Property, zones: &Zones) -> Option<i64> {
    When::parse(&property.value)?.millis(property.param("TZID").and_then(|id| zones.resolve(id)))
}

fn repeats(entry: &Component) -> bool {
    entry.first("RRULE").is_some() || entry.first("RDATE").is_some()
}

/// When it ceases to repeat, if it says so, and has no more dates beside its rule.
fn until(entry: &Component, zones: &Zones) -> Option<i64> {
    let rule = entry.first("RRULE").filter(|_| entry.first("RDATE").is_none())?;
    let part = rule.value.split(';').find_map(|part| part.trim().strip_prefix("UNTIL="))?;
    let zone = entry.first("DTSTART").and_then(|start| start.param("TZID")).and_then(|id| zones.resolve(id));
    let when = When::parse(part)?;
    // Of a whole day it is the last of its moments.
    when.millis(zone).map(|at| if when.has_time() { at } else { at + DAY })
}
