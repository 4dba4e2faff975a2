//! The command line, nothing else.

use std::process::ExitCode;

use clap::Parser;
use makegood::commands::{Cli, run};

#[tokio::main]
async fn main() -> ExitCode {
    run(Cli::parse()).await
}
