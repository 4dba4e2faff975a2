//! A copy is restored in which nothing is known of what was sent since.

use app::models::WaitsFor;

use super::{AfterRestore, after_restore, go_on as go_on_claims};
use crate::{
    ambient::MINUTE,
    incident::ProviderName,
    on_both,
    remedies::{
        ClaimNumber,
        deciding::{self, Because, DecideError},
        payouts::{
            Decision, State,
            acts::{Actor, decide, resume},
            budget,
            code_pool::{Goods, Import, import, stock},
            control::ALL,
            file::{self, Format},
            redirect,
            tests::{Careless, claim, database, elsewhere, findings, order, orders},
            work,
            worker::LEASE,
        },
    },
    store::{Result, sql, testing::TestDb},
    transaction,
    web::testing::TestPortal,
};

async fn take_in(test: &TestPortal, csv: &str, unused: bool) -> i64 {
    let p = &test.portal;
    let remedy = p.incident.remedy("gift-card").unwrap();
    let to = Import {
        db: database(test),
        ambient: &p.ambient,
        master: p.master(),
        goods: Goods::of(remedy),
        value: None,
        expires_at: None,
        unused,
    };
    import(&to, csv.as_bytes()).await.unwrap().trusted
}

async fn restored(test: &TestPortal) -> AfterRestore {
    after_restore(&test.portal, Actor::OPERATOR).await.unwrap()
}

async fn go_on(test: &TestPortal) {
    assert!(resume(&test.portal, Actor::OPERATOR, ALL).await.unwrap());
}

/// The order as an older copy has it: not sent yet.
async fn forget(test: &TestPortal) {
    let forgotten = transaction!(database(test), |tx| -> Result<u64> {
        sql("UPDATE payout_orders SET state = 'waiting', unsure = 0, attempts = 0, due_at = 0, lease = NULL,
             leased_until = 0, reference = NULL, started_at = NULL, ended_at = NULL")
        .execute(tx)
        .await
    });
    forgotten.unwrap();
}

/// Somebody whose card a provider elsewhere has paid, of which the copy knows nothing.
async fn paid_since(db: &TestDb) -> (TestPortal, Careless) {
    let test = TestPortal::with_incident(db, &elsewhere());
    claim(&test, 0, "gift-card").await;
    let provider = Careless::losing_replies();
    test.clock.advance(30 * MINUTE);
    work(&test.portal, &provider).await.unwrap();
    assert_eq!(provider.paid(&order(&test).await), 1);
    forget(&test).await;
    (test, provider)
}

on_both!(what_was_sent_since_the_copy_is_asked_after_and_not_sent_again, |db| {
    let (test, provider) = paid_since(db).await;
    let found = restored(&test).await;
    assert_eq!(found, AfterRestore { asked_first: 1, ..AfterRestore::default() });
    assert_eq!(restored(&test).await, found, "harmless to repeat");
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 0, "all is held up");
    go_on(&test).await;
    test.clock.advance(LEASE);
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 1);
    let order = order(&test).await;
    assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1));
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    let acts: Vec<(String, String)> =
        sql("SELECT member_email, detail FROM audit WHERE action = 'restored-payouts' ORDER BY at, id")
            .all(database(&test))
            .await
            .unwrap();
    let detail = "1 orders asked after first, 0 wait for a person, 0 codes in doubt, 0 files kept back, 0 automatic runs held up, 0 claims to be looked at";
    assert_eq!(acts[0], ("the operator".to_owned(), detail.to_owned()));
});

on_both!(a_card_that_may_have_been_posted_waits_for_a_person, |db| {
    let test = TestPortal::new(db);
    claim(&test, 0, "gift-card").await;
    let post = *test.portal.incident.remedy("gift-card").unwrap().way("post").unwrap();
    let grant = order(&test).await.grant_id;
    transaction!(database(&test), |tx| -> Result<bool> {
        redirect(tx, &test.portal.ambient, &grant, &post).await
    })
    .unwrap();
    let found = restored(&test).await;
    assert_eq!((found.stuck, found.asked_first), (1, 0));
    assert_eq!(order(&test).await.state().unwrap(), State::Stuck);
});

on_both!(a_file_of_cards_that_may_have_been_posted_is_not_handed_over_by_itself, |db| {
    let test = TestPortal::new(db);
    claim(&test, 0, "gift-card").await;
    let post = *test.portal.incident.remedy("gift-card").unwrap().way("post").unwrap();
    let order = order(&test).await;
    transaction!(database(&test), |tx| -> Result<()> {
        redirect(tx, &test.portal.ambient, &order.grant_id, &post).await?;
        sql("UPDATE claims SET address_sealed = $1").bind(vec![1_u8]).execute(tx).await?;
        Ok(())
    })
    .unwrap();
    test.clock.advance(30 * MINUTE);
    work(&test.portal, test.portal.providers.get(ProviderName::PostFile).unwrap()).await.unwrap();
    assert_eq!(restored(&test).await.files_kept_back, ["post-file-2009-10-20-1"]);
    assert!(restored(&test).await.files_kept_back.is_empty(), "harmless to repeat");
    go_on(&test).await;
    let folder = tempfile::tempdir().unwrap();
    let handed =
        file::hand_over(&test.portal, ProviderName::PostFile, folder.path(), Format::Csv, None).await;
    assert_eq!(handed.unwrap(), []);
});

on_both!(claims_that_waited_for_the_budget_are_looked_at_before_they_are_given, |db| {
    let budget =
        |cards: i64| elsewhere().replace("budget = 8_000_000_000", &format!("budget = {}", cards * 10_000));
    let test = TestPortal::with_incident(db, &budget(1));
    for number in 0..2 {
        claim(&test, number, "gift-card").await;
    }
    assert_eq!(restored(&test).await.claims_held_up, 1);
    assert_eq!(restored(&test).await.claims_held_up, 0, "harmless to repeat");
    let larger = TestPortal::with_incident(db, &budget(9));
    budget::fit(database(&test), &larger.portal.incident, larger.portal.ambient.now()).await.unwrap();
    assert_eq!(deciding::go_on(&larger.portal).await.unwrap(), 0, "it may have been paid since the copy");
    let (number,): (String,) =
        sql("SELECT number FROM claims WHERE state = 'submitted'").one(database(&test)).await.unwrap();
    transaction!(database(&test), |tx| -> std::result::Result<(), DecideError> {
        let number = ClaimNumber::parse(&number).unwrap();
        deciding::approve(tx, &larger.portal, &number, Because::Approved).await
    })
    .unwrap();
    assert_eq!(orders(&test).await.len(), 2);
});

on_both!(whoever_waited_for_the_budget_keeps_their_place_until_statements_were_compared, |db| {
    let budget =
        |cards: i64| elsewhere().replace("budget = 8_000_000_000", &format!("budget = {}", cards * 10_000));
    let test = TestPortal::with_incident(db, &budget(1));
    for number in 0..3 {
        claim(&test, number, "gift-card").await;
        test.clock.advance(1);
    }
    assert_eq!(restored(&test).await.claims_held_up, 2);
    let larger = TestPortal::with_incident(db, &budget(3));
    budget::fit(database(&test), &larger.portal.incident, larger.portal.ambient.now()).await.unwrap();
    larger.clock.advance(10);
    claim(&larger, 3, "gift-card").await;
    assert_eq!(orders(&test).await.len(), 1, "there is room, for whoever came first");
    assert_eq!(deciding::go_on(&larger.portal).await.unwrap(), 0);
    assert_eq!(deciding::waits(database(&test)).await.unwrap(), (2, 1), "two are to be looked at");
    let queue = deciding::queue(database(&test), WaitsFor::Decision, 9, 0).await.unwrap();
    assert!(queue[0].words().contains("compare the statements"), "{}", queue[0].words());

    assert_eq!(go_on_claims(&larger.portal, Actor::OPERATOR).await.unwrap(), 2);
    assert_eq!(go_on_claims(&larger.portal, Actor::OPERATOR).await.unwrap(), 0, "harmless to repeat");
    assert_eq!(deciding::go_on(&larger.portal).await.unwrap(), 2);
    let (left,): (i64,) = sql("SELECT COUNT(*) FROM claims c WHERE c.state = 'submitted'
         AND c.made_at = (SELECT MAX(n.made_at) FROM claims n)")
    .one(database(&test))
    .await
    .unwrap();
    assert_eq!((left, orders(&test).await.len()), (1, 3), "the last waits");
    let (acts,): (i64,) = sql("SELECT COUNT(*) FROM audit WHERE action = 'compared-restored-claims'")
        .one(database(&test))
        .await
        .unwrap();
    assert_eq!(acts, 2);
});

on_both!(without_it_the_copy_would_pay_twice, |db| {
    let (test, provider) = paid_since(db).await;
    test.clock.advance(LEASE);
    work(&test.portal, &provider).await.unwrap();
    assert_eq!(provider.paid(&order(&test).await), 2);
});

on_both!(codes_that_may_have_been_given_are_kept_back_until_the_issuer_calls_them_unused, |db| {
    let test = TestPortal::new(db);
    take_in(&test, "code\nAAAA-BBBB-0001\nAAAA-BBBB-0002\n", false).await;
    claim(&test, 0, "gift-card").await;
    test.clock.advance(30 * MINUTE);
    let found = restored(&test).await;
    assert_eq!(found, AfterRestore { stuck: 1, codes_in_doubt: 2, ..AfterRestore::default() });
    go_on(&test).await;
    let waits = order(&test).await;
    assert_eq!(waits.state().unwrap(), State::Stuck);
    decide(&test.portal, Actor::OPERATOR, &waits.id, &Decision::NeverArrived).await.unwrap();
    claim(&test, 1, "gift-card").await;
    test.clock.advance(30 * MINUTE);
    let pool = test.portal.providers.get(ProviderName::CodePool).unwrap();
    work(&test.portal, pool).await.unwrap();
    let paid =
        async || orders(&test).await.iter().filter(|order| order.state().unwrap() == State::Paid).count();
    assert_eq!(paid().await, 0, "no code is sure");
    let left = &stock(database(&test), test.portal.ambient.now()).await.unwrap()[0];
    assert_eq!((left.free, left.given, left.doubtful), (0, 0, 2));
    // A file without the issuer's word changes nothing; with it the codes in it are given.
    assert_eq!(take_in(&test, "code\nAAAA-BBBB-0002\n", false).await, 0);
    assert_eq!(take_in(&test, "code\nAAAA-BBBB-0002\nAAAA-BBBB-0003\n", true).await, 1);
    test.clock.advance(30 * MINUTE);
    work(&test.portal, pool).await.unwrap();
    assert_eq!(paid().await, 2);
    let left = &stock(database(&test), test.portal.ambient.now()).await.unwrap()[0];
    assert_eq!((left.free, left.given, left.doubtful), (0, 2, 1));
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});
