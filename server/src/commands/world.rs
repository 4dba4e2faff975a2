//! Opening what the settings name: database, blobs, master key, incident.

use std::path::Path;

use super::{Failure, serve};
use crate::{
    ambient::Ambient,
    incident::{Incidents, po_path},
    portal::Portal,
    settings::Settings,
    store::{
        Db, IfAbsent,
        blobs::Blobs,
        keyring::Keyring,
        keys::{KeyError, MasterKey},
    },
};

/// The master key, made at the first start where it may be.
pub fn master_key(settings: &Settings, ambient: &Ambient) -> Result<MasterKey, Failure> {
    if settings.master_key_named {
        return MasterKey::read(&settings.master_key_file).map_err(usage);
    }
    if settings.is_spread() {
        return Err(Failure::Usage(
            "the database or the blobs are on another host, so the master key must be set and kept apart: \
             make one with `openssl rand -base64 32 > master.key` and name it in MAKEGOOD_MASTER_KEY_FILE"
                .to_owned(),
        ));
    }
    MasterKey::read_or_create(&settings.master_key_file, ambient).map_err(usage)
}

fn usage(error: KeyError) -> Failure {
    Failure::Usage(format!("master key: {error}"))
}

pub fn blobs(settings: &Settings) -> Result<Blobs, Failure> {
    Blobs::open(&settings.blobs_url).map_err(|error| Failure::Usage(format!("blobs_url: {error}")))
}

/// Opens the database, makes and migrates an empty one where that may be, and holds the master key against it.
pub async fn database(
    settings: &Settings,
    ambient: &Ambient,
    if_absent: IfAbsent,
) -> Result<(Db, Keyring), Failure> {
    let failed = |error| Failure::Failed(format!("database: {error}"));
    if if_absent == IfAbsent::Refuse {
        // No key is made for a database that is not there.
        Db::connect(&settings.database_url, if_absent).await.map_err(failed)?.close().await;
    }
    let keyring = Keyring::new(master_key(settings, ambient)?);
    let db = Db::open(&settings.database_url, if_absent).await.map_err(failed)?;
    if keyring.check(&db, ambient).await? { Ok((db, keyring)) } else { Err(wrong_key(settings)) }
}

/// The portal for a command, with its database. Its own keyring is held against it: only then what it seals opens again.
pub async fn portal(settings: Settings, incident: Incidents, ambient: Ambient) -> Result<Portal, Failure> {
    let (db, _) = database(&settings, &ambient, IfAbsent::Refuse).await?;
    let portal = serve::open(settings, incident, ambient)?;
    if !portal.keyring.check(&db, &portal.ambient).await? {
        return Err(wrong_key(&portal.settings));
    }
    portal.set_db(db);
    Ok(portal)
}

pub fn wrong_key(settings: &Settings) -> Failure {
    Failure::Usage(format!(
        "{}: this is not this database's master key, or not any more; nothing in it would open. \
         Name the right one in MAKEGOOD_MASTER_KEY_FILE",
        settings.master_key_file.display()
    ))
}

/// Reads the incident file, and its translation where there is one beside it.
pub fn incident(path: &Path) -> Result<Incidents, Failure> {
    let name = path.display().to_string();
    let unread = |name: &str, error: std::io::Error| Failure::Usage(format!("{name}: {error}"));
    let text = std::fs::read_to_string(path).map_err(|error| unread(&name, error))?;
    let po = po_path(&name);
    let spanish = match std::fs::read_to_string(&po) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(unread(&po, error)),
    };
    Incidents::read(&text, &name, spanish.as_deref()).map_err(|error| Failure::Usage(error.to_string()))
}
