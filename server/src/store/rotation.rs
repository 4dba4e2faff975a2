//! Another master key: the root and every data key are wrapped anew; no blob is touched.
//!
//! While it goes on both keys open everything that was wrapped for both. Only when nothing is missing is the old key
//! retired, in one transaction; so it may be killed at any point, and run again goes on from there.

use super::{
    Db, Error, Many, Result, Retry, Tx,
    keyring::{Keyring, corrupt, raise_destroyed},
    keys::MasterKey,
    sql,
};
use crate::{ambient::Ambient, transaction};

/// Data keys that one transaction wraps.
const BATCH: i64 = 100;

#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    #[error(transparent)]
    Store(#[from] Error),
    #[error("the new master key is the one that the database has")]
    Same,
    #[error("neither key is this database's")]
    Unknown,
    #[error("another rotation, to another key, is unfinished; finish it first with the same new key")]
    Other,
}

impl Retry for RotateError {
    fn retry(&self) -> bool {
        matches!(self, RotateError::Store(error) if error.is_retryable())
    }
}

/// What a rotation came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Rotated {
    /// Data keys that were wrapped in this run.
    pub keys: u64,
    /// The old key opens nothing any more.
    pub retired: bool,
}

/// Whether to stop while both keys open everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Old {
    Keep,
    Retire,
}

/// Rotates from one key to the other, or goes on with a rotation that was interrupted.
pub async fn rotate(
    db: &Db,
    from: &MasterKey,
    to: &MasterKey,
    old: Old,
    ambient: &Ambient,
) -> std::result::Result<Rotated, RotateError> {
    if from.check() == to.check() {
        return Err(RotateError::Same);
    }
    let mut rotated = Rotated::default();
    if !begin(db, from, to, ambient).await? {
        sweep(db).await?;
        return Ok(Rotated { retired: true, ..rotated });
    }
    loop {
        rotated.keys += wrap_all(db, from, to, ambient).await?;
        if old == Old::Keep {
            return Ok(rotated);
        }
        if retire(db, from, to, ambient).await? {
            break;
        }
    }
    sweep(db).await?;
    Ok(Rotated { retired: true, ..rotated })
}

/// Writes down that both keys are good. False when the old one was retired already.
async fn begin(
    db: &Db,
    from: &MasterKey,
    to: &MasterKey,
    ambient: &Ambient,
) -> std::result::Result<bool, RotateError> {
    // A database of an earlier version learns of its root first.
    let keyring = Keyring::new(from.clone());
    let known = keyring.check(db, ambient).await?;
    transaction!(db, |tx| -> std::result::Result<bool, RotateError> {
        let good = ids(tx).await?;
        let (old, new) = (good.contains(&from.check()), good.contains(&to.check()));
        match (old && known, new) {
            (true, true) => Ok(true),
            (false, true) if good.len() == 1 => Ok(false),
            (false, _) => Err(RotateError::Unknown),
            (true, false) if good.len() > 1 => Err(RotateError::Other),
            (true, false) => {
                let root_sealed = to.seal_root(keyring.root(), ambient).map_err(corrupt)?;
                sql("INSERT INTO master_keys (id, root_sealed, since) VALUES ($1, $2, $3)")
                    .bind(to.check())
                    .bind(root_sealed)
                    .bind(ambient.now())
                    .execute(tx)
                    .await?;
                Ok(true)
            }
        }
    })
}

async fn ids(tx: &mut Tx) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sql("SELECT id FROM master_keys").all(tx).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Wraps what is wrapped by the old key alone.
async fn wrap_all(db: &Db, from: &MasterKey, to: &MasterKey, ambient: &Ambient) -> Result<u64> {
    let (mut wrapped, mut after) = (0, String::new());
    loop {
        let batch = transaction!(db, |tx| -> Result<Vec<(String, Vec<u8>)>> {
            // Read where it is written: who is erased meanwhile must not come back by it.
            let batch = unwrapped(tx, from, to, &after).await?;
            wrap(tx, from, to, &batch, ambient).await?;
            Ok(batch)
        })?;
        let Some((last, _)) = batch.last() else { return Ok(wrapped) };
        after.clone_from(last);
        wrapped += batch.len() as u64;
    }
}

/// The next holders whose key the new master key does not open.
async fn unwrapped(
    tx: &mut Tx,
    from: &MasterKey,
    to: &MasterKey,
    after: &str,
) -> Result<Vec<(String, Vec<u8>)>> {
    sql("SELECT k.holder, k.wrapped FROM keyrings k WHERE k.master = $1 AND k.holder > $3
         AND NOT EXISTS (SELECT 1 FROM keyrings n WHERE n.holder = k.holder AND n.master = $2)
         ORDER BY k.holder LIMIT $4")
    .bind(from.check())
    .bind(to.check())
    .bind(after)
    .bind(BATCH)
    .all(tx)
    .await
}

async fn wrap(
    tx: &mut Tx,
    from: &MasterKey,
    to: &MasterKey,
    batch: &[(String, Vec<u8>)],
    ambient: &Ambient,
) -> Result<()> {
    static INSERT: Many =
        Many::new("INSERT INTO keyrings (holder, master, wrapped) VALUES {rows} ON CONFLICT DO NOTHING", 3);
    let mut rest = batch;
    while !rest.is_empty() {
        let (few, others) = rest.split_at(super::next_rows(rest.len()));
        let mut query = INSERT.sql(few.len());
        for (holder, wrapped) in few {
            let key = from.unwrap(holder, wrapped).map_err(corrupt)?;
            let anew = to.wrap(holder, &key, ambient).map_err(corrupt)?;
            query = query.bind(holder).bind(to.check()).bind(anew);
        }
        query.execute(&mut *tx).await?;
        rest = others;
    }
    Ok(())
}

/// The old key is good for nothing from here on. False when a process made a data key under it meanwhile.
async fn retire(db: &Db, from: &MasterKey, to: &MasterKey, ambient: &Ambient) -> Result<bool> {
    transaction!(db, |tx| -> Result<bool> {
        if !unwrapped(tx, from, to, "").await?.is_empty() {
            return Ok(false);
        }
        sql("DELETE FROM master_keys WHERE id = $1").bind(from.check()).execute(&mut *tx).await?;
        for (name, value) in
            [("master_key_check", to.check()), ("master_key_rotated_at", ambient.now().to_string())]
        {
            sql("INSERT INTO facts (name, value) VALUES ($1, $2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(name)
            .bind(value)
            .execute(&mut *tx)
            .await?;
        }
        raise_destroyed(tx).await?;
        Ok(true)
    })
}

/// Removes what retired keys wrapped; returns how much. Harmless at any time.
pub async fn sweep(db: &Db) -> Result<u64> {
    let mut removed = 0;
    loop {
        let left: Option<(String,)> = sql(LEFT).optional(db).await?;
        if left.is_none() {
            break;
        }
        removed += transaction!(db, bulk |tx| -> Result<u64> {
            sql("DELETE FROM keyrings WHERE EXISTS (SELECT 1 FROM master_keys)
                 AND (holder, master) IN (SELECT holder, master FROM keyrings
                     WHERE master NOT IN (SELECT id FROM master_keys) LIMIT 500)")
            .execute(tx)
            .await
        })?;
    }
    if removed > 0 {
        db.forget_deleted().await?;
    }
    Ok(removed)
}

const LEFT: &str = "SELECT master FROM keyrings WHERE master NOT IN (SELECT id FROM master_keys)
    AND EXISTS (SELECT 1 FROM master_keys) LIMIT 1";

/// How many master keys open the database, and whether anything is left of retired ones: more than one, or that, is an
/// unfinished rotation.
pub async fn standing(db: &Db) -> Result<(i64, bool)> {
    let (good,): (i64,) = sql("SELECT COUNT(*) FROM master_keys").one(db).await?;
    let left: Option<(String,)> = sql(LEFT).optional(db).await?;
    Ok((good, left.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::on_both;

    const HOLDERS: usize = 250;

    fn key(byte: u8) -> MasterKey {
        MasterKey::from_bytes([byte; 32])
    }

    /// A keyring of the key of that byte, with as many holders, and what each one's key calls some bytes.
    async fn kept(test: &Db, ambient: &Ambient) -> (Keyring, Vec<String>) {
        let keyring = Keyring::new(key(1));
        assert!(keyring.check(test, ambient).await.unwrap());
        let mut names = Vec::new();
        for holder in 0..HOLDERS {
            names.push(keyring.ensure(test, &holder.to_string(), ambient).await.unwrap().name(b"x"));
        }
        (keyring, names)
    }

    async fn names(db: &Db, keyring: &Keyring) -> Vec<String> {
        let mut names = Vec::new();
        for holder in 0..HOLDERS {
            names.push(keyring.get(db, &holder.to_string()).await.unwrap().unwrap().name(b"x"));
        }
        names
    }

    on_both!(everything_opens_with_the_new_key_and_nothing_with_the_old, |test| {
        let (ambient, _) = Ambient::fixed(0, 1);
        let (old, known) = kept(&test.db, &ambient).await;
        let rotated = rotate(&test.db, &key(1), &key(2), Old::Retire, &ambient).await.unwrap();
        assert_eq!(rotated, Rotated { keys: HOLDERS as u64, retired: true });
        let new = Keyring::new(key(2));
        assert!(new.check(&test.db, &ambient).await.unwrap());
        assert_eq!(names(&test.db, &new).await, known);
        assert_eq!(new.root().derive("codes"), old.root().derive("codes"));
        assert!(!Keyring::new(key(1)).check(&test.db, &ambient).await.unwrap());
        let (rows,): (i64,) = sql("SELECT COUNT(*) FROM keyrings").one(&test.db).await.unwrap();
        assert_eq!(rows, HOLDERS as i64);
        // A process that still has the old key neither opens nor makes anything.
        assert!(!old.follow(&test.db).await.unwrap());
        assert!(matches!(old.get(&test.db, "1").await, Err(Error::OtherKey)));
        assert!(matches!(old.ensure(&test.db, "new", &ambient).await, Err(Error::OtherKey)));
    });

    on_both!(while_it_goes_on_both_keys_open_everything, |test| {
        let (ambient, _) = Ambient::fixed(0, 1);
        let (_, known) = kept(&test.db, &ambient).await;
        assert!(!rotate(&test.db, &key(1), &key(2), Old::Keep, &ambient).await.unwrap().retired);
        assert_eq!(standing(&test.db).await.unwrap(), (2, false));
        for byte in [1, 2] {
            let keyring = Keyring::new(key(byte));
            assert!(keyring.check(&test.db, &ambient).await.unwrap());
            assert_eq!(names(&test.db, &keyring).await, known);
        }
        // A key that a process makes under the old one meanwhile is wrapped before that is retired.
        let late = Keyring::new(key(1)).ensure(&test.db, "late", &ambient).await.unwrap();
        assert!(matches!(
            Keyring::new(key(2)).ensure(&test.db, "late", &ambient).await,
            Err(Error::OtherKey)
        ));
        assert!(matches!(
            rotate(&test.db, &key(1), &key(3), Old::Retire, &ambient).await,
            Err(RotateError::Other)
        ));
        rotate(&test.db, &key(1), &key(2), Old::Retire, &ambient).await.unwrap();
        let found = Keyring::new(key(2)).get(&test.db, "late").await.unwrap().unwrap();
        assert_eq!(found.name(b"x"), late.name(b"x"));
        assert_eq!(standing(&test.db).await.unwrap(), (1, false));
    });

    on_both!(a_rotation_that_is_over_may_be_asked_for_again, |test| {
        let (ambient, _) = Ambient::fixed(0, 1);
        kept(&test.db, &ambient).await;
        rotate(&test.db, &key(1), &key(2), Old::Retire, &ambient).await.unwrap();
        let again = rotate(&test.db, &key(1), &key(2), Old::Retire, &ambient).await.unwrap();
        assert_eq!(again, Rotated { keys: 0, retired: true });
        for (from, to) in [(3, 4), (1, 3)] {
            let refused = rotate(&test.db, &key(from), &key(to), Old::Retire, &ambient).await;
            assert!(matches!(refused, Err(RotateError::Unknown)));
        }
        let same = rotate(&test.db, &key(2), &key(2), Old::Retire, &ambient).await;
        assert!(matches!(same, Err(RotateError::Same)));
    });
}
