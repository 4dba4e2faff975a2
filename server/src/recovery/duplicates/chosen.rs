//! The contacts that a subscriber takes away: what was recovered, shaped by their choices.

use std::collections::{HashMap, HashSet};

use app::models::Contact;
use sha2::{Digest, Sha256};

use super::{
    store::{self, SealedMerge},
    units::{self, Fate},
};
use crate::{
    accounts::Access,
    store::{Db, On, Result, keys::DataKey},
};

/// One contact to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenContact {
    /// The item's id; for a merged one the choice's and its number in it. Stays while the contact does.
    pub id: String,
    /// The same for the same contact in every database: what is alike stands by it.
    pub identity: Vec<u8>,
    pub title: String,
    pub sort: String,
    pub contact: Contact,
    /// One vCard.
    pub body: String,
}

/// The contacts, and what choices took out of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// In the order that pages have.
    pub contacts: Vec<ChosenContact>,
    /// Recovered contacts that are not among them by choice.
    pub left_out: i64,
    /// Recovered contacts that went into others by choice, and how many those are.
    pub merged: i64,
    pub merged_into: i64,
}

impl Chosen {
    /// What an archive says about them; none where no choice took anything out.
    pub fn words(&self) -> Option<String> {
        let contacts = |n: i64| app::Category::Contacts.noun(n);
        let left = (self.left_out > 0).then(|| {
            format!("{} recovered {} left out, as you chose", self.left_out, contacts(self.left_out))
        });
        let merged = (self.merged > 0).then(|| {
            format!(
                "{} recovered {} merged into {}, as you chose",
                self.merged,
                contacts(self.merged),
                self.merged_into
            )
        });
        let all: Vec<String> = left.into_iter().chain(merged).collect();
        (!all.is_empty()).then(|| format!("{}; the originals are complete", all.join("; ")))
    }
}

/// The contacts of a subscriber as they chose. The same rows give the same contacts, whoever asks.
/// `key` is the subscriber's data key: what was merged is sealed under it.
pub async fn chosen(on: impl Into<On<'_>>, key: Option<&DataKey>, access: Access<'_>) -> Result<Chosen> {
    let mut on = on.into();
    let items = store::items(on.again(), access.id()).await?;
    let fates: HashMap<(String, String), store::Fated> = store::fates(on.again(), access.id())
        .await?
        .into_iter()
        .map(|fated| ((fated.card.clone(), fated.version.clone()), fated))
        .collect();
    let mut chosen = Chosen::default();
    let mut merged = HashSet::new();
    for item in items {
        let fated = fates.get(&(item.id.clone(), hex::encode(&item.digest)));
        match fated.map(|fated| (fated.fate(), fated)) {
            Some((Fate::LeftOut, _)) => chosen.left_out += 1,
            Some((Fate::Merged, fated)) => {
                chosen.merged += 1;
                merged.insert((fated.choice_id.clone(), fated.part));
            }
            _ => chosen.contacts.push(as_recovered(item)?),
        }
    }
    if let (false, Some(key)) = (merged.is_empty(), key) {
        chosen.merged_into = merged.len() as i64;
        let rows = store::merges(on, access.id()).await?;
        chosen.contacts.extend(made(rows, key, &merged)?);
    }
    chosen.contacts.sort_by(|one, two| (&one.sort, &one.identity).cmp(&(&two.sort, &two.identity)));
    Ok(chosen)
}

/// Whether any choice holds: without one, contacts are as they were recovered.
pub async fn has_choices(db: &Db, access: Access<'_>) -> Result<bool> {
    Ok(store::count_choices(db, access.id()).await? > 0)
}

fn as_recovered(item: store::Item) -> Result<ChosenContact> {
    let contact = units::contact(&item.details)?;
    let store::Item { id, identity, title, sort, body, .. } = item;
    Ok(ChosenContact { id, identity, title, sort, contact, body })
}

/// The merged contacts of these choices. One whose cards have all changed since is none of them.
fn made(
    rows: Vec<SealedMerge>,
    key: &DataKey,
    wanted: &HashSet<(String, i64)>,
) -> Result<Vec<ChosenContact>> {
    let rows = rows.into_iter().filter(|row| wanted.contains(&(row.choice_id.clone(), row.part)));
    rows.map(|row| {
        let merged = units::open_merged(key, &row.sealed)?;
        Ok(ChosenContact {
            id: format!("{}-{}", row.choice_id, row.part),
            identity: Sha256::digest(merged.body.as_bytes()).to_vec(),
            title: merged.title,
            sort: merged.sort,
            contact: merged.contact,
            body: merged.body,
        })
    })
    .collect()
}
