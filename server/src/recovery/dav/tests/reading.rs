use super::*;
use crate::{
    on_both,
    recovery::dav::xml::{CAL, CARD},
};

/// The addresses of a collection's members with their tags.
async fn listed(phone: &mut Phone, path: &str) -> Vec<(String, String)> {
    let told = phone.find(path, "1", "<d:getetag/><d:getcontenttype/>").await;
    let tag = |response: &Element| found(response, DAV, "getetag").unwrap().text.clone();
    told[1..].iter().map(|response| (href_of(response).to_owned(), tag(response))).collect()
}

on_both!(every_contact_is_a_card_with_a_name_a_uid_and_a_strong_tag, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let phone = &mut scene.phone;
    let listed = listed(phone, CONTACTS).await;
    assert_eq!(listed.len(), 2);
    let mut texts = Vec::new();
    for (href, tag) in &listed {
        let card = phone.get(href).await;
        assert_eq!(card.headers["content-type"], "text/vcard; charset=utf-8");
        assert_eq!(card.headers["etag"].to_str().unwrap(), tag);
        assert!(
            card.text().contains("VERSION:3.0\r\n") && card.text().contains("\r\nUID:"),
            "{}",
            card.text()
        );
        let same = phone.send("GET", href, &[("if-none-match", tag)], "").await;
        assert_eq!((same.status.as_u16(), same.body.len()), (304, 0));
        let newer =
            phone.send("GET", href, &[("accept", "text/vcard; version=\"4.0\", text/*;q=0.1")], "").await;
        assert!(newer.text().contains("VERSION:4.0\r\n"));
        assert_ne!(newer.headers["etag"].to_str().unwrap(), tag);
        texts.push(card.text());
    }
    let all = texts.concat();
    assert!(
        all.contains("FN:Ann Example") && all.contains("UID:ann") && all.contains("Müller;Jörg"),
        "{all}"
    );
});

on_both!(members_asked_for_by_address_come_at_once_and_strangers_are_404, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let phone = &mut scene.phone;
    let listed = listed(phone, CONTACTS).await;
    let unknown = format!("{CONTACTS}018f0000-0000-7000-8000-000000000001.vcf");
    let hrefs = format!(
        "<d:href>http://127.0.0.1:3000{}</d:href><d:href>{unknown}</d:href><d:href>/x</d:href>",
        listed[0].0
    );
    let asked = "<d:prop><d:getetag/><card:address-data content-type='text/vcard' version='4.0'/></d:prop>";
    let answer = phone.report(CONTACTS, "card:addressbook-multiget", &format!("{asked}{hrefs}")).await;
    let told = responses(&answer);
    assert_eq!(told.len(), 3);
    assert!(
        found(&told[0], CARD, "address-data").unwrap().text.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\n")
    );
    for stranger in &told[1..] {
        assert_eq!(stranger.child(DAV, "status").unwrap().text, "HTTP/1.1 404 Not Found");
    }
});

on_both!(contacts_are_found_by_a_filter_and_no_more_than_wanted, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let filter = "<d:prop><card:address-data/></d:prop><card:filter><card:prop-filter name='FN'>\
        <card:text-match match-type='starts-with'>ann</card:text-match></card:prop-filter></card:filter>";
    let answer = scene.phone.report(CONTACTS, "card:addressbook-query", filter).await;
    let told = responses(&answer);
    assert_eq!(told.len(), 1);
    assert!(found(&told[0], CARD, "address-data").unwrap().text.contains("FN:Ann Example"));
    let one = "<d:prop><d:getetag/></d:prop><card:limit><card:nresults>1</card:nresults></card:limit>";
    let told = responses(&scene.phone.report(CONTACTS, "card:addressbook-query", one).await);
    assert!(found(&told[0], DAV, "getetag").is_some());
    assert_eq!((told.len(), href_of(&told[1])), (2, CONTACTS));
    assert_eq!(told[1].child(DAV, "status").unwrap().text, "HTTP/1.1 507 Insufficient Storage");
});

on_both!(a_series_and_its_moved_occurrence_are_one_entry_with_their_zone, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let phone = &mut scene.phone;
    assert_eq!(listed(phone, EVENTS).await.len(), 2);
    let asked = "<d:prop><d:getetag/><cal:calendar-data/></d:prop><cal:filter><cal:comp-filter name='VCALENDAR'>\
        <cal:comp-filter name='VEVENT'><cal:time-range start='20090901T000000Z' end='20091001T000000Z'/></cal:comp-filter>\
        </cal:comp-filter></cal:filter>";
    let told = responses(&phone.report(EVENTS, "cal:calendar-query", asked).await);
    assert_eq!(told.len(), 1);
    let text = &found(&told[0], CAL, "calendar-data").unwrap().text;
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "{text}");
    assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), 1);
    assert!(text.contains("RECURRENCE-ID") && text.contains("Class\\, later"));
    let entry = phone.get(href_of(&told[0])).await;
    assert_eq!(entry.headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(&entry.text(), text);
});

on_both!(tasks_are_todos_and_notes_are_journals, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    for (path, kind, says) in [
        ("/dav/calendars/tasks/", "BEGIN:VTODO", "SUMMARY:Call"),
        ("/dav/calendars/notes/", "BEGIN:VJOURNAL", "SUMMARY:Groceries"),
    ] {
        let listed = listed(&mut scene.phone, path).await;
        assert_eq!(listed.len(), 1, "{path}");
        let text = scene.phone.get(&listed[0].0).await.text();
        assert!(text.contains(kind) && text.contains(says) && text.contains("\r\nUID:"), "{text}");
    }
});

on_both!(a_hundred_and_more_members_come_whole, |db| {
    let mut scene = scene(db).await;
    let card = |n: usize| format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person {n}\r\nEND:VCARD\r\n");
    scene.import("contacts/many.vcf", &(0..250).map(card).collect::<String>()).await;
    scene.open_all().await;
    let listed = listed(&mut scene.phone, CONTACTS).await;
    assert_eq!(listed.len(), 252);
    let hrefs: String = listed.iter().map(|(href, _)| format!("<d:href>{href}</d:href>")).collect();
    let asked = format!("<d:prop><d:getetag/><card:address-data/></d:prop>{hrefs}");
    let told = responses(&scene.phone.report(CONTACTS, "card:addressbook-multiget", &asked).await);
    assert_eq!(told.iter().filter(|one| found(one, CARD, "address-data").is_some()).count(), 252);
});
