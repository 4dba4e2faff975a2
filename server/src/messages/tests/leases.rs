//! Several workers, one that is slow, and one that is taken for dead.

use std::sync::Arc;

use tokio::sync::Notify;

use super::{
    gateway::over_gateway,
    peers::{Act, FakeGateway},
    *,
};
use crate::messages::lease::Lease;

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
    let sender = test.portal.ways.of(Channel::Sms).unwrap();
    let (lease, due) = Lease::take(&test.portal, sender).await.unwrap();
    assert_eq!(due.len(), 1);
    let other = second(&test, db, &gateway);
    for _ in 0..4 {
        for clock in [&test.clock, &other.clock] {
            clock.advance(20 * SECOND);
        }
        lease.extend(&test.portal).await.unwrap();
        assert!(lease.is_held(test.portal.ambient.now()));
        assert_eq!(deliver(&other.portal).await.unwrap(), 0);
    }
    for clock in [&test.clock, &other.clock] {
        clock.advance(MINUTE);
    }
    assert!(!lease.is_held(test.portal.ambient.now()));
    assert_eq!(deliver(&other.portal).await.unwrap(), 1);
    assert_eq!((gateway.taken().len(), gateway.asked()), (1, 1));
});
