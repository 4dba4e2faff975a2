use super::*;
use crate::{on_both, store::testing::TestDb};

fn strict(db: &TestDb) -> TestPortal {
    let incident = include_str!("../../../../../demo/incident.toml");
    TestPortal::with_incident(
        db,
        &incident.replace("second_fact = \"none\"", "second_fact = \"account-last4\""),
    )
}

/// A browser past its code.
async fn past_the_code(test: &TestPortal) -> Browser {
    let (mut browser, code) = asked(test, PHONE).await;
    assert_eq!(enter(&mut browser, &code).await.location(), "/sign-in/account");
    assert_eq!(browser.get("/sign-in/code").await.location(), "/sign-in/account");
    assert_eq!(browser.get("/sign-in/account").await.status, 200);
    assert_eq!(browser.get("/account").await.location(), "/sign-in?to=continue", "not yet signed in");
    browser
}

async fn fact(browser: &mut Browser, last4: &str) -> Answer {
    browser.post("/sign-in/account", &[("last4", last4)]).await
}

on_both!(after_the_code_the_end_of_the_account_number_signs_in, |db| {
    let test = strict(db);
    test.subscriber("SK-100-42b7", PHONE, "data-20").await;
    let mut browser = past_the_code(&test).await;
    assert_eq!(fact(&mut browser, "").await.status, 422);
    assert_eq!(fact(&mut browser, "42b8").await.status, 422);
    assert!(signed_in(&fact(&mut browser, " 42B7 ").await));
    assert_eq!(fact(&mut browser, "42b7").await.location(), "/sign-in", "once");
});

on_both!(the_fact_without_its_code_is_worth_nothing, |db| {
    let test = strict(db);
    test.subscriber("SK-100-42b7", PHONE, "data-20").await;
    let (mut browser, _) = asked(&test, PHONE).await;
    assert_eq!(browser.get("/sign-in/account").await.location(), "/sign-in");
    assert_eq!(fact(&mut browser, "42b7").await.status, 422);
});

on_both!(wrong_facts_end_the_attempt_and_count_as_failures, |db| {
    let test = strict(db);
    test.subscriber("SK-100-42b7", PHONE, "data-20").await;
    for _ in 0..4 {
        test.clock.advance(15 * MINUTE);
        let mut browser = past_the_code(&test).await;
        for _ in 0..5 {
            assert_eq!(fact(&mut browser, "0000").await.status, 422);
        }
        assert_eq!(fact(&mut browser, "42b7").await.status, 422);
    }
    test.clock.advance(15 * MINUTE);
    assert_eq!(test.browser().post("/sign-in", &[("phone", PHONE)]).await.status, 429);
});
