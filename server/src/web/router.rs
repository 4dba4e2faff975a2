//! The one table of routes.

use app::models::RunAct;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::{CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer};

use super::{assets, content, edge, language, origin, signed_out};
use crate::{
    accounts::{app_passwords::routes as app_passwords, own, session, sign_in::routes as sign_in},
    archives::{links::routes as links, routes as archives},
    messages::{handset, reports as message_reports, routes as messages, stop},
    portal::Portal,
    recovery::{
        dav, destinations,
        duplicates::{phone_routes as phone, routes as duplicates},
        items::routes as items,
        reports::routes as reports,
        routes as recovery,
    },
    remedies::{
        appeal_routes as appeals,
        automatic::routes as automatic,
        claim_routes as claims,
        ledger::routes as ledger,
        payouts::{code_pool::routes as gift_codes, routes as payouts, tremendous::webhook as tremendous},
        questions, routes as remedies,
    },
    staff::{
        caller_code_routes as caller_codes, caller_routes as callers, case_routes as cases,
        claim_routes as decided, on_behalf_routes as on_behalf, routes as staff,
    },
    status::routes as status,
};

/// The largest form that a page takes.
const FORM_LIMIT: usize = 64 * 1024;

pub fn router(portal: Portal) -> Router {
    public()
        // The token in the address says who asks: no session is looked at.
        .route("/links/{token}/{name}", get(links::download))
        .route("/messages/stop/{token}", get(stop::page).post(stop::post))
        .route("/messages/status/{token}", post(message_reports::take))
        .route("/language", post(language::choose))
        // what providers tell us, signed
        .route("/webhooks/tremendous", post(tremendous::told))
        .merge(
            personal()
                .layer(middleware::from_fn_with_state(portal.clone(), signed_out::give_back))
                .layer(session::layer(&portal)),
        )
        // what phones subscribe to, with a password of its own and no session
        .merge(dav::routes::routes())
        .fallback(async || super::Error::NotFound)
        .method_not_allowed_fallback(async || super::Error::MethodNotAllowed)
        .layer(middleware::from_fn_with_state(portal.clone(), origin::check))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(middleware::from_fn_with_state(portal.clone(), edge::wrap))
        .layer(middleware::from_fn(language::speak))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(is_page))
        .with_state(portal)
}

/// Read without a session and without SQL.
fn public() -> Router<Portal> {
    Router::new()
        .route("/status", get(status::page))
        .route("/api/v2/{*name}", get(status::api))
        .route("/history.atom", get(status::atom))
        .route("/history.rss", get(status::rss))
        .route("/readyz", get(status::readyz))
        .route("/healthz", get(healthz))
        .route("/assets/{name}", get(assets::asset))
        .route("/pkg/{hash}/{name}", get(assets::package))
        .route("/robots.txt", get(assets::root))
}

/// Pages that know who asks.
fn personal() -> Router<Portal> {
    Router::new()
        .route("/", content::front_page())
        .route("/help", get(content::help))
        .route("/privacy", get(content::privacy))
        .route("/accessibility", get(content::accessibility))
        .route("/terms", get(remedies::all_terms))
        .route("/demo/handset", get(handset::page))
        // signing in
        .route("/sign-in", get(sign_in::phone).post(sign_in::ask))
        .route("/sign-in/code", get(sign_in::code).post(sign_in::enter_code))
        .route("/sign-in/account", get(sign_in::fact).post(sign_in::enter_fact))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/account", get(own::page))
        .route("/account/links/{id}/end", post(links::end_one))
        .route("/account/sign-out-everywhere", post(own::sign_out_everywhere))
        .route("/account/messages", get(messages::page))
        .route("/account/messages/wishes", get(messages::form).post(messages::save))
        .route("/account/messages/again/{channel}", post(messages::again))
        .route("/account/app-passwords", get(app_passwords::form).post(app_passwords::name))
        .route("/account/app-passwords/new", get(app_passwords::code_page).post(app_passwords::make))
        .route("/account/app-passwords/{id}/end", post(app_passwords::end))
        // what came back
        .route("/recovery", get(recovery::index))
        .route("/recovery/events", get(recovery::events))
        .route("/recovery/counts", get(recovery::counts))
        .route("/recovery/archive", get(archives::index).post(archives::renew))
        .route("/recovery/archive/link", get(links::page).post(links::post))
        .route("/recovery/archive.zip", get(archives::everything))
        .route("/recovery/archive/qr.svg", get(destinations::qr_code))
        .route("/recovery/archive/to", get(destinations::index))
        .route("/recovery/archive/to/{destination}", get(destinations::page))
        .route("/recovery/verify", get(content::verify))
        .route("/recovery/{category}", get(items::category))
        .route("/recovery/{category}/download", get(archives::category))
        .route("/recovery/{category}/{id}", get(items::item))
        .route("/recovery/{category}/{id}/download", get(items::download))
        .route("/recovery/{category}/{id}/original", get(items::original))
        .route("/recovery/{category}/{id}/versions/{version}", get(items::version))
        .route("/recovery/{category}/{id}/picture", get(items::picture))
        .route("/recovery/{category}/{id}/photo", get(items::photo))
        .route("/recovery/{category}/{id}/thumbnail", get(items::thumbnail))
        .route("/recovery/{category}/quarantine/{id}", get(items::quarantined))
        .route("/recovery/contacts/duplicates", get(duplicates::index))
        .route(
            "/recovery/contacts/duplicates/certain",
            get(duplicates::certain).post(duplicates::choose_certain),
        )
        .route("/recovery/contacts/duplicates/groups/{id}", get(duplicates::group).post(duplicates::choose))
        .route("/recovery/contacts/duplicates/groups/{id}/check", get(duplicates::merge_check))
        .route(
            "/recovery/contacts/duplicates/groups/{id}/merge",
            get(duplicates::merge_form).post(duplicates::merge),
        )
        .route("/recovery/contacts/duplicates/choices", get(duplicates::choices))
        .route("/recovery/contacts/duplicates/choices/{id}/undo", post(duplicates::undo))
        .route("/recovery/contacts/duplicates/undo", get(duplicates::undo_page).post(duplicates::undo_all))
        .route("/recovery/contacts/duplicates/phone", phone::page())
        .route("/recovery/contacts/duplicates/phone/delete", post(phone::delete))
        // what is missing or wrong
        .route("/reports", get(reports::index))
        .route("/reports/new", get(reports::which).post(reports::choose))
        .route("/reports/new/{draft}", get(reports::tell).post(reports::told))
        .route("/reports/new/{draft}/files", reports::draft_files())
        .route("/reports/new/{draft}/files/{file}/remove", post(reports::remove_file))
        .route("/reports/new/{draft}/check", get(reports::check).post(reports::send))
        .route("/reports/{number}", get(reports::case))
        .route("/reports/{number}/messages", reports::messages())
        .route("/reports/{number}/close", post(reports::close).get(reports::back_to_case))
        .route("/reports/{number}/files/{file}", get(reports::file))
        // what was promised
        .route("/remedies", get(remedies::remedies))
        .route("/remedies/{remedy}", get(remedies::choose))
        .route("/remedies/{remedy}/appeal", get(appeals::page).post(appeals::tell))
        .route("/remedies/{remedy}/way", get(questions::way))
        .route("/remedies/{remedy}/address", get(questions::address).post(questions::keep_address))
        .route("/remedies/{remedy}/check", get(remedies::check))
        .route("/remedies/{remedy}/claim", post(remedies::claim).get(remedies::back_to_choosing))
        .route("/claims", get(claims::claims))
        .route("/claims/{number}", get(claims::claim_page))
        .route("/claims/{number}/way", get(claims::way).post(claims::change_way))
        .route("/claims/{number}/way/check", get(claims::check_way))
        .route("/claims/{number}/address", get(claims::address).post(claims::keep_address))
        .route("/claims/{number}/withdraw", get(claims::ask_to_withdraw).post(claims::withdraw))
        .route("/claims/{number}/code", get(gift_codes::page).post(gift_codes::show))
        // staff
        .route("/staff", get(callers::find))
        .route("/staff/enrol/{token}", get(staff::enrol_page).post(staff::enrol_post))
        .route("/staff/sign-in", get(staff::sign_in_page).post(staff::sign_in_post))
        .route("/staff/sign-out", post(staff::sign_out))
        .route("/staff/claims", get(decided::queue))
        .route("/staff/claims/{number}", get(decided::page))
        .route("/staff/claims/{number}/approve", post(decided::approve).get(decided::back))
        .route("/staff/claims/{number}/decline", post(decided::decline).get(decided::back))
        .route("/staff/cases", get(cases::queue))
        .route("/staff/cases/{number}", get(cases::page))
        .route("/staff/cases/{number}/take", post(cases::take).get(cases::back))
        .route("/staff/cases/{number}/ask", post(cases::ask).get(cases::back))
        .route("/staff/cases/{number}/answer", post(cases::answer).get(cases::back))
        .route("/staff/cases/{number}/decide", post(cases::decide).get(cases::back))
        .route("/staff/cases/{number}/files/{file}", get(cases::file))
        .route("/staff/automatic", get(automatic::list))
        .route("/staff/automatic/{id}", get(automatic::page))
        .route("/staff/automatic/{id}/approve", automatic::acting(RunAct::Approve))
        .route("/staff/automatic/{id}/pause", automatic::acting(RunAct::Pause))
        .route("/staff/automatic/{id}/resume", automatic::acting(RunAct::Resume))
        .route("/staff/automatic/{id}/stop", automatic::acting(RunAct::Stop))
        .route("/staff/payouts", get(payouts::page))
        .route("/staff/payouts/files/{file}", get(ledger::export))
        .route("/staff/payouts/pause", post(payouts::pause).get(payouts::back_to_page))
        .route("/staff/payouts/resume", post(payouts::resume).get(payouts::back_to_page))
        .route("/staff/payouts/close", post(payouts::close).get(payouts::back_to_page))
        .route("/staff/payouts/orders/{id}", post(payouts::decide).get(payouts::back_to_page))
        .route("/staff/subscribers/{account}", get(callers::page))
        .route("/staff/subscribers/{account}/code", post(caller_codes::send))
        .route("/staff/subscribers/{account}/verify", get(caller_codes::again).post(caller_codes::verify))
        .route("/staff/subscribers/{account}/reveal", post(callers::give_reason))
        .route("/staff/subscribers/{account}/mask", post(callers::mask))
        .route("/staff/subscribers/{account}/claim", get(on_behalf::list))
        .route("/staff/subscribers/{account}/claim/{remedy}", get(on_behalf::form).post(on_behalf::fill_in))
        .route(
            "/staff/subscribers/{account}/claim/{remedy}/check",
            get(on_behalf::check).post(on_behalf::make),
        )
        .route("/staff/subscribers/{account}/claims/{number}", get(on_behalf::claimed))
        .route("/staff/subscribers/{account}/{category}", get(callers::category))
}

/// Pages are compressed on the way; assets and the status page are beforehand, and archives not
/// at all. A page holds no secret that a stranger could guess at by its length: posts are proved by
/// their origin, not by tokens, and the cookie does not come along from other sites.
fn is_page(status: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    // "Not modified" has no body, and none compressed is twenty bytes.
    // Lists of contacts for phones are XML, and long.
    let packs = |value: &http::HeaderValue| {
        [&b"text/html"[..], b"application/xml"].iter().any(|kind| value.as_bytes().starts_with(kind))
    };
    status != StatusCode::NOT_MODIFIED && headers.get(header::CONTENT_TYPE).is_some_and(packs)
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

    on_both!(pages_are_small_on_the_line, |test| {
        let mut browser = TestPortal::new(test).browser();
        let plain = browser.get("/help").await;
        let request = http::Request::get("/help").header("accept-encoding", "gzip");
        let packed = browser.send(request, axum::body::Body::empty()).await;
        assert_eq!(packed.headers["content-encoding"], "gzip");
        assert!(packed.body.len() * 4 < plain.body.len() * 3);
    });

    on_both!(the_process_says_that_it_is_alive, |test| {
        let answer = TestPortal::new(test).browser().get("/healthz").await;
        assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "ok\n"));
    });
}
