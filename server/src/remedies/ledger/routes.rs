//! The ledger for finance, to download from the staff's pages: the same lines as `makegood ledger export` and `totals`
//! write, and no name, phone or address in them.

use axum::{
    body::Body,
    extract::{Path, State},
    response::Response,
};
use bytes::Bytes;
use futures::stream;
use http::{HeaderValue, header};
use serde::Serialize;

use super::{lines, totals};
use crate::{
    portal::Portal,
    remedies::payouts::routes::PayingOut,
    staff::{Act, Staff, record},
    store::Result,
    transaction, web,
};

/// Postings that are read, and in memory, at once.
#[cfg(not(test))]
const PAGE: i64 = 1_000;
#[cfg(test)]
const PAGE: i64 = 2;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Csv,
    /// An object a line.
    Json,
}

impl Form {
    /// The form of `NAME.csv` or `NAME.jsonl`; not found: another name.
    fn of(file: &str, name: &str) -> web::Result<Self> {
        match file.strip_prefix(name) {
            Some(".csv") => Ok(Form::Csv),
            Some(".jsonl") => Ok(Form::Json),
            _ => Err(web::Error::NotFound),
        }
    }

    fn media_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Form::Csv => "text/csv; charset=utf-8",
            Form::Json => "application/x-ndjson",
        })
    }

    /// Rows as text, with a header where they are the first.
    fn write(self, rows: &[impl Serialize], first: bool) -> std::io::Result<Bytes> {
        let mut text = Vec::new();
        match self {
            Form::Csv => {
                let mut table = csv::WriterBuilder::new().has_headers(first).from_writer(&mut text);
                rows.iter().try_for_each(|row| table.serialize(row))?;
                table.flush()?;
            }
            Form::Json => rows.iter().try_for_each(|row| {
                serde_json::to_writer(&mut text, row)?;
                text.push(b'\n');
                std::io::Result::Ok(())
            })?,
        }
        Ok(text.into())
    }
}

/// Every sealed line, as it is read: memory holds a page of them, however many there are.
pub async fn export(
    State(portal): State<Portal>,
    member: Staff<PayingOut>,
    Path(file): Path<String>,
) -> web::Result {
    if file.starts_with("totals.") {
        return day_by_day(&portal, &member, &file).await;
    }
    let form = Form::of(&file, "ledger")?;
    noted(&portal, &member, &file).await?;
    let pages = stream::try_unfold(Some(0), move |after| {
        let portal = portal.clone();
        async move {
            let Some(after) = after else { return Ok::<_, std::io::Error>(None) };
            let rows = lines(portal.db().map_err(std::io::Error::other)?, after, PAGE).await;
            let rows = rows.map_err(std::io::Error::other)?;
            let next = rows.last().map(|last| last.position);
            Ok(Some((form.write(&rows, after == 0)?, next)))
        }
    });
    Ok(download(Body::from_stream(pages), form, &file))
}

/// What each account was moved by, day by day: a few rows a day.
async fn day_by_day(portal: &Portal, member: &Staff<PayingOut>, file: &str) -> web::Result {
    let form = Form::of(file, "totals")?;
    noted(portal, member, file).await?;
    let rows = totals(portal.db()?).await?;
    let text = form.write(&rows, true).map_err(|error| web::Error::Internal(error.to_string()))?;
    Ok(download(Body::from(text), form, file))
}

async fn noted(portal: &Portal, member: &Staff<PayingOut>, file: &str) -> Result<()> {
    let act = Act {
        member_id: member.id(),
        member_email: member.email(),
        subscriber: None,
        action: "exported-ledger",
        reason: "",
        detail: file,
    };
    transaction!(portal.db()?, |tx| -> Result<()> { record(tx, &portal.ambient, act).await })
}

fn download(body: Body, form: Form, file: &str) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, form.media_type());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The name is one of four.
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{file}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
