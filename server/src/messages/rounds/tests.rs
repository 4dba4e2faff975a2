//! Rounds over a few people, on both engines.

use app::Category;

use super::{opened, step};
use crate::{
    accounts::{Profile, Subscriber},
    ambient::{DAY, HOUR, MINUTE, Millis},
    messages::store as outbox,
    on_both,
    recovery::{self, Cohort},
    remedies::{self, Wish, terms},
    store::{Result, Stride, sql},
    transaction,
    web::testing::TestPortal,
};

const DEMO: &str = include_str!("../../../../demo/incident.toml");
const FIVE: Millis = 5 * MINUTE;

/// The demonstration, where the gift card opens on the day after.
fn opens_tomorrow() -> String {
    DEMO.replace("arrives_within_days = 14", "arrives_within_days = 14\nopens = 2009-10-21T12:00:00Z")
}

async fn person(test: &TestPortal, number: usize) -> Profile {
    test.subscriber(&format!("a-{number}"), &format!("+1212555{number:04}"), "data-20").await
}

async fn crowd(test: &TestPortal, count: usize) -> Vec<Profile> {
    let mut people = Vec::new();
    for number in 0..count {
        let person = person(test, number).await;
        came_back(test, &person, Category::Contacts).await;
        people.push(person);
    }
    people
}

/// Something of the category came back, and is not open.
async fn came_back(test: &TestPortal, person: &Profile, category: Category) {
    test.holding(person, category, 3, Some(3)).await;
    write(test, "UPDATE holdings SET released_at = NULL").await;
}

async fn write(test: &TestPortal, text: &'static str) {
    transaction!(test.portal.db().unwrap(), bulk |tx| -> Result<()> { sql(text).execute(tx).await.map(drop) })
        .unwrap();
}

async fn release(test: &TestPortal, category: Category, cohort: Cohort) {
    recovery::release(test.portal.db().unwrap(), &test.portal.ambient, category, cohort, "test")
        .await
        .unwrap();
}

async fn wants_no_news(test: &TestPortal, person: &Profile) {
    transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
        outbox::stop_news(tx, &person.id, test.portal.ambient.now()).await
    })
    .unwrap();
}

/// Carries out what is due; whether that was anything.
async fn carry_out(test: &TestPortal) -> bool {
    let mut stride = Stride::of(2);
    let first = step(&test.portal, &mut stride).await.unwrap();
    while step(&test.portal, &mut stride).await.unwrap() {}
    first
}

/// To whom which message was written, by account, and its subject or that it is an SMS.
async fn written(test: &TestPortal) -> Vec<(String, String)> {
    let rows: Vec<(String, String, String)> = sql(
        "SELECT s.account, m.template, m.subject FROM messages m JOIN subscribers s ON s.id = m.subscriber_id
         WHERE m.template IN ('data-opened', 'remedy-open', 'payout-late', 'claim-late') ORDER BY m.created_at, s.account, m.template",
    )
    .all(test.portal.db().unwrap())
    .await
    .unwrap();
    let line = |(account, template, subject): (String, String, String)| {
        (account, if subject.is_empty() { template } else { subject })
    };
    rows.into_iter().map(line).collect()
}

fn told(lines: &[(&str, &str)]) -> Vec<(String, String)> {
    lines.iter().map(|(account, said)| ((*account).to_owned(), (*said).to_owned())).collect()
}

on_both!(what_is_opened_together_is_told_in_one_message_and_once, |db| {
    let test = TestPortal::new(db);
    let people = crowd(&test, 3).await;
    person(&test, 3).await;
    came_back(&test, &people[0], Category::Notes).await;
    wants_no_news(&test, &people[1]).await;
    release(&test, Category::Notes, Cohort::Everyone).await;
    release(&test, Category::Contacts, Cohort::Accounts(vec!["a-0".into(), "a-1".into()])).await;
    // More may be opened within the next minutes.
    carry_out(&test).await;
    assert_eq!(written(&test).await, []);
    test.clock.advance(FIVE);
    carry_out(&test).await;
    let first = ("a-0", "Now open: contacts and notes");
    assert_eq!(written(&test).await, told(&[first]));
    // The cohort grows: who was told of it hears nothing again, and who has nothing in it hears nothing.
    release(&test, Category::Contacts, Cohort::Everyone).await;
    release(&test, Category::Photos, Cohort::Everyone).await;
    test.clock.advance(FIVE);
    carry_out(&test).await;
    assert_eq!(written(&test).await, told(&[first, ("a-2", "Now open: contacts")]));
    test.clock.advance(DAY);
    assert!(!carry_out(&test).await);
});

on_both!(what_comes_into_an_open_category_is_told_once_the_import_is_over, |db| {
    let test = TestPortal::new(db);
    let people = crowd(&test, 1).await;
    let asked = async || {
        transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
            opened::wanted(tx, &test.portal.ambient).await
        })
        .unwrap();
        test.clock.advance(FIVE);
        carry_out(&test).await
    };
    // Nothing was ever opened: nobody is looked at.
    assert!(!asked().await);
    assert_eq!(rounds(&test).await, 0);
    release(&test, Category::Tasks, Cohort::Everyone).await;
    test.clock.advance(FIVE);
    carry_out(&test).await;
    came_back(&test, &people[0], Category::Tasks).await;
    asked().await;
    assert_eq!(written(&test).await, told(&[("a-0", "Now open: tasks")]));
});

on_both!(a_round_that_was_stopped_goes_on_in_another_process_and_tells_nobody_twice, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 9).await;
    release(&test, Category::Contacts, Cohort::Everyone).await;
    test.clock.advance(FIVE);
    // A batch, and then the process is gone.
    assert!(step(&test.portal, &mut Stride::of(2)).await.unwrap());
    assert_eq!(written(&test).await.len(), 2);
    let other = TestPortal::new(db);
    other.clock.advance(FIVE + 1);
    // Several at once take turns.
    let (one, two) = tokio::join!(carry_out(&test), carry_out(&other));
    assert!(one || two);
    let accounts: Vec<_> = written(&test).await.into_iter().map(|(account, _)| account).collect();
    let mut sorted = accounts.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((accounts.len(), sorted.len()), (9, 9));
});

on_both!(a_remedy_that_opens_is_told_to_whoever_can_claim_it_once, |db| {
    let test = TestPortal::with_incident(db, &opens_tomorrow());
    let people = crowd(&test, 5).await;
    // Whom the records call unaffected, who wants no news, and who has claimed by then.
    person(&test, 5).await;
    wants_no_news(&test, &people[1]).await;
    assert!(!carry_out(&test).await);
    test.clock.advance(DAY - 1);
    assert!(!carry_out(&test).await);
    test.clock.advance(1);
    claim(&test, &people[2], "gift-card").await;
    // The first batch, and then the process is gone.
    assert!(step(&test.portal, &mut Stride::of(2)).await.unwrap());
    assert_eq!(written(&test).await.len(), 1);
    let other = TestPortal::with_incident(db, &opens_tomorrow());
    other.clock.advance(DAY + 1);
    carry_out(&other).await;
    let mut lines = written(&test).await;
    lines.sort();
    let said = "You can claim $100";
    assert_eq!(lines, told(&[("a-0", said), ("a-3", said), ("a-4", said)]));
    // Neither again, nor when the file moves its opening.
    let moved =
        TestPortal::with_incident(db, &opens_tomorrow().replace("opens = 2009-10-21", "opens = 2009-10-22"));
    moved.clock.advance(2 * DAY + HOUR);
    assert!(!carry_out(&moved).await);
    assert_eq!(written(&test).await.len(), 3);
});

on_both!(a_remedy_without_an_opening_or_with_one_long_ago_is_no_news, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 1).await;
    test.clock.advance(DAY);
    carry_out(&test).await;
    let late = TestPortal::with_incident(db, &opens_tomorrow());
    late.clock.advance(8 * DAY);
    carry_out(&late).await;
    assert_eq!(written(&test).await, []);
});

on_both!(a_payout_that_was_promised_by_now_is_told_to_be_late_once, |db| {
    let test = TestPortal::new(db);
    let people = crowd(&test, 5).await;
    // It is no news: who wants none hears of it too.
    wants_no_news(&test, &people[0]).await;
    for person in &people {
        claim(&test, person, "gift-card").await;
        test.clock.advance(1);
    }
    claim(&test, &people[0], "free-month").await;
    write(&test, "UPDATE claims SET state = 'paid' WHERE subscriber_id IN (SELECT id FROM subscribers WHERE account = 'a-1')").await;
    write(&test, "UPDATE claims SET state = 'withdrawn' WHERE subscriber_id IN (SELECT id FROM subscribers WHERE account = 'a-2')").await;
    write(&test, "UPDATE claims SET state = 'submitted' WHERE subscriber_id IN (SELECT id FROM subscribers WHERE account = 'a-4')").await;
    carry_out(&test).await;
    test.clock.advance(14 * DAY - 10 * MINUTE);
    carry_out(&test).await;
    assert_eq!(written(&test).await, []);
    test.clock.advance(10 * MINUTE);
    assert!(carry_out(&test).await);
    // Of what is not decided nothing is promised.
    let late = [("a-0", "payout-late"), ("a-3", "payout-late"), ("a-4", "claim-late")];
    assert_eq!(written(&test).await, told(&late));
    // It is 5 in the morning where they live.
    let waits: (i64,) = sql(
        "SELECT COUNT(*) FROM messages WHERE template IN ('payout-late', 'claim-late') AND leased_until = $1",
    )
    .bind(morning(&test))
    .one(test.portal.db().unwrap())
    .await
    .unwrap();
    assert_eq!(waits, (3,));
    for _ in 0..3 {
        test.clock.advance(10 * MINUTE);
        carry_out(&test).await;
    }
    assert_eq!(written(&test).await.len(), 3);
    // The month was promised within 30 days.
    test.clock.advance(16 * DAY);
    carry_out(&test).await;
    assert_eq!(written(&test).await[3..], told(&[("a-0", "payout-late")]));
});

on_both!(a_payout_is_late_by_what_was_promised_for_it, |db| {
    let with = |days: i64| {
        let file = DEMO.replace("arrives_within_days = 14", &format!("arrives_within_days = {days}"));
        TestPortal::with_incident(db, &file)
    };
    let (test, sooner) = (with(14), with(5));
    let people = crowd(&test, 3).await;
    carry_out(&test).await;
    claim(&test, &people[0], "gift-card").await;
    // Of before promises were kept with claims.
    claim(&test, &people[2], "gift-card").await;
    write(&test, "UPDATE claims SET arrives_within_days = NULL WHERE subscriber_id IN (SELECT id FROM subscribers WHERE account = 'a-2')").await;
    sooner.clock.advance(DAY);
    claim(&sooner, &people[1], "gift-card").await;
    sooner.clock.advance(5 * DAY - 1);
    carry_out(&sooner).await;
    let old = ("a-2", "payout-late");
    assert_eq!(written(&test).await, told(&[old]), "by the file");
    sooner.clock.advance(10 * MINUTE);
    carry_out(&sooner).await;
    assert_eq!(written(&test).await, told(&[old, ("a-1", "payout-late")]));
    // What was promised earlier for a later day is told of on that day, whatever was told of since.
    sooner.clock.advance(8 * DAY - 20 * MINUTE);
    carry_out(&sooner).await;
    assert_eq!(written(&test).await.len(), 2);
    sooner.clock.advance(20 * MINUTE);
    carry_out(&sooner).await;
    assert_eq!(written(&test).await, told(&[old, ("a-1", "payout-late"), ("a-0", "payout-late")]));
});

/// 8 in the morning in Los Angeles, where winter time began on 1 November.
fn morning(test: &TestPortal) -> Millis {
    let now = test.portal.ambient.now();
    now - now % DAY + 16 * HOUR
}

async fn claim(test: &TestPortal, person: &Profile, remedy: &str) {
    let remedy = test.portal.incident.remedy(remedy).unwrap();
    let subscriber = Subscriber::for_test(person.clone());
    let wish = Wish { remedy, delivery: None, seen: None };
    let version = terms::version([remedy].into_iter());
    remedies::claim(&test.portal, &subscriber, &[wish], &version).await.unwrap();
}

async fn rounds(test: &TestPortal) -> i64 {
    let row = sql("SELECT COUNT(*) FROM message_rounds WHERE kind = 'data-opened'");
    row.one::<(i64,)>(test.portal.db().unwrap()).await.unwrap().0
}
