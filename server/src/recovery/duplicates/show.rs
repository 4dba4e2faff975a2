//! From what was found and chosen to what pages show.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use app::models::{
    ChoiceLine, DuplicateColumn, DuplicateGroup, DuplicateLine, FieldRow, MergeCheck, MergeConflict,
    MergeForm, MergedRow, PhoneContacts,
};
use app::vocabulary::Likeness;

use super::{
    BASE,
    card::{CardKey, Side},
    choose::uid,
    field::{Field, Kind, Source},
    findings::Group,
    merge::{self, Picks},
    phone, reach,
    store::{self, Choice, PhoneFile},
    units::{Opened, Unit},
    words,
};
use crate::{
    accounts::Access,
    ambient::Millis,
    portal::Portal,
    store::Result,
    web::wording::{day, moment},
};

pub fn address(group: &str) -> String {
    format!("{BASE}/groups/{group}")
}

pub fn phone(file: &PhoneFile) -> PhoneContacts {
    PhoneContacts {
        cards: file.cards,
        problems: file.problems,
        uploaded: day(file.uploaded_at),
        until: day(file.expires_at),
    }
}

/// Groups as a list shows them, each by the first name in it.
pub async fn lines(portal: &Portal, access: Access<'_>, groups: &[&Group]) -> Result<Vec<DuplicateLine>> {
    let titles = titles(portal, access, groups.iter().flat_map(|group| &group.members)).await?;
    Ok(groups.iter().map(|group| line(group, &titles)).collect())
}

fn line(group: &Group, titles: &HashMap<String, String>) -> DuplicateLine {
    let recovered = group.members.iter().filter(|key| key.side() == Side::Recovered).count();
    let title = group.members.iter().find_map(|key| titles.get(&key.card));
    DuplicateLine {
        href: address(&group.id),
        title: title.cloned().unwrap_or_else(|| "(no name)".to_owned()),
        recovered: recovered as i64,
        on_phone: (group.members.len() - recovered) as i64,
        strength: group.strength,
        reasons: reasons(group),
    }
}

/// What the recovered ones of these cards are called.
async fn titles<'a>(
    portal: &Portal,
    access: Access<'_>,
    keys: impl Iterator<Item = &'a CardKey>,
) -> Result<HashMap<String, String>> {
    let ids: Vec<String> =
        keys.filter(|key| key.side() == Side::Recovered).map(|key| key.card.clone()).collect();
    let items = store::some_items(portal.db()?, access.id(), &ids).await?;
    Ok(items.into_iter().map(|item| (item.id, item.title)).collect())
}

/// Each reason once, in the order of the rules.
fn reasons(group: &Group) -> Vec<String> {
    let all: BTreeSet<_> = group.links.iter().flat_map(|(_, _, _, reasons)| reasons).collect();
    all.into_iter().map(|reason| words::reason(*reason).to_owned()).collect()
}

/// The units of a group, read.
pub fn sources(portal: &Portal, access: Access<'_>, opened: &Opened) -> Vec<Source> {
    let home = reach::home(access.profile().phone.as_deref(), portal.incident.country);
    opened.units.iter().filter_map(|unit| Source::of(&unit.body, home)).collect()
}

fn columns(opened: &Opened) -> Vec<DuplicateColumn> {
    let (mut recovered, mut on_phone) = (0, 0);
    let of = |side: Side| opened.units.iter().filter(|unit| unit.side() == side).count();
    let column = |unit: &Unit| {
        let side = unit.side();
        let (n, name) = match side {
            Side::Recovered => (&mut recovered, "Recovered"),
            Side::Phone => (&mut on_phone, "On your phone"),
        };
        *n += 1;
        let name = if of(side) == 1 { name.to_owned() } else { format!("{name} {n}") };
        let note = if unit.cards.len() > 1 {
            format!("you merged it from {}", unit.cards.len())
        } else {
            String::new()
        };
        DuplicateColumn { name, title: unit.title.clone(), note, on_phone: side == Side::Phone }
    };
    opened.units.iter().map(column).collect()
}

/// A group side by side. `chosen` is what holds about all of it.
pub fn group(opened: &Opened, sources: &[Source], chosen: String) -> DuplicateGroup {
    DuplicateGroup {
        href: address(&opened.group.id),
        title: title(opened),
        strength: opened.group.strength,
        reasons: reasons(&opened.group),
        columns: columns(opened),
        rows: rows(sources),
        basis: opened.basis.clone(),
        chosen,
        errors: Vec::new(),
    }
}

fn title(opened: &Opened) -> String {
    opened.units.first().map(|unit| unit.title.clone()).unwrap_or_default()
}

/// A row for each kind of field that any of them has.
fn rows(sources: &[Source]) -> Vec<FieldRow> {
    let kinds: BTreeSet<&Kind> =
        sources.iter().flat_map(|source| &source.fields).map(|field| &field.kind).collect();
    let row = |kind: &Kind| {
        let cells = sources.iter().map(|source| source.all(kind).map(|field| told(field, kind)).collect());
        let said =
            |source: &Source| source.all(kind).map(|field| field.same.clone()).collect::<BTreeSet<_>>();
        let first = sources.first().map(said);
        let same = sources.iter().all(|source| Some(said(source)) == first);
        FieldRow { label: kind.label(), cells: cells.collect(), same }
    };
    kinds.into_iter().map(row).collect()
}

/// "206 555 0123 (cell)": the kind stands at the row.
fn told(field: &Field, kind: &Kind) -> String {
    match field.label.strip_prefix(&kind.label()).map(str::trim).filter(|label| !label.is_empty()) {
        Some(label) => format!("{} {label}", field.text),
        None => field.text.clone(),
    }
}

/// What to ask before merging; `ticked` as typed, or what is surest.
pub fn form(opened: &Opened, sources: &[Source], ticked: Option<Vec<usize>>, picks: &Picks) -> MergeForm {
    let columns = columns(opened);
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
pub fn surest(opened: &Opened) -> Vec<usize> {
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
    portal: &Portal,
    access: Access<'_>,
    opened: &Opened,
    sources: &[Source],
    chosen: &BTreeSet<usize>,
    picks: &Picks,
    now: Millis,
) -> Option<MergeCheck> {
    let columns = columns(opened);
    let places: Vec<usize> = chosen.iter().copied().collect();
    let sources: Vec<Source> = places.iter().map(|at| sources.get(*at).cloned()).collect::<Option<_>>()?;
    let units: Vec<Unit> = places.iter().map(|at| opened.units.get(*at).cloned()).collect::<Option<_>>()?;
    let place = |unit: &usize| places.iter().position(|at| at == unit);
    let own: Picks = picks.iter().filter_map(|(kind, unit)| Some((kind.clone(), place(unit)?))).collect();
    let home = reach::home(access.profile().phone.as_deref(), portal.incident.country);
    let merged = Source::of(&merge::merge(&sources, &own, &uid(&units), now), home)?;
    let name = |at: usize| columns[places[at]].name.clone();
    let from = |field: &Field| {
        let say = |source: &Source| {
            source.fields.iter().any(|other| (&other.kind, &other.same) == (&field.kind, &field.same))
        };
        let who: Vec<String> = (0..sources.len()).filter(|at| say(&sources[*at])).map(name).collect();
        if who.len() == sources.len() { "all of them".to_owned() } else { who.join(", ") }
    };
    let row =
        |field: &Field| MergedRow { label: field.label.clone(), text: field.text.clone(), from: from(field) };
    let left = merge::left(&sources, &merged).into_iter().map(|(at, field)| MergedRow {
        label: field.label,
        text: field.text,
        from: name(at),
    });
    let mut hidden: Vec<(String, String)> =
        places.iter().map(|at| ("with".to_owned(), at.to_string())).collect();
    hidden.extend(picks.iter().map(|(kind, at)| (kind.clone(), at.to_string())));
    let asked = opened.units.len() > 2 || !merge::conflicts(&sources).is_empty();
    let query = hidden.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    hidden.push(("basis".to_owned(), opened.basis.clone()));
    let href = address(&opened.group.id);
    Some(MergeCheck {
        title: merged.contact.name.clone(),
        rows: merged.fields.iter().map(row).collect(),
        left: left.collect(),
        hidden,
        change: if asked { format!("{href}/merge?{query}") } else { String::new() },
        href,
    })
}

/// Choices as a list shows them.
pub async fn choices(portal: &Portal, access: Access<'_>, choices: &[Choice]) -> Result<Vec<ChoiceLine>> {
    let db = portal.db()?;
    let mut cards = BTreeMap::new();
    for choice in choices {
        cards.insert(choice.id.clone(), store::cards_of(db, &choice.id).await?);
    }
    let ids: Vec<String> = cards
        .values()
        .flatten()
        .filter(|f| f.key().side() == Side::Recovered)
        .map(|f| f.card.clone())
        .collect();
    let items = store::some_items(db, access.id(), &ids).await?;
    let has_phone = phone::file(portal, access).await?.is_some();
    let is_there = |key: &CardKey| {
        items.iter().any(|item| item.id == key.card && hex::encode(&item.digest) == key.version)
    };
    let line = |choice: &Choice| {
        let cards = cards.get(&choice.id).map(Vec::as_slice).unwrap_or_default();
        let title = cards.iter().find_map(|fated| items.iter().find(|item| item.id == fated.card));
        ChoiceLine {
            undo: format!("{BASE}/choices/{}/undo", choice.id),
            title: title.map_or_else(|| "(no name)".to_owned(), |item| item.title.clone()),
            what: words::choice(choice, cards),
            at: moment(choice.chosen_at),
            note: words::since(cards, is_there, has_phone).to_owned(),
        }
    };
    Ok(choices.iter().map(line).collect())
}
