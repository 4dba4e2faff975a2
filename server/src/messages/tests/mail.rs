//! E-mail over SMTP to a server that refuses, breaks off, and says later.

use mail_parser::{MessageParser, MimeHeaders};

use super::{
    peers::{FakeMailServer, Manners},
    *,
};
use crate::{ambient::HOUR, messages::senders::address::Senders, store::testing::TestDb};

const DEMO: &str = include_str!("../../../../demo/incident.toml");
const ADDRESS: &str = "ada@example.com";

pub fn over_smtp(db: &TestDb, server: &FakeMailServer) -> TestPortal {
    TestPortal::with(db, DEMO, |settings| {
        settings.messages = Senders::read(&server.setting()).unwrap();
        settings.messages_from = Some("Example Care <care@example.com>".parse().unwrap());
    })
}

fn letter(test: &TestPortal, make: impl Fn(&Voice<'_>) -> Template) -> Template {
    make(&Voice::new(&test.portal, Language::Es))
}

async fn post(test: &TestPortal, subscriber: Option<&str>, template: Template) -> String {
    put_message(test, subscriber, Channel::Email, ADDRESS, template, None).await
}

on_both!(an_e_mail_has_two_parts_that_say_the_same_and_fetches_nothing, |db| {
    let server = FakeMailServer::start([]).await;
    let test = over_smtp(db, &server);
    let template = letter(&test, |voice| templates::claim_granted(voice, "MG-1", "$100"));
    let said = template.letter.clone().unwrap();
    let id = post(&test, None, template).await;
    deliver(&test.portal).await.unwrap();
    let raw = server.taken().remove(0);
    let mail = MessageParser::default().parse(raw.as_bytes()).unwrap();
    assert_eq!(mail.subject(), Some(said.subject.as_str()));
    assert_eq!(mail.message_id(), Some(format!("{id}@[127.0.0.1]").as_str()));
    assert_eq!(mail.date().unwrap().to_timestamp() * 1000, test.portal.ambient.now());
    assert_eq!(mail.from().unwrap().first().unwrap().address(), Some("care@example.com"));
    assert_eq!(mail.to().unwrap().first().unwrap().address(), Some(ADDRESS));
    assert_eq!(mail.content_type().unwrap().subtype(), Some("alternative"));
    assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), said.text);
    let page = mail.body_html(0).unwrap();
    assert!(page.contains("lang=\"es\"") && page.contains("MG-1"));
    for fetched in ["<img", "src=", "<link", "url(", "http"] {
        assert!(!page.contains(fetched), "{fetched}");
    }
    assert_eq!(mail.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert!(mail.header_raw("List-Unsubscribe").is_none());
});

on_both!(news_alone_can_be_stopped_with_one_click, |db| {
    let server = FakeMailServer::start([]).await;
    let test = over_smtp(db, &server);
    // 9 in the morning where they live.
    test.clock.advance(4 * HOUR);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let news = letter(&test, |voice| templates::data_opened(voice, &[app::Category::Photos]));
    post(&test, Some(&person.id), news).await;
    deliver(&test.portal).await.unwrap();
    let raw = server.taken().remove(0);
    let mail = MessageParser::default().parse(raw.as_bytes()).unwrap();
    let stop = mail.header_raw("List-Unsubscribe").unwrap().trim();
    assert!(stop.starts_with("<http://127.0.0.1:3000/messages/stop/") && stop.ends_with('>'), "{stop}");
    assert_eq!(mail.header_raw("List-Unsubscribe-Post").map(str::trim), Some("List-Unsubscribe=One-Click"));
});

on_both!(a_mailbox_that_does_not_exist_is_remembered_and_gets_no_more, |db| {
    let no =
        Manners { to_recipient: Some("550 5.1.1 <ada@example.com>: no such user"), ..Manners::default() };
    let server = FakeMailServer::start([no]).await;
    let test = over_smtp(db, &server);
    let person = test.subscriber("a-1", PHONE, "data-20").await;
    let receipt = || letter(&test, |voice| templates::claim_granted(voice, "MG-1", "$100"));
    let id = post(&test, Some(&person.id), receipt()).await;
    deliver(&test.portal).await.unwrap();
    let failure = kept(&test, &id).await.2.unwrap();
    assert!(failure.contains("5.1.1") && !failure.contains(ADDRESS), "{failure}");
    assert!(bounced(&test, &person.id, "email").await.is_some());
    let next = post(&test, Some(&person.id), receipt()).await;
    deliver(&test.portal).await.unwrap();
    assert_eq!(kept(&test, &next).await.2.as_deref(), Some("nothing reaches its person this way"));
    assert!(server.taken().is_empty());
});

on_both!(a_server_that_dislikes_us_says_nothing_of_the_address, |db| {
    for (no, later) in [
        (Manners { to_recipient: Some("550 5.7.1 relaying denied"), ..Manners::default() }, 0),
        (Manners { to_message: Some("554 5.7.1 looks like spam"), ..Manners::default() }, 1),
    ] {
        let server = FakeMailServer::start([no]).await;
        let test = over_smtp(db, &server);
        test.clock.advance(later);
        let receipt = letter(&test, |voice| templates::claim_granted(voice, "MG-1", "$100"));
        let person = test.subscriber(&format!("a-{later}"), &format!("+1212555012{later}"), "data-20").await;
        let id = post(&test, Some(&person.id), receipt).await;
        deliver(&test.portal).await.unwrap();
        assert!(kept(&test, &id).await.2.unwrap().contains("5.7.1"));
        assert_eq!(bounced(&test, &person.id, "email").await, None);
    }
});

on_both!(nothing_is_sent_unencrypted_to_a_server_that_should_encrypt, |db| {
    let server = FakeMailServer::start([]).await;
    let test = TestPortal::with(db, DEMO, |settings| {
        settings.messages = Senders::read(&format!("{}?tls=required", server.setting())).unwrap();
        settings.messages_from = Some("Example Care <care@example.com>".parse().unwrap());
    });
    let receipt = letter(&test, |voice| templates::claim_granted(voice, "MG-1", "$100"));
    let id = post(&test, None, receipt).await;
    deliver(&test.portal).await.unwrap();
    let (_, sent_at, failure) = kept(&test, &id).await;
    assert_eq!((sent_at, failure, server.taken().len()), (None, None, 0));
});

on_both!(what_is_refused_for_now_or_breaks_off_is_sent_later, |db| {
    for (n, later) in [
        Manners { greets: Some("421 4.3.2 busy"), ..Manners::default() },
        Manners { to_recipient: Some("451 4.7.1 greylisted, come back"), ..Manners::default() },
        Manners { to_message: Some("452 4.3.1 no room"), ..Manners::default() },
        // Whether it has it is not known: the second copy has the same Message-ID.
        Manners { hangs_up: true, ..Manners::default() },
    ]
    .into_iter()
    .enumerate()
    {
        let server = FakeMailServer::start([later]).await;
        let test = over_smtp(db, &server);
        test.clock.advance(2 * MINUTE * i64::try_from(n).unwrap());
        let receipt = letter(&test, |voice| templates::claim_granted(voice, "MG-1", "$100"));
        let id = post(&test, None, receipt).await;
        deliver(&test.portal).await.unwrap();
        assert_eq!(kept(&test, &id).await.1, None);
        test.clock.advance(MINUTE);
        deliver(&test.portal).await.unwrap();
        assert!(kept(&test, &id).await.1.is_some());
        let ids: Vec<_> =
            server.taken().iter().map(|raw| raw.contains(&format!("Message-ID: <{id}@"))).collect();
        assert_eq!(ids, vec![true; if n == 3 { 2 } else { 1 }]);
    }
});
