//! Codes: taken in, given once, shown to their owner alone.

use super::{Import, import, stock, store};
use crate::{
    accounts::Profile,
    ambient::MINUTE,
    incident::ProviderName,
    on_both,
    remedies::payouts::{
        State,
        tests::{claim, database, findings, order, orders},
        work,
    },
    store::sql,
    web::testing::TestPortal,
};

async fn take_in(test: &TestPortal, csv: &str) -> super::import::Taken {
    let p = &test.portal;
    let remedy = p.incident.remedy("gift-card").unwrap();
    let to = Import { db: database(test), ambient: &p.ambient, master: p.master(), remedy, expires_at: None };
    import(&to, csv.as_bytes()).await.unwrap()
}

async fn pay(test: &TestPortal) -> usize {
    work(&test.portal, test.portal.providers.get(ProviderName::CodePool).unwrap()).await.unwrap()
}

on_both!(codes_are_taken_in_once_and_what_is_wrong_is_told_without_them, |db| {
    let test = TestPortal::new(db);
    let csv = "\u{feff}code,pin,expires_on\nAAAA-BBBB-0001,1234,\nAAAA-BBBB-0002,,2030-01-31\n\
               aaaabbbb0001,,\nx,,\nAAAA-BBBB-0003,,soon\n";
    let taken = take_in(&test, csv).await;
    assert_eq!((taken.imported, taken.known), (2, 1));
    let told: Vec<_> = taken.problems.iter().map(|p| (p.line, p.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (5, "its code is not 6 to 64 letters and digits"),
            (6, "\"soon\" is no day; write it as 2027-12-31")
        ]
    );
    assert_eq!(take_in(&test, csv).await.imported, 0);
    let stock = stock(database(&test), test.portal.ambient.now()).await.unwrap();
    assert_eq!((stock[0].free, stock[0].given), (2, 0));
    let rows: Vec<(Vec<u8>,)> = sql("SELECT sealed FROM gift_codes").all(database(&test)).await.unwrap();
    assert!(rows.iter().all(|(sealed,)| !String::from_utf8_lossy(sealed).contains("AAAA")));
    let p = &test.portal;
    let remedy = p.incident.remedy("gift-card").unwrap();
    let to =
        Import { db: database(&test), ambient: &p.ambient, master: p.master(), remedy, expires_at: None };
    let refused = import(&to, "card\n1\n".as_bytes()).await.unwrap_err();
    assert!(refused.to_string().contains("must name the columns"));
});

on_both!(a_code_goes_to_one_person_who_sees_it_after_a_fresh_code, |db| {
    let test = TestPortal::new(db);
    take_in(&test, "code,pin\nAAAA-BBBB-0001,1234\n").await;
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
    take_in(&test, "code\nAAAA-BBBB-0001\n").await;
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
    take_in(&test, "code\nAAAA-BBBB-0002\nAAAA-BBBB-0003\n").await;
    test.clock.advance(MINUTE);
    pay(&test).await;
    assert_eq!(states().await, ["paid", "paid", "paid"]);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(workers_at_once_give_each_code_once, |db| {
    let test = TestPortal::new(db);
    let codes: String = (0..40).map(|number| format!("AAAA-BBBB-{number:04}\n")).collect();
    take_in(&test, &format!("code\n{codes}")).await;
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
