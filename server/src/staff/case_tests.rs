//! Reports as the staff work on them, over HTTP, on both engines.

use http::StatusCode;

use super::{Role, tests::member};
use crate::{
    accounts::Profile,
    ambient::{HOUR, MINUTE},
    on_both,
    recovery::reports::tests::{affected, count, drafted, hidden, post_files, reported},
    store::sql,
    web::testing::{Answer, Browser, TestPortal},
};

const PHONE: &str = "+12125550101";
const REASON: &str = "Ticket 4711: the caller sent a list";

/// The staff's page of a case, by its owner's.
fn of(case: &str) -> String {
    format!("/staff{}", case.replace("/reports/", "/cases/"))
}

/// Fills one of the forms on a case's page.
async fn fill(browser: &mut Browser, page: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
    let html = browser.get(page).await.text();
    let (message, seen) = (hidden(&html, "message"), hidden(&html, "seen"));
    let carried = [("message", message.as_str()), ("seen", seen.as_str())];
    browser.post(&format!("{page}/{act}"), &[&carried[..], fields].concat()).await
}

async fn acts(test: &TestPortal, action: &'static str) -> Vec<(String, String)> {
    sql("SELECT reason, detail FROM audit WHERE action = $1 ORDER BY at, id")
        .bind(action)
        .all(test.portal.db().unwrap())
        .await
        .unwrap()
}

on_both!(a_report_is_taken_asked_about_and_answered_and_each_act_is_recorded, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let case = reported(&mut ada, "Ann Blyth").await;
    let (page, mut grace) = (of(&case), member(&test, Role::Support).await);
    let queue = grace.get("/staff/cases").await.text();
    assert!(queue.contains(&page) && queue.contains("Waits for us (1)") && queue.contains("Taken by nobody"));
    let story = grace.get(&page).await.text();
    for words in ["Ann Blyth", "64 of 300 recovered", "The subscriber reported this", "Ada Example"] {
        assert!(story.contains(words), "{words} in {story}");
    }
    assert!(!story.contains(PHONE) && !story.contains("ada@example.com"));
    assert_eq!(grace.post(&format!("{page}/take"), &[]).await.location(), page);
    assert_eq!(grace.post(&format!("{page}/take"), &[]).await.location(), page);
    let asked = fill(&mut grace, &page, "ask", &[("question", "Which Ann?")]).await;
    assert_eq!(asked.location(), page);
    let waits = grace.get("/staff/cases?state=waiting").await.text();
    assert!(waits.contains("Waits for the subscriber (1)") && waits.contains("Taken by Grace Example"));
    let shown = ada.get(&case).await.text();
    assert!(shown.contains("Which Ann?") && shown.contains("Waits for you") && !shown.contains("Grace"));
    let answer = [("outcome", "put-back"), ("answer", "She is back.")];
    assert_eq!(fill(&mut grace, &page, "answer", &answer).await.location(), page);
    assert!(ada.get(&case).await.text().contains("She is back."));
    assert!(test.last_message(PHONE).await.contains("answer"));
    let number = case.trim_start_matches("/reports/").to_owned();
    for (action, detail) in [
        ("took a case", number.clone()),
        ("asked about a case", number.clone()),
        ("answered a case", format!("{number}, put-back")),
    ] {
        assert_eq!(acts(&test, action).await, [(String::new(), detail)], "{action}");
    }
    let looks = acts(&test, "looked").await;
    assert!(looks.iter().all(|(_, detail)| *detail == format!("case {number}, masked")), "{looks:?}");
    let caller = grace.get("/staff/subscribers/a-1").await.text();
    assert!(caller.contains(&page) && caller.contains("Answered: We put it back"), "{caller}");
    assert!(grace.get(&format!("/staff?q={number}")).await.text().contains("Matched by case MR-"));
});

on_both!(nobody_answers_what_they_have_not_read_and_twice_is_once, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let case = reported(&mut ada, "Ann").await;
    let (page, mut grace) = (of(&case), member(&test, Role::Support).await);
    let html = grace.get(&page).await.text();
    let (message, seen) = (hidden(&html, "message"), hidden(&html, "seen"));
    let mine = hidden(&ada.get(&case).await.text(), "message");
    let fields = [("message", mine.as_str()), ("step", "write"), ("text", "And Bo")];
    post_files(&mut ada, &format!("{case}/messages"), &fields, &[]).await;
    let mut fields = vec![
        ("message", message.as_str()),
        ("seen", seen.as_str()),
        ("outcome", "found"),
        ("answer", "Found Ann."),
    ];
    let late = grace.post(&format!("{page}/answer"), &fields).await;
    let text = late.text();
    assert_eq!(late.status, StatusCode::CONFLICT, "{text}");
    assert!(
        text.contains("It went on while you wrote") && text.contains("And Bo") && text.contains("Found Ann.")
    );
    let again = hidden(&text, "seen");
    fields[1].1 = again.as_str();
    for _ in 0..3 {
        assert_eq!(grace.post(&format!("{page}/answer"), &fields).await.location(), page);
    }
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_messages").await, 3);
    assert_eq!(acts(&test, "answered a case").await.len(), 1);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM messages WHERE template = 'report-answered'").await, 1);
    // Answered, it takes no further answer.
    let message = test.portal.ambient.secret_id();
    let more = [("message", message.as_str()), ("seen", "3"), ("question", "And?")];
    let more = grace.post(&format!("{page}/ask"), &more).await;
    assert_eq!(more.status, StatusCode::CONFLICT);
});

on_both!(another_question_from_an_old_form_is_told_before_that_it_went_on, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let page = of(&reported(&mut ada, "Ann").await);
    let mut grace = member(&test, Role::Support).await;
    let html = grace.get(&page).await.text();
    let (message, seen) = (hidden(&html, "message"), hidden(&html, "seen"));
    let carried = [("message", message.as_str()), ("seen", seen.as_str())];
    let with = |fields: &[(&'static str, &'static str)]| [&carried[..], fields].concat();
    let ask = format!("{page}/ask");
    for _ in 0..2 {
        assert_eq!(grace.post(&ask, &with(&[("question", "Which Ann?")])).await.location(), page);
    }
    let other = grace.post(&ask, &with(&[("question", "Which plan?")])).await;
    let text = other.text();
    assert_eq!(other.status, StatusCode::CONFLICT, "{text}");
    assert!(text.contains("This form was sent before with something else") && text.contains("Which plan?"));
    assert_ne!(hidden(&text, "message"), message);
    // The same words as an answer are another step.
    let answer = [("outcome", "found"), ("answer", "Which Ann?")];
    let answer = grace.post(&format!("{page}/answer"), &with(&answer)).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("This form was sent before with something else"));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_messages").await, 2);
    assert_eq!(acts(&test, "asked about a case").await.len(), 1);
});

on_both!(mistakes_in_an_answer_are_told_and_what_was_typed_stays, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let case = reported(&mut ada, "Ann").await;
    let (page, mut grace) = (of(&case), member(&test, Role::Support).await);
    let none = fill(&mut grace, &page, "answer", &[("answer", "She is back.")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("Choose how it ended") && none.text().contains("She is back."));
    let other = fill(&mut grace, &page, "answer", &[("outcome", "granted"), ("answer", "x")]).await;
    assert!(other.text().contains("Choose how it ended"));
    let empty = fill(&mut grace, &page, "ask", &[("question", " \r\n ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = "x".repeat(4_001);
    assert!(
        fill(&mut grace, &page, "ask", &[("question", &long)]).await.text().contains("1 to 4000 characters")
    );
    let broken = grace.post(&format!("{page}/ask"), &[("message", "1"), ("question", "a")]).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert_eq!(grace.get("/staff/cases/MR-0000-0000-0000").await.status, StatusCode::NOT_FOUND);
    assert_eq!(grace.post(&format!("{page}/decide"), &[]).await.status, StatusCode::FORBIDDEN);
});

on_both!(each_role_does_what_is_its_own, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let page = of(&reported(&mut ada, "Ann").await);
    assert_eq!(ada.get(&page).await.location(), "/staff/sign-in");
    assert_eq!(test.browser().get("/staff/cases").await.location(), "/staff/sign-in");
    let mut engineer = member(&test, Role::Engineer).await;
    for address in ["/staff/cases", page.as_str()] {
        assert_eq!(engineer.get(address).await.status, StatusCode::FORBIDDEN, "{address}");
    }
    for act in ["take", "ask", "answer", "decide"] {
        assert_eq!(engineer.post(&format!("{page}/{act}"), &[]).await.status, StatusCode::FORBIDDEN, "{act}");
    }
    assert!(!engineer.get("/staff/subscribers/a-1").await.text().contains(&page));
});

on_both!(finance_sees_the_steps_of_a_report_without_its_text_and_does_not_answer_it, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let page = of(&reported(&mut ada, "Annabel Lee").await);
    let mut finance = member(&test, Role::Finance).await;
    let text = finance.get(&page).await.text();
    assert!(text.contains("A report is answered by these roles: support, admin."), "{text}");
    assert!(text.contains("The subscriber reported this") && text.contains("Your role does not read what"));
    assert!(!text.contains("Annabel") && !text.contains("June 2008"), "{text}");
    let answer = [("outcome", "found"), ("answer", "Found.")];
    assert_eq!(fill(&mut finance, &page, "answer", &answer).await.status, StatusCode::FORBIDDEN);
});

on_both!(files_are_masked_until_a_reason_is_recorded_and_then_downloads, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let draft = drafted(&mut ada, "Ann").await;
    let script = b"<script>alert(1)</script>";
    post_files(&mut ada, &format!("{draft}/files"), &[], &[("list.html", script)]).await;
    let case = ada.post(&format!("{draft}/check"), &[]).await.location().to_owned();
    let (page, mut grace) = (of(&case), member(&test, Role::Support).await);
    let own = ada.get(&case).await.text();
    let file = own.split("href=\"").find(|part| part.contains("/files/")).unwrap().split('"').next().unwrap();
    let file = of(file);
    let masked = grace.get(&page).await.text();
    assert!(masked.contains("A file") && masked.contains("Files are masked") && !masked.contains(&file));
    assert!(!masked.contains("list.html"), "a file's name tells of its person too");
    assert_eq!(grace.get(&file).await.status, StatusCode::FORBIDDEN);
    grace.post("/staff/subscribers/a-1/reveal", &[("reason", REASON)]).await;
    let shown = grace.get(&page).await.text();
    assert!(shown.contains(&file) && shown.contains("list.html"));
    let got = grace.get(&file).await;
    assert_eq!((got.status, got.body.as_slice()), (StatusCode::OK, &script[..]));
    assert_eq!(got.headers["content-type"], "application/octet-stream");
    assert_eq!(got.headers["x-content-type-options"], "nosniff");
    let looks = acts(&test, "looked").await;
    assert!(
        looks.iter().any(|(reason, detail)| reason == REASON && detail.starts_with("a file of case MR-"))
    );
});

async fn another(test: &TestPortal, n: usize) -> Profile {
    test.subscriber(&format!("b-{n}"), &format!("+121255502{n:02}"), "data-20").await
}

on_both!(the_queue_begins_with_what_waits_longest_and_is_paged, |db| {
    let test = TestPortal::new(db);
    let mut cases = Vec::new();
    for n in 0..60 {
        let mut browser = test.signed_in(&another(&test, n).await).await;
        cases.push(reported(&mut browser, "Ann").await);
        test.clock.advance(1);
    }
    test.clock.advance(2 * HOUR);
    let mut grace = member(&test, Role::Support).await;
    let first = grace.get("/staff/cases?kind=report&about=contacts").await.text();
    let place = |page: &str, case: &str| page.find(&format!("\"{}\"", of(case)));
    assert!(place(&first, &cases[0]).unwrap() < place(&first, &cases[49]).unwrap());
    assert!(first.contains("Waits 2 hours") && place(&first, &cases[50]).is_none());
    let link = |page: &str, rel: &str| {
        let tag = page.split('<').find(|tag| tag.contains(&format!("rel=\"{rel}\""))).unwrap_or_default();
        let href = tag.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        href.replace("&amp;", "&")
    };
    assert_eq!(link(&first, "prev"), "");
    let second = grace.get(&link(&first, "next")).await.text();
    assert!(place(&second, &cases[50]).is_some() && place(&second, &cases[59]).is_some());
    assert_eq!(link(&second, "next"), "");
    let back = grace.get(&link(&second, "prev")).await.text();
    assert!(place(&back, &cases[0]).is_some() && place(&back, &cases[50]).is_none());
    assert_eq!(link(&back, "prev"), "");
    for none in ["?kind=appeal", "?about=notes", "?state=answered", "?after=x.y%00'", "?state=%00&before=1"] {
        let page = grace.get(&format!("/staff/cases{none}")).await;
        assert_eq!(page.status, StatusCode::OK, "{none}");
    }
    assert!(grace.get("/staff/cases?about=notes").await.text().contains("There is none."));
    // What is asked waits no more for us, and what is answered back does again, behind the others.
    let page = of(&cases[0]);
    fill(&mut grace, &page, "ask", &[("question", "Who?")]).await;
    assert!(place(&grace.get("/staff/cases").await.text(), &cases[0]).is_none());
    test.clock.advance(10 * MINUTE);
    let mut ada =
        test.signed_in(&Profile::load(&db.db, &owner(&test, &cases[0]).await).await.unwrap().unwrap()).await;
    let mine = hidden(&ada.get(&cases[0]).await.text(), "message");
    let fields = [("message", mine.as_str()), ("step", "write"), ("text", "Ann")];
    post_files(&mut ada, &format!("{}/messages", cases[0]), &fields, &[]).await;
    let first = grace.get("/staff/cases").await.text();
    let last = grace.get(&link(&first, "next")).await.text();
    assert!(place(&last, &cases[0]).unwrap() > place(&last, &cases[59]).unwrap());
});

async fn owner(test: &TestPortal, case: &str) -> String {
    let number = case.rsplit('/').next().unwrap();
    let db = test.portal.db().unwrap();
    crate::recovery::reports::subscriber_of(db, number).await.unwrap().unwrap()
}
