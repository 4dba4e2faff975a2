//! What everyone may read, without a session and without SQL.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;

use crate::{portal::Portal, web};

pub async fn page(State(portal): State<Portal>, headers: HeaderMap) -> Response {
    portal.status.read(&portal).page().answer(&headers)
}

pub async fn api(State(portal): State<Portal>, Path(name): Path<String>, headers: HeaderMap) -> web::Result {
    let published = portal.status.read(&portal);
    let body = name.strip_suffix(".json").and_then(|name| published.bodies.get(name));
    Ok(open(body.ok_or(web::Error::NotFound)?.answer(&headers)))
}

pub async fn atom(State(portal): State<Portal>, headers: HeaderMap) -> Response {
    open(portal.status.read(&portal).atom.answer(&headers))
}

pub async fn rss(State(portal): State<Portal>, headers: HeaderMap) -> Response {
    open(portal.status.read(&portal).rss.answer(&headers))
}

/// Pages of other sites may read this.
fn open(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}

/// Whether signed-in pages can be served: 200, or 503 and why.
pub async fn readyz(State(portal): State<Portal>) -> Response {
    match portal.status.read(&portal).trouble {
        None => Json(json!({ "ready": true })).into_response(),
        Some(trouble) => {
            let body = json!({ "ready": false, "reason": trouble.to_string(), "remedy": trouble.remedy() });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
