//! `makegood scrub`.

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::{Failure, Json, world};
use crate::{
    ambient::{Ambient, SECOND},
    recovery::scrub::{self, Damaged, Scrub, Tally},
    settings::Settings,
    store::{Db, IfAbsent},
};

/// Damaged files that are listed; more are counted.
const LISTED: i64 = 1_000;

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    json: Json,
}

/// Exit 1 when stored bytes are damaged, or could not be read.
pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    let ambient = Ambient::system();
    let blobs = world::blobs(settings)?;
    let (db, keyring) = world::database(settings, &ambient, IfAbsent::Refuse).await?;
    blobs.belong_to(&db, &ambient);
    let started = ambient.now();
    let scrub = Scrub { db: &db, blobs: &blobs, keyring: &keyring, ambient: &ambient };
    let tally = scrub::once(scrub, &mut progress(&ambient)).await;
    let tally = tally.map_err(|error| Failure::Failed(error.to_string()))?;
    let seconds = (ambient.now() - started) as f64 / 1000.0;
    say(&db, &options, &tally, seconds).await?;
    db.close().await;
    match tally.damaged + tally.unread {
        0 => Ok(()),
        _ => Err(Failure::Failed(
            "stored bytes are damaged: bring these blobs back from a backup, or import the files again"
                .to_owned(),
        )),
    }
}

/// Says how it stands on standard error, every ten seconds.
fn progress(ambient: &Ambient) -> impl FnMut(&Tally) {
    let (ambient, mut last) = (ambient.clone(), ambient.now());
    move |tally| {
        if ambient.now() - last >= 10 * SECOND {
            last = ambient.now();
            eprintln!("scrubbing: {}", in_words(tally));
        }
    }
}

fn in_words(tally: &Tally) -> String {
    format!(
        "{} blobs and {} bytes read, {} damaged, {} mended, {} not to be read",
        tally.blobs, tally.bytes, tally.damaged, tally.mended, tally.unread
    )
}

async fn say(db: &Db, options: &Options, tally: &Tally, seconds: f64) -> Result<(), Failure> {
    let by_category = scrub::damaged_by_category(db).await?;
    let files = scrub::damaged(db, LISTED).await?;
    let mut out = std::io::stdout();
    if options.json.json {
        let categories: serde_json::Map<String, serde_json::Value> =
            by_category.into_iter().map(|(category, count)| (category, count.into())).collect();
        let line = json!({ "blobs": tally.blobs, "bytes": tally.bytes, "damaged": tally.damaged,
            "mended": tally.mended, "unread": tally.unread, "seconds": seconds,
            "damaged_files": categories, "files": files });
        let _ = writeln!(out, "{line}");
        return Ok(());
    }
    let _ = writeln!(out, "{} in {seconds:.1} s", in_words(tally));
    for Damaged { account, category, path, blob, damage } in files {
        let _ = writeln!(out, "  {account}/{category}/{path}: {damage} ({blob})");
    }
    Ok(())
}
