//! Runs over small populations, on both engines.

use std::{collections::BTreeSet, time::Duration};

use app::Category;

use super::{
    List, Reason, Run, RunState, carry_out, dry_run, find, in_the_way, people, refusals,
    run::{LEASE, Step, Worker, next},
    store as runs, version,
};
use crate::{
    accounts::{Profile, Subscriber},
    ambient::{DAY, HOUR},
    incident::Given,
    on_both,
    remedies::{
        self, Wish,
        payouts::tests::{database, findings, lies_in},
        store, terms,
    },
    store::{Result, sql},
    transaction,
    web::testing::{NOW, TestPortal},
};

mod pages;
mod property;

const DEMO: &str = include_str!("../../../../../demo/incident.toml");
const MONTH: &str = "free-month";

/// Person number `number`: of every seven one is not affected and one is on another plan.
async fn person(test: &TestPortal, number: usize) -> Profile {
    let plan = if number % 7 == 1 { "data-10" } else { "data-20" };
    let person = test.subscriber(&format!("a-{number:04}"), &format!("+1212555{number:04}"), plan).await;
    if number % 7 != 2 {
        test.holding(&person, Category::Contacts, 64, Some(300)).await;
    }
    person
}

async fn crowd(test: &TestPortal, count: usize) -> Vec<Profile> {
    let mut people = Vec::new();
    for number in 0..count {
        people.push(person(test, number).await);
    }
    people
}

async fn claim(test: &TestPortal, person: &Profile) {
    let remedy = test.portal.incident.remedy(MONTH).unwrap();
    let subscriber = Subscriber::for_test(person.clone());
    let wish = Wish { remedy, delivery: None, seen: None };
    let version = terms::version([remedy].into_iter());
    remedies::claim(&test.portal, &subscriber, &[wish], &version).await.unwrap();
}

async fn counted(test: &TestPortal) -> Run {
    let remedy = test.portal.incident.remedy(MONTH).unwrap();
    dry_run(&test.portal, remedy, "the operator", None, |_| ()).await.unwrap()
}

async fn turned(test: &TestPortal, run: &Run, from: RunState, to: RunState) -> bool {
    transaction!(database(test), |tx| -> Result<bool> { runs::turn(tx, &run.id, &[from], to, "", NOW).await })
        .unwrap()
}

/// A dry run that two members approved: how, is a matter of the pages.
async fn approved(test: &TestPortal) -> Run {
    let run = counted(test).await;
    assert!(turned(test, &run, RunState::Proposed, RunState::Approved).await);
    run
}

async fn carried_out(test: &TestPortal, run: &Run) -> Run {
    carry_out(&test.portal, &run.id, |_| ()).await.unwrap().expect("it may be carried out")
}

/// Everybody who is entitled to the free month has it.
pub async fn given(test: &TestPortal) {
    let run = approved(test).await;
    carried_out(test, &run).await;
}

async fn now_is(test: &TestPortal, run: &Run) -> Run {
    find(database(test), &run.id).await.unwrap().unwrap()
}

async fn grants(test: &TestPortal) -> BTreeSet<String> {
    let rows: Vec<(String,)> =
        sql("SELECT subscriber_id FROM grants WHERE ended_at IS NULL AND remedy = 'free-month'")
            .all(database(test))
            .await
            .unwrap();
    let distinct: BTreeSet<String> = rows.iter().map(|(id,)| id.clone()).collect();
    assert_eq!(distinct.len(), rows.len(), "nobody has it twice");
    distinct
}

async fn count(test: &TestPortal, statement: &'static str) -> i64 {
    let (count,): (i64,) = sql(statement).one(database(test)).await.unwrap();
    count
}

/// Every grant of the month with all that belongs to it, once.
async fn is_whole(test: &TestPortal, count_of_grants: i64) {
    for statement in [
        "SELECT COUNT(*) FROM grants WHERE remedy = 'free-month' AND ended_at IS NULL",
        "SELECT COUNT(*) FROM claims WHERE remedy = 'free-month' AND state = 'granted'",
        "SELECT COUNT(*) FROM payout_orders WHERE remedy = 'free-month'",
        "SELECT COUNT(*) FROM postings WHERE remedy = 'free-month'",
        "SELECT COUNT(DISTINCT claim_id) FROM claim_events",
    ] {
        assert_eq!(count(test, statement).await, count_of_grants, "{statement}");
    }
    assert_eq!(lies_in(test, "obligation").await, count_of_grants * 2000);
    assert_eq!(findings(test).await, Vec::<&str>::new());
}

/// With how many people each batch begins: so small that there are many.
async fn batch(worker: &mut Worker<'_>) -> Step {
    worker.batch_of(3).await.unwrap()
}

on_both!(a_dry_run_counts_who_gets_it_and_why_the_others_do_not, |db| {
    let test = TestPortal::new(db);
    let people = crowd(&test, 21).await;
    claim(&test, &people[0]).await;
    let run = counted(&test).await;
    assert_eq!((run.people, run.entitled, run.worth()), (21, 14, 28_000));
    assert_eq!((run.state().unwrap(), run.approvals_needed), (RunState::Proposed, 2));
    assert_eq!(run.budget_left, Some(1_600_000_000 - 2000));
    let refused = refusals(database(&test), &run.id).await.unwrap();
    let expected = [("not-affected", 3), ("other-plan", 3), ("claimed", 1)];
    assert_eq!(refused, expected.map(|(reason, people)| (reason.to_owned(), people)));
    let examples = runs::examples(database(&test), &run.id).await.unwrap();
    assert!(examples.contains(&("claimed".to_owned(), "a-0000".to_owned())));
    assert_eq!(examples.iter().filter(|(reason, _)| reason == "entitled").count(), 3);
    assert_eq!(grants(&test).await.len(), 1, "nothing was given");
    assert!(carry_out(&test.portal, &run.id, |_| ()).await.unwrap().is_none(), "nobody approved it");
});

on_both!(a_dry_run_lists_everybody_as_it_counted_them, |db| {
    use std::os::unix::fs::PermissionsExt;
    let test = TestPortal::new(db);
    let people = crowd(&test, 21).await;
    claim(&test, &people[0]).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("who.csv");
    let month = test.portal.incident.remedy(MONTH).unwrap();
    let list = || Some(List::create(&path).unwrap());
    let run = dry_run(&test.portal, month, "the operator", list(), |_| ()).await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let told = std::fs::read_to_string(&path).unwrap();
    let rows: BTreeSet<(&str, &str)> = told.lines().skip(1).filter_map(|row| row.split_once(',')).collect();
    assert_eq!((told.lines().next(), rows.len()), (Some("account,reason"), 21));
    for row in
        [("a-0000", "claimed"), ("a-0001", "other-plan"), ("a-0002", "not-affected"), ("a-0003", "entitled")]
    {
        assert!(rows.contains(&row), "{row:?}");
    }
    let mut refused = refusals(database(&test), &run.id).await.unwrap();
    refused.push(("entitled".to_owned(), run.entitled));
    for (reason, people) in refused {
        assert_eq!(rows.iter().filter(|(_, listed)| *listed == reason).count() as i64, people, "{reason}");
    }
    // Where no run is proposed no list is left.
    std::fs::remove_file(&path).unwrap();
    assert!(turned(&test, &run, RunState::Proposed, RunState::Approved).await);
    assert!(dry_run(&test.portal, month, "the operator", list(), |_| ()).await.is_err());
    assert!(!path.exists());
});

on_both!(everybody_who_is_entitled_gets_it_once_with_all_that_belongs_to_it, |db| {
    let test = TestPortal::new(db);
    let people = crowd(&test, 40).await;
    claim(&test, &people[0]).await;
    let run = approved(&test).await;
    let done = carried_out(&test, &run).await;
    assert_eq!((done.state().unwrap(), done.looked, done.granted), (RunState::Done, 40, run.entitled));
    assert_eq!(done.rows_written, done.granted * 9, "two lines, and one row of each other table");
    is_whole(&test, run.entitled + 1).await;
    let told = "SELECT COUNT(*) FROM messages WHERE template = 'granted-automatically' AND channel = 'sms'";
    assert_eq!(count(&test, told).await, run.entitled);
    let text = test.last_message(people[3].phone.as_deref().unwrap()).await;
    assert!(text.contains("without asking for it"), "{text}");
    assert!(carry_out(&test.portal, &run.id, |_| ()).await.unwrap().is_none(), "it is over");
    let again = approved(&test).await;
    assert_eq!(again.entitled, 0);
    assert_eq!(carried_out(&test, &again).await.granted, 0);
    is_whole(&test, run.entitled + 1).await;
});

on_both!(hundreds_go_in_by_the_engines_own_bulk_load, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 900).await;
    let run = approved(&test).await;
    let mut worker = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    while worker.batch_of(800).await.unwrap() == Step::Further {}
    is_whole(&test, run.entitled).await;
});

on_both!(the_same_person_is_told_the_same_by_a_run_and_by_a_claim, |db| {
    let test = TestPortal::new(db);
    for person in crowd(&test, 9).await {
        let alone = store::standing(database(&test), &person).await.unwrap();
        let page = people::page(database(&test), ("x", "y"), "", 100).await.unwrap();
        let among = page.iter().find(|one| one.profile.id == person.id).unwrap();
        assert_eq!(among.standing, alone);
    }
});

on_both!(whoever_becomes_affected_later_is_found_by_the_next_dry_run, |db| {
    let test = TestPortal::new(db);
    let people = crowd(&test, 10).await;
    let run = approved(&test).await;
    carried_out(&test, &run).await;
    test.holding(&people[2], Category::Notes, 0, Some(3)).await;
    let next = approved(&test).await;
    assert_eq!(next.entitled, 1);
    assert_eq!(carried_out(&test, &next).await.granted, 1);
    assert!(grants(&test).await.contains(&people[2].id));
    is_whole(&test, run.entitled + 1).await;
});

on_both!(no_more_are_given_than_were_approved, |db| {
    let test = TestPortal::new(db);
    let people = crowd(&test, 10).await;
    let run = approved(&test).await;
    test.holding(&people[2], Category::Notes, 0, Some(3)).await;
    let over = carried_out(&test, &run).await;
    assert_eq!((over.state().unwrap(), over.granted), (RunState::Stopped, run.entitled));
    assert!(over.note.contains("make a new dry run"), "{}", over.note);
    is_whole(&test, run.entitled).await;
});

on_both!(people_who_claim_in_the_same_moment_get_it_once, |db| {
    let test = TestPortal::new(db);
    let people = crowd(&test, 40).await;
    let run = approved(&test).await;
    let entitled: Vec<_> = (0..40).filter(|n| n % 7 != 1 && n % 7 != 2).map(|n| people[n].clone()).collect();
    let claims = futures::future::join_all(entitled.iter().map(|person| claim(&test, person)));
    let (done, _) = tokio::join!(carried_out(&test, &run), claims);
    assert_eq!(done.state().unwrap(), RunState::Done);
    assert_eq!(grants(&test).await.len() as i64, run.entitled);
    is_whole(&test, run.entitled).await;
});

on_both!(a_budget_that_is_too_small_pauses_the_run_after_the_last_grant_that_it_pays, |db| {
    let small = DEMO.replace("budget = 1_600_000_000", "budget = 14_000");
    let test = TestPortal::with_incident(db, &small);
    crowd(&test, 21).await;
    let run = approved(&test).await;
    assert_eq!((run.entitled, run.budget_left), (15, Some(14_000)));
    let held = carried_out(&test, &run).await;
    assert_eq!((held.state().unwrap(), held.granted), (RunState::Paused, 7));
    assert_eq!(held.note, "The budget is used up");
    is_whole(&test, 7).await;
    let more = TestPortal::with_incident(db, DEMO);
    remedies::payouts::budget::fit(&db.db, &more.portal.incident, NOW).await.unwrap();
    assert!(turned(&more, &run, RunState::Paused, RunState::Running).await);
    assert_eq!(carried_out(&more, &run).await.state().unwrap(), RunState::Done);
    is_whole(&more, 15).await;
});

on_both!(whoever_claimed_and_waits_for_the_budget_comes_before_the_run, |db| {
    let with = |budget: &str| DEMO.replace("budget = 1_600_000_000", budget);
    let test = TestPortal::with_incident(db, &with("budget = 14_000"));
    crowd(&test, 21).await;
    let run = approved(&test).await;
    assert_eq!(carried_out(&test, &run).await.state().unwrap(), RunState::Paused);
    let eve = test.subscriber("waits", "+12125550199", "data-20").await;
    test.holding(&eve, Category::Contacts, 64, Some(300)).await;
    claim(&test, &eve).await;
    let granted = "SELECT COUNT(*) FROM claims c JOIN subscribers s ON s.id = c.subscriber_id
         WHERE s.account = 'waits' AND c.state = 'granted'";
    assert_eq!(count(&test, granted).await, 0);
    let more = TestPortal::with_incident(db, &with("budget = 18_000"));
    remedies::payouts::budget::fit(&db.db, &more.portal.incident, NOW).await.unwrap();
    assert!(turned(&more, &run, RunState::Paused, RunState::Running).await);
    let held = carried_out(&more, &run).await;
    assert_eq!((held.state().unwrap(), held.granted), (RunState::Paused, 8), "one of the two is hers");
    assert_eq!(count(&test, granted).await, 1);
});

on_both!(nobody_is_overtaken_by_a_run_while_statements_are_compared_after_a_restore, |db| {
    let with = |budget: &str| DEMO.replace("budget = 1_600_000_000", budget);
    let test = TestPortal::with_incident(db, &with("budget = 14_000"));
    crowd(&test, 21).await;
    let run = approved(&test).await;
    assert_eq!(carried_out(&test, &run).await.granted, 7);
    let eve = test.subscriber("waits", "+12125550199", "data-20").await;
    test.holding(&eve, Category::Contacts, 64, Some(300)).await;
    claim(&test, &eve).await;
    let operator = remedies::payouts::acts::Actor::OPERATOR;
    assert_eq!(remedies::payouts::after_restore(&test.portal, operator).await.unwrap().claims_held_up, 1);
    let more = TestPortal::with_incident(db, &with("budget = 18_000"));
    remedies::payouts::budget::fit(&db.db, &more.portal.incident, NOW).await.unwrap();
    assert!(turned(&more, &run, RunState::Paused, RunState::Running).await);
    assert!(carry_out(&more.portal, &run.id, |_| ()).await.unwrap().is_none());
    let run = now_is(&more, &run).await;
    assert!(in_the_way(&more.portal, &run).await.unwrap().unwrap().contains("after-restore --go-on"));
    assert_eq!(remedies::payouts::go_on_after_restore(&more.portal, operator).await.unwrap(), 1);
    assert_eq!(carried_out(&more, &run).await.granted, 8, "one of the two is hers");
});

on_both!(a_run_that_is_killed_anywhere_goes_on_elsewhere, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 30).await;
    let run = approved(&test).await;
    for patience in [1, 2, 3, 5, 8, 13, 21, 34] {
        let Some(mut worker) = Worker::take(&test.portal, &run.id).await.unwrap() else { break };
        let killed = async { while batch(&mut worker).await == Step::Further {} };
        let _ = tokio::time::timeout(Duration::from_millis(patience), killed).await;
        assert!(
            Worker::take(&test.portal, &run.id).await.unwrap().is_none(),
            "its lease still holds, or it is done"
        );
        test.clock.advance(LEASE);
    }
    if now_is(&test, &run).await.state().unwrap() != RunState::Done {
        carried_out(&test, &run).await;
    }
    let done = now_is(&test, &run).await;
    assert_eq!((done.looked, done.granted), (30, run.entitled));
    is_whole(&test, run.entitled).await;
});

on_both!(a_worker_that_was_taken_for_dead_gives_nothing_more, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 20).await;
    let run = approved(&test).await;
    let mut slow = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    assert_eq!(batch(&mut slow).await, Step::Further);
    test.clock.advance(LEASE);
    let mut other = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    assert_eq!(batch(&mut slow).await, Step::Over);
    while batch(&mut other).await == Step::Further {}
    is_whole(&test, run.entitled).await;
});

on_both!(two_workers_at_once_carry_a_run_out_once, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 30).await;
    let run = approved(&test).await;
    let one = || carry_out(&test.portal, &run.id, |_| ());
    let (first, second) = tokio::join!(one(), one());
    assert!(first.unwrap().is_some() != second.unwrap().is_some());
    is_whole(&test, run.entitled).await;
});

on_both!(a_paused_run_gives_nothing_until_it_goes_on, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 20).await;
    let run = approved(&test).await;
    let mut worker = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    batch(&mut worker).await;
    let given = grants(&test).await.len();
    assert!(turned(&test, &run, RunState::Running, RunState::Paused).await);
    assert_eq!(batch(&mut worker).await, Step::Over);
    assert!(Worker::take(&test.portal, &run.id).await.unwrap().is_none());
    assert_eq!(grants(&test).await.len(), given);
    assert!(turned(&test, &run, RunState::Paused, RunState::Running).await);
    assert_eq!(carried_out(&test, &run).await.granted, run.entitled);
    is_whole(&test, run.entitled).await;
});

on_both!(a_process_of_another_file_gives_nothing_and_ends_nothing, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 10).await;
    let run = approved(&test).await;
    let dearer = TestPortal::with_incident(db, &DEMO.replace("value = 2000 ", "value = 2100 "));
    let mut told = BTreeSet::new();
    assert!(carry_out(&dearer.portal, &run.id, |_| ()).await.unwrap().is_none());
    assert!(!next(&dearer.portal, &mut told).await.unwrap());
    assert_eq!(now_is(&test, &run).await.state().unwrap(), RunState::Approved);
    // It began where the file is what was approved, and its process went away.
    let mut worker = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    assert_eq!(batch(&mut worker).await, Step::Further);
    for portal in [&test, &dearer] {
        portal.clock.advance(LEASE);
    }
    assert!(!next(&dearer.portal, &mut told).await.unwrap());
    assert_eq!(told.len(), 1, "said once");
    assert_eq!(now_is(&test, &run).await.state().unwrap(), RunState::Running);
    assert!(next(&test.portal, &mut told).await.unwrap());
    assert_eq!(now_is(&test, &run).await.state().unwrap(), RunState::Done);
    is_whole(&test, run.entitled).await;
});

on_both!(a_run_of_another_file_keeps_no_other_run_waiting, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 10).await;
    let month = approved(&test).await;
    let file = DEMO.replace("value = 2000 ", "value = 2100 ");
    let file = file.replace("id = \"gift-card\"", "id = \"gift-card\"\ngiven = \"automatically\"");
    let newer = TestPortal::with_incident(db, &file);
    newer.clock.advance(HOUR);
    let card = newer.portal.incident.remedy("gift-card").unwrap();
    let card = dry_run(&newer.portal, card, "the operator", None, |_| ()).await.unwrap();
    assert!(turned(&newer, &card, RunState::Proposed, RunState::Approved).await);
    assert!(next(&newer.portal, &mut BTreeSet::new()).await.unwrap());
    assert_eq!(now_is(&newer, &card).await.state().unwrap(), RunState::Done);
    assert_eq!(now_is(&test, &month).await.state().unwrap(), RunState::Approved);
});

on_both!(a_worker_that_was_taken_for_dead_halts_nothing, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 20).await;
    let run = approved(&test).await;
    let slow = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    test.clock.advance(LEASE);
    let mut other = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    slow.halt(RunState::Paused, "The budget is used up").await.unwrap();
    assert_eq!(now_is(&test, &run).await.state().unwrap(), RunState::Running);
    assert_eq!(batch(&mut other).await, Step::Further);
    other.halt(RunState::Paused, "The budget is used up").await.unwrap();
    assert_eq!(now_is(&test, &run).await.state().unwrap(), RunState::Paused);
    assert_eq!(batch(&mut other).await, Step::Over);
});

on_both!(nothing_is_given_before_its_day, |db| {
    let from = "given = \"automatically\"\nautomatic_from = 2009-10-21T12:00:00Z\n#";
    let test = TestPortal::with_incident(db, &DEMO.replace("given = \"automatically\"", from));
    crowd(&test, 10).await;
    let run = approved(&test).await;
    assert!(carry_out(&test.portal, &run.id, |_| ()).await.unwrap().is_none());
    test.clock.advance(DAY);
    assert_eq!(carried_out(&test, &run).await.granted, run.entitled);
});

on_both!(what_is_given_on_claim_alone_and_what_is_under_way_have_no_dry_run, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 3).await;
    let card = test.portal.incident.remedy("gift-card").unwrap();
    assert_eq!(card.given, Given::OnClaim);
    let refused = dry_run(&test.portal, card, "the operator", None, |_| ()).await.unwrap_err();
    assert!(refused.to_string().contains("gift-card is not given automatically"), "{refused}");
    let first = counted(&test).await;
    let second = approved(&test).await;
    assert_eq!(now_is(&test, &first).await.note, "A newer dry run took its place");
    let month = test.portal.incident.remedy(MONTH).unwrap();
    let refused = dry_run(&test.portal, month, "the operator", None, |_| ()).await.unwrap_err();
    assert!(refused.to_string().contains(&second.id), "{refused}");
});

on_both!(whoever_took_their_claim_back_is_left_in_peace, |db| {
    let test = TestPortal::new(db);
    let people = crowd(&test, 5).await;
    claim(&test, &people[0]).await;
    test.clock.advance(HOUR);
    transaction!(db.db, |tx| -> Result<()> {
        sql("UPDATE claims SET state = 'withdrawn'").execute(&mut *tx).await?;
        sql("UPDATE grants SET ended_at = 1").execute(tx).await?;
        Ok(())
    })
    .unwrap();
    let run = counted(&test).await;
    let refused = refusals(database(&test), &run.id).await.unwrap();
    assert!(refused.contains(&(Reason::Withdrew.slug().to_owned(), 1)), "{refused:?}");
});

#[test]
fn an_approval_holds_for_all_but_the_budget() {
    let remedy = |text: &str| {
        let incident = crate::incident::Incident::from_toml(text, "incident.toml").unwrap();
        version::of(incident.remedy(MONTH).unwrap())
    };
    let approved = remedy(DEMO);
    assert_eq!(remedy(&DEMO.replace("budget = 1_600_000_000", "budget = 1_700_000_000")), approved);
    for (from, to) in [
        ("value = 2000 ", "value = 2001 "),
        ("[\"data-20\"]", "[\"data-20\", \"data-30\"]"),
        ("id = \"bill\"\nprovider = \"bill-file\"", "id = \"bill\"\nprovider = \"stripe\""),
        ("It does not expire. If you leave", "It expires. If you leave"),
    ] {
        assert!(DEMO.contains(from), "{from}");
        assert_ne!(remedy(&DEMO.replace(from, to)), approved, "{to}");
    }
}

on_both!(a_run_that_goes_on_while_the_remedy_closes_leaves_nobody_out, |db| {
    let closes = format!("id = \"{MONTH}\"\ncloses = 2009-10-20T12:00:10Z");
    let test = TestPortal::with_incident(db, &DEMO.replace(&format!("id = \"{MONTH}\""), &closes));
    crowd(&test, 14).await;
    let run = approved(&test).await;
    assert_eq!(run.entitled, 10);
    let mut worker = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    assert_eq!(batch(&mut worker).await, Step::Further);
    test.clock.advance(15_000);
    while batch(&mut worker).await == Step::Further {}
    let done = now_is(&test, &run).await;
    assert_eq!((done.state().unwrap(), done.granted), (RunState::Done, run.entitled));
    is_whole(&test, run.entitled).await;
});
