use futures::future::join_all;

use super::*;
use crate::{accounts::codes::LASTS, on_both};

on_both!(a_code_lasts_ten_minutes, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let (mut browser, code) = asked(&test, PHONE).await;
    test.clock.advance(LASTS - 1);
    assert!(signed_in(&enter(&mut browser, &code).await));
    let (mut browser, code) = asked(&test, PHONE).await;
    test.clock.advance(LASTS);
    let answer = enter(&mut browser, &code).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("This code has ended"));
});

on_both!(a_code_works_once_even_in_a_race, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let (browser, code) = asked(&test, PHONE).await;
    let tries = (0..8).map(|_| {
        let mut browser = browser.clone();
        let code = code.clone();
        async move { signed_in(&enter(&mut browser, &code).await) }
    });
    assert_eq!(join_all(tries).await.into_iter().filter(|signed_in| *signed_in).count(), 1);
});

on_both!(fifty_wrong_codes_at_once_are_five, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let (mut browser, code) = asked(&test, PHONE).await;
    let tries = (0..50).map(|_| {
        let mut browser = browser.clone();
        let code = wrong(&code);
        async move { enter(&mut browser, code).await.text().contains("That is not the code") }
    });
    // The fifth is told that the code has ended, like all after it.
    assert_eq!(join_all(tries).await.into_iter().filter(|looked_at| *looked_at).count(), 4);
    assert_eq!(enter(&mut browser, &code).await.status, 422);
});

on_both!(a_code_works_in_the_browser_that_asked_alone, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let (mut browser, code) = asked(&test, PHONE).await;
    assert_eq!(enter(&mut test.browser(), &code).await.status, 422);
    let (mut other, _) = asked(&test, UNKNOWN).await;
    assert_eq!(enter(&mut other, &code).await.status, 422);
    assert!(signed_in(&enter(&mut browser, &code).await));
});

on_both!(a_newer_code_replaces_the_older, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let (mut first, old) = asked(&test, PHONE).await;
    let (mut second, new) = asked(&test, PHONE).await;
    assert_eq!(enter(&mut first, &old).await.status, 422);
    assert_eq!(enter(&mut first, &new).await.status, 422);
    assert!(signed_in(&enter(&mut second, &new).await));
});

on_both!(asking_again_in_the_same_browser_replaces_the_code_too, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let (mut browser, old) = asked(&test, PHONE).await;
    assert_eq!(browser.post("/sign-in", &[("phone", PHONE)]).await.status, 303);
    let new = test.last_code(PHONE).await;
    assert_eq!(enter(&mut browser, &old).await.status, 422);
    assert!(signed_in(&enter(&mut browser, &new).await));
});

on_both!(what_is_not_six_digits_costs_no_try, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let (mut browser, code) = asked(&test, PHONE).await;
    for typed in ["", "12345", "1234567", "12345a", "é12345"] {
        for _ in 0..3 {
            assert!(enter(&mut browser, typed).await.text().contains("Enter the six digits"));
        }
    }
    assert!(signed_in(&enter(&mut browser, &code).await));
});
