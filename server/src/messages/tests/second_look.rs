//! What changed between the writing of a message and its sending.

use super::{
    gateway::{gateway_of, over_gateway},
    leases::{go_on, take},
    peers::FakeGateway,
    wishes::{GALLERY, granted, opened, ready, save, sent, told},
    *,
};
use crate::{
    accounts::{Profile, phone_changed},
    ambient::HOUR,
};

pub const OTHER: &str = "+12125550177";
/// Of 12:00 UTC, when it is 5 in the morning where they live.
pub const TO_SIX_IN_THE_EVENING: Millis = 13 * HOUR;
pub const NEVER_QUIET: (&str, &str) = ("12:00", "12:00");

/// As an import changes it.
pub async fn new_phone(test: &TestPortal, person: &Profile, phone: Option<&str>) {
    transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
        sql("UPDATE subscribers SET phone = $2 WHERE id = $1")
            .bind(&person.id)
            .bind(phone)
            .execute(&mut *tx)
            .await?;
        phone_changed(tx, &person.id).await
    })
    .unwrap();
}

async fn new_email(test: &TestPortal, person: &Profile, email: &str) {
    transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
        let changed = sql("UPDATE subscribers SET email = $2 WHERE id = $1").bind(&person.id).bind(email);
        changed.execute(tx).await.map(drop)
    })
    .unwrap();
}

async fn attempts(test: &TestPortal, template: &str) -> i64 {
    let row = sql("SELECT CAST(SUM(attempts) AS BIGINT) FROM messages WHERE template = $1").bind(template);
    row.one::<(i64,)>(test.portal.db().unwrap()).await.unwrap().0
}

/// Template and address of what was sent, in order.
async fn sent_to(test: &TestPortal) -> Vec<String> {
    while deliver(&test.portal).await.unwrap() > 0 {}
    lines(test).into_iter().map(|line| format!("{} {}", line.template, line.to)).collect()
}

on_both!(what_was_due_before_the_night_and_is_taken_in_it_waits_for_the_morning, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    test.clock.advance(TO_SIX_IN_THE_EVENING);
    told(&test, &person, ready).await;
    told(&test, &person, opened).await;
    // Nothing leaves until 21:00.
    test.clock.advance(3 * HOUR);
    told(&test, &person, granted).await;
    test.browser().post("/sign-in", &[("phone", PHONE)]).await;
    let at_once = ["sign-in-code sms", "claim-granted sms", "claim-granted email"];
    assert_eq!(sent(&test).await, at_once);
    assert_eq!((attempts(&test, "gift-code-ready").await, attempts(&test, "data-opened").await), (0, 0));
    let page = test.signed_in(&person).await.get(GALLERY).await.text();
    let waits = "waits for the end of your quiet hours, 21 October 2009, 15:00 UTC";
    assert_eq!(page.matches(waits).count(), 2, "{page}");
    test.clock.advance(11 * HOUR - 1);
    assert_eq!(sent(&test).await.len(), 3);
    test.clock.advance(1);
    assert_eq!(sent(&test).await[3..], ["gift-code-ready sms", "data-opened email"]);
});

on_both!(what_could_not_be_sent_in_the_evening_is_not_tried_again_in_the_night, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    test.clock.advance(TO_SIX_IN_THE_EVENING + 3 * HOUR - SECOND);
    told(&test, &person, ready).await;
    let path = test.folder.path().join(file::NAME);
    std::fs::create_dir(&path).unwrap();
    deliver(&test.portal).await.unwrap();
    std::fs::remove_dir(&path).unwrap();
    test.clock.advance(SECOND);
    assert!(sent(&test).await.is_empty());
    for time in [0, 11 * HOUR - 1] {
        test.clock.advance(time);
        assert!(sent(&test).await.is_empty());
        let page = test.signed_in(&person).await.get(GALLERY).await.text();
        assert!(page.contains("waits for the end of your quiet hours, 21 October 2009, 15:00 UTC"), "{page}");
    }
    assert_eq!(attempts(&test, "gift-code-ready").await, 1);
    test.clock.advance(1);
    assert_eq!(sent(&test).await, ["gift-code-ready sms"]);
});

on_both!(hours_that_were_widened_while_a_message_waited_count, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    told(&test, &person, ready).await;
    test.clock.advance(2 * HOUR);
    assert_eq!(save(&test, &person, "email", "en", ("20:00", "10:00")).await, 303);
    test.clock.advance(HOUR);
    assert!(sent(&test).await.is_empty());
    test.clock.advance(2 * HOUR);
    assert_eq!(sent(&test).await, ["gift-code-ready sms"]);
});

on_both!(hours_that_leave_next_to_nothing_keep_a_message_two_days_and_others_as_long_as_they_last, |db| {
    // 5 in the morning; each time it is looked at, the minute that is left of the day is over.
    for (n, hours, waits, goes) in
        [(0, (0, 23 * 60 + 59), [20, 44], Some(68)), (1, (21 * 60, 8 * 60), [24 * 3 + 17, 24 * 3 + 26], None)]
    {
        let test = TestPortal::new(db);
        test.clock.advance(n);
        let person = test.subscriber(&format!("a-{n}"), &format!("+1212555012{n}"), "data-20").await;
        // As they were saved before the form refused them.
        transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
            let quiet = crate::messages::quiet::Quiet { from: hours.0, until: hours.1 };
            store::save(tx, &person.id, "email", Language::En, quiet, 0).await
        })
        .unwrap();
        let begun = test.portal.ambient.now();
        told(&test, &person, ready).await;
        let sent_after = async |hours: i64| {
            test.clock.advance(begun + hours * HOUR - test.portal.ambient.now());
            sent(&test).await.len()
        };
        for hours in waits {
            assert_eq!(sent_after(hours).await, 0, "{hours}");
        }
        if let Some(hours) = goes {
            assert_eq!(sent_after(hours).await, 1);
        }
    }
});

on_both!(those_who_sleep_keep_nobody_waiting_who_is_awake, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = TestPortal::with(db, include_str!("../../../../demo/incident.toml"), |settings| {
        settings.messages = gateway_of(&gateway);
        settings.sms_per_second = std::num::NonZeroU32::new(2).unwrap();
    });
    test.clock.advance(TO_SIX_IN_THE_EVENING);
    for n in 0..7 {
        let sleeps = test.subscriber(&format!("a-{n}"), &format!("+1212555010{n}"), "data-20").await;
        told(&test, &sleeps, ready).await;
    }
    test.clock.advance(1);
    let awake = test.subscriber("a-9", PHONE, "data-20").await;
    assert_eq!(save(&test, &awake, "email", "en", NEVER_QUIET).await, 303);
    told(&test, &awake, ready).await;
    test.clock.advance(4 * HOUR);
    assert_eq!(deliver(&test.portal).await.unwrap(), 8);
    assert_eq!(gateway.taken().iter().map(|taken| taken.to.as_str()).collect::<Vec<_>>(), [PHONE]);
});

on_both!(what_waits_goes_to_the_phone_that_is_theirs_by_then, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    told(&test, &person, ready).await;
    told(&test, &person, granted).await;
    new_phone(&test, &person, Some(OTHER)).await;
    test.clock.advance(3 * HOUR);
    let mut to: Vec<_> = sent_to(&test).await;
    to.sort();
    assert_eq!(
        to,
        [
            format!("claim-granted {OTHER}"),
            "claim-granted ada@example.com".to_owned(),
            format!("gift-code-ready {OTHER}")
        ]
    );
    let page = test.signed_in(&person).await.get(GALLERY).await.text();
    assert!(page.contains("Text message to …0177") && !page.contains("…0123"), "{page}");
});

on_both!(what_waits_goes_to_the_e_mail_address_that_is_theirs_by_then, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    new_phone(&test, &person, None).await;
    told(&test, &person, ready).await;
    told(&test, &person, opened).await;
    new_email(&test, &person, "eda@example.com").await;
    test.clock.advance(3 * HOUR);
    assert_eq!(sent_to(&test).await, ["gift-code-ready eda@example.com", "data-opened eda@example.com"]);
});

on_both!(a_phone_that_is_gone_by_then_gets_nothing_and_its_person_an_e_mail, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    told(&test, &person, ready).await;
    new_phone(&test, &person, None).await;
    test.clock.advance(3 * HOUR);
    assert_eq!(sent_to(&test).await, ["gift-code-ready ada@example.com"]);
});

on_both!(a_code_goes_to_the_number_that_asked_for_it, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    test.browser().post("/sign-in", &[("phone", PHONE)]).await;
    new_phone(&test, &person, Some(OTHER)).await;
    assert_eq!(sent_to(&test).await, [format!("sign-in-code {PHONE}")]);
});

on_both!(a_phone_that_changes_while_a_worker_has_the_message_is_written_to, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_gateway(db, &gateway);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    assert_eq!(save(&test, &person, "email", "en", NEVER_QUIET).await, 303);
    told(&test, &person, ready).await;
    let batch = take(&test).await;
    new_phone(&test, &person, Some(OTHER)).await;
    go_on(&batch, &test).await;
    assert_eq!((gateway.taken().len(), attempts(&test, "gift-code-ready").await), (0, 0));
    deliver(&test.portal).await.unwrap();
    assert_eq!(gateway.taken().iter().map(|taken| taken.to.as_str()).collect::<Vec<_>>(), [OTHER]);
});

on_both!(news_that_was_ended_while_a_worker_had_it_does_not_go, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_gateway(db, &gateway);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    assert_eq!(save(&test, &person, "sms", "en", NEVER_QUIET).await, 303);
    told(&test, &person, opened).await;
    let batch = take(&test).await;
    transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
        store::stop_news(tx, &person.id, test.portal.ambient.now()).await
    })
    .unwrap();
    go_on(&batch, &test).await;
    deliver(&test.portal).await.unwrap();
    assert!(gateway.taken().is_empty());
    let page = test.signed_in(&person).await.get(GALLERY).await.text();
    assert!(page.contains("not sent: you no longer wanted news this way"), "{page}");
});

on_both!(news_that_was_ended_under_the_lease_of_a_dead_worker_does_not_go, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_gateway(db, &gateway);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    assert_eq!(save(&test, &person, "sms", "en", NEVER_QUIET).await, 303);
    told(&test, &person, opened).await;
    take(&test).await;
    assert_eq!(save(&test, &person, "none", "en", NEVER_QUIET).await, 303);
    test.clock.advance(MINUTE);
    deliver(&test.portal).await.unwrap();
    assert_eq!((gateway.taken().len(), gateway.asked()), (0, 0));
});
