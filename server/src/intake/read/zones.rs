//! The time zones that a calendar brings along.
//!
//! A zone is known by its name (IANA, Windows, or with a vendor's prefix), else by
//! the `X-LIC-LOCATION` of its `VTIMEZONE`, else by its offset where that never
//! changes. Of any other zone the moment is taken as UTC, and its name is shown.

use std::collections::{HashMap, HashSet};

use calcard::common::timezone::Tz;

use super::component::Component;
use super::when;
use super::write;

/// How many bytes of `VTIMEZONE`s the bodies of one file may repeat, so that a
/// hostile file cannot grow without bound.
pub struct Budget(usize);

impl Budget {
    pub fn for_file_of(bytes: usize) -> Budget {
        Budget(bytes.saturating_mul(16).saturating_add(1 << 20))
    }

    fn spend(&mut self, bytes: usize) -> bool {
        let enough = bytes <= self.0;
        self.0 -= if enough { bytes } else { 0 };
        enough
    }
}

pub struct Zones(HashMap<String, Zone>);

struct Zone {
    text: String,
    location: Option<String>,
    known: Option<Tz>,
}

impl Zones {
    /// The zones of a settled calendar.
    pub fn of(calendar: &Component) -> Zones {
        let zones = calendar.children.iter().filter(|child| child.name == "VTIMEZONE");
        Zones(
            zones
                .filter_map(|zone| Some((zone.first("TZID")?.value.trim().to_owned(), Zone::of(zone))))
                .collect(),
        )
    }

    /// The zone that a `TZID` means.
    pub fn resolve(&self, id: &str) -> Option<Tz> {
        when::zone(id).or_else(|| self.0.get(id.trim())?.known)
    }

    /// The zone's name for a person: its place where that is known.
    pub fn name(&self, id: &str) -> String {
        let id = id.trim();
        if let Some(location) = self.0.get(id).and_then(|zone| zone.location.as_deref()) {
            return location.to_owned();
        }
        let iana = id.starts_with('/').then(|| when::zone(id)).flatten().and_then(|zone| zone.name());
        iana.map_or_else(|| id.to_owned(), |name| name.into_owned())
    }

    /// The text of every `VTIMEZONE` that a component refers to.
    pub fn needed_by(&self, component: &Component, budget: &mut Budget) -> String {
        let mut ids = HashSet::new();
        collect_ids(component, &mut ids);
        let mut ids: Vec<&str> = ids.into_iter().collect();
        ids.sort_unstable();
        let zones = ids.into_iter().filter_map(|id| self.0.get(id));
        zones.filter(|zone| budget.spend(zone.text.len())).map(|zone| zone.text.as_str()).collect()
    }
}

impl Zone {
    fn of(component: &Component) -> Zone {
        let mut text = String::new();
        write::component(&mut text, component);
        let location = component.first("X-LIC-LOCATION").map(|p| p.value.trim().to_owned());
        let location = location.filter(|name| when::zone(name).is_some());
        let known = location.as_deref().and_then(when::zone).or_else(|| constant(component));
        Zone { text, location, known }
    }
}

/// The zone of those that are always as far from UTC.
fn constant(component: &Component) -> Option<Tz> {
    let offsets: HashSet<&str> = component
        .children
        .iter()
        .filter_map(|child| child.first("TZOFFSETTO"))
        .map(|offset| offset.value.trim())
        .collect();
    let mut offsets = offsets.into_iter();
    match (offsets.next(), offsets.next()) {
        (Some(only), None) => when::fixed_zone(only),
        _ => None,
    }
}

fn collect_ids<'a>(component: &'a Component, ids: &mut HashSet<&'a str>) {
    ids.extend(component.properties.iter().filter_map(|property| property.param("TZID")).map(str::trim));
    component.children.iter().for_each(|child| collect_ids(child, ids));
}
