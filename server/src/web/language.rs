//! Which language a request is answered in: the one that was chosen here, else what the browser asks for.

use app::words::Language;
use axum::{
    Form,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use crate::{portal::Portal, web};

const COOKIE: &str = "language";
/// A year, in seconds.
const KEPT: i64 = 31_536_000;

/// Answers in the language of whoever asks, and says so.
pub async fn speak(request: Request, next: Next) -> Response {
    let language = of(request.uri().path(), request.headers());
    let mut response = language.during(next.run(request)).await;
    let headers = response.headers_mut();
    let page =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if page {
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.append(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    }
    response
}

/// Staff's rooms are in English alone.
fn of(path: &str, headers: &HeaderMap) -> Language {
    if path == "/staff" || path.starts_with("/staff/") {
        return Language::En;
    }
    chosen(headers).or_else(|| asked_for(headers)).unwrap_or_default()
}

fn chosen(headers: &HeaderMap) -> Option<Language> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).find_map(|(_, tag)| Language::known(tag))
}

/// The first that we speak, by the browser's weights (RFC 9110, 12.5.4).
fn asked_for(headers: &HeaderMap) -> Option<Language> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    accept_language::parse(text).iter().find_map(|tag| Language::known(tag))
}

#[derive(Deserialize)]
pub struct Choice {
    language: String,
    /// The page to go back to.
    #[serde(default)]
    back: String,
}

/// `POST /language`: keeps the choice in a cookie and shows the page again.
pub async fn choose(State(portal): State<Portal>, Form(choice): Form<Choice>) -> web::Result {
    let language = Language::known(&choice.language)
        .ok_or_else(|| web::Error::BadRequest(app::say!("We do not speak that language.").to_owned()))?;
    let secure = if portal.settings.is_https() { "; Secure" } else { "" };
    let tag = language.tag();
    let cookie = format!("{COOKIE}={tag}; Path=/; Max-Age={KEPT}; SameSite=Lax; HttpOnly{secure}");
    let mut response = Redirect::to(own_path(&choice.back)).into_response();
    let cookie = HeaderValue::from_str(&cookie).map_err(|error| web::Error::Internal(error.to_string()))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// A path of this site; the front page for anything else.
fn own_path(back: &str) -> &str {
    let plain = back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let own = back.starts_with('/') && !back.starts_with("//") && plain;
    if own { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::{on_both, web::testing::TestPortal};

    fn asking(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, &'static str)| {
            (header::HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(header).collect()
    }

    #[test]
    fn what_was_chosen_comes_before_what_the_browser_asks_for() {
        for (headers, language) in [
            (&[][..], Language::En),
            (&[("accept-language", "es-MX,es;q=0.9,en;q=0.5")], Language::Es),
            (&[("accept-language", "de, en;q=0.2, es;q=0.4")], Language::Es),
            (&[("accept-language", "de, fr")], Language::En),
            (&[("accept-language", "es"), ("cookie", "id=1; language=en")], Language::En),
            (&[("cookie", "language=es")], Language::Es),
            (&[("cookie", "language=xx"), ("accept-language", "es")], Language::Es),
        ] {
            assert_eq!(of("/claims", &asking(headers)), language, "{headers:?}");
        }
        assert_eq!(of("/staff/claims", &asking(&[("cookie", "language=es")])), Language::En);
    }

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(own_path("/claims/MG-1"), "/claims/MG-1");
        for back in
            ["", "claims", "//evil.example", "/\\evil.example", "https://evil.example", "/a b", "/\r\nX: y"]
        {
            assert_eq!(own_path(back), "/", "{back:?}");
        }
    }

    on_both!(a_choice_is_kept_and_the_page_comes_back_in_it, |test| {
        let mut browser = TestPortal::new(test).browser();
        let english = browser.get("/help").await;
        assert_eq!(english.headers["content-language"], "en");
        let answer = browser.post("/language", &[("language", "es"), ("back", "/help")]).await;
        assert_eq!(
            (answer.status, &answer.headers["location"]),
            (StatusCode::SEE_OTHER, &HeaderValue::from_static("/help"))
        );
        let spanish = browser.get("/help").await;
        assert_eq!(spanish.headers["content-language"], "es");
        assert!(spanish.text().starts_with("<!DOCTYPE html><html lang=\"es\">"), "{}", spanish.text());
        for path in ["/", "/status"] {
            let answer = browser.get(path).await;
            assert!(answer.text().contains("lang=\"es\""), "{path}");
            assert!(answer.headers.get_all("vary").iter().any(|value| value == "accept-language, cookie"));
        }
        assert!(browser.get("/nowhere").await.text().contains("<html lang=\"es\">"));
        assert_eq!(browser.post("/language", &[("language", "xx")]).await.status, StatusCode::BAD_REQUEST);
    });
}
