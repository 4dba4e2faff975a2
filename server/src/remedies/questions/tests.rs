use http::StatusCode;

use crate::{
    accounts::erasure,
    ambient::HOUR,
    on_both,
    remedies::{
        postal,
        tests::{affected, claims_and_grants, count, hidden, post_claim},
    },
    store::sql,
    web::testing::TestPortal,
};

const ADDRESS: [(&str, &str); 8] = [
    ("delivery-gift-card", "post"),
    ("name", "Ada Example"),
    ("line1", "12 Example Street"),
    ("line2", ""),
    ("town", "Springfield"),
    ("region", "OR"),
    ("postcode", "97477"),
    ("country", "United States"),
];

on_both!(each_question_has_a_page_of_its_own, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let start = browser.get("/remedies/gift-card").await.text();
    assert!(start.contains("action=\"/remedies/gift-card/way\"") && !start.contains("type=\"radio\""));
    assert!(start.contains("The terms, all of them"));
    let way = browser.get("/remedies/gift-card/way").await.text();
    assert_eq!(way.matches("type=\"radio\"").count(), 4);
    assert!(way.contains("How should it reach you?") && !way.contains("checked"));
    let missing = browser.get("/remedies/gift-card/way?asked=gift-card").await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text().contains("<a href=\"#way-1\">Choose how it should reach you</a>"));
    let answered = "/remedies/gift-card/way?asked=gift-card&delivery-gift-card=bill";
    let check = browser.get(answered).await.location().to_owned();
    assert_eq!(check, "/remedies/gift-card/check?delivery-gift-card=bill");
    let text = browser.get(&check).await.text();
    assert!(text.contains("On your bill"));
    let change = "/remedies/gift-card/way?change=gift-card&amp;delivery-gift-card=bill";
    assert!(text.contains(change), "{text}");
    let again = browser.get(&change.replace("&amp;", "&")).await.text();
    assert!(again.contains("value=\"bill\" checked"), "{again}");
});

on_both!(in_one_pass_only_what_can_be_chosen_is_asked, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let way = browser.get("/remedies/all/way").await.text();
    assert!(way.contains("A $100 gift card, worth $100"));
    let check = browser.get("/remedies/all/way?asked=gift-card&delivery-gift-card=site&pony=1").await;
    assert_eq!(check.location(), "/remedies/all/check?delivery-gift-card=site");
    // The free month comes on the bill and no other way.
    let check = browser.get("/remedies/free-month/way").await;
    assert_eq!(check.location(), "/remedies/free-month/check");
    assert_eq!(browser.get("/remedies/pony/way").await.status, StatusCode::NOT_FOUND);
    // A way that is not offered is asked about again.
    let sms = browser.get("/remedies/gift-card/way?asked=gift-card&delivery-gift-card=sms").await;
    assert_eq!(sms.status, StatusCode::UNPROCESSABLE_ENTITY);
});

on_both!(a_card_by_post_asks_for_an_address_which_stands_in_no_url, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let post = "?delivery-gift-card=post";
    let asked = browser.get(&format!("/remedies/gift-card/check{post}")).await.location().to_owned();
    assert_eq!(asked, format!("/remedies/gift-card/address{post}"));
    let form = browser.get(&asked).await.text();
    assert!(form.contains("value=\"Ada Example\"") && form.contains("autocomplete=\"postal-code\""));
    let mut incomplete = ADDRESS.to_vec();
    incomplete[4].1 = " ";
    let wrong = browser.post("/remedies/gift-card/address", &incomplete).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Enter the town or city") && wrong.text().contains("12 Example Street"));
    let kept = browser.post("/remedies/gift-card/address", &ADDRESS).await;
    assert_eq!(
        (kept.status, kept.location()),
        (StatusCode::SEE_OTHER, &*format!("/remedies/gift-card/check{post}"))
    );
    let check = browser.get(kept.location()).await;
    assert!(check.text().contains("Springfield OR 97477"));
    assert!(!check.text().contains("Springfield&"), "in no link");
    let made = post_claim(&mut browser, "gift-card", &check).await;
    let page = browser.get(made.location()).await.text();
    assert!(page.contains("Springfield OR 97477") && page.contains("By post"));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM claim_drafts").await, 0);
    let (sealed, claim): (Vec<u8>, String) =
        sql("SELECT address_sealed, id FROM claims").one(test.portal.db().unwrap()).await.unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("Springfield"));
    // Whoever is erased is not found by the copy of a claim either.
    let p = &test.portal;
    erasure::erase(p.db().unwrap(), &p.blobs, p.master(), &p.ambient, &person.account).await.unwrap();
    p.keyring.follow(p.db().unwrap()).await.unwrap();
    assert_eq!(postal::of_claim(p.db().unwrap(), &p.keyring, &claim).await.unwrap(), None);
});

on_both!(an_address_that_was_typed_too_long_ago_is_asked_for_again, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let kept = browser.post("/remedies/gift-card/address", &ADDRESS).await.location().to_owned();
    let check = browser.get(&kept).await;
    test.clock.advance(HOUR);
    let mut browser = test.signed_in(&person).await;
    let late = post_claim(&mut browser, "gift-card", &check).await;
    assert_eq!(late.location(), "/remedies/gift-card/address?delivery-gift-card=post");
    assert_eq!(claims_and_grants(&test).await, (0, 0));
});

on_both!(another_way_needs_no_address_and_keeps_none, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    browser.post("/remedies/gift-card/address", &ADDRESS).await;
    let check = browser.get("/remedies/gift-card/check?delivery-gift-card=email").await;
    assert_eq!(hidden(&check, "delivery-gift-card"), "email");
    let made = post_claim(&mut browser, "gift-card", &check).await;
    assert!(!browser.get(made.location()).await.text().contains("Springfield"));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM claims WHERE address_sealed IS NOT NULL").await, 0);
});

on_both!(what_cannot_be_claimed_is_not_asked_about, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", "+12125550101", "data-20").await;
    let mut browser = test.signed_in(&person).await;
    let page = browser.get("/remedies/gift-card").await.text();
    assert!(page.contains("no inventory lists anything of yours"));
    assert!(page.contains("href=\"/remedies/gift-card/appeal\""));
    assert!(page.contains("If you cannot claim for yourself"));
    assert_eq!(browser.get("/remedies/gift-card/way").await.location(), "/remedies/gift-card");
    assert_eq!(browser.get("/remedies/all/way").await.location(), "/remedies/all");
});
