//! Text messages by a gateway that loses answers, is busy, or says no.

use super::{
    peers::{Act, FakeGateway},
    *,
};
use crate::{ambient::HOUR, messages::senders::address::Senders, store::testing::TestDb};

pub fn over_gateway(db: &TestDb, gateway: &FakeGateway) -> TestPortal {
    TestPortal::with(db, include_str!("../../../../demo/incident.toml"), |settings| {
        settings.messages = gateway_of(gateway);
    })
}

pub fn gateway_of(gateway: &FakeGateway) -> Senders {
    Senders::read(&gateway.setting()).unwrap()
}

fn refusal(code: i64) -> Act {
    Act::Refuse(
        400,
        "",
        format!("{{\"code\":{code},\"message\":\"The 'To' number +12125550123 is not valid\"}}"),
    )
}

on_both!(a_text_message_goes_to_the_gateway_with_an_address_to_report_to, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_gateway(db, &gateway);
    let id = put(&test, "hello ñ & co", false, None).await;
    deliver(&test.portal).await.unwrap();
    let taken = gateway.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(
        (taken[0].to.as_str(), taken[0].from.as_str(), taken[0].body.as_str()),
        (PHONE, "+15550100", "hello ñ & co")
    );
    assert!(taken[0].report_to.starts_with("http://127.0.0.1:3000/messages/status/"));
    assert!(kept(&test, &id).await.1.is_some());
    assert_eq!(gateway.asked(), 0);
});

on_both!(a_message_whose_answer_was_lost_is_asked_for_and_not_sent_again, |db| {
    for (act, later) in [(Act::TakeAndHangUp, 0), (Act::TakeAndSay(500), 2), (Act::TakeAndSay(502), 4)] {
        let gateway = FakeGateway::start([act]).await;
        let test = over_gateway(db, &gateway);
        test.clock.advance(later * SECOND);
        let id = put(&test, "once", false, None).await;
        deliver(&test.portal).await.unwrap();
        assert_eq!(kept(&test, &id).await.1, None);
        test.clock.advance(SECOND);
        deliver(&test.portal).await.unwrap();
        assert!(kept(&test, &id).await.1.is_some());
        assert_eq!((gateway.taken().len(), gateway.asked()), (1, 1));
    }
});

on_both!(a_message_that_the_gateway_does_not_know_is_sent_again, |db| {
    let gateway = FakeGateway::start([Act::Refuse(500, "", String::new())]).await;
    let test = over_gateway(db, &gateway);
    let id = put(&test, "again", false, None).await;
    deliver(&test.portal).await.unwrap();
    test.clock.advance(SECOND);
    deliver(&test.portal).await.unwrap();
    assert!(kept(&test, &id).await.1.is_some());
    assert_eq!((gateway.taken().len(), gateway.asked()), (1, 1));
});

on_both!(a_busy_gateway_is_left_alone_as_long_as_it_asks, |db| {
    let gateway = FakeGateway::start([Act::Refuse(429, "retry-after: 7", String::new())]).await;
    let test = over_gateway(db, &gateway);
    put(&test, "first", false, None).await;
    deliver(&test.portal).await.unwrap();
    put(&test, "second", false, None).await;
    // A turn is taken up to a second before it comes.
    test.clock.advance(6 * SECOND - 1);
    assert_eq!(deliver(&test.portal).await.unwrap(), 0);
    test.clock.advance(SECOND + 1);
    assert_eq!(deliver(&test.portal).await.unwrap(), 2);
    assert_eq!((gateway.taken().len(), gateway.asked()), (2, 0));
});

on_both!(a_number_that_no_message_reaches_is_remembered_and_gets_no_more_but_codes, |db| {
    for (code, later) in [(21211, 0), (21610, 1), (21614, 2)] {
        let gateway = FakeGateway::start([refusal(code)]).await;
        let test = over_gateway(db, &gateway);
        // 9 in the morning where they live.
        test.clock.advance(4 * HOUR + later);
        let person = test.subscriber(&format!("a-{code}"), PHONE, "data-20").await;
        let notice = || Template { purpose: templates::Purpose::Notice, ..said("word", false) };
        let one = put_message(&test, Some(&person.id), Channel::Sms, PHONE, notice(), None).await;
        deliver(&test.portal).await.unwrap();
        let (_, sent_at, failure) = kept(&test, &one).await;
        assert_eq!(sent_at, None);
        assert_eq!(failure.unwrap(), format!("400 {code} The 'To' number … is not valid"));
        assert!(bounced(&test, &person.id, "sms").await.is_some());
        put_message(&test, Some(&person.id), Channel::Sms, PHONE, notice(), None).await;
        put_message(&test, Some(&person.id), Channel::Sms, PHONE, said("123456 code", true), None).await;
        deliver(&test.portal).await.unwrap();
        assert_eq!(
            gateway.taken().iter().map(|taken| taken.body.as_str()).collect::<Vec<_>>(),
            ["123456 code"]
        );
        transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
            sql("UPDATE subscribers SET phone = NULL").execute(tx).await.map(drop)
        })
        .unwrap();
    }
});

on_both!(what_is_wrong_with_our_login_lets_messages_wait, |db| {
    let gateway = FakeGateway::start([Act::Refuse(
        401,
        "",
        "{\"code\":20003,\"message\":\"Authenticate\"}".to_owned(),
    )])
    .await;
    let test = over_gateway(db, &gateway);
    let id = put(&test, "later", false, None).await;
    deliver(&test.portal).await.unwrap();
    let (_, sent_at, failure) = kept(&test, &id).await;
    assert_eq!((sent_at, failure), (None, None));
    test.clock.advance(MINUTE);
    deliver(&test.portal).await.unwrap();
    assert_eq!((gateway.taken().len(), gateway.asked()), (1, 0));
});

on_both!(what_is_wrong_with_our_number_lets_messages_wait, |db| {
    let gateway = FakeGateway::start([refusal(21606)]).await;
    let test = over_gateway(db, &gateway);
    let id = put(&test, "later", false, None).await;
    deliver(&test.portal).await.unwrap();
    test.clock.advance(MINUTE - 1);
    assert_eq!(deliver(&test.portal).await.unwrap(), 0);
    test.clock.advance(1);
    deliver(&test.portal).await.unwrap();
    assert!(kept(&test, &id).await.1.is_some());
});

on_both!(a_refusal_that_we_do_not_know_holds_up_no_other_message_and_is_not_tried_for_long, |db| {
    // 21635: a landline.
    let gateway = FakeGateway::start(vec![refusal(21635); 5]).await;
    let test = over_gateway(db, &gateway);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let id = put_message(&test, Some(&person.id), Channel::Sms, PHONE, said("word", false), None).await;
    for pause in [SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND] {
        assert_eq!(deliver(&test.portal).await.unwrap(), 1);
        assert_eq!(kept(&test, &id).await.2, None);
        test.clock.advance(pause);
    }
    deliver(&test.portal).await.unwrap();
    let (_, sent_at, failure) = kept(&test, &id).await;
    assert_eq!((sent_at, failure.as_deref()), (None, Some("400 21635 The 'To' number … is not valid")));
    assert_eq!(bounced(&test, &person.id, "sms").await, None);
    // At the same instant: the channel does not rest.
    put(&test, "123456 code", true, None).await;
    assert_eq!(deliver(&test.portal).await.unwrap(), 1);
    assert_eq!(gateway.taken()[0].body, "123456 code");
});

on_both!(a_code_goes_before_what_can_wait, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = TestPortal::with(db, include_str!("../../../../demo/incident.toml"), |settings| {
        settings.messages = Senders::read(&gateway.setting()).unwrap();
        settings.sms_per_second = std::num::NonZeroU32::new(2).unwrap();
    });
    for n in 0..5 {
        let notice = Template { purpose: templates::Purpose::Notice, ..said(&format!("notice {n}"), false) };
        put_message(&test, None, Channel::Sms, PHONE, notice, None).await;
    }
    put(&test, "123456 code", true, None).await;
    assert_eq!(deliver(&test.portal).await.unwrap(), 2);
    let mut bodies: Vec<_> = gateway.taken().into_iter().map(|taken| taken.body).collect();
    bodies.sort();
    assert_eq!(bodies, ["123456 code", "notice 0"]);
});
