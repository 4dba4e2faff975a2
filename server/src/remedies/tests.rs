//! Claiming as a person does it, over HTTP, on both engines.

use app::Category;
use http::StatusCode;

use super::*;
use crate::{
    ambient::{DAY, HOUR, SECOND},
    on_both,
    store::sql,
    web::testing::{Answer, Browser, TestPortal},
};

const DEMO: &str = include_str!("../../../demo/incident.toml");

/// Somebody of whose 300 contacts 64 came back, on the data plan.
pub(crate) async fn affected(test: &TestPortal) -> (Profile, Browser) {
    affected_as(test, "a-1", "+12125550101", "data-20").await
}

pub(crate) async fn affected_as(
    test: &TestPortal,
    account: &str,
    phone: &str,
    plan: &str,
) -> (Profile, Browser) {
    let person = test.subscriber(account, phone, plan).await;
    test.holding(&person, Category::Contacts, 64, Some(300)).await;
    let browser = test.signed_in(&person).await;
    (person, browser)
}

/// The value of a hidden field.
pub(crate) fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let tag = text.split('<').find(|tag| tag.contains(&format!("name=\"{name}\""))).unwrap_or_default();
    let value = tag.split("value=\"").nth(1).unwrap_or_default();
    value.split('"').next().unwrap_or_default().to_owned()
}

/// From the check page of `slug` to the answer of its post.
pub(crate) async fn claim_by_form(browser: &mut Browser, slug: &str) -> Answer {
    let check = browser.get(&format!("/remedies/{slug}/check")).await;
    assert_eq!(check.status, StatusCode::OK);
    post_claim(browser, slug, &check).await
}

pub(crate) async fn post_claim(browser: &mut Browser, slug: &str, check: &Answer) -> Answer {
    let terms = hidden(check, "terms");
    let names = ["delivery-free-month", "delivery-gift-card", "seen-free-month", "seen-gift-card"];
    let shown = names.map(|name| (name, hidden(check, name)));
    let mut fields = vec![("terms", terms.as_str())];
    fields.extend(
        shown.iter().map(|(name, value)| (*name, value.as_str())).filter(|(_, value)| !value.is_empty()),
    );
    browser.post(&format!("/remedies/{slug}/claim"), &fields).await
}

pub(crate) async fn count(test: &TestPortal, statement: &'static str) -> i64 {
    let (count,): (i64,) = sql(statement).one(test.portal.db().unwrap()).await.unwrap();
    count
}

pub(crate) async fn claims_and_grants(test: &TestPortal) -> (i64, i64) {
    (count(test, "SELECT COUNT(*) FROM claims").await, count(test, "SELECT COUNT(*) FROM grants").await)
}

on_both!(the_offers_say_what_one_is_entitled_to_and_why, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let text = browser.get("/remedies").await.text();
    assert!(text.contains("You were affected: 64 of 300 contacts have come back so far"));
    assert!(text.contains("Your plan is data-20, and this is for that plan"));
    assert!(text.contains("Claim both"));
});

on_both!(files_of_no_known_category_are_in_nobodys_way, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", "+12125550101", "data-20").await;
    transaction!(test.portal.db().unwrap(), |tx| -> storage::Result<()> {
        sql("INSERT INTO holdings (subscriber_id, category, files, quarantined, changed_at)
             VALUES ($1, 'unknown', 1, 1, 0)")
        .bind(&person.id)
        .execute(tx)
        .await?;
        Ok(())
    })
    .unwrap();
    let mut browser = test.signed_in(&person).await;
    for path in ["/recovery", "/recovery/archive", "/remedies"] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert!(browser.get("/remedies").await.text().contains("files of yours had to be recovered"));
});

on_both!(a_remedy_is_claimed_in_three_pages, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let choose = browser.get("/remedies/gift-card").await.text();
    assert!(choose.contains("Claiming does not limit any right you have, in or out of court"));
    let check = browser.get("/remedies/gift-card/check?delivery-gift-card=email").await;
    assert!(check.text().contains("a…@example.com"));
    let made = post_claim(&mut browser, "gift-card", &check).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let page = browser.get(made.location()).await.text();
    for words in [
        "Your claim is made",
        "Claim received",
        "Claim granted",
        "Payout",
        "Not started; we will write to you. It arrives by 3 November 2009.",
        "20 October 2009, 05:00 PDT",
        "Claiming does not limit any right you have, in or out of court",
        "href=\"/remedies/gift-card\"",
    ] {
        assert!(page.contains(words), "{words}");
    }
    test.clock.advance(HOUR / 6);
    assert!(!browser.get(made.location()).await.text().contains("Your claim is made"));
    let claims = browser.get("/claims").await.text();
    assert!(claims.contains(&format!("href=\"{}\"", made.location())));
    assert_eq!(claims_and_grants(&test).await, (1, 1));
});

on_both!(all_in_one_pass_makes_two_claims, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let made = claim_by_form(&mut browser, "all").await;
    assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, "/claims"));
    assert!(browser.get("/claims").await.text().contains("Your claims are made"));
    assert_eq!(claims_and_grants(&test).await, (2, 2));
    let portal = &test.portal;
    let (db, now) = (portal.db().unwrap(), portal.ambient.now());
    assert!(!can_claim(db, &portal.incident, &person, now).await.unwrap());
    assert_eq!(claims_of(db, &portal.incident, &person.id).await.unwrap().len(), 2);
    assert_eq!(browser.get("/remedies/all").await.location(), "/remedies");
});

on_both!(eight_posts_at_once_make_one_claim, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let check = browser.get("/remedies/gift-card/check").await;
    let terms = hidden(&check, "terms");
    let mut tabs = Vec::new();
    for _ in 0..8 {
        tabs.push(test.signed_in(&person).await);
    }
    let form = [("terms", terms.as_str())];
    let presses = tabs.iter_mut().map(|tab| tab.post("/remedies/gift-card/claim", &form));
    let answers = futures::future::join_all(presses).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::SEE_OTHER));
    assert!(answers.iter().all(|answer| answer.location() == answers[0].location()));
    assert_eq!(claims_and_grants(&test).await, (1, 1));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM claim_events").await, 2);
    let told = "SELECT COUNT(*) FROM messages WHERE template = 'claim-granted' AND channel = 'sms'";
    assert_eq!(count(&test, told).await, 1);
});

on_both!(forty_people_who_claim_at_once_all_get_theirs, |db| {
    let test = TestPortal::new(db);
    let mut browsers = Vec::new();
    for n in 0..40 {
        let (account, phone) = (format!("a-{n}"), format!("+121255501{n:02}"));
        browsers.push(affected_as(&test, &account, &phone, "data-20").await.1);
    }
    let wishes = test.portal.incident.remedies.iter();
    let terms = terms::version(wishes);
    let form = [("terms", terms.as_str()), ("delivery-free-month", "bill"), ("delivery-gift-card", "email")];
    let presses = browsers.iter_mut().map(|browser| browser.post("/remedies/all/claim", &form));
    let answers = futures::future::join_all(presses).await;
    let failed = answers.iter().filter(|answer| answer.status != StatusCode::SEE_OTHER).count();
    assert_eq!((failed, claims_and_grants(&test).await), (0, (80, 80)));
});

on_both!(a_second_tab_and_a_reload_find_the_claim_that_is_there, |db| {
    let test = TestPortal::new(db);
    let (person, mut first) = affected(&test).await;
    let mut second = test.signed_in(&person).await;
    let (here, there) =
        (first.get("/remedies/all/check").await, second.get("/remedies/gift-card/check").await);
    let made = post_claim(&mut second, "gift-card", &there).await;
    assert_eq!(post_claim(&mut second, "gift-card", &there).await.location(), made.location());
    assert_eq!(post_claim(&mut first, "all", &here).await.location(), "/claims");
    assert_eq!(claims_and_grants(&test).await, (2, 2));
    assert_eq!(first.get("/remedies/gift-card/check").await.location(), "/remedies/gift-card");
    assert!(first.get("/remedies/gift-card").await.text().contains(made.location()));
});

on_both!(another_persons_claim_is_not_found, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let (_, mut eve) = affected_as(&test, "a-2", "+12125550102", "data-20").await;
    let made = claim_by_form(&mut ada, "gift-card").await;
    assert_eq!(ada.get(made.location()).await.status, StatusCode::OK);
    assert_eq!(ada.get(&made.location().to_lowercase().replace("/mg", "/MG")).await.status, StatusCode::OK);
    assert_eq!(eve.get(made.location()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(eve.get("/claims/MG-0000-0000-0000").await.status, StatusCode::NOT_FOUND);
    assert_eq!(eve.get("/claims/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(test.browser().get(made.location()).await.status, StatusCode::SEE_OTHER);
});

on_both!(whoever_is_not_entitled_is_told_why_and_gets_nothing, |db| {
    let test = TestPortal::new(db);
    let (_, mut other_plan) = affected_as(&test, "a-2", "+12125550102", "data-10").await;
    let text = other_plan.get("/remedies/free-month").await.text();
    assert!(text.contains("Your plan is data-10, and this is for data-20"));
    assert_eq!(other_plan.get("/remedies/free-month/check").await.location(), "/remedies/free-month");
    let unaffected = test.subscriber("a-3", "+12125550103", "data-20").await;
    let mut unaffected = test.signed_in(&unaffected).await;
    assert!(unaffected.get("/remedies").await.text().contains("nothing of yours was lost"));
    for browser in [&mut other_plan, &mut unaffected] {
        let terms = terms::version(test.portal.incident.remedy("free-month").into_iter());
        let refused = browser.post("/remedies/free-month/claim", &[("terms", &terms)]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text().contains("Nothing was claimed"));
    }
    assert_eq!(claims_and_grants(&test).await, (0, 0));
});

on_both!(what_closed_while_one_was_reading_is_not_claimed, |db| {
    let closing = DEMO.replace("[[remedies]]", "[[remedies]]\ncloses = 2009-10-21T12:00:00Z");
    let test = TestPortal::with_incident(db, &closing);
    let (person, mut browser) = affected(&test).await;
    let check = browser.get("/remedies/all/check").await;
    assert!(
        browser.get("/remedies").await.text().contains("It can be claimed until 21 October 2009, 05:00 PDT")
    );
    test.clock.advance(DAY);
    let mut browser = {
        drop(browser);
        test.signed_in(&person).await
    };
    let late = post_claim(&mut browser, "all", &check).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("It could be claimed until 21 October 2009, 05:00 PDT"));
    assert_eq!(claims_and_grants(&test).await, (0, 0));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM messages").await, 0);
});

on_both!(who_has_it_is_not_told_later_that_it_is_not_theirs, |db| {
    let closing = DEMO.replace("[[remedies]]", "[[remedies]]\ncloses = 2009-10-21T12:00:00Z");
    let test = TestPortal::with_incident(db, &closing);
    let (person, mut browser) = affected(&test).await;
    claim_by_form(&mut browser, "gift-card").await;
    test.clock.advance(DAY);
    let mut browser = test.signed_in(&person).await;
    let page = browser.get("/remedies/gift-card").await.text();
    assert!(page.contains("You have claimed this:") && !page.contains("entitled to this"), "{page}");
    let offers = browser.get("/remedies").await.text();
    assert!(!offers.contains("You are not entitled to this"), "{offers}");
    assert_eq!(offers.matches("It is too late to claim this").count(), 1, "the other closed unclaimed");
    assert_eq!(browser.get("/remedies/free-month/appeal").await.status, StatusCode::OK, "why it is too late");
});

on_both!(what_has_not_opened_yet_is_promised_and_no_no_to_appeal_against, |db| {
    let opening = DEMO.replace("[[remedies]]", "[[remedies]]\nopens = 2009-10-21T12:00:00Z");
    let test = TestPortal::with_incident(db, &opening);
    let (person, mut browser) = affected(&test).await;
    let offers = browser.get("/remedies").await.text();
    for words in [
        "You are entitled to this, and it has not opened yet",
        "It can be claimed from 21 October 2009, 05:00 PDT",
        "There is nothing that you can claim yet",
        "If you do not claim it, you get it all the same",
    ] {
        assert!(offers.contains(words), "{words} in {offers}");
    }
    for page in [offers, browser.get("/remedies/gift-card").await.text()] {
        assert!(!page.contains("You are not entitled") && !page.contains("/appeal"), "{page}");
    }
    assert_eq!(browser.get("/remedies/gift-card/appeal").await.location(), "/remedies/gift-card");
    let told = browser.post("/remedies/gift-card/appeal", &[("text", "Give it now.")]).await;
    assert_eq!(told.location(), "/remedies/gift-card");
    // Whom the rules refuse is told so, and may appeal.
    let (_, mut other) = affected_as(&test, "a-2", "+12125550102", "data-10").await;
    let page = other.get("/remedies/free-month").await.text();
    assert!(page.contains("You are not entitled to this") && page.contains("/remedies/free-month/appeal"));
    test.clock.advance(DAY);
    let mut browser = test.signed_in(&person).await;
    assert_eq!(claim_by_form(&mut browser, "gift-card").await.status, StatusCode::SEE_OTHER);
});

on_both!(what_was_promised_is_told_whatever_the_file_says_by_now, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let claim = claim_by_form(&mut browser, "gift-card").await.location().to_owned();
    let later =
        TestPortal::with_incident(db, &DEMO.replace("arrives_within_days = 14", "arrives_within_days = 21"));
    let mut browser = later.signed_in(&person).await;
    assert!(browser.get(&claim).await.text().contains("It arrives by 3 November 2009."));
    // As one of before the promise was kept.
    transaction!(db.db, |tx| -> storage::Result<u64> {
        sql("UPDATE claims SET arrives_within_days = NULL").execute(tx).await
    })
    .unwrap();
    assert!(browser.get(&claim).await.text().contains("It arrives by 10 November 2009."));
    // And one to which no time was promised.
    transaction!(db.db, |tx| -> storage::Result<u64> {
        sql("UPDATE claims SET arrives_within_days = 0").execute(tx).await
    })
    .unwrap();
    assert!(!browser.get(&claim).await.text().contains("It arrives by"));
});

on_both!(what_would_come_otherwise_than_was_checked_is_not_claimed, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let mut check = browser.get("/remedies/gift-card/check?delivery-gift-card=email").await;
    // Imports change the account's address, which looks the same where it is masked, and empty it.
    for (statement, then) in [
        ("UPDATE subscribers SET email = 'anna@example.com'", "By e-mail, a…@example.com"),
        ("UPDATE subscribers SET email = ''", "Here, after you sign in"),
    ] {
        transaction!(db.db, |tx| -> storage::Result<u64> { sql(statement).execute(tx).await }).unwrap();
        // Profiles are remembered for a second.
        test.clock.advance(SECOND);
        let again = post_claim(&mut browser, "gift-card", &check).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        let text = again.text();
        assert!(text.contains("changed while you were reading") && text.contains(then), "{text}");
        assert_eq!(claims_and_grants(&test).await, (0, 0));
        check = again;
    }
    let made = post_claim(&mut browser, "gift-card", &check).await;
    assert!(browser.get(made.location()).await.text().contains("<dd>Here, after you sign in</dd>"));
    let terms = terms::version(test.portal.incident.remedy("free-month").into_iter());
    let pigeon = [("terms", terms.as_str()), ("delivery-free-month", "pigeon")];
    let pigeon = browser.post("/remedies/free-month/claim", &pigeon).await;
    assert_eq!(pigeon.status, StatusCode::CONFLICT);
});

on_both!(what_goes_by_post_goes_where_the_page_said, |db| {
    let test = TestPortal::new(db);
    let (person, mut one) = affected(&test).await;
    let mut two = test.signed_in(&person).await;
    let address = "/remedies/gift-card/address?delivery-gift-card=post";
    let to = |street: &'static str| {
        [
            ("name", "Ada"),
            ("line1", street),
            ("town", "Springfield"),
            ("country", "US"),
            ("delivery-gift-card", "post"),
        ]
    };
    let path = one.post(address, &to("12 Example Street")).await.location().to_owned();
    let check = one.get(&path).await;
    assert!(check.text().contains("12 Example Street"));
    two.post(address, &to("7 Other Road")).await;
    let again = post_claim(&mut one, "gift-card", &check).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().contains("7 Other Road"), "{}", again.text());
    assert_eq!(claims_and_grants(&test).await, (0, 0));
    let made = post_claim(&mut one, "gift-card", &again).await.location().to_owned();
    assert!(one.get(&made).await.text().contains("7 Other Road"));
    // And where a claim that is there is sent to another.
    one.post(&format!("{made}/address"), &to("1 First Street")).await;
    let check = one.get(&format!("{made}/way/check?way=post")).await;
    two.post(&format!("{made}/address"), &to("2 Second Street")).await;
    let seen = hidden(&check, "seen");
    let again = one.post(&format!("{made}/way"), &[("way", "post"), ("seen", &seen)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().contains("Where it goes changed") && again.text().contains("2 Second Street"));
    assert!(one.get(&made).await.text().contains("7 Other Road"));
    let seen = hidden(&again, "seen");
    one.post(&format!("{made}/way"), &[("way", "post"), ("seen", &seen)]).await;
    assert!(one.get(&made).await.text().contains("2 Second Street"));
});

on_both!(terms_that_changed_are_read_again_before_anything_is_claimed, |db| {
    let before = TestPortal::new(db);
    let (person, mut browser) = affected(&before).await;
    let check = browser.get("/remedies/gift-card/check").await;
    let after = TestPortal::with_incident(
        db,
        &DEMO.replace("within 14 days of your claim", "within 21 days of your claim"),
    );
    let mut browser = after.signed_in(&person).await;
    let again = post_claim(&mut browser, "gift-card", &check).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().contains("The terms changed while you were reading"));
    assert!(again.text().contains("within 21 days of your claim"));
    assert_eq!(claims_and_grants(&after).await, (0, 0));
    let made = post_claim(&mut browser, "gift-card", &again).await;
    assert!(browser.get(made.location()).await.text().contains("within 21 days of your claim"));
    let mut old = before.signed_in(&person).await;
    let kept = old.get(made.location()).await.text();
    assert!(kept.contains("within 21 days of your claim"), "shown as agreed to, not as the file reads");
});

on_both!(the_text_stored_is_the_text_shown, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let check = browser.get("/remedies/gift-card/check").await;
    post_claim(&mut browser, "gift-card", &check).await;
    let (version, text): (String, String) =
        sql("SELECT version, text FROM agreed_terms").one(test.portal.db().unwrap()).await.unwrap();
    let remedy = test.portal.incident.remedy("gift-card").unwrap();
    assert_eq!((&version, &text), (&remedy.terms.version(), &remedy.terms.text()));
    let shown = check.text();
    for term in terms::from_text("", &text).list {
        assert!(shown.contains(&format!("<dt>{}</dt><dd>{}</dd>", term.name, term.text)), "{}", term.name);
    }
    assert!(text.contains("Your rights: Claiming does not limit any right you have, in or out of court."));
});

on_both!(the_facts_at_the_time_of_claiming_stay_with_the_grant, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    claim_by_form(&mut browser, "free-month").await;
    let (facts, amount): (String, i64) =
        sql("SELECT facts, amount FROM grants").one(test.portal.db().unwrap()).await.unwrap();
    let facts: serde_json::Value = serde_json::from_str(&facts).unwrap();
    assert_eq!((&facts["standing"]["plan"], amount), (&serde_json::json!("data-20"), 2000));
    assert_eq!(facts["standing"]["holdings"][0]["expected"], 300);
});

on_both!(a_claims_history_cannot_be_rewritten, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    claim_by_form(&mut browser, "gift-card").await;
    for statement in ["UPDATE claim_events SET at = 0", "DELETE FROM claim_events"] {
        let outcome = transaction!(db.db, |tx| -> storage::Result<u64> { sql(statement).execute(tx).await });
        assert!(outcome.is_err(), "{statement}");
    }
});

on_both!(staff_find_whose_claim_it_is_however_it_is_typed, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let made = claim_by_form(&mut browser, "gift-card").await;
    let number = made.location().trim_start_matches("/claims/").to_owned();
    let db = test.portal.db().unwrap();
    for typed in [number.clone(), number.to_lowercase().replace('-', " ")] {
        assert_eq!(subscriber_of_claim(db, &typed).await.unwrap().as_ref(), Some(&person.id));
    }
    assert_eq!(subscriber_of_claim(db, "MG-0000").await.unwrap(), None);
});

on_both!(the_terms_are_public_and_strange_addresses_are_not_found, |db| {
    let test = TestPortal::new(db);
    let terms = test.browser().get("/terms").await.text();
    assert!(terms.contains("One month of your data plan, free"));
    assert!(terms.contains("Claiming does not limit any right you have, in or out of court"));
    assert_eq!(test.browser().get("/remedies").await.status, StatusCode::SEE_OTHER);
    let (_, mut browser) = affected(&test).await;
    assert_eq!(browser.get("/remedies/pony").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/remedies/pony/check").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post("/remedies/pony/claim", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post("/remedies/all/claim", &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/remedies/gift-card/claim").await.location(), "/remedies/gift-card");
});
