//! Choosing, undoing, and choosing about all the certain ones at once.
//!
//! A choice speaks of cards in the versions it was made about. A card has one choice that holds at most (a
//! unique index has the last word); a new choice takes the place of those that it touches, and undoing it
//! lets them hold again. Nothing that was recovered is ever changed.

use std::collections::BTreeSet;

use app::models::Details;
use sha2::{Digest, Sha256};

use super::{
    card::{CardKey, Side},
    field::Source,
    findings::{self, Findings, Group, findings},
    merge::{self, Picks},
    phone::blocking,
    sealed,
    store::{self, Choice, Fated, PhoneFile, SealedMerge},
    units::{self, Fate, MergedCard, Opened, Unit},
};
use crate::{
    accounts::Access,
    ambient::Millis,
    intake::read,
    portal::Portal,
    store::{Error, Result, Retry, Tx},
    transaction,
};

/// What a subscriber wants with a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    KeepAll,
    /// The unit of this number, and none of the other recovered ones.
    KeepOne(usize),
    /// What the phone has: the recovered ones are left out.
    KeepPhone,
    /// These units as one.
    Merge {
        units: BTreeSet<usize>,
        picks: Picks,
    },
}

impl Wish {
    pub fn slug(&self) -> &'static str {
        match self {
            Wish::KeepAll => "keep-all",
            Wish::KeepOne(_) => "keep-one",
            Wish::KeepPhone => "keep-phone",
            Wish::Merge { .. } => "merge",
        }
    }
}

/// How choosing ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The choice's id. The same wish twice is one choice.
    Chosen(String),
    /// The group is not what it was when the form was drawn: nothing was chosen.
    Changed,
    /// This group cannot be chosen about so.
    Impossible,
}

/// A choice worked out, to be written down.
struct Draft {
    choice: Choice,
    cards: Vec<Fated>,
    merges: Vec<SealedMerge>,
}

#[derive(Debug, thiserror::Error)]
enum ChooseError {
    #[error("the group is not what it was")]
    Changed,
    #[error(transparent)]
    Store(#[from] Error),
}

impl Retry for ChooseError {
    fn retry(&self) -> bool {
        matches!(self, ChooseError::Store(error) if error.retry() || error.is_unique_violation())
    }
}

/// Makes a choice about an opened group. `basis` is what the form was drawn from.
pub async fn choose(
    portal: &Portal,
    access: Access<'_>,
    opened: &Opened,
    wish: &Wish,
    basis: &str,
) -> Result<Outcome> {
    let fingerprint = fingerprint(wish, basis);
    if opened.basis != basis {
        let made = store::choice_made(portal.db()?, access.id(), &fingerprint).await?;
        return Ok(made.map_or(Outcome::Changed, Outcome::Chosen));
    }
    let draft = draft(portal, access, opened, wish, fingerprint).await?;
    let Some(draft) = draft else { return Ok(Outcome::Impossible) };
    let now = draft.choice.chosen_at;
    let written = transaction!(portal.db()?, |tx| -> std::result::Result<String, ChooseError> {
        let id = write(tx, portal, access.id(), opened, &draft).await?;
        if id == draft.choice.id {
            store::move_clock(tx, access.id(), now).await?;
        }
        Ok(id)
    });
    match written {
        Ok(id) => Ok(Outcome::Chosen(id)),
        Err(ChooseError::Changed) => Ok(Outcome::Changed),
        Err(ChooseError::Store(error)) => Err(error),
    }
}

/// Writes a choice down; returns the id of the one that holds now.
async fn write(
    tx: &mut Tx,
    portal: &Portal,
    subscriber: &str,
    opened: &Opened,
    draft: &Draft,
) -> std::result::Result<String, ChooseError> {
    let fates = store::fates_with(&mut *tx, subscriber, &opened.group.members).await?;
    let unchanged = units::basis(&opened.group, &units::touched(&opened.group, &fates)) == opened.basis;
    if let Some(made) = store::choice_made(&mut *tx, subscriber, &draft.choice.fingerprint).await? {
        return Ok(made);
    }
    if !unchanged || !is_as_found(tx, subscriber, &opened.group).await? {
        return Err(ChooseError::Changed);
    }
    let now = draft.choice.chosen_at;
    let id = &draft.choice.id;
    for before in &opened.choices {
        store::end(tx, before, id, now).await?;
        store::act(tx, &portal.ambient.id(), subscriber, before, "replaced", now).await?;
    }
    store::insert_choice(tx, subscriber, &draft.choice).await?;
    for card in &draft.cards {
        store::insert_card(tx, subscriber, card).await?;
    }
    for merge in &draft.merges {
        store::insert_merge(tx, merge).await?;
    }
    store::act(tx, &portal.ambient.id(), subscriber, id, "chosen", now).await?;
    Ok(id.clone())
}

/// Every recovered contact is still there in the version that was found.
async fn is_as_found(tx: &mut Tx, subscriber: &str, group: &Group) -> Result<bool> {
    let recovered: Vec<&CardKey> = group.members.iter().filter(|key| key.side() == Side::Recovered).collect();
    let ids: Vec<String> = recovered.iter().map(|key| key.card.clone()).collect();
    let items = store::some_items(tx, subscriber, &ids).await?;
    let there = |key: &CardKey| {
        items.iter().any(|item| item.id == key.card && hex::encode(&item.digest) == key.version)
    };
    Ok(recovered.into_iter().all(there))
}

/// Works a wish out; none where it cannot be.
async fn draft(
    portal: &Portal,
    access: Access<'_>,
    opened: &Opened,
    wish: &Wish,
    fingerprint: String,
) -> Result<Option<Draft>> {
    let (id, now) = (portal.ambient.id(), portal.ambient.now());
    let Some(fates) = fates(opened, wish) else { return Ok(None) };
    let mut merges = Vec::new();
    let mut cards = Vec::new();
    let mut part = 0;
    let mut merged_part = None;
    for (unit, fate) in opened.units.iter().zip(&fates) {
        let own = match (fate, merged_part) {
            (Turn::IntoOne, Some(part)) => part,
            _ => {
                part += 1;
                part
            }
        };
        if *fate == Turn::IntoOne {
            merged_part = Some(own);
        } else if let (Turn::Stays, Some(sealed)) = (fate, &unit.merged) {
            merges.push(SealedMerge { choice_id: id.clone(), part: own, sealed: sealed.clone() });
        }
        cards.extend(unit.cards.iter().map(|key| fated(&id, key, own, fate.of(unit))));
    }
    if let (Wish::Merge { units, picks }, Some(part)) = (wish, merged_part) {
        let Some(sealed) = united(portal, access, opened, units, picks, now).await? else { return Ok(None) };
        merges.push(SealedMerge { choice_id: id.clone(), part, sealed });
    }
    carry(portal, opened, &id, part, &mut cards, &mut merges).await?;
    let choice = Choice { id, kind: wish.slug().to_owned(), fingerprint, chosen_at: now };
    Ok(Some(Draft { choice, cards, merges }))
}

/// The turn that a wish gives a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Stays,
    IntoOne,
    Goes,
}

impl Turn {
    fn of(self, unit: &Unit) -> Fate {
        match self {
            Turn::Goes => Fate::LeftOut,
            Turn::IntoOne => Fate::Merged,
            Turn::Stays if unit.merged.is_some() => Fate::Merged,
            Turn::Stays => Fate::Kept,
        }
    }
}

fn fates(opened: &Opened, wish: &Wish) -> Option<Vec<Turn>> {
    let units = &opened.units;
    let recovered = |at: usize| units[at].side() == Side::Recovered;
    let has_phone = (0..units.len()).any(|at| !recovered(at));
    let fate = |at: usize| match wish {
        Wish::KeepOne(one) if recovered(at) && at != *one => Turn::Goes,
        Wish::KeepPhone if recovered(at) => Turn::Goes,
        Wish::Merge { units, .. } if units.contains(&at) => Turn::IntoOne,
        _ => Turn::Stays,
    };
    let possible = match wish {
        Wish::KeepAll => true,
        Wish::KeepOne(one) => units.len() > 1 && *one < units.len() && recovered(*one),
        Wish::KeepPhone => has_phone,
        Wish::Merge { units: chosen, .. } => {
            chosen.len() > 1
                && chosen.iter().all(|at| *at < units.len())
                && chosen.iter().any(|at| recovered(*at))
        }
    };
    possible.then(|| (0..units.len()).map(fate).collect())
}

fn fated(choice: &str, key: &CardKey, part: i64, fate: Fate) -> Fated {
    Fated {
        choice_id: choice.to_owned(),
        card: key.card.clone(),
        version: key.version.clone(),
        part,
        fate: fate.slug().to_owned(),
    }
}

/// Cards of earlier choices that were not asked about stay as they are, with numbers after the others'.
async fn carry(
    portal: &Portal,
    opened: &Opened,
    id: &str,
    after: i64,
    cards: &mut Vec<Fated>,
    merges: &mut Vec<SealedMerge>,
) -> Result<()> {
    let mut parts: Vec<(&String, i64)> =
        opened.carried.iter().map(|fated| (&fated.choice_id, fated.part)).collect();
    parts.sort_unstable();
    parts.dedup();
    for (at, (choice, part)) in parts.into_iter().enumerate() {
        let own = after + 1 + at as i64;
        let same = |fated: &&Fated| &fated.choice_id == choice && fated.part == part;
        let carried = opened.carried.iter().filter(same);
        cards.extend(carried.map(|before| Fated { choice_id: id.to_owned(), part: own, ..before.clone() }));
        if let Some(before) = store::merge_of(portal.db()?, choice, part).await? {
            merges.push(SealedMerge { choice_id: id.to_owned(), part: own, sealed: before.sealed });
        }
    }
    Ok(())
}

/// Units as one contact, sealed; none where one of them cannot be read.
async fn united(
    portal: &Portal,
    access: Access<'_>,
    opened: &Opened,
    chosen: &BTreeSet<usize>,
    picks: &Picks,
    now: Millis,
) -> Result<Option<Vec<u8>>> {
    let home = findings::home(portal, access);
    let units: Vec<Unit> = chosen.iter().map(|at| opened.units[*at].clone()).collect();
    let picks = merge::among(chosen, picks);
    let merged = blocking(move || {
        let sources: Vec<Source> =
            units.iter().map(|unit| Source::of(&unit.body, home)).collect::<Option<_>>()?;
        merged_card(&merge::merge(&sources, &picks, &uid(&units), now))
    });
    let Some(merged) = merged.await? else { return Ok(None) };
    let key = portal.keyring.ensure(portal.db()?, access.id(), &portal.ambient).await?;
    let plain = serde_json::to_vec(&merged).map_err(|error| Error::Corrupt(error.to_string()))?;
    sealed::seal(&key, &plain, &portal.ambient).map(Some)
}

/// A UID of the cards that were merged: merging the same ones again gives the same contact.
pub fn uid(units: &[Unit]) -> String {
    // By what they say and not by their ids, so that two databases make the same.
    let content =
        |key: &'_ CardKey| if key.version.is_empty() { key.card.clone() } else { key.version.clone() };
    let cards: BTreeSet<String> = units.iter().flat_map(|unit| &unit.cards).map(content).collect();
    let hash = cards.into_iter().fold(Sha256::new(), |hash, card| hash.chain_update(card).chain_update([0]));
    format!("merged-{}", hex::encode(&hash.finalize()[..16]))
}

fn merged_card(body: &str) -> Option<MergedCard> {
    let item = read::read(app::Category::Contacts, "", body.as_bytes()).ok()?.items.into_iter().next()?;
    let Details::Contact(contact) = item.details else { return None };
    Some(MergedCard { title: item.title, sort: item.sort, contact, body: item.body })
}

/// The same for the same wish on the same form.
fn fingerprint(wish: &Wish, basis: &str) -> String {
    let what = match wish {
        Wish::KeepAll | Wish::KeepPhone => String::new(),
        Wish::KeepOne(one) => one.to_string(),
        Wish::Merge { units, picks } => format!("{units:?} {picks:?}"),
    };
    hex::encode(Sha256::digest(format!("{basis}\0{}\0{what}", wish.slug())))
}

/// Undoes a choice; those in whose place it stood hold again. False when it is not there.
pub async fn undo(portal: &Portal, access: Access<'_>, id: &str) -> Result<bool> {
    let now = portal.ambient.now();
    transaction!(portal.db()?, |tx| -> Result<bool> {
        if store::choice(&mut *tx, access.id(), id).await?.is_none() {
            return Ok(false);
        }
        end(tx, portal, access.id(), id, now).await?;
        for (before,) in store::replaced_by(tx, access.id(), id).await? {
            store::restore(tx, &before).await?;
            store::act(tx, &portal.ambient.id(), access.id(), &before, "restored", now).await?;
        }
        store::move_clock(tx, access.id(), now).await?;
        Ok(true)
    })
}

/// Undoes every choice that holds; returns how many there were.
pub async fn undo_all(portal: &Portal, access: Access<'_>) -> Result<usize> {
    let now = portal.ambient.now();
    transaction!(portal.db()?, |tx| -> Result<usize> {
        let choices = store::ids_of_choices(tx, access.id()).await?;
        for (id,) in &choices {
            end(tx, portal, access.id(), id, now).await?;
        }
        if !choices.is_empty() {
            store::move_clock(tx, access.id(), now).await?;
        }
        Ok(choices.len())
    })
}

async fn end(tx: &mut Tx, portal: &Portal, subscriber: &str, id: &str, now: Millis) -> Result<()> {
    store::end(tx, id, "undone", now).await?;
    store::act(tx, &portal.ambient.id(), subscriber, id, "undone", now).await
}

/// What to do about every certain group at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum All {
    Merge,
    KeepPhone,
}

impl All {
    /// Whether it speaks of this group: keeping the phone's, of those that are on the phone too.
    pub fn fits(self, group: &Group) -> bool {
        let sides = |side: Side| group.members.iter().any(|key| key.side() == side);
        sides(Side::Recovered) && (self == All::Merge || sides(Side::Phone))
    }

    fn wish(self, opened: &Opened) -> Wish {
        match self {
            All::KeepPhone => Wish::KeepPhone,
            All::Merge => Wish::Merge { units: (0..opened.units.len()).collect(), picks: Picks::new() },
        }
    }
}

/// The certain groups, and the certain parts of others, that this would be done about.
pub fn all_of(found: &Findings, fates: &[Fated], all: All) -> Vec<Group> {
    found.certain(fates).into_iter().filter(|group| all.fits(group)).collect()
}

/// Chooses about all of them; returns about how many. Pressed again it goes on where it
/// stopped, and about what is chosen already it changes nothing.
pub async fn choose_all(portal: &Portal, access: Access<'_>, all: All) -> Result<usize> {
    let Some(found) = findings(portal, access).await? else { return Ok(0) };
    let fates = store::fates(portal.db()?, access.id()).await?;
    let groups = all_of(&found, &fates, all);
    let mut done = 0;
    for groups in groups.chunks(TOGETHER) {
        done += choose_some(portal, access, groups, found.phone.as_ref(), all).await?;
    }
    Ok(done)
}

/// Groups that are written down in one transaction.
const TOGETHER: usize = 25;

async fn choose_some(
    portal: &Portal,
    access: Access<'_>,
    groups: &[Group],
    file: Option<&PhoneFile>,
    all: All,
) -> Result<usize> {
    let mut drafts = Vec::new();
    for group in groups {
        let Some(opened) = units::open(portal, access, group, file).await? else { continue };
        let wish = all.wish(&opened);
        let fingerprint = fingerprint(&wish, &opened.basis);
        if let Some(draft) = draft(portal, access, &opened, &wish, fingerprint).await? {
            drafts.push((opened, draft));
        }
    }
    let now = portal.ambient.now();
    let written = transaction!(portal.db()?, |tx| -> std::result::Result<usize, ChooseError> {
        let mut written = 0;
        for (opened, draft) in &drafts {
            match write(tx, portal, access.id(), opened, draft).await {
                Ok(id) => written += usize::from(id == draft.choice.id),
                // Somebody has chosen about it, or it was imported anew: it is left to them.
                Err(ChooseError::Changed) => {}
                Err(error) => return Err(error),
            }
        }
        if written > 0 {
            store::move_clock(tx, access.id(), now).await?;
        }
        Ok(written)
    });
    match written {
        Err(ChooseError::Changed) => Ok(0),
        Ok(written) => Ok(written),
        Err(ChooseError::Store(error)) => Err(error),
    }
}
