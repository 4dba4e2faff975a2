//! Several workers, one that is slow, and one that is taken for dead.

use std::sync::Arc;

use tokio::sync::Notify;

use super::{
    gateway::{gateway_of, over_gateway},
    peers::{Act, FakeGateway},
    *,
};
use crate::messages::{batch::Batch, outbox};

/// The same database under another process.
fn second(test: &TestPortal, db: &crate::store::testing::TestDb, gateway: &FakeGateway) -> TestPortal {
    let other = over_gateway(db, gateway);
    // A millisecond apart: the two draw the same ids otherwise.
    other.clock.advance(test.portal.ambient.now() - other.portal.ambient.now() + 1);
    other
}

on_both!(two_workers_at_a_gateway_send_each_message_once, |db| {
    let gateway = FakeGateway::start([]).await;
    let one = over_gateway(db, &gateway);
    let two = second(&one, db, &gateway);
    for n in 0..12 {
        put(&one, &format!("{n}"), false, None).await;
    }
    let work = async |test: &TestPortal| while deliver(&test.portal).await.unwrap() > 0 {};
    tokio::join!(work(&one), work(&two));
    let mut sent: Vec<u32> = gateway.taken().iter().map(|taken| taken.body.parse().unwrap()).collect();
    sent.sort_unstable();
    assert_eq!(sent, (0..12).collect::<Vec<_>>());
});

on_both!(a_worker_whose_lease_passed_on_changes_nothing_and_nothing_is_sent_twice, |db| {
    let call = Arc::new(Notify::new());
    let gateway = FakeGateway::start([Act::TakeAndWait(call.clone())]).await;
    let test = over_gateway(db, &gateway);
    let id = put(&test, "once", false, None).await;
    let portal = test.portal.clone();
    let slow = tokio::spawn(async move { deliver(&portal).await });
    while gateway.taken().is_empty() {
        tokio::task::yield_now().await;
    }
    // It stands still for longer than its lease, and another takes over, who asks first.
    test.clock.advance(MINUTE);
    let other = second(&test, db, &gateway);
    deliver(&other.portal).await.unwrap();
    assert_eq!((gateway.taken().len(), gateway.asked()), (1, 1));
    let noted = kept(&test, &id).await;
    assert!(noted.1.is_some());
    test.clock.advance(MINUTE);
    call.notify_one();
    slow.await.unwrap().unwrap();
    assert_eq!(kept(&test, &id).await, noted);
});

on_both!(a_lease_that_is_extended_stays_with_its_worker, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_gateway(db, &gateway);
    put(&test, "mine", false, None).await;
    let batch = take(&test).await;
    assert_eq!(batch.due.len(), 1);
    let other = second(&test, db, &gateway);
    for _ in 0..4 {
        pass([&test, &other], 20 * SECOND);
        assert!(extend(&batch, &test).await);
        assert!(batch.lease.has_time(test.portal.ambient.now()));
        assert_eq!(deliver(&other.portal).await.unwrap(), 0);
    }
    pass([&test, &other], MINUTE);
    assert!(!batch.lease.has_time(test.portal.ambient.now()));
    assert_eq!(deliver(&other.portal).await.unwrap(), 1);
    assert_eq!((gateway.taken().len(), gateway.asked()), (1, 1));
});

on_both!(a_worker_that_was_stopped_for_longer_than_its_lease_sends_nothing_that_another_has_sent, |db| {
    for extends_first in [false, true] {
        let gateway = FakeGateway::start([]).await;
        let test = over_gateway(db, &gateway);
        test.clock.advance(i64::from(extends_first) * MINUTE);
        for n in 0..2 {
            put(&test, &format!("{n}"), false, None).await;
        }
        let batch = take(&test).await;
        assert_eq!(batch.due.len(), 2);
        let other = second(&test, db, &gateway);
        pass([&test, &other], MINUTE);
        assert_eq!(deliver(&other.portal).await.unwrap(), 2);
        assert_eq!(gateway.taken().len(), 2);
        // Its first heartbeat finds that nothing is left to it, and it stays lost.
        if extends_first {
            assert!(!extend(&batch, &test).await);
            assert!(!batch.lease.has_time(test.portal.ambient.now()));
        }
        go_on(&batch, &test).await;
        assert_eq!(gateway.taken().len(), 2);
    }
});

on_both!(what_another_took_of_a_batch_is_left_to_it_and_the_rest_is_sent, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_gateway(db, &gateway);
    for n in 0..3 {
        put(&test, &format!("{n}"), false, None).await;
    }
    let batch = take(&test).await;
    let other = TestPortal::with(db, include_str!("../../../../demo/incident.toml"), |settings| {
        settings.messages = gateway_of(&gateway);
        settings.sms_per_second = std::num::NonZeroU32::MIN;
    });
    other.clock.advance(1);
    pass([&test, &other], MINUTE);
    assert_eq!(deliver(&other.portal).await.unwrap(), 1);
    assert!(extend(&batch, &test).await);
    go_on(&batch, &test).await;
    let mut sent: Vec<_> = gateway.taken().into_iter().map(|taken| taken.body).collect();
    sent.sort();
    assert_eq!(sent, ["0", "1", "2"]);
});

on_both!(a_file_gets_nothing_twice_from_a_worker_that_was_stopped, |db| {
    let test = TestPortal::new(db);
    put(&test, "once", false, None).await;
    let batch = take(&test).await;
    test.clock.advance(MINUTE);
    assert_eq!(deliver(&test.portal).await.unwrap(), 1);
    go_on(&batch, &test).await;
    assert_eq!(lines(&test).len(), 1);
});

on_both!(what_an_attempt_came_to_is_not_noted_once_its_lease_is_lost, |db| {
    let test = TestPortal::new(db);
    let id = put(&test, "mine", false, None).await;
    let batch = take(&test).await;
    test.clock.advance(MINUTE);
    let later = take(&test).await;
    assert_eq!(later.due.len(), 1);
    let note = async |batch: &Batch, outcome: Outcome| {
        let portal = &test.portal;
        transaction!(portal.db().unwrap(), bulk |tx| -> Result<bool> {
            store::note(tx, &batch.lease, &batch.due[0], &outcome, 100, portal.ambient.now()).await
        })
        .unwrap()
    };
    let sent = || Outcome::Sent { provider_id: None };
    for outcome in [
        sent(),
        Outcome::not_yet("busy"),
        Outcome::doubtful("lost"),
        Outcome::Refused { why: "no".to_owned(), address: true },
    ] {
        assert!(!note(&batch, outcome).await);
    }
    let (_, sent_at, failure) = kept(&test, &id).await;
    assert_eq!((sent_at, failure), (None, None));
    assert!(note(&later, sent()).await);
});

on_both!(a_rate_holds_over_all_processes, |db| {
    let gateway = FakeGateway::start([]).await;
    let slow = || {
        TestPortal::with(db, include_str!("../../../../demo/incident.toml"), |settings| {
            settings.messages = gateway_of(&gateway);
            settings.sms_per_second = std::num::NonZeroU32::new(2).unwrap();
        })
    };
    let (one, two) = (slow(), slow());
    two.clock.advance(1);
    for n in 0..6 {
        put(&one, &format!("{n}"), false, None).await;
    }
    // One sends in this second, the other in the next, and further ahead nobody takes anything.
    let first = take(&one).await;
    let second = take(&two).await;
    assert_eq!((first.due.len(), second.due.len()), (2, 2));
    assert_eq!((take(&one).await.due.len(), take(&two).await.due.len()), (0, 0));
    one.clock.advance(SECOND);
    assert_eq!(take(&one).await.due.len(), 2);
});

on_both!(a_gateway_that_asks_for_peace_has_it_from_every_process, |db| {
    let gateway = FakeGateway::start([Act::Refuse(429, "retry-after: 30", String::new())]).await;
    let test = over_gateway(db, &gateway);
    put(&test, "first", false, None).await;
    deliver(&test.portal).await.unwrap();
    let other = second(&test, db, &gateway);
    put(&other, "second", false, None).await;
    pass([&test, &other], 28 * SECOND);
    assert_eq!(deliver(&other.portal).await.unwrap(), 0);
    pass([&test, &other], 2 * SECOND);
    assert_eq!(deliver(&other.portal).await.unwrap(), 2);
});

pub async fn take(test: &TestPortal) -> Batch {
    Batch::take(&test.portal, test.portal.ways.of(Channel::Sms).unwrap()).await.unwrap()
}

async fn extend(batch: &Batch, test: &TestPortal) -> bool {
    batch.lease.extend(test.portal.db().unwrap(), test.portal.ambient.now()).await.unwrap()
}

/// The worker of a batch goes on with it.
pub async fn go_on(batch: &Batch, test: &TestPortal) {
    outbox::send(&test.portal, test.portal.ways.of(Channel::Sms).unwrap(), batch).await.unwrap();
}

fn pass(tests: [&TestPortal; 2], time: Millis) {
    tests.iter().for_each(|test| test.clock.advance(time));
}
