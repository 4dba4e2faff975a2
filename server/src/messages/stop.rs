//! `/messages/stop/TOKEN`: no more news, without signing in (RFC 8058).
//!
//! Opening the address changes nothing, since mail programs and scanners open what they find. A mail program posts
//! `List-Unsubscribe=One-Click`, as a form of either kind and in any bytes, and is answered at once, since it
//! follows no redirect. A person presses a button, whose form asks for the page.

use app::models::StopNews;
use axum::{
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};

use super::{
    store,
    token::{Link, Tokens},
};
use crate::{
    portal::Portal,
    store::Result,
    transaction,
    web::{self, View},
};

pub async fn page(State(portal): State<Portal>, Path(token): Path<String>) -> web::Result {
    let id = subscriber_of(&portal, &token)?;
    let reader = store::reader(portal.db()?, &id).await?;
    let stopped = reader.is_none_or(|reader| reader.news().is_none());
    let path = path(&token);
    Ok(View::public(&portal, &path).page(StopNews { stopped, path: path.clone() }))
}

pub async fn post(State(portal): State<Portal>, Path(token): Path<String>, body: Bytes) -> web::Result {
    let id = subscriber_of(&portal, &token)?;
    transaction!(portal.db()?, |tx| -> Result<()> { store::stop_news(tx, &id, portal.ambient.now()).await })?;
    // A page that can be loaded again.
    if asks_for_page(&body) {
        return Ok(Redirect::to(&path(&token)).into_response());
    }
    Ok("unsubscribed\n".into_response())
}

/// Whether a person posts it: the page's own form says so, and no mail program does.
fn asks_for_page(body: &[u8]) -> bool {
    body == b"answer=page"
}

fn subscriber_of(portal: &Portal, token: &str) -> web::Result<String> {
    Tokens::new(portal.master()).open(Link::Stop, token).ok_or(web::Error::NotFound)
}

fn path(token: &str) -> String {
    format!("/messages/stop/{token}")
}
