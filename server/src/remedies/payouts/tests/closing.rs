//! What was granted and is closed before it is paid.

use super::*;
use crate::{
    accounts::Subscriber,
    remedies::{
        ClaimError,
        appeals::{self, May},
        payouts::PersonError,
    },
    staff::{Role, tests::member},
};

fn close() -> Decision {
    Decision::Close { reason: "It was paid before".to_owned() }
}

async fn person(test: &TestPortal) -> Profile {
    let (id,): (String,) = sql("SELECT id FROM subscribers").one(database(test)).await.unwrap();
    Profile::load(database(test), &id).await.unwrap().unwrap()
}

on_both!(what_has_not_started_can_be_closed_and_the_no_binds, |db| {
    let test = TestPortal::with_incident(db, &elsewhere());
    let number = claim(&test, 0, "gift-card").await;
    decide(&test.portal, &order(&test).await.id, &close(), "Grace").await.unwrap();
    assert_eq!((state(&test).await, claim_state(&test).await.as_str()), (State::Cancelled, "closed"));
    assert_eq!((lies_in(&test, "obligation").await, lies_in(&test, "budget").await), (0, 0));
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    let told = test.last_message("+12125550100").await;
    assert!(told.contains(&number) && told.contains("will not be paid"), "{told}");
    let twice = decide(&test.portal, &order(&test).await.id, &close(), "Grace").await;
    assert!(matches!(twice, Err(PersonError::NotSo { .. })), "{twice:?}");
    test.clock.advance(HOUR);
    assert_eq!(work(&test.portal, &Careless::default()).await.unwrap(), 0);

    // It is not offered as if nothing was, and can be appealed.
    let ada = person(&test).await;
    let remedy = test.portal.incident.remedy("gift-card").unwrap();
    let wish = [Wish { remedy, delivery: None, seen: None }];
    let version = terms::version([remedy].into_iter());
    let again = remedies::claim(&test.portal, &Subscriber::for_test(ada.clone()), &wish, &version).await;
    assert!(matches!(again, Err(ClaimError::NotEntitled)), "{again:?}");
    assert_eq!(appeals::may(&test.portal, &ada, remedy).await.unwrap(), May::Yes(Some(number.clone())));
    let mut browser = test.signed_in(&ada).await;
    let offered = browser.get("/remedies").await.text();
    assert!(offered.contains("was not paid. Its page says why"), "{offered}");
    let page = browser.get(&format!("/claims/{number}")).await.text();
    assert!(page.contains("It was paid before") && page.contains("Ask us to look again"), "{page}");
    let appeal = browser.get("/remedies/gift-card/appeal").await.text();
    assert!(appeal.contains(&format!("{number} was closed without payout. It was paid before")), "{appeal}");
});

on_both!(whoever_was_told_that_they_can_claim_again_can, |db| {
    let test = TestPortal::with_incident(db, &elsewhere());
    claim(&test, 0, "gift-card").await;
    decide(&test.portal, &order(&test).await.id, &close(), "Grace").await.unwrap();
    // As a close was before it bound.
    let before = transaction!(database(&test), |tx| -> Result<u64> {
        sql("UPDATE claims SET binds = 0").execute(tx).await
    });
    assert_eq!(before.unwrap(), 1);
    let ada = person(&test).await;
    let remedy = test.portal.incident.remedy("gift-card").unwrap();
    assert_eq!(appeals::may(&test.portal, &ada, remedy).await.unwrap(), May::Claim);
    let mut browser = test.signed_in(&ada).await;
    let offered = browser.get("/remedies").await.text();
    assert!(!offered.contains("was not paid. Its page says why"), "{offered}");
    let wish = [Wish { remedy, delivery: None, seen: None }];
    let version = terms::version([remedy].into_iter());
    let again = remedies::claim(&test.portal, &Subscriber::for_test(ada), &wish, &version).await;
    assert_eq!(again.unwrap().len(), 1);
});

on_both!(what_may_be_with_its_provider_cannot_be_closed, |db| {
    let test = ordered(db, 1).await;
    work(&test.portal, &Careless::losing_replies()).await.unwrap();
    let late = decide(&test.portal, &order(&test).await.id, &close(), "Grace").await.unwrap_err();
    assert!(late.to_string().contains("is unknown: only what has not started"), "{late}");
    assert_eq!(lies_in(&test, "obligation").await, 10_000);
});

on_both!(finance_closes_a_claim_by_its_number, |db| {
    let test = TestPortal::with_incident(db, &elsewhere());
    let number = claim(&test, 0, "gift-card").await;
    let mut browser = member(&test, Role::Finance).await;
    assert!(browser.get("/staff/payouts").await.text().contains("Close a claim before it is paid"));
    for (claim, why, says) in [
        ("MG-NONE", "It was paid before", "Give the number of a claim that was granted"),
        (number.as_str(), " ", "Say in 3 to 500 characters why it is closed"),
    ] {
        let wrong = browser.post("/staff/payouts/close", &[("claim", claim), ("why", why)]).await;
        assert!(wrong.status == 422 && wrong.text().contains(says));
    }
    let right = [("claim", number.as_str()), ("why", "It was paid before")];
    assert_eq!(browser.post("/staff/payouts/close", &right).await.location(), "/staff/payouts");
    assert_eq!(claim_state(&test).await, "closed");
    let acts: Vec<(String, String)> = sql("SELECT reason, detail FROM audit WHERE action = 'decided-payout'")
        .all(database(&test))
        .await
        .unwrap();
    assert_eq!(acts, [("It was paid before".to_owned(), format!("close {}", order(&test).await.id))]);
    assert_eq!(browser.post("/staff/payouts/close", &right).await.status, 422, "once");
});

on_both!(support_closes_nothing, |db| {
    let test = TestPortal::new(db);
    let number = claim(&test, 0, "gift-card").await;
    let mut browser = member(&test, Role::Support).await;
    let right = [("claim", number.as_str()), ("why", "It was paid before")];
    assert_eq!(browser.post("/staff/payouts/close", &right).await.status, 403);
});
