//! What is asked before contacts are merged, and the merged contact as it would be.

use std::collections::{BTreeSet, HashSet};

use app::{
    models::{MergeCheck, MergeConflict, MergeForm, MergedRow},
    say, say_many,
    vocabulary::Likeness,
};
use phonenumber::country;

use super::{
    card::CardKey,
    choose::uid,
    field::{Field, Kind, Source},
    merge::{self, Picks},
    show::{address, columns, title},
    units::{Opened, Unit},
};
use crate::{ambient::Millis, recovery::items::told};

/// Fields that a page lists; it says how many more there are. Of honest contacts it lists all.
const LISTED: usize = 1_000;

/// Why there is nothing to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unchecked {
    /// One of the units is not there.
    NotThere,
    /// One of them cannot be read; what it is called.
    Unreadable(String),
}

/// What to ask before merging; `ticked` as typed, or what is surest.
pub fn form(opened: &Opened, sources: &[Source], ticked: Option<Vec<usize>>, picks: &Picks) -> MergeForm {
    let columns = columns(opened, sources);
    let conflict = |conflict: merge::Conflict| MergeConflict {
        name: conflict.kind.slug(),
        label: conflict.kind.label(),
        picked: picked(picks, &conflict),
        values: conflict
            .values
            .into_iter()
            .map(|(at, text)| {
                (at, text, columns.get(at).map(|column| column.name.clone()).unwrap_or_default())
            })
            .collect(),
    };
    MergeForm {
        href: address(&opened.group.id),
        title: title(opened),
        ticked: ticked.unwrap_or_else(|| surest(opened)),
        conflicts: merge::conflicts(sources).into_iter().map(conflict).collect(),
        columns,
        errors: Vec::new(),
    }
}

fn picked(picks: &Picks, conflict: &merge::Conflict) -> usize {
    let typed = picks.get(&conflict.kind.slug()).copied();
    typed.filter(|at| conflict.values.iter().any(|(value, _)| value == at)).unwrap_or(conflict.usual)
}

/// The units that are more than possibly one with another; all where none is.
fn surest(opened: &Opened) -> Vec<usize> {
    let members = &opened.group.members;
    let sure = opened.group.links.iter().filter(|(_, _, strength, _)| *strength != Likeness::Possible);
    let sure: BTreeSet<&CardKey> =
        sure.flat_map(|(one, two, ..)| [members.get(*one), members.get(*two)]).flatten().collect();
    let has = |unit: &Unit| unit.cards.iter().any(|key| sure.contains(key));
    let units: Vec<usize> = (0..opened.units.len()).filter(|at| has(&opened.units[*at])).collect();
    if units.len() > 1 { units } else { (0..opened.units.len()).collect() }
}

/// The merged contact as it would be.
pub fn check(
    opened: &Opened,
    sources: &[Source],
    chosen: &BTreeSet<usize>,
    picks: &Picks,
    home: country::Id,
    now: Millis,
) -> Result<MergeCheck, Unchecked> {
    let parts = Parts::of(opened, sources, chosen)?;
    let merged = merge::merge(&parts.sources, &merge::among(chosen, picks), &uid(&parts.units), now);
    let merged = Source::of(&merged, home).ok_or(Unchecked::NotThere)?;
    let mut hidden: Vec<(String, String)> =
        chosen.iter().map(|at| ("with".to_owned(), at.to_string())).collect();
    hidden.extend(picks.iter().map(|(kind, at)| (kind.clone(), at.to_string())));
    let asked = opened.units.len() > 2 || !merge::conflicts(&parts.sources).is_empty();
    let query = hidden.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    hidden.push(("basis".to_owned(), opened.basis.clone()));
    let href = address(&opened.group.id);
    Ok(MergeCheck {
        title: merged.contact.name.clone(),
        rows: parts.rows(&merged),
        left: parts.left(&merged),
        hidden,
        change: if asked { format!("{href}/merge?{query}") } else { String::new() },
        href,
    })
}

/// What is merged.
struct Parts {
    names: Vec<String>,
    units: Vec<Unit>,
    sources: Vec<Source>,
}

impl Parts {
    fn of(opened: &Opened, sources: &[Source], chosen: &BTreeSet<usize>) -> Result<Self, Unchecked> {
        let columns = columns(opened, sources);
        let mut parts = Self { names: Vec::new(), units: Vec::new(), sources: Vec::new() };
        for at in chosen {
            let (unit, source) = opened.units.get(*at).zip(sources.get(*at)).ok_or(Unchecked::NotThere)?;
            if !source.is_readable() {
                return Err(Unchecked::Unreadable(told::title(&unit.title)));
            }
            parts.names.push(columns[*at].name.clone());
            parts.units.push(unit.clone());
            parts.sources.push(source.clone());
        }
        Ok(parts)
    }

    fn rows(&self, merged: &Source) -> Vec<MergedRow> {
        let said: Vec<HashSet<(&Kind, &str)>> = self.sources.iter().map(all).collect();
        let from = |field: &Field| {
            let says = |at: &usize| said[*at].contains(&(&field.kind, field.same.as_str()));
            let who: Vec<&str> = (0..said.len()).filter(says).map(|at| self.names[at].as_str()).collect();
            if who.len() == said.len() { say!("all of them").to_owned() } else { who.join(", ") }
        };
        let row = |field: &Field| MergedRow {
            label: field.label.clone(),
            text: field.text.clone(),
            from: from(field),
        };
        listed(merged.fields.iter().map(row), |n| {
            say_many!(n, "{n} more, which goes in too", "{n} more, which go in too")
        })
    }

    fn left(&self, merged: &Source) -> Vec<MergedRow> {
        let row = |(at, field): (usize, Field)| MergedRow {
            label: field.label,
            text: field.text,
            from: self.names[at].clone(),
        };
        listed(merge::left(&self.sources, merged).into_iter().map(row), |n| {
            say_many!(n, "{n} more, which does not go in", "{n} more, which do not go in")
        })
    }
}

/// What a source says, to be looked up.
fn all(source: &Source) -> HashSet<(&Kind, &str)> {
    source.fields.iter().map(|field| (&field.kind, field.same.as_str())).collect()
}

/// The first rows, and how many more there are.
fn listed(mut rows: impl ExactSizeIterator<Item = MergedRow>, rest: fn(i64) -> String) -> Vec<MergedRow> {
    let mut list: Vec<MergedRow> = rows.by_ref().take(LISTED).collect();
    if rows.len() > 0 {
        let text = rest(rows.len() as i64);
        list.push(MergedRow { label: say!("Not shown").to_owned(), text, from: String::new() });
    }
    list
}
