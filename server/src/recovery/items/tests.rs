//! Browsing as a browser sees it, on both engines.

use app::Category;
use http::StatusCode;

use crate::{
    accounts::Profile,
    intake::Intake,
    on_both,
    recovery::{self, Cohort},
    store::{self, keyring::Keyring, keys::MasterKey, sql},
    transaction,
    web::testing::{Browser, TestPortal},
};

/// A subscriber whose recovered files these are: `("contacts/all.vcf", …)`; everything is released.
async fn with_files(test: &TestPortal, files: &[(&str, &[u8])]) -> (Profile, Browser) {
    let profile = test.subscriber("a-1", "+12125550101", "data-20").await;
    import(test, files).await;
    let p = &test.portal;
    for category in Category::ALL {
        recovery::release(p.db().unwrap(), &p.ambient, category, Cohort::Everyone, "test").await.unwrap();
    }
    let browser = test.signed_in(&profile).await;
    (profile, browser)
}

async fn import(test: &TestPortal, files: &[(&str, &[u8])]) {
    let root = test.folder.path().join("in");
    for (path, bytes) in files {
        let path = root.join("data/a-1").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let p = &test.portal;
    let keyring = Keyring::new(MasterKey::from_bytes([7; 32]));
    let intake = Intake::new(p.db().unwrap().clone(), p.blobs.clone(), keyring, p.ambient.clone());
    intake.import(&root, &mut |_| {}).await.1.unwrap();
}

fn cards<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n")).collect()
}

fn calendar(entries: &[&str]) -> String {
    let entries: String =
        entries.iter().map(|lines| format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT\n")).collect();
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{entries}END:VCALENDAR\n")
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

async fn id_of(test: &TestPortal, title: &str) -> String {
    let row = sql("SELECT id FROM items WHERE title = $1").bind(title);
    row.one::<(String,)>(test.portal.db().unwrap()).await.unwrap().0
}

/// The address that a link of this name leads to.
fn link(page: &str, name: &str) -> Option<String> {
    let before = page.split(&format!(">{name}<")).next().filter(|before| before.len() < page.len())?;
    let href = before.rsplit("href=\"").next()?;
    Some(href.split('"').next()?.replace("&amp;", "&"))
}

/// In which order these stand on the page, those that do.
fn order<'a>(page: &str, words: &[&'a str]) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> =
        words.iter().filter_map(|word| Some((page.find(&format!(">{word}<"))?, *word))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, word)| word).collect()
}

on_both!(letters_lead_to_their_contacts_and_only_those_that_exist, |test| {
    let test = TestPortal::new(test);
    let many: Vec<String> = (0..120).map(|n| format!("Bo {n:03}")).collect();
    let names = many.iter().map(String::as_str).chain(["Ängla", "Дмитрий", "山田", "+1 555", "Zoë"]);
    let (_, mut browser) = with_files(&test, &[("contacts/all.vcf", cards(names).as_bytes())]).await;
    let page = browser.get("/recovery/contacts").await.text();
    assert_eq!(order(&page, &["#", "A", "B", "C", "D", "S", "Z"])[..2], ["#", "A"]);
    assert!(link(&page, "C").is_none() && link(&page, "D").is_some(), "{page}");
    for (letter, name) in [("A", "Ängla"), ("D", "Дмитрий"), ("S", "山田"), ("Z", "Zoë"), ("#", "+1 555")]
    {
        let page = browser.get(&link(&page, letter).unwrap()).await.text();
        let first = page.split("<p class=\"title\">").nth(1).unwrap();
        assert!(first.contains(name), "{letter}: {first}");
    }
    let last = browser.get("/recovery/contacts?from=z").await.text();
    assert!(last.contains("Previous") && !last.contains(">Next<"));
});

on_both!(a_page_goes_on_where_it_was_when_its_last_contact_is_gone, |test| {
    let test = TestPortal::new(test);
    let names: Vec<String> = (0..130).map(|n| format!("{} {n:03}", ["Ann", "Bob"][n / 65])).collect();
    let cards = cards(names.iter().map(String::as_str));
    let (_, mut browser) = with_files(&test, &[("contacts/all.vcf", cards.as_bytes())]).await;
    let first = browser.get("/recovery/contacts").await.text();
    let second = browser.get(&link(&first, "Next").unwrap()).await.text();
    let next = link(&second, "Next").unwrap();
    assert!(next.contains("from=b") && !next.contains("bob"), "{next}");
    transaction!(test.portal.db().unwrap(), |tx| -> store::Result<u64> {
        sql("DELETE FROM items WHERE title = 'Bob 099'").execute(tx).await
    })
    .unwrap();
    let page = browser.get(&next).await.text();
    assert!(page.contains("Bob 065") && page.contains(">Previous<"), "{page}");
});

on_both!(a_search_takes_words_in_any_order_and_mail_and_work_too, |test| {
    let test = TestPortal::new(test);
    let card = "BEGIN:VCARD\nVERSION:3.0\nFN:Jörg Müller\nORG:Acme\nEMAIL:jm@example.com\nTEL:+1 (212) 555-0123\nEND:VCARD\n";
    let all = format!("{card}{}", cards(["Jorge Mills"]));
    let (_, mut browser) = with_files(&test, &[("contacts/all.vcf", all.as_bytes())]).await;
    for query in ["muller%20jorg", "M%C3%BCller", "acme", "JM@example.com", "212%20555%200123", "5550123"] {
        let page = browser.get(&format!("/recovery/contacts?q={query}")).await.text();
        assert!(page.contains("Jörg Müller") && !page.contains("Jorge Mills"), "{query}");
        assert!(page.contains("1 match for"), "{query}");
    }
});

on_both!(a_contacts_page_says_all_of_its_card_and_gives_it_away, |test| {
    let test = TestPortal::new(test);
    let picture = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, jpeg(40, 20));
    let card = format!(
        "BEGIN:VCARD\nVERSION:3.0\nUID:u1\nREV:2009-10-01T10:00:00Z\nFN:Ada Example\nORG:Acme\nTEL;TYPE=CELL:+1 212 555 0123\n\
         EMAIL:ada@example.com\nNICKNAME:Addie\nURL:javascript:alert(1)\nPHOTO;ENCODING=b;TYPE=JPEG:{picture}\nEND:VCARD\n"
    );
    let older = "BEGIN:VCARD\nVERSION:3.0\nUID:u1\nREV:2008-01-01T00:00:00Z\nFN:Ada Before\nEND:VCARD\n";
    let (_, mut browser) =
        with_files(&test, &[("contacts/a.vcf", card.as_bytes()), ("contacts/b.vcf", older.as_bytes())]).await;
    let path = format!("/recovery/contacts/{}", id_of(&test, "Ada Example").await);
    let page = browser.get(&path).await.text();
    for said in [
        "href=\"tel:+12125550123\"",
        "href=\"mailto:ada@example.com\"",
        "Addie",
        "Acme",
        "Ada Before",
        "1 January 2008",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(!page.contains("href=\"javascript"));

    let photo = browser.get(&format!("{path}/photo")).await;
    assert_eq!(
        (photo.status, photo.headers["content-type"].to_str().unwrap()),
        (StatusCode::OK, "image/jpeg")
    );
    assert!(photo.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert_eq!(photo.headers["x-content-type-options"], "nosniff");

    let download = browser.get(&format!("{path}/download")).await;
    assert!(download.headers["content-disposition"].to_str().unwrap().contains("Ada Example.vcf"));
    assert!(download.text().contains("FN:Ada Example") && !download.text().contains("Ada Before"));
    let version = page.split("/versions/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let other = browser.get(&format!("{path}/versions/{version}")).await.text();
    assert!(other.contains("FN:Ada Before"));
    assert_eq!(browser.get(&format!("{path}/original")).await.text(), card);
    assert_eq!(browser.get(&format!("{path}/versions/00")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&format!("{path}/picture")).await.status, StatusCode::NOT_FOUND);
});

on_both!(one_damaged_row_harms_no_other, |test| {
    let test = TestPortal::new(test);
    let all = cards(["Ann", "Bob", "Cid"]);
    let (_, mut browser) = with_files(&test, &[("contacts/all.vcf", all.as_bytes())]).await;
    transaction!(test.portal.db().unwrap(), |tx| -> store::Result<u64> {
        sql("UPDATE items SET details = '{\"kind\":', body = 'BEGIN' WHERE title = 'Bob'").execute(tx).await
    })
    .unwrap();
    let page = browser.get("/recovery/contacts").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(order(&page.text(), &["Ann", "Bob", "Cid"]), ["Ann", "Bob", "Cid"]);
    assert!(page.text().contains("We cannot show this one here."));
    let path = format!("/recovery/contacts/{}", id_of(&test, "Bob").await);
    let page = browser.get(&path).await;
    assert!(page.status == StatusCode::OK && page.text().contains("kept as it was found"));
    assert_eq!(browser.get(&format!("{path}/original")).await.text(), all);
    assert_eq!(browser.get(&format!("{path}/download")).await.status, StatusCode::OK);
});

on_both!(a_calendar_opens_at_the_last_sync_and_goes_by_days, |test| {
    let test = TestPortal::new(test);
    let old: Vec<String> =
        (0..60).map(|n| format!("SUMMARY:Old {n:02}\nDTSTART:200801{:02}T100000", n % 28 + 1)).collect();
    let new: Vec<String> = (0..60)
        .map(|n| {
            format!("SUMMARY:New {n:02}\nDTSTART;TZID=America/Los_Angeles:200911{:02}T100000", n % 28 + 1)
        })
        .collect();
    // 02:00 UTC on the 21st is the evening of the 20th in Los Angeles.
    let last = [
        "SUMMARY:Evening\nDTSTART:20091021T020000Z\nLOCATION:Here".to_owned(),
        "SUMMARY:Some day".to_owned(),
    ];
    let entries: Vec<&str> = old.iter().chain(&new).chain(&last).map(String::as_str).collect();
    let files = calendar(&entries);
    let (profile, mut browser) = with_files(&test, &[("calendar/all.ics", files.as_bytes())]).await;
    transaction!(test.portal.db().unwrap(), |tx| -> store::Result<u64> {
        sql("UPDATE holdings SET as_of = 1254355200000 WHERE subscriber_id = $1")
            .bind(&profile.id)
            .execute(tx)
            .await
    })
    .unwrap();
    let page = browser.get("/recovery/calendar").await.text();
    assert!(page.contains("Tuesday, 20 October 2009") && page.contains(">Evening<"), "{page}");
    assert!(page.contains("19:00") && !page.contains("Old 0") && page.contains("Previous"), "{page}");
    let before = browser.get(&link(&page, "Previous").unwrap()).await.text();
    assert!(before.contains("January 2008") && !before.contains("Evening"));
    let end = browser.get(&link(&page, "Next").unwrap()).await.text();
    assert!(end.contains("No date") && end.contains("Some day"), "{end}");
});

on_both!(a_month_shows_what_repeats_on_each_of_its_days, |test| {
    let test = TestPortal::new(test);
    let files = calendar(&[
        "UID:w\nSUMMARY:Weekly\nDTSTART;TZID=America/Los_Angeles:20090903T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL=20091105T000000Z",
        "UID:w\nRECURRENCE-ID;TZID=America/Los_Angeles:20091015T090000\nSUMMARY:Moved\nDTSTART;TZID=America/Los_Angeles:20091016T110000",
        "UID:b\nSUMMARY:Birthday\nDTSTART;VALUE=DATE:19800312\nRRULE:FREQ=YEARLY",
        "UID:t\nSUMMARY:Trip\nDTSTART;VALUE=DATE:20090929\nDTEND;VALUE=DATE:20091003",
    ]);
    let (_, mut browser) = with_files(&test, &[("calendar/all.ics", files.as_bytes())]).await;
    let october = browser.get("/recovery/calendar?month=2009-10").await.text();
    assert_eq!(october.matches("</span>Weekly<").count(), 4, "{october}");
    assert_eq!(october.matches("Moved").count(), 1);
    assert_eq!(october.matches("Trip").count(), 2);
    assert!(october.contains("Thursday, 1 October") && october.contains(">October 2009<"));
    // The weekly entry ends before its day in November: the next month with something is the birthday's.
    assert!(october.contains("month=2009-09") && october.contains("month=2010-03"), "{october}");
    let november = browser.get("/recovery/calendar?month=2009-11").await.text();
    assert!(november.contains("month=2009-10") && november.contains("month=2010-03"), "{november}");
    for odd in ["", "foo", "2009-99", "9999-12", "0001-01"] {
        let answer = browser.get(&format!("/recovery/calendar?month={odd}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{odd}");
    }
    let weekly = browser.get(&format!("/recovery/calendar/{}", id_of(&test, "Weekly").await)).await.text();
    assert!(weekly.contains("every week, until") && weekly.contains("America/Los_Angeles"), "{weekly}");
});

on_both!(what_began_long_ago_and_goes_on_is_in_the_month, |test| {
    let test = TestPortal::new(test);
    let files = calendar(&[
        "UID:l\nSUMMARY:Leave\nDTSTART;VALUE=DATE:20080115\nDTEND;VALUE=DATE:20091003",
        "UID:s\nSUMMARY:Semester\nDTSTART;TZID=America/Los_Angeles:20090817T080000\nDURATION:P100D",
        "UID:o\nSUMMARY:Over\nDTSTART;VALUE=DATE:20080115\nDTEND;VALUE=DATE:20091001",
        "UID:c\nSUMMARY:Course\nDTSTART;VALUE=DATE:20080815\nDTEND;VALUE=DATE:20081003\nRRULE:FREQ=YEARLY",
        "UID:n\nSUMMARY:Night \\\"ends\\\"\nDTSTART:20090930T230000\nDTEND:20091001T060000",
    ]);
    let (_, mut browser) = with_files(&test, &[("calendar/all.ics", files.as_bytes())]).await;
    let october = browser.get("/recovery/calendar?month=2009-10").await.text();
    for (title, days) in [("Leave", 2), ("Semester", 31), ("Over", 0), ("Course", 2), ("Night", 1)] {
        assert_eq!(october.matches(&format!(">{title}")).count(), days, "{title}: {october}");
    }
    assert!(!october.contains("more in this month"), "{october}");
});

on_both!(a_busy_month_leaves_the_next_its_place_and_says_that_it_is_not_whole, |test| {
    let test = TestPortal::new(test);
    let busy: Vec<String> = (0..2_005)
        .map(|n| {
            let minute = n % 60;
            format!(
                "UID:{n}\nSUMMARY:Busy {n}\nDTSTART:200909{:02}T10{minute:02}00\nDURATION:PT1H",
                20 + n % 10
            )
        })
        .collect();
    let mut entries: Vec<&str> = busy.iter().map(String::as_str).collect();
    entries.push("UID:d\nSUMMARY:Dentist\nDTSTART:20091015T100000");
    entries.push("UID:t\nSUMMARY:Trip\nDTSTART;VALUE=DATE:20090922\nDTEND;VALUE=DATE:20091002");
    let (_, mut browser) = with_files(&test, &[("calendar/all.ics", calendar(&entries).as_bytes())]).await;
    let october = browser.get("/recovery/calendar?month=2009-10").await.text();
    assert!(october.contains("Dentist") && october.contains("Trip"), "{october}");
    assert!(!october.contains("more in this month"), "{october}");
    let september = browser.get("/recovery/calendar?month=2009-09").await.text();
    assert!(september.contains("more in this month") && september.contains("Busy"), "{september}");
});

on_both!(tasks_stand_by_state_and_can_be_filtered, |test| {
    let test = TestPortal::new(test);
    let task = |lines: &str| format!("BEGIN:VTODO\n{lines}\nEND:VTODO\n");
    let tasks = [
        task("SUMMARY:Later\nDUE:20100101T100000"),
        task("SUMMARY:Sooner\nDUE:20091001T100000"),
        task("SUMMARY:Whenever"),
        task("SUMMARY:Did it\nCOMPLETED:20090930T180000Z"),
        task("SUMMARY:Off\nSTATUS:CANCELLED\nDUE:20080101"),
    ];
    let file = format!("BEGIN:VCALENDAR\nVERSION:2.0\n{}END:VCALENDAR\n", tasks.concat());
    let (_, mut browser) = with_files(&test, &[("tasks/all.ics", file.as_bytes())]).await;
    let all = ["Sooner", "Later", "Whenever", "Off", "Did it"];
    let page = browser.get("/recovery/tasks").await.text();
    assert_eq!(order(&page, &all), all);
    let open = browser.get(&link(&page, "To do").unwrap()).await.text();
    assert_eq!(order(&open, &all), all[..3]);
    let done = browser.get(&link(&page, "Done").unwrap()).await.text();
    assert_eq!(order(&done, &all), all[3..]);
});

on_both!(photos_stand_by_month_and_are_shown_as_pictures_and_nothing_else, |test| {
    let test = TestPortal::new(test);
    let (first, second) = (jpeg(400, 300), jpeg(20, 10));
    let mut heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    heic.extend([0; 64]);
    let files: [(&str, &[u8]); 3] =
        [("photos/a.jpg", &first), ("photos/b.svg", &second), ("photos/c.heic", &heic)];
    let (_, mut browser) = with_files(&test, &files).await;
    let page = browser.get("/recovery/photos").await.text();
    assert!(
        page.contains("No date") && page.contains("loading=\"lazy\"") && page.contains(">HEIC<"),
        "{page}"
    );
    let path = format!("/recovery/photos/{}", id_of(&test, "b.svg").await);
    let picture = browser.get(&format!("{path}/picture")).await;
    assert_eq!(picture.headers["content-type"], "image/jpeg");
    assert_eq!(picture.headers["content-security-policy"], "default-src 'none'; sandbox");
    assert_eq!(picture.body, second);
    let etag = picture.headers["etag"].to_str().unwrap().to_owned();
    let again = http::Request::get(format!("{path}/picture")).header("if-none-match", etag);
    assert_eq!(browser.send(again, axum::body::Body::empty()).await.status, StatusCode::NOT_MODIFIED);
    let one = browser.get(&path).await.text();
    assert!(one.contains("width=\"20\" height=\"10\"") && one.contains("20 × 10 pixels"), "{one}");
    assert!(one.contains("rel=\"prev\"") && one.contains("rel=\"next\""));
    assert_eq!(browser.get(&format!("{path}/download")).await.body, second);
    let heic = format!("/recovery/photos/{}", id_of(&test, "c.heic").await);
    assert!(browser.get(&heic).await.text().contains("Browsers do not show HEIC pictures"));
    assert_eq!(browser.get(&format!("{heic}/picture")).await.status, StatusCode::NOT_FOUND);
});

on_both!(damaged_bytes_are_a_page_that_says_so_and_are_marked, |test| {
    let test = TestPortal::new(test);
    let all = cards(["Ann"]);
    let (_, mut browser) = with_files(&test, &[("contacts/all.vcf", all.as_bytes())]).await;
    let (blob,): (String,) = sql("SELECT blob FROM files").one(test.portal.db().unwrap()).await.unwrap();
    std::fs::remove_file(test.portal.blobs.folder().unwrap().join(blob)).unwrap();
    let path = format!("/recovery/contacts/{}", id_of(&test, "Ann").await);
    let answer = browser.get(&format!("{path}/original")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.text().contains("We cannot read this file any more"), "{}", answer.text());
    let (marked,): (i64,) = sql("SELECT COUNT(*) FROM files WHERE damaged_at IS NOT NULL")
        .one(test.portal.db().unwrap())
        .await
        .unwrap();
    assert_eq!(marked, 1);
    let page = browser.get(&path).await.text();
    assert!(page.contains("The file it came in is damaged.") && !page.contains("/original"), "{page}");
    assert_eq!(browser.get(&format!("{path}/download")).await.status, StatusCode::OK);
});

on_both!(scores_go_by_game_and_purchases_by_date_with_a_sum_for_each_currency, |test| {
    let test = TestPortal::new(test);
    let scores = "game,score\nZoo,5\nTetris,100\nTetris,900\n";
    let purchases = "product,price,currency,date\nSong,4.99,USD,2009-01-02\nRing,1.01,USD,2009-08-01\nGame,3,EUR,\nGift,,,2008-05-05\n";
    let files: [(&str, &[u8]); 2] =
        [("high-scores/a.csv", scores.as_bytes()), ("purchases/a.csv", purchases.as_bytes())];
    let (_, mut browser) = with_files(&test, &files).await;
    let page = browser.get("/recovery/high-scores").await.text();
    assert_eq!(order(&page, &["900", "100", "5"]), ["900", "100", "5"]);
    let back = browser.get(&link(&page, "Games Z to A").unwrap()).await.text();
    assert_eq!(order(&back, &["900", "100", "5"]), ["5", "100", "900"]);
    let page = browser.get("/recovery/purchases").await.text();
    assert_eq!(order(&page, &["Song", "Ring", "Game", "Gift"]), ["Ring", "Song", "Gift", "Game"]);
    assert!(
        page.contains("In all: 3.00 EUR, 6.00 USD.") && page.contains("1 purchase is not in this sum"),
        "{page}"
    );
    let song = browser.get(&format!("/recovery/purchases/{}/download", id_of(&test, "Song").await)).await;
    assert!(song.text().contains("Song") && !song.text().contains("Ring"));
});

on_both!(a_long_note_is_read_whole_and_taken_away_as_text, |test| {
    let test = TestPortal::new(test);
    let text = format!("Groceries\n{}\n  the last line", "milk and bread ".repeat(400));
    let (_, mut browser) = with_files(&test, &[("notes/a.txt", text.as_bytes())]).await;
    let list = browser.get("/recovery/notes").await.text();
    assert!(list.contains('…') && !list.contains("the last line"));
    let path = format!("/recovery/notes/{}", id_of(&test, "Groceries").await);
    let page = browser.get(&path).await.text();
    assert!(page.contains("  the last line") && page.matches("Groceries").count() >= 2);
    let download = browser.get(&format!("{path}/download")).await;
    assert_eq!(download.headers["content-type"], "text/plain; charset=utf-8");
    assert!(download.text().ends_with("  the last line\r\n"));
});

on_both!(nothing_of_an_item_is_anothers_or_opens_before_its_release, |test| {
    let test = TestPortal::new(test);
    let (_, _) = with_files(&test, &[("contacts/all.vcf", cards(["Ann"]).as_bytes())]).await;
    let other = test.subscriber("a-2", "+12125550102", "data-20").await;
    test.holding(&other, Category::Contacts, 1, None).await;
    let mut browser = test.signed_in(&other).await;
    let path = format!("/recovery/contacts/{}", id_of(&test, "Ann").await);
    for part in ["", "/download", "/original", "/photo", "/picture", "/thumbnail", "/versions/00"] {
        assert_eq!(browser.get(&format!("{path}{part}")).await.status, StatusCode::NOT_FOUND, "{part}");
        let answer = test.browser().get(&format!("{path}{part}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{part}");
    }
});

on_both!(what_came_back_is_shown_in_spanish, |test| {
    let test = TestPortal::new(test);
    let card =
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Example\nTEL;TYPE=HOME,CELL:555 0100\nBDAY:1980-04-07\nEND:VCARD\n";
    let calendar = calendar(&[
        "UID:1\nSUMMARY:Dentist\nDTSTART;TZID=Europe/Paris:20090115T140000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=SA\nBEGIN:VALARM\nTRIGGER:-PT15M\nACTION:DISPLAY\nEND:VALARM",
        "UID:2\nSUMMARY:Holiday\nDTSTART;VALUE=DATE:20090116",
    ]);
    let scores = b"game,score,achieved\nTetris,10,2009-08-01\n";
    let (_, mut browser) = with_files(
        &test,
        &[
            ("contacts/all.vcf", card.as_bytes()),
            ("contacts/empty.vcf", b"hello"),
            ("calendar/all.ics", calendar.as_bytes()),
            ("high-scores/all.csv", scores),
        ],
    )
    .await;
    let english = browser.get("/recovery/contacts").await.text();
    assert!(english.contains("not a vCard: no BEGIN:VCARD line"), "{english}");
    browser.post("/language", &[("language", "es"), ("back", "/")]).await;
    let said = async |browser: &mut Browser, path: &str, words: &[&str]| {
        let page = browser.get(path).await.text();
        for word in words {
            assert!(page.contains(word), "{word} in {path}: {page}");
        }
        for english in ["recovered", "Search your", "Download", "every week", "Jan 2009", "All day", "Phone"]
        {
            assert!(!page.contains(english), "{english} in {path}: {page}");
        }
        page
    };
    said(&mut browser, "/recovery", &["Su recuperación", "Recuperado: 1;", "Descargar todo"]).await;
    let words = ["Buscar en sus contactos", "no es una vCard"];
    said(&mut browser, "/recovery/contacts", &words).await;
    let words = ["Todo el día", "viernes, 16 de enero de 2009", "Se repite cada semana, los sábados"];
    said(&mut browser, "/recovery/calendar?from=2009-01", &words).await;
    said(&mut browser, "/recovery/calendar?month=2009-01", &["enero de 2009", "miércoles", "mié"]).await;
    said(&mut browser, "/recovery/high-scores", &["1 ago 2009"]).await;
    let contact = format!("/recovery/contacts/{}", id_of(&test, "Ann Example").await);
    said(&mut browser, &contact, &["Teléfono (casa, celular)", "7 abr 1980", "Llévese esto"]).await;
    let entry = format!("/recovery/calendar/{}", id_of(&test, "Dentist").await);
    let words = [
        "15 ene 2009, 14:00 hasta 15:00 (Europe/Paris)",
        "cada semana, los sábados",
        "15 minutos antes de empezar",
    ];
    said(&mut browser, &entry, &words).await;
    let counts = browser.get("/recovery/counts").await.text();
    assert!(counts.contains("Recuperado: 1; no se sabe"), "{counts}");
});
