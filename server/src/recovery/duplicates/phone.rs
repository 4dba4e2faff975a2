//! The contacts file of the phone in use: read as an import reads, kept sealed for a while, for comparing alone.

use app::{
    Category,
    models::{Contact, Details},
    words::spoken,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    card::CardKey,
    sealed,
    store::{self, PhoneFile, SealedCard},
};
use crate::{
    accounts::Access,
    ambient::{Ambient, DAY, Millis},
    intake::read::{self, Found, Reading},
    portal::Portal,
    store::{Error, Result, Tx, keys::DataKey},
    transaction,
};

/// The largest file that is taken.
pub const MOST_BYTES: usize = 10_000_000;
/// The most cards that are taken of one.
pub const MOST_CARDS: usize = 10_000;
/// The most properties of one card. Honest ones have dozens.
pub const MOST_PROPERTIES: usize = 1_000;
/// How long a file is kept.
pub const KEPT: Millis = 30 * DAY;

/// Why a file was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    NoFile,
    TooLarge,
    TooMany(usize),
    /// What the card is called, and how many properties it has.
    TooFull(String, usize),
    Unreadable(String),
}

/// A card of the file, as it is sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PhoneCard {
    pub title: String,
    pub sort: String,
    pub identity: Vec<u8>,
    pub contact: Contact,
    pub body: String,
}

/// Reads a file and keeps its cards in place of an earlier one's.
pub async fn keep(
    portal: &Portal,
    access: Access<'_>,
    bytes: Vec<u8>,
) -> Result<std::result::Result<(), Refused>> {
    let (db, ambient) = (portal.db()?, portal.ambient.clone());
    let key = portal.keyring.ensure(db, access.id(), &ambient).await?;
    let read = blocking(move || seal_all(&bytes, &key, &ambient)).await?;
    let (cards, problems) = match read? {
        Ok(read) => read,
        Err(refused) => return Ok(Err(refused)),
    };
    let now = portal.ambient.now();
    let file = PhoneFile {
        id: portal.ambient.id(),
        cards: cards.len() as i64,
        problems: problems as i64,
        uploaded_at: now,
        expires_at: now + KEPT,
    };
    transaction!(db, |tx| -> Result<()> { store::put_phone_file(tx, access.id(), &file, &cards).await })?;
    Ok(Ok(()))
}

/// Deletes the file. What was chosen with it still holds.
pub async fn forget(portal: &Portal, access: Access<'_>) -> Result<bool> {
    transaction!(portal.db()?, |tx| -> Result<bool> { store::forget_phone_file(tx, access.id()).await })
}

/// Removes what has had its time.
pub async fn clean(tx: &mut Tx, now: Millis) -> Result<()> {
    store::forget_expired(tx, now).await
}

/// The file that is there.
pub async fn file(portal: &Portal, access: Access<'_>) -> Result<Option<PhoneFile>> {
    store::phone_file(portal.db()?, access.id(), portal.ambient.now()).await
}

/// Every card of a file, opened.
pub async fn cards(
    portal: &Portal,
    access: Access<'_>,
    file: &PhoneFile,
) -> Result<Vec<(CardKey, PhoneCard)>> {
    let rows = store::phone_cards(portal.db()?, &file.id).await?;
    let Some(key) = portal.data_key(access.id()).await? else { return Ok(Vec::new()) };
    blocking(move || rows.iter().map(|row| Ok((name(row), open(&key, row)?))).collect()).await?
}

/// One card of a file.
pub async fn card(
    portal: &Portal,
    access: Access<'_>,
    file: &PhoneFile,
    card: &str,
) -> Result<Option<PhoneCard>> {
    let row = store::phone_card(portal.db()?, &file.id, card).await?;
    let key = portal.data_key(access.id()).await?;
    row.zip(key).map(|(row, key)| open(&key, &row)).transpose()
}

fn name(row: &SealedCard) -> CardKey {
    CardKey { card: row.card.clone(), version: String::new() }
}

fn open(key: &DataKey, row: &SealedCard) -> Result<PhoneCard> {
    serde_json::from_slice(&sealed::open(key, &row.sealed)?).map_err(corrupt)
}

type Sealed = std::result::Result<(Vec<SealedCard>, usize), Refused>;

fn seal_all(bytes: &[u8], key: &DataKey, ambient: &Ambient) -> Result<Sealed> {
    let reading = match read(bytes) {
        Ok(reading) => reading,
        Err(refused) => return Ok(Err(refused)),
    };
    let cards =
        reading.items.into_iter().map(|found| seal_one(found, key, ambient)).collect::<Result<Vec<_>>>()?;
    Ok(Ok((cards.into_iter().flatten().collect(), reading.problems.len())))
}

/// The cards of a file, where they are not too many and none of them is too full.
fn read(bytes: &[u8]) -> std::result::Result<Reading, Refused> {
    let reading = read::read(Category::Contacts, "", bytes);
    let reading = reading.map_err(|unreadable| Refused::Unreadable(unreadable.reason))?;
    if reading.items.len() > MOST_CARDS {
        return Err(Refused::TooMany(reading.items.len()));
    }
    match reading.items.iter().find(|found| properties(found) > MOST_PROPERTIES) {
        Some(full) => Err(Refused::TooFull(full.title.clone(), properties(full))),
        None => Ok(reading),
    }
}

/// Every line of a card's text that does not go on with the one before is a property, but for `BEGIN` and `END`.
fn properties(found: &Found) -> usize {
    found.body.lines().filter(|line| !line.starts_with(' ')).count().saturating_sub(2)
}

fn seal_one(found: Found, key: &DataKey, ambient: &Ambient) -> Result<Option<SealedCard>> {
    let identity = identity(&found);
    let Details::Contact(contact) = found.details else { return Ok(None) };
    let card = key.name(&[identity.as_slice(), &found.digest].concat());
    let kept = PhoneCard { title: found.title, sort: found.sort, identity, contact, body: found.body };
    let plain = serde_json::to_vec(&kept).map_err(corrupt)?;
    Ok(Some(SealedCard { card, sealed: sealed::seal(key, &plain, ambient)? }))
}

/// As the import knows an item: by its UID, or by its content where it has none.
fn identity(found: &Found) -> Vec<u8> {
    let hash = match &found.uid {
        Some(uid) => Sha256::new().chain_update(b"uid\0").chain_update(uid.as_bytes()),
        None => Sha256::new().chain_update(b"content\0").chain_update(found.digest),
    };
    hash.finalize().to_vec()
}

/// As [`blocking`], speaking the language of the request: for what a page shows. What is compared or kept is made
/// by `blocking`, in English whoever asks.
pub async fn drawing<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let language = spoken();
    blocking(move || language.within(work)).await
}

/// Runs what takes time of its own beside the requests.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Corrupt(error.to_string()))
}

fn corrupt(error: serde_json::Error) -> Error {
    Error::Corrupt(error.to_string())
}
