//! The outbox on both engines.

mod bounces;
mod due;
mod gateway;
mod leases;
mod letters;
mod mail;
mod moved;
mod peers;
mod reported;
mod second_look;
mod wishes;

use super::{senders::Outcome, *};
use crate::{
    ambient::{MINUTE, SECOND},
    on_both,
    store::sql,
    transaction,
    web::testing::TestPortal,
};

const PHONE: &str = "+12125550123";

fn said(text: &str, secret: bool) -> Template {
    Template {
        name: "test",
        language: Language::En,
        purpose: templates::Purpose::Security,
        sms: text.to_owned(),
        letter: None,
        secret: secret.then(|| text.split(' ').next().unwrap().to_owned()),
    }
}

async fn put(test: &TestPortal, text: &str, secret: bool, expires_at: Option<Millis>) -> String {
    put_message(test, None, Channel::Sms, PHONE, said(text, secret), expires_at).await
}

async fn put_message(
    test: &TestPortal,
    subscriber_id: Option<&str>,
    channel: Channel,
    to: &str,
    template: Template,
    expires_at: Option<Millis>,
) -> String {
    let portal = &test.portal;
    transaction!(portal.db().unwrap(), |tx| -> Result<String> {
        let template = template.clone();
        let keep_letter = template.letter.is_some() && channel == Channel::Sms;
        let message =
            NewMessage { subscriber_id, channel, to, template, keep_letter, not_before: 0, expires_at };
        enqueue(tx, &portal.ambient, portal.master(), message).await
    })
    .unwrap()
}

/// Whether messages to a subscriber's address of this channel come back, and why.
async fn bounced(test: &TestPortal, subscriber_id: &str, channel: &str) -> Option<String> {
    let row: Option<(String,)> =
        sql("SELECT reason FROM unreachable WHERE subscriber_id = $1 AND channel = $2")
            .bind(subscriber_id)
            .bind(channel)
            .optional(test.portal.db().unwrap())
            .await
            .unwrap();
    row.map(|(reason,)| reason)
}

type Kept = (Option<Vec<u8>>, Option<i64>, Option<String>);

async fn kept(test: &TestPortal, id: &str) -> Kept {
    sql("SELECT text_sealed, sent_at, failure FROM messages WHERE id = $1")
        .bind(id)
        .one(test.portal.db().unwrap())
        .await
        .unwrap()
}

fn lines(test: &TestPortal) -> Vec<file::Line> {
    let mut lines = file::newest(&test.folder.path().join(file::NAME), 1 << 20, "").unwrap();
    lines.reverse();
    lines
}

on_both!(a_message_is_sealed_until_sent_and_a_secret_one_is_then_forgotten, |db| {
    let test = TestPortal::new(db);
    let (secret, open) =
        (put(&test, "123456 is it", true, None).await, put(&test, "hello", false, None).await);
    let (sealed, ..) = kept(&test, &secret).await;
    assert!(!sealed.unwrap().windows(6).any(|part| part == b"123456"));
    assert_eq!(deliver(&test.portal).await.unwrap(), 2);
    let (shown, sent_at, _) = kept(&test, &secret).await;
    let shown = test.portal.master().open_small(&store::context(&secret), &shown.unwrap()).unwrap();
    assert_eq!((shown.as_slice(), sent_at), ("•••••• is it".as_bytes(), Some(test.portal.ambient.now())));
    assert!(kept(&test, &open).await.0.is_some());
    let sent = lines(&test);
    assert_eq!(sent.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["123456 is it", "hello"]);
    assert_eq!(
        (sent[0].id.as_str(), sent[0].to.as_str(), sent[0].channel.as_str()),
        (&*secret, PHONE, "sms")
    );
    assert_eq!(sent[0].created_at, "2009-10-20T12:00:00.000Z");
    assert_eq!(deliver(&test.portal).await.unwrap(), 0);
});

on_both!(an_expired_message_is_not_sent_and_its_secret_goes, |db| {
    let test = TestPortal::new(db);
    let id = put(&test, "late", true, Some(test.portal.ambient.now() + MINUTE)).await;
    test.clock.advance(MINUTE);
    deliver(&test.portal).await.unwrap();
    let (shown, sent_at, failure) = kept(&test, &id).await;
    let shown = test.portal.master().open_small(&store::context(&id), &shown.unwrap()).unwrap();
    assert_eq!((shown.as_slice(), sent_at, failure.as_deref()), ("••••".as_bytes(), None, Some("expired")));
    assert!(lines(&test).is_empty());
});

on_both!(what_could_not_be_sent_waits_longer_each_time_and_then_leaves, |db| {
    let test = TestPortal::new(db);
    let path = test.folder.path().join(file::NAME);
    std::fs::create_dir(&path).unwrap();
    let id = put(&test, "again", true, None).await;
    for pause in [SECOND, 2 * SECOND, 4 * SECOND] {
        assert_eq!(deliver(&test.portal).await.unwrap(), 1);
        test.clock.advance(pause - 1);
        assert_eq!(deliver(&test.portal).await.unwrap(), 0);
        test.clock.advance(1);
    }
    std::fs::remove_dir(&path).unwrap();
    assert_eq!(deliver(&test.portal).await.unwrap(), 1);
    assert!(kept(&test, &id).await.1.is_some());
    assert_eq!(lines(&test).len(), 1);
});

on_both!(several_workers_send_each_message_once, |db| {
    let test = TestPortal::new(db);
    for n in 0..100 {
        put(&test, &format!("{n}"), false, None).await;
    }
    let workers = (0..4).map(|_| {
        let portal = test.portal.clone();
        tokio::spawn(async move { while deliver(&portal).await.unwrap() > 0 {} })
    });
    futures::future::join_all(workers).await;
    let mut sent: Vec<u32> = lines(&test).iter().map(|line| line.text.parse().unwrap()).collect();
    sent.sort_unstable();
    assert_eq!(sent, (0..100).collect::<Vec<_>>());
});

on_both!(a_worker_that_died_before_noting_it_does_not_send_twice, |db| {
    let test = TestPortal::new(db);
    let id = put(&test, "once", false, None).await;
    deliver(&test.portal).await.unwrap();
    // As if the process had died between the file and the row, and the file's last line was torn.
    transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
        sql("UPDATE messages SET sent_at = NULL WHERE id = $1").bind(&id).execute(tx).await?;
        Ok(())
    })
    .unwrap();
    let path = test.folder.path().join(file::NAME);
    let mut torn = std::fs::read(&path).unwrap();
    torn.extend_from_slice(b"{\"id\":\"torn");
    std::fs::write(&path, torn).unwrap();
    test.clock.advance(MINUTE);
    assert_eq!(deliver(&test.portal).await.unwrap(), 1);
    put(&test, "next", false, None).await;
    deliver(&test.portal).await.unwrap();
    assert_eq!(lines(&test).iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["once", "next"]);
    assert!(!std::fs::read_to_string(&path).unwrap().contains("torn"));
});

on_both!(a_message_to_nobody_is_worked_off_and_reaches_nobody, |db| {
    let test = TestPortal::new(db);
    let portal = &test.portal;
    transaction!(portal.db().unwrap(), |tx| -> Result<()> {
        enqueue_nothing(tx, &portal.ambient, portal.master(), said("123456", true), None).await
    })
    .unwrap();
    assert_eq!(deliver(portal).await.unwrap(), 1);
    assert!(lines(&test).is_empty());
    let (sent_at,): (Option<i64>,) =
        sql("SELECT sent_at FROM messages").one(portal.db().unwrap()).await.unwrap();
    assert_eq!(sent_at, Some(portal.ambient.now()));
});

on_both!(the_worker_wakes_at_once_and_ends_when_the_portal_stops, |db| {
    let test = TestPortal::new(db);
    let worker = tokio::spawn(run(test.portal.clone()));
    let id = put(&test, "now", true, None).await;
    test.portal.outbox.notify_one();
    while kept(&test, &id).await.1.is_none() {
        tokio::task::yield_now().await;
    }
    test.portal.stopping.cancel();
    worker.await.unwrap();
});
