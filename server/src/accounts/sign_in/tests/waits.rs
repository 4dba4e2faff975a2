use super::*;
use crate::{
    ambient::{DAY, Millis, SECOND},
    on_both,
};

/// Seconds to wait, from a refusal.
async fn refused(test: &TestPortal, phone: &str) -> i64 {
    let answer = test.browser().post("/sign-in", &[("phone", phone)]).await;
    assert_eq!(answer.status, 429);
    assert!(answer.text().contains("You can ask for another in"));
    answer.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

on_both!(waits_between_codes_grow_alike_for_all_and_pass, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    for phone in [PHONE, UNKNOWN] {
        asked(&test, phone).await;
        for seconds in [0, 30, 60, 120, 300, 900, 900, 900] {
            if seconds > 0 {
                assert_eq!(refused(&test, phone).await, seconds);
                test.clock.advance(seconds as Millis * SECOND - 1);
                assert_eq!(refused(&test, phone).await, 1);
                test.clock.advance(1);
            }
            asked(&test, phone).await;
        }
        test.clock.advance(DAY);
        asked(&test, phone).await;
        asked(&test, phone).await;
        assert_eq!(refused(&test, phone).await, 30);
    }
});

on_both!(however_a_number_is_typed_it_waits_as_one, |db| {
    let test = TestPortal::new(db);
    for typed in [PHONE, "212 555 0123"] {
        let answer = test.browser().post("/sign-in", &[("phone", typed)]).await;
        assert_eq!(answer.status, 303);
    }
    assert_eq!(refused(&test, "(212) 555-0123").await, 30);
});

on_both!(a_sign_in_does_not_reset_the_waits, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    asked(&test, PHONE).await;
    let (mut browser, code) = asked(&test, PHONE).await;
    assert!(browser.get("/sign-in/code").await.text().contains("in 30 seconds"));
    assert!(signed_in(&enter(&mut browser, &code).await));
    assert_eq!(refused(&test, PHONE).await, 30);
});

on_both!(an_address_is_slowed_past_120_codes_a_minute, |db| {
    let test = TestPortal::new(db);
    let mut browser = test.browser();
    for n in 0..120 {
        let answer = browser.post("/sign-in", &[("phone", &format!("+1212555{n:04}"))]).await;
        assert_eq!(answer.status, 303);
    }
    assert_eq!(refused(&test, PHONE).await, 1);
    test.clock.advance(SECOND);
    asked(&test, PHONE).await;
});
