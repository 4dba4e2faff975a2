//! The SQL of items: all those of a handful of files in each statement, versions of an item one by one.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use super::NewFile;
use crate::{
    ambient::{Ambient, Millis},
    intake::{file::NewItem, read::Found},
    store::{Bulk, Column, Error, Result, Shape, Tx, sql},
};

/// An item on its way into the table.
struct ItemRow {
    id: String,
    /// In the order in which they came.
    place: usize,
    /// Its file's place among those of the handful.
    of: usize,
    subscriber_id: String,
    category: &'static str,
    file_id: String,
    identity: [u8; 32],
    details: String,
    at: Millis,
    item: Arc<NewItem>,
}

impl ItemRow {
    fn found(&self) -> &Found {
        &self.item.found
    }
}

static ITEMS: Shape<ItemRow> = Shape::new(
    "items",
    &[
        Column::Text("id", |row| Some(&row.id)),
        Column::Text("subscriber_id", |row| Some(&row.subscriber_id)),
        Column::Text("category", |row| Some(row.category)),
        Column::Bytes("identity", |row| Some(&row.identity)),
        Column::Bytes("digest", |row| Some(&row.item.found.digest)),
        Column::Integer("revised_at", |row| row.item.found.revised_at),
        Column::Text("title", |row| Some(&row.item.found.title)),
        Column::Text("sort", |row| Some(&row.item.found.sort)),
        Column::Text("search", |row| Some(&row.item.found.search)),
        Column::Integer("at", |row| row.item.found.at),
        Column::Text("details", |row| Some(&row.details)),
        Column::Text("body", |row| Some(&row.item.found.body)),
        Column::Text("file_id", |row| Some(&row.file_id)),
        Column::Text("thumbnail", |row| row.item.thumbnail.as_ref().map(|(blob, _)| blob.as_str())),
        Column::Integer("thumbnail_bytes", |row| row.item.thumbnail.as_ref().map(|(_, bytes)| *bytes)),
        Column::Integer("created_at", |row| Some(row.at)),
    ],
);

/// Takes in the items of each new file; how many of each were not known before.
pub async fn put(tx: &mut Tx, ambient: &Ambient, files: &[(&NewFile, &[Arc<NewItem>])]) -> Result<Vec<u64>> {
    let mut taken = vec![0; files.len()];
    let (first, again) = split(rows(ambient, files)?);
    let kept = insert(tx, &first).await?;
    let (new, known): (Vec<_>, Vec<_>) = first.into_iter().partition(|row| kept.holds(&row.id));
    for row in new {
        taken[row.of] += 1;
    }
    let mut others: Vec<ItemRow> = known.into_iter().chain(again).collect();
    others.retain(|row| row.found().uid.is_some());
    // As they came: without a date of its own the one that came later is the newer.
    others.sort_by_key(|row| row.place);
    put_versions(tx, &others).await?;
    Ok(taken)
}

fn rows(ambient: &Ambient, files: &[(&NewFile, &[Arc<NewItem>])]) -> Result<Vec<ItemRow>> {
    let mut rows = Vec::with_capacity(files.iter().map(|(_, items)| items.len()).sum());
    for (of, (file, items)) in files.iter().enumerate() {
        let Some(subscriber_id) = &file.facts.subscriber_id else { continue };
        for item in *items {
            rows.push(ItemRow {
                id: ambient.id(),
                place: rows.len(),
                of,
                subscriber_id: subscriber_id.clone(),
                category: file.facts.category,
                file_id: file.id.clone(),
                identity: identity(&item.found),
                details: details(&item.found)?,
                at: file.at,
                item: item.clone(),
            });
        }
    }
    Ok(rows)
}

/// Two finds are one item when they share a UID, or have no UID and the same content.
fn identity(found: &Found) -> [u8; 32] {
    match &found.uid {
        Some(uid) => Sha256::new().chain_update(b"uid\0").chain_update(uid.as_bytes()).finalize().into(),
        None => Sha256::new().chain_update(b"content\0").chain_update(found.digest).finalize().into(),
    }
}

fn details(found: &Found) -> Result<String> {
    serde_json::to_string(&found.details).map_err(|error| Error::Corrupt(error.to_string()))
}

/// The first find of each item, and the others.
fn split(rows: Vec<ItemRow>) -> (Vec<ItemRow>, Vec<ItemRow>) {
    let mut seen = HashSet::with_capacity(rows.len());
    rows.into_iter().partition(|row| seen.insert((row.subscriber_id.clone(), row.category, row.identity)))
}

/// Which rows of a set are in the table now.
enum Kept {
    All,
    These(HashSet<String>),
}

impl Kept {
    fn holds(&self, id: &str) -> bool {
        match self {
            Kept::All => true,
            Kept::These(ids) => ids.contains(id),
        }
    }
}

async fn insert(tx: &mut Tx, rows: &[ItemRow]) -> Result<Kept> {
    static INSERT: Bulk<ItemRow> = Bulk::new(
        &ITEMS,
        &[
            "id", "subscriber_id", "category", "identity", "digest", "revised_at", "title", "sort", "search",
            "at", "details", "body", "file_id", "thumbnail", "thumbnail_bytes", "created_at",
        ],
        "INSERT INTO items (id, subscriber_id, category, identity, digest, revised_at, title, sort, search, at,
         details, body, file_id, thumbnail, thumbnail_bytes, created_at)
         SELECT id, subscriber_id, category, identity, digest, revised_at, title, sort, search, at,
         details, body, file_id, thumbnail, thumbnail_bytes, created_at FROM given WHERE true
         ON CONFLICT (subscriber_id, category, identity) DO NOTHING",
    );
    static KEPT: Bulk<ItemRow> =
        Bulk::new(&ITEMS, &["id"], "SELECT i.id FROM given CROSS JOIN items i WHERE i.id = given.id");
    let given = ITEMS.give(tx, rows).await?;
    if INSERT.execute(tx, &given).await? == rows.len() as u64 {
        return Ok(Kept::All);
    }
    let ids: Vec<(String,)> = KEPT.all(tx, &given).await?;
    Ok(Kept::These(ids.into_iter().map(|(id,)| id).collect()))
}

/// Other finds of items with a UID: the newest is shown, the others are kept.
async fn put_versions(tx: &mut Tx, rows: &[ItemRow]) -> Result<()> {
    static SHOWN: Bulk<ItemRow> = Bulk::new(
        &ITEMS,
        &["id", "subscriber_id", "category", "identity"],
        "SELECT given.id, i.digest FROM given CROSS JOIN items i WHERE i.subscriber_id = given.subscriber_id
         AND i.category = given.category AND i.identity = given.identity",
    );
    let given = ITEMS.give(tx, rows).await?;
    let shown: HashMap<String, Vec<u8>> =
        SHOWN.all::<(String, Vec<u8>)>(tx, &given).await?.into_iter().collect();
    // Most of them come again as they are: another backup of the same phone.
    for row in
        rows.iter().filter(|row| shown.get(&row.id).is_some_and(|digest| *digest != row.found().digest))
    {
        put_version(tx, row).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Shown {
    id: String,
    digest: Vec<u8>,
    revised_at: Option<i64>,
}

async fn put_version(tx: &mut Tx, row: &ItemRow) -> Result<()> {
    let found = row.found();
    let shown: Shown = sql("SELECT id, digest, revised_at FROM items
         WHERE subscriber_id = $1 AND category = $2 AND identity = $3")
    .bind(&row.subscriber_id)
    .bind(row.category)
    .bind(&row.identity)
    .one(&mut *tx)
    .await?;
    if shown.digest == found.digest {
        return Ok(());
    }
    let seen: Option<(String,)> = sql("SELECT item_id FROM versions WHERE item_id = $1 AND digest = $2")
        .bind(&shown.id)
        .bind(&found.digest)
        .optional(&mut *tx)
        .await?;
    if seen.is_some() {
        return Ok(());
    }
    // Without a date of its own the one that came later is the newer.
    if found.revised_at.is_some() && found.revised_at < shown.revised_at {
        keep_version(tx, &shown.id, row).await
    } else {
        show_version(tx, &shown.id, row).await
    }
}

async fn keep_version(tx: &mut Tx, item: &str, row: &ItemRow) -> Result<()> {
    let found = row.found();
    sql("INSERT INTO versions (item_id, digest, revised_at, title, body, file_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (item_id, digest) DO NOTHING")
    .bind(item)
    .bind(&found.digest)
    .bind(found.revised_at)
    .bind(&found.title)
    .bind(&found.body)
    .bind(&row.file_id)
    .bind(row.at)
    .execute(tx)
    .await?;
    Ok(())
}

async fn show_version(tx: &mut Tx, item: &str, row: &ItemRow) -> Result<()> {
    let found = row.found();
    sql("INSERT INTO versions (item_id, digest, revised_at, title, body, file_id, created_at)
         SELECT id, digest, revised_at, title, body, file_id, $2 FROM items WHERE id = $1
         ON CONFLICT (item_id, digest) DO NOTHING")
    .bind(item)
    .bind(row.at)
    .execute(&mut *tx)
    .await?;
    sql("UPDATE items SET digest = $2, revised_at = $3, title = $4, sort = $5, search = $6, at = $7, details = $8,
         body = $9, file_id = $10 WHERE id = $1")
    .bind(item)
    .bind(&found.digest)
    .bind(found.revised_at)
    .bind(&found.title)
    .bind(&found.sort)
    .bind(&found.search)
    .bind(found.at)
    .bind(&row.details)
    .bind(&found.body)
    .bind(&row.file_id)
    .execute(tx)
    .await?;
    Ok(())
}
