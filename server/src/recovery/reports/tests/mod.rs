//! Reporting as a person does it, over HTTP, on both engines.

mod hostile;

use app::Category;
use http::{Request, StatusCode, header};

use super::*;
use crate::{
    accounts::Profile,
    ambient::DAY,
    on_both,
    store::{self as storage, sql},
    transaction,
    web::testing::{Answer, Browser, TestPortal},
};

const PHONE: &str = "+12125550101";

/// Somebody of whose 300 contacts 64 came back.
pub async fn affected(test: &TestPortal) -> (Profile, Browser) {
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    test.holding(&person, Category::Contacts, 64, Some(300)).await;
    let browser = test.signed_in(&person).await;
    (person, browser)
}

/// Posts a form with files.
pub async fn post_files(
    browser: &mut Browser,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--xyzzy\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(head.into_bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--xyzzy\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             content-type: text/html\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--xyzzy--\r\n");
    let request = Request::post(path)
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyzzy");
    browser.send(request, body.into()).await
}

/// The value of a hidden field.
pub fn hidden(page: &str, name: &str) -> String {
    let tag = page.split('<').find(|tag| tag.contains(&format!("name=\"{name}\""))).unwrap_or_default();
    tag.split("value=\"").nth(1).and_then(|value| value.split('"').next()).unwrap_or_default().to_owned()
}

/// A draft about contacts in which this is written; returns its address.
pub async fn drafted(browser: &mut Browser, text: &str) -> String {
    let begun = browser.post("/reports/new", &[("category", "contacts")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text());
    let draft = begun.location().to_owned();
    let told = [("text", text), ("how_many", "12"), ("period", "June 2008")];
    assert_eq!(browser.post(&draft, &told).await.location(), format!("{draft}/files"));
    draft
}

/// A report about contacts; returns its address.
pub async fn reported(browser: &mut Browser, text: &str) -> String {
    let draft = drafted(browser, text).await;
    browser.post(&format!("{draft}/check"), &[]).await.location().to_owned()
}

/// Writes on a case's page as its form does.
pub async fn write_on(browser: &mut Browser, case: &str, text: &str, files: &[(&str, &[u8])]) -> Answer {
    let page = browser.get(case).await.text();
    let (message, step) = (hidden(&page, "message"), hidden(&page, "step"));
    let fields = [("message", message.as_str()), ("step", step.as_str()), ("text", text)];
    post_files(browser, &format!("{case}/messages"), &fields, files).await
}

pub async fn count(test: &TestPortal, statement: &'static str) -> i64 {
    let (count,): (i64,) = sql(statement).one(test.portal.db().unwrap()).await.unwrap();
    count
}

/// A step of the staff, as their pages take it.
async fn step(test: &TestPortal, case: &str, step: Step, text: &str) {
    let portal = &test.portal;
    let number = CaseNumber::parse(case.rsplit('/').next().unwrap()).unwrap();
    let who = Who { id: "m-1", email: "grace@example.com", name: "Grace" };
    let said = Said::text(text);
    let given = Given { id: &portal.ambient.secret_id(), said: &said };
    transaction!(portal.db().unwrap(), |tx| -> Result<bool, CaseError> {
        let case = store::of_number(&mut *tx, &number).await?.unwrap();
        if step == Step::Take {
            return take(tx, portal, &case, who).await.map(|()| true);
        }
        let key = portal.data_key(&case.subscriber_id).await?.unwrap();
        ask_or_answer(tx, portal, &case, (step, who, case.events), given, &key).await
    })
    .unwrap();
}

on_both!(reporting_is_for_those_who_are_signed_in, |db| {
    let test = TestPortal::new(db);
    for path in ["/reports", "/reports/new", "/reports/new/x", "/reports/MR-0000-0000-0000"] {
        assert_eq!(test.browser().get(path).await.status, StatusCode::SEE_OTHER, "{path}");
    }
    let (_, mut browser) = affected(&test).await;
    let text = browser.get("/reports").await.text();
    assert!(text.contains("1-800-555-0199") && text.contains("href=\"/reports/new\""), "{text}");
});

on_both!(a_report_is_made_one_question_at_a_time_with_our_records_beside_each, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    assert!(browser.get("/reports/new").await.text().contains("64 of 300 recovered"));
    let draft = drafted(&mut browser, "Ann Blyth\r\nBo <b>Diddley</b>").await;
    for page in ["", "/files", "/check"] {
        let text = browser.get(&format!("{draft}{page}")).await.text();
        assert!(page == "/files" || text.contains("64 of 300 recovered"), "{page}: {text}");
    }
    let added = post_files(&mut browser, &format!("{draft}/files"), &[], &[("list.txt", b"Ann")]).await;
    assert_eq!(added.location(), format!("{draft}/files"));
    let check = browser.get(&format!("{draft}/check")).await.text();
    for words in ["Ann Blyth", "Bo &lt;b&gt;Diddley", "list.txt", "June 2008"] {
        assert!(check.contains(words), "{words} in {check}");
    }
    let sent = browser.post(&format!("{draft}/check"), &[]).await;
    assert!(sent.location().starts_with("/reports/MR-"), "{}", sent.location());
    let page = browser.get(sent.location()).await.text();
    for words in
        ["Your report is sent", "You reported this", "Ann Blyth\nBo", "June 2008", "list.txt", "We have it"]
    {
        assert!(page.contains(words), "{words} in {page}");
    }
    let file = page.split("href=\"").find(|part| part.contains("/files/")).unwrap();
    let file = browser.get(file.split('"').next().unwrap()).await;
    assert_eq!((file.status, file.body.as_slice()), (StatusCode::OK, &b"Ann"[..]));
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    let list = browser.get("/reports").await.text();
    assert!(list.contains(sent.location()) && list.contains("Report about Contacts"), "{list}");
    let number = sent.location().trim_start_matches("/reports/").to_owned();
    let message = test.last_message(PHONE).await;
    assert!(message.contains(&number) && !message.contains("Ann"), "{message}");
});

on_both!(what_is_typed_is_kept_and_mistakes_are_told, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let nothing = browser.post("/reports/new", &[("category", "ponies")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text().contains("Choose what it is about"));
    let draft = drafted(&mut browser, "Ann").await;
    let empty = browser.post(&draft, &[("text", " \r\n "), ("period", "2008")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Say what is missing or wrong") && empty.text().contains("value=\"2008\""));
    let none = post_files(&mut browser, &format!("{draft}/files"), &[], &[("", b"")]).await;
    assert!(none.text().contains("Choose a file, or continue without one"));
    // Begun again, the same draft is gone on with.
    let again = browser.post("/reports/new", &[("category", "contacts")]).await;
    assert_eq!(again.location(), draft);
    assert!(browser.get(&draft).await.text().contains("Ann"));
    assert!(browser.get("/reports").await.text().contains(&draft));
});

on_both!(eight_posts_at_once_make_one_case, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let draft = drafted(&mut browser, "Ann").await;
    let mut tabs = Vec::new();
    for _ in 0..8 {
        tabs.push(test.signed_in(&person).await);
    }
    let address = format!("{draft}/check");
    let presses = tabs.iter_mut().map(|tab| tab.post(&address, &[]));
    let answers = futures::future::join_all(presses).await;
    assert!(answers.iter().all(|answer| answer.location() == answers[0].location()));
    assert!(answers[0].location().starts_with("/reports/MR-"));
    assert_eq!(browser.get(&draft).await.location(), answers[0].location());
    assert_eq!(count(&test, "SELECT COUNT(*) FROM cases").await, 1);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_events").await, 1);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM messages WHERE channel = 'sms'").await, 1);
});

on_both!(a_case_goes_to_and_fro_and_is_answered_and_reopened, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let case = reported(&mut browser, "Ann").await;
    step(&test, &case, Step::Take, "").await;
    assert!(browser.get(&case).await.text().contains("Being looked at"));
    step(&test, &case, Step::Ask, "Which Ann?").await;
    let asked = browser.get(&case).await.text();
    assert!(asked.contains("Waits for you") && asked.contains("Which Ann?") && asked.contains("We asked"));
    assert!(!asked.contains("grace@example.com"), "the person sees us and no name");
    assert!(test.last_message(PHONE).await.contains("question"));
    let written = write_on(&mut browser, &case, "Ann Blyth", &[("card.vcf", b"BEGIN:VCARD")]).await;
    assert_eq!(written.location(), case);
    let page = browser.get(&case).await.text();
    assert!(page.contains("Being looked at") && page.contains("card.vcf") && page.contains("You wrote"));
    step(&test, &case, Step::Answer(Outcome::PutBack), "She is in your contacts again.").await;
    let page = browser.get(&case).await.text();
    for words in
        ["Answered: We put it back", "in your contacts again", "You can reopen it until 19 November 2009"]
    {
        assert!(page.contains(words), "{words} in {page}");
    }
    let message = test.last_message(PHONE).await;
    assert!(message.contains("answer") && !message.contains("contacts again"), "{message}");
    // Reopened, in time.
    test.clock.advance(DAY);
    let mut browser = test.signed_in(&person).await;
    assert_eq!(write_on(&mut browser, &case, "She is not", &[]).await.location(), case);
    assert!(browser.get(&case).await.text().contains("You reopened it"));
    // Found, and closed; again changes nothing.
    for _ in 0..2 {
        assert_eq!(browser.post(&format!("{case}/close"), &[]).await.location(), case);
    }
    let page = browser.get(&case).await.text();
    assert!(page.contains("Closed: You found it"), "{page}");
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_events").await, 7);
});

on_both!(the_time_to_reopen_ends, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let case = reported(&mut browser, "Ann").await;
    step(&test, &case, Step::Answer(Outcome::NothingMissing), "All 64 are there.").await;
    let page = browser.get(&case).await.text();
    let fields =
        [("message", hidden(&page, "message")), ("step", "reopen".to_owned()), ("text", "No".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    test.clock.advance(REOPENING);
    let mut late = test.signed_in(&person).await;
    let answer = post_files(&mut late, &format!("{case}/messages"), &fields, &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("The time to reopen it is over"));
    assert!(!late.get(&case).await.text().contains("Reopen and send"));
});

on_both!(who_writes_while_we_answer_reads_the_answer_first, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let case = reported(&mut browser, "Ann").await;
    let message = hidden(&browser.get(&case).await.text(), "message");
    step(&test, &case, Step::Answer(Outcome::Found), "Found her.").await;
    let fields = [("message", message.as_str()), ("step", "write"), ("text", "And Bo")];
    let answer = post_files(&mut browser, &format!("{case}/messages"), &fields, &[("b.txt", b"Bo")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.text().contains("It is answered. Reopen it to go on.") && answer.text().contains("And Bo")
    );
    assert_eq!(
        count(&test, "SELECT COUNT(*) FROM case_files").await,
        0,
        "nothing is left of what was not sent"
    );
});

on_both!(the_same_message_sent_twice_is_said_once, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let case = reported(&mut browser, "Ann").await;
    let message = hidden(&browser.get(&case).await.text(), "message");
    let fields = [("message", message.as_str()), ("step", "write"), ("text", "And Bo")];
    let mut tabs = [test.signed_in(&person).await, test.signed_in(&person).await, browser];
    let address = format!("{case}/messages");
    let presses = tabs.iter_mut().map(|tab| post_files(tab, &address, &fields, &[("b.txt", b"Bo")]));
    let answers = futures::future::join_all(presses).await;
    for answer in &answers {
        assert_eq!(answer.location(), case, "{} {}", answer.status, answer.text());
    }
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_messages").await, 2);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_files WHERE kept = 1").await, 1);
});

on_both!(a_file_that_is_chosen_and_not_added_comes_along_or_is_asked_for_again, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let draft = drafted(&mut browser, "Ann").await;
    let (address, go) = (format!("{draft}/files"), [("then", "check")]);
    let check = format!("{draft}/check");
    assert_eq!(post_files(&mut browser, &address, &go, &[("", b"")]).await.location(), check);
    assert_eq!(post_files(&mut browser, &address, &go, &[("list.txt", b"Ann")]).await.location(), check);
    assert!(browser.get(&check).await.text().contains("list.txt"));
    // One that is refused does not take the others with it.
    let two: [(&str, &[u8]); 2] = [("empty.txt", b""), ("more.txt", b"Bo")];
    let refused = post_files(&mut browser, &address, &go, &two).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("more.txt"), "{}", refused.text());
    let case = browser.post(&check, &[]).await.location().to_owned();
    let empty = write_on(&mut browser, &case, " ", &[("b.txt", b"Bo")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Write something. Nothing was sent: choose the files again"));
    assert!(!write_on(&mut browser, &case, " ", &[]).await.text().contains("choose the files again"));
    step(&test, &case, Step::Answer(Outcome::Found), "Found her.").await;
    let message = test.portal.ambient.secret_id();
    let late = [("message", message.as_str()), ("step", "write"), ("text", "And Bo")];
    let late = post_files(&mut browser, &format!("{case}/messages"), &late, &[("b.txt", b"Bo")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("Nothing was sent: choose the files again"));
});

on_both!(another_text_or_file_from_an_old_form_is_told_and_kept_to_send, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let case = reported(&mut browser, "Ann").await;
    let message = hidden(&browser.get(&case).await.text(), "message");
    let (address, step) = (format!("{case}/messages"), ("step", "write"));
    let first = [("message", message.as_str()), step, ("text", "And Bo")];
    assert_eq!(post_files(&mut browser, &address, &first, &[]).await.location(), case);
    // Back in the browser, another text or another file: a second message, and not the first once more.
    let file: &[(&str, &[u8])] = &[("b.txt", b"Bo")];
    for (text, files) in [("And Cleo", &file[..0]), ("And Bo", file)] {
        let old = [("message", message.as_str()), step, ("text", text)];
        let told = post_files(&mut browser, &address, &old, files).await;
        let page = told.text();
        assert_eq!(told.status, StatusCode::CONFLICT, "{page}");
        assert!(
            page.contains("You sent this form before with something else") && page.contains(text),
            "{page}"
        );
        assert_eq!(count(&test, "SELECT COUNT(*) FROM case_messages WHERE position > 2").await, 0);
        assert_eq!(count(&test, "SELECT COUNT(*) FROM case_files").await, 0);
        let fresh = hidden(&page, "message");
        assert_ne!(fresh, message);
        if files.is_empty() {
            continue;
        }
        let again = [("message", fresh.as_str()), step, ("text", text)];
        assert_eq!(post_files(&mut browser, &address, &again, files).await.location(), case);
    }
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_messages").await, 3);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_files WHERE kept = 1").await, 1);
});

on_both!(a_cases_history_goes_with_its_person_and_not_before, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let case = reported(&mut browser, "Ann").await;
    write_on(&mut browser, &case, "And Bo", &[("b.txt", b"Bo")]).await;
    for statement in [
        "UPDATE case_events SET at = 0",
        "DELETE FROM case_events",
        "UPDATE case_messages SET position = 9",
        "DELETE FROM case_messages",
    ] {
        let outcome = transaction!(db.db, |tx| -> storage::Result<u64> { sql(statement).execute(tx).await });
        assert!(outcome.is_err(), "{statement}");
    }
    let portal = &test.portal;
    let folder = portal.blobs.folder().unwrap().join(&person.id);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    let erase = crate::accounts::erasure::erase;
    erase(portal.db().unwrap(), &portal.blobs, portal.master(), &portal.ambient, "a-1").await.unwrap();
    for statement in [
        "SELECT COUNT(*) FROM cases",
        "SELECT COUNT(*) FROM case_events",
        "SELECT COUNT(*) FROM case_messages",
        "SELECT COUNT(*) FROM case_files",
    ] {
        assert_eq!(count(&test, statement).await, 0, "{statement}");
    }
    assert!(!folder.exists());
});

on_both!(what_was_never_sent_goes_after_a_while_with_its_bytes, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let draft = drafted(&mut browser, "Ann").await;
    post_files(&mut browser, &format!("{draft}/files"), &[], &[("a.txt", b"Ann")]).await;
    let kept = reported(&mut test.signed_in(&person).await, "Bo").await;
    clean(&test.portal).await.unwrap();
    // The draft was the one that is sent: begin another.
    assert_eq!(browser.get(&draft).await.location(), kept);
    let draft = drafted(&mut browser, "Cleo").await;
    post_files(&mut browser, &format!("{draft}/files"), &[], &[("c.txt", b"Cleo")]).await;
    test.clock.advance(31 * DAY);
    clean(&test.portal).await.unwrap();
    let mut browser = test.signed_in(&person).await;
    assert_eq!(browser.get(&draft).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&kept).await.status, StatusCode::OK);
    let folder = test.portal.blobs.folder().unwrap().join(&person.id);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
});

on_both!(what_is_written_and_brought_lies_sealed, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let draft = drafted(&mut browser, "Annabel Lee").await;
    post_files(&mut browser, &format!("{draft}/files"), &[], &[("Annabel.txt", b"Annabel Lee")]).await;
    browser.post(&format!("{draft}/check"), &[]).await;
    let rows: Vec<(Vec<u8>,)> =
        sql("SELECT sealed FROM case_messages UNION ALL SELECT name_sealed FROM case_files")
            .all(test.portal.db().unwrap())
            .await
            .unwrap();
    let folder = test.portal.blobs.folder().unwrap().join(&person.id);
    let blobs = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    let all: Vec<Vec<u8>> = rows.into_iter().map(|(bytes,)| bytes).chain(blobs).collect();
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|bytes| !bytes.windows(7).any(|part| part == b"Annabel")));
});

on_both!(a_file_stays_in_what_was_sent_from_another_tab, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let draft = drafted(&mut browser, "My aunt is missing.").await;
    post_files(&mut browser, &format!("{draft}/files"), &[], &[("aunt.vcf", b"BEGIN:VCARD")]).await;
    let db = test.portal.db().unwrap();
    let case = store::own(db, draft.rsplit('/').next().unwrap(), &person.id).await.unwrap().unwrap();
    let key = test.portal.data_key(&person.id).await.unwrap().unwrap();
    let file = files::of_case(db, &case.id, &key).await.unwrap().remove(0);
    // One tab has found a draft, from which it is about to take the file; another sends it.
    let sent = browser.post(&format!("{draft}/check"), &[]).await.location().to_owned();
    files::remove(&test.portal, &case, &file.id).await.unwrap();
    test.clock.advance(cleaning::DRAFTS);
    clean(&test.portal).await.unwrap();
    let mut browser = test.signed_in(&person).await;
    let bytes = browser.get(&format!("{sent}/files/{}", file.id)).await;
    assert_eq!((bytes.status, bytes.text().as_str()), (StatusCode::OK, "BEGIN:VCARD"));
});

on_both!(a_file_that_is_taken_out_of_a_draft_leaves_nothing, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let draft = drafted(&mut browser, "My aunt is missing.").await;
    post_files(&mut browser, &format!("{draft}/files"), &[], &[("aunt.vcf", b"BEGIN:VCARD")]).await;
    let page = browser.get(&format!("{draft}/files")).await.text();
    let remove = page.split("action=\"").find(|part| part.contains("/remove")).unwrap();
    browser.post(remove.split('"').next().unwrap(), &[]).await;
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_files").await, 0);
    let folder = test.portal.blobs.folder().unwrap().join(&person.id);
    assert_eq!(std::fs::read_dir(folder).map_or(0, Iterator::count), 0);
});
