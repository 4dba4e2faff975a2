//! `/recovery` and everything under it but the archives.

use app::{Category, address::percent_encode, models::CategoryLine};
use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State},
    response::{IntoResponse, Response, Sse, sse::KeepAlive},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tower_sessions::Session;

use super::{ItemPage, category_page, live, model, overview, store};
use crate::{
    accounts::{Subscriber, session},
    portal::Portal,
    web::{self, View},
};

/// `/recovery`.
pub async fn index(State(portal): State<Portal>, subscriber: Subscriber, view: View) -> web::Result {
    let now = portal.ambient.now();
    let page = overview(portal.db()?, &portal.incident, subscriber.own(), now).await?;
    Ok(view.page(page))
}

/// `/recovery/CATEGORY`.
pub async fn category(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(category): Path<String>,
    Query(wanted): Query<ItemPage>,
    view: View,
) -> web::Result {
    let line = line(&portal, &subscriber, &category).await?;
    let base = format!("/recovery/{category}");
    let page =
        category_page(portal.db()?, subscriber.own(), line, &wanted, &base, web::support(&portal)).await?;
    Ok(view.page(page))
}

/// A category of the incident as it stands for this subscriber; 404 for any other word.
pub async fn line(portal: &Portal, subscriber: &Subscriber, category: &str) -> web::Result<CategoryLine> {
    let category: Category = category.parse().map_err(|_| web::Error::NotFound)?;
    let lines = model::lines(portal.db()?, &portal.incident, subscriber.own(), portal.ambient.now()).await?;
    lines.into_iter().find(|line| line.category == category).ok_or(web::Error::NotFound)
}

/// The same, released: before release no item and no file is to be had.
pub async fn released_line(
    portal: &Portal,
    subscriber: &Subscriber,
    category: &str,
) -> web::Result<CategoryLine> {
    let line = line(portal, subscriber, category).await?;
    if line.released { Ok(line) } else { Err(web::Error::NotFound) }
}

/// `/recovery/CATEGORY/ID`: the file that the item was found in, as it came.
pub async fn original(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path((category, id)): Path<(String, String)>,
) -> web::Result {
    let line = released_line(&portal, &subscriber, &category).await?;
    let item = super::item(portal.db()?, subscriber.own(), line.category, &id).await?;
    let item = item.ok_or(web::Error::NotFound)?;
    send(&portal, &subscriber.id, &item.blob, item.bytes, &item.path).await
}

/// `/recovery/CATEGORY/ID/thumbnail`.
pub async fn thumbnail(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path((category, id)): Path<(String, String)>,
    asked: HeaderMap,
) -> web::Result {
    let line = released_line(&portal, &subscriber, &category).await?;
    let item = super::item(portal.db()?, subscriber.own(), line.category, &id).await?;
    let (blob, bytes) =
        item.and_then(|item| Some((item.thumbnail?, item.thumbnail_bytes?))).ok_or(web::Error::NotFound)?;
    // Kept by the browser, but asked for each time: after signing out nobody else at it sees the picture.
    let tag = format!("\"{id}\"");
    let headers = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, "private, no-cache")];
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let key = portal.data_key(&subscriber.id).await?.ok_or(web::Error::NotFound)?;
    let picture = portal.blobs.read_whole(&blob, &key, bytes.unsigned_abs()).await?;
    Ok((headers, [(header::CONTENT_TYPE, "image/jpeg")], picture).into_response())
}

/// `/recovery/CATEGORY/quarantine/ID`: bytes that could not be read are the subscriber's all the same.
pub async fn quarantined(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path((category, id)): Path<(String, String)>,
) -> web::Result {
    let line = released_line(&portal, &subscriber, &category).await?;
    let file = store::quarantined_file(portal.db()?, &subscriber.id, line.category.slug(), &id).await?;
    let file = file.ok_or(web::Error::NotFound)?;
    send(&portal, &subscriber.id, &file.blob, file.bytes, &file.path).await
}

/// Streams a blob as a download; nothing that a stranger wrote is ever shown as a page of ours.
async fn send(portal: &Portal, subscriber: &str, blob: &str, bytes: i64, path: &str) -> web::Result {
    let key = portal.data_key(subscriber).await?.ok_or(web::Error::NotFound)?;
    let stream = portal.blobs.read(blob, &key, bytes.unsigned_abs());
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut response = Response::new(Body::from_stream(stream));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.unsigned_abs()));
    headers.insert(header::CONTENT_DISPOSITION, attachment(name));
    Ok(response)
}

/// `Content-Disposition` (RFC 6266): a plain name for old clients, the true one in UTF-8.
pub fn attachment(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !"\"\\%;/".contains(c) || c == ' ' { c } else { '_' })
        .collect();
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent_encode(name));
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// `/recovery/events`: counts as they change. 204 tells the browser to ask now and then instead.
pub async fn events(
    State(portal): State<Portal>,
    subscriber: Option<Subscriber>,
    session: Session,
) -> web::Result {
    let Some((subscriber, key)) = subscriber.zip(session::key_of(&session)) else {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    };
    match live::listen(&portal, subscriber.own(), key).await? {
        Some(stream) => Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response()),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// `/recovery/counts`: the same facts, once.
pub async fn counts(State(portal): State<Portal>, subscriber: Option<Subscriber>) -> web::Result {
    let Some(subscriber) = subscriber else { return Ok(StatusCode::UNAUTHORIZED.into_response()) };
    let lines = model::lines(portal.db()?, &portal.incident, subscriber.own(), portal.ambient.now()).await?;
    let counts: Vec<_> = lines.iter().map(CategoryLine::counts).collect();
    Ok(Json(counts).into_response())
}
