//! Somebody who was signed out while typing gets the text back, and can send it once they are signed in.

use app::models::SignedOut;
use axum::{
    Form,
    extract::{FromRequest, MatchedPath, Multipart, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode, header};

use super::View;
use crate::{accounts::Subscriber, portal::Portal, web};

/// Where people write for some time.
const WRITTEN_AT: [&str; 3] =
    ["/reports/new/{draft}", "/reports/{number}/messages", "/remedies/{remedy}/appeal"];
/// The longest field that is given back, in bytes.
const LONGEST: usize = 64 * 1024;

pub async fn give_back(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if request.method() != Method::POST || !WRITTEN_AT.contains(&route) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // Also where it cannot be known: then the page itself says what is wrong.
    let may_go_on = !matches!(Subscriber::of_request(&mut parts, &portal).await, Ok(None));
    let request = Request::from_parts(parts, body);
    if may_go_on {
        return next.run(request).await;
    }
    match typed(&portal, request).await {
        Some(typed) => (StatusCode::UNAUTHORIZED, View::public(&portal, "").page(typed)).into_response(),
        None => web::Error::SignIn("/sign-in?to=continue").into_response(),
    }
}

/// None where no text was typed.
async fn typed(portal: &Portal, request: Request) -> Option<SignedOut> {
    let action = request.uri().path().to_owned();
    let kind = request.headers().get(header::CONTENT_TYPE);
    let takes_files = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    let mut fields = match takes_files {
        true => texts(Multipart::from_request(request, portal).await.ok()?).await,
        false => Form::<Vec<(String, String)>>::from_request(request, portal).await.ok()?.0,
    };
    let place = fields.iter().position(|(name, _)| name == "text")?;
    let (_, text) = fields.swap_remove(place);
    (!text.trim().is_empty()).then_some(SignedOut { action, takes_files, text, others: fields })
}

/// The fields before the first file: the text is one of them.
async fn texts(mut form: Multipart) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    while let Ok(Some(field)) = form.next_field().await {
        let Some(name) = field.name().map(str::to_owned).filter(|_| field.file_name().is_none()) else {
            break;
        };
        match field.text().await {
            Ok(text) if text.len() <= LONGEST => fields.push((name, text)),
            _ => break,
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;
    use crate::{ambient::HOUR, on_both, web::testing::TestPortal};

    on_both!(what_was_typed_is_given_back_to_whoever_was_signed_out, |test| {
        let portal = TestPortal::new(test);
        let ada = portal.subscriber("a-1", "+12125550101", "data-20").await;
        let mut browser = portal.signed_in(&ada).await;
        portal.clock.advance(HOUR);
        let text = "My sister's <number> & two more";
        let answer = browser.post("/remedies/gift-card/appeal", &[("text", text), ("period", "June")]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let page = answer.text();
        assert!(page.contains("My sister's &lt;number&gt; &amp; two more</textarea>"), "{page}");
        assert!(
            page.contains("action=\"/remedies/gift-card/appeal\"") && page.contains("value=\"June\""),
            "{page}"
        );
        let answer = browser.post("/remedies/gift-card/appeal", &[("text", " ")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    });

    on_both!(a_text_that_came_with_files_is_given_back_too, |test| {
        let mut browser = TestPortal::new(test).browser();
        let part = |head: &str, body: &str| {
            format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
        };
        let body = [
            part("name=\"step\"", "write"),
            part("name=\"text\"", "Still three missing"),
            part("name=\"file\"; filename=\"a.txt\"", "a file"),
            "--x--\r\n".to_owned(),
        ]
        .concat();
        let request = http::Request::post("/reports/MR-7K2P-Q9XD/messages")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .header(header::ORIGIN, "http://127.0.0.1:3000");
        let answer = browser.send(request, Body::from(body)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let page = answer.text();
        assert!(
            page.contains("Still three missing</textarea>") && page.contains("multipart/form-data"),
            "{page}"
        );
    });
}
