//! `makegood report [RUN]`.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{Failure, world};
use crate::{
    ambient::Ambient,
    intake,
    settings::Settings,
    store::{Db, IfAbsent},
};

#[derive(Debug, Args)]
pub struct Options {
    /// The run, as the import named it; the newest where none is given
    run: Option<String>,
    /// Where to write the HTML; standard output where nothing is said
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    let ambient = Ambient::system();
    let (db, _) = world::database(settings, &ambient, IfAbsent::Refuse).await?;
    let html = html(&db, options.run.as_deref(), &ambient).await;
    db.close().await;
    match options.to {
        Some(path) => write(&path, &html?),
        None => {
            // Whoever reads it may have seen enough.
            let _ = std::io::stdout().write_all(html?.as_bytes());
            Ok(())
        }
    }
}

/// The report of a run as a page of its own.
pub async fn html(db: &Db, run: Option<&str>, ambient: &Ambient) -> Result<String, Failure> {
    let page = intake::page_of(db, run, ambient.now()).await?;
    let none = || {
        let named = run.map(|run| format!("no run is called {run:?}"));
        Failure::Failed(
            named.unwrap_or_else(|| "nothing was imported yet: there is no run to report of".into()),
        )
    };
    page.map(|page| page.html()).ok_or_else(none)
}

pub fn write(path: &Path, html: &str) -> Result<(), Failure> {
    let failed =
        |error| Failure::Failed(format!("the report cannot be written to {}: {error}", path.display()));
    std::fs::write(path, html).map_err(failed)
}
