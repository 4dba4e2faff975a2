//! Every act stands in the audit, whoever did it and wherever; and nobody decides on what is theirs.

use super::{Actor, decide, pause, resume};
use crate::{
    ambient::MINUTE,
    on_both,
    remedies::payouts::{
        Decision, State,
        control::{ALL, is_paused},
        tests::{claim, database, elsewhere, order, refuse},
    },
    staff::{Role, tests::another as member},
    store::{Result, sql, testing::TestDb},
    transaction,
    web::testing::TestPortal,
};

/// Who did what, why and to what, the oldest first.
async fn audit(test: &TestPortal) -> Vec<(String, String, String, String)> {
    sql("SELECT member_email, action, reason, detail FROM audit WHERE action LIKE '%payout%' ORDER BY at, id")
        .all(database(test))
        .await
        .unwrap()
}

/// Somebody's gift card, which its provider refused.
async fn refused(db: &TestDb) -> TestPortal {
    let test = TestPortal::with_incident(db, &elsewhere());
    claim(&test, 0, "gift-card").await;
    test.clock.advance(30 * MINUTE);
    refuse(&test).await;
    test
}

on_both!(what_the_operator_does_stands_in_the_audit, |db| {
    let test = refused(db).await;
    let (p, operator) = (&test.portal, Actor::OPERATOR);
    pause(p, operator, ALL, "The statement does not match").await.unwrap();
    assert!(is_paused(database(&test), "tremendous").await.unwrap());
    test.clock.advance(1);
    assert!(resume(p, operator, ALL).await.unwrap());
    assert!(!resume(p, operator, ALL).await.unwrap(), "once");
    test.clock.advance(1);
    let id = order(&test).await.id;
    let decision = Decision::Close { reason: "Nobody can be reached".to_owned() };
    decide(p, operator, &id, &decision).await.unwrap();
    assert!(decide(p, operator, &id, &decision).await.is_err(), "nothing is recorded of what was not done");
    let rows = audit(&test).await;
    let told: Vec<_> = rows.iter().map(|(_, action, reason, _)| (action.as_str(), reason.as_str())).collect();
    assert_eq!(
        told,
        [
            ("paused-payouts", "The statement does not match"),
            ("resumed-payouts", ""),
            ("decided-payout", "Nobody can be reached"),
        ]
    );
    assert!(rows.iter().all(|(who, ..)| who == "the operator"));
    let was = "*, held up since 2009-10-20T12:30:00.000Z by the operator: The statement does not match";
    assert_eq!(rows[1].3, was, "who held them up and why outlives the pause");
    assert_eq!(rows[2].3, format!("close {id}"));
    let (account,): (String,) =
        sql("SELECT account FROM audit WHERE action = 'decided-payout'").one(database(&test)).await.unwrap();
    assert_eq!(account, "a-0");
});

on_both!(nobody_decides_on_their_own_payout_or_one_that_they_claimed, |db| {
    let test = refused(db).await;
    let refused = order(&test).await;
    let path = format!("/staff/payouts/orders/{}", refused.id);
    let again = [("act", "again"), ("way", "bill")];
    let (mut ben, mut ann) =
        (member(&test, "Ben", Role::Finance).await, member(&test, "Ann", Role::Admin).await);
    let changed = transaction!(database(&test), |tx| -> Result<()> {
        sql("UPDATE subscribers SET email = 'BEN@example.com'").execute(&mut *tx).await?;
        sql("INSERT INTO claims_on_behalf (claim_id, member_id, member_name, by_right, reason, who_sealed, second_look)
             VALUES ($1, 'Ann', 'Ann', 'parent', 'asked by phone', $2, 0)")
        .bind(&refused.claim_id)
        .bind(Vec::<u8>::new())
        .execute(tx)
        .await?;
        Ok(())
    });
    changed.unwrap();
    for browser in [&mut ben, &mut ann] {
        let answer = browser.post(&path, &again).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("somebody else has to decide on it"));
    }
    assert_eq!(order(&test).await.state().unwrap(), State::Refused);
    assert_eq!(audit(&test).await, []);
    let mut kim = member(&test, "Kim", Role::Finance).await;
    assert_eq!(kim.post(&path, &again).await.location(), "/staff/payouts");
    assert_eq!(audit(&test).await[0].0, "kim@example.com");
});
