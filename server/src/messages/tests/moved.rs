//! A person whose address changes while it is not known whether a message was sent.

use super::{
    gateway::over_gateway,
    leases::take,
    peers::{Act, FakeGateway},
    reported::report,
    second_look::{NEVER_QUIET, OTHER, new_phone},
    wishes::{GALLERY, ready, save, told},
    *,
};
use crate::accounts::Profile;

/// Where messages to the phone come back from.
async fn dead_numbers(test: &TestPortal) -> Vec<String> {
    let rows = sql("SELECT address FROM unreachable WHERE channel = 'sms'").all(test.portal.db().unwrap());
    rows.await.unwrap().into_iter().map(|(address,): (String,)| address).collect()
}

async fn person(test: &TestPortal) -> Profile {
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    assert_eq!(save(test, &person, "email", "en", NEVER_QUIET).await, 303);
    person
}

async fn letters(test: &TestPortal) -> i64 {
    let row = sql("SELECT COUNT(*) FROM messages WHERE letter_sealed IS NOT NULL");
    row.one::<(i64,)>(test.portal.db().unwrap()).await.unwrap().0
}

on_both!(a_report_on_the_earlier_number_of_a_message_in_doubt_says_nothing_of_the_new_one, |db| {
    let gateway = FakeGateway::start([Act::TakeAndHangUp]).await;
    let test = over_gateway(db, &gateway);
    let person = person(&test).await;
    told(&test, &person, ready).await;
    deliver(&test.portal).await.unwrap();
    new_phone(&test, &person, Some(OTHER)).await;
    test.clock.advance(SECOND);
    while deliver(&test.portal).await.unwrap() > 0 {}
    let taken = gateway.taken();
    assert_eq!(taken.iter().map(|taken| taken.to.as_str()).collect::<Vec<_>>(), [PHONE, OTHER]);
    assert_eq!(taken[0].body, taken[1].body);
    assert_ne!(taken[0].report_to, taken[1].report_to);
    // The letter went along: it is kept once, for the phone that is theirs.
    assert_eq!(letters(&test).await, 1);
    let dead = |to: &'static str| [("ErrorCode", "30005"), ("MessageStatus", "undelivered"), ("To", to)];
    let page = test.signed_in(&person).await.get(GALLERY).await.text();
    assert!(page.contains("may have reached this address; sent again to your new one"), "{page}");
    assert_eq!(report(&test, &taken[0], "secret", &dead(PHONE)).await, 204);
    assert_eq!((dead_numbers(&test).await, letters(&test).await), (vec![], 1));
    assert_eq!(report(&test, &taken[1], "secret", &dead(OTHER)).await, 204);
    assert_eq!((dead_numbers(&test).await, letters(&test).await), (vec![OTHER.to_owned()], 0));
});

on_both!(a_late_report_on_an_earlier_number_takes_no_mark_off_the_one_that_is_theirs, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_gateway(db, &gateway);
    let person = person(&test).await;
    told(&test, &person, ready).await;
    deliver(&test.portal).await.unwrap();
    new_phone(&test, &person, Some(OTHER)).await;
    told(&test, &person, ready).await;
    deliver(&test.portal).await.unwrap();
    let dead = [("ErrorCode", "30005"), ("MessageStatus", "undelivered")];
    for taken in gateway.taken().iter().rev() {
        assert_eq!(report(&test, taken, "secret", &dead).await, 204);
        assert_eq!(dead_numbers(&test).await, [OTHER]);
    }
});

on_both!(a_report_on_a_number_that_a_message_does_not_go_to_says_nothing, |db| {
    let gateway = FakeGateway::start([Act::TakeAndHangUp]).await;
    let test = over_gateway(db, &gateway);
    let person = person(&test).await;
    told(&test, &person, ready).await;
    deliver(&test.portal).await.unwrap();
    let taken = gateway.taken().remove(0);
    let of = |to: &'static str| [("MessageStatus", "delivered"), ("To", to)];
    for (to, arrived) in [(OTHER, 0), ("12125550123", 1)] {
        assert_eq!(report(&test, &taken, "secret", &of(to)).await, 204);
        let row = sql("SELECT COUNT(*) FROM messages WHERE delivery = 'delivered' AND sent_at IS NOT NULL");
        assert_eq!(row.one::<(i64,)>(test.portal.db().unwrap()).await.unwrap().0, arrived, "{to}");
    }
});

on_both!(a_file_gets_a_message_in_doubt_for_the_new_number_too, |db| {
    let test = TestPortal::new(db);
    let person = person(&test).await;
    told(&test, &person, ready).await;
    let batch = take(&test).await;
    // The process dies when the line is on the disk.
    let line = file::Line::of(&batch.due[0], batch.due[0].text(test.portal.master()).unwrap());
    file::append(&test.folder.path().join(file::NAME), &[line], false).unwrap();
    new_phone(&test, &person, Some(OTHER)).await;
    test.clock.advance(MINUTE);
    while deliver(&test.portal).await.unwrap() > 0 {}
    let written = lines(&test);
    assert_eq!(written.iter().map(|line| line.to.as_str()).collect::<Vec<_>>(), [PHONE, OTHER]);
    assert_eq!(written[0].text, written[1].text);
    assert_ne!(written[0].id, written[1].id);
});

on_both!(what_was_in_doubt_once_is_in_doubt_until_it_is_known, |db| {
    let test = TestPortal::new(db);
    let person = person(&test).await;
    told(&test, &person, ready).await;
    let note = async |outcome: Outcome| {
        let batch = take(&test).await;
        let portal = &test.portal;
        let noted = transaction!(portal.db().unwrap(), bulk |tx| -> Result<bool> {
            store::note(tx, &batch.lease, &batch.due[0], &outcome, 100, portal.ambient.now()).await
        });
        assert!(noted.unwrap());
        test.clock.advance(MINUTE);
    };
    note(Outcome::doubtful("lost")).await;
    note(Outcome::not_yet("busy")).await;
    assert!(take(&test).await.due[0].is_doubtful());
});

on_both!(what_a_file_may_have_of_a_write_that_failed_is_in_doubt, |db| {
    let test = TestPortal::new(db);
    let person = person(&test).await;
    told(&test, &person, ready).await;
    let path = test.folder.path().join(file::NAME);
    std::fs::create_dir(&path).unwrap();
    deliver(&test.portal).await.unwrap();
    std::fs::remove_dir(&path).unwrap();
    test.clock.advance(MINUTE);
    assert!(take(&test).await.due[0].is_doubtful());
});
