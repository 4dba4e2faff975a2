use super::*;
use crate::{
    on_both,
    recovery::dav::xml::{CAL, CARD},
};

on_both!(from_the_host_alone_a_client_finds_what_is_open_and_nothing_else, |db| {
    let mut scene = scene(db).await;
    scene.open(&[Category::Contacts, Category::Tasks]).await;
    let phone = &mut scene.phone;
    for service in ["carddav", "caldav"] {
        for method in ["GET", "PROPFIND"] {
            let answer = phone.send(method, &format!("/.well-known/{service}"), &[], "").await;
            assert_eq!((answer.status.as_u16(), answer.location()), (301, "/dav/"));
        }
    }
    let root = phone.find("/dav/", "0", "<d:current-user-principal/>").await;
    let principal = found(&root[0], DAV, "current-user-principal").unwrap().children[0].text.clone();
    let homes = phone
        .find(&principal, "0", "<card:addressbook-home-set/><cal:calendar-home-set/><d:resourcetype/>")
        .await;
    assert!(found(&homes[0], DAV, "resourcetype").unwrap().child(DAV, "principal").is_some());
    let home = |space, name| found(&homes[0], space, name).unwrap().children[0].text.clone();
    let books =
        phone.find(&home(CARD, "addressbook-home-set"), "1", "<d:resourcetype/><d:displayname/>").await;
    assert_eq!(books.iter().map(href_of).collect::<Vec<_>>(), ["/dav/addressbooks/", CONTACTS]);
    assert!(found(&books[1], DAV, "resourcetype").unwrap().child(CARD, "addressbook").is_some());
    assert_eq!(found(&books[1], DAV, "displayname").unwrap().text, "Recovered contacts");
    let asked = "<d:resourcetype/><cal:supported-calendar-component-set/>";
    let calendars = phone.find(&home(CAL, "calendar-home-set"), "1", asked).await;
    assert_eq!(
        calendars.iter().map(href_of).collect::<Vec<_>>(),
        ["/dav/calendars/", "/dav/calendars/tasks/"]
    );
    let components = found(&calendars[1], CAL, "supported-calendar-component-set").unwrap();
    assert_eq!(components.children[0].attribute("name"), Some("VTODO"));
    // What is not released is not there; then it is.
    assert_eq!(phone.send("PROPFIND", EVENTS, &[("depth", "0")], "").await.status, 404);
    scene.open(&[Category::Calendar]).await;
    assert_eq!(scene.phone.send("PROPFIND", EVENTS, &[("depth", "0")], "").await.status, 207);
});

on_both!(a_collection_says_that_it_is_read_only_and_which_reports_it_answers, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let asked =
        "<d:current-user-privilege-set/><d:supported-report-set/><d:quota-used-bytes/><x:y xmlns:x='urn:x'/>";
    let told = scene.phone.find(CONTACTS, "0", asked).await;
    let rights = found(&told[0], DAV, "current-user-privilege-set").unwrap();
    let names: Vec<&str> =
        rights.children.iter().map(|right| right.children[0].name.local.as_ref()).collect();
    assert_eq!(names, ["read", "read-current-user-privilege-set"]);
    assert_eq!(found(&told[0], DAV, "supported-report-set").unwrap().children.len(), 3);
    let missing = &told[0]
        .children
        .iter()
        .find(|set| set.child(DAV, "status").is_some_and(|status| status.text == "HTTP/1.1 404 Not Found"));
    let missing = &missing.unwrap().child(DAV, "prop").unwrap().children;
    assert!(missing[0].is(DAV, "quota-used-bytes") && missing[1].is("urn:x", "y"));
});

on_both!(a_propfind_without_a_body_or_for_names_tells_what_there_is, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    for body in ["", "<propfind xmlns='DAV:'><allprop/><include><owner/></include></propfind>"] {
        let answer = scene.phone.send("PROPFIND", CONTACTS, &[("depth", "0")], body).await;
        assert!(found(&responses(&answer)[0], DAV, "resourcetype").is_some(), "{}", answer.text());
        assert_eq!(answer.headers["dav"], "1, 3, access-control, addressbook, calendar-access");
    }
    let answer = scene
        .phone
        .send("PROPFIND", CONTACTS, &[("depth", "1")], "<propfind xmlns='DAV:'><propname/></propfind>")
        .await;
    assert!(found(&responses(&answer)[1], DAV, "getetag").unwrap().text.is_empty());
});

on_both!(options_are_told_to_everybody, |db| {
    let test = TestPortal::new(db);
    let request = Request::builder().method("OPTIONS").uri("/dav/");
    let answer = test.browser().send(request, Body::empty()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.headers["dav"].to_str().unwrap().contains("addressbook"));
    assert!(answer.headers["allow"].to_str().unwrap().contains("PROPFIND"));
});
