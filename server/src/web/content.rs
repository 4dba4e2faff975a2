//! Pages of plain text, and the front page: drawn once for everyone who is not signed in.

use std::sync::{Arc, OnceLock};

use app::{
    models::{Accessibility, Front, Help, Privacy, Verify},
    words::InEach,
};
use axum::{
    extract::State,
    response::Response,
    routing::{MethodRouter, get},
};
use http::HeaderMap;

use super::{OpenView, Served, View, support};
use crate::portal::Portal;

/// The front page of somebody without a session, as it is sent again and again, in each language.
#[derive(Clone, Default)]
struct Kept(Arc<InEach<OnceLock<Served>>>);

/// `/`: the page of somebody who is not signed in is drawn once and kept.
pub fn front_page() -> MethodRouter<Portal> {
    let kept = Kept::default();
    get(move |portal, view, asked| front(kept, portal, view, asked))
}

async fn front(
    kept: Kept,
    State(portal): State<Portal>,
    OpenView(view): OpenView,
    asked: HeaderMap,
) -> Response {
    if view.is_signed_in() {
        return view.page(Front { signed_in: true, ..portal.incident.front() });
    }
    kept.0.spoken().get_or_init(|| draw(&portal)).answer(&asked)
}

/// It has no island, so the policy that every answer has by default is its own too.
fn draw(portal: &Portal) -> Served {
    let document = View::public(portal, "/").draw(portal.incident.front());
    Served::new("text/html; charset=utf-8", document.html, "no-store", None)
}

pub async fn privacy(State(portal): State<Portal>, OpenView(view): OpenView) -> Response {
    view.page(Privacy {
        operator: portal.incident.operator.clone(),
        sections: portal.incident.data_used_section().into_iter().collect(),
        support: support(&portal),
    })
}

pub async fn help(State(portal): State<Portal>, OpenView(view): OpenView) -> Response {
    let sections = portal.incident.advice_section().into_iter().collect();
    view.page(Help { sections, support: support(&portal) })
}

pub async fn accessibility(State(portal): State<Portal>, OpenView(view): OpenView) -> Response {
    view.page(Accessibility { support: support(&portal) })
}

/// For whoever has an archive, signed in or not: the file is checked where it is.
pub async fn verify(OpenView(view): OpenView) -> Response {
    view.page(Verify)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::{on_both, web::testing::TestPortal};

    on_both!(the_front_page_tells_the_story_and_leads_to_sign_in, |test| {
        let mut browser = TestPortal::new(test).browser();
        let answer = browser.get("/").await;
        assert_eq!(answer.status, StatusCode::OK);
        let text = answer.text();
        for words in ["Sidekick data outage", "What happened", "A $100 gift card", "12 October 2009"] {
            assert!(text.contains(words), "{words}");
        }
        assert!(text.contains("href=\"/sign-in\""));
        assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("script-src 'none'"));
        assert_eq!(browser.get("/").await.text(), text);
    });

    on_both!(the_front_page_of_somebody_signed_in_leads_to_their_recovery, |test| {
        let portal = TestPortal::new(test);
        let ada = portal.subscriber("a-1", "+12125550101", "data-20").await;
        let text = portal.signed_in(&ada).await.get("/").await.text();
        assert!(text.contains("href=\"/recovery\" class=\"button\""));
        assert!(portal.browser().get("/").await.text().contains("href=\"/sign-in\" class=\"button\""));
    });

    on_both!(plain_pages_stay_up_without_a_database, |test| {
        let portal = TestPortal::new(test);
        let ada = portal.subscriber("a-1", "+12125550101", "data-20").await;
        let mut signed_in = portal.signed_in(&ada).await;
        test.db.close().await;
        for path in ["/", "/privacy", "/help", "/accessibility", "/terms", "/recovery/verify"] {
            assert_eq!(signed_in.get(path).await.status, StatusCode::OK, "{path}");
            assert_eq!(portal.browser().get(path).await.status, StatusCode::OK, "{path}");
        }
    });

    on_both!(what_everybody_may_read_is_there_in_spanish, |test| {
        let portal = TestPortal::new(test);
        let mut browser = portal.browser();
        browser.post("/language", &[("language", "es"), ("back", "/")]).await;
        for (path, spanish, english) in [
            ("/", "Ver su recuperación", "Check your recovery"),
            ("/status", "Novedades, la más reciente primero", "newest first"),
            ("/privacy", "Qué guarda este sitio sobre usted", "Who sees it"),
            ("/help", "El código no llega", "The code does not arrive"),
            ("/terms", "Todo lo que vale cuando usted hace una solicitud.", "Everything that holds"),
            ("/accessibility", "Nada se dice solo con el color.", "any device"),
            ("/sign-in", "Le enviamos un código de seis cifras", "Send me a code"),
            ("/recovery/verify", "El archivo ZIP está entero", "Choose the ZIP"),
        ] {
            let page = browser.get(path).await.text();
            assert!(page.contains(spanish) && !page.contains(english), "{path}: {page}");
        }
        let wrong = browser.post("/sign-in", &[("phone", "12")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            wrong.text().contains("Error: Entrar") && wrong.text().contains("Escriba su número de teléfono")
        );
        portal.subscriber("a-1", "+12125550101", "data-20").await;
        browser.post("/sign-in", &[("phone", "+12125550101")]).await;
        let wrong = browser.post("/sign-in/code", &[("code", "123")]).await;
        assert!(wrong.text().contains("Escriba las seis cifras del código"), "{}", wrong.text());
    });

    on_both!(whoever_has_an_archive_may_check_it_and_the_page_can_send_nothing, |test| {
        let answer = TestPortal::new(test).browser().get("/recovery/verify").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.text().contains("Choose the ZIP, or drop it here"));
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        for part in ["script-src 'nonce-", "connect-src 'none';", "worker-src 'self'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("strict-dynamic"), "{policy}");
    });
}
