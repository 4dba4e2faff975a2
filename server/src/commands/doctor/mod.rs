//! `makegood doctor`: looks at everything the portal stands on and says what to mend.

mod checks;
mod finding;
mod incident_file;
mod orders;
mod providers;
mod text_messages;
mod translation;

use std::io::Write;

use clap::Args;

use super::{Failure, Json};
use crate::{ambient::Ambient, settings::Settings};
use finding::{Finding, Verdict};

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    json: Json,
}

/// Exit 1 when something is broken; warnings alone are exit 0.
pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    let findings = checks::all(settings, &Ambient::system()).await;
    let mut out = std::io::stdout();
    if options.json.json {
        let line = serde_json::to_string(&serde_json::json!({ "findings": findings }))
            .map_err(|error| Failure::Failed(error.to_string()))?;
        let _ = writeln!(out, "{line}");
    } else {
        findings.iter().for_each(|finding| drop(writeln!(out, "{finding}")));
    }
    let broken = findings.iter().filter(|finding: &&Finding| finding.verdict == Verdict::Broken).count();
    match broken {
        0 => Ok(()),
        1 => Err(Failure::Failed("doctor: one thing is broken".to_owned())),
        many => Err(Failure::Failed(format!("doctor: {many} things are broken"))),
    }
}
