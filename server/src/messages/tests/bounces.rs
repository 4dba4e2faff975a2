//! Reports of mail servers, as Postfix, Exim and Exchange write them.

use super::*;
use crate::messages::bounces::{Tally, take};

const ADDRESS: &str = "ada@example.com";

fn report(headers_alone: bool, message_id: &str, recipient: &str, action: &str, status: &str) -> String {
    let original = format!(
        "Message-ID: <{message_id}>\r\nFrom: care@example.com\r\nTo: {recipient}\r\nSubject: Your claim\r\n\r\n"
    );
    let kind = if headers_alone { "text/rfc822-headers" } else { "message/rfc822" };
    format!(
        "From: MAILER-DAEMON@mail.example.com\r\nTo: care@example.com\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.com\r\n\r\n\
         Final-Recipient: rfc822; {recipient}\r\nOriginal-Recipient: rfc822;{recipient}\r\nAction: {action}\r\n\
         Status: {status}\r\nDiagnostic-Code: smtp; 550 {status} no\r\n\r\n\
         --b\r\nContent-Type: {kind}\r\n\r\n{original}\r\n--b--\r\n"
    )
}

async fn sent_to(test: &TestPortal, subscriber: &str) -> String {
    let template = templates::claim_granted(&Voice::new(&test.portal, Language::En), "MG-1", "$100");
    let id = put_message(test, Some(subscriber), Channel::Email, ADDRESS, template, None).await;
    deliver(&test.portal).await.unwrap();
    format!("{id}@[127.0.0.1]")
}

async fn taken(test: &TestPortal, mail: &str) -> Tally {
    let portal = &test.portal;
    take(portal.db().unwrap(), portal.settings.host(), &portal.ambient, mail.as_bytes()).await.unwrap()
}

on_both!(a_report_of_a_mailbox_that_is_not_there_marks_the_address, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let sent = sent_to(&test, &person.id).await;
    for headers_alone in [true, false, true] {
        let tally = taken(&test, &report(headers_alone, &sent, "Ada@Example.com", "failed", "5.1.1")).await;
        assert_eq!(tally, Tally { read: 1, marked: 1, ..Tally::default() });
        assert_eq!(bounced(&test, &person.id, "email").await.as_deref(), Some("5.1.1"));
    }
    let page = test.signed_in(&person).await.get("/account/messages").await.text();
    assert!(
        page.contains("We could not reach you at a…@example.com") && page.contains("came back 20 October")
    );
});

on_both!(what_passes_or_is_not_about_ours_marks_nothing, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let sent = sent_to(&test, &person.id).await;
    let unknown = "01246ff8-3a00-7abc-8def-001122334455@[127.0.0.1]";
    for (mail, passing) in [
        (report(true, &sent, ADDRESS, "delayed", "4.4.1"), 1),
        (report(true, &sent, ADDRESS, "failed", "5.2.2"), 1),
        (report(true, &sent, ADDRESS, "failed", "5.7.1"), 1),
        (report(true, &sent, ADDRESS, "delivered", "2.0.0"), 1),
        (report(true, &sent, "other@example.com", "failed", "5.1.1"), 0),
        (report(true, unknown, ADDRESS, "failed", "5.1.1"), 0),
        (report(true, &sent.replace("127.0.0.1", "evil.example"), ADDRESS, "failed", "5.1.1"), 0),
        ("From: ada@example.com\r\nSubject: Thank you\r\n\r\nGot it.\r\n".to_owned(), 0),
        (String::new(), 0),
        ("--b\r\nContent-Type: multipart/report; boundary=\r\n\r\n\0\0".to_owned(), 0),
    ] {
        assert_eq!(
            taken(&test, &mail).await,
            Tally { read: 1, passing, others: 1 - passing, marked: 0 },
            "{mail}"
        );
    }
    assert_eq!(bounced(&test, &person.id, "email").await, None);
});

on_both!(a_whole_mailbox_is_read, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let sent = sent_to(&test, &person.id).await;
    let one = report(false, &sent, ADDRESS, "failed", "5.1.1").replace("\r\n", "\n");
    let late = report(false, &sent, ADDRESS, "delayed", "4.4.1").replace("\r\n", "\n");
    let from = "From MAILER-DAEMON Tue Oct 20 12:00:00 2009\n";
    let tally = taken(&test, &format!("{from}{late}\n{from}{one}\n{from}Subject: hi\n\nhello\n")).await;
    assert_eq!(tally, Tally { read: 3, marked: 1, passing: 1, others: 1 });
});
