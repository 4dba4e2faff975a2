//! Budgets as limits, whoever takes from them.

use super::{super::budget, *};

/// The demo with room for so many gift cards.
fn with_budget(cards: i64) -> String {
    elsewhere().replace("budget = 8_000_000_000", &format!("budget = {}", cards * 10_000))
}

on_both!(a_budget_is_not_passed_whoever_claims_at_once, |db| {
    let test = TestPortal::with_incident(db, &with_budget(5));
    for number in 0..9 {
        claim(&test, number, "gift-card").await;
    }
    assert_eq!(orders(&test).await.len(), 5);
    let (waiting,): (i64,) =
        sql("SELECT COUNT(*) FROM claims WHERE state = 'submitted'").one(database(&test)).await.unwrap();
    assert_eq!(waiting, 4);
    assert_eq!(lies_in(&test, "budget").await, -50_000);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(a_budget_follows_the_incident_file_and_keeps_what_was_promised, |db| {
    let test = TestPortal::with_incident(db, &with_budget(3));
    claim(&test, 0, "gift-card").await;
    let left = async || -> i64 {
        let (left,): (i64,) =
            sql("SELECT CAST(SUM(amount) AS BIGINT) FROM budget_parts WHERE remedy = 'gift-card'")
                .one(database(&test))
                .await
                .unwrap();
        left
    };
    assert_eq!(left().await, 20_000);
    for (cards, expected) in [(100, 990_000), (1, 0), (100, 990_000)] {
        let incident = crate::incident::Incident::from_toml(&with_budget(cards), "incident.toml").unwrap();
        budget::fit(database(&test), &incident, NOW).await.unwrap();
        assert_eq!(left().await, expected);
        assert_eq!(findings(&test).await, Vec::<&str>::new());
    }
});

on_both!(a_process_that_knows_no_budget_takes_from_it_all_the_same, |db| {
    let new = TestPortal::with_incident(db, &with_budget(3));
    claim(&new, 0, "gift-card").await;
    // Still of the file before: it is held to nothing.
    let old = TestPortal::with_incident(db, &elsewhere().replace("budget = 8_000_000_000", ""));
    old.clock.advance(1);
    for number in 1..5 {
        claim(&old, number, "gift-card").await;
    }
    assert_eq!(orders(&new).await.len(), 5);
    assert_eq!(findings(&new).await, ["over-budget"], "the parts say so too");
    claim(&new, 5, "gift-card").await;
    assert_eq!(orders(&new).await.len(), 5, "it is used up");
});

on_both!(a_budget_that_others_went_past_is_corrected_at_the_next_start, |db| {
    let test = TestPortal::with_incident(db, &with_budget(3));
    claim(&test, 0, "gift-card").await;
    // Granted by a version that takes nothing from the parts.
    let unseen = transaction!(database(&test), |tx| -> Result<u64> {
        sql("UPDATE budget_parts SET amount = amount + 10000 WHERE remedy = 'gift-card' AND part = 7")
            .execute(tx)
            .await
    });
    unseen.unwrap();
    assert_eq!(findings(&test).await, ["budget-parts"]);
    budget::fit(database(&test), &test.portal.incident, NOW).await.unwrap();
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(what_is_withdrawn_makes_up_for_a_lowered_budget_before_anybody_gets_it, |db| {
    let before = TestPortal::with_incident(db, &with_budget(5));
    for number in 0..5 {
        claim(&before, number, "gift-card").await;
    }
    let test = TestPortal::with_incident(db, &with_budget(2));
    test.clock.advance(1);
    budget::fit(database(&test), &test.portal.incident, NOW).await.unwrap();
    for (place, order) in orders(&test).await.iter().take(4).enumerate() {
        let portal = test.portal.clone();
        let grant = order.grant_id.clone();
        let back = transaction!(database(&test), |tx| -> Result<bool> {
            withdraw(tx, &portal.ambient, &grant).await
        });
        assert!(back.unwrap());
        claim(&test, 10 + place, "gift-card").await;
        crate::remedies::deciding::go_on(&test.portal).await.unwrap();
        let live = "SELECT COUNT(*) FROM grants WHERE ended_at IS NULL";
        let (live,): (i64,) = sql(live).one(database(&test)).await.unwrap();
        assert_eq!(live, [4, 3, 2, 2][place]);
    }
});
