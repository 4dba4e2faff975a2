//! `makegood erase ACCOUNT`.

use std::io::{BufRead, Write};

use clap::Args;
use serde_json::json;

use super::{Failure, Json, world};
use crate::{
    accounts::erasure::{self, EraseError, Erased, Readmission, Standing},
    ambient::Ambient,
    settings::Settings,
    store::{Db, IfAbsent, keys::MasterKey},
    web::wording,
};

#[derive(Debug, Args)]
pub struct Options {
    account: String,
    /// Do not ask for the account to be typed
    #[arg(long)]
    yes: bool,
    /// Let a later import take an erased account in again; erases nothing
    #[arg(long, conflicts_with = "yes")]
    readmit: bool,
    #[command(flatten)]
    json: Json,
}

pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    let ambient = Ambient::system();
    let blobs = world::blobs(settings)?;
    let (db, keyring) = world::database(settings, &ambient, IfAbsent::Refuse).await?;
    blobs.belong_to(&db, &ambient);
    if options.readmit {
        return readmit(&db, keyring.root(), &ambient, &options).await;
    }
    if let Some(standing) = erasure::standing(&db, &options.account).await? {
        confirm(&options, &standing)?;
    }
    let erased = erasure::erase(&db, &blobs, keyring.root(), &ambient, &options.account).await;
    let outcome = match erased {
        Ok(Some(erased)) => said(&options, &erased),
        Ok(None) => nobody(&db, keyring.root(), &options).await,
        Err(EraseError::Store(error)) => Err(error.into()),
        Err(error) => Err(Failure::Failed(format!("{error}; run it again, or let serve do it"))),
    };
    db.close().await;
    outcome
}

/// The account typed again is the person's last protection from a slip of the hand.
fn confirm(options: &Options, standing: &Standing) -> Result<(), Failure> {
    if options.yes {
        return Ok(());
    }
    let who = if standing.subscriber_id.is_some() { "the subscriber with" } else { "what came in under" };
    eprint!(
        "This erases {who} the account {}: {} files, {} items, their sessions, messages and data key. \
         It cannot be undone. Type the account to go on: ",
        options.account, standing.files, standing.items
    );
    let _ = std::io::stderr().flush();
    let mut typed = String::new();
    let _ = std::io::stdin().lock().read_line(&mut typed);
    if typed.trim() == options.account {
        return Ok(());
    }
    Err(Failure::Failed("what was typed is not the account: nothing was erased".to_owned()))
}

fn said(options: &Options, erased: &Erased) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    if options.json.json {
        let line = json!({ "account": options.account, "erased": true, "files": erased.files,
            "items": erased.items, "blobs": erased.blobs, "kept": erased.kept });
        let _ = writeln!(out, "{line}");
        return Ok(());
    }
    let kept = erased.kept;
    let _ = writeln!(
        out,
        "Erased: {} files, {} items, {} blobs, and the key that opened them.\n\
         Kept, without name or phone: {} claims, {} grants, {} entries of the audit.\n\
         Backups made before now still hold their rows and the wrapped key: see \"Erasing a person\" in docs/operating.md.",
        erased.files, erased.items, erased.blobs, kept.claims, kept.grants, kept.audit
    );
    Ok(())
}

/// Exit 0 where the account was erased before; 1 where it never was: it may be mistyped.
async fn nobody(db: &Db, root: &MasterKey, options: &Options) -> Result<(), Failure> {
    let account = &options.account;
    let Some(at) = erasure::erased_at(db, root, account).await? else {
        return Err(Failure::Failed(format!("nobody has the account {account:?}: nothing was erased")));
    };
    let mut out = std::io::stdout();
    let _ = if options.json.json {
        writeln!(out, "{}", json!({ "account": account, "erased": false }))
    } else {
        writeln!(out, "Nobody has the account {account}: it was erased on {}.", wording::moment(at))
    };
    Ok(())
}

async fn readmit(db: &Db, root: &MasterKey, ambient: &Ambient, options: &Options) -> Result<(), Failure> {
    let account = &options.account;
    match erasure::readmit(db, root, ambient, account).await? {
        Readmission::Admitted => {}
        Readmission::NotErased => {
            return Err(Failure::Failed(format!(
                "the account {account:?} was not erased, or is admitted already"
            )));
        }
        Readmission::Unfinished => {
            return Err(Failure::Failed(format!(
                "the account {account:?} is erased, but its blobs are not all deleted: let serve run or run \
                 `makegood erase` for it again, then readmit it"
            )));
        }
    }
    let mut out = std::io::stdout();
    let _ = if options.json.json {
        writeln!(out, "{}", json!({ "account": account, "readmitted": true }))
    } else {
        writeln!(out, "A later import may take the account {account} in again, as a new person.")
    };
    Ok(())
}
