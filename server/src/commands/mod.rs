//! What `makegood COMMAND` does. Exit codes: 0 done, 1 failed, 2 wrong usage or settings.

mod bounces;
mod demo;
mod doctor;
mod erase;
mod import;
mod ledger;
mod payouts;
mod release;
mod remedies;
mod report;
mod rotate_key;
mod scrub;
mod serve;
mod staff;
mod verify;
mod world;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::settings::{Flavor, Settings, SettingsError};

/// A portal for operators who are giving their customers' data back.
#[derive(Debug, Parser)]
#[command(name = "makegood", version, disable_help_subcommand = true)]
pub struct Cli {
    /// The settings file; ./makegood.toml if it is there. MAKEGOOD_… variables win over it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal
    Serve,
    /// Serve a demonstration with an invented population, on this machine alone
    Demo,
    /// Read recovered data in from a directory, .zip, .tar or .tar.gz; harmless to repeat
    Import(import::Options),
    /// Draw the validation report of an import again, with everybody's counts as they are now
    Report(report::Options),
    /// Open a category to subscribers; harmless to repeat
    Release(release::Options),
    /// Read every stored byte back and say what is damaged
    Scrub(scrub::Options),
    /// Erase a person for good: their key, their rows, their files
    Erase(erase::Options),
    /// Wrap everything by another master key; goes on where it was interrupted
    RotateKey(rotate_key::Options),
    /// What was promised and given: proving it, and handing it to finance
    #[command(subcommand)]
    Ledger(ledger::Options),
    /// Carrying out what was promised: providers, codes, files, and what waits for a person
    #[command(subcommand)]
    Payouts(payouts::Options),
    /// Giving remedies to everybody who is entitled, without their asking
    #[command(subcommand)]
    Remedies(remedies::Options),
    /// Read e-mail that came back, so that its addresses get no more
    Bounces(bounces::Options),
    /// Members of staff
    #[command(subcommand)]
    Staff(staff::Options),
    /// Look at everything the portal stands on and say what to mend
    Doctor(doctor::Options),
    /// Check that a downloaded archive is whole, and say what is not
    Verify(verify::Options),
}

/// Output for scripts.
#[derive(Debug, Args)]
pub struct Json {
    /// End with one JSON object on standard output
    #[arg(long)]
    json: bool,
}

/// Why a command ended.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Exit 2.
    #[error("{0}")]
    Usage(String),
    /// Exit 1.
    #[error("{0}")]
    Failed(String),
    /// Exit 1; everything was said already.
    #[error("")]
    Said,
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Failure::Usage(error.to_string())
    }
}

impl From<crate::store::Error> for Failure {
    fn from(error: crate::store::Error) -> Self {
        Failure::Failed(error.to_string())
    }
}

impl Cli {
    /// How much is logged when nothing says so: commands that a person watches keep quiet.
    pub fn log_filter(&self) -> &'static str {
        match self.command {
            Command::Serve => "info",
            _ => "warn",
        }
    }
}

/// Runs the command line to its end.
pub async fn run(cli: Cli) -> ExitCode {
    let outcome = dispatch(cli).await;
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !matches!(failure, Failure::Said) {
                eprintln!("makegood: {failure}");
            }
            ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
        }
    }
}

async fn dispatch(cli: Cli) -> Result<(), Failure> {
    // For whoever has an archive, whatever the settings here are.
    if let Command::Verify(options) = cli.command {
        return tokio::task::block_in_place(|| verify::run(options));
    }
    let flavor = if matches!(cli.command, Command::Demo) { Flavor::Demo } else { Flavor::Real };
    let settings = Settings::load(cli.config.as_deref(), std::env::vars(), flavor)?;
    match cli.command {
        Command::Serve => serve::run(settings).await,
        Command::Demo => demo::run(settings).await,
        Command::Import(options) => import::run(&settings, options).await,
        Command::Report(options) => report::run(&settings, options).await,
        Command::Release(options) => release::run(&settings, options).await,
        Command::Bounces(options) => bounces::run(&settings, options).await,
        Command::Scrub(options) => scrub::run(&settings, options).await,
        Command::Erase(options) => erase::run(&settings, options).await,
        Command::RotateKey(options) => rotate_key::run(&settings, options).await,
        Command::Ledger(options) => ledger::run(&settings, options).await,
        Command::Payouts(options) => payouts::run(settings, options).await,
        Command::Remedies(options) => remedies::run(settings, options).await,
        Command::Staff(options) => staff::run(&settings, options).await,
        Command::Doctor(options) => doctor::run(&settings, options).await,
        Command::Verify(options) => verify::run(options),
    }
}
