//! One card made of several: everything that can stand side by side is united, and where only one value
//! can stand, the one that was picked does. Pure: the same cards, picks, UID and time give the same card.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::field::{self, Field, Kind, Source};
use crate::{
    ambient::Millis,
    intake::read::{
        component::Component,
        labels::Labels,
        property::{Param, Property},
        value, write,
    },
};

/// Which source's value stands where only one can.
pub type Picks = BTreeMap<String, usize>;

/// The picks name a group's units; these, their places among those that are chosen.
pub fn among(chosen: &BTreeSet<usize>, picks: &Picks) -> Picks {
    let place = |unit: &usize| chosen.iter().position(|at| at == unit);
    picks.iter().filter_map(|(kind, unit)| Some((kind.clone(), place(unit)?))).collect()
}

/// What only one of can stand, with more than one value to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub kind: Kind,
    /// The source and what it says; each value once.
    pub values: Vec<(usize, String)>,
    /// The source whose value stands where nothing is picked.
    pub usual: usize,
}

/// The fields of which one value must be picked. Pictures are not asked about: the first stays.
pub fn conflicts(sources: &[Source]) -> Vec<Conflict> {
    let conflict = |kind: Kind| {
        let mut seen = HashSet::new();
        let all =
            sources.iter().enumerate().filter_map(|(at, source)| Some((at, source.all(&kind).first()?)));
        let values: Vec<_> = all.filter(|(_, field)| seen.insert(field.same.clone())).collect();
        let stands = usual(&kind, sources).and_then(|at| sources[at].all(&kind).first());
        let usual = values.iter().find(|(_, field)| Some(&field.same) == stands.map(|field| &field.same));
        Conflict {
            usual: usual.map(|(at, _)| *at).unwrap_or_default(),
            values: values.into_iter().map(|(at, field)| (at, field.text.clone())).collect(),
            kind: kind.clone(),
        }
    };
    let kinds = singles(sources).into_iter().filter(|kind| *kind != Kind::Picture);
    kinds.map(conflict).filter(|conflict| conflict.values.len() > 1).collect()
}

/// What these cards say of which only one can stand.
fn singles(sources: &[Source]) -> BTreeSet<Kind> {
    let kinds = sources.iter().flat_map(|source| &source.fields).map(|field| &field.kind);
    kinds.filter(|kind| field::is_single(kind)).cloned().collect()
}

/// One card of several; none of none.
pub fn merge(sources: &[Source], picks: &Picks, uid: &str, at: Millis) -> String {
    let mut united =
        United { own: value::escape(uid), stands: standing(sources, picks), ..United::default() };
    for (index, source) in sources.iter().enumerate() {
        united.take(index, source);
    }
    united.add_types();
    let mut card = Component { name: "VCARD".to_owned(), ..Component::default() };
    card.properties.push(property("VERSION", "3.0".to_owned()));
    card.properties.extend(united.properties);
    if !united.notes.all.is_empty() {
        card.properties.push(property("NOTE", value::escape(&united.notes.all.join("\n\n"))));
    }
    card.properties.push(property("UID", united.own));
    card.properties.extend(united.uids.all.into_iter().map(|uid| property("X-MERGED-UID", uid)));
    card.properties.push(property("REV", revised(at)));
    let mut body = String::new();
    write::component(&mut body, &card);
    body
}

/// What the sources say that the merged card does not, by the source that says it.
pub fn left(sources: &[Source], merged: &Source) -> Vec<(usize, Field)> {
    let kept: HashSet<(&Kind, &str)> =
        merged.fields.iter().map(|field| (&field.kind, field.same.as_str())).collect();
    let mut seen = HashSet::new();
    let fields =
        sources.iter().enumerate().flat_map(|(at, source)| source.fields.iter().map(move |f| (at, f)));
    fields
        .filter(|(_, field)| !kept.contains(&(&field.kind, field.same.as_str())))
        .filter(|(_, field)| seen.insert((field.kind.clone(), field.same.clone())))
        .map(|(at, field)| (at, field.clone()))
        .collect()
}

/// `20091020T120000Z` (RFC 6350, 4.3.5).
fn revised(at: Millis) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn property(name: &str, value: String) -> Property {
    Property { name: name.to_owned(), value, ..Property::default() }
}

/// Texts in the order in which they came, each once.
#[derive(Default)]
struct Once {
    all: Vec<String>,
    seen: HashSet<String>,
}

impl Once {
    fn add(&mut self, text: String) {
        if !self.seen.contains(&text) {
            self.seen.insert(text.clone());
            self.all.push(text);
        }
    }
}

/// What is taken so far. A recovered card may have a million properties: none is looked for among them all.
#[derive(Default)]
struct United {
    /// Whose value stands where only one can.
    stands: HashMap<Kind, usize>,
    properties: Vec<Property>,
    /// The names among `properties`.
    names: HashSet<String>,
    /// Where each thing stands in `properties`.
    seen: HashMap<(Kind, String), usize>,
    /// The types that come to a property of `properties` from the same thing elsewhere.
    types: HashMap<usize, Once>,
    notes: Once,
    /// The UID of the card that is made, and those that it is made of.
    own: String,
    uids: Once,
    /// What the groups (`item1.`) of each source are called now, and which have their label.
    groups: HashMap<(usize, String), String>,
    labelled: HashSet<String>,
}

impl United {
    fn take(&mut self, index: usize, source: &Source) {
        let labels = Labels::of(&source.card);
        for uid in source.card.properties.iter().filter(|p| matches!(p.name.as_str(), "UID" | "X-MERGED-UID"))
        {
            if !uid.value.is_empty() && uid.value != self.own {
                self.uids.add(uid.value.clone());
            }
        }
        for property in source.card.properties.iter().filter(|p| !field::is_book_keeping(&p.name)) {
            let kind = field::kind(&property.name);
            let stands = !field::is_single(&kind) || self.stands.get(&kind) == Some(&index);
            match kind {
                _ if property.value.is_empty() || !stands => {}
                Kind::Note => field::notes(property).for_each(|part| self.notes.add(part)),
                kind => self.unite(kind, property, labels.raw(property), (index, source)),
            }
        }
    }

    fn unite(
        &mut self,
        kind: Kind,
        property: &Property,
        label: Option<&str>,
        (index, source): (usize, &Source),
    ) {
        let same = match field::is_single(&kind) {
            // A name is several properties: each is taken as it is.
            true => format!("{}:{}", property.name, property.value),
            false => source.same(&kind, property),
        };
        if let Some(at) = self.seen.get(&(kind.clone(), same.clone())) {
            return self.keep_types(*at, property);
        }
        let there = self.names.contains(&property.name);
        if there && field::is_single(&kind) && kind != Kind::Name {
            return;
        }
        let mut property = property.clone();
        if there {
            drop_preference(&mut property);
        }
        property.group = property.group.map(|group| self.group(index, group));
        let label = self.label(property.group.as_deref(), label);
        self.seen.insert((kind, same), self.properties.len());
        self.names.insert(property.name.clone());
        self.properties.push(property);
        self.properties.extend(label);
    }

    /// The same number as home and as work is both.
    fn keep_types(&mut self, at: usize, other: &Property) {
        let kept = &self.properties[at];
        let types =
            self.types.entry(at).or_insert_with(|| Once { seen: kept.types().collect(), ..Once::default() });
        other.types().filter(|one| !one.is_empty() && one != "pref").for_each(|one| types.add(one));
    }

    fn add_types(&mut self) {
        for (at, types) in self.types.drain().filter(|(_, types)| !types.all.is_empty()) {
            let params = &mut self.properties[at].params;
            match params.iter_mut().find(|param| param.name == "TYPE") {
                Some(known) => known.values.extend(types.all),
                None => params.push(Param { name: "TYPE".to_owned(), values: types.all }),
            }
        }
    }

    /// Two sources may both have an `item1`.
    fn group(&mut self, index: usize, group: String) -> String {
        let next = self.groups.len() + 1;
        self.groups.entry((index, group)).or_insert_with(|| format!("item{next}")).clone()
    }

    /// What a group is called stands once beside it.
    fn label(&mut self, group: Option<&str>, label: Option<&str>) -> Option<Property> {
        let (group, label) = group.zip(label)?;
        let first = self.labelled.insert(group.to_owned());
        first.then(|| Property { group: Some(group.to_owned()), ..property("X-ABLABEL", label.to_owned()) })
    }
}

/// The source whose value stands, of every kind of which only one can: what is picked, else the usual.
fn standing(sources: &[Source], picks: &Picks) -> HashMap<Kind, usize> {
    let stands = |kind: Kind| {
        let has = |at: &usize| sources.get(*at).is_some_and(|source| !source.all(&kind).is_empty());
        let picked = picks.get(&kind.slug()).copied().filter(has);
        let at = picked.or_else(|| usual(&kind, sources))?;
        Some((kind, at))
    };
    singles(sources).into_iter().filter_map(stands).collect()
}

/// The source whose value stands where nothing is picked: the first that has one. A name that tells given
/// and family name apart goes before one that does not.
fn usual(kind: &Kind, sources: &[Source]) -> Option<usize> {
    let has = |at: &usize| !sources[*at].all(kind).is_empty();
    let apart = |at: &usize| {
        let name =
            sources[*at].card.first("N").map(|name| value::split(&name.value, ';')).unwrap_or_default();
        name.len() > 1 && name[..2].iter().all(|part| !part.trim().is_empty())
    };
    let first = || (0..sources.len()).find(has);
    let told_apart = || (0..sources.len()).find(|at| has(at) && apart(at));
    if *kind == Kind::Name { told_apart().or_else(first) } else { first() }
}

/// One of a kind is preferred, the first's.
fn drop_preference(property: &mut Property) {
    for param in property.params.iter_mut().filter(|param| param.name == "TYPE") {
        param.values.retain(|value| !value.eq_ignore_ascii_case("pref"));
    }
    property.params.retain(|param| !param.values.is_empty() && param.name != "PREF");
}
