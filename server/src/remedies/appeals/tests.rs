//! Appealing and deciding, over HTTP, on both engines.

use http::StatusCode;

use super::*;
use crate::{
    on_both,
    recovery::reports::tests::{affected, count, hidden, post_files},
    staff::{Role, tests::member},
    store::sql,
    web::testing::{Answer, Browser, TestPortal},
};

const PHONE: &str = "+12125550109";
const REASON: &str = "Her bill of September shows the plan and the device.";

/// Somebody of whom the records know nothing.
async fn unaffected(test: &TestPortal) -> (Profile, Browser) {
    let person = test.subscriber("a-9", PHONE, "data-20").await;
    let browser = test.signed_in(&person).await;
    (person, browser)
}

/// An appeal for the gift card; returns its address.
async fn appealed(browser: &mut Browser, text: &str) -> String {
    let told = browser.post("/remedies/gift-card/appeal", &[("text", text)]).await;
    let draft = told.location().trim_end_matches("/files").to_owned();
    assert!(draft.starts_with("/reports/new/"), "{} {}", told.status, told.text());
    browser.post(&format!("{draft}/check"), &[]).await.location().to_owned()
}

/// Decides on the staff's page of an appeal.
async fn decided(browser: &mut Browser, case: &str, outcome: &str, reason: &str) -> Answer {
    let page = format!("/staff{}", case.replace("/reports/", "/cases/"));
    let html = browser.get(&page).await.text();
    let (message, seen) = (hidden(&html, "message"), hidden(&html, "seen"));
    let fields =
        [("message", message.as_str()), ("seen", seen.as_str()), ("outcome", outcome), ("answer", reason)];
    browser.post(&format!("{page}/decide"), &fields).await
}

async fn totals(test: &TestPortal) -> (i64, i64, i64) {
    (
        count(test, "SELECT COUNT(*) FROM claims").await,
        count(test, "SELECT COUNT(*) FROM grants").await,
        count(test, "SELECT COUNT(*) FROM postings WHERE kind = 'grant'").await,
    )
}

on_both!(somebody_unknown_is_told_what_the_records_say_appeals_and_is_granted_once, |db| {
    let test = TestPortal::new(db);
    let (_, mut eve) = unaffected(&test).await;
    let page = eve.get("/remedies/gift-card/appeal").await.text();
    for words in [
        "They know no inventory, no verdict and no recovered file of yours",
        "<b>No:",
        "Why should you get it after all?",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let told = eve.post("/remedies/gift-card/appeal", &[("text", "My phone was a Sidekick.")]).await;
    let draft = told.location().trim_end_matches("/files").to_owned();
    post_files(&mut eve, &format!("{draft}/files"), &[], &[("bill.pdf", b"%PDF")]).await;
    let check = eve.get(&format!("{draft}/check")).await.text();
    assert!(
        check.contains("My phone was a Sidekick.")
            && check.contains("bill.pdf")
            && check.contains("Send the appeal")
    );
    let case = eve.post(&format!("{draft}/check"), &[]).await.location().to_owned();
    assert!(case.starts_with("/reports/MA-"), "{case}");
    assert!(eve.get(&case).await.text().contains("Your appeal is sent"));
    assert!(test.last_message(PHONE).await.contains("MA-"));
    assert_eq!(eve.get("/remedies/gift-card/appeal").await.location(), case, "one at a time");

    let mut finance = member(&test, Role::Finance).await;
    assert!(finance.get("/staff/cases?kind=appeal&about=gift-card").await.text().contains("Appeal for"));
    assert_eq!(
        decided(&mut finance, &case, "granted", "too short").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(totals(&test).await, (0, 0, 0));
    let answer = decided(&mut finance, &case, "granted", REASON).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(totals(&test).await, (1, 1, 1));
    let at_any_hour = "SELECT COUNT(*) FROM messages WHERE template = 'claim-granted'";
    let when_it_suits = "SELECT COUNT(*) FROM messages WHERE template = 'claim-approved' AND urgency = 2";
    assert_eq!((count(&test, at_any_hour).await, count(&test, when_it_suits).await), (0, 1));
    let (facts,): (String,) = sql("SELECT facts FROM grants").one(test.portal.db().unwrap()).await.unwrap();
    let facts: serde_json::Value = serde_json::from_str(&facts).unwrap();
    assert_eq!(facts["appeal"]["reason"], REASON);
    assert_eq!(facts["appeal"]["member_email"], "grace@example.com");
    assert_eq!(facts["appeal"]["overruled"].as_array().unwrap().len(), 1, "{facts}");
    assert_eq!(facts["affected"], false);
    let shown = eve.get(&case).await.text();
    for words in
        ["Answered: We granted it", REASON, "You find it among your claims", "href=\"/remedies/gift-card\""]
    {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    assert!(!shown.contains("Reopen and send"));
    let message = test.portal.ambient.secret_id();
    let again = [("message", message.as_str()), ("step", "reopen"), ("text", "More")];
    let again = post_files(&mut eve, &format!("{case}/messages"), &again, &[]).await;
    assert!(again.text().contains("It is granted: follow it among your claims."));
    assert_eq!(eve.post(&format!("{case}/close"), &[]).await.status, StatusCode::CONFLICT);
    let claims = eve.get("/claims").await.text();
    let claim = claims.split("href=\"").find(|part| part.starts_with("/claims/MG-")).unwrap();
    let claim = eve.get(claim.split('"').next().unwrap()).await.text();
    assert!(claim.contains("The terms it is given under") && claim.contains("<dt>Given</dt>"), "{claim}");
    for words in ["kept as you read it", "Your claim is made", "The terms you agreed to"] {
        assert!(!claim.contains(words), "nobody read or agreed to anything: {words}");
    }
    assert!(claims.contains("Given on your appeal") && !claims.contains("Claimed 20"), "{claims}");
    assert!(eve.get("/remedies").await.text().contains("You got this on your appeal:"));
    assert!(claim.contains("Granted on your appeal MA-") && !claim.contains("grace@example.com"), "{claim}");
    let acts: Vec<(String, String)> =
        sql("SELECT reason, detail FROM audit WHERE action = 'answered a case'")
            .all(test.portal.db().unwrap())
            .await
            .unwrap();
    assert_eq!(acts, [(REASON.to_owned(), format!("{}, granted", case.trim_start_matches("/reports/")))]);
});

on_both!(what_was_given_on_an_appeal_and_taken_back_is_gone_but_by_another_appeal, |db| {
    let test = TestPortal::new(db);
    let (_, mut eve) = unaffected(&test).await;
    let mut finance = member(&test, Role::Finance).await;
    let case = appealed(&mut eve, "My phone was a Sidekick.").await;
    decided(&mut finance, &case, "granted", REASON).await;
    let claims = eve.get("/claims").await.text();
    let claim = claims.split("href=\"").find(|part| part.starts_with("/claims/MG-")).unwrap();
    let claim = claim.split('"').next().unwrap();
    let ask = eve.get(&format!("{claim}/withdraw")).await.text();
    assert!(ask.contains("You would give it up for good") && !ask.contains("You can claim again"), "{ask}");
    eve.post(&format!("{claim}/withdraw"), &[]).await;
    let told = eve.get("/account/messages").await.text();
    assert!(told.contains("You can appeal.") && !told.contains("You can claim again"), "{told}");
    assert!(eve.get(claim).await.text().contains("/remedies/gift-card/appeal"));
    let second = appealed(&mut eve, "I want it after all.").await;
    assert_eq!(decided(&mut finance, &second, "granted", REASON).await.status, StatusCode::SEE_OTHER);
    assert_eq!(totals(&test).await, (2, 2, 2));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM grants WHERE ended_at IS NULL").await, 1);
});

on_both!(what_is_declined_says_why_and_can_be_reopened_or_appealed_again, |db| {
    let test = TestPortal::new(db);
    let (_, mut eve) = unaffected(&test).await;
    let case = appealed(&mut eve, "My phone was a Sidekick.").await;
    for address in ["/remedies", "/remedies/gift-card"] {
        let page = eve.get(address).await.text();
        assert!(page.contains(&case) && page.contains("<b>We have it</b>"), "{page}");
        assert!(!page.contains("/remedies/gift-card/appeal"), "{page}");
    }
    let mut admin = member(&test, Role::Admin).await;
    let answer = decided(&mut admin, &case, "declined", "The number on that bill is not yours.").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let shown = eve.get(&case).await.text();
    assert!(
        shown.contains("Answered: We declined it") && shown.contains("The number on that bill is not yours.")
    );
    assert!(shown.contains("Reopen and send"));
    for address in ["/remedies", "/remedies/gift-card"] {
        let page = eve.get(address).await.text();
        assert!(page.contains(&case) && page.contains("Answered: We declined it"), "{page}");
        assert!(page.contains("/remedies/gift-card/appeal"), "{page}");
    }
    let second = appealed(&mut eve, "It is my mother's.").await;
    assert_ne!(second, case);
    // With the second open, the first is not reopened.
    let fields =
        [("message", hidden(&shown, "message")), ("step", "reopen".to_owned()), ("text", "No".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let refused = post_files(&mut eve, &format!("{case}/messages"), &fields, &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("You have an open appeal for this remedy"));
    eve.post(&format!("{second}/close"), &[]).await;
    assert!(eve.get(&second).await.text().contains("Closed: Withdrawn by you"));
    assert_eq!(post_files(&mut eve, &format!("{case}/messages"), &fields, &[]).await.location(), case);
    assert_eq!(totals(&test).await, (0, 0, 0));
});

on_both!(whoever_can_claim_or_has_claimed_is_led_there_and_nothing_strange_is_found, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    assert_eq!(ada.get("/remedies/gift-card/appeal").await.location(), "/remedies/gift-card");
    assert_eq!(
        ada.post("/remedies/gift-card/appeal", &[("text", "x")]).await.location(),
        "/remedies/gift-card"
    );
    assert_eq!(ada.get("/remedies/pony/appeal").await.status, StatusCode::NOT_FOUND);
    assert_eq!(test.browser().get("/remedies/gift-card/appeal").await.status, StatusCode::SEE_OTHER);
    let (_, mut eve) = unaffected(&test).await;
    let empty = eve.post("/remedies/gift-card/appeal", &[("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Say what our records have wrong or do not know"));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM cases").await, 0);
});

on_both!(a_claim_that_was_declined_is_named_with_its_reason_and_can_be_appealed, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let check = ada.get("/remedies/gift-card/check").await.text();
    let (terms, way) = (hidden(&check, "terms"), hidden(&check, "delivery-gift-card"));
    let claim = [("terms", terms.as_str()), ("delivery-gift-card", way.as_str())];
    let claim = ada.post("/remedies/gift-card/claim", &claim).await.location().to_owned();
    let number = claim.trim_start_matches("/claims/").to_owned();
    assert_eq!(
        ada.get("/remedies/gift-card/appeal").await.location(),
        claim,
        "what is given needs no appeal"
    );
    // As a member's no leaves it.
    crate::transaction!(test.portal.db().unwrap(), |tx| -> storage::Result<()> {
        for statement in [
            "UPDATE claims SET state = 'declined'",
            "UPDATE grants SET ended_at = 1",
            "INSERT INTO claim_events (claim_id, position, step, note, at)
             SELECT id, 9, 'declined', 'The account was closed before.', 1 FROM claims",
        ] {
            sql(statement).execute(&mut *tx).await?;
        }
        Ok(())
    })
    .unwrap();
    let page = ada.get("/remedies/gift-card/appeal").await.text();
    let words = format!("Your claim {number} was declined. The account was closed before.");
    assert!(page.contains(&words), "{page}");
    let case = appealed(&mut ada, "It is open still.").await;
    let (kept,): (Option<String>,) =
        sql("SELECT claim FROM cases").one(test.portal.db().unwrap()).await.unwrap();
    assert_eq!((kept, case.starts_with("/reports/MA-")), (Some(number), true));
    let page = ada.get(&claim).await.text();
    assert!(page.contains(&case) && page.contains("<b>We have it</b>"), "{page}");
    assert!(!page.contains("Ask us to look again"));
    ada.post(&format!("{case}/close"), &[]).await;
    let page = ada.get(&claim).await.text();
    assert!(page.contains(&case) && page.contains("Closed: Withdrawn by you"), "{page}");
    assert!(page.contains("Ask us to look again"));
});

on_both!(support_reads_and_asks_and_does_not_decide, |db| {
    let test = TestPortal::new(db);
    let (_, mut eve) = unaffected(&test).await;
    let case = appealed(&mut eve, "My phone was a Sidekick.").await;
    let mut support = member(&test, Role::Support).await;
    let page = format!("/staff{}", case.replace("/reports/", "/cases/"));
    let text = support.get(&page).await.text();
    assert!(
        text.contains("An appeal is decided by these roles: finance, admin.")
            && text.contains("Ask a question")
    );
    assert_eq!(decided(&mut support, &case, "granted", REASON).await.status, StatusCode::FORBIDDEN);
    // An appeal is not answered like a report either.
    let answer = [("outcome", "granted"), ("answer", REASON)];
    assert_eq!(support.post(&format!("{page}/answer"), &answer).await.status, StatusCode::NOT_FOUND);
    assert_eq!(totals(&test).await, (0, 0, 0));
});

on_both!(an_appeal_that_was_begun_is_gone_on_with_and_not_overwritten, |db| {
    let test = TestPortal::new(db);
    let (_, mut eve) = unaffected(&test).await;
    let told = eve.post("/remedies/gift-card/appeal", &[("text", "A Sidekick, since 2007.")]).await;
    let draft = told.location().trim_end_matches("/files").to_owned();
    assert_eq!(eve.get("/remedies/gift-card/appeal").await.location(), draft);
    let second = eve.post("/remedies/gift-card/appeal", &[("text", "Mine.")]).await;
    let page = second.text();
    assert_eq!(second.status, StatusCode::CONFLICT, "{page}");
    assert!(page.contains("what you wrote then is kept") && page.contains("Mine."), "{page}");
    assert!(page.contains(&format!("action=\"{draft}\"")));
    assert!(eve.get(&draft).await.text().contains("A Sidekick, since 2007."));
    assert_eq!(eve.post(&draft, &[("text", "Mine.")]).await.location(), format!("{draft}/files"));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM cases").await, 1);
});

on_both!(nobody_grants_their_own_appeal, |db| {
    let test = TestPortal::new(db);
    let (person, mut eve) = unaffected(&test).await;
    let case = appealed(&mut eve, "My phone was a Sidekick.").await;
    let mut finance = member(&test, Role::Finance).await;
    let email = person.email.to_uppercase();
    crate::transaction!(test.portal.db().unwrap(), |tx| -> storage::Result<u64> {
        sql("UPDATE staff SET email = $1").bind(email.as_str()).execute(tx).await
    })
    .unwrap();
    let page = format!("/staff{}", case.replace("/reports/", "/cases/"));
    let text = finance.get(&page).await.text();
    assert!(text.contains("This is your own appeal. Somebody else decides on it."), "{text}");
    assert!(!text.contains("How did it end?"));
    for outcome in ["granted", "declined"] {
        let refused = decided(&mut finance, &case, outcome, REASON).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text().contains("Somebody else decides on it."), "{}", refused.text());
    }
    assert_eq!(totals(&test).await, (0, 0, 0));
    assert!(eve.get(&case).await.text().contains("We have it"), "it is still open");
});

on_both!(what_was_claimed_meanwhile_is_not_given_twice, |db| {
    let test = TestPortal::new(db);
    let (person, mut eve) = unaffected(&test).await;
    let case = appealed(&mut eve, "My phone was a Sidekick.").await;
    // The records are mended, and she claims.
    test.holding(&person, app::Category::Contacts, 64, Some(300)).await;
    let check = eve.get("/remedies/gift-card/check").await.text();
    let (terms, way) = (hidden(&check, "terms"), hidden(&check, "delivery-gift-card"));
    let claim = [("terms", terms.as_str()), ("delivery-gift-card", way.as_str())];
    assert!(eve.post("/remedies/gift-card/claim", &claim).await.location().starts_with("/claims/MG-"));
    let mut admin = member(&test, Role::Admin).await;
    let refused = decided(&mut admin, &case, "granted", REASON).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("The subscriber has it already, as MG-"), "{}", refused.text());
    assert_eq!(totals(&test).await, (1, 1, 1));
    assert!(eve.get(&case).await.text().contains("We have it"), "it is still open");
});

on_both!(two_members_who_grant_at_once_grant_once, |db| {
    let test = TestPortal::new(db);
    let (_, mut eve) = unaffected(&test).await;
    let case = appealed(&mut eve, "My phone was a Sidekick.").await;
    let admin = member(&test, Role::Admin).await;
    let mut tabs = [admin.clone(), admin.clone(), admin];
    let presses = tabs.iter_mut().map(|tab| decided(tab, &case, "granted", REASON));
    let answers = futures::future::join_all(presses).await;
    let granted = answers.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count();
    assert_eq!((granted, totals(&test).await), (1, (1, 1, 1)));
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 303 | 409)));
});

#[test]
fn a_right_on_appeal_keeps_who_gave_it_and_what_was_overruled() {
    let fact = |text: &str, holds| Fact { text: text.to_owned(), holds };
    let (ambient, _) = crate::ambient::Ambient::fixed(0, 1);
    let number = CaseNumber::draw(crate::recovery::reports::Kind::Appeal, &ambient);
    let facts = vec![fact("It is for every plan", true), fact("Nothing of yours was lost", false)];
    let who = Who { id: "m-1", email: "grace@example.com", name: "Grace" };
    let entitlement =
        entitled(&number, who, "The bill shows it.", || facts.clone(), &super::super::Standing::default(), 7);
    let told: Vec<&str> = entitlement.sentences_in(app::words::Language::En).collect();
    assert_eq!(
        told,
        ["It is for every plan", &format!("Granted on your appeal {number}: The bill shows it")]
    );
    let record: super::super::Record = serde_json::from_str(&entitlement.record().unwrap()).unwrap();
    assert_eq!(record.appeal.unwrap().overruled, ["Nothing of yours was lost"]);
}
