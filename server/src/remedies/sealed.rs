//! What is personal about a claim, sealed under its person's data key: erasing the person makes it unreadable wherever
//! a copy of it lies.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    accounts::erasure,
    portal::Portal,
    store::{
        Db, Error, Result,
        keyring::Keyring,
        keys::DataKey,
        seal::{self, HEADER, SealError, Sealed},
    },
};

/// Seals something that fits into a chunk. Never within a transaction: a person's first key is one of its own.
pub async fn seal<T: Serialize>(portal: &Portal, subscriber_id: &str, what: &T) -> Result<Vec<u8>> {
    let (db, ambient) = (portal.db()?, &portal.ambient);
    let key = portal.keyring.ensure(db, subscriber_id, ambient).await?;
    let plain = serde_json::to_vec(what).map_err(|error| Error::Corrupt(error.to_string()))?;
    seal::seal(&key, &plain, ambient).map_err(corrupt)
}

/// None once the person was erased, also where they came in again: the key that it was sealed by is gone.
pub async fn open<T: DeserializeOwned>(
    db: &Db,
    keyring: &Keyring,
    subscriber_id: &str,
    sealed: &[u8],
) -> Result<Option<T>> {
    let Some(key) = keyring.get(db, subscriber_id).await? else { return Ok(None) };
    let plain = match unseal(&key, sealed) {
        Ok(plain) => plain,
        Err(_) if erasure::has_been(db, subscriber_id).await? => return Ok(None),
        Err(error) => return Err(corrupt(error)),
    };
    serde_json::from_slice(&plain).map(Some).map_err(|error| Error::Corrupt(error.to_string()))
}

/// It fits into the first chunk.
fn unseal(key: &DataKey, sealed: &[u8]) -> std::result::Result<Vec<u8>, SealError> {
    let stream = Sealed::open(key, sealed)?;
    stream.chunk(0, true, sealed.get(HEADER..).unwrap_or_default())
}

fn corrupt(error: SealError) -> Error {
    Error::Corrupt(error.to_string())
}
