//! Many at once, in one process and in two; and the same bytes wherever they are made.

use super::*;

const ZIP: &str = "/recovery/archive.zip";

on_both!(of_those_who_ask_first_at_once_all_get_the_same_edition, |test| {
    let (one, profile) = scene(test).await;
    for category in Category::ALL {
        open(&one, category).await;
    }
    let two = another(&one, test);
    let mut asking = Vec::new();
    for number in 0..8 {
        let portal = if number % 2 == 0 { &one } else { &two };
        let mut browser = portal.signed_in(&profile).await;
        asking.push(tokio::spawn(async move { browser.get(ZIP).await }));
    }
    let answers: Vec<Answer> =
        futures::future::join_all(asking).await.into_iter().map(|answer| answer.unwrap()).collect();
    for answer in &answers {
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body == answers[0].body && header(answer, "etag") == header(&answers[0], "etag"));
    }
    let (editions,): (i64,) =
        sql("SELECT COUNT(*) FROM editions").one(one.portal.db().unwrap()).await.unwrap();
    let (blobs,): (i64,) =
        sql("SELECT COUNT(*) FROM edition_blobs").one(one.portal.db().unwrap()).await.unwrap();
    assert_eq!((editions, blobs), (1, 2), "who lost the race left nothing behind");
});

on_both!(posts_at_once_make_one_new_edition, |test| {
    let (one, profile) = scene(test).await;
    open(&one, Category::Contacts).await;
    one.signed_in(&profile).await.get(ZIP).await;
    open(&one, Category::Photos).await;
    let two = another(&one, test);
    let mut asking = Vec::new();
    for number in 0..6 {
        let portal = if number % 2 == 0 { &one } else { &two };
        let mut browser = portal.signed_in(&profile).await;
        asking.push(tokio::spawn(async move { browser.post("/recovery/archive", &[]).await }));
    }
    for answer in futures::future::join_all(asking).await {
        assert_eq!(answer.unwrap().status, StatusCode::SEE_OTHER);
    }
    let (editions,): (i64,) =
        sql("SELECT COUNT(*) FROM editions").one(one.portal.db().unwrap()).await.unwrap();
    assert_eq!(editions, 2);
});

on_both!(a_restart_serves_the_same_bytes, |test| {
    let (one, profile) = scene(test).await;
    open(&one, Category::Contacts).await;
    let first = one.signed_in(&profile).await.get(ZIP).await;
    // A process that has nothing in memory.
    let two = another(&one, test);
    assert_eq!(two.signed_in(&profile).await.get(ZIP).await.body, first.body);
});

/// One person's whole archive on a fresh database of `test`'s engine.
async fn archive(test: &TestDb) -> Vec<u8> {
    let (portal, profile) = scene(test).await;
    for category in Category::ALL {
        open(&portal, category).await;
    }
    portal.signed_in(&profile).await.get(ZIP).await.body
}

#[tokio::test]
async fn the_same_holdings_give_the_same_bytes_on_both_engines() {
    let sqlite = archive(&crate::store::testing::sqlite().await).await;
    assert_eq!(archive(&crate::store::testing::sqlite().await).await, sqlite);
    match crate::store::testing::postgres().await {
        Some(postgres) => assert!(archive(&postgres).await == sqlite),
        None => eprintln!("skipped: MAKEGOOD_TEST_POSTGRES_URL names no server"),
    }
}
