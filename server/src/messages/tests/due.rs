//! How much is read and how long is waited where much is due at once.

use super::{
    gateway::gateway_of,
    leases::take,
    peers::FakeGateway,
    second_look::TO_SIX_IN_THE_EVENING,
    wishes::{ready, told},
    *,
};
use crate::{
    ambient::HOUR,
    store::{Lease, Query},
};

/// Notices that a night put off to the same moment, some of them given up with their letters left.
const TIED: &str = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000)
    INSERT INTO messages (id, channel, recipient, template, subject, urgency, secret, created_at, leased_until, failure,
    letter_sealed)
    SELECT 'tied-' || n, 'sms', '', 'gift-code-ready', '', 2, 0, 4000 - n, 5000,
    CASE WHEN n % 100 = 0 THEN 'given up' ELSE NULL END, CASE WHEN n % 10 = 0 THEN $1 ELSE NULL END FROM numbers";

on_both!(what_is_due_at_the_same_moment_is_read_in_order_and_not_sorted, |db| {
    let test = TestPortal::new(db);
    let db = test.portal.db().unwrap();
    transaction!(db, |tx| -> Result<()> {
        sql(TIED).bind(b"sealed").execute(&mut *tx).await?;
        // As time would do by itself: the engines learn what the tables hold.
        sql("ANALYZE").execute(tx).await.map(drop)
    })
    .unwrap();
    let plan = async |query: fn() -> Query| {
        transaction!(db, |tx| -> Result<String> { query().plan(tx).await }).unwrap()
    };
    let due = || {
        let lease = Lease::new(&store::MESSAGES, "mine".to_owned(), store::LEASE, 6000);
        store::taking(&lease, ("sms", templates::Purpose::Notice), 8, 6000)
    };
    for (query, index) in
        [(due as fn() -> Query, "messages_due"), (|| store::missed(8), "messages_letters_missed")]
    {
        let plan = plan(query).await;
        assert!(plan.contains(index), "{plan}");
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{plan}");
    }
});

on_both!(a_code_waits_for_one_filling_among_those_who_sleep, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = TestPortal::with(db, include_str!("../../../../demo/incident.toml"), |settings| {
        settings.messages = gateway_of(&gateway);
        settings.sms_per_second = std::num::NonZeroU32::new(2).unwrap();
    });
    test.clock.advance(TO_SIX_IN_THE_EVENING);
    for n in 0..7 {
        let sleeps = test.subscriber(&format!("a-{n}"), &format!("+1212555010{n}"), "data-20").await;
        told(&test, &sleeps, ready).await;
    }
    test.clock.advance(4 * HOUR);
    put(&test, "123456 code", true, None).await;
    let batch = take(&test).await;
    assert_eq!((batch.due.len(), batch.aside), (1, 1));
    assert_eq!(take(&test).await.aside, 6);
});
