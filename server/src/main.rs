//! The command line, nothing else.

use std::process::ExitCode;

use clap::Parser;
use makegood::commands::{Cli, run};
use mimalloc::MiMalloc;
use tracing_subscriber::EnvFilter;

/// Archives leave in buffers of a quarter of a megabyte; the system's allocator gives each back to the kernel.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    // Names, phones and what people wrote stand in these files: they are for this user alone.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let cli = Cli::parse();
    // JSON lines on standard error; MAKEGOOD_LOG says how much, `info` by default.
    let filter = EnvFilter::try_from_env("MAKEGOOD_LOG").unwrap_or_else(|_| EnvFilter::new(cli.log_filter()));
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(filter).init();
    run(cli).await
}
