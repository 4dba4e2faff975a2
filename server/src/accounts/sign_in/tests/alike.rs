//! Nothing that a stranger sees tells whether a number is known.

use super::*;
use crate::{on_both, store::sql};

/// Everything in an answer but what is random or the number itself.
fn shape(answer: &Answer, phone: &str) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .map(|(name, value)| match name.as_str() {
            "x-request-id" => name.to_string(),
            "set-cookie" => format!("{name}: {}", value.to_str().unwrap().split('=').next().unwrap()),
            _ => format!("{name}: {}", value.to_str().unwrap()),
        })
        .collect();
    headers.sort();
    format!("{} {headers:?} {}", answer.status, answer.text().replace(phone, "PHONE"))
}

/// All that can be seen of a number: asking, looking, wrong codes, asking again too soon.
async fn story(test: &TestPortal, phone: &str) -> Vec<String> {
    let mut browser = test.browser();
    let mut seen = vec![];
    for _ in 0..3 {
        let answer = browser.post("/sign-in", &[("phone", phone)]).await;
        seen.push(shape(&answer, phone));
        seen.push(shape(&browser.get("/sign-in/code").await, phone));
    }
    let code = test.last_code(phone).await;
    for _ in 0..6 {
        seen.push(shape(&enter(&mut browser, wrong(&code)).await, phone));
    }
    seen.push(shape(&browser.get("/sign-in/code").await, phone));
    seen
}

on_both!(a_known_an_unknown_and_a_disputed_number_look_alike, |db| {
    let test = TestPortal::new(db);
    const DISPUTED: &str = "+12125550155";
    test.subscriber("a-1", PHONE, "data-20").await;
    test.subscriber("a-2", DISPUTED, "data-20").await;
    test.subscriber("a-3", DISPUTED, "data-20").await;
    let known = story(&test, PHONE).await;
    assert_eq!(known, story(&test, UNKNOWN).await);
    assert_eq!(known, story(&test, DISPUTED).await);
    assert_ne!(test.last_code(PHONE).await, "");
    assert_eq!(test.last_message(UNKNOWN).await + &test.last_message(DISPUTED).await, "");
});

on_both!(a_known_and_an_unknown_number_write_as_much, |db| {
    let test = TestPortal::new(db);
    test.subscriber("a-1", PHONE, "data-20").await;
    let mut written = vec![];
    for phone in [PHONE, UNKNOWN] {
        asked(&test, phone).await;
        five_wrong(&test, phone).await;
        let rows: (i64, i64, i64, i64, i64) = sql("SELECT (SELECT COUNT(*) FROM codes),
             (SELECT COUNT(*) FROM code_waits), (SELECT COUNT(*) FROM messages),
             (SELECT COUNT(*) FROM code_failures), (SELECT COUNT(*) FROM sign_ins)")
        .one(test.portal.db().unwrap())
        .await
        .unwrap();
        written.push(rows);
    }
    assert_eq!(written, [(1, 1, 2, 1, 5), (2, 2, 4, 2, 10)]);
});

on_both!(no_row_holds_a_plain_number_or_code, |db| {
    let test = TestPortal::new(db);
    let (_, _) = asked(&test, UNKNOWN).await;
    let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> =
        sql("SELECT phone, typed_sealed, code FROM codes").all(test.portal.db().unwrap()).await.unwrap();
    for bytes in [&rows[0].0, &rows[0].1, &rows[0].2] {
        assert!(!bytes.windows(4).any(|part| part == b"0199"));
    }
});

on_both!(what_is_no_number_is_told_so, |db| {
    let test = TestPortal::new(db);
    for typed in ["", "hello", "12"] {
        let answer = test.browser().post("/sign-in", &[("phone", typed)]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("Enter your phone number"));
    }
});
