//! What finance sees and decides, and what support cannot.

use super::*;
use crate::staff::{Role, tests::member};

on_both!(finance_holds_payouts_up_and_decides_what_waits_for_a_person, |db| {
    let test = ordered(db, 2).await;
    let mut browser = member(&test, Role::Finance).await;
    let page = browser.get("/staff/payouts").await;
    assert!(page.text().contains("2 to go") && page.text().contains("$200 owed"));
    let nothing = browser.post("/staff/payouts/pause", &[("provider", "*"), ("reason", " ")]).await;
    assert_eq!(nothing.status, 422);
    assert!(nothing.text().contains("Say in 3 to 500 characters why"));
    let reason = "The statement does not match";
    let held = browser.post("/staff/payouts/pause", &[("provider", "*"), ("reason", reason)]).await;
    assert_eq!(held.location(), "/staff/payouts");
    assert!(
        browser.get("/staff/payouts").await.text().contains("by Grace Example: The statement does not match")
    );
    let provider = Careless::in_mood(Mood::Refuses);
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 0);
    browser.post("/staff/payouts/resume", &[("provider", "*")]).await;
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 2);

    let refused = orders(&test).await;
    assert!(browser.get("/staff/payouts").await.text().contains("no such address"));
    let path = |order: &Order| format!("/staff/payouts/orders/{}", order.id);
    let again = browser.post(&path(&refused[0]), &[("act", "again"), ("way", "bill")]).await;
    assert_eq!(again.location(), "/staff/payouts");
    let ways: Vec<(String,)> = sql("SELECT delivery FROM claims WHERE id = $1")
        .bind(&refused[0].claim_id)
        .all(database(&test))
        .await
        .unwrap();
    assert_eq!(ways[0].0, "bill", "the claim says how it comes");
    let twice = browser.post(&path(&refused[0]), &[("act", "again"), ("way", "bill")]).await;
    assert!(twice.text().contains("followed by another order"));
    let nowhere = browser.post(&path(&refused[1]), &[("act", "again"), ("way", "post")]).await;
    assert!(nowhere.text().contains("nobody knows where a card would go"));
    let wordless = browser.post(&path(&refused[1]), &[("act", "close")]).await;
    assert_eq!(wordless.status, 422);
    let closed =
        browser.post(&path(&refused[1]), &[("act", "close"), ("reason", "Nobody can be reached")]).await;
    assert_eq!(closed.location(), "/staff/payouts");
    assert!(browser.get("/staff/payouts").await.text().contains("No order waits for a person"));
    assert_eq!(browser.post("/staff/payouts/orders/none", &[("act", "close")]).await.status, 404);
    assert_eq!(
        browser.post("/staff/payouts/pause", &[("provider", "piggy"), ("reason", "why")]).await.status,
        404
    );
    let acts: Vec<(String,)> = sql("SELECT action FROM audit WHERE action LIKE '%payout%' ORDER BY at, id")
        .all(database(&test))
        .await
        .unwrap();
    assert_eq!(acts.len(), 4);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(what_was_refused_of_a_remedy_that_is_not_listed_any_more_goes_again_as_before, |db| {
    let before = ordered(db, 1).await;
    refuse(&before).await;
    let unlisted = elsewhere().replace("id = \"gift-card\"", "id = \"another-card\"");
    let test = TestPortal::with_incident(db, &unlisted);
    let refused = order(&test).await;
    let mut browser = member(&test, Role::Finance).await;
    let path = format!("/staff/payouts/orders/{}", refused.id);
    assert_eq!(browser.post(&path, &[("act", "again"), ("way", "bill")]).await.status, 404);
    let again = browser.post(&path, &[("act", "again"), ("way", "email")]).await;
    assert_eq!(again.location(), "/staff/payouts");
    let anew = orders(&test).await.remove(1);
    assert_eq!((anew.provider.as_str(), anew.way.as_str()), ("tremendous", "email"));
});

on_both!(support_has_no_hand_in_payouts, |db| {
    let test = TestPortal::new(db);
    let mut browser = member(&test, Role::Support).await;
    assert_eq!(browser.get("/staff/payouts").await.status, 403);
    assert_eq!(
        browser.post("/staff/payouts/pause", &[("provider", "*"), ("reason", "why")]).await.status,
        403
    );
    assert!(!browser.get("/staff").await.text().contains("/staff/payouts"));
});
