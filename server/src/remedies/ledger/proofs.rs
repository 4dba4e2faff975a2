//! Each proof of the check is seen to fail: where what it proves does not hold, it says so, and nothing else does.

use crate::{
    ambient::MINUTE,
    incident::ProviderName,
    on_both,
    remedies::payouts::{
        code_pool::{Import, import},
        tests::{claim, database, findings},
        work,
    },
    store::{Result, sql, testing::TestDb},
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
        remedy: card,
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
    assert_eq!(found(&test, refused).await, ["no-payout", "no-provider-order"]);
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
