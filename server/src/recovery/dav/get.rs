//! GET and HEAD: one member as a file.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    answer::{Error, Result},
    members::Held,
    place::{Collection, Place},
    render::{Version, render},
    routes::Scene,
};

pub async fn answer(scene: &Scene<'_>, place: &Place, asked: &HeaderMap) -> Result<Response> {
    let Place::Member(collection, name) = place else { return Ok(explained()) };
    let held = Held::of(scene, *collection).await?;
    let member = held.member(name).ok_or(Error::NotFound)?;
    let version = version(*collection, asked);
    let tag = match version {
        Version::V3 => format!("\"{}\"", member.tag),
        Version::V4 => format!("\"{}-4\"", member.tag),
    };
    let mut response = if is_known(asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let stored = held.stored(scene, &[member]).await?;
        let text = render(*collection, member, &stored, version)?.ok_or(Error::NotFound)?;
        ([(header::CONTENT_TYPE, collection.media_type())], text).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Authorization"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// A person who opens a collection in a browser is told what it is.
fn explained() -> Response {
    "This address is for phones and address books, which fetch recovered data from it.\n\
     How to set one up: /recovery/archive/to\n"
        .into_response()
}

/// vCard 3.0, which everything reads, unless 4.0 is what is accepted (RFC 6352, 5.1.1).
fn version(collection: Collection, asked: &HeaderMap) -> Version {
    let accepted = asked.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let wants_4 = accepted.flat_map(|value| value.split(',')).any(|range| {
        let plain: String = range.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
        plain.to_ascii_lowercase().starts_with("text/vcard;version=4.0")
    });
    if collection.is_addressbook() && wants_4 { Version::V4 } else { Version::V3 }
}

/// `If-None-Match`, weakly compared (RFC 9110, 13.1.2).
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}
