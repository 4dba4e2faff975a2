use super::*;
use crate::{ambient::HOUR, on_both};

/// One wrong entry an hour later.
async fn one_more(test: &TestPortal, phone: &str) -> u16 {
    test.clock.advance(HOUR);
    let (mut browser, code) = asked(test, phone).await;
    enter(&mut browser, wrong(&code)).await.status.as_u16()
}

on_both!(from_the_twentieth_failure_each_needs_an_hour_alike_for_all, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    for phone in [PHONE, UNKNOWN] {
        for _ in 0..4 {
            five_wrong(&test, phone).await;
        }
        assert_eq!(test.last_message(phone).await.contains("20 wrong codes"), phone == PHONE);
        let answer = test.browser().post("/sign-in", &[("phone", phone)]).await;
        assert_eq!((answer.status.as_u16(), &answer.headers["retry-after"]), (429, &"3600".parse().unwrap()));
        assert_eq!(one_more(&test, phone).await, 422);
        test.clock.advance(HOUR - 1);
        assert_eq!(test.browser().post("/sign-in", &[("phone", phone)]).await.status, 429);
    }
});

on_both!(a_success_clears_the_failures, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    for _ in 0..2 {
        for _ in 0..3 {
            five_wrong(&test, PHONE).await;
        }
        test.clock.advance(15 * MINUTE);
        let (mut browser, code) = asked(&test, PHONE).await;
        enter(&mut browser, wrong(&code)).await;
        assert!(signed_in(&enter(&mut browser, &code).await));
    }
});

on_both!(at_a_hundred_failures_codes_stop_alike_for_all, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    for phone in [PHONE, UNKNOWN] {
        for _ in 0..4 {
            five_wrong(&test, phone).await;
        }
        for _ in 0..80 {
            assert_eq!(one_more(&test, phone).await, 422);
        }
        test.clock.advance(48 * HOUR);
        let answer = test.browser().post("/sign-in", &[("phone", phone)]).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains("no more codes are sent"));
    }
    assert!(test.last_message(PHONE).await.contains("We send no more codes"));
});

on_both!(a_browser_that_signed_in_before_keeps_its_part_of_the_hundred, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let (mut mine, code) = asked(&test, PHONE).await;
    assert!(signed_in(&enter(&mut mine, &code).await));
    mine.post("/sign-out", &[]).await;
    for _ in 0..4 {
        five_wrong(&test, PHONE).await;
    }
    for _ in 0..60 {
        one_more(&test, PHONE).await;
    }
    test.clock.advance(HOUR);
    assert_eq!(test.browser().post("/sign-in", &[("phone", PHONE)]).await.status, 403);
    assert_eq!(mine.post("/sign-in", &[("phone", PHONE)]).await.status, 303);
    let code = test.last_code(PHONE).await;
    assert!(signed_in(&enter(&mut mine, &code).await));
    assert_eq!(test.browser().post("/sign-in", &[("phone", PHONE)]).await.status, 429);
});

on_both!(even_a_known_browser_has_no_more_than_its_part, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let (mut mine, code) = asked(&test, PHONE).await;
    assert!(signed_in(&enter(&mut mine, &code).await));
    for _ in 0..4 {
        test.clock.advance(HOUR);
        assert_eq!(mine.post("/sign-in", &[("phone", PHONE)]).await.status, 303);
        for _ in 0..5 {
            enter(&mut mine, wrong(&test.last_code(PHONE).await)).await;
        }
    }
    test.clock.advance(HOUR);
    assert_eq!(mine.post("/sign-in", &[("phone", PHONE)]).await.status, 403);
});
