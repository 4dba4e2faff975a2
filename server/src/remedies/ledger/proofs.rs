//! Each proof of the check is seen to fail: where what it proves does not hold, it says so, and nothing else does.

use super::{Account, arrive, come_back, pay, release};
use crate::{
    ambient::MINUTE,
    incident::ProviderName,
    on_both,
    remedies::payouts::{
        Decision, Order,
        code_pool::{Goods, Import, import},
        decide,
        tests::{Careless, claim, database, elsewhere, findings, order, orders, refuse},
        withdraw, work,
    },
    store::{Result, Tx, sql, testing::TestDb},
    transaction,
    web::testing::TestPortal,
};

/// Somebody has claimed a remedy, and its order is with its provider.
async fn carried_out(db: &TestDb, remedy: &str, provider: ProviderName) -> TestPortal {
    let test = TestPortal::new(db);
    let p = &test.portal;
    let card = p.incident.remedy("gift-card").unwrap();
    let to = Import {
        db: database(&test),
        ambient: &p.ambient,
        master: p.master(),
        goods: Goods::of(card),
        value: None,
        expires_at: None,
        unused: false,
    };
    import(&to, "code\nAAAA-BBBB-0001\nAAAA-BBBB-0002\n".as_bytes()).await.unwrap();
    claim(&test, 0, remedy).await;
    test.clock.advance(30 * MINUTE);
    assert_eq!(work(p, p.providers.get(provider).unwrap()).await.unwrap(), 1);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    test
}

/// Somebody has claimed a gift card, and a provider elsewhere has paid it.
async fn paid_elsewhere(db: &TestDb) -> TestPortal {
    let test = ordered_elsewhere(db).await;
    assert_eq!(work(&test.portal, &Careless::default()).await.unwrap(), 1);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    test
}

async fn ordered_elsewhere(db: &TestDb) -> TestPortal {
    let test = TestPortal::with_incident(db, &elsewhere());
    claim(&test, 0, "gift-card").await;
    test.clock.advance(30 * MINUTE);
    test
}

/// What the check finds once something was posted of an order that never came to pass.
async fn posted(
    test: &TestPortal,
    order: &Order,
    post: impl AsyncFn(&mut Tx, &str, &Order) -> Result<()>,
) -> Vec<&'static str> {
    let id = test.portal.ambient.id();
    transaction!(database(test), |tx| -> Result<()> { post(tx, &id, order).await }).unwrap();
    findings(test).await
}

/// What the check finds once a statement has changed so many rows, in the order of the proofs.
async fn found(test: &TestPortal, statement: &'static str) -> Vec<&'static str> {
    let rows = transaction!(database(test), |tx| -> Result<u64> { sql(statement).execute(tx).await });
    assert_ne!(rows.unwrap(), 0, "{statement}");
    findings(test).await
}

on_both!(a_budget_that_is_passed_and_parts_that_do_not_come_to_it_are_found, |db| {
    let test = carried_out(db, "free-month", ProviderName::BillFile).await;
    let a_cent_more = "UPDATE budget_parts SET amount = amount + 1 WHERE remedy = 'free-month' AND part = 0";
    assert_eq!(found(&test, a_cent_more).await, ["budget-parts"]);
    let back = "UPDATE budget_parts SET amount = amount - 1 WHERE remedy = 'free-month' AND part = 0";
    assert_eq!(found(&test, back).await, Vec::<&str>::new());
    let less = "UPDATE budgets SET amount = 1999 WHERE remedy = 'free-month'";
    assert_eq!(found(&test, less).await, ["over-budget", "budget-parts"]);
    let with_its_parts = "UPDATE budget_parts SET amount = CASE WHEN part = 0 THEN -1 ELSE 0 END
                          WHERE remedy = 'free-month'";
    assert_eq!(found(&test, with_its_parts).await, ["over-budget"]);
});

on_both!(a_code_without_its_order_and_an_order_without_its_code_are_found, |db| {
    let test = carried_out(db, "gift-card", ProviderName::CodePool).await;
    let nobodys = "UPDATE gift_codes SET order_id = NULL WHERE order_id IS NOT NULL";
    assert_eq!(found(&test, nobodys).await, ["no-provider-order"]);
    let its_own_again = "UPDATE gift_codes SET order_id = (SELECT id FROM payout_orders)
                         WHERE id = (SELECT reference FROM payout_orders)";
    assert_eq!(found(&test, its_own_again).await, Vec::<&str>::new());
    // The code is out, and nothing says that its order was carried out.
    let refused = "UPDATE payout_orders SET state = 'refused'";
    assert_eq!(found(&test, refused).await, ["other-account", "no-payout", "no-provider-order"]);
});

on_both!(a_code_other_than_the_one_that_the_order_says_is_found, |db| {
    let test = carried_out(db, "gift-card", ProviderName::CodePool).await;
    let another = "UPDATE payout_orders SET reference = 'another'";
    assert_eq!(found(&test, another).await, ["no-provider-order"]);
});

on_both!(an_order_without_its_line_and_a_line_without_its_order_are_found, |db| {
    let test = carried_out(db, "free-month", ProviderName::BillFile).await;
    let never_begun = "UPDATE payout_orders SET state = 'waiting'";
    assert_eq!(found(&test, never_begun).await, ["no-provider-order"]);
    assert_eq!(found(&test, "UPDATE payout_orders SET state = 'placed'").await, Vec::<&str>::new());
    assert_eq!(found(&test, "DELETE FROM payout_file_lines").await, ["no-provider-order"]);
});

on_both!(an_order_that_no_grant_stands_behind_is_found, |db| {
    let test = carried_out(db, "free-month", ProviderName::BillFile).await;
    for other in [
        "UPDATE payout_orders SET amount = amount * 2",
        "UPDATE payout_orders SET amount = amount / 2, currency = 'EUR'",
        "UPDATE payout_orders SET currency = 'USD', subscriber_id = 'somebody else'",
    ] {
        assert_eq!(found(&test, other).await, ["no-grant"], "{other}");
    }
});

on_both!(a_posting_that_waits_for_no_seal_is_found, |db| {
    let test = TestPortal::new(db);
    claim(&test, 0, "free-month").await;
    assert_eq!(found(&test, "DELETE FROM postings_unsealed").await, ["chain"]);
});

/// A grant has one order at a time by an index, which is taken away first.
const A_SECOND_ORDER: [&str; 2] = [
    "DROP INDEX payout_orders_live",
    "INSERT INTO payout_orders (id, grant_id, claim_id, incident, subscriber_id, remedy, amount, currency, way, provider,
         state, due_at, reference, created_at)
     SELECT 'second', grant_id, claim_id, incident, subscriber_id, remedy, amount, currency, way, provider,
         state, due_at, 'second', created_at + 1 FROM payout_orders",
];

on_both!(a_grant_that_is_paid_by_two_orders_is_found, |db| {
    let test = paid_elsewhere(db).await;
    let [drop, insert] = A_SECOND_ORDER;
    transaction!(database(&test), |tx| -> Result<u64> { sql(drop).execute(tx).await }).unwrap();
    assert_eq!(found(&test, insert).await, ["too-many-orders", "no-payout"]);
    let second = orders(&test).await.remove(1);
    // Each order has its posting, each posting its order, and both come to zero.
    let twice = posted(&test, &second, async |tx, id, order| pay(tx, id, order, 0).await).await;
    assert_eq!(twice, ["other-account", "too-many-orders"]);
});

on_both!(an_order_that_is_live_after_its_grant_ended_is_found, |db| {
    let test = ordered_elsewhere(db).await;
    let (portal, grant) = (test.portal.clone(), order(&test).await.grant_id);
    let done =
        transaction!(database(&test), |tx| -> Result<bool> { withdraw(tx, &portal.ambient, &grant).await });
    assert!(done.unwrap());
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    let sent_all_the_same = "UPDATE payout_orders SET state = 'waiting'";
    assert_eq!(found(&test, sent_all_the_same).await, ["too-many-orders"]);
});

on_both!(a_return_that_nobody_posted_is_found, |db| {
    let test = paid_elsewhere(db).await;
    let back = "UPDATE payout_orders SET state = 'returned'";
    assert_eq!(found(&test, back).await, ["other-account"]);
    let order = order(&test).await;
    let also = posted(&test, &order, async |tx, id, order| come_back(tx, id, order, 0).await).await;
    assert_eq!(also, Vec::<&str>::new());
    let arrived = posted(&test, &order, async |tx, id, order| arrive(tx, id, order, 0).await).await;
    assert_eq!(arrived, ["other-account"]);
});

on_both!(what_is_posted_to_have_arrived_twice_is_found, |db| {
    let test = paid_elsewhere(db).await;
    let order = order(&test).await;
    let twice = posted(&test, &order, async |tx, id, order| arrive(tx, id, order, 0).await).await;
    assert_eq!(twice, ["other-account"]);
});

on_both!(an_end_without_its_release_and_a_release_without_its_end_are_found, |db| {
    let test = ordered_elsewhere(db).await;
    refuse(&test).await;
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    let ended = "UPDATE grants SET ended_at = granted_at";
    assert_eq!(found(&test, ended).await, ["other-account"]);
    let given_back =
        "UPDATE budget_parts SET amount = amount + 10000 WHERE remedy = 'gift-card' AND part = 0";
    assert_eq!(found(&test, given_back).await, ["other-account", "budget-parts"]);
    let order = order(&test).await;
    let let_go =
        async |tx: &mut Tx, id: &str, order: &Order| release(tx, id, order, Account::Obligation, 0).await;
    assert_eq!(posted(&test, &order, let_go).await, Vec::<&str>::new());
    let live = "UPDATE grants SET ended_at = NULL";
    assert_eq!(found(&test, live).await, ["other-account"]);
});

on_both!(a_payout_that_is_posted_in_another_currency_is_found, |db| {
    let test = ordered_elsewhere(db).await;
    let paid = "UPDATE payout_orders SET state = 'paid', reference = 'R-1'";
    assert_eq!(found(&test, paid).await, ["other-account", "no-payout"]);
    let euros = Order { currency: "EUR".to_owned(), ..order(&test).await };
    let posted = posted(&test, &euros, async |tx, id, order| pay(tx, id, order, 0).await).await;
    assert_eq!(posted, ["other-amount"]);
});

on_both!(a_payout_elsewhere_without_its_reference_is_found, |db| {
    let test = paid_elsewhere(db).await;
    let nameless = "UPDATE payout_orders SET reference = NULL";
    assert_eq!(found(&test, nameless).await, ["no-provider-order"]);
    assert_eq!(found(&test, "UPDATE payout_orders SET reference = ''").await, ["no-provider-order"]);
    let by_stripe = "UPDATE payout_orders SET provider = 'stripe', state = 'returned'";
    assert_eq!(found(&test, by_stripe).await, ["other-account", "no-provider-order"]);
});

on_both!(what_was_refused_and_arrived_after_all_needs_no_reference, |db| {
    let test = ordered_elsewhere(db).await;
    refuse(&test).await;
    let refused = order(&test).await;
    decide(&test.portal, &refused.id, &Decision::Arrived, "Grace").await.unwrap();
    assert_eq!(order(&test).await.reference, None);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});
