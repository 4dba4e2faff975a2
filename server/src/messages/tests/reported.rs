//! What a gateway reports: signed, twice, out of order.

use axum::body::Body;
use http::Request;

use super::{
    gateway::over_gateway,
    peers::{Act, FakeGateway, Taken},
    *,
};
use crate::messages::reports::sign;

type Report<'a> = &'a [(&'a str, &'a str)];

pub async fn report(test: &TestPortal, taken: &Taken, token: &str, fields: Report<'_>) -> u16 {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let path = taken.report_to.strip_prefix("http://127.0.0.1:3000").unwrap();
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-twilio-signature", sign(token, &taken.report_to, fields));
    test.browser().send(request, Body::from(body)).await.status.as_u16()
}

async fn delivery(test: &TestPortal, id: &str) -> Option<String> {
    let row = sql("SELECT delivery FROM messages WHERE id = $1").bind(id);
    row.one::<(Option<String>,)>(test.portal.db().unwrap()).await.unwrap().0
}

on_both!(reports_move_a_message_on_and_never_back, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_gateway(db, &gateway);
    let id = put(&test, "hello", false, None).await;
    deliver(&test.portal).await.unwrap();
    let taken = gateway.taken().remove(0);
    for (state, then) in [
        ("sent", "sent"),
        ("queued", "sent"),
        ("delivered", "delivered"),
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("failed", "delivered"),
        ("nonsense", "delivered"),
    ] {
        assert_eq!(
            report(&test, &taken, "secret", &[("MessageSid", "SM1"), ("MessageStatus", state)]).await,
            204
        );
        assert_eq!(delivery(&test, &id).await.as_deref(), Some(then));
    }
});

on_both!(a_report_that_the_gateway_did_not_sign_is_refused, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_gateway(db, &gateway);
    let id = put(&test, "hello", false, None).await;
    deliver(&test.portal).await.unwrap();
    let taken = gateway.taken().remove(0);
    assert_eq!(report(&test, &taken, "guessed", &[("MessageStatus", "failed")]).await, 403);
    let unsigned = Request::post(taken.report_to.strip_prefix("http://127.0.0.1:3000").unwrap());
    assert_eq!(test.browser().send(unsigned, Body::from("MessageStatus=failed")).await.status, 403);
    let elsewhere = Taken { report_to: format!("{}x", taken.report_to), ..taken };
    assert_eq!(report(&test, &elsewhere, "secret", &[("MessageStatus", "failed")]).await, 404);
    assert_eq!(delivery(&test, &id).await, None);
});

on_both!(a_report_on_a_message_in_doubt_proves_that_it_left, |db| {
    let gateway = FakeGateway::start([Act::TakeAndHangUp]).await;
    let test = over_gateway(db, &gateway);
    let id = put(&test, "123456 code", true, None).await;
    deliver(&test.portal).await.unwrap();
    assert_eq!(kept(&test, &id).await.1, None);
    let taken = gateway.taken().remove(0);
    assert_eq!(
        report(&test, &taken, "secret", &[("MessageSid", "SM1"), ("MessageStatus", "sent")]).await,
        204
    );
    assert!(kept(&test, &id).await.1.is_some());
    test.clock.advance(MINUTE);
    assert_eq!(deliver(&test.portal).await.unwrap(), 0);
    assert_eq!((gateway.taken().len(), gateway.asked()), (1, 0));
});

on_both!(a_number_that_is_unknown_is_told_to_its_owner_who_may_have_it_tried_again, |db| {
    let gateway = FakeGateway::start([]).await;
    let test = over_gateway(db, &gateway);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    put_message(&test, Some(&person.id), Channel::Sms, PHONE, said("word", false), None).await;
    deliver(&test.portal).await.unwrap();
    let taken = gateway.taken().remove(0);
    let lost = [("ErrorCode", "30003"), ("MessageStatus", "undelivered")];
    assert_eq!(report(&test, &taken, "secret", &lost).await, 204);
    assert_eq!(bounced(&test, &person.id, "sms").await, None);
    put_message(&test, Some(&person.id), Channel::Sms, PHONE, said("next", false), None).await;
    deliver(&test.portal).await.unwrap();
    let taken = gateway.taken().remove(1);
    let unknown = [("ErrorCode", "30005"), ("MessageStatus", "undelivered")];
    assert_eq!(report(&test, &taken, "secret", &unknown).await, 204);
    assert_eq!(bounced(&test, &person.id, "sms").await.as_deref(), Some("30005"));
    let mut browser = test.signed_in(&person).await;
    for page in ["/account", "/account/messages"] {
        assert!(browser.get(page).await.text().contains("We could not reach you at …0123"), "{page}");
    }
    let granted = |voice: &Voice<'_>| templates::claim_granted(voice, "MG-1", "$100");
    let tell_of_it = async || {
        let portal = &test.portal;
        transaction!(portal.db().unwrap(), |tx| -> Result<()> {
            tell(tx, portal, &person.id, granted).await
        })
        .unwrap();
        let rows: Vec<(String,)> =
            sql("SELECT channel FROM messages WHERE template = 'claim-granted' ORDER BY channel DESC")
                .all(portal.db().unwrap())
                .await
                .unwrap();
        rows.into_iter().map(|(channel,)| channel).collect::<Vec<_>>()
    };
    assert_eq!(tell_of_it().await, ["email"]);
    assert_eq!(browser.post("/account/messages/again/sms", &[]).await.location(), "/account/messages");
    assert_eq!(tell_of_it().await, ["sms", "email", "email"]);
    assert_eq!(browser.post("/account/messages/again/pigeon", &[]).await.status, 404);
});
