//! Style, WebAssembly and icons: embedded, named by their content, compressed beforehand.

use std::collections::BTreeMap;

use app::models::Assets;
use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;

use crate::{portal::Portal, web};

/// `bin/build` makes the folder. Release builds embed it, debug builds read it from disk.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Embedded;

/// `assets.json`: the names that the build gave.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Names {
    pkg: String,
    verify: String,
    style: String,
    icons: BTreeMap<String, String>,
}

/// The addresses of the embedded site, read once at start.
pub struct Site {
    pub addresses: Assets,
}

impl Site {
    pub fn load() -> Self {
        let names = Embedded::get("assets.json")
            .and_then(|file| serde_json::from_slice::<Names>(&file.data).ok())
            .unwrap_or_default();
        let icon = |name: &str| match names.icons.get(name) {
            Some(hashed) => format!("/assets/{hashed}"),
            None => format!("/{name}"),
        };
        Self {
            addresses: Assets {
                stylesheet: format!("/assets/{}", names.style),
                icon: icon("icon.svg"),
                manifest: icon("site.webmanifest"),
                pkg: format!("pkg/{}", names.pkg),
                verify: format!("pkg/{}", names.verify),
            },
        }
    }
}

/// `/assets/NAME`: immutable, its name is its content.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> web::Result {
    serve(&format!("assets/{name}"), &headers, IMMUTABLE)
}

/// `/pkg/HASH/NAME`.
pub async fn package(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> web::Result {
    let mut response = serve(&format!("pkg/{hash}/{name}"), &headers, IMMUTABLE)?;
    if name == WORKER {
        let policy = HeaderValue::from_static(WORKER_POLICY);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// A worker has a policy of its own: this one fetches its module and compiles it, and can do nothing else.
const WORKER: &str = "worker.js";
const WORKER_POLICY: &str = "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'self'";

/// Files that must stand at the root under a fixed name.
pub async fn root(State(_): State<Portal>, uri: http::Uri, headers: HeaderMap) -> web::Result {
    serve(&format!("root{}", uri.path()), &headers, "public, max-age=3600")
}

const IMMUTABLE: &str = "public, max-age=31536000, immutable";

fn serve(path: &str, headers: &HeaderMap, cache: &'static str) -> web::Result {
    if path.split('/').any(|part| part == "..") || path.ends_with(".br") || path.ends_with(".gz") {
        return Err(web::Error::NotFound);
    }
    let (file, encoding) = chosen(path, headers).ok_or(web::Error::NotFound)?;
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|given| given == tag.as_str());
    let mut response =
        if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_response() };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

/// The smallest form that the browser takes.
fn chosen(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |coding: &str| {
        accepted.split(',').any(|part| {
            let (name, weight) = part.split_once(';').unwrap_or((part, ""));
            name.trim() == coding && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(coding))
        .find_map(|(coding, suffix)| Some((Embedded::get(&format!("{path}{suffix}"))?, Some(coding))))
        .or_else(|| Some((Embedded::get(path)?, None)))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/vnd.microsoft.icon",
        "webmanifest" | "json" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
