//! Finding a caller and looking at them, as a browser sees it.

use app::Category;
use http::StatusCode;

use super::{Role, tests::member};
use crate::{
    accounts::Profile,
    ambient::MINUTE,
    on_both,
    store::{self, sql},
    transaction,
    web::testing::{Browser, NOW, TestPortal},
};

const PAGE: &str = "/staff/subscribers/SK-1001";
const REASON: &str = "Ticket 4711: the caller lost the phone";

/// Ada with one recovered contact of two.
async fn ada(portal: &TestPortal) -> Profile {
    let ada = portal.subscriber("SK-1001", "+12125550142", "data-20").await;
    portal.holding(&ada, Category::Contacts, 1, Some(2)).await;
    transaction!(portal.portal.db().unwrap(), |tx| -> store::Result<u64> {
        sql("INSERT INTO items (id, subscriber_id, category, identity, digest, title, sort, search, details, body,
             file_id, created_at)
             VALUES ('i1', $1, 'contacts', $2, $2, 'Charles', 'charles', 'charles', $3, '', 'f1', $4)")
        .bind(&ada.id)
        .bind(&[1u8; 32])
        .bind(r#"{"kind":"contact","name":"Charles Babbage","phones":[["home","+12125550177"]]}"#)
        .bind(NOW)
        .execute(tx)
        .await
    })
    .unwrap();
    ada
}

/// Claims as a person does; returns the claim's number.
async fn claim_gift_card(browser: &mut Browser) -> String {
    let check = browser.get("/remedies/gift-card/check").await.text();
    let hidden = |name: &str| {
        let tag = check.split('<').find(|tag| tag.contains(&format!("name=\"{name}\""))).unwrap_or_default();
        tag.split("value=\"").nth(1).and_then(|value| value.split('"').next()).unwrap_or_default().to_owned()
    };
    let (terms, delivery) = (hidden("terms"), hidden("delivery-gift-card"));
    let mut fields = vec![("terms", terms.as_str())];
    fields.extend(Some(("delivery-gift-card", delivery.as_str())).filter(|(_, value)| !value.is_empty()));
    let answer = browser.post("/remedies/gift-card/claim", &fields).await;
    answer.location().rsplit('/').next().unwrap().to_owned()
}

async fn acts(portal: &TestPortal, action: &'static str) -> Vec<(String, String)> {
    sql("SELECT reason, detail FROM audit WHERE action = $1 ORDER BY at, id")
        .bind(action)
        .all(portal.portal.db().unwrap())
        .await
        .unwrap()
}

on_both!(a_caller_is_found_by_phone_name_or_account_and_each_search_is_recorded, |test| {
    let portal = TestPortal::new(test);
    ada(&portal).await;
    portal.subscriber("SK-1002", "+12125550143", "data-20").await;
    let mut browser = member(&portal, Role::Support).await;
    assert!(!browser.get("/staff").await.text().contains("SK-1001"));
    for (query, matched) in [
        ("(212)%20555-0142", "Matched by phone"),
        ("SK-1001", "Matched by account"),
        ("%C3%84DA", "Matched by name"),
        ("example%20ada", "Matched by name"),
    ] {
        portal.clock.advance(1);
        let answer = browser.get(&format!("/staff?q={query}")).await;
        assert!(answer.text().contains("/staff/subscribers/SK-1001"), "{query}");
        assert!(answer.text().contains(matched), "{query}");
        assert!(answer.text().contains("…0142") && !answer.text().contains("5550142"), "{query}");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["referrer-policy"], "same-origin");
    }
    portal.clock.advance(1);
    assert!(browser.get("/staff?q=%25").await.text().contains("Nobody matches"));
    let searches = acts(&portal, "searched").await;
    assert_eq!(searches.len(), 5);
    assert!(searches[0].1.starts_with("matched phone; 1 found; query "), "{}", searches[0].1);
    // The hash may hold any letters of its own.
    let words = |detail: &str| detail.split("; query").next().unwrap_or_default().to_owned();
    assert!(searches.iter().all(|(_, detail)| !detail.contains("0142") && !words(detail).contains("ada")));
});

on_both!(a_masked_address_is_found_whole_and_not_by_its_parts, |test| {
    let portal = TestPortal::new(test);
    ada(&portal).await;
    let mut browser = member(&portal, Role::Support).await;
    let found = browser.get("/staff?q=Ada@Example.com").await.text();
    assert!(found.contains("SK-1001") && found.contains("Matched by e-mail"));
    for part in ["ada%40example", "%40example.com", "a%00", "%00"] {
        let answer = browser.get(&format!("/staff?q={part}")).await;
        assert!(answer.status == StatusCode::OK && !answer.text().contains("SK-1001"), "{part}");
    }
});

on_both!(an_account_may_be_anything_that_can_be_a_folders_name, |test| {
    let portal = TestPortal::new(test);
    let odd = portal.subscriber("a b?c%41é", "+12125550144", "data-20").await;
    portal.holding(&odd, Category::Contacts, 1, Some(2)).await;
    let mut browser = member(&portal, Role::Support).await;
    let page = app::address::subscriber(&odd.account);
    assert!(browser.get("/staff?q=%2B12125550144").await.text().contains(&format!("href=\"{page}\"")));
    assert_eq!(browser.get(&page).await.status, StatusCode::OK);
    assert_eq!(browser.get(&format!("{page}/contacts")).await.status, StatusCode::OK);
    assert_eq!(browser.post(&format!("{page}/reveal"), &[("reason", REASON)]).await.location(), page);
});

on_both!(a_caller_is_masked_until_a_reason_is_recorded_and_again_after_a_while, |test| {
    let portal = TestPortal::new(test);
    ada(&portal).await;
    let mut browser = member(&portal, Role::Support).await;
    let masked = browser.get(PAGE).await.text();
    assert!(masked.contains("1 of 2 recovered") && masked.contains("Ada Example"));
    let items = browser.get(&format!("{PAGE}/contacts")).await.text();
    assert!(items.contains("1 of 2 recovered") && items.contains("Masked."));
    for secret in ["5550142", "ada@example.com", "Babbage", "5550177"] {
        assert!(!masked.contains(secret) && !items.contains(secret), "{secret}");
    }

    let hasty = browser.post(&format!("{PAGE}/reveal"), &[("reason", "  because  ")]).await;
    assert_eq!(hasty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(hasty.text().contains("There is a problem") && !hasty.text().contains("ada@example.com"));
    assert_eq!(browser.post(&format!("{PAGE}/reveal"), &[("reason", REASON)]).await.location(), PAGE);
    let shown = browser.get(PAGE).await.text();
    assert!(shown.contains("+12125550142") && shown.contains("ada@example.com") && shown.contains(REASON));
    let items = browser.get(&format!("{PAGE}/contacts")).await.text();
    assert!(items.contains("Charles Babbage") && items.contains("+12125550177"));
    assert_eq!(acts(&portal, "unmasked").await, [(REASON.to_owned(), String::new())]);
    assert_eq!(acts(&portal, "looked").await.iter().filter(|(reason, _)| reason == REASON).count(), 2);

    browser.post(&format!("{PAGE}/mask"), &[]).await;
    assert!(!browser.get(PAGE).await.text().contains("ada@example.com"));
    browser.post(&format!("{PAGE}/reveal"), &[("reason", REASON)]).await;
    portal.clock.advance(15 * MINUTE);
    assert!(!browser.get(PAGE).await.text().contains("ada@example.com"));
    assert_eq!(browser.get("/staff/subscribers/SK-9999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&format!("{PAGE}/nothing")).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_code_that_the_caller_reads_back_unmasks_once, |test| {
    let portal = TestPortal::new(test);
    ada(&portal).await;
    let mut browser = member(&portal, Role::Support).await;
    let sent = browser.post(&format!("{PAGE}/code"), &[]).await;
    assert_eq!(sent.location(), format!("{PAGE}/verify"));
    assert!(browser.get(sent.location()).await.text().contains("Code read back by the caller"));
    let code = portal.last_code("+12125550142").await;
    let wrong = if code == "123456" { "123457" } else { "123456" };
    let answer = browser.post(&format!("{PAGE}/verify"), &[("code", wrong)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("This is not the code") && !answer.text().contains("ada@example.com"));
    assert_eq!(browser.post(&format!("{PAGE}/verify"), &[("code", &code)]).await.location(), PAGE);
    assert!(browser.get(PAGE).await.text().contains("ada@example.com"));
    let why = "the caller read back the code".to_owned();
    assert_eq!(acts(&portal, "unmasked").await, [(why, String::new())]);
    let again = browser.post(&format!("{PAGE}/verify"), &[("code", &code)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
});

on_both!(a_claim_number_leads_to_its_caller, |test| {
    let portal = TestPortal::new(test);
    let ada = ada(&portal).await;
    let mut subscriber = portal.signed_in(&ada).await;
    let number = claim_gift_card(&mut subscriber).await;
    let mut browser = member(&portal, Role::Support).await;
    let found = browser.get(&format!("/staff?q={number}")).await.text();
    assert!(found.contains("SK-1001") && found.contains(&format!("Matched by claim {number}")), "{found}");
    assert!(browser.get(PAGE).await.text().contains(&number));
});

on_both!(finance_sees_counts_and_claims_but_no_items, |test| {
    let portal = TestPortal::new(test);
    ada(&portal).await;
    let mut browser = member(&portal, Role::Finance).await;
    assert_eq!(browser.get(PAGE).await.status, StatusCode::OK);
    assert_eq!(browser.get(&format!("{PAGE}/contacts")).await.status, StatusCode::FORBIDDEN);
    let reveal = browser.post(&format!("{PAGE}/reveal"), &[("reason", REASON)]).await;
    assert_eq!(reveal.status, StatusCode::FORBIDDEN);
    assert!(acts(&portal, "unmasked").await.is_empty());
});

on_both!(staff_and_subscribers_do_not_share_a_door, |test| {
    let portal = TestPortal::new(test);
    let ada = ada(&portal).await;
    let mut subscriber = portal.signed_in(&ada).await;
    for path in ["/staff", PAGE] {
        assert_eq!(subscriber.get(path).await.location(), "/staff/sign-in", "{path}");
        assert_eq!(portal.browser().get(path).await.location(), "/staff/sign-in", "{path}");
    }
    let mut browser = member(&portal, Role::Admin).await;
    assert!(browser.get("/recovery").await.location().starts_with("/sign-in"));
});
