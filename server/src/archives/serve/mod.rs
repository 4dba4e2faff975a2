//! Answering a request for an edition, whole or in part (RFC 9110, 13 and 14).

mod conditions;
mod multipart;
mod ranges;

use std::{ops::Range, sync::Arc};

use axum::{body::Body, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use self::{
    conditions::{Outcome, Validators},
    multipart::Multipart,
    ranges::{Asked, asked},
};
use super::{
    digest,
    editions::{self, Edition},
    send::Download,
    shelf,
};
use crate::{portal::Portal, recovery::routes::attachment, store, transaction, web};

/// The answer to `method` with the headers `asked`.
pub async fn answer(portal: &Portal, edition: Edition, method: &Method, asked: &HeaderMap) -> web::Result {
    let validators = Validators::new(edition.tag(), edition.made_at);
    let mut response = match validators.judge(asked) {
        Outcome::Failed => refusal(StatusCode::PRECONDITION_FAILED),
        Outcome::NotModified => empty(StatusCode::NOT_MODIFIED),
        Outcome::Send { range } => send(portal, &edition, method, asked, range).await?,
    };
    tell(&mut response, &validators);
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        describe(&mut response, &edition)?;
    }
    Ok(response)
}

async fn send(
    portal: &Portal,
    edition: &Edition,
    method: &Method,
    headers: &HeaderMap,
    range: bool,
) -> web::Result {
    let key = portal.data_key(&edition.subscriber_id).await?.ok_or(web::Error::NotFound)?;
    let plan = shelf::plan(portal, edition, &key).await?;
    note_use(portal, edition);
    digest::begin(portal, edition);
    let length = plan.layout.len();
    let edition = Arc::new(edition.clone());
    let download = Download { portal: portal.clone(), edition, plan, key };
    // Ranges are for GET alone (14.2): HEAD tells of the whole.
    let wanted = if range && method == Method::GET { wanted(headers, length) } else { Asked::Whole };
    Ok(match wanted {
        Asked::Refused => unsatisfiable(length),
        Asked::Whole => {
            let body = if method == Method::HEAD { Body::empty() } else { body(download, 0..length) };
            of(StatusCode::OK, length, body)
        }
        Asked::Parts(parts) => match parts.as_slice() {
            [part] => single(download, part.clone(), length),
            _ => several(portal, download, parts, length),
        },
    })
}

/// A request with two such headers is as good as one that makes no sense.
fn wanted(headers: &HeaderMap, length: u64) -> Asked {
    let mut values = headers.get_all(header::RANGE).iter();
    match (values.next(), values.next()) {
        (None, _) => Asked::Whole,
        (Some(value), None) => asked(value.to_str().unwrap_or_default(), length),
        _ => Asked::Refused,
    }
}

fn body(download: Download, range: Range<u64>) -> Body {
    Body::from_stream(download.stream(range))
}

fn of(status: StatusCode, length: u64, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

fn single(download: Download, part: Range<u64>, length: u64) -> Response {
    let content_range = content_range(&part, length);
    let mut response = of(StatusCode::PARTIAL_CONTENT, part.end - part.start, body(download, part));
    insert(&mut response, header::CONTENT_RANGE, &content_range);
    response
}

fn several(portal: &Portal, download: Download, parts: Vec<Range<u64>>, length: u64) -> Response {
    let multipart = Multipart::new(&portal.ambient, parts, length);
    let content_type = multipart.content_type();
    let mut response =
        of(StatusCode::PARTIAL_CONTENT, multipart.len(), Body::from_stream(multipart.stream(download)));
    insert(&mut response, header::CONTENT_TYPE, &content_type);
    response
}

/// `bytes 0-499/10000`.
fn content_range(part: &Range<u64>, length: u64) -> String {
    format!("bytes {}-{}/{length}", part.start, part.end.saturating_sub(1))
}

fn unsatisfiable(length: u64) -> Response {
    let mut response = refusal(StatusCode::RANGE_NOT_SATISFIABLE);
    insert(&mut response, header::CONTENT_RANGE, &format!("bytes */{length}"));
    response
}

fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// For programs: no page is drawn over an answer that has a policy of its own.
fn refusal(status: StatusCode) -> Response {
    let mut response = empty(status);
    insert(&mut response, header::CONTENT_SECURITY_POLICY, "default-src 'none'");
    response
}

/// What every answer says: a refusal too tells which edition there is.
fn tell(response: &mut Response, validators: &Validators) {
    insert(response, header::ETAG, &validators.tag);
    insert(response, header::LAST_MODIFIED, &validators.last_modified());
    insert(response, header::ACCEPT_RANGES, "bytes");
    // Personal, and never to be kept on the way or packed anew: every byte is counted.
    insert(response, header::CACHE_CONTROL, "private, no-store, no-transform");
}

/// What only an answer that stands for the ZIP says.
fn describe(response: &mut Response, edition: &Edition) -> web::Result<()> {
    let name = attachment(&edition.part()?.file_name());
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    if let Some(digest) = digest::repr_digest(edition) {
        insert(response, HeaderName::from_static("repr-digest"), &digest);
    }
    Ok(())
}

fn insert(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Written down behind the answer: the first byte does not wait for it.
fn note_use(portal: &Portal, edition: &Edition) {
    let now = portal.ambient.now();
    if !editions::is_use_new(edition, now) {
        return;
    }
    let (portal, id) = (portal.clone(), edition.id.clone());
    tokio::spawn(async move {
        let noted = async {
            transaction!(portal.db()?, bulk |tx| -> store::Result<()> { editions::note_use(tx, &id, now).await })
        };
        if let Err(error) = noted.await {
            tracing::warn!(edition = id, %error, "a download was not noted");
        }
    });
}
