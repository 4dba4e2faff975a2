use super::*;
use crate::{
    accounts::{phone_changed, recent::FRESH},
    on_both,
    store::{self, sql},
    transaction,
};

on_both!(a_phone_and_its_code_sign_in, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let (mut browser, code) = asked(&test, "(212) 555-0123").await;
    assert_eq!(code, "", "messages go to the number on record");
    let code = test.last_code(PHONE).await;
    assert!(browser.get("/sign-in/code").await.text().contains("(212) 555-0123"));
    let typed = format!("{} {}", &code[..3], &code[3..]);
    let before = browser.cookies.clone();
    assert!(signed_in(&enter(&mut browser, &typed).await));
    assert_ne!(before.get("id"), browser.cookies.get("id"));
    for path in ["/sign-in", "/sign-in/code"] {
        assert_eq!(browser.get(path).await.location(), "/recovery");
    }
    let account = browser.get("/account").await.text();
    assert!(account.contains("This browser") && account.contains("Signed in") && account.contains("…0123"));
    assert!(account.contains("a…@example.com"), "{account}");
});

on_both!(signing_out_takes_effect_at_once_and_is_recorded, |db| {
    let test = TestPortal::new(db);
    let profile = test.subscriber("a-1", PHONE, "data-20").await;
    let mut browser = test.signed_in(&profile).await;
    assert_eq!(browser.get("/account").await.status, 200);
    let cookies = browser.cookies.clone();
    assert_eq!(browser.post("/sign-out", &[]).await.location(), "/");
    browser.cookies = cookies;
    assert_eq!(browser.get("/account").await.location(), "/sign-in?to=continue");
    assert!(browser.get("/sign-in?to=continue").await.text().contains("Sign in first"));
    let account = test.signed_in(&profile).await.get("/account").await.text();
    assert!(account.contains("Signed out"));
});

on_both!(signing_out_everywhere_ends_every_session_of_the_account_alone, |db| {
    let test = TestPortal::new(db);
    let profile = test.subscriber("a-1", PHONE, "data-20").await;
    let other = test.subscriber("a-2", UNKNOWN, "data-20").await;
    let mut browsers = [test.signed_in(&profile).await, test.signed_in(&profile).await];
    let mut neighbour = test.signed_in(&other).await;
    for browser in &mut browsers {
        assert_eq!(browser.get("/account").await.status, 200);
    }
    assert!(browsers[0].get("/account").await.text().contains("Another browser"));
    assert_eq!(browsers[0].post("/account/sign-out-everywhere", &[]).await.location(), "/");
    for browser in &mut browsers {
        assert_eq!(browser.get("/account").await.status, 303);
    }
    assert_eq!(neighbour.get("/account").await.status, 200);
});

on_both!(a_changed_phone_ends_sessions_and_open_codes, |db| {
    let test = TestPortal::new(db);
    let profile = test.subscriber("a-1", PHONE, "data-20").await;
    let (mut browser, code) = asked(&test, PHONE).await;
    let mut inside = test.signed_in(&profile).await;
    assert_eq!(inside.get("/account").await.status, 200);
    // As the import does, in another process.
    transaction!(test.portal.db().unwrap(), |tx| -> store::Result<()> {
        sql("UPDATE subscribers SET phone = $1 WHERE id = $2")
            .bind("+12125550177")
            .bind(&profile.id)
            .execute(&mut *tx)
            .await?;
        phone_changed(tx, &profile.id).await
    })
    .unwrap();
    assert_eq!(enter(&mut browser, &code).await.status, 422);
    test.clock.advance(FRESH);
    assert_eq!(inside.get("/account").await.status, 303);
});

on_both!(what_is_over_is_cleaned_away, |db| {
    let test = TestPortal::new(db);
    let profile = test.subscriber("a-1", PHONE, "data-20").await;
    asked(&test, PHONE).await;
    asked(&test, UNKNOWN).await;
    let mut browser = test.signed_in(&profile).await;
    crate::accounts::clean(&test.portal).await.unwrap();
    assert_eq!(browser.get("/account").await.status, 200);
    test.clock.advance(2 * crate::ambient::DAY);
    crate::accounts::clean(&test.portal).await.unwrap();
    let left: (i64, i64, i64, i64) =
        sql("SELECT (SELECT COUNT(*) FROM codes), (SELECT COUNT(*) FROM sessions),
         (SELECT COUNT(*) FROM code_waits), (SELECT COUNT(*) FROM messages)")
        .one(test.portal.db().unwrap())
        .await
        .unwrap();
    assert_eq!(left, (0, 0, 0, 1));
});
