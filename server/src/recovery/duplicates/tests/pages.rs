//! The pages, from the list to the undo.

use http::{Request, StatusCode, header};

use super::choices::{card, import};
use crate::{
    accounts::Profile,
    on_both,
    store::{Result, sql},
    transaction,
    web::testing::{Answer, Browser, TestPortal},
};

const BASE: &str = "/recovery/contacts/duplicates";

async fn somebody(test: &TestPortal) -> (Profile, Browser) {
    let profile = test.subscriber("a-1", "+12125550101", "data-20").await;
    let cards = card("N:Doe;John;;;\nFN:John Doe\nTEL;TYPE=CELL:(206) 555-0123\nBDAY:1980-03-22\nUID:j1")
        + &card("N:Doe;John;Q;;\nFN:John Q. Doe\nTEL:+1 206 555 0123\nEMAIL:john@example.com\nUID:j2")
        + &card("FN:<b>Ann</b> Li\nTEL:+1 206 555 0188\nUID:a");
    import(test, "all", &cards).await;
    let browser = test.signed_in(&profile).await;
    (profile, browser)
}

/// The first address on a page that begins so.
fn address(page: &str, begin: &str) -> String {
    let rest = &page[page.find(begin).unwrap_or_else(|| panic!("{begin} in {page}"))..];
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

/// The value of a hidden field.
fn value(page: &str, name: &str) -> String {
    let begin = format!("name=\"{name}\" value=\"");
    let rest = &page[page.find(&begin).unwrap_or_else(|| panic!("{name} in {page}")) + begin.len()..];
    rest.split('"').next().unwrap().to_owned()
}

async fn bring(browser: &mut Browser, file: &[u8]) -> Answer {
    let boundary = "xyzzy";
    let head = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"c.vcf\"\r\ncontent-type: text/vcard\r\n\r\n"
    );
    let body = [head.as_bytes(), file, format!("\r\n--{boundary}--\r\n").as_bytes()].concat();
    let request = Request::post(format!("{BASE}/phone"))
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"));
    browser.send(request, body.into()).await
}

on_both!(from_the_list_to_a_merged_contact_and_back, |test| {
    let test = TestPortal::new(test);
    let (_, mut browser) = somebody(&test).await;
    let list = browser.get(BASE).await.text();
    assert!(list.contains("2 contacts look like duplicates, in 1 group."), "{list}");
    assert!(list.contains("The same name · The same phone number") && list.contains("Certain"));
    let group = address(&list, &format!("{BASE}/groups/"));
    let page = browser.get(&group).await.text();
    for words in ["Recovered 1", "Recovered 2", "john@example.com", "22 Mar 1980", "Keep both"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let form = browser.get(&format!("{group}/merge")).await.text();
    assert!(form.contains("Name: only one can stand"), "{form}");
    let check = browser.get(&format!("{group}/check?name=1")).await.text();
    assert!(check.contains("What is not in it") && check.contains("<dd>John Doe"), "{check}");
    let basis = value(&check, "basis");
    let fields = [("with", "0"), ("with", "1"), ("name", "1"), ("basis", basis.as_str())];
    let answer = browser.post(&format!("{group}/merge"), &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let again = browser.post(&format!("{group}/merge"), &fields).await;
    assert_eq!(again.location(), answer.location(), "pressed twice it is one choice");
    let done = browser.get(answer.location()).await.text();
    assert!(
        done.contains("Merged 2 contacts into one") && done.contains("No contacts of yours wait"),
        "{done}"
    );
    let choices = browser.get(&format!("{BASE}/choices")).await.text();
    let undo = address(&choices, &format!("{BASE}/choices/"));
    assert_eq!(browser.post(&undo, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.post(&undo, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get(BASE).await.text().contains("2 contacts look like duplicates"));
});

/// The text of one file of a ZIP.
fn inside(zip: &[u8], path: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    std::io::read_to_string(zip.by_name(path).unwrap()).unwrap()
}

on_both!(a_choice_shapes_the_next_edition_and_no_original, |test| {
    let test = TestPortal::new(test);
    let (_, mut browser) = somebody(&test).await;
    assert!(browser.get("/recovery/contacts").await.text().contains("2 contacts look like duplicates."));
    let before = browser.get("/recovery/archive.zip").await.body;
    assert_eq!(inside(&before, "contacts/contacts.vcf").matches("BEGIN:VCARD").count(), 3);
    test.clock.advance(60_000);
    browser.post(&format!("{BASE}/certain"), &[("do", "merge")]).await;
    assert_eq!(browser.get("/recovery/archive.zip").await.body, before, "a kept edition never changes");
    let page = browser.get("/recovery/archive").await.text();
    assert!(page.contains("a choice of yours") && !page.contains("look like duplicates"), "{page}");
    assert_eq!(browser.post("/recovery/archive", &[]).await.status, StatusCode::SEE_OTHER);
    let after = browser.get("/recovery/archive.zip").await.body;
    assert_eq!(inside(&after, "contacts/contacts.vcf").matches("BEGIN:VCARD").count(), 2);
    assert_eq!(inside(&after, "contacts/contacts-4.0.vcf").matches("BEGIN:VCARD").count(), 2);
    assert_eq!(inside(&after, "contacts/contacts.csv").lines().count(), 3);
    let original = "originals/contacts/all.vcf";
    assert_eq!(inside(&after, original), inside(&before, original));
    assert!(inside(&after, "README.html").contains("Duplicates among your contacts"));
    assert!(inside(&after, "manifest.json").contains("\"merged\": 2"), "{}", inside(&after, "manifest.json"));
    assert!(browser.get("/recovery/contacts").await.text().contains("3 recovered"), "the count stays");
});

on_both!(an_old_form_brings_the_group_back_with_what_happened, |test| {
    let test = TestPortal::new(test);
    let (_, mut browser) = somebody(&test).await;
    let group = address(&browser.get(BASE).await.text(), &format!("{BASE}/groups/"));
    let basis = value(&browser.get(&group).await.text(), "basis");
    let keep_all = [("do", "keep-all"), ("basis", basis.as_str())];
    assert_eq!(browser.post(&group, &keep_all).await.status, StatusCode::SEE_OTHER);
    let keep_one = [("do", "keep-one"), ("keep", "0"), ("basis", basis.as_str())];
    let answer = browser.post(&group, &keep_one).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("look again and choose") && answer.text().contains("Kept both"));
    let answer = browser.post(&group, &[("do", "keep-one"), ("basis", basis.as_str())]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("href=\"#keep\""));
});

on_both!(a_contact_that_cannot_be_read_moves_no_other, |test| {
    let test = TestPortal::new(test);
    let (_, mut browser) = somebody(&test).await;
    let group = address(&browser.get(BASE).await.text(), &format!("{BASE}/groups/"));
    transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
        sql("UPDATE items SET body = 'x' WHERE title = 'John Doe'").execute(tx).await?;
        Ok(())
    })
    .unwrap();
    let page = browser.get(&group).await.text();
    assert!(page.contains("it cannot be read"), "{page}");
    assert!(page.contains("<td data-from=\"Recovered 2\"><p>john@example.com</p>"), "{page}");
    assert_eq!(browser.get(&format!("{group}/merge")).await.status, StatusCode::SEE_OTHER);
    let answer = browser.get(&format!("{group}/check?with=0&with=1")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("“John Doe” cannot be read, so it cannot be merged"), "{}", answer.text());
    let basis = value(&answer.text(), "basis");
    let fields = [("with", "0"), ("with", "1"), ("basis", basis.as_str())];
    assert_eq!(browser.post(&format!("{group}/merge"), &fields).await.status, StatusCode::BAD_REQUEST);
});

on_both!(a_file_from_the_phone_is_compared_and_deleted, |test| {
    let test = TestPortal::new(test);
    let (_, mut browser) = somebody(&test).await;
    let answer = bring(&mut browser, card("FN:Ann Li\nTEL:206 555 0188\nNOTE:newer").as_bytes()).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, BASE));
    let list = browser.get(BASE).await.text();
    assert!(!list.contains("<b>Ann</b>"), "{list}");
    assert!(list.contains("1 recovered, 1 on your phone"), "{list}");
    let review = browser.get(&format!("{BASE}/certain?do=merge")).await.text();
    assert!(review.contains("become one contact for each group"), "{review}");
    for path in ["/phone", "/certain?do=keep-phone", "/undo", "/choices"] {
        assert_eq!(browser.get(&format!("{BASE}{path}")).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(browser.post(&format!("{BASE}/phone/delete"), &[]).await.status, StatusCode::SEE_OTHER);
    let (left,): (i64,) =
        sql("SELECT COUNT(*) FROM phone_cards").one(test.portal.db().unwrap()).await.unwrap();
    assert_eq!(left, 0);
});

on_both!(a_wrong_file_comes_back_with_why, |test| {
    let test = TestPortal::new(test);
    let (_, mut browser) = somebody(&test).await;
    let answer = bring(&mut browser, b"<html>").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("not a vCard") && answer.text().contains("href=\"#file\""));
    let answer = bring(&mut browser, b"").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = bring(&mut browser, &vec![b'x'; 10_000_001]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("larger than 10 MB"));
    let full = card(&format!("FN:Bo {}{}", "x".repeat(99), "\nTEL:1".repeat(100_000)));
    let answer = bring(&mut browser, full.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = format!("The contact “Bo {}” has 100002 entries, and 1000 is the most.", "x".repeat(57));
    assert!(answer.text().contains(&words), "{}", answer.text());
});

on_both!(what_is_not_released_or_anothers_is_not_found, |test| {
    let test = TestPortal::new(test);
    let (_, mut owner) = somebody(&test).await;
    let group = address(&owner.get(BASE).await.text(), &format!("{BASE}/groups/"));
    let other = test.subscriber("a-2", "+12125550102", "data-20").await;
    let mut browser = test.signed_in(&other).await;
    for path in [BASE, &group, &format!("{BASE}/phone"), &format!("{BASE}/choices")] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    test.holding(&other, app::Category::Contacts, 1, None).await;
    assert_eq!(browser.get(BASE).await.status, StatusCode::OK);
    for path in [group.as_str(), &format!("{group}/merge"), &format!("{group}/check")] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let undo = format!("{BASE}/choices/nothing/undo");
    assert_eq!(browser.post(&undo, &[]).await.status, StatusCode::NOT_FOUND);
    assert!(test.browser().get(BASE).await.location().starts_with("/sign-in"));
});

on_both!(duplicates_are_shown_and_chosen_about_in_spanish, |test| {
    let test = TestPortal::new(test);
    let (_, mut browser) = somebody(&test).await;
    browser.post("/language", &[("language", "es"), ("back", "/")]).await;
    let list = browser.get(BASE).await.text();
    assert!(list.contains("Parecen duplicados 2 contactos, en 1 grupo."), "{list}");
    assert!(list.contains("El mismo nombre · El mismo número de teléfono") && list.contains("Seguro"));
    let group = address(&list, &format!("{BASE}/groups/"));
    let page = browser.get(&group).await.text();
    for words in ["Recuperado 1", "Recuperado 2", "22 mar 1980", "(celular)", "Quedarse con los dos"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let form = browser.get(&format!("{group}/merge")).await.text();
    // A field is called the same in every language: what is picked must be found again.
    assert!(form.contains("name=\"name\"") && form.contains("Nombre: solo puede quedar un valor"), "{form}");
    let basis = value(&page, "basis");
    let fields = [("with", "0"), ("with", "1"), ("name", "1"), ("basis", basis.as_str())];
    let made = browser.post(&format!("{group}/merge"), &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let after = browser.get(made.headers["location"].to_str().unwrap()).await.text();
    assert!(after.contains("Se combinaron 2 contactos en uno."), "{after}");
    let refused = bring(&mut browser, b"hello").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("no es una vCard"), "{}", refused.text());
});
