//! Every holder's data key, opened when it is needed; and the root secret.
//!
//! The master key, which the operator keeps in a file, wraps the root and the data keys and nothing else. What has to
//! stay as it is when the master key is rotated hangs on the root: keyed hashes, sealed texts, one-time-code secrets.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use super::{
    Db, Error, Result, Tx,
    keys::{DataKey, MasterKey},
    sql,
};
use crate::{ambient::Ambient, transaction};

pub struct Keyring {
    master: MasterKey,
    root: OnceLock<MasterKey>,
    /// Stands in for the root while no database was ever reached: what it seals nobody can open, what it hashes
    /// nobody finds. Everything that would keep such a thing needs the database.
    unrooted: MasterKey,
    cache: KeyCache,
    /// The counter `keys` when the cache was last known to be right.
    followed: AtomicI64,
}

/// What the database keeps of one master key.
#[derive(sqlx::FromRow)]
struct Kept {
    id: String,
    root_sealed: Vec<u8>,
}

impl Keyring {
    pub fn new(master: MasterKey) -> Self {
        Self {
            unrooted: MasterKey::from_bytes(master.derive("unrooted")),
            master,
            root: OnceLock::new(),
            cache: KeyCache::default(),
            followed: AtomicI64::new(0),
        }
    }

    /// The root: the same whatever master key wraps it. Known once [`check`](Self::check) said yes.
    pub fn root(&self) -> &MasterKey {
        self.root.get().unwrap_or(&self.unrooted)
    }

    /// The data key of `holder`; none when the holder has kept nothing.
    pub async fn get(&self, db: &Db, holder: &str) -> Result<Option<DataKey>> {
        if let Some(key) = self.cache.get(holder) {
            return Ok(Some(key));
        }
        let before = self.followed.load(Ordering::SeqCst);
        let wraps = sql(WRAPS).bind(holder).all(db).await?;
        self.open(holder, &wraps, before)
    }

    /// The data key of `holder`, made where there is none. Two processes end with the same.
    pub async fn ensure(&self, db: &Db, holder: &str, ambient: &Ambient) -> Result<DataKey> {
        if let Some(key) = self.get(db, holder).await? {
            return Ok(key);
        }
        let before = self.followed.load(Ordering::SeqCst);
        let fresh = self.master.new_data_key(ambient);
        let wrapped = self.master.wrap(holder, &fresh, ambient).map_err(corrupt)?;
        let wraps = transaction!(db, |tx| -> Result<Vec<Wrap>> {
            let known: Vec<Wrap> = sql(WRAPS).bind(holder).all(&mut *tx).await?;
            if !known.is_empty() {
                return Ok(known);
            }
            self.may_make(tx, holder).await?;
            insert(tx, holder, &self.master.check(), &wrapped).await?;
            sql(WRAPS).bind(holder).all(tx).await
        })?;
        self.open(holder, &wraps, before)?.ok_or(Error::OtherKey)
    }

    /// Not under a master key that was rotated away meanwhile, and for nobody who was erased.
    async fn may_make(&self, tx: &mut Tx, holder: &str) -> Result<()> {
        let masters: Vec<(String,)> = sql("SELECT id FROM master_keys").all(&mut *tx).await?;
        let mine = self.master.check();
        if !masters.is_empty() && !masters.iter().any(|(id,)| *id == mine) {
            return Err(Error::OtherKey);
        }
        let erased: Option<(String,)> =
            sql("SELECT id FROM erasures WHERE subscriber_id = $1 AND readmitted_at IS NULL LIMIT 1")
                .bind(holder)
                .optional(tx)
                .await?;
        if erased.is_some() { Err(Error::Erased) } else { Ok(()) }
    }

    /// A key that is wrapped, but not for this master key, must not look like none: another would be made.
    fn open(&self, holder: &str, wraps: &[Wrap], before: i64) -> Result<Option<DataKey>> {
        if wraps.is_empty() {
            return Ok(None);
        }
        let mine = self.master.check();
        let (_, wrapped) = wraps.iter().find(|(master, _)| *master == mine).ok_or(Error::OtherKey)?;
        let key = self.master.unwrap(holder, wrapped).map_err(corrupt)?;
        if self.followed.load(Ordering::SeqCst) == before {
            self.cache.put(holder, key.clone());
        }
        Ok(Some(key))
    }

    /// Makes an empty database this master key's, and tells whether any other is. Learns the root.
    pub async fn check(&self, db: &Db, ambient: &Ambient) -> Result<bool> {
        let mine = self.master.check();
        let kept = transaction!(db, |tx| -> Result<Option<Kept>> {
            let kept: Vec<Kept> = sql("SELECT id, root_sealed FROM master_keys").all(&mut *tx).await?;
            if kept.is_empty() {
                return self.first(tx, ambient).await;
            }
            Ok(kept.into_iter().find(|kept| kept.id == mine))
        })?;
        let Some(kept) = kept else { return Ok(false) };
        let root = self.master.open_root(&kept.root_sealed).map_err(corrupt)?;
        // Checked again after an outage, it is the same.
        let _ = self.root.set(root);
        Ok(true)
    }

    /// The first master key of a database. One that knew only the master key itself hung everything on it: there the
    /// root is that key.
    async fn first(&self, tx: &mut Tx, ambient: &Ambient) -> Result<Option<Kept>> {
        let id = self.master.check();
        let before: Option<(String,)> = sql(CHECK).optional(&mut *tx).await?;
        let root = match before {
            None => MasterKey::from_bytes(ambient.bytes()),
            Some((known,)) if known == id => self.master.clone(),
            Some(_) => return Ok(None),
        };
        let root_sealed = self.master.seal_root(&root, ambient).map_err(corrupt)?;
        sql("INSERT INTO facts (name, value) VALUES ('master_key_check', $1) ON CONFLICT (name) DO NOTHING")
            .bind(&id)
            .execute(&mut *tx)
            .await?;
        sql("INSERT INTO master_keys (id, root_sealed, since) VALUES ($1, $2, $3)")
            .bind(&id)
            .bind(root_sealed.as_slice())
            .bind(ambient.now())
            .execute(tx)
            .await?;
        Ok(Some(Kept { id, root_sealed }))
    }

    /// Whether the master key opens this database, or it is nobody's yet. Changes nothing.
    pub async fn fits(&self, db: &Db) -> Result<bool> {
        let mine = self.master.check();
        let masters: Vec<(String,)> = sql("SELECT id FROM master_keys").all(db).await?;
        if !masters.is_empty() {
            return Ok(masters.iter().any(|(id,)| *id == mine));
        }
        let before: Option<(String,)> = sql(CHECK).optional(db).await?;
        Ok(before.is_none_or(|(known,)| known == mine))
    }

    /// Whether the master key still opens this database; forgets the data keys in memory once some were destroyed.
    /// One small read, for once a second.
    pub async fn follow(&self, db: &Db) -> Result<bool> {
        let (mine, destroyed): (i64, i64) = sql("SELECT (SELECT COUNT(*) FROM master_keys WHERE id = $1),
             COALESCE((SELECT count FROM changes WHERE name = 'keys'), 0)")
        .bind(self.master.check())
        .one(db)
        .await?;
        if self.followed.swap(destroyed, Ordering::SeqCst) != destroyed {
            self.cache.clear();
        }
        Ok(mine == 1)
    }
}

/// Tells every process that data keys were destroyed, or a master key retired.
pub async fn raise_destroyed(tx: &mut Tx) -> Result<()> {
    sql("INSERT INTO changes (name, count) VALUES ('keys', 1)
         ON CONFLICT (name) DO UPDATE SET count = changes.count + 1")
    .execute(tx)
    .await?;
    Ok(())
}

/// By which master key, and what it made of the data key.
type Wrap = (String, Vec<u8>);

const WRAPS: &str = "SELECT master, wrapped FROM keyrings WHERE holder = $1";
const CHECK: &str = "SELECT value FROM facts WHERE name = 'master_key_check'";

async fn insert(tx: &mut Tx, holder: &str, master: &str, wrapped: &[u8]) -> Result<()> {
    sql("INSERT INTO keyrings (holder, master, wrapped) VALUES ($1, $2, $3)
         ON CONFLICT (holder, master) DO NOTHING")
    .bind(holder)
    .bind(master)
    .bind(wrapped)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) fn corrupt(error: super::keys::KeyError) -> Error {
    Error::Corrupt(error.to_string())
}

/// Data keys that are open in this process, by holder.
#[derive(Default)]
struct KeyCache(Mutex<HashMap<String, DataKey>>);

/// Beyond this many the cache starts afresh: a million keys are not worth their memory.
const CACHED_KEYS: usize = 10_000;

impl KeyCache {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, DataKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, holder: &str) -> Option<DataKey> {
        self.lock().get(holder).cloned()
    }

    fn put(&self, holder: &str, key: DataKey) {
        let mut keys = self.lock();
        if keys.len() >= CACHED_KEYS {
            keys.clear();
        }
        keys.insert(holder.to_owned(), key);
    }

    fn clear(&self) {
        self.lock().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::on_both;

    fn ring(byte: u8) -> Keyring {
        Keyring::new(MasterKey::from_bytes([byte; 32]))
    }

    on_both!(a_holder_keeps_one_key_whoever_asks, |test| {
        let (ambient, _) = Ambient::fixed(0, 1);
        let (one, two) = (ring(1), ring(1));
        assert!(one.get(&test.db, "h").await.unwrap().is_none());
        let made = one.ensure(&test.db, "h", &ambient).await.unwrap();
        let found = two.ensure(&test.db, "h", &ambient).await.unwrap();
        assert_eq!(made.name(b"x"), found.name(b"x"));
    });

    on_both!(another_master_key_is_refused, |test| {
        let (ambient, _) = Ambient::fixed(0, 1);
        assert!(ring(1).check(&test.db, &ambient).await.unwrap());
        assert!(ring(1).check(&test.db, &ambient).await.unwrap());
        assert!(!ring(2).check(&test.db, &ambient).await.unwrap());
    });

    on_both!(the_root_is_random_and_the_same_for_all, |test| {
        let (ambient, _) = Ambient::fixed(0, 1);
        let (one, two) = (ring(1), ring(1));
        one.check(&test.db, &ambient).await.unwrap();
        two.check(&test.db, &ambient).await.unwrap();
        assert_eq!(one.root().derive("x"), two.root().derive("x"));
        assert_ne!(one.root().derive("x"), MasterKey::from_bytes([1; 32]).derive("x"));
    });

    on_both!(a_database_from_before_the_root_goes_on_with_its_master_key_as_root, |test| {
        let (ambient, _) = Ambient::fixed(0, 1);
        let master = MasterKey::from_bytes([1; 32]);
        transaction!(test.db, |tx| -> Result<()> {
            sql("INSERT INTO facts (name, value) VALUES ('master_key_check', $1)")
                .bind(master.check())
                .execute(tx)
                .await?;
            Ok(())
        })
        .unwrap();
        assert!(!ring(2).check(&test.db, &ambient).await.unwrap());
        let one = ring(1);
        assert!(one.check(&test.db, &ambient).await.unwrap());
        assert_eq!(one.root().derive("x"), master.derive("x"));
    });

    on_both!(a_key_that_another_process_destroyed_is_forgotten_here, |test| {
        let (ambient, _) = Ambient::fixed(0, 1);
        let one = ring(1);
        one.check(&test.db, &ambient).await.unwrap();
        one.ensure(&test.db, "h", &ambient).await.unwrap();
        transaction!(test.db, |tx| -> Result<()> {
            sql("DELETE FROM keyrings WHERE holder = 'h'").execute(&mut *tx).await?;
            raise_destroyed(tx).await
        })
        .unwrap();
        assert!(one.follow(&test.db).await.unwrap());
        assert!(one.get(&test.db, "h").await.unwrap().is_none());
    });
}
