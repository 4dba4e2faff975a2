//! `/recovery/archive`, `/recovery/archive.zip` and `/recovery/CATEGORY/download`.

use app::models::{Archive, CategoryLine};
use axum::{
    body::Body,
    extract::{Path, State},
    response::Response,
};
use http::{HeaderValue, header};

use super::{Part, plan, send, store};
use crate::{
    accounts::Subscriber,
    portal::Portal,
    recovery,
    web::{self, View},
};

async fn lines(portal: &Portal, subscriber: &Subscriber) -> web::Result<Vec<CategoryLine>> {
    let now = portal.ambient.now();
    Ok(recovery::lines(portal.db()?, &portal.incident, subscriber.own(), now).await?)
}

pub async fn index(State(portal): State<Portal>, subscriber: Subscriber, view: View) -> web::Result {
    let lines = lines(&portal, &subscriber).await?;
    let bytes = store::bytes(portal.db()?, &subscriber.id).await?;
    let open = |category: &str| lines.iter().any(|line| line.released && line.category.slug() == category);
    let total: i64 = bytes.iter().filter(|(category, _)| open(category)).map(|(_, bytes)| bytes).sum();
    Ok(view.page(Archive { lines, bytes: (total > 0).then_some(total) }))
}

pub async fn everything(State(portal): State<Portal>, subscriber: Subscriber) -> web::Result {
    let lines = lines(&portal, &subscriber).await?;
    // Before anything is open there is nothing to take away.
    if !lines.iter().any(|line| line.released) {
        return Err(web::Error::NotFound);
    }
    answer(&portal, &subscriber, &lines, Part::Everything, "recovered-data.zip").await
}

pub async fn category(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(category): Path<String>,
) -> web::Result {
    let line = recovery::routes::released_line(&portal, &subscriber, &category).await?;
    let part = Part::Category(line.category);
    let name = format!("recovered-{}.zip", line.category);
    answer(&portal, &subscriber, &[line], part, &name).await
}

async fn answer(
    portal: &Portal,
    subscriber: &Subscriber,
    lines: &[CategoryLine],
    part: Part,
    name: &str,
) -> web::Result {
    let now = portal.ambient.now();
    let plan = plan(portal.db()?, &portal.incident, subscriber.own(), lines, part, now).await?;
    // Someone who kept nothing has no key; then no entry asks for one.
    let key = portal.keyring.ensure(portal.db()?, &subscriber.id, &portal.ambient).await?;
    let length = plan.layout.len();
    let mut response = Response::new(Body::from_stream(send::stream(portal.blobs.clone(), key, plan)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CONTENT_DISPOSITION, recovery::routes::attachment(name));
    Ok(response)
}
