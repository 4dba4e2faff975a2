//! Writing the files: one CSV or JSON each, the same bytes whenever it is written.

use std::{
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    super::{control, worker::lease_span},
    store::{self, Closed, Row},
};
use crate::{
    ambient::Millis,
    archives::formats::harmless,
    incident::ProviderName,
    portal::Portal,
    remedies::postal::{self, PostalAddress},
    store::{Error, Result, Retry},
    transaction,
    web::wording,
};

/// Lines that are read at once.
const PAGE: i64 = 2_000;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A line for each order, with a header
    Csv,
    /// A JSON array in the shape of TM Forum's adjustBalance (TMF654)
    Tmf,
}

#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    #[error(transparent)]
    Store(#[from] Error),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("a line cannot be written: {0}")]
    Csv(#[from] csv::Error),
    #[error(
        "payouts are held up, so nothing is handed over: see `makegood payouts status`, and let them go on with `makegood payouts resume`"
    )]
    HeldUp,
    #[error(
        "another export handed this file over while this one took too long for it: see that {path} is not taken as well"
    )]
    Twice { path: PathBuf },
    #[error("there is no file {name}; {known}")]
    Unknown { name: String, known: String },
}

impl Retry for HandOverError {
    fn retry(&self) -> bool {
        matches!(self, HandOverError::Store(error) if error.is_retryable())
    }
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handed {
    pub path: PathBuf,
    pub orders: u64,
}

/// Closes what has gathered since the last time, and writes every file that was not handed over yet. With `again` only
/// the file of that name is written, and nothing is closed.
pub async fn hand_over(
    portal: &Portal,
    provider: ProviderName,
    folder: &Path,
    format: Format,
    again: Option<&str>,
) -> std::result::Result<Vec<Handed>, HandOverError> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    unless_held_up(portal, provider).await?;
    let files = match again {
        Some(name) => vec![named(store::closed(db, provider.slug()).await?, name)?],
        None => {
            transaction!(db, bulk |tx| -> Result<()> { store::close(tx, provider.slug(), now).await })?;
            let closed = store::closed(db, provider.slug()).await?;
            closed.into_iter().filter(|file| file.handed_at.is_none()).collect()
        }
    };
    std::fs::create_dir_all(folder).map_err(|source| HandOverError::File { path: folder.into(), source })?;
    let mut handed = Vec::new();
    for file in files {
        let extension = if format == Format::Csv { "csv" } else { "json" };
        let mut path = folder.join(format!("{}.{extension}", file.name));
        unless_held_up(portal, provider).await?;
        if again.is_none() && is_another(&path, &store::rows(db, &file.id, 0, 1).await?)? {
            // None: somebody else hands it over at this moment.
            let Some(name) = store::rename(db, &file).await? else { continue };
            path = folder.join(format!("{name}.{extension}"));
        }
        let (draft, orders) = write(portal, provider, &file, &path, format).await?;
        if name(portal, &file, (&draft, &path), again.is_some()).await? {
            handed.push(Handed { path, orders });
        }
    }
    Ok(handed)
}

/// Gives a draft its name and then marks its file as handed over. Whoever hands the same file over at this moment, in another
/// folder too, passes it over: it is taken first. Nothing else waits for a folder that hangs, since no transaction is open
/// meanwhile. False: somebody else has it, or has handed it over. A process that dies between both leaves a named file
/// that is not marked: once the lease is over it is written there once more, the same, and in no other folder by itself.
async fn name(
    portal: &Portal,
    file: &Closed,
    (draft, path): (&Draft, &Path),
    again: bool,
) -> std::result::Result<bool, HandOverError> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let until = now + handing_span();
    let failed = |source| HandOverError::File { path: path.into(), source };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
        .canonicalize()
        .map_err(failed)?;
    let folder = folder.to_string_lossy();
    if !again && !store::take(db, &file.id, &folder, now, until).await? {
        tracing::warn!(
            file = file.name,
            "somebody else hands this file over, or died doing so a moment ago, or in another folder: look whether it lies \
             there, and if it does not, write it with --again"
        );
        return Ok(false);
    }
    if let Err(source) = draft.becomes(path) {
        store::let_go(db, &file.id, until).await?;
        return Err(failed(source));
    }
    match store::mark_handed(db, &file.id, now).await? || again {
        true => Ok(true),
        false => Err(HandOverError::Twice { path: path.into() }),
    }
}

/// How long whoever gives a file its name may take for it. After that another export does.
fn handing_span() -> Millis {
    const LEASES: Millis = 5;
    LEASES * lease_span()
}

/// The kill switch holds for files too: what is in them is money.
async fn unless_held_up(portal: &Portal, provider: ProviderName) -> std::result::Result<(), HandOverError> {
    match control::is_paused(portal.db()?, provider.slug()).await? {
        true => Err(HandOverError::HeldUp),
        false => Ok(()),
    }
}

/// The closed file of a name; an error tells the newest that there are.
fn named(files: Vec<Closed>, name: &str) -> std::result::Result<Closed, HandOverError> {
    const TOLD: usize = 20;
    let newest: Vec<&str> = files.iter().rev().take(TOLD).map(|file| file.name.as_str()).collect();
    let known = match newest.len() {
        0 => "none was handed over yet".to_owned(),
        _ => format!("there are {}", newest.join(", ")),
    };
    files
        .into_iter()
        .find(|file| file.name == name)
        .ok_or_else(|| HandOverError::Unknown { name: name.to_owned(), known })
}

/// Whether the file that stands there is not this one, whose first line is given: one that was handed over before an older
/// copy of the database was restored, which does not know of it. An order is in one file, on its first lines here.
fn is_another(path: &Path, first: &[Row]) -> std::result::Result<bool, HandOverError> {
    const HEAD: u64 = 4_096;
    let failed = |source| HandOverError::File { path: path.into(), source };
    let there = match File::open(path) {
        Ok(there) => there,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    let mut head = Vec::new();
    there.take(HEAD).read_to_end(&mut head).map_err(failed)?;
    let head = String::from_utf8_lossy(&head);
    Ok(!first.iter().any(|row| head.contains(&row.order_id)))
}

/// Under another name first: whoever looks into the folder finds whole files alone.
async fn write(
    portal: &Portal,
    provider: ProviderName,
    file: &Closed,
    path: &Path,
    format: Format,
) -> std::result::Result<(Draft, u64), HandOverError> {
    let failed = |source| HandOverError::File { path: path.into(), source };
    let draft = Draft::of(path, &portal.ambient.id());
    let mut out = draft.create().map_err(failed)?;
    let (mut orders, mut after) = (0, 0);
    loop {
        let rows = store::rows(portal.db()?, &file.id, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        let text = match format {
            Format::Csv => table(portal, provider, &rows, after == 0).await?,
            Format::Tmf => array(&rows, after == 0),
        };
        out.write_all(&text).map_err(failed)?;
        orders += rows.len() as u64;
        after = last.position;
    }
    if format == Format::Tmf {
        out.write_all(b"\n]\n").map_err(failed)?;
    }
    out.sync_all().map_err(failed)?;
    Ok((draft, orders))
}

/// A file that is being written. Its name is nobody else's: two who hand over at once do not write into each other's.
struct Draft(PathBuf);

impl Draft {
    fn of(path: &Path, id: &str) -> Self {
        Draft(path.with_extension(format!("{id}.part")))
    }

    fn create(&self) -> std::io::Result<File> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.0)
    }

    /// Takes its name, on disk too: what is marked as handed over is there after a power cut.
    fn becomes(&self, path: &Path) -> std::io::Result<()> {
        std::fs::rename(&self.0, path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Draft {
    /// What could not be finished holds addresses, and is of no use.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Lines of a CSV, the first of them with the header.
async fn table(
    portal: &Portal,
    provider: ProviderName,
    rows: &[Row],
    header: bool,
) -> std::result::Result<Vec<u8>, HandOverError> {
    let mut table = csv::WriterBuilder::new().has_headers(header).from_writer(Vec::new());
    for row in rows {
        if provider == ProviderName::PostFile {
            let address = postal::of_claim(portal.db()?, &portal.keyring, &row.claim_id).await?;
            posted(&mut table, row, address.as_ref())?;
        } else {
            credit(&mut table, row)?;
        }
    }
    table.into_inner().map_err(|error| HandOverError::Csv(error.into_error().into()))
}

/// Elements of a JSON array, the first of them with its bracket.
fn array(rows: &[Row], first: bool) -> Vec<u8> {
    let mut text = String::new();
    for (place, row) in rows.iter().enumerate() {
        text += if first && place == 0 { "[\n" } else { ",\n" };
        text += &adjustment(row).to_string();
    }
    text.into_bytes()
}

#[derive(Serialize)]
struct Credit<'a> {
    order: &'a str,
    account: &'a str,
    /// Minor units.
    amount: i64,
    currency: &'a str,
    remedy: &'a str,
    claim: &'a str,
    ordered_at: String,
}

/// A card to post. Its address stands as its person typed it, but as no spreadsheet runs it; empty once they were erased.
#[derive(Serialize)]
struct Posted<'a> {
    order: &'a str,
    name: String,
    line1: String,
    line2: String,
    town: String,
    region: String,
    postcode: String,
    country: String,
    amount: i64,
    currency: &'a str,
    remedy: &'a str,
    claim: &'a str,
    ordered_at: String,
}

type Lines = csv::Writer<Vec<u8>>;

fn credit(table: &mut Lines, row: &Row) -> std::result::Result<(), csv::Error> {
    table.serialize(Credit {
        order: &row.order_id,
        account: row.account.as_deref().unwrap_or_default(),
        amount: row.amount,
        currency: &row.currency,
        remedy: &row.remedy,
        claim: &row.number,
        ordered_at: wording::rfc3339(row.created_at),
    })
}

fn posted(
    table: &mut Lines,
    row: &Row,
    address: Option<&PostalAddress>,
) -> std::result::Result<(), csv::Error> {
    let line = |of: fn(&PostalAddress) -> &String| {
        harmless(address.map(|address| of(address).clone()).unwrap_or_default())
    };
    table.serialize(Posted {
        order: &row.order_id,
        name: line(|address| &address.name),
        line1: line(|address| &address.line1),
        line2: line(|address| &address.line2),
        town: line(|address| &address.town),
        region: line(|address| &address.region),
        postcode: line(|address| &address.postcode),
        country: line(|address| &address.country),
        amount: row.amount,
        currency: &row.currency,
        remedy: &row.remedy,
        claim: &row.number,
        ordered_at: wording::rfc3339(row.created_at),
    })
}

/// TMF654 `AdjustBalance`: the amount in whole units as TM Forum has it, the order as the external id.
fn adjustment(row: &Row) -> serde_json::Value {
    serde_json::json!({
        "@type": "AdjustBalance",
        "externalId": row.order_id,
        "adjustType": "credit",
        "amount": { "amount": app::models::Money::new(row.amount, &row.currency).decimal(), "units": row.currency },
        "partyAccount": { "id": row.account, "@referredType": "PartyAccount" },
        "reason": row.remedy,
        "description": row.number,
        "requestedDate": wording::rfc3339(row.created_at),
    })
}
