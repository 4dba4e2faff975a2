//! `/recovery`, its live counts, and the category that an address under it names.

use app::{Category, address::percent_encode, models::CategoryLine};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Sse, sse::KeepAlive},
};
use http::{HeaderValue, StatusCode};
use tower_sessions::Session;

use super::{live, model, overview};
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
