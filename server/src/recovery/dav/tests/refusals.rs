use http::StatusCode;
use proptest::strategy::{Strategy, ValueTree};

use super::*;
use crate::{
    on_both,
    recovery::dav::xml::{CAL, CARD},
};

on_both!(without_the_right_password_there_is_one_answer, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let mut answers = Vec::new();
    for (user_name, password) in [("", ""), ("00000-00000", "x"), ("a-1", "x"), ("+12125550101", "x")] {
        let mut stranger = Phone::with(&scene.test, user_name, password);
        let answer = stranger.send("PROPFIND", CONTACTS, &[("depth", "0")], "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers["www-authenticate"], "Basic realm=\"Makegood\", charset=\"UTF-8\"");
        answers.push(answer.text());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    // Whoever is signed in on the site still needs one, and one signs nobody in on the site.
    let mut browser = scene.test.signed_in(&scene.owner).await;
    assert_eq!(browser.get(CONTACTS).await.status, StatusCode::UNAUTHORIZED);
    for page in ["/recovery", "/recovery/archive.zip", "/account"] {
        assert_eq!(scene.phone.get(page).await.status, StatusCode::SEE_OTHER, "{page}");
    }
});

on_both!(nothing_can_be_written, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let member = format!("{CONTACTS}new.vcf");
    for (method, path) in [
        ("PUT", member.as_str()),
        ("DELETE", CONTACTS),
        ("PROPPATCH", CONTACTS),
        ("MKCOL", "/dav/addressbooks/more/"),
        ("MKCALENDAR", "/dav/calendars/more/"),
        ("POST", CONTACTS),
        ("MOVE", CONTACTS),
    ] {
        let answer = scene.phone.send(method, path, &[], CARDS).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method}");
        let needed = xml::read(&answer.body).unwrap();
        let resource = needed.child(DAV, "need-privileges").unwrap().child(DAV, "resource").unwrap();
        assert_eq!(href_of(resource), path);
    }
    let other = scene.phone.send("BREW", CONTACTS, &[], "").await;
    assert_eq!(other.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(other.headers["allow"].to_str().unwrap().contains("REPORT"));
});

on_both!(another_persons_items_are_not_there, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let mine = scene.phone.find(CONTACTS, "1", "<d:getetag/>").await;
    let other = scene.test.subscriber("a-2", "+12125550102", "data-20").await;
    scene.test.holding(&other, Category::Contacts, 0, Some(3)).await;
    let mut others = Phone::of(&scene.test, &other).await;
    assert_eq!(others.find(CONTACTS, "1", "<d:getetag/>").await.len(), 1);
    assert_eq!(others.get(href_of(&mine[1])).await.status, StatusCode::NOT_FOUND);
    let asked = format!("<d:prop><card:address-data/></d:prop><d:href>{}</d:href>", href_of(&mine[1]));
    let answer = others.report(CONTACTS, "card:addressbook-multiget", &asked).await;
    assert!(found(&responses(&answer)[0], CARD, "address-data").is_none());
    // Somebody unaffected has nothing at all.
    let nobody = scene.test.subscriber("a-3", "+12125550103", "data-20").await;
    let mut phone = Phone::of(&scene.test, &nobody).await;
    assert_eq!(phone.find("/dav/addressbooks/", "1", "<d:resourcetype/>").await.len(), 1);
    assert_eq!(phone.get(CONTACTS).await.status, StatusCode::NOT_FOUND);
});

on_both!(what_is_not_understood_is_said_and_never_a_page, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let phone = &mut scene.phone;
    for body in [
        "nonsense",
        "<a>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<propfind/>",
        "<propfind xmlns='DAV:'/>",
    ] {
        let answer = phone.send("PROPFIND", CONTACTS, &[("depth", "0")], body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    }
    assert_eq!(phone.send("REPORT", CONTACTS, &[], "").await.status, StatusCode::BAD_REQUEST);
    for depth in [&[][..], &[("depth", "infinity")]] {
        let answer = phone.send("PROPFIND", CONTACTS, depth, "").await;
        assert!(xml::read(&answer.body).unwrap().child(DAV, "propfind-finite-depth").is_some());
    }
    let large = " ".repeat(1024 * 1024 + 1);
    assert_eq!(phone.send("REPORT", CONTACTS, &[], &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(phone.get("/dav/nowhere").await.status, StatusCode::NOT_FOUND);
});

on_both!(a_report_or_a_form_that_there_is_not_is_named, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let v2 = "<d:prop><card:address-data content-type='text/vcard' version='2.1'/></d:prop>";
    let expand = "<d:prop><cal:calendar-data><cal:expand start='20090101T000000Z' end='20100101T000000Z'/></cal:calendar-data></d:prop>";
    let strange = "<card:filter><card:x/></card:filter>";
    for (path, root, inside, space, condition) in [
        (CONTACTS, "d:expand-property", "", DAV, "supported-report"),
        (CONTACTS, "cal:calendar-multiget", "", DAV, "supported-report"),
        (EVENTS, "cal:free-busy-query", "", DAV, "supported-report"),
        ("/dav/principal/", "d:sync-collection", "", DAV, "supported-report"),
        (CONTACTS, "card:addressbook-multiget", v2, CARD, "supported-address-data"),
        (EVENTS, "cal:calendar-multiget", expand, CAL, "supported-calendar-data"),
        (CONTACTS, "card:addressbook-query", strange, CARD, "supported-filter"),
    ] {
        let answer = scene.phone.report(path, root, inside).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{root}");
        assert!(
            xml::read(&answer.body).unwrap().child(space, condition).is_some(),
            "{root}: {}",
            answer.text()
        );
    }
});

on_both!(what_would_make_an_answer_grow_without_end_is_refused_or_told_once, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let many = |of: usize| (0..of).map(|n| format!("<d:x{n}/>")).collect::<String>();
    let depth = [("depth", "1")];
    let propfind = format!("<d:propfind {SPACES}><d:prop>{}</d:prop></d:propfind>", many(51));
    assert_eq!(scene.phone.send("PROPFIND", CONTACTS, &depth, &propfind).await.status, 400);
    assert_eq!(scene.phone.find(CONTACTS, "1", &many(50)).await.len(), 3);
    assert_eq!(scene.phone.find(CONTACTS, "1", &"<d:getetag/>".repeat(500)).await.len(), 3);

    let filter = "<card:prop-filter name='FN'/>".repeat(100);
    let filter = format!("<d:prop><d:getetag/></d:prop><card:filter>{filter}</card:filter>");
    assert_eq!(scene.phone.report(CONTACTS, "card:addressbook-query", &filter).await.status, 400);

    let listed = scene.phone.find(CONTACTS, "1", "<d:getetag/>").await;
    let href = format!("<d:href>{}</d:href>", href_of(&listed[1])).repeat(1_000);
    let asked = format!("<d:prop><card:address-data/></d:prop>{href}");
    let answer = scene.phone.report(CONTACTS, "card:addressbook-multiget", &asked).await;
    assert_eq!(responses(&answer).len(), 1);
});

#[tokio::test]
async fn no_request_makes_it_fail() {
    let db = crate::store::testing::sqlite().await;
    let mut scene = scene(&db).await;
    scene.open_all().await;
    let word = "(propfind|prop|allprop|href|filter|comp-filter|time-range|sync-token|calendar-data|limit|nresults|x)";
    let tag = format!(
        "(<(d:|cal:|card:|)?{word}( (name|start|test|version)='[A-Z0-9.:a-z]{{0,6}}')?/?>|</d:{word}>|[a-z&;0-9]{{0,5}})"
    );
    let strategy = proptest::collection::vec(proptest::string::string_regex(&tag).unwrap(), 0..12);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..150 {
        let inside = strategy.new_tree(&mut runner).unwrap().current().concat();
        for (root, path) in [
            ("d:propfind", CONTACTS),
            ("cal:calendar-query", EVENTS),
            ("card:addressbook-query", CONTACTS),
            ("d:sync-collection", EVENTS),
        ] {
            let body = format!("<{root} {SPACES}>{inside}</{root}>");
            for method in ["PROPFIND", "REPORT"] {
                let answer = scene.phone.send(method, path, &[("depth", "1")], &body).await;
                assert!(!answer.status.is_server_error(), "{method} {body}: {}", answer.text());
            }
        }
    }
}
