//! From what was found and chosen to what pages show.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use app::{
    models::{ChoiceLine, DuplicateColumn, DuplicateGroup, DuplicateLine, FieldRow, PhoneContacts},
    say, say_many,
};
use phonenumber::country;

use super::{
    BASE,
    card::{CardKey, Side},
    field::{Field, Kind, Source},
    findings::Group,
    phone,
    store::{self, Choice, PhoneFile},
    units::{Opened, Unit},
    words,
};
use crate::{
    accounts::Access,
    portal::Portal,
    recovery::items::told,
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
        title: told::title(title.map_or("(no name)", String::as_str)),
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

/// Kinds of fields that a page has rows for, and values of one kind in a cell; it says how many more there are.
/// Of honest contacts it shows all.
const ROWS: usize = 300;
const VALUES: usize = 50;

/// The units of a group, read, each in its place. Takes time: it belongs beside the requests.
pub fn sources(opened: &Opened, home: country::Id) -> Vec<Source> {
    let read = |unit: &Unit| Source::of(&unit.body, home).unwrap_or_else(|| Source::unreadable(home));
    opened.units.iter().map(read).collect()
}

pub fn columns(opened: &Opened, sources: &[Source]) -> Vec<DuplicateColumn> {
    let (mut recovered, mut on_phone) = (0, 0);
    let of = |side: Side| opened.units.iter().filter(|unit| unit.side() == side).count();
    let column = |(unit, source): (&Unit, &Source)| {
        let side = unit.side();
        let (n, name) = match side {
            Side::Recovered => (&mut recovered, say!("Recovered")),
            Side::Phone => (&mut on_phone, say!("On your phone")),
        };
        *n += 1;
        let name = if of(side) == 1 { name.to_owned() } else { format!("{name} {n}") };
        let note = if !source.is_readable() {
            say!("it cannot be read").to_owned()
        } else if unit.cards.len() > 1 {
            say!("you merged it from {n}", n = unit.cards.len())
        } else {
            String::new()
        };
        DuplicateColumn { name, title: told::title(&unit.title), note, on_phone: side == Side::Phone }
    };
    opened.units.iter().zip(sources).map(column).collect()
}

/// A group side by side. `chosen` is what holds about all of it.
pub fn group(opened: &Opened, sources: &[Source], chosen: String) -> DuplicateGroup {
    DuplicateGroup {
        href: address(&opened.group.id),
        title: title(opened),
        strength: opened.group.strength,
        reasons: reasons(&opened.group),
        columns: columns(opened, sources),
        rows: rows(sources),
        basis: opened.basis.clone(),
        chosen,
        errors: Vec::new(),
    }
}

pub fn title(opened: &Opened) -> String {
    opened.units.first().map(|unit| told::title(&unit.title)).unwrap_or_default()
}

/// A row for each kind of field that any of them has.
fn rows(sources: &[Source]) -> Vec<FieldRow> {
    let kinds: BTreeSet<&Kind> =
        sources.iter().flat_map(|source| &source.fields).map(|field| &field.kind).collect();
    let mut rows: Vec<FieldRow> = kinds.iter().take(ROWS).map(|kind| row(kind, sources)).collect();
    if let Some(beyond) = kinds.iter().nth(ROWS) {
        rows.push(more(beyond, sources));
    }
    rows
}

fn row(kind: &Kind, sources: &[Source]) -> FieldRow {
    let said = sources.iter().map(|source| source.all(kind).iter().map(|field| field.same.as_str()));
    let said: Vec<BTreeSet<&str>> = said.map(Iterator::collect).collect();
    let same = said.iter().all(|one| Some(one) == said.first());
    FieldRow { label: kind.label(), cells: sources.iter().map(|source| cell(source, kind)).collect(), same }
}

fn cell(source: &Source, kind: &Kind) -> Vec<String> {
    let all = source.all(kind);
    let more = all.len().checked_sub(VALUES).filter(|more| *more > 0);
    let shown = all.iter().take(VALUES).map(|field| told(field, kind));
    shown.chain(more.map(|more| say!("and {more} more", more))).collect()
}

/// How many fields each has of this kind and those after it.
fn more(beyond: &Kind, sources: &[Source]) -> FieldRow {
    let count = |source: &Source| source.fields.iter().filter(|field| field.kind >= *beyond).count();
    let told = |count: usize| match count {
        0 => Vec::new(),
        n => vec![say_many!(n as i64, "{n} field", "{n} fields")],
    };
    let cells = sources.iter().map(|source| told(count(source))).collect();
    FieldRow { label: say!("More that is not shown").to_owned(), cells, same: false }
}

/// "206 555 0123 (cell)": the kind stands at the row.
fn told(field: &Field, kind: &Kind) -> String {
    match field.label.strip_prefix(&kind.label()).map(str::trim).filter(|label| !label.is_empty()) {
        Some(label) => format!("{} {label}", field.text),
        None => field.text.clone(),
    }
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
            title: told::title(title.map_or("(no name)", |item| item.title.as_str())),
            what: words::choice(choice, cards),
            at: moment(choice.chosen_at),
            note: words::since(cards, is_there, has_phone).to_owned(),
        }
    };
    Ok(choices.iter().map(line).collect())
}
