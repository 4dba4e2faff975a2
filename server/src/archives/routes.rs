//! `/recovery/archive`, `/recovery/archive.zip` and `/recovery/CATEGORY/download`.

use app::Category;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use http::{HeaderMap, Method};
use serde::Deserialize;

use super::{Part, editions, make, page, serve};
use crate::{
    accounts::Subscriber,
    portal::Portal,
    web::{self, View},
};

/// Which edition; the current one where none is named.
#[derive(Deserialize)]
pub struct Wanted {
    edition: Option<String>,
}

/// `/recovery/archive`.
pub async fn index(State(portal): State<Portal>, subscriber: Subscriber, view: View) -> web::Result {
    Ok(view.page(page::model(&portal, &subscriber).await?))
}

/// `POST /recovery/archive`: a new edition of whatever has something new. Harmless to repeat.
pub async fn renew(State(portal): State<Portal>, subscriber: Subscriber) -> web::Result {
    make::renew(&portal, &subscriber).await?;
    Ok(Redirect::to("/recovery/archive").into_response())
}

/// `/recovery/archive.zip`.
pub async fn everything(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Query(wanted): Query<Wanted>,
    method: Method,
    asked: HeaderMap,
) -> web::Result {
    download(&portal, &subscriber, Part::Everything, wanted, &method, &asked).await
}

/// `/recovery/CATEGORY/download`.
pub async fn category(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(category): Path<String>,
    Query(wanted): Query<Wanted>,
    method: Method,
    asked: HeaderMap,
) -> web::Result {
    let category: Category = category.parse().map_err(|_| web::Error::NotFound)?;
    download(&portal, &subscriber, Part::Category(category), wanted, &method, &asked).await
}

async fn download(
    portal: &Portal,
    subscriber: &Subscriber,
    part: Part,
    wanted: Wanted,
    method: &Method,
    asked: &HeaderMap,
) -> web::Result {
    let edition = match wanted.edition {
        Some(id) => editions::find(portal.db()?, subscriber.own(), &id)
            .await?
            .filter(|edition| edition.part().is_ok_and(|own| own == part))
            .ok_or(web::Error::NotFound)?,
        None => make::current_or_first(portal, subscriber, part).await?,
    };
    serve::answer(portal, edition, method, asked).await
}
