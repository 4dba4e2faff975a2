//! `/messages/stop/TOKEN`: no more news, without signing in (RFC 8058).
//!
//! Opening the address changes nothing, since mail programs and scanners open what they find. A mail program posts
//! `List-Unsubscribe=One-Click` and is answered at once; a person presses a button.

use app::models::StopNews;
use axum::{
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

pub async fn post(State(portal): State<Portal>, Path(token): Path<String>, body: String) -> web::Result {
    let id = subscriber_of(&portal, &token)?;
    transaction!(portal.db()?, |tx| -> Result<()> { store::stop_news(tx, &id, portal.ambient.now()).await })?;
    // A program wants no redirect; a person a page that can be loaded again.
    let one_click = body.split('&').any(|pair| pair == "List-Unsubscribe=One-Click");
    Ok(if one_click { "unsubscribed\n".into_response() } else { Redirect::to(&path(&token)).into_response() })
}

fn subscriber_of(portal: &Portal, token: &str) -> web::Result<String> {
    Tokens::new(portal.master()).open(Link::Stop, token).ok_or(web::Error::NotFound)
}

fn path(token: &str) -> String {
    format!("/messages/stop/{token}")
}
