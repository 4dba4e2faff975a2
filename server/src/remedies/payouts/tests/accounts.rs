//! Settings that name another account with the provider than what is open was sent from.

use super::*;
use crate::remedies::payouts::acts::{Actor, pause, resume};

/// Somebody's order that was sent from one account, and of which another is asked, which never had it.
async fn sent_from_another(test: &TestPortal, provider: &Careless) {
    *provider.account.lock().unwrap() = Some("https://one");
    work(&test.portal, provider).await.unwrap();
    assert_eq!(state(test).await, State::Unknown);
    provider.paid.lock().unwrap().clear();
    *provider.account.lock().unwrap() = Some("https://two");
    test.clock.advance(LEASE);
    work(&test.portal, provider).await.unwrap();
}

on_both!(what_may_be_with_another_account_is_not_sent_from_this_one, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::losing_replies();
    sent_from_another(&test, &provider).await;
    let stuck = order(&test).await;
    assert_eq!((stuck.state().unwrap(), provider.paid(&stuck)), (State::Stuck, 0));
    assert!(stuck.note.contains("the account that was set before"), "{}", stuck.note);
    assert!(!stuck.account.unwrap().contains("one"), "no settings lie in the database");
    assert_eq!(claim_state(&test).await, "delayed");
});

on_both!(a_person_who_asked_the_other_account_has_it_sent_from_this_one, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::losing_replies();
    sent_from_another(&test, &provider).await;
    decide(&test.portal, &order(&test).await.id, &Decision::NeverArrived, "Grace").await.unwrap();
    provider.becomes(Mood::Good);
    work(&test.portal, &provider).await.unwrap();
    let order = order(&test).await;
    assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1));
});

on_both!(what_was_not_sent_yet_or_is_known_goes_on_with_another_account, |db| {
    let test = ordered(db, 2).await;
    let provider = Careless::in_mood(Mood::TooMany);
    *provider.account.lock().unwrap() = Some("https://one");
    work(&test.portal, &provider).await.unwrap();
    provider.becomes(Mood::LosesReplies);
    *provider.account.lock().unwrap() = Some("https://two");
    for _ in 0..2 {
        test.clock.advance(LEASE);
        work(&test.portal, &provider).await.unwrap();
    }
    for order in orders(&test).await {
        assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1));
    }
});

on_both!(an_account_is_changed_while_payouts_are_held_up_and_nothing_is_in_doubt, |db| {
    let test = ordered(db, 1).await;
    let (p, operator, provider) = (&test.portal, Actor::OPERATOR, Careless::losing_replies());
    let in_doubt = async || {
        let progress = control::progress(&db.db, &p.providers, p.ambient.now()).await.unwrap();
        progress.iter().map(|one| one.in_doubt).sum::<i64>()
    };
    *provider.account.lock().unwrap() = Some("https://one");
    work(p, &provider).await.unwrap();
    pause(p, operator, "tremendous", "Another account").await.unwrap();
    test.clock.advance(LEASE);
    assert_eq!((work(p, &provider).await.unwrap(), in_doubt().await), (0, 1), "nothing is asked meanwhile");
    resume(p, operator, "tremendous").await.unwrap();
    work(p, &provider).await.unwrap();
    pause(p, operator, "tremendous", "Another account").await.unwrap();
    assert_eq!(in_doubt().await, 0);
    claim(&test, 1, "gift-card").await;
    test.clock.advance(30 * MINUTE);
    *provider.account.lock().unwrap() = Some("https://two");
    provider.becomes(Mood::Good);
    resume(p, operator, "tremendous").await.unwrap();
    work(p, &provider).await.unwrap();
    for order in orders(&test).await {
        assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1));
    }
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});
