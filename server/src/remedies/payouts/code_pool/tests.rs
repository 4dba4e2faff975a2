//! Codes: taken in, given once, shown to their owner alone.

use std::time::Duration;

use super::{
    Goods, Import, import,
    import::{ImportError, Taken},
    stock, store,
};
use crate::{
    accounts::{Profile, erasure},
    ambient::MINUTE,
    incident::ProviderName,
    on_both,
    remedies::payouts::{
        State,
        tests::{claim, database, findings, order, orders},
        work,
    },
    store::{Result, sql},
    transaction,
    web::testing::TestPortal,
};

pub async fn take_in(
    test: &TestPortal,
    csv: &str,
    value: Option<i64>,
) -> std::result::Result<Taken, ImportError> {
    let p = &test.portal;
    let goods = match p.incident.remedy("gift-card") {
        Some(remedy) => Goods::of(remedy),
        None => Goods::awaited(database(test), "gift-card").await.unwrap().unwrap(),
    };
    let to = Import {
        db: database(test),
        ambient: &p.ambient,
        master: p.master(),
        goods,
        value,
        expires_at: None,
        unused: false,
    };
    import(&to, csv.as_bytes()).await
}

async fn codes(test: &TestPortal, csv: &str) -> Taken {
    take_in(test, csv, None).await.unwrap()
}

async fn pay(test: &TestPortal) -> usize {
    work(&test.portal, test.portal.providers.get(ProviderName::CodePool).unwrap()).await.unwrap()
}

on_both!(codes_are_taken_in_once_and_what_is_wrong_is_told_without_them, |db| {
    let test = TestPortal::new(db);
    let csv = "\u{feff}code,pin,expires_on\nAAAA-BBBB-0001,1234,\nAAAA-BBBB-0002,,2030-01-31\n\
               aaaabbbb0001,,\nx,,\nAAAA-BBBB-0003,,soon\n";
    let taken = codes(&test, csv).await;
    assert_eq!((taken.imported, taken.known), (2, 1));
    let told: Vec<_> = taken.problems.iter().map(|p| (p.line, p.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (5, "its code is not 6 to 64 letters and digits"),
            (6, "\"soon\" is no day; write it as 2027-12-31")
        ]
    );
    assert_eq!(codes(&test, csv).await.imported, 0);
    let stock = stock(database(&test), test.portal.ambient.now()).await.unwrap();
    assert_eq!((stock[0].free, stock[0].given), (2, 0));
    let rows: Vec<(Vec<u8>,)> = sql("SELECT sealed FROM gift_codes").all(database(&test)).await.unwrap();
    assert!(rows.iter().all(|(sealed,)| !String::from_utf8_lossy(sealed).contains("AAAA")));
    let refused = take_in(&test, "card\n1\n", None).await.unwrap_err();
    assert!(refused.to_string().contains("must name the columns"));
});

on_both!(a_code_goes_to_one_person_who_sees_it_after_a_fresh_code, |db| {
    let test = TestPortal::new(db);
    codes(&test, "code,pin\nAAAA-BBBB-0001,1234\n").await;
    let number = claim(&test, 1, "gift-card").await;
    test.clock.advance(30 * MINUTE);
    pay(&test).await;
    assert_eq!(order(&test).await.state().unwrap(), State::Paid);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    let phone = "+12125550101";
    let told = test.last_message(phone).await;
    assert!(!told.contains("AAAA") && told.contains(&number), "{told}");

    let id: (String,) = sql("SELECT id FROM subscribers").one(database(&test)).await.unwrap();
    let person = Profile::load(database(&test), &id.0).await.unwrap().unwrap();
    let mut browser = test.signed_in(&person).await;
    let page = browser.get(&format!("/claims/{number}")).await.text();
    assert!(!page.contains("AAAA"));
    let path = format!("/claims/{number}/code");
    assert!(!browser.get(&path).await.text().contains("AAAA"));
    browser.post(&path, &[]).await;
    let code = test.last_code(phone).await;
    let shown = browser.post(&path, &[("code", &code)]).await;
    assert!(shown.text().contains("AAAA-BBBB-0001") && shown.text().contains("1234"));
    assert!(shown.headers["cache-control"].to_str().unwrap().contains("no-store"));

    let other = test.subscriber("b-1", "+12125550199", "data-20").await;
    assert_eq!(test.signed_in(&other).await.get(&path).await.status, 404);
});

on_both!(an_empty_pool_keeps_people_waiting_and_pays_them_when_it_is_filled, |db| {
    let test = TestPortal::new(db);
    codes(&test, "code\nAAAA-BBBB-0001\n").await;
    for number in 0..3 {
        claim(&test, number, "gift-card").await;
    }
    test.clock.advance(30 * MINUTE);
    pay(&test).await;
    let states = async || {
        let mut states: Vec<_> =
            orders(&test).await.iter().map(|order| order.state().unwrap().slug()).collect();
        states.sort_unstable();
        states
    };
    assert_eq!(states().await, ["paid", "waiting", "waiting"]);
    codes(&test, "code\nAAAA-BBBB-0002\nAAAA-BBBB-0003\n").await;
    test.clock.advance(MINUTE);
    pay(&test).await;
    assert_eq!(states().await, ["paid", "paid", "paid"]);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(workers_at_once_give_each_code_once, |db| {
    let test = TestPortal::new(db);
    let many: String = (0..40).map(|number| format!("AAAA-BBBB-{number:04}\n")).collect();
    codes(&test, &format!("code\n{many}")).await;
    for number in 0..40 {
        claim(&test, number, "gift-card").await;
    }
    test.clock.advance(30 * MINUTE);
    loop {
        let at_once = (0..4).map(|_| pay(&test));
        if futures::future::join_all(at_once).await.into_iter().sum::<usize>() == 0 {
            break;
        }
    }
    for order in orders(&test).await {
        assert_eq!(order.state().unwrap(), State::Paid);
        let given = store::given(database(&test), &order.id).await.unwrap();
        assert_eq!(given, order.reference);
    }
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

/// The demo whose gift card is worth $50 from now on.
fn halved() -> String {
    include_str!("../../../../../demo/incident.toml").replace("value = 10000 ", "value = 5000 ")
}

on_both!(codes_say_what_they_are_worth_where_people_wait_for_another_amount, |db| {
    let before = TestPortal::new(db);
    claim(&before, 0, "gift-card").await;
    let test = TestPortal::with_incident(db, &halved());
    let unsaid = take_in(&test, "code\nAAAA-BBBB-0001\n", None).await.unwrap_err();
    assert!(unsaid.to_string().ends_with("in minor units: 5000, 10000"), "{unsaid}");
    let wrong = take_in(&test, "code\nAAAA-BBBB-0001\n", Some(100)).await.unwrap_err();
    assert!(wrong.to_string().contains("--value is one of 5000, 10000"), "{wrong}");
    take_in(&test, "code\nAAAA-BBBB-0001\n", Some(10_000)).await.unwrap();
    test.clock.advance(30 * MINUTE);
    pay(&test).await;
    assert_eq!(order(&test).await.state().unwrap(), State::Paid);
    assert_eq!(codes(&test, "code\nAAAA-BBBB-0002\n").await.imported, 1, "there is one worth again");
    let stock = stock(database(&test), test.portal.ambient.now()).await.unwrap();
    let rows: Vec<_> = stock.iter().map(|one| (one.amount, one.free, one.given, one.waiting)).collect();
    assert_eq!(rows, [(10_000, 0, 1, 0), (5_000, 1, 0, 0)]);
});

on_both!(whoever_waits_for_a_code_is_counted_also_where_it_is_asked_first, |db| {
    let before = TestPortal::new(db);
    for number in 0..4 {
        claim(&before, number, "gift-card").await;
    }
    let all = orders(&before).await;
    for (order, state) in all.iter().zip(["waiting", "sending", "unknown", "stuck"]) {
        let id = order.id.clone();
        let become_it = transaction!(database(&before), |tx| -> Result<u64> {
            sql("UPDATE payout_orders SET state = $1, unsure = 1 WHERE id = $2")
                .bind(state)
                .bind(&id)
                .execute(tx)
                .await
        });
        become_it.unwrap();
    }
    let test = TestPortal::with_incident(db, &halved());
    let waiting = async || {
        let stock = stock(database(&test), test.portal.ambient.now()).await.unwrap();
        stock.iter().find(|one| one.amount == 10_000).unwrap().waiting
    };
    assert_eq!(waiting().await, 3, "who is stuck waits for a person");
    take_in(&test, "code\nAAAA-BBBB-0001\n", Some(10_000)).await.unwrap();
    let given = transaction!(database(&test), |tx| -> Result<u64> {
        sql("UPDATE gift_codes SET order_id = $1").bind(&all[2].id).execute(tx).await
    });
    given.unwrap();
    assert_eq!(waiting().await, 2, "who has one waits for none");
    let only_stuck = transaction!(database(&test), |tx| -> Result<u64> {
        sql("UPDATE payout_orders SET state = 'stuck'").execute(tx).await
    });
    only_stuck.unwrap();
    take_in(&test, "code\nAAAA-BBBB-0002\n", Some(10_000)).await.unwrap();
});

on_both!(codes_of_a_remedy_that_is_not_listed_any_more_go_to_those_who_wait, |db| {
    let before = TestPortal::new(db);
    claim(&before, 0, "gift-card").await;
    let demo = include_str!("../../../../../demo/incident.toml");
    let test = TestPortal::with_incident(db, &demo.replace("id = \"gift-card\"", "id = \"another-card\""));
    codes(&test, "code\nAAAA-BBBB-0001\n").await;
    test.clock.advance(30 * MINUTE);
    pay(&test).await;
    assert_eq!(order(&test).await.state().unwrap(), State::Paid);
    assert_eq!(Goods::awaited(database(&test), "gift-card").await.unwrap(), None, "nobody waits any more");
});

on_both!(who_waits_for_a_code_that_is_not_there_holds_nobody_else_up, |db| {
    let before = TestPortal::new(db);
    claim(&before, 0, "gift-card").await;
    let test = TestPortal::with_incident(db, &halved());
    test.clock.advance(1);
    claim(&test, 1, "gift-card").await;
    take_in(&test, "code\nAAAA-BBBB-0001\n", Some(5_000)).await.unwrap();
    test.clock.advance(30 * MINUTE - 1);
    assert_eq!(pay(&test).await, 1);
    let waits = order(&test).await;
    assert_eq!(
        (waits.state().unwrap(), waits.note.as_str()),
        (State::Waiting, "the pool has no such code left")
    );
    test.clock.advance(1);
    assert_eq!(pay(&test).await, 1);
    assert_eq!(orders(&test).await[1].state().unwrap(), State::Paid);
});

on_both!(a_code_that_is_given_in_the_moment_of_an_erasure_is_destroyed, |db| {
    let test = TestPortal::new(db);
    codes(&test, "code\nAAAA-BBBB-0001\nAAAA-BBBB-0002\n").await;
    claim(&test, 1, "gift-card").await;
    let (order, now) = (order(&test).await, test.portal.ambient.now());
    let mut giving = database(&test).begin_bulk().await.unwrap();
    assert!(store::give(&mut giving, &order, now).await.unwrap().is_some());
    let portal = test.portal.clone();
    let erasing = tokio::spawn(async move {
        let (db, p) = (portal.db().unwrap(), &portal);
        erasure::erase(db, &p.blobs, p.master(), &p.ambient, "a-1").await.unwrap()
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!erasing.is_finished(), "it waits");
    giving.commit().await.unwrap();
    assert!(erasing.await.unwrap().is_some());
    let left: Vec<(Option<String>, Option<Vec<u8>>)> =
        sql("SELECT order_id, sealed FROM gift_codes ORDER BY given_at").all(database(&test)).await.unwrap();
    let given = left.iter().find(|(order, _)| order.is_some()).unwrap();
    assert_eq!(given, &(Some(order.id.clone()), None), "that it was given stays, and no code");
    let mut giving = database(&test).begin_bulk().await.unwrap();
    let late = super::super::Order { id: "another".to_owned(), ..order };
    assert!(store::give(&mut giving, &late, now).await.unwrap().is_none(), "to nobody");
});
