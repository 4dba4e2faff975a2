//! Posts come from our own pages: Origin and Fetch Metadata, checked on every unsafe method.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, Uri, header};

use crate::{portal::Portal, web};

pub async fn check(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let path = request.uri().path();
    if safe
        || is_for_phones(path)
        || is_for_others(path)
        || is_signed(path)
        || is_ours(request.headers(), &portal.settings.base_url)
    {
        next.run(request).await
    } else {
        web::Error::ForeignOrigin.into_response()
    }
}

/// Where phones fetch contacts and calendar: no browser's session opens it, and nothing there changes
/// anything, so its methods may come from anywhere.
fn is_for_phones(path: &str) -> bool {
    path == "/dav" || path.starts_with("/dav/") || path.starts_with("/.well-known/")
}

/// What mail programs (RFC 8058) and SMS gateways post to: the token in the address is what opens it, and no
/// session is looked at.
fn is_for_others(path: &str) -> bool {
    path.starts_with("/messages/stop/") || path.starts_with("/messages/status/")
}

/// Where providers tell us of things: what they send is believed by its signature, which no browser can make.
fn is_signed(path: &str) -> bool {
    path.starts_with("/webhooks/")
}

/// A browser says where a post comes from in `Origin` and, if new enough, in
/// `Sec-Fetch-Site`. One of them must be there, and neither may say another site.
fn is_ours(headers: &HeaderMap, base_url: &str) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let site = text(header::HeaderName::from_static("sec-fetch-site"));
    match (text(header::ORIGIN), site) {
        (_, Some("cross-site" | "same-site")) => false,
        (Some(origin), _) => same_origin(origin, base_url),
        (None, site) => site == Some("same-origin"),
    }
}

/// The same scheme, host and port; the names of loopback are one host.
fn same_origin(origin: &str, base_url: &str) -> bool {
    let parts = |text: &str| {
        let uri: Uri = text.parse().ok()?;
        let host = match uri.host()? {
            "localhost" | "127.0.0.1" | "[::1]" => "loopback".to_owned(),
            host => host.to_ascii_lowercase(),
        };
        let scheme = uri.scheme_str()?.to_owned();
        let port = uri.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
        Some((scheme, host, port))
    };
    parts(origin).is_some_and(|origin| Some(origin) == parts(base_url))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (header::HeaderName::from_static(name), header::HeaderValue::from_static(value))
            })
            .collect();
        is_ours(&headers, "https://recovery.example")
    }

    #[test]
    fn only_our_own_pages_may_post() {
        assert!(ours(&[("origin", "https://recovery.example")]));
        assert!(ours(&[("origin", "https://recovery.example:443"), ("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        for foreign in
            ["https://evil.example", "http://recovery.example", "null", "https://recovery.example:444"]
        {
            assert!(!ours(&[("origin", foreign)]), "{foreign}");
        }
        assert!(!ours(&[("origin", "https://recovery.example"), ("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("sec-fetch-site", "none")]));
        assert!(!ours(&[]));
    }

    #[test]
    fn loopback_has_several_names_but_one_port() {
        assert!(same_origin("http://localhost:3000", "http://127.0.0.1:3000"));
        assert!(!same_origin("http://localhost:3001", "http://127.0.0.1:3000"));
    }
}
