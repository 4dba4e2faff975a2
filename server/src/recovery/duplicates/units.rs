//! A group as the subscriber chooses about it: what an earlier choice made one is one.

use std::collections::{BTreeMap, BTreeSet};

use app::models::{Contact, Details};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    card::{CardKey, Side},
    findings::Group,
    phone, sealed,
    store::{self, Fated, Item, PhoneFile},
};
use crate::{
    accounts::Access,
    portal::Portal,
    store::{Error, Result},
};

/// What became of a card by a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Kept,
    Merged,
    LeftOut,
}

impl Fate {
    pub fn slug(self) -> &'static str {
        match self {
            Fate::Kept => "kept",
            Fate::Merged => "merged",
            Fate::LeftOut => "left-out",
        }
    }

    pub fn parse(word: &str) -> Self {
        match word {
            "merged" => Fate::Merged,
            "left-out" => Fate::LeftOut,
            _ => Fate::Kept,
        }
    }
}

/// A merged contact, as it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedCard {
    pub title: String,
    pub sort: String,
    pub contact: Contact,
    pub body: String,
}

/// One contact to choose about: a card, or several that an earlier choice merged.
#[derive(Clone, Debug)]
pub struct Unit {
    pub cards: Vec<CardKey>,
    pub title: String,
    pub body: String,
    /// Made by an earlier choice, sealed as it stands there.
    pub merged: Option<Vec<u8>>,
}

impl Unit {
    /// It is on the phone alone.
    pub fn side(&self) -> Side {
        let recovered = self.cards.iter().any(|key| key.side() == Side::Recovered);
        if recovered { Side::Recovered } else { Side::Phone }
    }
}

/// A group, opened: what is chosen about, and what earlier choices said of its cards.
#[derive(Clone, Debug)]
pub struct Opened {
    pub group: Group,
    pub units: Vec<Unit>,
    /// Cards of earlier choices that are not chosen about again: they stay as they are.
    pub carried: Vec<Fated>,
    /// The choices that a new one would take the place of.
    pub choices: BTreeSet<String>,
    /// Changes with what is chosen: a form that was drawn before is known by it.
    pub basis: String,
}

/// Opens a group; none where a card of it has gone meanwhile.
pub async fn open(
    portal: &Portal,
    access: Access<'_>,
    group: &Group,
    file: Option<&PhoneFile>,
) -> Result<Option<Opened>> {
    let fates = store::fates_with(portal.db()?, access.id(), &group.members).await?;
    let touched = touched(group, &fates);
    let ids: Vec<String> =
        group.members.iter().filter(|key| key.side() == Side::Recovered).map(|k| k.card.clone()).collect();
    let items = store::some_items(portal.db()?, access.id(), &ids).await?;
    let mut units = Vec::new();
    for cards in parts(group, &touched) {
        let Some(unit) = unit(portal, access, cards, &touched, &items, file).await? else { return Ok(None) };
        units.push(unit);
    }
    let inside: BTreeSet<&CardKey> = units.iter().flat_map(|unit| &unit.cards).collect();
    let carried = touched.iter().filter(|fated| !inside.contains(&fated.key())).cloned().collect();
    let choices = touched.iter().map(|fated| fated.choice_id.clone()).collect();
    let basis = basis(group, &touched);
    Ok(Some(Opened { group: group.clone(), units, carried, choices, basis }))
}

impl Fated {
    pub fn key(&self) -> CardKey {
        CardKey { card: self.card.clone(), version: self.version.clone() }
    }

    pub fn fate(&self) -> Fate {
        Fate::parse(&self.fate)
    }
}

/// What holds about the cards of a group: every card of every choice that speaks of one of them.
pub fn touched(group: &Group, fates: &[Fated]) -> Vec<Fated> {
    let members: BTreeSet<CardKey> = group.members.iter().cloned().collect();
    let choices: BTreeSet<&String> =
        fates.iter().filter(|fated| members.contains(&fated.key())).map(|fated| &fated.choice_id).collect();
    fates.iter().filter(|fated| choices.contains(&fated.choice_id)).cloned().collect()
}

/// What a form about this group was drawn from.
pub fn basis(group: &Group, touched: &[Fated]) -> String {
    let mut choices: Vec<&String> = touched.iter().map(|fated| &fated.choice_id).collect();
    choices.sort_unstable();
    choices.dedup();
    let hash =
        choices.into_iter().fold(Sha256::new().chain_update(&group.id), |hash, id| hash.chain_update(id));
    hex::encode(&hash.finalize()[..8])
}

/// The cards of each unit, in the group's order. What a choice left out is not chosen about again.
fn parts(group: &Group, touched: &[Fated]) -> Vec<Vec<CardKey>> {
    let of: BTreeMap<CardKey, &Fated> = touched.iter().map(|fated| (fated.key(), fated)).collect();
    let mut seen = BTreeSet::new();
    let mut parts = Vec::new();
    for member in &group.members {
        match of.get(member).map(|fated| (fated.fate(), *fated)) {
            Some((Fate::LeftOut, _)) => {}
            Some((Fate::Merged, fated)) => {
                if seen.insert((&fated.choice_id, fated.part)) {
                    let same =
                        |other: &&Fated| (&other.choice_id, other.part) == (&fated.choice_id, fated.part);
                    parts.push(touched.iter().filter(same).map(Fated::key).collect());
                }
            }
            _ => parts.push(vec![member.clone()]),
        }
    }
    parts
}

async fn unit(
    portal: &Portal,
    access: Access<'_>,
    cards: Vec<CardKey>,
    touched: &[Fated],
    items: &[Item],
    file: Option<&PhoneFile>,
) -> Result<Option<Unit>> {
    let fated = touched.iter().find(|fated| cards.first() == Some(&fated.key()));
    if let Some(fated) = fated.filter(|fated| fated.fate() == Fate::Merged) {
        return merged_unit(portal, access, cards, fated).await;
    }
    let Some(key) = cards.first().cloned() else { return Ok(None) };
    if key.side() == Side::Phone {
        let Some(file) = file else { return Ok(None) };
        let card = phone::card(portal, access, file, &key.card).await?;
        return Ok(card.map(|card| Unit { cards, title: card.title, body: card.body, merged: None }));
    }
    let item = items.iter().find(|item| item.id == key.card && hex::encode(&item.digest) == key.version);
    Ok(item.map(|item| Unit { cards, title: item.title.clone(), body: item.body.clone(), merged: None }))
}

async fn merged_unit(
    portal: &Portal,
    access: Access<'_>,
    cards: Vec<CardKey>,
    fated: &Fated,
) -> Result<Option<Unit>> {
    let row = store::merge_of(portal.db()?, &fated.choice_id, fated.part).await?;
    let key = portal.data_key(access.id()).await?;
    let Some((row, key)) = row.zip(key) else { return Ok(None) };
    let MergedCard { title, body, .. } = open_merged(&key, &row.sealed)?;
    Ok(Some(Unit { cards, title, body, merged: Some(row.sealed) }))
}

pub fn open_merged(key: &crate::store::keys::DataKey, sealed: &[u8]) -> Result<MergedCard> {
    serde_json::from_slice(&sealed::open(key, sealed)?).map_err(|error| Error::Corrupt(error.to_string()))
}

pub fn contact(details: &str) -> Result<Contact> {
    match serde_json::from_str(details) {
        Ok(Details::Contact(contact)) => Ok(contact),
        Ok(_) => Err(Error::Corrupt("a contact's details are another category's".to_owned())),
        Err(error) => Err(Error::Corrupt(error.to_string())),
    }
}
