//! `makegood release CATEGORY`.

use std::{io::Write, path::PathBuf};

use app::Category;
use clap::Args;

use super::{Failure, Json, world};
use crate::{
    ambient::Ambient,
    recovery::{self, Cohort},
    settings::Settings,
    store::IfAbsent,
};

#[derive(Debug, Args)]
pub struct Options {
    /// contacts, calendar, tasks, notes, photos, high-scores or purchases
    category: Category,
    /// So many per cent of all subscribers, always the same ones first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100), conflicts_with = "accounts")]
    percent: Option<u8>,
    /// The accounts in this file, one a line
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,
    #[command(flatten)]
    json: Json,
}

pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    let ambient = Ambient::system();
    let cohort = match (options.percent, options.accounts) {
        (Some(percent), _) => Cohort::Percent(percent),
        (None, Some(path)) => Cohort::Accounts(accounts(&path)?),
        (None, None) => Cohort::Everyone,
    };
    let (db, _) = world::database(settings, &ambient, IfAbsent::Refuse).await?;
    let released = recovery::release(&db, &ambient, options.category, cohort, "operator").await?;
    db.close().await;
    let mut out = std::io::stdout();
    if options.json.json {
        let line = serde_json::to_string(&released).map_err(|error| Failure::Failed(error.to_string()))?;
        let _ = writeln!(out, "{line}");
    } else {
        let _ = writeln!(out, "{} is open to {} subscribers.", released.category, released.subscribers);
    }
    if released.unknown_accounts.is_empty() {
        return Ok(());
    }
    Err(Failure::Failed(format!(
        "no subscriber has these accounts, everyone else's is open: {}",
        released.unknown_accounts.join(", ")
    )))
}

fn accounts(path: &std::path::Path) -> Result<Vec<String>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    let accounts = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(accounts.map(str::to_owned).collect())
}
