//! `makegood import PATH`.

use std::{io::Write, path::PathBuf};

use clap::Args;

use super::{Failure, Json, report, world};
use crate::{
    ambient::{Ambient, Millis, SECOND},
    intake::{Intake, Report},
    settings::Settings,
    store::IfAbsent,
};

#[derive(Debug, Args)]
pub struct Options {
    /// A directory, .zip, .tar or .tar.gz of recovered data
    path: PathBuf,
    /// Exit 1 also when something went into quarantine or was not taken in
    #[arg(long)]
    strict: bool,
    /// Read every stored byte back at once; without it as much as is cheap, and the scrubber reads the rest
    #[arg(long)]
    verify: bool,
    /// Write a validation report for the recovery engineer: one HTML file that needs no network
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    #[command(flatten)]
    json: Json,
}

pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    let ambient = Ambient::system();
    if !options.path.exists() {
        return Err(Failure::Usage(format!("{}: there is nothing of that name", options.path.display())));
    }
    if let Some(path) = &options.report {
        // Better said now than after hours.
        let writable = std::fs::File::options().create(true).append(true).open(path);
        writable.map_err(|error| Failure::Usage(format!("--report {}: {error}", path.display())))?;
    }
    let mut intake = open(settings, &ambient).await?;
    if options.verify {
        intake.blobs = intake.blobs.reading_back_whole();
    }
    let (told, outcome) = intake.import(&options.path, &mut progress(&ambient)).await;
    if options.json.json {
        let line = serde_json::to_string(&told).map_err(|error| Failure::Failed(error.to_string()))?;
        let _ = writeln!(std::io::stdout(), "{line}");
    } else {
        let _ = write!(std::io::stdout(), "{told}");
    }
    let drawn = match &options.report {
        Some(path) => report::html(&intake.db, Some(&told.run), &ambient)
            .await
            .and_then(|html| report::write(path, &html)),
        None => Ok(()),
    };
    intake.db.close().await;
    outcome.map_err(|error| Failure::Failed(error.to_string()))?;
    drawn?;
    if options.strict && (told.quarantined > 0 || !told.problems.is_empty()) {
        return Err(Failure::Failed(format!("--strict: {}", told.summary())));
    }
    Ok(())
}

/// What an import needs, as the settings name it.
pub async fn open(settings: &Settings, ambient: &Ambient) -> Result<Intake, Failure> {
    let blobs = world::blobs(settings)?;
    let (db, keyring) = world::database(settings, ambient, IfAbsent::Create).await?;
    Ok(Intake::new(db, blobs, keyring, ambient.clone()))
}

/// Says how it stands on standard error, once a second.
fn progress(ambient: &Ambient) -> impl FnMut(&Report) + Send {
    let (ambient, mut last): (_, Millis) = (ambient.clone(), 0);
    move |report| {
        if ambient.now() - last >= SECOND {
            last = ambient.now();
            eprintln!("importing: {}", report.summary());
        }
    }
}
