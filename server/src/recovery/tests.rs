use app::Category;
use http::StatusCode;

use crate::{
    accounts::Profile,
    intake::Intake,
    on_both,
    store::{keyring::Keyring, keys::MasterKey, sql},
    web::testing::{Browser, TestPortal},
};

/// A subscriber with `count` contacts, `Person 000` and on.
async fn with_contacts(test: &TestPortal, count: usize) -> (Profile, Browser) {
    let profile = test.subscriber("a-1", "+12125550101", "data-20").await;
    let root = test.folder.path().join("in");
    let folder = root.join("data/a-1/contacts");
    std::fs::create_dir_all(&folder).unwrap();
    let cards: String = (0..count)
        .map(|n| format!("BEGIN:VCARD\nVERSION:3.0\nFN:Person {n:03}\nTEL:+1 212 555 {n:04}\nEND:VCARD\n"))
        .collect();
    std::fs::write(folder.join("all.vcf"), cards).unwrap();
    let p = &test.portal;
    let keyring = Keyring::new(MasterKey::from_bytes([7; 32]));
    let intake = Intake::new(p.db().unwrap().clone(), p.blobs.clone(), keyring, p.ambient.clone());
    intake.import(&root, &mut |_| {}).await.1.unwrap();
    let everyone = super::Cohort::Everyone;
    super::release(p.db().unwrap(), &p.ambient, Category::Contacts, everyone, "test").await.unwrap();
    let browser = test.signed_in(&profile).await;
    (profile, browser)
}

/// The address that a link of this name leads to.
fn link(page: &str, name: &str) -> Option<String> {
    let before = page.split(&format!("{name}</a>")).next().filter(|before| before.len() < page.len())?;
    let href = before.rsplit("href=\"").next()?;
    Some(href.split('"').next()?.replace("&amp;", "&"))
}

on_both!(a_long_list_is_walked_by_next_and_back_by_previous, |test| {
    let test = TestPortal::new(test);
    let (_, mut browser) = with_contacts(&test, 120).await;
    let mut pages = vec![browser.get("/recovery/contacts").await.text()];
    while let Some(next) = link(pages.last().unwrap(), "Next") {
        pages.push(browser.get(&next).await.text());
    }
    assert_eq!(pages.len(), 3);
    for n in 0..120 {
        let name = format!("Person {n:03}");
        assert_eq!(pages.iter().filter(|page| page.contains(&name)).count(), 1, "{name}");
    }
    let back = browser.get(&link(&pages[2], "Previous").unwrap()).await.text();
    assert!(back.contains("Person 050") && back.contains("Person 099") && !back.contains("Person 100"));
    assert!(link(&pages[0], "Previous").is_none());
});

on_both!(a_search_finds_names_and_numbers, |test| {
    let test = TestPortal::new(test);
    let (_, mut browser) = with_contacts(&test, 20).await;
    for query in ["person%20007", "PERSON+007", "(212)%20555-0007"] {
        let page = browser.get(&format!("/recovery/contacts?q={query}")).await.text();
        assert!(page.contains("Person 007") && !page.contains("Person 008"), "{query}");
    }
    let page = browser.get("/recovery/contacts?q=%3Cscript%3E").await.text();
    assert!(!page.contains("<script>"));
});

on_both!(the_overview_says_name_then_count_then_state, |test| {
    let test = TestPortal::new(test);
    let profile = test.subscriber("a-1", "+12125550101", "data-20").await;
    test.holding(&profile, Category::Contacts, 64, Some(300)).await;
    let page = test.signed_in(&profile).await.get("/recovery").await.text();
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is on the page"));
    assert!(at(">Contacts<") < at("64 of 300 recovered"));
    assert!(at("64 of 300 recovered") < at("Partially restored"));
});

on_both!(somebody_of_whom_nothing_was_lost_is_told_so, |test| {
    let test = TestPortal::new(test);
    let profile = test.subscriber("a-1", "+12125550101", "data-20").await;
    let answer = test.signed_in(&profile).await.get("/recovery").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.text().contains("recovered</p>"));
    assert!(
        answer.text().contains("not affected") || answer.text().contains("Nothing of yours"),
        "{}",
        answer.text()
    );
});

on_both!(what_is_anothers_is_not_found, |test| {
    let test = TestPortal::new(test);
    let (_, mut owner) = with_contacts(&test, 1).await;
    let other = test.subscriber("a-2", "+12125550102", "data-20").await;
    test.holding(&other, Category::Contacts, 1, None).await;
    let mut browser = test.signed_in(&other).await;
    let (id,): (String,) = sql("SELECT id FROM items").one(test.portal.db().unwrap()).await.unwrap();
    let path = format!("/recovery/contacts/{id}");
    assert_eq!(owner.get(&path).await.status, StatusCode::OK);
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&format!("{path}/thumbnail")).await.status, StatusCode::NOT_FOUND);
    let page = browser.get(&format!("/recovery/contacts?after={id}")).await.text();
    assert!(!page.contains("Person 000"));
});

on_both!(words_that_are_no_category_are_not_found, |test| {
    let test = TestPortal::new(test);
    let (_, mut browser) = with_contacts(&test, 1).await;
    for path in ["/recovery/fotos", "/recovery/contacts/nothing", "/recovery/contacts/quarantine/nothing"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
});

on_both!(whoever_is_not_signed_in_is_led_to_sign_in_and_programs_are_told, |test| {
    let test = TestPortal::new(test);
    let mut browser = test.browser();
    let answer = browser.get("/recovery").await;
    assert!(answer.location().starts_with("/sign-in"));
    for path in ["/recovery/events", "/recovery/counts"] {
        assert_eq!(browser.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
});
