//! One body, made beforehand: a read copies pointers.

use std::io::Write;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};

use crate::ambient::Millis;

pub struct Served {
    media_type: &'static str,
    cache: &'static str,
    plain: Form,
    /// None where compressing gains nothing.
    gzip: Option<Form>,
    modified: Option<HeaderValue>,
}

struct Form {
    bytes: Bytes,
    tag: Option<HeaderValue>,
}

impl Form {
    fn of(bytes: Vec<u8>) -> Self {
        let digest = Sha256::digest(&bytes);
        let tag = format!("\"{}\"", hex::encode(&digest[..16]));
        Self { bytes: bytes.into(), tag: HeaderValue::from_str(&tag).ok() }
    }
}

impl Served {
    /// `cache`: who may keep it and for how long (`Cache-Control`).
    pub fn new(
        media_type: &'static str,
        text: String,
        cache: &'static str,
        modified: Option<Millis>,
    ) -> Self {
        let gzip = compress(text.as_bytes()).filter(|smaller| smaller.len() < text.len());
        Self {
            media_type,
            cache,
            plain: Form::of(text.into_bytes()),
            gzip: gzip.map(Form::of),
            modified: modified.and_then(http_date).and_then(|date| HeaderValue::from_str(&date).ok()),
        }
    }

    /// 200 with the bytes, or 304 for who has them.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let gzip = self.gzip.as_ref().filter(|_| accepts_gzip(asked));
        let form = gzip.unwrap_or(&self.plain);
        let known = asked.get(header::IF_NONE_MATCH);
        let unchanged = known.is_some() && known == form.tag.as_ref();
        let mut response = match unchanged {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => form.bytes.clone().into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if gzip.is_some() && !unchanged {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let dated = [(header::ETAG, &form.tag), (header::LAST_MODIFIED, &self.modified)];
        for (name, value) in dated.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))) {
            headers.insert(name, value);
        }
        response
    }
}

fn compress(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn accepts_gzip(asked: &HeaderMap) -> bool {
    let accepted = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        name.trim() == "gzip" && weight.trim() != "q=0"
    })
}

/// RFC 9110's date: `Tue, 20 Oct 2009 14:05:00 GMT`.
fn http_date(at: Millis) -> Option<String> {
    let at = Timestamp::from_millisecond(at).ok()?;
    Some(at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}
