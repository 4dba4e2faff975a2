//! By what way, in which language and at which hour people are written to; and no more news.

use axum::body::Body;
use http::{Request, header};

use super::*;
use crate::{
    accounts::{Profile, erasure},
    ambient::HOUR,
    messages::token::{Link, Tokens},
    web::testing::Browser,
};

pub const GALLERY: &str = "/account/messages";
const WISHES: &str = "/account/messages/wishes";

pub async fn told(test: &TestPortal, person: &Profile, words: impl Fn(&Voice<'_>) -> Template) {
    let portal = &test.portal;
    transaction!(portal.db().unwrap(), |tx| -> Result<()> { tell(tx, portal, &person.id, &words).await })
        .unwrap();
}

pub fn granted(voice: &Voice<'_>) -> Template {
    templates::claim_granted(voice, "MG-1", "$100")
}

pub fn ready(voice: &Voice<'_>) -> Template {
    templates::gift_code_ready(voice, "MG-1", "$100")
}

pub fn opened(voice: &Voice<'_>) -> Template {
    templates::data_opened(voice, &[app::Category::Photos])
}

/// Template and channel of what was sent, in order.
pub async fn sent(test: &TestPortal) -> Vec<String> {
    deliver(&test.portal).await.unwrap();
    lines(test).into_iter().map(|line| format!("{} {}", line.template, line.channel)).collect()
}

pub async fn save(
    test: &TestPortal,
    person: &Profile,
    news: &str,
    language: &str,
    hours: (&str, &str),
) -> u16 {
    let fields = [("news", news), ("language", language), ("quiet_from", hours.0), ("quiet_until", hours.1)];
    test.signed_in(person).await.post(WISHES, &fields).await.status.as_u16()
}

on_both!(each_purpose_has_its_way, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    assert_eq!(save(&test, &person, "email", "en", ("12:00", "12:00")).await, 303);
    told(&test, &person, granted).await;
    assert_eq!(sent(&test).await, ["claim-granted sms", "claim-granted email"]);
    told(&test, &person, ready).await;
    assert_eq!(sent(&test).await[2..], ["gift-code-ready sms"]);
    told(&test, &person, opened).await;
    assert_eq!(sent(&test).await[3..], ["data-opened email"]);
    assert_eq!(save(&test, &person, "sms", "en", ("12:00", "12:00")).await, 303);
    told(&test, &person, opened).await;
    assert_eq!(sent(&test).await[4..], ["data-opened sms"]);
    assert_eq!(save(&test, &person, "none", "en", ("12:00", "12:00")).await, 303);
    told(&test, &person, opened).await;
    told(&test, &person, ready).await;
    assert_eq!(sent(&test).await[5..], ["gift-code-ready sms"]);
});

on_both!(choosing_no_news_or_another_way_stops_news_that_waits, |db| {
    let test = TestPortal::new(db);
    // 5 in the morning where they live.
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    for news in ["sms", "none"] {
        assert_eq!(save(&test, &person, "email", "en", ("21:00", "08:00")).await, 303);
        told(&test, &person, opened).await;
        assert_eq!(save(&test, &person, news, "en", ("21:00", "08:00")).await, 303);
    }
    // What is no news stays, and so does news by the way that is kept.
    told(&test, &person, ready).await;
    assert_eq!(save(&test, &person, "sms", "en", ("21:00", "08:00")).await, 303);
    told(&test, &person, opened).await;
    assert_eq!(save(&test, &person, "sms", "es", ("21:00", "08:00")).await, 303);
    let page = test.signed_in(&person).await.get(GALLERY).await.text();
    assert_eq!(page.matches("not sent: you no longer wanted news this way").count(), 2, "{page}");
    test.clock.advance(3 * HOUR);
    assert_eq!(sent(&test).await, ["gift-code-ready sms", "data-opened sms"]);
});

on_both!(the_page_names_who_sends_gift_cards_for_us_where_somebody_does, |db| {
    let demo = include_str!("../../../../demo/incident.toml");
    let theirs = demo.replacen("provider = \"code-pool\"", "provider = \"tremendous\"", 1);
    assert_ne!(demo, theirs);
    for (n, (incident, named)) in [(0, (demo, false)), (1, (theirs.as_str(), true))] {
        let test = TestPortal::with_incident(db, incident);
        test.clock.advance(n);
        let person = test.subscriber(&format!("a-{n}"), &format!("+1212555012{n}"), "data-20").await;
        let page = test.signed_in(&person).await.get(GALLERY).await.text();
        assert_eq!(page.contains("comes from Tremendous, who does this for us"), named, "{page}");
    }
});

on_both!(what_may_wait_is_sent_in_the_morning_and_codes_at_once, |db| {
    let test = TestPortal::new(db);
    // 5 in the morning where they live.
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    told(&test, &person, ready).await;
    told(&test, &person, opened).await;
    told(&test, &person, granted).await;
    test.browser().post("/sign-in", &[("phone", PHONE)]).await;
    assert_eq!(sent(&test).await, ["sign-in-code sms", "claim-granted sms", "claim-granted email"]);
    let page = test.signed_in(&person).await.get(GALLERY).await.text();
    assert!(page.contains("waits for the end of your quiet hours, 20 October 2009, 15:00 UTC"), "{page}");
    test.clock.advance(3 * HOUR - 1);
    assert_eq!(sent(&test).await.len(), 3);
    test.clock.advance(1);
    assert_eq!(sent(&test).await[3..], ["gift-code-ready sms", "data-opened email"]);
});

on_both!(a_zone_that_nobody_knows_is_the_incidents, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
        sql("UPDATE subscribers SET time_zone = 'Nowhere/At_All'").execute(tx).await.map(drop)
    })
    .unwrap();
    told(&test, &person, ready).await;
    assert!(sent(&test).await.is_empty());
    test.clock.advance(3 * HOUR);
    assert_eq!(sent(&test).await, ["gift-code-ready sms"]);
});

on_both!(people_are_written_to_in_their_language_codes_too, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    assert_eq!(save(&test, &person, "email", "es", ("21:00", "08:00")).await, 303);
    told(&test, &person, granted).await;
    test.browser().post("/sign-in", &[("phone", PHONE)]).await;
    deliver(&test.portal).await.unwrap();
    let texts: Vec<_> = lines(&test).into_iter().map(|line| line.text).collect();
    assert!(texts[0].contains("es su clave") && texts[1].contains("su solicitud MG-1"), "{texts:?}");
    assert!(texts[2].contains("está aprobada"));
    let page = test.signed_in(&person).await.get(GALLERY).await.text();
    assert!(page.contains("Español") && page.contains("lang=\"es\""));
});

on_both!(a_mistake_comes_back_with_what_was_typed, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let fields = [("news", "pigeon"), ("language", "es"), ("quiet_from", "late"), ("quiet_until", "08:00")];
    let answer = test.signed_in(&person).await.post(WISHES, &fields).await;
    assert_eq!(answer.status, 422);
    let page = answer.text();
    for part in ["There is a problem", "#quiet_from", "value=\"late\"", "value=\"es\" checked"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // The link leads to the first choice, and the mistake stands at the choices.
    let at_news = [
        "href=\"#news\"",
        "type=\"radio\" id=\"news\"",
        "aria-describedby=\"news-error\"",
        "id=\"news-error\"",
    ];
    for part in at_news {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("language-error"));
    assert_eq!(test.browser().get(GALLERY).await.location(), "/sign-in?to=continue");
});

on_both!(hours_that_leave_next_to_nothing_of_the_day_are_refused_in_both_languages, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let fields = [("news", "none"), ("language", "en"), ("quiet_from", "00:00"), ("quiet_until", "23:59")];
    let mut browser = test.signed_in(&person).await;
    for (language, mistake) in [
        ("en", "Leave at least 4 hours of the day in which we may write to you"),
        ("es", "Deje al menos 4 horas del día en las que podamos escribirle"),
    ] {
        browser.post("/language", &[("language", language), ("back", WISHES)]).await;
        let answer = browser.post(WISHES, &fields).await;
        assert_eq!(answer.status, 422);
        let page = answer.text();
        assert!(page.contains(mistake) && page.contains("href=\"#quiet_until\""), "{page}");
    }
    assert_eq!(save(&test, &person, "none", "en", ("00:00", "20:00")).await, 303);
});

on_both!(the_list_shows_ones_own_messages_with_dots_for_codes, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let other = test.subscriber("a-2", "+12125550199", "data-20").await;
    test.browser().post("/sign-in", &[("phone", PHONE)]).await;
    let waiting = test.signed_in(&person).await.get(GALLERY).await.text();
    let code = test.last_code(PHONE).await;
    test.clock.advance(1);
    told(&test, &other, |voice| templates::claim_granted(voice, "MG-OTHER", "$1")).await;
    told(&test, &person, granted).await;
    deliver(&test.portal).await.unwrap();
    let page = test.signed_in(&person).await.get(GALLERY).await.text();
    for page in [&waiting, &page] {
        assert!(page.contains("•••••• is your Makegood code") && !page.contains(&code), "{page}");
        assert!(page.contains("we did not send it") && page.contains("Text message to …0123"));
    }
    assert!(page.contains("Your claim MG-1") && page.contains("Email to a…@example.com"));
    assert!(page.find("Your claim MG-1") < page.find("••••••"));
    assert!(!page.contains("MG-OTHER") && !page.contains(PHONE));
});

on_both!(a_long_list_is_paged, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    for n in 0..23 {
        told(&test, &person, |voice| templates::gift_code_ready(voice, &format!("MG-{n}-"), "$100")).await;
        test.clock.advance(1);
    }
    let mut browser = test.signed_in(&person).await;
    let first = browser.get(GALLERY).await.text();
    assert!(first.contains("1 to 20 of 23") && first.contains("MG-22-") && !first.contains("MG-2-"));
    let second = browser.get(&format!("{GALLERY}?page=2")).await.text();
    assert!(second.contains("21 to 23 of 23") && second.contains("MG-2-") && second.contains("MG-0-"));
    for odd in ["0", "99", "x", "-1"] {
        assert_eq!(browser.get(&format!("{GALLERY}?page={odd}")).await.status, 200);
    }
});

on_both!(one_click_stops_news_without_a_session_as_often_as_one_likes, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    assert_eq!(save(&test, &person, "email", "es", ("20:00", "09:00")).await, 303);
    told(&test, &person, opened).await;
    let token = Tokens::new(test.portal.master()).sign(Link::Stop, &person.id);
    let path = format!("/messages/stop/{token}");
    let mut browser = test.browser();
    let page = browser.get(&path).await;
    assert!(page.status == 200 && page.text().contains("Send me no more news"));
    assert!(!page.text().contains("Ada"));
    // Opening it changed nothing. As mail programs post: from nowhere, without cookies.
    for _ in 0..2 {
        one_click(&mut browser, &path, FORM, b"List-Unsubscribe=One-Click").await;
    }
    assert!(browser.get(&path).await.text().contains("We send you no news"));
    let wishes = test.signed_in(&person).await.get(WISHES).await.text();
    assert!(wishes.contains("value=\"none\" checked") && wishes.contains("value=\"es\" checked"), "{wishes}");
    assert!(wishes.contains("value=\"20:00\""));
    told(&test, &person, opened).await;
    test.clock.advance(24 * HOUR);
    assert!(sent(&test).await.is_empty());
    told(&test, &person, granted).await;
    assert_eq!(sent(&test).await, ["claim-granted sms", "claim-granted email"]);
});

const FORM: &str = "application/x-www-form-urlencoded";

/// Posts as a mail program does, which follows no redirect.
async fn one_click(browser: &mut Browser, path: &str, kind: &str, body: &'static [u8]) {
    let request = Request::post(path).header(header::CONTENT_TYPE, kind);
    let answer = browser.send(request, Body::from(body)).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "unsubscribed\n"), "{kind}");
}

on_both!(one_click_may_come_as_a_form_of_either_kind_and_in_any_bytes, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let token = Tokens::new(test.portal.master()).sign(Link::Stop, &person.id);
    let path = format!("/messages/stop/{token}");
    let multipart =
        b"--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let bodies: [(&str, &'static [u8]); 4] = [
        ("multipart/form-data; boundary=b", multipart),
        (FORM, b"List-Unsubscribe=One-Click&more=\xff\xfe"),
        ("multipart/form-data; boundary=b", b"--b\xff\r\n"),
        (FORM, b""),
    ];
    for (kind, body) in bodies {
        assert_eq!(save(&test, &person, "email", "en", ("20:00", "09:00")).await, 303);
        one_click(&mut test.browser(), &path, kind, body).await;
        assert!(test.browser().get(&path).await.text().contains("We send you no news"), "{kind}");
    }
});

on_both!(the_button_works_too_and_a_made_up_address_is_not_found, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let token = Tokens::new(test.portal.master()).sign(Link::Stop, &person.id);
    let path = format!("/messages/stop/{token}");
    let mut browser = test.browser();
    let field = "<input type=\"hidden\" name=\"answer\" value=\"page\"";
    assert!(browser.get(&path).await.text().contains(field));
    assert_eq!(browser.post(&path, &[("answer", "page")]).await.location(), path);
    assert!(browser.get(&path).await.text().contains("We send you no news"));
    let of_status = Tokens::new(test.portal.master()).sign(Link::Status, &person.id);
    for wrong in [of_status.as_str(), "x", "AAAA"] {
        let path = format!("/messages/stop/{wrong}");
        assert_eq!(browser.get(&path).await.status, 404);
        assert_eq!(browser.post(&path, &[]).await.status, 404);
    }
    // Elsewhere a post from nowhere is refused as before.
    let request = Request::post("/account/messages/wishes");
    assert_eq!(browser.send(request, Body::empty()).await.status, 403);
});

on_both!(erasing_a_person_takes_messages_and_wishes_along, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    assert_eq!(save(&test, &person, "sms", "es", ("20:00", "09:00")).await, 303);
    told(&test, &person, granted).await;
    let token = Tokens::new(test.portal.master()).sign(Link::Stop, &person.id);
    let portal = &test.portal;
    let db = portal.db().unwrap();
    erasure::erase(db, &portal.blobs, portal.master(), &portal.ambient, "a-1").await.unwrap().unwrap();
    for table in ["messages", "message_preferences"] {
        let rows: Vec<(String,)> = match table {
            "messages" => sql("SELECT id FROM messages").all(test.portal.db().unwrap()).await.unwrap(),
            _ => sql("SELECT subscriber_id FROM message_preferences")
                .all(test.portal.db().unwrap())
                .await
                .unwrap(),
        };
        assert!(rows.is_empty(), "{table}");
    }
    let mut browser = test.browser();
    assert_eq!(browser.post(&format!("/messages/stop/{token}"), &[]).await.status, 200);
    let rows: Vec<(String,)> =
        sql("SELECT subscriber_id FROM message_preferences").all(test.portal.db().unwrap()).await.unwrap();
    assert!(rows.is_empty());
});
