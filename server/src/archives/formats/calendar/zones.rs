//! The time zones of one calendar file: every `TZID` in it has one `VTIMEZONE`.

use std::collections::HashMap;

use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType};

use super::components;
use crate::intake::read::component::Component;
use crate::intake::read::property::Property;
use crate::intake::read::when;

/// Years that a zone made here speaks of at least. Fixed, so that an export is the same every time;
/// rules that go on are written as such.
const UNTIL: i16 = 2038;
const FROM: i16 = 1970;

#[derive(Default)]
pub struct Zones {
    known: Vec<Component>,
}

impl Zones {
    /// Takes in the zones that a body brings. One that has another's name and is not the same gets a
    /// name of its own; what comes back says which.
    pub fn take(&mut self, zones: Vec<Component>) -> HashMap<String, String> {
        let mut renamed = HashMap::new();
        for mut zone in zones {
            let id = id(&zone);
            if id.is_empty() {
                continue;
            }
            zone.line = 0;
            let fits = |name: &str, known: &[Component]| {
                let taken = known.iter().find(|known| self::id(known) == name);
                taken.is_none_or(|known| is_same(known, &zone))
            };
            let names = std::iter::once(id.clone()).chain((2..).map(|n| format!("{id} {n}")));
            let Some(name) = names.into_iter().find(|name| fits(name, &self.known)) else { continue };
            if !self.known.iter().any(|known| self::id(known) == name) {
                set_id(&mut zone, &name);
                self.known.push(zone);
            }
            if name != id {
                renamed.insert(id, name);
            }
        }
        renamed
    }

    /// Makes the zones that entries refer to and nobody brought. Where no one knows the zone either,
    /// the time floats: the clock shows what it showed, and the name stays beside it.
    pub fn complete(&mut self, entries: &mut [Component]) {
        let mut missing: HashMap<String, (i16, i16)> = HashMap::new();
        for property in entries.iter().flat_map(properties) {
            if let Some(id) = zone_of(property).filter(|id| !self.knows(id)) {
                let years = missing.entry(id.to_owned()).or_insert((FROM, UNTIL));
                if let Some(year) = property
                    .value
                    .get(..4)
                    .and_then(|year| year.parse().ok())
                    .filter(|year| (1800..2200).contains(year))
                {
                    *years = (years.0.min(year), years.1.max(year + 2));
                }
            }
        }
        let mut missing: Vec<_> = missing.into_iter().collect();
        missing.sort();
        let mut renamed = HashMap::new();
        for (id, (from, until)) in missing {
            // Importers know the world's names, and none of those in other words.
            let name = when::zone(&id)
                .and_then(|zone| zone.name())
                .map_or_else(|| id.clone(), |name| name.into_owned());
            if !self.knows(&name) {
                self.known.extend(made(&name, from, until));
            }
            if name != id && self.knows(&name) {
                renamed.insert(id, name);
            }
        }
        entries.iter_mut().for_each(|entry| rename(entry, &renamed));
        entries.iter_mut().for_each(|entry| self.float(entry));
    }

    pub fn into_components(self) -> Vec<Component> {
        self.known
    }

    fn knows(&self, id: &str) -> bool {
        self.known.iter().any(|zone| self::id(zone) == id)
    }

    fn float(&self, entry: &mut Component) {
        for property in &mut entry.properties {
            let known = zone_of(property).is_none_or(|id| self.knows(id));
            for param in property.params.iter_mut().filter(|param| param.name == "TZID") {
                if !known {
                    param.name = "X-TZID".into();
                }
                param.values.iter_mut().for_each(|id| *id = id.trim().to_owned());
            }
        }
        entry.children.iter_mut().for_each(|child| self.float(child));
    }
}

/// The entry with the names that its zones got.
pub fn rename(entry: &mut Component, renamed: &HashMap<String, String>) {
    if renamed.is_empty() {
        return;
    }
    for property in &mut entry.properties {
        for param in property.params.iter_mut().filter(|param| param.name == "TZID") {
            for id in &mut param.values {
                if let Some(name) = renamed.get(id.trim()) {
                    id.clone_from(name);
                }
            }
        }
    }
    entry.children.iter_mut().for_each(|child| rename(child, renamed));
}

/// The zone by the world's table, from calcard.
fn made(id: &str, from: i16, until: i16) -> Option<Component> {
    let second = |year| {
        Some(jiff::civil::date(year, 1, 1).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
    };
    let root = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    let mut calendar = ICalendar { components: vec![root] };
    calendar.add_timezone(id, second(from)?, second(until)?)?;
    let mut text = String::new();
    calendar.write_to(&mut text).ok()?;
    components(&text).into_iter().flat_map(|calendar| calendar.children).find(|zone| zone.name == "VTIMEZONE")
}

fn id(zone: &Component) -> String {
    zone.first("TZID").map(|id| id.value.trim().to_owned()).unwrap_or_default()
}

fn set_id(zone: &mut Component, name: &str) {
    if let Some(id) = zone.properties.iter_mut().find(|property| property.name == "TZID") {
        id.value = name.to_owned();
    }
}

/// Whether two zones of the same or of other names have the same rules.
fn is_same(one: &Component, other: &Component) -> bool {
    let rules = |zone: &Component| -> Vec<String> {
        let line = |property: &Property| format!("{}:{}", property.name, property.value);
        let rule = |child: &Component| {
            let mut lines: Vec<String> = child.properties.iter().map(line).collect();
            lines.sort();
            format!("{} {}", child.name, lines.join("\n"))
        };
        let mut rules: Vec<String> = zone.children.iter().map(rule).collect();
        rules.sort();
        rules
    };
    rules(one) == rules(other)
}

fn properties(entry: &Component) -> Vec<&Property> {
    entry.properties.iter().chain(entry.children.iter().flat_map(properties)).collect()
}

fn zone_of(property: &Property) -> Option<&str> {
    property.param("TZID").map(str::trim)
}
