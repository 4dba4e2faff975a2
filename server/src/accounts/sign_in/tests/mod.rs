//! Signing in over HTTP, on both engines.

mod alike;
mod codes;
mod failures;
mod journey;
mod second_fact;
mod waits;

use crate::{
    ambient::MINUTE,
    web::testing::{Answer, Browser, TestPortal},
};

const PHONE: &str = "+12125550123";
const UNKNOWN: &str = "+12125550199";

/// Asks for a code in a new browser and returns both.
async fn asked(test: &TestPortal, phone: &str) -> (Browser, String) {
    let mut browser = test.browser();
    let answer = browser.post("/sign-in", &[("phone", phone)]).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/sign-in/code"), "{}", answer.text());
    (browser, test.last_code(phone).await)
}

async fn enter(browser: &mut Browser, code: &str) -> Answer {
    browser.post("/sign-in/code", &[("code", code)]).await
}

/// Another code than this.
fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

fn signed_in(answer: &Answer) -> bool {
    (answer.status.as_u16(), answer.location()) == (303, "/recovery")
}

/// A code asked for and five wrong entries, a quarter of an hour later each time.
async fn five_wrong(test: &TestPortal, phone: &str) {
    test.clock.advance(15 * MINUTE);
    let (mut browser, code) = asked(test, phone).await;
    for _ in 0..5 {
        assert_eq!(enter(&mut browser, wrong(&code)).await.status, 422);
    }
}
