//! What looks like a duplicate, found once for each state of the contacts and kept.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use app::{models::Details, vocabulary::Likeness};
use phonenumber::country;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{
    card::{Card, CardKey, Side},
    groups, phone, reach,
    rules::{self, Reason},
    store::{self, Fated, Finding, ItemHead, PhoneFile},
};
use crate::{
    accounts::Access,
    portal::Portal,
    store::{Error, Result},
    transaction,
};

/// Everything that was found for one subscriber.
#[derive(Clone, Debug)]
pub struct Findings {
    pub groups: Vec<Group>,
    pub phone: Option<PhoneFile>,
}

/// Contacts that look like one person's, as they are kept: no word of what they say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Stays while its cards do.
    pub id: String,
    /// Recovered ones first.
    pub members: Vec<CardKey>,
    pub strength: Likeness,
    /// Two members, and what speaks for them.
    pub links: Vec<(usize, usize, Likeness, Vec<Reason>)>,
}

/// How much waits for a choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub groups: i64,
    /// Recovered contacts in them.
    pub contacts: i64,
}

impl Findings {
    /// Groups about which nothing holds yet, or not about all of their contacts.
    pub fn waiting<'a>(&'a self, fates: &[Fated]) -> impl Iterator<Item = &'a Group> + use<'a> {
        let choices = choices_by_card(fates);
        self.groups.iter().filter(move |group| !is_settled(group, &choices))
    }

    /// What is certain in them and waits.
    pub fn certain(&self, fates: &[Fated]) -> Vec<Group> {
        let choices = choices_by_card(fates);
        let certain = self.waiting(fates).flat_map(Group::certain);
        certain.filter(|group| !is_settled(group, &choices)).collect()
    }
}

fn choices_by_card(fates: &[Fated]) -> HashMap<(String, String), String> {
    let card = |fated: &Fated| ((fated.card.clone(), fated.version.clone()), fated.choice_id.clone());
    fates.iter().map(card).collect()
}

/// One choice that holds speaks of every member.
fn is_settled(group: &Group, choices: &HashMap<(String, String), String>) -> bool {
    let of = |key: &CardKey| choices.get(&(key.card.clone(), key.version.clone()));
    let all: HashSet<Option<&String>> = group.members.iter().map(of).collect();
    all.len() == 1 && !all.contains(&None)
}

impl Group {
    /// The parts of it that are certain, each a group of its own.
    pub fn certain(&self) -> Vec<Group> {
        let mut of: Vec<usize> = (0..self.members.len()).collect();
        for (one, two, ..) in self.links.iter().filter(|(_, _, strength, _)| *strength == Likeness::Certain) {
            let (into, from) = (of[*one].min(of[*two]), of[*one].max(of[*two]));
            of.iter_mut().filter(|cluster| **cluster == from).for_each(|cluster| *cluster = into);
        }
        let parts = (0..of.len()).map(|part| (0..of.len()).filter(|at| of[*at] == part).collect::<Vec<_>>());
        parts.filter(|part| part.len() > 1).map(|part| self.part(&part)).collect()
    }

    fn part(&self, part: &[usize]) -> Group {
        let members: Vec<CardKey> = part.iter().map(|at| self.members[*at].clone()).collect();
        let place = |at: &usize| part.iter().position(|member| member == at);
        let links = self.links.iter().filter(|(_, _, strength, _)| *strength == Likeness::Certain);
        let links = links.filter_map(|(one, two, strength, reasons)| {
            Some((place(one)?, place(two)?, *strength, reasons.clone()))
        });
        Group { id: name_of(&members), links: links.collect(), members, strength: Likeness::Certain }
    }
}

impl Waiting {
    pub fn count<'a>(groups: impl Iterator<Item = &'a Group>) -> Self {
        groups.fold(Self::default(), |sum, group| {
            let recovered = group.members.iter().filter(|key| key.side() == Side::Recovered).count();
            Self { groups: sum.groups + 1, contacts: sum.contacts + recovered as i64 }
        })
    }
}

/// What was found; none where no contact is known.
pub async fn findings(portal: &Portal, access: Access<'_>) -> Result<Option<Findings>> {
    let Some((kept, phone)) = fresh(portal, access).await? else { return Ok(None) };
    let groups = serde_json::from_str(&kept.found).map_err(|error| Error::Corrupt(error.to_string()))?;
    Ok(Some(Findings { groups, phone }))
}

/// How much waits for a choice: one row is read where nothing has changed since it was counted.
pub async fn waiting(portal: &Portal, access: Access<'_>) -> Result<Waiting> {
    let Some((kept, phone)) = fresh(portal, access).await? else { return Ok(Waiting::default()) };
    if let Some((groups, contacts)) = kept.waiting_groups.zip(kept.waiting_contacts) {
        return Ok(Waiting { groups, contacts });
    }
    let groups = serde_json::from_str(&kept.found).map_err(|error| Error::Corrupt(error.to_string()))?;
    let findings = Findings { groups, phone };
    let fates = store::fates(portal.db()?, access.id()).await?;
    let waiting = Waiting::count(findings.waiting(&fates));
    transaction!(portal.db()?, bulk |tx| -> Result<()> {
        store::keep_waiting(tx, access.id(), kept.clock, (waiting.groups, waiting.contacts)).await
    })?;
    Ok(waiting)
}

/// What is kept, found anew where the contacts, the phone's file or the rules have changed.
async fn fresh(portal: &Portal, access: Access<'_>) -> Result<Option<(Finding, Option<PhoneFile>)>> {
    let db = portal.db()?;
    let Some(clock) = store::clock(db, access.id()).await? else { return Ok(None) };
    let phone = phone::file(portal, access).await?;
    let phone_file = phone.as_ref().map(|file| file.id.clone()).unwrap_or_default();
    let is_fresh =
        |kept: &Finding| kept.clock == clock && kept.phone_file == phone_file && kept.rules == rules::VERSION;
    if let Some(kept) = store::finding(db, access.id()).await?.filter(is_fresh) {
        return Ok(Some((kept, phone)));
    }
    // Two pages of one person that open at once: one finds, the other reads what was found.
    let _turn = turn(access.id()).lock().await;
    if let Some(kept) = store::finding(db, access.id()).await?.filter(is_fresh) {
        return Ok(Some((kept, phone)));
    }
    let found = find(portal, access, phone.as_ref()).await?;
    let found = serde_json::to_string(&found).map_err(|error| Error::Corrupt(error.to_string()))?;
    let rules = rules::VERSION;
    let kept = Finding { clock, phone_file, rules, found, waiting_groups: None, waiting_contacts: None };
    transaction!(db, bulk |tx| -> Result<()> { store::keep_finding(tx, access.id(), &kept).await })?;
    Ok(Some((kept, phone)))
}

/// What a person's requests take turns by. Few are found for at once, so that a stranger's turn is seldom waited for.
fn turn(subscriber: &str) -> &'static Mutex<()> {
    static TURNS: [Mutex<()>; 64] = [const { Mutex::const_new(()) }; 64];
    let mut hasher = DefaultHasher::new();
    subscriber.hash(&mut hasher);
    &TURNS[hasher.finish() as usize % TURNS.len()]
}

/// The country that numbers are of where they say none.
pub fn home(portal: &Portal, access: Access<'_>) -> country::Id {
    reach::home(access.profile().phone.as_deref(), portal.incident.country)
}

async fn find(portal: &Portal, access: Access<'_>, phone: Option<&PhoneFile>) -> Result<Vec<Group>> {
    let home = home(portal, access);
    let items = store::item_heads(portal.db()?, access.id()).await?;
    let phone = match phone {
        Some(file) => phone::cards(portal, access, file).await?,
        None => Vec::new(),
    };
    phone::blocking(move || {
        let mut cards: Vec<Card> = items.into_iter().filter_map(|item| recovered(item, home)).collect();
        cards.extend(
            phone
                .into_iter()
                .map(|(key, card)| Card::new(key, card.sort, card.identity, card.contact, &card.body, home)),
        );
        groups::find(&cards).groups.into_iter().map(|group| kept(&cards, group)).collect()
    })
    .await
}

/// What cannot be read as a contact is compared with nothing.
fn recovered(item: ItemHead, home: phonenumber::country::Id) -> Option<Card> {
    let Ok(Details::Contact(contact)) = serde_json::from_str(&item.details) else { return None };
    let key = CardKey { card: item.id, version: hex::encode(&item.digest) };
    Some(Card::new(key, item.sort, item.identity, contact, &item.head, home))
}

fn kept(cards: &[Card], group: groups::Group) -> Group {
    let at = |index: &usize| group.members.iter().position(|member| member == index).unwrap_or_default();
    let links =
        group.links.iter().map(|(one, two, link)| (at(one), at(two), link.strength, link.reasons.clone()));
    let links = links.collect();
    let members: Vec<CardKey> = group.members.iter().map(|index| cards[*index].key.clone()).collect();
    Group { id: name_of(&members), members, strength: group.strength, links }
}

/// A name for these cards, the same whenever they are found together.
fn name_of(members: &[CardKey]) -> String {
    let mut members: Vec<&CardKey> = members.iter().collect();
    members.sort_unstable();
    let hash = members.into_iter().fold(Sha256::new(), |hash, key| {
        hash.chain_update(&key.card).chain_update([0]).chain_update(&key.version).chain_update([0])
    });
    hex::encode(&hash.finalize()[..12])
}
