//! Every holder's data key, opened when it is needed.

use super::{
    Db, Error, Result,
    blobs::KeyCache,
    keys::{DataKey, MasterKey},
    sql,
};
use crate::{ambient::Ambient, transaction};

pub struct Keyring {
    pub master: MasterKey,
    cache: KeyCache,
}

impl Keyring {
    pub fn new(master: MasterKey) -> Self {
        Self { master, cache: KeyCache::default() }
    }

    /// The data key of `holder`; none when the holder has kept nothing.
    pub async fn get(&self, db: &Db, holder: &str) -> Result<Option<DataKey>> {
        if let Some(key) = self.cache.get(holder) {
            return Ok(Some(key));
        }
        let wrapped: Option<(Vec<u8>,)> =
            sql("SELECT wrapped FROM keyrings WHERE holder = $1 AND master = $2")
                .bind(holder)
                .bind(self.master.check())
                .optional(db)
                .await?;
        wrapped.map(|(wrapped,)| self.open(holder, &wrapped)).transpose()
    }

    /// The data key of `holder`, made where there is none. Two processes end with the same.
    pub async fn ensure(&self, db: &Db, holder: &str, ambient: &Ambient) -> Result<DataKey> {
        if let Some(key) = self.get(db, holder).await? {
            return Ok(key);
        }
        let fresh = self.master.new_data_key(ambient);
        let wrapped = self.master.wrap(holder, &fresh, ambient).map_err(corrupt)?;
        let kept: Vec<u8> = transaction!(db, |tx| -> Result<Vec<u8>> {
            sql("INSERT INTO keyrings (holder, master, wrapped) VALUES ($1, $2, $3)
                 ON CONFLICT (holder, master) DO NOTHING")
            .bind(holder)
            .bind(self.master.check())
            .bind(wrapped.as_slice())
            .execute(tx)
            .await?;
            let (kept,) = sql("SELECT wrapped FROM keyrings WHERE holder = $1 AND master = $2")
                .bind(holder)
                .bind(self.master.check())
                .one(tx)
                .await?;
            Ok(kept)
        })?;
        self.open(holder, &kept)
    }

    fn open(&self, holder: &str, wrapped: &[u8]) -> Result<DataKey> {
        let key = self.master.unwrap(holder, wrapped).map_err(corrupt)?;
        self.cache.put(holder, key.clone());
        Ok(key)
    }

    /// Remembers the master key in an empty database, and refuses another one afterwards.
    pub async fn check(&self, db: &Db) -> Result<bool> {
        let check = self.master.check();
        let (kept,): (String,) = transaction!(db, |tx| -> Result<(String,)> {
            sql("INSERT INTO facts (name, value) VALUES ('master_key_check', $1) ON CONFLICT (name) DO NOTHING")
                .bind(&check)
                .execute(tx)
                .await?;
            sql("SELECT value FROM facts WHERE name = 'master_key_check'").one(tx).await
        })?;
        Ok(kept == check)
    }
}

fn corrupt(error: super::keys::KeyError) -> Error {
    Error::Corrupt(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::on_both;

    on_both!(a_holder_keeps_one_key_whoever_asks, |test| {
        let (ambient, _) = Ambient::fixed(0, 1);
        let (one, two) =
            (Keyring::new(MasterKey::from_bytes([1; 32])), Keyring::new(MasterKey::from_bytes([1; 32])));
        assert!(one.get(&test.db, "h").await.unwrap().is_none());
        let made = one.ensure(&test.db, "h", &ambient).await.unwrap();
        let found = two.ensure(&test.db, "h", &ambient).await.unwrap();
        assert_eq!(made.name(b"x"), found.name(b"x"));
    });

    on_both!(another_master_key_is_refused, |test| {
        assert!(Keyring::new(MasterKey::from_bytes([1; 32])).check(&test.db).await.unwrap());
        assert!(Keyring::new(MasterKey::from_bytes([1; 32])).check(&test.db).await.unwrap());
        assert!(!Keyring::new(MasterKey::from_bytes([2; 32])).check(&test.db).await.unwrap());
    });
}
