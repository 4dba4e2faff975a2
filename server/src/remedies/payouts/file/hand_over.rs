//! Writing the files: one CSV or JSON each, the same bytes whenever it is written.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::store::{self, Closed, Row};
use crate::{
    ambient::Ambient,
    incident::ProviderName,
    store::{Db, Error, Result},
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
    #[error("{path}: {source}")]
    Csv { path: PathBuf, source: csv::Error },
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handed {
    pub path: PathBuf,
    pub orders: u64,
}

/// Closes what has gathered since the last time, and writes every file that is not in `folder` yet.
pub async fn hand_over(
    db: &Db,
    ambient: &Ambient,
    provider: ProviderName,
    folder: &Path,
    format: Format,
) -> std::result::Result<Vec<Handed>, HandOverError> {
    let now = ambient.now();
    transaction!(db, bulk |tx| -> Result<()> { store::close(tx, provider.slug(), now).await })?;
    std::fs::create_dir_all(folder).map_err(|source| HandOverError::File { path: folder.into(), source })?;
    let mut handed = Vec::new();
    for file in store::closed(db, provider.slug()).await? {
        let extension = if format == Format::Csv { "csv" } else { "json" };
        let path = folder.join(format!("{}.{extension}", file.name));
        if !path.exists() {
            let orders = write(db, provider, &file, &path, format).await?;
            handed.push(Handed { path, orders });
        }
    }
    Ok(handed)
}

/// Under another name first: whoever looks into the folder finds whole files alone.
async fn write(
    db: &Db,
    provider: ProviderName,
    file: &Closed,
    path: &Path,
    format: Format,
) -> std::result::Result<u64, HandOverError> {
    let failed = |source| HandOverError::File { path: path.into(), source };
    let draft = path.with_extension("part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = std::io::BufWriter::new(options.open(&draft).map_err(failed)?);
    let mut table =
        (format == Format::Csv).then(csv::WriterBuilder::new).map(|csv| csv.from_writer(Vec::new()));
    let (mut orders, mut after) = (0, 0);
    loop {
        let rows = store::rows(db, &file.id, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.position;
        for row in &rows {
            match &mut table {
                Some(table) => {
                    csv_row(table, provider, row)
                        .map_err(|source| HandOverError::Csv { path: path.into(), source })?;
                }
                None => {
                    let before = if orders == 0 { "[\n" } else { ",\n" };
                    let text = serde_json::to_string(&adjustment(row)).map_err(|e| failed(e.into()))?;
                    write!(out, "{before}{text}").map_err(failed)?;
                }
            }
            orders += 1;
        }
        if let Some(table) = &mut table {
            table.flush().map_err(failed)?;
            out.write_all(table.get_ref()).map_err(failed)?;
            *table = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        }
    }
    if table.is_none() {
        out.write_all(b"\n]\n").map_err(failed)?;
    }
    let out = out.into_inner().map_err(|error| failed(error.into_error()))?;
    out.sync_all().map_err(failed)?;
    std::fs::rename(&draft, path).map_err(failed)?;
    Ok(orders)
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

#[derive(Serialize)]
struct Posted<'a> {
    order: &'a str,
    name: &'a str,
    account: &'a str,
    amount: i64,
    currency: &'a str,
    remedy: &'a str,
    claim: &'a str,
    ordered_at: String,
}

fn csv_row(
    table: &mut csv::Writer<Vec<u8>>,
    provider: ProviderName,
    row: &Row,
) -> std::result::Result<(), csv::Error> {
    let (order, account) = (row.order_id.as_str(), row.account.as_deref().unwrap_or_default());
    let (amount, currency, remedy) = (row.amount, row.currency.as_str(), row.remedy.as_str());
    let (claim, ordered_at) = (row.number.as_str(), wording::rfc3339(row.created_at));
    match provider {
        ProviderName::PostFile => {
            let name = row.name.as_deref().unwrap_or_default();
            table.serialize(Posted { order, name, account, amount, currency, remedy, claim, ordered_at })
        }
        _ => table.serialize(Credit { order, account, amount, currency, remedy, claim, ordered_at }),
    }
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
