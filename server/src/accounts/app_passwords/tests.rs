use std::net::IpAddr;

use http::StatusCode;

use super::{LIMIT, Refusal, check, end_all, routes::CODE};
use crate::{
    accounts::{Profile, phone_changed, recent::FRESH},
    ambient::{HOUR, MINUTE},
    on_both, store, transaction,
    web::testing::{Browser, TestPortal},
};

const PHONE: &str = "+12125550101";
const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

async fn someone(test: &TestPortal) -> (Profile, Browser) {
    let profile = test.subscriber("a-1", PHONE, "data-20").await;
    let browser = test.signed_in(&profile).await;
    (profile, browser)
}

/// Makes an app password as a person does; its user name and itself, as the page shows them.
async fn make(test: &TestPortal, browser: &mut Browser, name: &str) -> (String, String) {
    assert_eq!(browser.post("/account/app-passwords", &[("name", name)]).await.location(), CODE);
    assert_eq!(browser.post(CODE, &[]).await.status, StatusCode::SEE_OTHER);
    let code = test.last_code(PHONE).await;
    // Beyond the waits between codes, for the next one.
    test.clock.advance(2 * MINUTE);
    let page = browser.post(CODE, &[("code", &code)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    shown(&page.text())
}

fn shown(page: &str) -> (String, String) {
    let after = |label: &str| {
        let rest = page.split_once(&format!("<dt>{label}</dt><dd>")).unwrap().1;
        rest.split_once("</dd>").unwrap().0.to_owned()
    };
    (after("User name"), after("Password"))
}

async fn is_right(test: &TestPortal, user_name: &str, password: &str) -> bool {
    check(&test.portal, user_name, password, HERE).await.unwrap().is_ok()
}

on_both!(a_password_is_named_confirmed_shown_once_and_told_of, |db| {
    let test = TestPortal::new(db);
    let (profile, mut browser) = someone(&test).await;
    let (user_name, password) = make(&test, &mut browser, " My\niPhone ").await;
    assert!(test.last_message(PHONE).await.starts_with("An app password"));
    let account = browser.get("/account").await.text();
    assert!(account.contains("My iPhone") && account.contains(&user_name) && !account.contains(&password));
    assert!(account.contains("Last used: never"));
    let owner =
        check(&test.portal, &user_name.to_uppercase(), &password.replace('-', " "), HERE).await.unwrap();
    assert_eq!(owner.unwrap().id, profile.id);
    assert!(!browser.get("/account").await.text().contains("Last used: never"));
    // The code is used up, and so is the name.
    assert_eq!(browser.get(CODE).await.location(), "/account/app-passwords");
});

on_both!(nothing_is_made_without_the_right_code, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = someone(&test).await;
    browser.post("/account/app-passwords", &[("name", "Phone")]).await;
    browser.post(CODE, &[]).await;
    let right = test.last_code(PHONE).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let page = browser.post(CODE, &[("code", wrong)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!browser.get("/account").await.text().contains("Last used"));
    assert_eq!(browser.post(CODE, &[("code", &right)]).await.status, StatusCode::OK);
});

on_both!(a_name_that_is_none_comes_back_with_what_is_wrong, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = someone(&test).await;
    let long = "x".repeat(41);
    for name in ["", "  \t", long.as_str()] {
        let page = browser.post("/account/app-passwords", &[("name", name)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains("href=\"#name\""), "{name:?}");
    }
});

on_both!(wrong_and_unknown_are_one_answer_and_are_slowed_down, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = someone(&test).await;
    let (user_name, password) = make(&test, &mut browser, "Phone").await;
    let answer = async |user: &str, typed: &str| check(&test.portal, user, typed, HERE).await.unwrap().err();
    for user in [user_name.as_str(), "00000-00000"] {
        for _ in 0..10 {
            assert_eq!(answer(user, "wrong").await, Some(Refusal::Wrong));
        }
        assert_eq!(answer(user, "wrong").await, Some(Refusal::Wait { seconds: 900 }));
    }
    // Signing in on the site knows nothing of it.
    assert_eq!(test.browser().post("/sign-in", &[("phone", PHONE)]).await.status, StatusCode::SEE_OTHER);
    test.clock.advance(15 * MINUTE);
    for user in [user_name.as_str(), "00000-00000"] {
        assert_eq!(answer(user, "wrong").await, Some(Refusal::Wrong));
        assert_eq!(answer(user, "wrong").await, Some(Refusal::Wait { seconds: 900 }));
    }
    assert!(is_right(&test, &user_name, &password).await);
    assert_eq!(answer(&user_name, "wrong").await, Some(Refusal::Wrong));
});

on_both!(the_right_password_is_let_in_however_many_wrong_ones_came_before, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = someone(&test).await;
    let (user_name, password) = make(&test, &mut browser, "Phone").await;
    let wrong = async |user: &str| check(&test.portal, user, "wrong", HERE).await.unwrap().err();
    // Somebody who knows the user name, and others behind the same carrier.
    for _ in 0..10 {
        wrong(&user_name).await;
    }
    for n in 0..100 {
        wrong(&format!("00000-{n:05}")).await;
    }
    assert_eq!(wrong(&user_name).await, Some(Refusal::Wait { seconds: 900 }));
    assert_eq!(wrong("another").await, Some(Refusal::Wait { seconds: 60 }));
    assert!(is_right(&test, &user_name, &password).await);
});

on_both!(an_address_that_guesses_at_many_names_waits_too, |db| {
    let test = TestPortal::new(db);
    for n in 0..100 {
        let user = format!("00000-{n:05}");
        assert_eq!(check(&test.portal, &user, "x", HERE).await.unwrap().err(), Some(Refusal::Wrong));
    }
    let waits = Some(Refusal::Wait { seconds: 60 });
    assert_eq!(check(&test.portal, "another", "x", HERE).await.unwrap().err(), waits);
    let elsewhere: IpAddr = [192, 0, 2, 9].into();
    assert_eq!(check(&test.portal, "another", "x", elsewhere).await.unwrap().err(), Some(Refusal::Wrong));
    test.clock.advance(2 * HOUR);
    assert_eq!(check(&test.portal, "another", "x", HERE).await.unwrap().err(), Some(Refusal::Wrong));
    crate::accounts::clean(&test.portal).await.unwrap();
});

on_both!(one_that_is_ended_ends_at_once_and_only_its_owner_can, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = someone(&test).await;
    let (user_name, password) = make(&test, &mut browser, "Phone").await;
    assert!(is_right(&test, &user_name, &password).await);
    let account = browser.get("/account").await.text();
    let end = account.split_once("action=\"/account/app-passwords/").unwrap().1.split_once('"').unwrap().0;
    let end = format!("/account/app-passwords/{end}");
    let other = test.subscriber("a-2", "+12125550102", "data-20").await;
    assert_eq!(test.signed_in(&other).await.post(&end, &[]).await.status, StatusCode::NOT_FOUND);
    assert!(is_right(&test, &user_name, &password).await);
    assert_eq!(browser.post(&end, &[]).await.location(), "/account#app-passwords");
    assert!(!is_right(&test, &user_name, &password).await);
    assert_eq!(browser.post(&end, &[]).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_changed_phone_and_an_erased_person_end_them, |db| {
    let test = TestPortal::new(db);
    let (profile, mut browser) = someone(&test).await;
    let (user_name, password) = make(&test, &mut browser, "Phone").await;
    let p = &test.portal;
    transaction!(p.db().unwrap(), |tx| -> store::Result<()> { phone_changed(tx, &profile.id).await })
        .unwrap();
    test.clock.advance(FRESH);
    assert!(!is_right(&test, &user_name, &password).await);
    let mut browser = test.signed_in(&profile).await;
    let (user_name, password) = make(&test, &mut browser, "Phone").await;
    transaction!(p.db().unwrap(), |tx| -> store::Result<()> {
        store::sql("DELETE FROM subscribers WHERE id = $1").bind(&profile.id).execute(tx).await?;
        Ok(())
    })
    .unwrap();
    test.clock.advance(FRESH);
    assert!(!is_right(&test, &user_name, &password).await);
});

on_both!(ten_are_enough_and_names_without_a_code_are_forgotten, |db| {
    let test = TestPortal::new(db);
    let (profile, mut browser) = someone(&test).await;
    for n in 0..LIMIT {
        make(&test, &mut browser, &format!("Phone {n}")).await;
        test.clock.advance(20 * MINUTE);
        browser = test.signed_in(&profile).await;
    }
    let page = browser.post("/account/app-passwords", &[("name", "One more")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("End one on your account page first"));
    let p = &test.portal;
    transaction!(p.db().unwrap(), |tx| -> store::Result<()> { end_all(tx, &profile.id).await }).unwrap();
    browser.post("/account/app-passwords", &[("name", "Phone")]).await;
    test.clock.advance(2 * HOUR);
    crate::accounts::clean(p).await.unwrap();
    let mut browser = test.signed_in(&profile).await;
    assert_eq!(browser.get(CODE).await.location(), "/account/app-passwords");
});
