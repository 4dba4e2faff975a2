//! The one table of routes.

use axum::{Router, extract::DefaultBodyLimit, middleware, routing::get};
use tower_http::catch_panic::CatchPanicLayer;

use super::{assets, content, edge, origin};
use crate::{
    accounts::{self, session},
    archives,
    messages::handset,
    portal::Portal,
    recovery, remedies, staff, status,
};

/// The largest form that a page takes.
const FORM_LIMIT: usize = 64 * 1024;

pub fn router(portal: Portal) -> Router {
    // Read without a session and without SQL.
    let public = Router::new()
        .route("/assets/{name}", get(assets::asset))
        .route("/pkg/{hash}/{name}", get(assets::package))
        .route("/robots.txt", get(assets::root))
        .route("/healthz", get(healthz))
        .merge(status::routes());
    let personal = Router::new()
        .merge(accounts::routes())
        .merge(content::routes())
        .merge(remedies::routes::routes())
        .merge(recovery::routes::routes())
        .merge(archives::routes())
        .merge(staff::routes())
        .route("/demo/handset", get(handset::page))
        .layer(session::layer(&portal));
    public
        .merge(personal)
        .fallback(async || super::Error::NotFound)
        .method_not_allowed_fallback(async || super::Error::MethodNotAllowed)
        .layer(middleware::from_fn_with_state(portal.clone(), origin::check))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(middleware::from_fn_with_state(portal.clone(), edge::wrap))
        .with_state(portal)
}

/// Alive: the process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::{on_both, web::testing::TestPortal};

    on_both!(an_unknown_address_is_a_page_that_helps, |test| {
        let mut browser = TestPortal::new(test).browser();
        let answer = browser.get("/nowhere").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.text().contains("Page not found"));
        assert!(answer.headers.contains_key("x-request-id"));
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    });

    on_both!(the_process_says_that_it_is_alive, |test| {
        let answer = TestPortal::new(test).browser().get("/healthz").await;
        assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "ok\n"));
    });
}
