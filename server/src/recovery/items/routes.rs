//! `/recovery/CATEGORY` and what lies under it: lists, single items, their pictures and files.

use app::{
    Category,
    models::{Details, Note},
};
use axum::{
    body::Body,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, TryStreamExt};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{
    Wanted, category_page, draw, page, portrait,
    store::{self, ItemFile},
};
use crate::{
    accounts::Subscriber,
    archives::formats::{self, FileNames},
    intake::read,
    portal::Portal,
    recovery::{
        damage, duplicates,
        routes::{attachment, line, released_line},
    },
    store::blobs::BlobError,
    web::{self, View},
};

/// `/recovery/CATEGORY`.
pub async fn category(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(category): Path<String>,
    Query(wanted): Query<Wanted>,
    view: View,
) -> web::Result {
    let line = line(&portal, &subscriber, &category).await?;
    let base = format!("/recovery/{category}");
    let (db, own) = (portal.db()?, subscriber.own());
    let mut page = category_page(db, &portal.incident, own, line, &wanted, &base).await?;
    if page.line.released && page.line.category == Category::Contacts {
        page.duplicates = duplicates::waiting(&portal, own).await?.contacts;
    }
    Ok(view.page(page))
}

/// `/recovery/CATEGORY/ID`.
pub async fn item(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path((category, id)): Path<(String, String)>,
    view: View,
) -> web::Result {
    let line = released_line(&portal, &subscriber, &category).await?;
    let page = page::page(portal.db()?, subscriber.own(), &line, &id).await?;
    Ok(view.page(page.ok_or(web::Error::NotFound)?))
}

/// `/recovery/CATEGORY/ID/download`: the item alone, in the format that programs open.
pub async fn download(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path((category, id)): Path<(String, String)>,
) -> web::Result {
    let (category, item) = found(&portal, &subscriber, &category, &id).await?;
    if category == Category::Photos {
        return send(&portal, &subscriber.id, &item.blob, item.bytes, &item.path).await;
    }
    Ok(written(category, &item.title, &item.details, &item.body))
}

/// `/recovery/CATEGORY/ID/versions/VERSION`: another version of it, in the same format.
pub async fn version(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path((category, id, version)): Path<(String, String, String)>,
) -> web::Result {
    let (category, item) = found(&portal, &subscriber, &category, &id).await?;
    let versions = store::versions(portal.db()?, &item.id).await?;
    let row = versions.into_iter().find(|row| hex::encode(&row.digest) == version);
    let row = row.ok_or(web::Error::NotFound)?;
    // A version is kept as it was read: what it says is read out of it again.
    let again = read::read(category, "", row.body.as_bytes())
        .ok()
        .and_then(|reading| reading.items.into_iter().next());
    let details = again.and_then(|found| serde_json::to_string(&found.details).ok()).unwrap_or_default();
    Ok(written(category, &row.title, &details, &row.body))
}

/// `/recovery/CATEGORY/ID/original`: the file that the item was found in, as it came.
pub async fn original(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path((category, id)): Path<(String, String)>,
) -> web::Result {
    let (_, item) = found(&portal, &subscriber, &category, &id).await?;
    send(&portal, &subscriber.id, &item.blob, item.bytes, &item.path).await
}

/// `/recovery/photos/ID/picture`: the picture itself, to be drawn and not to be run.
pub async fn picture(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path((category, id)): Path<(String, String)>,
    asked: HeaderMap,
) -> web::Result {
    let (_, item) = found(&portal, &subscriber, &category, &id).await?;
    let kind = match serde_json::from_str(&item.details) {
        Ok(Details::Photo(photo)) => page::shown_as(&photo.media_type),
        _ => None,
    };
    let kind = kind.ok_or(web::Error::NotFound)?;
    let tag = format!("\"{}\"", hex::encode(&item.digest));
    if let Some(unchanged) = unchanged(&asked, &tag) {
        return Ok(unchanged);
    }
    let mut response = stream(&portal, &subscriber.id, &item.blob, item.bytes).await?;
    set(&mut response, header::CONTENT_TYPE, kind);
    Ok(drawn_only(response, &tag))
}

/// `/recovery/contacts/ID/photo`: the picture on a card, once it was seen to be one.
pub async fn photo(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path((category, id)): Path<(String, String)>,
    asked: HeaderMap,
) -> web::Result {
    let (_, item) = found(&portal, &subscriber, &category, &id).await?;
    let tag = format!("\"{}\"", hex::encode(&item.digest));
    if let Some(unchanged) = unchanged(&asked, &tag) {
        return Ok(unchanged);
    }
    let portrait = portrait::seen(item.body).await?.ok_or(web::Error::NotFound)?;
    let kind = portrait.kind.media_type();
    Ok(drawn_only(([(header::CONTENT_TYPE, kind)], portrait.bytes).into_response(), &tag))
}

/// `/recovery/photos/ID/thumbnail`.
pub async fn thumbnail(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path((category, id)): Path<(String, String)>,
    asked: HeaderMap,
) -> web::Result {
    let (_, item) = found(&portal, &subscriber, &category, &id).await?;
    let (blob, bytes) = item.thumbnail.zip(item.thumbnail_bytes).ok_or(web::Error::NotFound)?;
    let tag = format!("\"{id}\"");
    if let Some(unchanged) = unchanged(&asked, &tag) {
        return Ok(unchanged);
    }
    let mut response = stream(&portal, &subscriber.id, &blob, bytes).await?;
    set(&mut response, header::CONTENT_TYPE, "image/jpeg");
    Ok(drawn_only(response, &tag))
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

/// One item of a released category; 404 for any other.
async fn found(
    portal: &Portal,
    subscriber: &Subscriber,
    category: &str,
    id: &str,
) -> web::Result<(Category, ItemFile)> {
    let line = released_line(portal, subscriber, category).await?;
    let item = store::item(portal.db()?, subscriber.own().id(), line.category, id).await?;
    Ok((line.category, item.ok_or(web::Error::NotFound)?))
}

/// An item as a file of its own, under a name that every system takes.
fn written(category: Category, title: &str, details: &str, body: &str) -> Response {
    let (kind, ending, text) = match category {
        Category::Contacts => ("text/vcard; charset=utf-8", "vcf", formats::contacts_vcf([body])),
        Category::Calendar | Category::Tasks => {
            ("text/calendar; charset=utf-8", "ics", formats::calendar_ics([body]))
        }
        Category::Notes => {
            let details = serde_json::from_str(details).unwrap_or_else(|_| draw::named(category, title));
            let note = match details {
                Details::Note(note) => note,
                _ => Note { title: title.to_owned(), text: body.to_owned() },
            };
            let text = formats::each_note([&note]).into_iter().next().map(|(_, text)| text);
            ("text/plain; charset=utf-8", "txt", text.unwrap_or_default())
        }
        Category::HighScores | Category::Purchases | Category::Photos => {
            ("text/csv; charset=utf-8", "csv", formats::table_csv(category, [body]))
        }
    };
    let name = FileNames::default().unique(title, ending);
    let mut response = text.into_response();
    set(&mut response, header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CONTENT_DISPOSITION, attachment(&name));
    response
}

/// Streams a blob as a download; nothing that a stranger wrote is ever shown as a page of ours.
async fn send(portal: &Portal, subscriber: &str, blob: &str, bytes: i64, path: &str) -> web::Result {
    let mut response = stream(portal, subscriber, blob, bytes).await?;
    let name = path.rsplit('/').next().unwrap_or(path);
    set(&mut response, header::CONTENT_TYPE, "application/octet-stream");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, attachment(name));
    Ok(response)
}

/// A blob's bytes. Damage that shows at once is a page that says so; damage further on ends the connection short of
/// the promised length. Either is marked.
async fn stream(portal: &Portal, subscriber: &str, blob: &str, bytes: i64) -> web::Result {
    let key = portal.data_key(subscriber).await?.ok_or(web::Error::NotFound)?;
    let mut chunks = portal.blobs.read(blob, &key, bytes.unsigned_abs()).boxed();
    let first = match chunks.next().await {
        Some(Err(error)) => {
            let error = portal.blobs.judge(blob, error).await;
            damage::found(portal.db()?, &portal.ambient, blob, &error).await?;
            return Err(if error.damage().is_some() { web::Error::Damaged } else { error.into() });
        }
        first => first,
    };
    let (portal, blob) = (portal.clone(), blob.to_owned());
    let rest = chunks.or_else(move |error| {
        let (portal, blob) = (portal.clone(), blob.clone());
        async move { Err(mark(&portal, &blob, error).await) }
    });
    let mut response = Response::new(Body::from_stream(futures::stream::iter(first).chain(rest)));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.unsigned_abs()));
    Ok(response)
}

async fn mark(portal: &Portal, blob: &str, error: BlobError) -> BlobError {
    let error = portal.blobs.judge(blob, error).await;
    let marked = match portal.db() {
        Ok(db) => damage::found(db, &portal.ambient, blob, &error).await.map(|_| ()),
        Err(error) => Err(error),
    };
    if let Err(failure) = marked {
        tracing::error!(error = %failure, "damaged bytes could not be marked");
    }
    error
}

/// 304, when the browser has that picture. It asks each time: after signing out nobody else at it sees what it kept.
fn unchanged(asked: &HeaderMap, tag: &str) -> Option<Response> {
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag);
    known.then(|| drawn_only(StatusCode::NOT_MODIFIED.into_response(), tag))
}

/// Bytes to be drawn: opened by themselves they run nothing, load nothing and are no page of ours.
fn drawn_only(mut response: Response, tag: &str) -> Response {
    set(&mut response, header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut response, header::CACHE_CONTROL, "private, no-cache");
    set(&mut response, header::ETAG, tag);
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
