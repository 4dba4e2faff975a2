//! A link to one edition: made with a fresh code, works without a cookie, ends in every way it should.

use axum::body::Body;
use http::Request;

use super::*;
use crate::{
    accounts::phone_changed,
    ambient::{HOUR, MINUTE, SECOND},
    archives::{
        self,
        links::{LASTS, routes::PATH},
    },
    store::Result,
    transaction,
    web::testing::Browser,
};

const PHONE: &str = "+12125550101";

/// Makes a link to everything as a person does; its address without the host.
async fn make(portal: &TestPortal, browser: &mut Browser) -> String {
    make_at(portal, browser, PATH, async || ()).await
}

/// Makes a link from the page at `path`; something happens between the page and the code.
async fn make_at(
    portal: &TestPortal,
    browser: &mut Browser,
    path: &str,
    meanwhile: impl AsyncFnOnce(),
) -> String {
    // After whatever was sent before: messages of one moment are in no order.
    portal.clock.advance(SECOND);
    let page = browser.get(path).await.text();
    assert!(page.contains("Send me a code"), "{page}");
    let form = page.split("action=\"").find(|rest| rest.starts_with(PATH)).unwrap();
    let form = form.split('"').next().unwrap();
    assert_eq!(browser.post(form, &[]).await.location(), form);
    let code = portal.last_code(PHONE).await;
    // Beyond the waits between codes, for the next one.
    portal.clock.advance(2 * MINUTE);
    meanwhile().await;
    let answer = browser.post(form, &[("code", &code)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let page = answer.text();
    let address = page.split("http://127.0.0.1:3000").nth(1).unwrap();
    address.split(['<', '\'', '"', '&']).next().unwrap().to_owned()
}

async fn linked(test: &TestDb) -> (TestPortal, Profile, Browser, String) {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let mut browser = portal.signed_in(&profile).await;
    let address = make(&portal, &mut browser).await;
    (portal, profile, browser, address)
}

on_both!(a_link_is_told_of_listed_and_works_without_a_cookie_on_the_same_bytes, |test| {
    let (portal, _, mut browser, address) = linked(test).await;
    assert!(address.starts_with("/links/") && address.ends_with("/recovered-data.zip"), "{address}");
    assert!(address.len() > "/links//recovered-data.zip".len() + 30);
    assert!(portal.last_message(PHONE).await.contains("download link"));
    let whole = browser.get("/recovery/archive.zip").await;
    let mut manager = portal.browser();
    let answer = manager.get(&address).await;
    assert!(answer.body == whole.body && answer.status == StatusCode::OK);
    assert_eq!(header(&answer, "etag"), header(&whole, "etag"));
    assert_eq!(header(&answer, "referrer-policy"), "no-referrer");
    assert!(manager.cookies.is_empty());
    let range =
        Request::get(&address).header("range", "bytes=100-").header("if-range", header(&whole, "etag"));
    let rest = manager.send(range, Body::empty()).await;
    assert!(rest.status == StatusCode::PARTIAL_CONTENT && rest.body == whole.body[100..]);
    let page = browser.get("/account").await.text();
    assert!(page.contains("Download links") && page.contains("Everything, as of 20 October 2009"), "{page}");
    assert!(!page.contains(&address), "shown once");
    // It stays with its edition.
    open(&portal, Category::Photos).await;
    browser.post("/recovery/archive", &[]).await;
    assert!(manager.get(&address).await.body == whole.body);
});

on_both!(of_a_link_nothing_is_kept_that_opens_it, |test| {
    let (portal, _, _, address) = linked(test).await;
    let token = address.split('/').nth(2).unwrap();
    let (kept,): (Vec<u8>,) =
        sql("SELECT token FROM download_links").one(portal.portal.db().unwrap()).await.unwrap();
    assert!(kept.len() == 32 && kept != token.as_bytes());
    let messages = std::fs::read_to_string(portal.folder.path().join("messages.jsonl")).unwrap();
    assert!(!messages.contains(token));
});

on_both!(unknown_over_and_ended_links_look_alike, |test| {
    let (portal, profile, mut browser, address) = linked(test).await;
    let unknown = portal.browser().get("/links/bm90LWEtdG9rZW4/recovered-data.zip").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let mut gone = Vec::new();
    gone.push(portal.browser().get(&address.replace("recovered-data", "other")).await);

    let page = browser.get("/account").await.text();
    let end = page.split("action=\"/account/links/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let end = format!("/account/links/{end}");
    let other = portal.subscriber("a-2", "+12125550102", "data-20").await;
    assert_eq!(portal.signed_in(&other).await.post(&end, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(portal.browser().get(&address).await.status, StatusCode::OK);
    assert_eq!(browser.post(&end, &[]).await.location(), "/account#links");
    gone.push(portal.browser().get(&address).await);

    let second = make(&portal, &mut portal.signed_in(&profile).await).await;
    portal.clock.advance(LASTS - 3 * MINUTE);
    assert_eq!(portal.browser().get(&second).await.status, StatusCode::OK);
    portal.clock.advance(3 * MINUTE);
    gone.push(portal.browser().get(&second).await);
    archives::clean(&portal.portal).await.unwrap();
    let (left,): (i64,) =
        sql("SELECT COUNT(*) FROM download_links").one(portal.portal.db().unwrap()).await.unwrap();
    assert_eq!(left, 0);

    let plain = |answer: &Answer| answer.text().replace(header(answer, "x-request-id"), "");
    for answer in gone {
        assert_eq!((answer.status, plain(&answer)), (unknown.status, plain(&unknown)));
    }
});

on_both!(a_changed_phone_and_signing_out_everywhere_end_links, |test| {
    let (portal, profile, _, address) = linked(test).await;
    transaction!(portal.portal.db().unwrap(), |tx| -> Result<()> { phone_changed(tx, &profile.id).await })
        .unwrap();
    assert_eq!(portal.browser().get(&address).await.status, StatusCode::NOT_FOUND);
    portal.clock.advance(HOUR);
    let mut browser = portal.signed_in(&profile).await;
    let second = make(&portal, &mut browser).await;
    assert_eq!(portal.browser().get(&second).await.status, StatusCode::OK);
    browser.post("/account/sign-out-everywhere", &[]).await;
    assert_eq!(portal.browser().get(&second).await.status, StatusCode::NOT_FOUND);
});

on_both!(without_the_code_no_link_is_made, |test| {
    let (portal, profile) = scene(test).await;
    let mut browser = portal.signed_in(&profile).await;
    assert_eq!(browser.get(PATH).await.status, StatusCode::NOT_FOUND, "nothing is open yet");
    open(&portal, Category::Contacts).await;
    browser.post(PATH, &[]).await;
    let code = portal.last_code(PHONE).await;
    let wrong = if code == "123456" { "123457" } else { "123456" };
    let answer = browser.post(PATH, &[("code", wrong)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.text().contains("/links/"));
    let (links,): (i64,) =
        sql("SELECT COUNT(*) FROM download_links").one(portal.portal.db().unwrap()).await.unwrap();
    assert_eq!(links, 0);
});

on_both!(a_link_leads_to_the_edition_that_was_asked_for, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let mut browser = portal.signed_in(&profile).await;
    let first = browser.get("/recovery/archive.zip").await;
    let renew = async || {
        open(&portal, Category::Photos).await;
        portal.signed_in(&profile).await.post("/recovery/archive", &[]).await;
    };
    // The page without an id is for the current one, and stays so.
    let address = make_at(&portal, &mut browser, PATH, renew).await;
    assert!(portal.browser().get(&address).await.body == first.body);
    assert!(browser.get("/recovery/archive.zip").await.body != first.body);

    // An earlier one is offered beside its download.
    let of_first = format!("{PATH}?edition={}", header(&first, "etag").trim_matches('"'));
    assert!(browser.get("/recovery/archive").await.text().contains(&of_first));
    let address = make_at(&portal, &mut browser, &of_first, async || ()).await;
    assert!(portal.browser().get(&address).await.body == first.body);

    let other = portal.subscriber("a-2", "+12125550102", "data-20").await;
    assert_eq!(portal.signed_in(&other).await.get(&of_first).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_link_to_a_category_makes_its_edition_only_after_the_code, |test| {
    let (portal, profile) = scene(test).await;
    let mut browser = portal.signed_in(&profile).await;
    let path = format!("{PATH}?part=contacts");
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "not open yet");
    assert_eq!(browser.get(&format!("{PATH}?part=nonsense")).await.status, StatusCode::NOT_FOUND);
    open(&portal, Category::Contacts).await;
    let none_yet = async || {
        let (editions,): (i64,) =
            sql("SELECT COUNT(*) FROM editions").one(portal.portal.db().unwrap()).await.unwrap();
        assert_eq!(editions, 0);
    };
    let address = make_at(&portal, &mut browser, &path, none_yet).await;
    assert!(address.ends_with("/recovered-contacts.zip"), "{address}");
    let linked = portal.browser().get(&address).await;
    assert!(linked.body == browser.get("/recovery/contacts/download").await.body);
    assert!(portal.last_message(PHONE).await.contains("download link"));
});
