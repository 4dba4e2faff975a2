//! What `makegood COMMAND` does. Exit codes: 0 done, 1 failed, 2 wrong usage or settings.

mod import;
mod release;
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
    /// Read recovered data in from a directory, .zip, .tar or .tar.gz; harmless to repeat
    Import(import::Options),
    /// Open a category to subscribers; harmless to repeat
    Release(release::Options),
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

/// Runs the command line to its end.
pub async fn run(cli: Cli) -> ExitCode {
    let config = cli.config.as_deref();
    let settings = |flavor| Settings::load(config, std::env::vars(), flavor).map_err(Failure::from);
    let outcome = match cli.command {
        Command::Import(options) => match settings(Flavor::Real) {
            Ok(settings) => import::run(&settings, options).await,
            Err(failure) => Err(failure),
        },
        Command::Release(options) => match settings(Flavor::Real) {
            Ok(settings) => release::run(&settings, options).await,
            Err(failure) => Err(failure),
        },
    };
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
