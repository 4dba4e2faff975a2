//! Claims that wait, decided by staff, over HTTP, on both engines.

use http::StatusCode;

use super::{Role, tests::member};
use crate::{
    on_both,
    remedies::{
        deciding,
        payouts::{budget, tests::claim},
        terms,
        tests::{affected, affected_as, claim_by_form, claims_and_grants, count},
    },
    store::sql,
    web::testing::TestPortal,
};

const DEMO: &str = include_str!("../../../demo/incident.toml");
const REASON: &str = "The account was entered twice";

/// The demo, where each gift card is approved first.
pub(super) fn approved_first() -> String {
    let card = DEMO.find("id = \"gift-card\"").unwrap();
    let (before, after) = DEMO.split_at(card);
    format!(
        "{before}{}",
        after.replacen("[remedies.terms]", "[remedies.approval]\nclaims = 1\n\n[remedies.terms]", 1)
    )
}

on_both!(a_claim_that_needs_approval_waits_and_is_approved, |db| {
    let test = TestPortal::with_incident(db, &approved_first());
    let (_, mut ada) = affected(&test).await;
    let claim = claim_by_form(&mut ada, "gift-card").await.location().to_owned();
    assert_eq!(claims_and_grants(&test).await, (1, 0));
    let page = ada.get(&claim).await.text();
    assert!(page.contains("<b>Received</b>") && page.contains("A member of our staff looks at it"));
    assert!(page.contains("Withdraw this claim"));
    let told = "SELECT COUNT(*) FROM messages WHERE template = 'claim-received' AND channel = 'sms'";
    assert_eq!(count(&test, told).await, 1);
    assert_eq!(claim_by_form(&mut ada, "free-month").await.status, StatusCode::SEE_OTHER);
    assert_eq!(claims_and_grants(&test).await, (2, 1), "the other needs nobody");
    let decided = format!("/staff{claim}");
    let mut grace = member(&test, Role::Finance).await;
    let queue = grace.get("/staff/claims").await.text();
    assert!(queue.contains("1 claim waits.") && queue.contains(&decided) && queue.contains("Ada Example"));
    let story = grace.get(&decided).await.text();
    assert!(story.matches("64 of 300 contacts have come back so far").count() == 2, "then and today");
    let done = grace.post(&format!("{decided}/approve"), &[]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/staff/claims"));
    assert_eq!(grace.post(&format!("{decided}/approve"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(claims_and_grants(&test).await, (2, 2));
    let page = ada.get(&claim).await.text();
    assert!(page.contains("A member of our staff looked at it and approved it"), "{page}");
    assert_eq!(count(&test, "SELECT COUNT(*) FROM payout_orders").await, 2);
    let acts = "SELECT COUNT(*) FROM audit WHERE action = 'approved a claim' AND detail LIKE 'MG-%'";
    assert_eq!(count(&test, acts).await, 1);
});

on_both!(a_claim_whose_way_was_dropped_is_not_granted_another_way, |db| {
    let test = TestPortal::with_incident(db, &approved_first());
    let (person, mut ada) = affected(&test).await;
    let claim = claim_by_form(&mut ada, "gift-card").await.location().to_owned();
    let without =
        approved_first().replace("[[remedies.ways]]\nid = \"email\"\nprovider = \"code-pool\"\n", "");
    let test = TestPortal::with_incident(db, &without);
    let mut grace = member(&test, Role::Finance).await;
    let refused = grace.post(&format!("/staff{claim}/approve"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused.text().contains("not this remedy&#39;s any more")
            || refused.text().contains("not this remedy's any more")
    );
    assert_eq!(count(&test, "SELECT COUNT(*) FROM payout_orders").await, 0);
    let mut ada = test.signed_in(&person).await;
    assert!(
        ada.get(&claim).await.text().contains(&format!("href=\"{claim}/way\"")),
        "they can choose another"
    );
});

on_both!(a_no_says_the_rule_the_reason_and_the_facts_and_can_be_appealed, |db| {
    let test = TestPortal::with_incident(db, &approved_first());
    let (person, mut ada) = affected(&test).await;
    let claim = claim_by_form(&mut ada, "gift-card").await.location().to_owned();
    let decline = format!("/staff{claim}/decline");
    let mut grace = member(&test, Role::Finance).await;
    let empty = grace.post(&decline, &[("reason", "no")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Choose the rule that the claim does not meet"));
    assert!(empty.text().contains("the subscriber reads it"));
    let page = grace.get(&format!("/staff{claim}")).await.text();
    assert!(
        page.contains("It is for people who were affected")
            && page.contains("It is given once to each person")
    );
    assert_eq!(
        grace.post(&decline, &[("rule", "9"), ("reason", REASON)]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        grace.post(&decline, &[("rule", "2"), ("reason", REASON)]).await.status,
        StatusCode::SEE_OTHER
    );
    let page = ada.get(&claim).await.text();
    for words in [
        "<b>Declined</b>",
        "The rule: It is given once to each person. Why: The account was entered twice. Our",
        "Our records when you claimed: You were affected: 64 of 300 contacts",
        "href=\"/remedies/gift-card/appeal\"",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    // The no binds, also where nobody approves any more, until an appeal says otherwise.
    for file in [approved_first(), DEMO.to_owned()] {
        let later = TestPortal::with_incident(db, &file);
        for address in ["/remedies", "/remedies/gift-card"] {
            let page = ada.get(address).await.text();
            assert!(page.contains("Ask us to look again") && page.contains("was not paid"), "{page}");
            assert!(
                !page.contains("Claim both") && !page.contains("href=\"/remedies/gift-card/way"),
                "{page}"
            );
        }
        let terms = terms::version(later.portal.incident.remedy("gift-card").into_iter());
        let mut browser = later.signed_in(&person).await;
        let again = browser.post("/remedies/gift-card/claim", &[("terms", &terms)]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.text().contains("Nothing was claimed"));
    }
    assert_eq!(ada.get("/remedies/gift-card/appeal").await.status, StatusCode::OK);
    assert_eq!(claims_and_grants(&test).await, (1, 0));
    let told = "SELECT COUNT(*) FROM messages WHERE template = 'claim-declined'";
    assert_eq!(count(&test, told).await, 1);
});

on_both!(nobody_decides_on_their_own_claim_or_without_the_duty, |db| {
    let test = TestPortal::with_incident(db, &approved_first());
    let (_, mut ada) = affected(&test).await;
    let claim = claim_by_form(&mut ada, "gift-card").await.location().to_owned();
    let decided = format!("/staff{claim}");
    let mut grace = member(&test, Role::Support).await;
    assert!(grace.get(&decided).await.text().contains("Your role reads claims"));
    assert_eq!(grace.post(&format!("{decided}/approve"), &[]).await.status, StatusCode::FORBIDDEN);
    sql_all(&test, "UPDATE staff SET role = 'engineer'").await;
    assert_eq!(grace.get("/staff/claims").await.status, StatusCode::FORBIDDEN);
    sql_all(&test, "UPDATE staff SET role = 'finance', email = 'ADA@example.com'").await;
    assert!(grace.get(&decided).await.text().contains("Somebody else decides on it"));
    let refused = grace.post(&format!("{decided}/approve"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(claims_and_grants(&test).await, (1, 0));
    assert_eq!(ada.get("/staff/claims").await.location(), "/staff/sign-in");
});

async fn sql_all(test: &TestPortal, statement: &'static str) {
    crate::transaction!(test.portal.db().unwrap(), |tx| -> crate::store::Result<u64> {
        sql(statement).execute(tx).await
    })
    .unwrap();
}

on_both!(what_waits_for_the_budget_is_given_as_soon_as_there_is_room, |db| {
    let little = |cards: i64| DEMO.replace("budget = 8_000_000_000", &format!("budget = {}", cards * 10_000));
    let test = TestPortal::with_incident(db, &little(1));
    let (_, mut ada) = affected(&test).await;
    let (eve, mut browser) = affected_as(&test, "a-2", "+12125550102", "data-20").await;
    claim_by_form(&mut ada, "gift-card").await;
    let claim = claim_by_form(&mut browser, "gift-card").await.location().to_owned();
    assert!(browser.get(&claim).await.text().contains("It waits until there is room in the budget"));
    assert_eq!(deciding::go_on(&test.portal).await.unwrap(), 0);
    let mut grace = member(&test, Role::Admin).await;
    let queue = grace.get("/staff/claims").await.text();
    assert!(
        queue.contains("No claim waits.") && queue.contains("1 claim waits for the budget alone"),
        "{queue}"
    );
    assert!(!queue.contains(&claim), "nobody has to decide on it");
    let queue = grace.get("/staff/claims?for=budget").await.text();
    assert!(queue.contains(&claim) && queue.contains("0 claims wait for a decision"), "{queue}");
    let none = grace.post(&format!("/staff{claim}/approve"), &[]).await;
    assert_eq!(none.status, StatusCode::CONFLICT);
    assert!(none.text().contains("The budget has not enough left for it"));
    assert_eq!(claims_and_grants(&test).await, (2, 1));
    let more = TestPortal::with_incident(db, &little(2));
    let p = &more.portal;
    budget::fit(p.db().unwrap(), &p.incident, p.ambient.now()).await.unwrap();
    assert_eq!(deciding::go_on(p).await.unwrap(), 1);
    assert_eq!(deciding::go_on(p).await.unwrap(), 0);
    assert_eq!(claims_and_grants(&test).await, (2, 2));
    let told: Vec<(String,)> =
        sql("SELECT template FROM messages WHERE channel = 'sms' AND subscriber_id = $1 ORDER BY urgency")
            .bind(&eve.id)
            .all(p.db().unwrap())
            .await
            .unwrap();
    assert_eq!(told, [("claim-waits".to_owned(),), ("claim-has-room".to_owned(),)], "nobody checked it");
    let mut browser = test.signed_in(&eve).await;
    assert!(browser.get(&claim).await.text().contains("There is room for it in the budget now"));
});

on_both!(what_waits_for_the_budget_and_needs_approval_by_now_is_told_to_staff, |db| {
    let little = |file: &str| file.replace("budget = 8_000_000_000", "budget = 10_000");
    let test = TestPortal::with_incident(db, &little(DEMO));
    let (_, mut ada) = affected(&test).await;
    let (_, mut eve) = affected_as(&test, "a-2", "+12125550102", "data-20").await;
    claim_by_form(&mut ada, "gift-card").await;
    let claim = claim_by_form(&mut eve, "gift-card").await.location().to_owned();
    let other = TestPortal::with_incident(db, &approved_first());
    let p = &other.portal;
    budget::fit(p.db().unwrap(), &p.incident, p.ambient.now()).await.unwrap();
    assert_eq!(deciding::go_on(p).await.unwrap(), 0, "somebody has to approve it");
    let mut grace = member(&other, Role::Finance).await;
    let queue = grace.get("/staff/claims").await.text();
    assert!(
        queue.contains("1 claim waits for the budget, and some of them for a decision by now"),
        "{queue}"
    );
    let queue = grace.get("/staff/claims?for=budget").await.text();
    assert!(queue.contains(&claim) && queue.contains("Its remedy needs approval by now"), "{queue}");
    let done = grace.post(&format!("/staff{claim}/approve"), &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(claims_and_grants(&test).await, (2, 2));
});

on_both!(whoever_waits_for_a_way_that_was_dropped_holds_nobody_up, |db| {
    let without = |budget: i64| {
        DEMO.replace("budget = 8_000_000_000", &format!("budget = {budget}"))
            .replace("[[remedies.ways]]\nid = \"email\"\nprovider = \"code-pool\"\n", "")
    };
    let test = TestPortal::with_incident(db, &DEMO.replace("budget = 8_000_000_000", "budget = 10_000"));
    claim(&test, 0, "gift-card").await;
    claim(&test, 1, "gift-card").await;
    let by_mail = "SELECT COUNT(*) FROM claims WHERE state = 'submitted' AND delivery = 'email'";
    assert_eq!(count(&test, by_mail).await, 1);
    let (eve, _) = affected_as(&test, "new", "+12125550177", "data-20").await;
    let more = TestPortal::with_incident(db, &without(50_000));
    let p = &more.portal;
    budget::fit(p.db().unwrap(), &p.incident, p.ambient.now()).await.unwrap();
    assert_eq!(deciding::go_on(p).await.unwrap(), 0, "its way is nobody's");
    more.clock.advance(1);
    let mut eve = more.signed_in(&eve).await;
    let made = claim_by_form(&mut eve, "gift-card").await.location().to_owned();
    let page = eve.get(&made).await.text();
    assert!(!page.contains("It waits until there is room in the budget"), "{page}");
    assert_eq!(claims_and_grants(&test).await, (3, 2));
});

on_both!(a_process_of_an_older_file_takes_nobodys_place_in_line, |db| {
    let little = |file: &str| file.replace("budget = 8_000_000_000", "budget = 10_000");
    let test = TestPortal::with_incident(db, &little(DEMO));
    let (_, mut ada) = affected(&test).await;
    let (_, mut eve) = affected_as(&test, "a-2", "+12125550102", "data-20").await;
    claim_by_form(&mut ada, "gift-card").await;
    claim_by_form(&mut eve, "gift-card").await;
    for older in [
        little(&approved_first()),
        little(&DEMO.replace("[[remedies.ways]]\nid = \"email\"\nprovider = \"code-pool\"\n", "")),
    ] {
        let older = TestPortal::with_incident(db, &older);
        assert_eq!(deciding::go_on(&older.portal).await.unwrap(), 0);
    }
    let more = TestPortal::with_incident(db, DEMO);
    let p = &more.portal;
    budget::fit(p.db().unwrap(), &p.incident, p.ambient.now()).await.unwrap();
    assert_eq!(deciding::go_on(p).await.unwrap(), 1, "she waits for the budget still");
});

on_both!(what_waits_for_a_person_is_not_given_while_a_new_rule_is_rolled_out, |db| {
    let test = TestPortal::with_incident(db, &approved_first());
    let (_, mut ada) = affected(&test).await;
    claim_by_form(&mut ada, "gift-card").await;
    // A process of the file before, or of the one after it, in which nobody approves.
    let other = TestPortal::with_incident(db, DEMO);
    assert_eq!(deciding::go_on(&other.portal).await.unwrap(), 0);
    assert_eq!(claims_and_grants(&test).await, (1, 0));
});

on_both!(whoever_waits_for_the_budget_keeps_their_place, |db| {
    let with_cards = |cards: i64| {
        let file = DEMO.replace("budget = 8_000_000_000", &format!("budget = {}", cards * 10_000));
        TestPortal::with_incident(db, &file)
    };
    let fit = async |test: &TestPortal| {
        let portal = &test.portal;
        budget::fit(portal.db().unwrap(), &portal.incident, portal.ambient.now()).await.unwrap();
    };
    let test = with_cards(1);
    claim(&test, 0, "gift-card").await;
    for number in 1..=2 {
        test.clock.advance(1);
        claim(&test, number, "gift-card").await;
    }
    assert_eq!(claims_and_grants(&test).await, (3, 1));
    let more = with_cards(2);
    fit(&more).await;
    more.clock.advance(10);
    claim(&more, 3, "gift-card").await;
    assert_eq!(claims_and_grants(&test).await, (4, 1), "there is room, for whoever came first");
    assert_eq!(deciding::go_on(&more.portal).await.unwrap(), 1);
    let first = "SELECT COUNT(*) FROM claims c JOIN subscribers s ON s.id = c.subscriber_id
                 WHERE c.state = 'submitted' AND c.made_at > (SELECT MIN(made_at) + 1 FROM claims)";
    assert_eq!(count(&test, first).await, 2, "the second and the last still wait");
    // Of those who were erased nobody waits any more, and when all have theirs the next is given at once.
    sql_all(
        &test,
        "DELETE FROM subscribers WHERE id IN (SELECT subscriber_id FROM claims WHERE state = 'submitted')",
    )
    .await;
    let enough = with_cards(9);
    fit(&enough).await;
    enough.clock.advance(20);
    claim(&enough, 4, "gift-card").await;
    assert_eq!(claims_and_grants(&test).await, (5, 3));
});

on_both!(what_cannot_be_given_keeps_nobody_behind_it_waiting, |db| {
    let file = |months: &str, cards: i64| {
        DEMO.replace("budget = 1_600_000_000", months)
            .replace("budget = 8_000_000_000", &format!("budget = {}", cards * 10_000))
    };
    let approval = "[remedies.approval]\nclaims = 1\n\n[remedies.terms]";
    let approved =
        |cards: i64| file("budget = 1_600_000_000", cards).replacen("[remedies.terms]", approval, 1);
    let test = TestPortal::with_incident(db, &approved(1));
    claim(&test, 0, "gift-card").await;
    // More than are read at once of each: those that need approval, and those of people who were erased.
    for number in 1..=101 {
        claim(&test, number, "free-month").await;
        claim(&test, 200 + number, "gift-card").await;
    }
    sql_all(
        &test,
        "DELETE FROM subscribers WHERE id IN
         (SELECT subscriber_id FROM claims WHERE remedy = 'gift-card' AND state = 'submitted')",
    )
    .await;
    test.clock.advance(1);
    claim(&test, 400, "gift-card").await;
    sql_all(&test, "UPDATE claims SET delivery = 'none' WHERE made_at = (SELECT MAX(made_at) FROM claims)")
        .await;
    test.clock.advance(1);
    for number in 401..=505 {
        claim(&test, number, "gift-card").await;
    }
    assert_eq!(deciding::go_on(&test.portal).await.unwrap(), 0);
    let with_budget = async |file: &str| {
        let more = TestPortal::with_incident(db, file);
        let portal = &more.portal;
        budget::fit(portal.db().unwrap(), &portal.incident, portal.ambient.now()).await.unwrap();
        let given = deciding::go_on(portal).await.unwrap();
        assert_eq!(deciding::go_on(portal).await.unwrap(), 0, "as many as there is room for");
        given
    };
    assert_eq!(with_budget(&approved(4)).await, 3);
    // The months go on waiting for a person, whatever the file says by now; the cards are enough for everybody.
    assert_eq!(with_budget(&file("budget = 2000", 1_000)).await, 102);
    assert_eq!(
        deciding::waits(test.portal.db().unwrap()).await.unwrap(),
        (101, 1),
        "the erased wait for nothing"
    );
    let state = "SELECT COUNT(*) FROM claims WHERE state = 'submitted' AND delivery = 'none'";
    assert_eq!(count(&test, state).await, 1);
});

on_both!(a_claim_that_waits_can_be_withdrawn_and_made_again, |db| {
    let test = TestPortal::with_incident(db, &approved_first());
    let (_, mut ada) = affected(&test).await;
    let claim = claim_by_form(&mut ada, "gift-card").await.location().to_owned();
    ada.post(&format!("{claim}/withdraw"), &[]).await;
    assert!(ada.get(&claim).await.text().contains("<b>Withdrawn</b>"));
    let mut grace = member(&test, Role::Finance).await;
    assert_eq!(grace.get(&format!("/staff{claim}")).await.status, StatusCode::NOT_FOUND);
    assert_ne!(claim_by_form(&mut ada, "gift-card").await.location(), claim);
    assert_eq!(claims_and_grants(&test).await, (2, 0));
});
