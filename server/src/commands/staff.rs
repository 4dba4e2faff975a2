//! `makegood staff add`.

use std::io::Write;

use clap::{Args, Subcommand};

use super::{Failure, Json, world};
use crate::{
    ambient::Ambient,
    settings::Settings,
    staff::{self, AddError, Role},
    store::IfAbsent,
};

#[derive(Debug, Subcommand)]
pub enum Options {
    /// Add a member of staff; gives the address at which they set password and TOTP, once, within 24 hours
    Add(Add),
}

#[derive(Debug, Args)]
pub struct Add {
    email: String,
    #[arg(long)]
    name: String,
    /// What the member may do
    #[arg(long)]
    role: Role,
    /// The result is JSON in any case; accepted for scripts that say so
    #[command(flatten)]
    _json: Json,
}

pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    let Options::Add(add) = options;
    let ambient = Ambient::system();
    let (db, _) = world::database(settings, &ambient, IfAbsent::Create).await?;
    let added = staff::add(&db, &ambient, &settings.base_url, &add.email, &add.name, add.role).await;
    db.close().await;
    let invitation = added.map_err(|error| match error {
        AddError::Email(_) | AddError::Name => Failure::Usage(error.to_string()),
        AddError::Enrolled(_) | AddError::Store(_) => Failure::Failed(error.to_string()),
    })?;
    let line = serde_json::to_string(&invitation).map_err(|error| Failure::Failed(error.to_string()))?;
    let _ = writeln!(std::io::stdout(), "{line}");
    Ok(())
}
