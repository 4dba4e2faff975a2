//! Bill credit by file: handed over once, acknowledged, and what billing rejects.

use std::path::Path;

use tempfile::TempDir;

use super::{Format, acknowledge, acknowledge::Answered, hand_over, store, unanswered};
use crate::{
    accounts::erasure,
    ambient::{DAY, MINUTE},
    incident::ProviderName,
    on_both,
    remedies::{
        self, Wish,
        payouts::{
            Decision, Order, State, control, decide, redirect,
            tests::{claim, claim_of, database, findings, lies_in, order, orders},
            work,
        },
        postal::{self, PostalAddress},
        terms,
    },
    staff::{Role, tests::member},
    store::{Result, sql, testing::TestDb},
    transaction,
    web::testing::TestPortal,
};

async fn pay(test: &TestPortal) -> usize {
    work(&test.portal, test.portal.providers.get(ProviderName::BillFile).unwrap()).await.unwrap()
}

async fn export(test: &TestPortal, folder: &Path, format: Format) -> Vec<(String, u64)> {
    let handed = hand_over(&test.portal, ProviderName::BillFile, folder, format, None);
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    handed.await.unwrap().into_iter().map(|file| (name(&file.path), file.orders)).collect()
}

/// Somebody whose credit lies in a file that takes lines, and a folder for it.
async fn placed(db: &TestDb) -> (TestPortal, TempDir) {
    let (test, folder) = (TestPortal::new(db), tempfile::tempdir().unwrap());
    claim(&test, 0, "free-month").await;
    test.clock.advance(30 * MINUTE);
    pay(&test).await;
    (test, folder)
}

/// The same, handed over.
async fn handed(db: &TestDb) -> (TestPortal, TempDir, Order) {
    let (test, folder) = placed(db).await;
    export(&test, folder.path(), Format::Csv).await;
    let first = order(&test).await;
    (test, folder, first)
}

async fn says(test: &TestPortal, order: &Order, status: &str) -> Answered {
    let text = format!("order,status\n{},{status}\n", order.id);
    acknowledge(&test.portal, text.as_bytes()).await.unwrap()
}

/// The same with what billing says of them.
async fn rejected_since_they_left(test: &TestPortal, order: &Order) {
    let text = format!("order,status,note\n{},rejected,Ada Example has left\n", order.id);
    acknowledge(&test.portal, text.as_bytes()).await.unwrap();
}

async fn erase(test: &TestPortal) {
    let portal = &test.portal;
    let erased = erasure::erase(database(test), &portal.blobs, portal.master(), &portal.ambient, "a-0");
    erased.await.unwrap().unwrap();
}

on_both!(credits_are_handed_over_once_and_are_paid_when_they_are_acknowledged, |db| {
    let test = TestPortal::new(db);
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(export(&test, folder.path(), Format::Csv).await, []);
    let number = claim(&test, 0, "free-month").await;
    test.clock.advance(1);
    claim(&test, 1, "free-month").await;
    test.clock.advance(30 * MINUTE);
    assert_eq!(pay(&test).await, 2);
    let ordered = order(&test).await;
    assert_eq!((ordered.state().unwrap(), lies_in(&test, "paid").await), (State::Placed, 0));
    let early = format!("order,status\n{},applied\n", ordered.id);
    let early = acknowledge(&test.portal, early.as_bytes());
    assert_eq!(early.await.unwrap().problems[0].reason, "its order was not handed over yet");

    let name = "bill-file-2009-10-20-1.csv";
    assert_eq!(export(&test, folder.path(), Format::Csv).await, [(name.to_owned(), 2)]);
    let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("order,account,amount,currency,remedy,claim,ordered_at"));
    let first = format!("{},a-0,2000,USD,free-month,{number},2009-10-20T12:00:00.000Z", ordered.id);
    assert_eq!(lines.next(), Some(first.as_str()));
    assert_eq!(export(&test, folder.path(), Format::Csv).await, []);
    std::fs::remove_file(folder.path().join(name)).unwrap();
    assert_eq!(export(&test, folder.path(), Format::Csv).await, [], "billing took it away");
    // What is new stays where it is while an old file is written again.
    claim(&test, 2, "free-month").await;
    test.clock.advance(30 * MINUTE);
    pay(&test).await;
    let other =
        hand_over(&test.portal, ProviderName::BillFile, folder.path(), Format::Csv, Some("bill-file-1"));
    let error = other.await.unwrap_err().to_string();
    assert_eq!(error, "there is no file bill-file-1; there are bill-file-2009-10-20-1");
    let again = Some("bill-file-2009-10-20-1");
    hand_over(&test.portal, ProviderName::BillFile, folder.path(), Format::Csv, again).await.unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), text, "the same bytes again");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(
        export(&test, folder.path(), Format::Csv).await,
        [("bill-file-2009-10-20-2.csv".to_owned(), 1)]
    );

    let answers =
        format!("order,status,note\n{},applied,\nnobody,applied,\n{},paid,\n", ordered.id, ordered.id);
    let answered = acknowledge(&test.portal, answers.as_bytes()).await.unwrap();
    assert_eq!((answered.applied, answered.rejected, answered.known), (1, 0, 0));
    let problems: Vec<_> = answered.problems.iter().map(|p| (p.line, p.reason.as_str())).collect();
    assert_eq!(
        problems,
        [(3, "its order was in no file of ours"), (4, "its status is neither applied nor rejected")]
    );
    assert_eq!(acknowledge(&test.portal, answers.as_bytes()).await.unwrap().known, 1);
    assert_eq!((order(&test).await.state().unwrap(), lies_in(&test, "paid").await), (State::Paid, 2_000));
    assert!(test.last_message("+12125550100").await.contains("is on your bill"));
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(a_credit_that_billing_rejects_is_ordered_again_in_another_file, |db| {
    let (test, folder, first) = handed(db).await;
    let rejected = format!("order,status,note\n{},rejected,account closed\n", first.id);
    assert_eq!(acknowledge(&test.portal, rejected.as_bytes()).await.unwrap().rejected, 1);
    let first = order(&test).await;
    assert_eq!((first.state().unwrap(), first.note.as_str()), (State::Refused, "account closed"));
    let way = *test.portal.incident.remedy("free-month").unwrap().way("bill").unwrap();
    decide(&test.portal, &first.id, &Decision::Again(way), "Grace").await.unwrap();
    test.clock.advance(DAY);
    pay(&test).await;
    let files = export(&test, folder.path(), Format::Tmf).await;
    assert_eq!(files, [("bill-file-2009-10-21-1.json".to_owned(), 1)]);
    let text = std::fs::read_to_string(folder.path().join(&files[0].0)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let second = orders(&test).await.remove(1);
    assert_eq!(json[0]["externalId"], second.id.as_str());
    assert_eq!(json[0]["amount"]["amount"], "20.00");
    assert_eq!(json[0]["partyAccount"]["id"], "a-0");
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(a_card_is_posted_to_the_address_that_its_person_typed, |db| {
    let test = TestPortal::new(db);
    let folder = tempfile::tempdir().unwrap();
    let person = test.subscriber("a-1", "+12125550101", "data-20").await;
    test.holding(&person, app::Category::Contacts, 64, Some(300)).await;
    let address = PostalAddress {
        name: "Ada \"the\" Example".to_owned(),
        line1: "1 Main Street, Apt 2".to_owned(),
        line2: "=HYPERLINK(\"//example.com\")".to_owned(),
        town: "Springfield".to_owned(),
        region: "OR".to_owned(),
        postcode: "97477".to_owned(),
        country: "United States".to_owned(),
    };
    postal::keep(&test.portal, &person.id, &address).await.unwrap();
    let subscriber = crate::accounts::Subscriber::for_test(person);
    let remedy = test.portal.incident.remedy("gift-card").unwrap();
    let wish = Wish { remedy, delivery: Some("post"), seen: None };
    let version = terms::version([remedy].into_iter());
    remedies::claim(&test.portal, &subscriber, &[wish], &version).await.unwrap();
    test.clock.advance(30 * MINUTE);
    work(&test.portal, test.portal.providers.get(ProviderName::PostFile).unwrap()).await.unwrap();
    let handed =
        hand_over(&test.portal, ProviderName::PostFile, folder.path(), Format::Csv, None).await.unwrap();
    let text = std::fs::read_to_string(&handed[0].path).unwrap();
    assert!(text.starts_with("order,name,line1,line2,town,region,postcode,country,amount,"), "{text}");
    assert!(
        text.contains(
            ",\"Ada \"\"the\"\" Example\",\"1 Main Street, Apt 2\",\"'=HYPERLINK(\"\"//example.com\"\")\",Springfield,OR,97477,United States,"
        ),
        "{text}"
    );
    assert_eq!(order(&test).await.state().unwrap(), State::Placed);
});

on_both!(what_nobody_acknowledges_for_a_week_is_said_by_file, |db| {
    let test = TestPortal::new(db);
    let folder = tempfile::tempdir().unwrap();
    let said = async || {
        let files = unanswered(database(&test), test.portal.ambient.now()).await.unwrap();
        files.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    claim(&test, 0, "free-month").await;
    test.clock.advance(30 * MINUTE);
    pay(&test).await;
    test.clock.advance(7 * DAY);
    assert_eq!(said().await, ["bill-file-2009-10-20-1: 1 orders gather in it, and it was never handed over"]);
    export(&test, folder.path(), Format::Csv).await;
    assert!(said().await.is_empty(), "they have a week");
    test.clock.advance(7 * DAY);
    let late = said().await;
    assert!(late[0].starts_with("bill-file-2009-10-20-1: handed over on 27 October 2009"), "{late:?}");
    let mut browser = member(&test, Role::Finance).await;
    assert!(browser.get("/staff/payouts").await.text().contains("1 of its orders are without an answer"));
    let applied = format!("order,status\n{},applied\n", order(&test).await.id);
    acknowledge(&test.portal, applied.as_bytes()).await.unwrap();
    assert!(said().await.is_empty());
});

on_both!(no_file_is_handed_over_while_payouts_are_held_up, |db| {
    let (test, folder) = placed(db).await;
    for name in [control::ALL, "bill-file"] {
        let db = database(&test);
        let paused =
            transaction!(db, |tx| -> Result<()> { control::pause(tx, name, "Grace", "why", 0).await });
        paused.unwrap();
        let held = hand_over(&test.portal, ProviderName::BillFile, folder.path(), Format::Csv, None).await;
        assert!(held.unwrap_err().to_string().starts_with("payouts are held up"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        transaction!(db, |tx| -> Result<bool> { control::resume(tx, name).await }).unwrap();
    }
    assert_eq!(export(&test, folder.path(), Format::Csv).await.len(), 1);
});

on_both!(a_file_of_before_a_restore_is_not_replaced_by_another_of_its_name, |db| {
    let test = TestPortal::new(db);
    let folder = tempfile::tempdir().unwrap();
    for (number, content) in ["order,account\n", ""].into_iter().enumerate() {
        claim(&test, number, "free-month").await;
        test.clock.advance(30 * MINUTE);
        pay(&test).await;
        let named = folder.path().join(format!("bill-file-2009-10-20-{}.csv", number + 1));
        std::fs::write(&named, content).unwrap();
        let files = export(&test, folder.path(), Format::Csv).await;
        let name = format!("bill-file-2009-10-20-{}-", number + 1);
        assert!(files.len() == 1 && files[0].0.starts_with(&name), "{files:?}");
        assert_eq!(std::fs::read_to_string(&named).unwrap(), content);
        let again = files[0].0.trim_end_matches(".csv").to_owned();
        let bill = ProviderName::BillFile;
        hand_over(&test.portal, bill, folder.path(), Format::Csv, Some(&again)).await.unwrap();
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
});

on_both!(the_same_file_is_finished_by_whoever_comes_after_its_writer_died, |db| {
    let (test, folder) = placed(db).await;
    let first = export(&test, folder.path(), Format::Csv).await;
    transaction!(database(&test), |tx| -> Result<u64> {
        sql("UPDATE payout_files SET handed_at = NULL, handing_until = 0").execute(tx).await
    })
    .unwrap();
    assert_eq!(export(&test, folder.path(), Format::Csv).await, first);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
});

on_both!(what_billing_says_of_a_person_goes_with_them, |db| {
    let (test, _folder, ours) = handed(db).await;
    rejected_since_they_left(&test, &ours).await;
    assert_eq!(order(&test).await.note, "Ada Example has left");
    erase(&test).await;
    assert_eq!(order(&test).await.note, "");
    for kept in ["SELECT answer_note FROM payout_file_lines", "SELECT note FROM payout_events"] {
        let notes: Vec<(String,)> = sql(kept).all(database(&test)).await.unwrap();
        assert!(!notes.iter().any(|(note,)| note.contains("Ada")), "{kept}: {notes:?}");
    }
});

on_both!(what_billing_says_of_somebody_who_was_erased_is_not_kept, |db| {
    let (test, _folder, ours) = handed(db).await;
    erase(&test).await;
    rejected_since_they_left(&test, &ours).await;
    let refused = order(&test).await;
    assert_eq!((refused.state().unwrap(), refused.note.as_str()), (State::Refused, ""));
    let (note,): (String,) =
        sql("SELECT answer_note FROM payout_file_lines").one(database(&test)).await.unwrap();
    assert_eq!(note, "");
});

on_both!(what_is_applied_late_holds_up_what_a_new_claim_brings, |db| {
    let (test, _folder, first) = rejected(db).await;
    let close = Decision::Close { reason: "the account is gone".to_owned() };
    decide(&test.portal, &first.id, &close, "Grace").await.unwrap();
    // They may have it anew, as after an appeal.
    let free = transaction!(database(&test), |tx| -> Result<u64> {
        sql("UPDATE claims SET state = 'withdrawn', binds = 0").execute(tx).await
    });
    free.unwrap();
    let person =
        crate::remedies::store::person(database(&test), &first.subscriber_id).await.unwrap().unwrap();
    claim_of(&test, person, "free-month").await;
    says(&test, &first, "applied").await;
    let second = orders(&test).await.remove(1);
    assert_eq!(second.state().unwrap(), State::Stuck);
    let reference = "bill-file-2009-10-20-1:1, late".to_owned();
    decide(&test.portal, &second.id, &Decision::Paid { reference }, "Grace").await.unwrap();
    assert_eq!(lies_in(&test, "paid").await, 2_000);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(two_who_hand_over_at_once_in_two_folders_hand_a_file_over_once, |db| {
    let (test, folder) = placed(db).await;
    let other = tempfile::tempdir().unwrap();
    let to = |folder: &TempDir| {
        let (portal, path) = (test.portal.clone(), folder.path().to_owned());
        async move { hand_over(&portal, ProviderName::BillFile, &path, Format::Csv, None).await.unwrap().len() }
    };
    let (first, second) = tokio::join!(to(&folder), to(&other));
    assert_eq!(first + second, 1);
    let files = |folder: &TempDir| std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files(&folder) + files(&other), 1, "nor is a draft left");
});

on_both!(what_somebody_else_gives_its_name_is_passed_over_until_they_are_taken_for_dead, |db| {
    let (test, folder) = placed(db).await;
    let now = test.portal.ambient.now();
    transaction!(&db.db, |tx| -> Result<()> { store::close(tx, "bill-file", now).await }).unwrap();
    let file = store::closed(&db.db, "bill-file").await.unwrap().remove(0);
    let here = folder.path().canonicalize().unwrap().to_string_lossy().into_owned();
    assert!(store::take(&db.db, &file.id, &here, now, now + MINUTE).await.unwrap());
    assert!(!store::take(&db.db, &file.id, &here, now, now + MINUTE).await.unwrap());
    assert_eq!(export(&test, folder.path(), Format::Csv).await, []);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nor is a draft left");
    store::let_go(&db.db, &file.id, now).await.unwrap();
    assert!(!store::take(&db.db, &file.id, &here, now, now + MINUTE).await.unwrap(), "another's");
    store::let_go(&db.db, &file.id, now + MINUTE).await.unwrap();
    assert!(store::take(&db.db, &file.id, &here, now, now + MINUTE).await.unwrap());
    test.clock.advance(MINUTE);
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(export(&test, elsewhere.path(), Format::Csv).await, [], "it may lie where its export died");
    assert_eq!(export(&test, folder.path(), Format::Csv).await.len(), 1);
    assert!(!store::mark_handed(&db.db, &file.id, now).await.unwrap(), "who comes to it late hears of it");
});

on_both!(what_was_named_and_not_marked_is_written_again_under_its_name, |db| {
    let (test, folder) = placed(db).await;
    export(&test, folder.path(), Format::Csv).await;
    let name = folder.path().join("bill-file-2009-10-20-1.csv");
    let before = std::fs::read(&name).unwrap();
    let unmarked = transaction!(database(&test), |tx| -> Result<u64> {
        sql("UPDATE payout_files SET handed_at = NULL, handing_until = 0").execute(tx).await
    });
    unmarked.unwrap();
    let handed =
        hand_over(&test.portal, ProviderName::BillFile, folder.path(), Format::Csv, None).await.unwrap();
    assert_eq!((handed.len(), std::fs::read(&name).unwrap()), (1, before));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
});

on_both!(two_who_hand_over_at_once_write_whole_files, |db| {
    let (test, folder) = placed(db).await;
    // Somebody else is writing the same file at this moment.
    let theirs = folder.path().join("bill-file-2009-10-20-1.part");
    std::fs::write(&theirs, "theirs").unwrap();
    export(&test, folder.path(), Format::Csv).await;
    assert_eq!(std::fs::read_to_string(&theirs).unwrap(), "theirs");
    let again = Some("bill-file-2009-10-20-1");
    let one = || hand_over(&test.portal, ProviderName::BillFile, folder.path(), Format::Csv, again);
    let (first, second) = tokio::join!(one(), one());
    assert_eq!((first.unwrap()[0].orders, second.unwrap()[0].orders), (1, 1));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no draft is left");
});

/// The same, rejected.
async fn rejected(db: &TestDb) -> (TestPortal, TempDir, Order) {
    let (test, folder, first) = handed(db).await;
    says(&test, &first, "rejected").await;
    (test, folder, first)
}

fn bill(test: &TestPortal) -> Decision {
    Decision::Again(*test.portal.incident.remedy("free-month").unwrap().way("bill").unwrap())
}

on_both!(what_is_applied_after_it_was_rejected_is_said_and_holds_up_what_was_ordered_in_its_place, |db| {
    let (test, _folder, first) = rejected(db).await;
    decide(&test.portal, &first.id, &bill(&test), "Grace").await.unwrap();
    for _ in 0..2 {
        let problems = says(&test, &first, "applied").await.problems;
        assert!(problems[0].reason.contains("resolve that one as paid"), "{problems:?}");
    }
    let second = orders(&test).await.remove(1);
    assert_eq!(second.state().unwrap(), State::Stuck);
    assert!(second.note.contains(&first.id), "{}", second.note);
    assert_eq!(pay(&test).await, 0);
    let late = "SELECT COUNT(*) FROM payout_events WHERE step = 'applied-late'";
    assert_eq!(sql(late).one::<(i64,)>(database(&test)).await.unwrap().0, 1, "once");
    let reference = "bill-file-2009-10-20-1:1, late".to_owned();
    decide(&test.portal, &second.id, &Decision::Paid { reference }, "Grace").await.unwrap();
    assert_eq!(says(&test, &first, "applied").await.known, 1);
    assert_eq!(lies_in(&test, "paid").await, 2_000);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(what_was_to_come_another_way_came_as_it_was_applied, |db| {
    let test = TestPortal::new(db);
    let folder = tempfile::tempdir().unwrap();
    claim(&test, 0, "gift-card").await;
    let remedy = test.portal.incident.remedy("gift-card").unwrap();
    let way = |id: &str| *remedy.way(id).unwrap();
    let grant = order(&test).await.grant_id;
    transaction!(database(&test), |tx| -> Result<bool> {
        redirect(tx, &test.portal.ambient, &grant, &way("bill")).await
    })
    .unwrap();
    test.clock.advance(30 * MINUTE);
    pay(&test).await;
    export(&test, folder.path(), Format::Csv).await;
    let first = order(&test).await;
    says(&test, &first, "rejected").await;
    decide(&test.portal, &first.id, &Decision::Again(way("site")), "Grace").await.unwrap();
    says(&test, &first, "applied").await;
    let second = orders(&test).await.remove(1);
    assert_eq!((second.state().unwrap(), second.provider.as_str()), (State::Stuck, "bill-file"));
    let claimed = "SELECT state || ' ' || delivery FROM claims";
    assert_eq!(sql(claimed).one::<(String,)>(database(&test)).await.unwrap().0, "delayed bill");
    let reference = "bill-file-2009-10-20-1:1, late".to_owned();
    decide(&test.portal, &second.id, &Decision::Paid { reference }, "Grace").await.unwrap();
    assert!(test.last_message("+12125550100").await.contains("is on your bill"));
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(what_is_applied_after_it_was_rejected_can_be_written_down_and_is_known_then, |db| {
    let (test, _folder, first) = rejected(db).await;
    let problems = says(&test, &first, "applied").await.problems;
    assert!(problems[0].reason.contains("`makegood payouts arrived`"), "{problems:?}");
    decide(&test.portal, &first.id, &Decision::Arrived, "Grace").await.unwrap();
    let answered = says(&test, &first, "applied").await;
    assert_eq!((answered.known, answered.problems), (1, vec![]));
    assert_eq!(lies_in(&test, "paid").await, 2_000);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(what_is_applied_too_late_to_be_held_up_is_told_as_what_it_is, |db| {
    let (test, folder, first) = rejected(db).await;
    decide(&test.portal, &first.id, &bill(&test), "Grace").await.unwrap();
    pay(&test).await;
    let problems = says(&test, &first, "applied").await.problems;
    assert!(problems[0].reason.contains("both may be paid"), "{problems:?}");
    export(&test, folder.path(), Format::Csv).await;
    let second = orders(&test).await.remove(1);
    says(&test, &second, "rejected").await;
    let problems = says(&test, &first, "applied").await.problems;
    assert!(problems[0].reason.contains("before you order anything again"), "{problems:?}");
    let reason = "Billing does not take it".to_owned();
    decide(&test.portal, &second.id, &Decision::Close { reason }, "Grace").await.unwrap();
    let problems = says(&test, &first, "applied").await.problems;
    assert!(problems[0].reason.contains("given up: have billing take it back"), "{problems:?}");
});
