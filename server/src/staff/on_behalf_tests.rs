//! Claims that staff make for others, over HTTP, on both engines.

use http::StatusCode;

use super::{
    Role,
    tests::{another, member},
};
use crate::{
    ambient::MINUTE,
    on_both,
    remedies::{
        automatic, deciding, on_behalf,
        payouts::{
            budget,
            tests::{elsewhere, findings, order},
        },
        tests::{affected, affected_as, claim_by_form, claims_and_grants, count, hidden},
    },
    store::sql,
    web::testing::{Answer, Browser, TestPortal},
};

const DEMO: &str = include_str!("../../../demo/incident.toml");
const FORM: &str = "/staff/subscribers/a-1/claim/gift-card";
const REASON: &str = "A court's letter was shown\n in our shop";

fn filled(way: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![("right", "executor"), ("who", "Jo  Heir"), ("way", way), ("reason", REASON)]
}

fn posted() -> Vec<(&'static str, &'static str)> {
    let address = [("name", "Jo Heir"), ("line1", "1 Elm Street"), ("town", "Salem"), ("country", "USA")];
    filled("post").into_iter().chain(address).collect()
}

/// From the filled form to the answer of the check page's button.
async fn claim_for(browser: &mut Browser, form: &str, fields: &[(&str, &str)]) -> Answer {
    let answer = browser.post(form, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let check = browser.get(answer.location()).await;
    assert_eq!(check.status, StatusCode::OK);
    let terms = hidden(&check, "terms");
    browser.post(answer.location(), &[("terms", &terms), ("read", "yes")]).await
}

/// The number that an answer leads to.
fn number(answer: &Answer) -> String {
    answer.location().rsplit('/').next().unwrap().to_owned()
}

on_both!(a_claim_for_somebody_is_their_own_and_says_who_made_it, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let mut sam = another(&test, "Sam", Role::Support).await;
    assert!(sam.get("/staff/subscribers/a-1").await.text().contains("Claim for this subscriber"));
    let list = sam.get("/staff/subscribers/a-1/claim").await.text();
    assert!(list.contains("64 of 300 contacts have come back so far") && list.contains(FORM), "{list}");
    let made = claim_for(&mut sam, FORM, &filled("bill")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    assert_eq!(claims_and_grants(&test).await, (1, 1));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM payout_orders WHERE way = 'bill'").await, 1);
    let told = "SELECT COUNT(*) FROM messages WHERE template = 'claim-granted' AND channel = 'sms'";
    assert_eq!(count(&test, told).await, 1, "the account's phone hears of it");
    let audited = "SELECT COUNT(*) FROM audit WHERE action = 'claimed for' AND account = 'a-1'
                   AND member_id = 'Sam' AND reason = 'A court''s letter was shown in our shop'";
    assert_eq!(count(&test, audited).await, 1);
    let shown = sam.get(made.location()).await.text();
    assert!(shown.contains("Read this number to whoever asked") && shown.contains("<b>Granted</b>"));
    let page = ada.get(&format!("/claims/{}", number(&made))).await.text();
    for words in [
        "Sam, of the staff",
        "Jo Heir: Whoever looks after the affairs of the subscriber, who has died",
        "Claimed for you by our staff",
        "Sam of our staff made this claim for you, as asked by whoever looks after the affairs",
        "letter was shown in our shop",
        "The terms as they were read out",
        "Claim granted",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    let steps: Vec<(i64, String)> =
        sql("SELECT position, step FROM claim_events ORDER BY position").all(db_of(&test)).await.unwrap();
    let steps: Vec<_> = steps.iter().map(|(position, step)| (*position, step.as_str())).collect();
    assert_eq!(steps, [(1, "submitted"), (2, "made-for"), (3, "granted")]);
});

fn db_of(test: &TestPortal) -> &crate::store::Db {
    test.portal.db().unwrap()
}

on_both!(a_claim_for_somebody_is_made_once_whoever_presses, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let mut sam = another(&test, "Sam", Role::Support).await;
    let mut ann = another(&test, "Ann", Role::Admin).await;
    for browser in [&mut sam, &mut ann] {
        browser.post(FORM, &filled("email")).await;
    }
    let check = format!("{FORM}/check");
    let terms = hidden(&sam.get(&check).await, "terms");
    let fields = [("terms", terms.as_str()), ("read", "yes")];
    let mut again = sam.clone();
    let (first, second, third) =
        tokio::join!(sam.post(&check, &fields), again.post(&check, &fields), ann.post(&check, &fields));
    for answer in [&first, &second, &third] {
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, first.location()));
    }
    assert_eq!(claims_and_grants(&test).await, (1, 1));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM claims_on_behalf").await, 1);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM audit WHERE action = 'claimed for'").await, 1);
    assert!(claim_by_form_location(&mut ada).await.ends_with(&number(&first)), "theirs, too");
    assert_eq!(sam.get(FORM).await.location(), "/staff/subscribers/a-1/claim");
    assert!(sam.get("/staff/subscribers/a-1/claim").await.text().contains("Claimed already"));
});

async fn claim_by_form_location(browser: &mut Browser) -> String {
    let terms = "0".repeat(64);
    browser.post("/remedies/gift-card/claim", &[("terms", &terms)]).await.location().to_owned()
}

on_both!(what_is_missing_is_said_and_nothing_is_claimed, |db| {
    let test = TestPortal::new(db);
    affected(&test).await;
    affected_as(&test, "a-2", "+12125550102", "other").await;
    let mut sam = another(&test, "Sam", Role::Support).await;
    let wrong = sam.post(FORM, &[("way", "pigeon"), ("reason", "short"), ("who", " ")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in
        ["Choose who asks", "Enter the name of who asks", "Choose how it should come", "Say in 10 to 500"]
    {
        assert!(wrong.text().contains(words), "{words}");
    }
    let wrong = sam.post(FORM, &filled("post")).await;
    assert!(
        wrong.text().contains("Enter the first line of the address") && wrong.text().contains("Jo  Heir")
    );
    // The demo's cards by e-mail are codes that are seen after signing in: another address would not help.
    assert_eq!(sam.post(FORM, &filled("email-elsewhere")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let check = format!("{FORM}/check");
    assert_eq!(sam.get(&check).await.location(), FORM);
    assert_eq!(sam.post(&check, &[("read", "yes")]).await.location(), FORM);
    assert_eq!(sam.post(FORM, &filled("bill")).await.location(), check);
    let terms = hidden(&sam.get(&check).await, "terms");
    let unread = sam.post(&check, &[("terms", &terms)]).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unread.text().contains("Read the terms to whoever asks, and say so here"));
    let changed = sam.post(&check, &[("terms", "other"), ("read", "yes")]).await;
    assert_eq!(changed.status, StatusCode::CONFLICT);
    assert!(changed.text().contains("The terms changed while you were reading"));
    // Not entitled: not on the plan.
    let month = "/staff/subscribers/a-2/claim/free-month";
    assert_eq!(sam.get(month).await.location(), "/staff/subscribers/a-2/claim");
    let refused = claim_unseen(&mut sam, month).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("is not entitled to it"));
    assert_eq!(claims_and_grants(&test).await, (0, 0));
    for _ in 0..3 {
        test.clock.advance(21 * MINUTE);
        sam.get("/staff").await;
    }
    assert_eq!(sam.get(&check).await.location(), FORM, "what was filled in is forgotten");
});

/// Posts the check page of somebody to whom it is not shown.
async fn claim_unseen(browser: &mut Browser, form: &str) -> Answer {
    browser.post(form, &filled("bill")).await;
    let other = "/staff/subscribers/a-1/claim/free-month";
    browser.post(other, &filled("bill")).await;
    let terms = hidden(&browser.get(&format!("{other}/check")).await, "terms");
    browser.post(&format!("{form}/check"), &[("terms", &terms), ("read", "yes")]).await
}

on_both!(what_goes_elsewhere_waits_for_a_second_member, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let mut ann = another(&test, "Ann", Role::Admin).await;
    let made = claim_for(&mut ann, FORM, &posted()).await;
    assert_eq!(claims_and_grants(&test).await, (1, 0));
    assert!(ann.get(made.location()).await.text().contains("a second member of our staff looks at it"));
    assert_eq!(deciding::go_on(&test.portal).await.unwrap(), 0, "there is room, and nobody has looked");
    let decided = format!("/staff/claims/{}", number(&made));
    assert!(ann.get(&decided).await.text().contains("You made this claim for its person"));
    let refused = ann.post(&format!("{decided}/approve"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(claims_and_grants(&test).await, (1, 0));
    let mut sam = another(&test, "Sam", Role::Support).await;
    assert!(!sam.get(&decided).await.text().contains("1 Elm Street"), "for those who decide");
    let mut fay = member(&test, Role::Finance).await;
    let page = fay.get(&decided).await.text();
    assert!(page.contains("1 Elm Street") && page.contains("Ann, of the staff") && page.contains("Jo Heir"));
    assert_eq!(fay.post(&format!("{decided}/approve"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(claims_and_grants(&test).await, (1, 1));
    let page = ada.get(&format!("/claims/{}", number(&made))).await.text();
    assert!(page.contains("1 Elm Street") && page.contains("approved it"), "{page}");
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(where_the_file_says_so_nobody_looks_a_second_time, |db| {
    let file = DEMO.replacen(
        "[[remedies.ways]]\nid = \"email\"",
        "[remedies.approval]\nelsewhere = 0\n\n[[remedies.ways]]\nid = \"email\"",
        1,
    );
    let test = TestPortal::with_incident(db, &file);
    affected(&test).await;
    let mut sam = another(&test, "Sam", Role::Support).await;
    claim_for(&mut sam, FORM, &posted()).await;
    assert_eq!(claims_and_grants(&test).await, (1, 1));
});

on_both!(a_card_goes_to_the_address_that_was_given_until_its_person_chooses, |db| {
    let test = TestPortal::with_incident(db, &elsewhere());
    let (_, mut ada) = affected(&test).await;
    let mut sam = another(&test, "Sam", Role::Support).await;
    let fields: Vec<_> =
        filled("email-elsewhere").into_iter().chain([("email", "jo@heirs.example")]).collect();
    let wrong = sam.post(FORM, &filled("email-elsewhere")).await;
    assert!(wrong.text().contains("Enter the e-mail address that it goes to"));
    let own: Vec<_> = filled("email-elsewhere").into_iter().chain([("email", "SAM@example.com")]).collect();
    assert!(sam.post(FORM, &own).await.text().contains("This is your own address"));
    let made = claim_for(&mut sam, FORM, &fields).await;
    let claim = format!("/claims/{}", number(&made));
    assert!(ada.get(&claim).await.text().contains("By e-mail, j…@heirs.example"));
    let mut fay = member(&test, Role::Finance).await;
    assert!(fay.get(&format!("/staff{claim}")).await.text().contains("jo@heirs.example"));
    fay.post(&format!("/staff{claim}/approve"), &[]).await;
    let claim_id = order(&test).await.claim_id;
    let goes_to = async || on_behalf::email_of(&test.portal, &claim_id).await.unwrap();
    assert_eq!(goes_to().await.as_deref(), Some("jo@heirs.example"));
    let stored: Vec<(Vec<u8>,)> = sql("SELECT email_sealed FROM claims").all(db_of(&test)).await.unwrap();
    assert!(!stored[0].0.windows(4).any(|part| part == b"heir"), "sealed");
    bring_back(&mut ada, &claim).await;
    assert_eq!(goes_to().await, None);
    assert!(ada.get(&claim).await.text().contains("It comes now: By e-mail, a…@example.com"));
});

/// From the claim to the account's own address, as its owner goes.
async fn bring_back(owner: &mut Browser, claim: &str) {
    let way = format!("{claim}/way");
    assert!(owner.get(claim).await.text().contains(&format!("href=\"{way}\"")), "it is offered");
    assert!(owner.get(&way).await.text().contains("a…@example.com"));
    let check = owner.get(&format!("{way}/check?way=email")).await;
    assert_eq!(check.status, StatusCode::OK, "leads to {:?}", check.location());
    let seen = hidden(&check, "seen");
    assert_eq!(owner.post(&way, &[("way", "email"), ("seen", &seen)]).await.location(), claim);
}

/// Claims the card for somebody, to come by e-mail to another address; returns where the claim is for its owner.
async fn claimed_elsewhere(test: &TestPortal) -> String {
    let mut sam = another(test, "Sam", Role::Support).await;
    let fields = filled("email-elsewhere").into_iter().chain([("email", "jo@heirs.example")]);
    let made = claim_for(&mut sam, FORM, &fields.collect::<Vec<_>>()).await;
    format!("/claims/{}", number(&made))
}

on_both!(a_card_comes_back_from_another_address_where_e_mail_is_its_only_way, |db| {
    let (before, card) =
        elsewhere().split_once("id = \"gift-card\"").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let start = card.find("[[remedies.ways]]\nid = \"site\"").unwrap();
    let end = card.find("[remedies.terms]").unwrap();
    let only = format!("{before}id = \"gift-card\"{}{}", &card[..start], &card[end..]);
    let test = TestPortal::with_incident(db, &only);
    let (_, mut ada) = affected(&test).await;
    let claim = claimed_elsewhere(&test).await;
    bring_back(&mut ada, &claim).await;
    assert!(!ada.get(&claim).await.text().contains(&format!("{claim}/way\"")), "there is no other");
});

on_both!(what_waits_for_a_second_look_is_given_once_its_person_chooses_where_it_goes, |db| {
    let test = TestPortal::with_incident(db, &elsewhere());
    let (_, mut ada) = affected(&test).await;
    let claim = claimed_elsewhere(&test).await;
    let page = ada.get(&claim).await.text();
    assert!(
        page.contains("It starts after the claim is granted") && !page.contains("It arrives by"),
        "{page}"
    );
    bring_back(&mut ada, &claim).await;
    assert_eq!(claims_and_grants(&test).await, (1, 1));
    let page = ada.get(&claim).await.text();
    assert!(page.contains("You chose yourself how it comes") && page.contains("It arrives by"), "{page}");
    assert_eq!(count(&test, "SELECT COUNT(*) FROM payout_orders WHERE way = 'email'").await, 1);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(what_its_person_chose_waits_for_room_and_for_approval_like_any_other, |db| {
    let cards =
        |cards: i64| elsewhere().replace("budget = 8_000_000_000", &format!("budget = {}", cards * 10_000));
    let test = TestPortal::with_incident(db, &cards(1));
    let (person, mut ada) = affected(&test).await;
    let (_, mut eve) = affected_as(&test, "a-2", "+12125550102", "data-20").await;
    let claim = claimed_elsewhere(&test).await;
    claim_by_form(&mut eve, "gift-card").await;
    bring_back(&mut ada, &claim).await;
    assert_eq!(claims_and_grants(&test).await, (2, 1));
    assert!(ada.get(&claim).await.text().contains("It waits until there is room in the budget"));
    let mut fay = member(&test, Role::Finance).await;
    assert!(!fay.get("/staff/claims").await.text().contains(&claim), "nobody has to decide");
    let queue = fay.get("/staff/claims?for=budget").await.text();
    assert!(queue.contains("room in the budget") && !queue.contains("a second member"), "{queue}");
    assert!(fay.get(&format!("/staff{claim}")).await.text().contains("Which rule does it not meet?"));
    let more = TestPortal::with_incident(db, &cards(2));
    let p = &more.portal;
    budget::fit(p.db().unwrap(), &p.incident, p.ambient.now()).await.unwrap();
    assert_eq!(deciding::go_on(p).await.unwrap(), 1);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    ada.post(&format!("{claim}/withdraw"), &[]).await;

    let (before, card) =
        elsewhere().rsplit_once("[remedies.terms]").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let approved = format!("{before}[remedies.approval]\nclaims = 1\n\n[remedies.terms]{card}");
    let test = TestPortal::with_incident(db, &approved);
    let mut sam = another(&test, "Kim", Role::Support).await;
    let fields = filled("email-elsewhere").into_iter().chain([("email", "jo@heirs.example")]);
    let claim = format!("/claims/{}", number(&claim_for(&mut sam, FORM, &fields.collect::<Vec<_>>()).await));
    let mut ada = test.signed_in(&person).await;
    bring_back(&mut ada, &claim).await;
    assert!(ada.get(&claim).await.text().contains("A member of our staff looks at it before it is granted"));
    assert_eq!(claims_and_grants(&test).await, (3, 2));
    assert_eq!(deciding::go_on(&more.portal).await.unwrap(), 0, "nobody has approved it");
});

on_both!(a_no_to_what_staff_claimed_takes_nothing_from_its_person, |db| {
    let test = TestPortal::with_incident(db, &elsewhere());
    let (_, mut ada) = affected(&test).await;
    let claim = claimed_elsewhere(&test).await;
    let mut fay = member(&test, Role::Finance).await;
    let page = fay.get(&format!("/staff{claim}")).await.text();
    assert!(page.contains("End this claim") && !page.contains("Which rule does it not meet?"), "{page}");
    let decline = format!("/staff{claim}/decline");
    assert_eq!(fay.post(&decline, &[("reason", "no")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let no = fay.post(&decline, &[("reason", "Nobody of that name is known.")]).await;
    assert_eq!(no.status, StatusCode::SEE_OTHER, "{}", no.text());
    let page = ada.get(&claim).await.text();
    for words in [
        "<b>Ended by our staff</b>",
        "did not approve it: Nobody of that name is known. It counts for nothing",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(ada.get(&format!("{claim}/way")).await.text().contains("This claim is over"));
    let messages = "SELECT COUNT(*) FROM messages WHERE template = 'claim-ended' AND channel = 'sms'";
    assert_eq!(count(&test, messages).await, 1);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM messages WHERE template = 'claim-declined'").await, 0);
    let kept = "SELECT COUNT(*) FROM claims WHERE email_sealed IS NOT NULL OR address_sealed IS NOT NULL";
    assert_eq!(count(&test, kept).await, 0);
    let offer = ada.get("/remedies/gift-card").await.text();
    assert!(offer.contains("You are entitled to this") && !offer.contains("was declined"), "{offer}");
    let own = claim_by_form(&mut ada, "gift-card").await.location().to_owned();
    assert!(own.starts_with("/claims/MG-") && own != claim);
    assert_eq!(claims_and_grants(&test).await, (2, 1));
});

on_both!(a_run_gives_to_whoever_staff_claimed_for_in_vain, |db| {
    let by_post = DEMO.replacen(
        "id = \"bill\"\nprovider = \"bill-file\"",
        "id = \"post\"\nprovider = \"post-file\"",
        1,
    );
    let test = TestPortal::with_incident(db, &by_post);
    let (_, mut ada) = affected(&test).await;
    let mut sam = another(&test, "Sam", Role::Support).await;
    let made = claim_for(&mut sam, "/staff/subscribers/a-1/claim/free-month", &posted()).await;
    let mut fay = member(&test, Role::Finance).await;
    let decline = format!("/staff/claims/{}/decline", number(&made));
    fay.post(&decline, &[("reason", "Nobody of that name is known.")]).await;
    let offers = ada.get("/remedies").await.text();
    assert!(
        offers.contains("you get it all the same") && !offers.contains("You had a claim of this"),
        "{offers}"
    );
    automatic::testing_gift(&test).await;
    assert_eq!(claims_and_grants(&test).await, (2, 1));
    let promised = "SELECT COUNT(*) FROM claims WHERE automatic_run IS NOT NULL AND arrives_within_days = 30";
    assert_eq!(count(&test, promised).await, 1);
});

on_both!(only_those_who_answer_callers_claim_for_them_and_never_for_themselves, |db| {
    let test = TestPortal::new(db);
    affected(&test).await;
    for (name, role) in [("Fay", Role::Finance), ("Eve", Role::Engineer)] {
        let mut browser = another(&test, name, role).await;
        assert!(!browser.get("/staff/subscribers/a-1").await.text().contains("Claim for this"));
        assert_eq!(browser.get(FORM).await.status, StatusCode::FORBIDDEN);
        assert_eq!(browser.post(FORM, &filled("bill")).await.status, StatusCode::FORBIDDEN);
    }
    // Ada's address is ada@example.com.
    let mut ada = another(&test, "ADA", Role::Support).await;
    assert!(ada.get("/staff/subscribers/a-1/claim").await.text().contains("This is your own account"));
    assert_eq!(ada.get(FORM).await.location(), "/staff/subscribers/a-1/claim");
    assert_eq!(ada.post(FORM, &filled("bill")).await.status, StatusCode::SEE_OTHER);
    let refused = ada.post(&format!("{FORM}/check"), &[("terms", "any"), ("read", "yes")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("your own account or address"));
    assert_eq!(claims_and_grants(&test).await, (0, 0));
    assert_eq!(test.browser().get(FORM).await.location(), "/staff/sign-in");
});

on_both!(one_made_by_the_person_says_nothing_of_staff, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let claim = claim_by_form(&mut ada, "gift-card").await.location().to_owned();
    assert!(!ada.get(&claim).await.text().contains("of the staff"));
    let mut sam = another(&test, "Sam", Role::Support).await;
    let page = sam.get(&format!("/staff/subscribers/a-1{claim}")).await.text();
    assert!(page.contains("<b>Granted</b>") && !page.contains("Read this number"));
    assert_eq!(
        sam.get("/staff/subscribers/a-1/claims/MG-0000-0000-0000").await.status,
        StatusCode::NOT_FOUND
    );
});
