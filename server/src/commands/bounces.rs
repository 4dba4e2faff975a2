//! `makegood bounces FILE`.

use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{Failure, Json, world};
use crate::{
    ambient::Ambient,
    messages::bounces::{self, Tally},
    settings::Settings,
    store::IfAbsent,
};

#[derive(Debug, Args)]
pub struct Options {
    /// A mailbox (mbox), one message, a directory of messages, or - for standard input
    file: PathBuf,
    #[command(flatten)]
    json: Json,
}

pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    let mails = read(&options.file)
        .map_err(|error| Failure::Failed(format!("{}: {error}", options.file.display())))?;
    let ambient = Ambient::system();
    let (db, _) = world::database(settings, &ambient, IfAbsent::Refuse).await?;
    let mut total = Tally::default();
    for mail in &mails {
        let tally = bounces::take(&db, settings.host(), &ambient, mail).await?;
        total.read += tally.read;
        total.marked += tally.marked;
        total.passing += tally.passing;
        total.others += tally.others;
    }
    db.close().await;
    let _ = writeln!(io::stdout(), "{}", told(&total, options.json.json));
    Ok(())
}

fn told(tally: &Tally, as_json: bool) -> String {
    let Tally { read, marked, passing, others } = tally;
    if as_json {
        return json!({ "read": read, "marked": marked, "passing": passing, "others": others }).to_string();
    }
    format!(
        "{read} read: {marked} addresses get no more e-mail, {passing} reports of what passes, {others} that are no reports on ours"
    )
}

fn read(path: &Path) -> io::Result<Vec<Vec<u8>>> {
    if path == Path::new("-") {
        let mut mail = Vec::new();
        io::stdin().read_to_end(&mut mail)?;
        return Ok(vec![mail]);
    }
    if !path.is_dir() {
        return Ok(vec![std::fs::read(path)?]);
    }
    let mut mails = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            mails.push(std::fs::read(entry.path())?);
        }
    }
    Ok(mails)
}
