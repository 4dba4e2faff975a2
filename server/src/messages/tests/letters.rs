//! To the phone, or by e-mail where the phone does not get it.

use super::{
    peers::{Act, FakeGateway},
    reported::report,
    wishes::{GALLERY, granted, ready, save, told},
    *,
};
use crate::{
    accounts::{Profile, clean, erasure},
    ambient::DAY,
    messages::senders::address::Senders,
    store::testing::TestDb,
};

const NUMBER_IS_NONE: &str = "{\"code\":21614,\"message\":\"not a mobile number\"}";

/// Text messages by the gateway, e-mail in the file.
fn over_both(db: &TestDb, gateway: &FakeGateway) -> TestPortal {
    TestPortal::with(db, include_str!("../../../../demo/incident.toml"), |settings| {
        settings.messages = Senders::read(&format!("{} file", gateway.setting())).unwrap();
    })
}

/// Somebody who is never quiet.
async fn person(test: &TestPortal) -> Profile {
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    assert_eq!(save(test, &person, "email", "en", ("12:00", "12:00")).await, 303);
    person
}

/// What left by e-mail: template, address and subject.
async fn mailed(test: &TestPortal) -> Vec<(String, String, String)> {
    while deliver(&test.portal).await.unwrap() > 0 {}
    lines(test).into_iter().map(|line| (line.template, line.to, line.subject)).collect()
}

fn gift_card() -> (String, String, String) {
    ("gift-code-ready".into(), "ada@example.com".into(), "Your gift card is ready, claim MG-1".into())
}

async fn kept_letters(test: &TestPortal) -> i64 {
    let row = sql("SELECT COUNT(*) FROM messages WHERE letter_sealed IS NOT NULL OR letter_id IS NOT NULL");
    row.one::<(i64,)>(test.portal.db().unwrap()).await.unwrap().0
}

on_both!(the_message_that_finds_a_phone_dead_and_those_behind_it_go_by_e_mail_once, |db| {
    let gateway = FakeGateway::start([Act::Refuse(400, "", NUMBER_IS_NONE.to_owned())]).await;
    let test = over_both(db, &gateway);
    let person = person(&test).await;
    for _ in 0..3 {
        told(&test, &person, ready).await;
    }
    assert_eq!(kept_letters(&test).await, 3);
    assert_eq!(mailed(&test).await, [gift_card(), gift_card(), gift_card()]);
    assert!(lines(&test)[0].text.contains("Your gift card, worth $100, is ready."), "{:?}", lines(&test)[0]);
    assert_eq!((gateway.taken().len(), kept_letters(&test).await), (0, 0));
    let page = test.signed_in(&person).await.get(GALLERY).await.text();
    assert_eq!(page.matches("Text message to …0123").count(), 3);
    assert_eq!(
        (page.matches("could not be sent").count(), page.matches("· sent 20 October").count()),
        (3, 3)
    );
    test.clock.advance(DAY);
    assert_eq!(mailed(&test).await.len(), 3);
});

on_both!(what_a_gateway_reports_not_to_have_arrived_goes_by_e_mail_once, |db| {
    // A number that is none, and a phone that was off for too long.
    for (n, code) in [(0, "30005"), (1, "30003")] {
        let gateway = FakeGateway::start([]).await;
        let test = over_both(db, &gateway);
        test.clock.advance(n);
        let person = test.subscriber(&format!("a-{n}"), PHONE, "data-20").await;
        assert_eq!(save(&test, &person, "email", "en", ("12:00", "12:00")).await, 303);
        told(&test, &person, ready).await;
        assert_eq!(mailed(&test).await, []);
        let taken = gateway.taken().remove(0);
        for _ in 0..2 {
            let lost = [("ErrorCode", code), ("MessageStatus", "undelivered")];
            assert_eq!(report(&test, &taken, "secret", &lost).await, 204);
            assert_eq!(mailed(&test).await, [gift_card()], "{code}");
        }
        assert_eq!(bounced(&test, &person.id, "sms").await.is_some(), code == "30005");
        transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
            sql("UPDATE subscribers SET phone = NULL").execute(tx).await.map(drop)
        })
        .unwrap();
    }
});

on_both!(a_letter_is_kept_no_longer_than_the_phone_may_miss_its_message, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_both(db, &gateway);
    let person = person(&test).await;
    told(&test, &person, ready).await;
    told(&test, &person, ready).await;
    deliver(&test.portal).await.unwrap();
    let arrived = [("MessageSid", "SM1"), ("MessageStatus", "delivered")];
    assert_eq!(report(&test, &gateway.taken()[0], "secret", &arrived).await, 204);
    assert_eq!(kept_letters(&test).await, 1);
    for (time, left) in [(3 * DAY, 1), (1, 0)] {
        test.clock.advance(time);
        clean(&test.portal).await.unwrap();
        assert_eq!(kept_letters(&test).await, left);
    }
    assert_eq!(mailed(&test).await, []);
});

on_both!(a_letter_that_a_process_of_an_earlier_version_left_is_sent_once, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_both(db, &gateway);
    let person = person(&test).await;
    for _ in 0..3 {
        told(&test, &person, ready).await;
    }
    deliver(&test.portal).await.unwrap();
    transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
        let ids: Vec<(String,)> = sql("SELECT id FROM messages ORDER BY id").all(&mut *tx).await?;
        let given_up = sql("UPDATE messages SET sent_at = NULL, failure = 'could not be sent' WHERE id = $1");
        given_up.bind(&ids[0].0).execute(&mut *tx).await?;
        let lost = sql("UPDATE messages SET delivery = 'undelivered' WHERE id = $1");
        lost.bind(&ids[1].0).execute(tx).await.map(drop)
    })
    .unwrap();
    for _ in 0..2 {
        clean(&test.portal).await.unwrap();
        assert_eq!(mailed(&test).await, [gift_card(), gift_card()]);
        assert_eq!(kept_letters(&test).await, 1);
    }
});

on_both!(a_letter_is_kept_for_notices_alone_and_for_those_who_have_an_address, |db| {
    let test = TestPortal::new(db);
    let one = test.subscriber("a-1", PHONE, "data-20").await;
    let other = test.subscriber("a-2", "+12125550199", "data-20").await;
    transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
        let without = sql("UPDATE subscribers SET email = '' WHERE id = $1").bind(&other.id);
        without.execute(tx).await.map(drop)
    })
    .unwrap();
    told(&test, &one, granted).await;
    told(&test, &other, ready).await;
    assert_eq!(kept_letters(&test).await, 0);
    let portal = &test.portal;
    transaction!(portal.db().unwrap(), |tx| -> Result<u64> {
        tell_many(tx, portal, &[Told::new(&one.id, ready), Told::new(&other.id, ready)]).await
    })
    .unwrap();
    assert_eq!(kept_letters(&test).await, 1);
});

on_both!(erasing_a_person_takes_their_letters_along, |db| {
    let gateway = FakeGateway::start([Act::Refuse(400, "", NUMBER_IS_NONE.to_owned())]).await;
    let test = over_both(db, &gateway);
    let person = person(&test).await;
    told(&test, &person, ready).await;
    let portal = &test.portal;
    let db = portal.db().unwrap();
    erasure::erase(db, &portal.blobs, portal.master(), &portal.ambient, "a-1").await.unwrap().unwrap();
    assert_eq!((kept_letters(&test).await, mailed(&test).await), (0, vec![]));
});
