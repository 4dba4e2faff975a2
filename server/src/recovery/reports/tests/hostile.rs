//! What people should not send, and what they should not see.

use super::*;

on_both!(another_persons_case_draft_and_files_are_not_found, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    let draft = drafted(&mut ada, "Ann").await;
    post_files(&mut ada, &format!("{draft}/files"), &[], &[("a.txt", b"Ann")]).await;
    let eve = test.subscriber("a-2", "+12125550102", "data-20").await;
    let mut eve = test.signed_in(&eve).await;
    for page in ["", "/files", "/check"] {
        assert_eq!(eve.get(&format!("{draft}{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    assert_eq!(eve.post(&draft, &[("text", "mine")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(eve.post(&format!("{draft}/check"), &[]).await.status, StatusCode::NOT_FOUND);
    let case = ada.post(&format!("{draft}/check"), &[]).await.location().to_owned();
    let page = ada.get(&case).await.text();
    let file = page.split("href=\"").find(|part| part.contains("/files/")).unwrap();
    let file = file.split('"').next().unwrap().to_owned();
    let message = test.portal.ambient.secret_id();
    let fields = [("message", message.as_str()), ("step", "write"), ("text", "mine")];
    for path in [case.as_str(), &file, "/reports/MR-0000-0000-0000", "/reports/nothing"] {
        assert_eq!(eve.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let written = post_files(&mut eve, &format!("{case}/messages"), &fields, &[("e.txt", b"Eve")]).await;
    assert_eq!(written.status, StatusCode::NOT_FOUND);
    assert_eq!(eve.post(&format!("{case}/close"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ada.get(&case.to_lowercase()).await.status, StatusCode::OK);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_files").await, 1);
});

on_both!(a_text_too_long_or_with_a_nul_is_told_or_drawn_harmless, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let draft = drafted(&mut browser, "Ann").await;
    let long = "x".repeat(10_000);
    let refused = browser.post(&draft, &[("text", long.as_str()), ("period", long.as_str())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(text.contains("10000 characters, and 4000 is the most") && text.contains(&long), "{text}");
    let nul = browser.post(&draft, &[("text", "a\0b</textarea><script>alert(1)</script>")]).await;
    assert_eq!(nul.status, StatusCode::SEE_OTHER);
    let case = browser.post(&format!("{draft}/check"), &[]).await.location().to_owned();
    let page = browser.get(&case).await.text();
    assert!(page.contains("a\u{FFFD}b&lt;/textarea&gt;") && !page.contains("<script"), "{page}");
    let long = write_on(&mut browser, &case, &"y".repeat(70_000), &[]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    let broken =
        post_files(&mut browser, &format!("{case}/messages"), &[("message", "../x"), ("text", "a")], &[])
            .await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
});

on_both!(files_are_few_and_small_and_never_a_page_of_ours, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let draft = drafted(&mut browser, "Ann").await;
    let address = format!("{draft}/files");
    let large = vec![7; files::MOST_BYTES + 1];
    let refused = post_files(&mut browser, &address, &[], &[("large.bin", &large)]).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(refused.text().contains("“large.bin” is larger than 10 MB"), "{}", refused.text());
    let empty = post_files(&mut browser, &address, &[], &[("empty.txt", b"")]).await;
    assert!(empty.text().contains("“empty.txt” is empty"));
    let page = b"<script>alert(1)</script>";
    let names = ["../../etc/passwd", "a.html", "b.html", "c.html"];
    let four: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &page[..])).collect();
    assert_eq!(post_files(&mut browser, &address, &[], &four).await.status, StatusCode::SEE_OTHER);
    let six = post_files(&mut browser, &address, &[], &[("e.html", page), ("f.html", page)]).await;
    assert!(six.text().contains("5 files are the most, in all"), "{}", six.text());
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_files WHERE kept = 1").await, 5);
    // One is taken out, and another brought.
    let remove = six.text();
    let remove = remove.split("action=\"").find(|part| part.contains("/remove")).unwrap();
    browser.post(remove.split('"').next().unwrap(), &[]).await;
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_files").await, 4);
    let case = browser.post(&format!("{draft}/check"), &[]).await.location().to_owned();
    let full = write_on(&mut browser, &case, "more", &[("g.txt", b"g"), ("h.txt", b"h")]).await;
    assert_eq!(full.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(full.text().contains("Nothing was sent"));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_files").await, 4);
    let page = browser.get(&case).await.text();
    assert!(!page.contains("etc/passwd"));
    for part in page.split("href=\"").filter(|part| part.contains("/files/")) {
        let file = browser.get(part.split('"').next().unwrap()).await;
        assert_eq!(file.headers["content-type"], "application/octet-stream");
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
        assert_eq!(file.headers["content-security-policy"], "default-src 'none'; sandbox");
    }
    assert_eq!(browser.get(&format!("{case}/files/{}", "0".repeat(64))).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_post_that_breaks_off_changes_nothing, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let draft = drafted(&mut browser, "Ann").await;
    let request = Request::post(format!("{draft}/files"))
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyzzy");
    let body = "--xyzzy\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf";
    assert_eq!(browser.send(request, body.into()).await.status, StatusCode::BAD_REQUEST);
    let foreign = Request::post(format!("{draft}/check")).header(header::ORIGIN, "https://evil.example");
    assert_eq!(browser.send(foreign, axum::body::Body::empty()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM case_files").await, 0);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM cases WHERE state <> 'draft'").await, 0);
});

on_both!(open_cases_and_messages_without_an_answer_are_bounded, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let mut cases = Vec::new();
    for n in 0..MOST_OPEN {
        test.clock.advance(1);
        cases.push(reported(&mut browser, &format!("Ann {n}")).await);
    }
    let draft = drafted(&mut browser, "One more").await;
    let refused = browser.post(&format!("{draft}/check"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("You have 20 open reports and appeals"), "{}", refused.text());
    browser.post(&format!("{}/close", cases[0]), &[]).await;
    assert!(browser.post(&format!("{draft}/check"), &[]).await.location().starts_with("/reports/MR-"));
    for n in 1..MOST_IN_A_ROW {
        assert_eq!(write_on(&mut browser, &cases[1], &format!("{n}"), &[]).await.location(), cases[1], "{n}");
    }
    let often = write_on(&mut browser, &cases[1], "again", &[]).await;
    assert_eq!(often.status, StatusCode::CONFLICT);
    assert!(often.text().contains("You have written often"));
    step(&test, &cases[1], Step::Ask, "Yes?").await;
    assert_eq!(count(&test, "SELECT COUNT(*) FROM cases WHERE state <> 'draft'").await, MOST_OPEN + 1);
    assert_eq!(write_on(&mut browser, &cases[1], "again", &[]).await.location(), cases[1]);
});

on_both!(somebody_of_whom_nothing_is_known_may_report_too, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-9", "+12125550109", "data-20").await;
    let mut browser = test.signed_in(&person).await;
    assert!(browser.get("/reports/new").await.text().contains("Our records know nothing of yours here"));
    let case = reported(&mut browser, "All of them").await;
    let page = browser.get(&case).await.text();
    assert!(page.contains("We know no inventory, no verdict and no recovered file of yours here."), "{page}");
});

on_both!(nobody_fills_the_store_by_sending_and_closing, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    let first = reported(&mut browser, "Ann").await;
    transaction!(test.portal.db().unwrap(), |tx| -> storage::Result<()> {
        for _ in 1..MOST {
            sql("INSERT INTO cases (id, kind, incident, subscriber_id, subject, number, state, made_at, sent_at,
                 waits_since, events)
                 SELECT $1, kind, incident, subscriber_id, subject, $1, 'closed', made_at, sent_at, waits_since, 0
                 FROM cases WHERE events = 1")
            .bind(CaseNumber::draw(Kind::Report, &test.portal.ambient).to_string())
            .execute(&mut *tx)
            .await?;
        }
        Ok(())
    })
    .unwrap();
    browser.post(&format!("{first}/close"), &[]).await;
    let draft = drafted(&mut browser, "Bo").await;
    let refused = browser.post(&format!("{draft}/check"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("You have sent 100 reports and appeals"), "{}", refused.text());
    assert_eq!(browser.get("/reports").await.status, StatusCode::OK);
});
