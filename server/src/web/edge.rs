//! What wraps every response: ids, headers, logs, error pages.

use std::{net::IpAddr, time::Duration};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tracing::Instrument;

use super::{
    error::Failure,
    page::{View, policy, support},
};
use crate::portal::Portal;

/// Stands in a request's extensions; also sent as `X-Request-Id`.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The longest a handler may take to begin its answer.
pub const TIMEOUT: Duration = Duration::from_secs(30);
/// The same where files are sent along: on a slow line 10 MB take minutes.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(600);

/// Gives the request its id, logs it without personal data, and draws its error page.
pub async fn wrap(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let id = RequestId(portal.ambient.secret_id());
    // The route's pattern, not the path: paths hold accounts and claim numbers.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id = %id.0, method = %request.method(), route = route.as_str());
    let method = request.method().clone();
    let machine = is_for_machines(request.uri().path());
    request.extensions_mut().insert(id.clone());
    let started = portal.ambient.now();
    let work = async {
        let patience = if takes_files(&route) { UPLOAD_TIMEOUT } else { TIMEOUT };
        let response = match tokio::time::timeout(patience, next.run(request)).await {
            Ok(response) => response,
            Err(_) => axum::response::IntoResponse::into_response(super::Error::TimedOut),
        };
        let milliseconds = portal.ambient.now() - started;
        tracing::info!(status = response.status().as_u16(), milliseconds, "answered");
        if portal.settings.metrics_listen.is_some() {
            portal.metrics.answered(&route, &method, response.status(), milliseconds);
        }
        response
    };
    let response = work.instrument(span).await;
    let response = if machine { response } else { explain(&portal, &id, response) };
    finish(&portal, &id, response)
}

fn takes_files(route: &str) -> bool {
    ["/reports/new/{draft}/files", "/reports/{number}/messages"].contains(&route)
}

/// Paths that programs read: their errors stay plain.
fn is_for_machines(path: &str) -> bool {
    ["/api/", "/dav", "/webhooks/", "/healthz", "/readyz", "/recovery/events", "/recovery/counts"]
        .iter()
        .any(|start| path.starts_with(start))
}

/// Puts a page in place of an error's empty body.
fn explain(portal: &Portal, id: &RequestId, response: Response) -> Response {
    let status = response.status();
    let failure = response.extensions().get::<Failure>().cloned();
    let drawn = response.headers().contains_key(header::CONTENT_SECURITY_POLICY);
    let Some(failure) = failure.or_else(|| Failure::of_status(status).filter(|_| !drawn)) else {
        return response;
    };
    let (old, _) = response.into_parts();
    let mut page = View::public(portal, "").page(failure.page(status, id.0.clone(), support(portal)));
    *page.status_mut() = status;
    for name in [header::RETRY_AFTER, header::ALLOW, header::SET_COOKIE] {
        for value in old.headers.get_all(&name) {
            page.headers_mut().append(name.clone(), value.clone());
        }
    }
    page
}

fn finish(portal: &Portal, id: &RequestId, mut response: Response) -> Response {
    let https = portal.settings.is_https();
    let headers = response.headers_mut();
    let mut default = |name: HeaderName, value: &str| {
        if let (false, Ok(value)) = (headers.contains_key(&name), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    };
    default(header::CONTENT_SECURITY_POLICY, &policy("'none'"));
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::X_FRAME_OPTIONS, "DENY");
    // Stricter would make browsers send `Origin: null` on our own posts.
    default(header::REFERRER_POLICY, "same-origin");
    default(header::CACHE_CONTROL, "no-store");
    default(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    default(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    if https {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    default(HeaderName::from_static("x-request-id"), &id.0);
    response
}

/// The page for a panic; what it said goes to the log alone.
pub fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    axum::response::IntoResponse::into_response(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Where a request comes from: the peer, or what a trusted proxy says of it
/// (`Forwarded`, RFC 7239, or `X-Forwarded-For`).
pub fn client_address(peer: IpAddr, headers: &http::HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let lines = |name: &str| -> Vec<String> {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).map(|part| part.trim().to_owned()).collect()
    };
    let forwarded = lines("forwarded");
    let hops: Vec<IpAddr> = if forwarded.is_empty() {
        lines("x-forwarded-for").iter().filter_map(|hop| parse_hop(hop)).collect()
    } else {
        forwarded.iter().filter_map(|line| forwarded_for(line)).collect()
    };
    // From the nearest hop back: the first that is not a proxy of ours.
    hops.into_iter().rev().find(|hop| !trusted.contains(hop)).unwrap_or(peer)
}

fn forwarded_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| parse_hop(value.trim().trim_matches('"')))?
    })
}

/// `1.2.3.4`, `1.2.3.4:80`, `[2001:db8::1]:80` or `2001:db8::1`.
fn parse_hop(text: &str) -> Option<IpAddr> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let (proxy, peer) = ([10, 0, 0, 1].into(), [192, 0, 2, 1].into());
        let mut headers = http::HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.9, 198.51.100.7"));
        assert_eq!(client_address(peer, &headers, &[proxy]), peer);
        assert_eq!(client_address(proxy, &headers, &[proxy]), IpAddr::from([198, 51, 100, 7]));
        headers.insert("forwarded", HeaderValue::from_static("for=\"[2001:db8::1]:443\";proto=https"));
        assert_eq!(client_address(proxy, &headers, &[proxy]).to_string(), "2001:db8::1");
    }
}
