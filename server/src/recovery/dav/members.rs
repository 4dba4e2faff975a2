//! What a collection holds: a member for each distinct item, its tag, and the text behind it.

use std::collections::HashMap;

use app::models::{CategoryLine, Details};
use sha2::{Digest, Sha256};

use super::{place::Collection, routes::Scene};
use crate::{
    accounts::Access,
    ambient::Millis,
    incident::Incident,
    intake::read::component,
    recovery::{
        self,
        duplicates::{self, Chosen, ChosenContact},
    },
    store::{Db, Error, Many, Result, sql},
};

/// Raised whenever the same item is written otherwise, so that clients fetch it again.
const WRITTEN: &[u8] = b"makegood/dav/1";

/// One resource: a card, or an entry with the occurrences of it that were changed alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The id of its oldest item, which no later import changes; of a merged contact, the choice's and a number.
    pub name: String,
    /// Another for any other content.
    pub tag: String,
    /// The items that make it, the oldest first.
    pub items: Vec<String>,
}

/// The collections that are open to this subscriber.
pub async fn open(db: &Db, incident: &Incident, access: Access<'_>, now: Millis) -> Result<Vec<Collection>> {
    let lines = recovery::lines(db, incident, access, now).await?;
    let is_open =
        |line: &CategoryLine, collection: Collection| line.released && line.category == collection.category();
    let all = Collection::ALL.into_iter();
    Ok(all.filter(|collection| lines.iter().any(|line| is_open(line, *collection))).collect())
}

/// What an open collection holds, as it stood when it was asked.
pub struct Held {
    pub collection: Collection,
    pub members: Vec<Member>,
    /// The contacts that their owner's choices leave, by id; none where nothing is chosen.
    chosen: Option<HashMap<String, Stored>>,
}

impl Held {
    pub async fn of(scene: &Scene<'_>, collection: Collection) -> Result<Self> {
        if let Some(chosen) = chosen(scene, collection).await? {
            let members = chosen.contacts.iter().map(chosen_member).collect();
            let stored = chosen.contacts.into_iter().map(|contact| Stored::chosen(scene.access, contact));
            let chosen = stored.map(|one| (one.id.clone(), one)).collect();
            return Ok(Self { collection, members, chosen: Some(chosen) });
        }
        let members = recovered(scene.db, scene.access, collection).await?;
        Ok(Self { collection, members, chosen: None })
    }

    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    pub fn by_name(&self) -> HashMap<&str, &Member> {
        self.members.iter().map(|member| (member.name.as_str(), member)).collect()
    }

    /// The items of these members, by id.
    pub async fn stored(&self, scene: &Scene<'_>, members: &[&Member]) -> Result<HashMap<String, Stored>> {
        let ids: Vec<&String> = members.iter().flat_map(|member| &member.items).collect();
        if let Some(chosen) = &self.chosen {
            return Ok(ids
                .into_iter()
                .filter_map(|id| Some((id.clone(), chosen.get(id)?.clone())))
                .collect());
        }
        let own = some(scene.db, &ids).await?.into_iter();
        let own = own.filter(|row| row.subscriber_id == scene.access.id());
        Ok(own.map(|row| (row.id.clone(), row)).collect())
    }
}

/// The contacts as their owner chose about duplicates; none while nothing is chosen, and of all else.
async fn chosen(scene: &Scene<'_>, collection: Collection) -> Result<Option<Chosen>> {
    if !collection.is_addressbook() || !duplicates::has_choices(scene.db, scene.access).await? {
        return Ok(None);
    }
    let key = scene.portal.data_key(scene.access.id()).await?;
    Ok(Some(duplicates::chosen(scene.db, key.as_ref(), scene.access).await?))
}

fn chosen_member(contact: &ChosenContact) -> Member {
    let hash = Sha256::new().chain_update(WRITTEN).chain_update(env!("CARGO_PKG_VERSION"));
    let hash = hash.chain_update(&contact.id).chain_update(&contact.body);
    Member {
        name: contact.id.clone(),
        tag: hex::encode(&hash.finalize()[..16]),
        items: vec![contact.id.clone()],
    }
}

/// The same as it was recovered, the oldest first.
async fn recovered(db: &Db, access: Access<'_>, collection: Collection) -> Result<Vec<Member>> {
    let rows: Vec<(String, Vec<u8>)> =
        sql("SELECT id, digest FROM items WHERE subscriber_id = $1 AND category = $2 ORDER BY id")
            .bind(access.id())
            .bind(collection.category())
            .all(db)
            .await?;
    let beside = occurrences(db, access, collection).await?;
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<Vec<&(String, Vec<u8>)>> = Vec::new();
    for row in &rows {
        let next = groups.len();
        let place = beside.get(&row.0).map_or(next, |uid| *places.entry(uid.as_str()).or_insert(next));
        if place == next { groups.push(vec![row]) } else { groups[place].push(row) }
    }
    Ok(groups.into_iter().map(|group| member(&group)).collect())
}

fn member(group: &[&(String, Vec<u8>)]) -> Member {
    let mut hash = Sha256::new().chain_update(WRITTEN).chain_update(env!("CARGO_PKG_VERSION"));
    for (id, digest) in group {
        hash = hash.chain_update(id).chain_update(digest);
    }
    let items: Vec<String> = group.iter().map(|(id, _)| id.clone()).collect();
    Member {
        name: items.first().cloned().unwrap_or_default(),
        tag: hex::encode(&hash.finalize()[..16]),
        items,
    }
}

/// By item, the UID that it shares with others: an occurrence that was changed alone is an item beside its
/// series for us, and one resource with it for CalDAV (RFC 4791, 4.1). Empty where there are none.
async fn occurrences(db: &Db, access: Access<'_>, collection: Collection) -> Result<HashMap<String, String>> {
    if collection.is_addressbook() {
        return Ok(HashMap::new());
    }
    let (any,): (i64,) = sql("SELECT COUNT(*) FROM items
         WHERE subscriber_id = $1 AND category = $2 AND instr(body, 'RECURRENCE-ID') > 0")
    .bind(access.id())
    .bind(collection.category())
    .one(db)
    .await?;
    if any == 0 {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, String)> =
        sql("SELECT id, body FROM items WHERE subscriber_id = $1 AND category = $2")
            .bind(access.id())
            .bind(collection.category())
            .all(db)
            .await?;
    let uids = move || rows.into_iter().filter_map(|(id, body)| Some((id, uid(&body)?))).collect();
    tokio::task::spawn_blocking(uids).await.map_err(|error| Error::Corrupt(error.to_string()))
}

/// The UID of the entry in a stored body.
fn uid(body: &str) -> Option<String> {
    let (components, _) = component::read(body.as_bytes());
    let entry = components.into_iter().find(|component| component.name != "VTIMEZONE")?;
    let uid = String::from_utf8_lossy(&entry.first("UID")?.raw).trim().to_owned();
    (!uid.is_empty()).then_some(uid)
}

/// What an item is written from.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Stored {
    pub id: String,
    subscriber_id: String,
    pub body: String,
    details: String,
}

impl Stored {
    /// A card is written from its body alone.
    fn chosen(access: Access<'_>, contact: ChosenContact) -> Self {
        let ChosenContact { id, body, .. } = contact;
        Self { id, subscriber_id: access.id().to_owned(), body, details: String::new() }
    }

    pub fn details(&self) -> Result<Details> {
        serde_json::from_str(&self.details).map_err(|error| Error::Corrupt(error.to_string()))
    }
}

async fn some(db: &Db, ids: &[&String]) -> Result<Vec<Stored>> {
    static SOME: Many =
        Many::new("SELECT id, subscriber_id, body, details FROM items WHERE id IN ({rows})", 1);
    SOME.find(db, ids, &&String::new(), |query, id| query.bind(id.as_str())).await
}
