//! `makegood rotate-key --new FILE`.

use std::{io::Write, path::PathBuf};

use clap::Args;

use super::{Failure, Json, world};
use crate::{
    ambient::Ambient,
    settings::Settings,
    store::{
        Db, IfAbsent,
        keys::MasterKey,
        rotation::{self, Old, RotateError, Rotated},
    },
};

#[derive(Debug, Args)]
pub struct Options {
    /// The new master key's file; made where there is none
    #[arg(long, value_name = "FILE")]
    new: PathBuf,
    /// Stop while both keys open everything, so that processes can be started again one by one; then run it without
    #[arg(long)]
    keep_old: bool,
    #[command(flatten)]
    json: Json,
}

/// The settings name the old key until it is over. Run again after an interruption, it goes on.
pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    let ambient = Ambient::system();
    let usage = |error: &dyn std::fmt::Display| Failure::Usage(format!("master key: {error}"));
    let db = Db::open(&settings.database_url, IfAbsent::Refuse).await;
    let db = db.map_err(|error| Failure::Failed(format!("database: {error}")))?;
    let from = MasterKey::read(&settings.master_key_file).map_err(|error| usage(&error))?;
    if !belongs(&db, &from, &options, &ambient).await? {
        return Err(world::wrong_key(settings));
    }
    // On disk for good before anything is wrapped by it.
    let to = MasterKey::read_or_create(&options.new, &ambient).map_err(|error| usage(&error))?;
    let old = if options.keep_old { Old::Keep } else { Old::Retire };
    let rotated = rotation::rotate(&db, &from, &to, old, &ambient).await.map_err(failure)?;
    db.close().await;
    say(&rotated, &options)
}

/// No key file is made for a database that the settings' key does not open, nor for one that is finished.
async fn belongs(db: &Db, from: &MasterKey, options: &Options, ambient: &Ambient) -> Result<bool, Failure> {
    let keyring = crate::store::keyring::Keyring::new(from.clone());
    Ok(keyring.check(db, ambient).await? || options.new.exists())
}

fn failure(error: RotateError) -> Failure {
    match error {
        RotateError::Store(error) => Failure::Failed(format!("{error}; run it again: it goes on from there")),
        RotateError::Same | RotateError::Unknown | RotateError::Other => Failure::Usage(format!(
            "{error}; MAKEGOOD_MASTER_KEY_FILE names the old key until the rotation is over, --new the new one"
        )),
    }
}

fn say(rotated: &Rotated, options: &Options) -> Result<(), Failure> {
    let (mut out, new) = (std::io::stdout(), options.new.display());
    if options.json.json {
        let line = serde_json::to_string(rotated).map_err(|error| Failure::Failed(error.to_string()))?;
        let _ = writeln!(out, "{line}");
        return Ok(());
    }
    let _ = writeln!(out, "{} data keys were wrapped by the key in {new}.", rotated.keys);
    let _ = if rotated.retired {
        writeln!(
            out,
            "The old key opens nothing any more. Set MAKEGOOD_MASTER_KEY_FILE={new} and start every process again. \
             Keep the old key for as long as you keep backups that were made before now."
        )
    } else {
        writeln!(
            out,
            "Both keys open everything. Start each process again with MAKEGOOD_MASTER_KEY_FILE={new}, then run this \
             again with the old key and without --keep-old."
        )
    };
    Ok(())
}
