//! Approving and holding up by the staff's pages, and what the person who gets it sees.

use http::StatusCode;

use super::*;
use crate::{
    staff::{Role, tests::another as member},
    web::testing::{Answer, Browser},
};

const WHY: &str = "Counted twice, and looked at the examples";

async fn act(browser: &mut Browser, run: &Run, what: &str) -> Answer {
    browser.post(&format!("/staff/automatic/{}/{what}", run.id), &[("reason", WHY)]).await
}

async fn state(test: &TestPortal, run: &Run) -> RunState {
    now_is(test, run).await.state().unwrap()
}

on_both!(two_different_members_approve_what_the_dry_run_showed, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 14).await;
    let run = counted(&test).await;
    let (mut ana, mut ben) =
        (member(&test, "Ana", Role::Admin).await, member(&test, "Ben", Role::Finance).await);
    assert!(ana.get("/staff/automatic").await.text().contains(&format!("/staff/automatic/{}", run.id)));
    let page = ana.get(&format!("/staff/automatic/{}", run.id)).await.text();
    for words in
        ["10", "$200", "20000 in minor units", "On another plan", "2 people", "a-0001", "Approve this run"]
    {
        assert!(page.contains(words), "{words}");
    }
    let short = ana.post(&format!("/staff/automatic/{}/approve", run.id), &[("reason", "yes")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text().contains("Say in 10 to 500 characters why") && short.text().contains("yes"));
    assert_eq!(act(&mut ana, &run, "approve").await.status, StatusCode::SEE_OTHER);
    assert_eq!(state(&test, &run).await, RunState::Proposed);
    let twice = act(&mut ana, &run, "approve").await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(twice.text().contains("You approved this run already"));
    assert!(!ana.get(&format!("/staff/automatic/{}", run.id)).await.text().contains("Approve this run"));
    assert_eq!(act(&mut ben, &run, "approve").await.status, StatusCode::SEE_OTHER);
    assert_eq!(state(&test, &run).await, RunState::Approved);
    assert_eq!(act(&mut ben, &run, "approve").await.status, StatusCode::CONFLICT);
    let audited = "SELECT COUNT(*) FROM audit WHERE action = 'approved-automatic-run'";
    assert_eq!(count(&test, audited).await, 2);
    assert_eq!(carried_out(&test, &run).await.granted, 10);
    let page = ben.get(&format!("/staff/automatic/{}", run.id)).await.text();
    assert!(page.contains("Done") && page.contains("Given so far"));
});

on_both!(three_members_are_needed_where_the_file_says_so, |db| {
    let three =
        DEMO.replace("given = \"automatically\"", "approval = { automatic = 3 }\ngiven = \"automatically\"");
    let test = TestPortal::with_incident(db, &three);
    crowd(&test, 3).await;
    let run = counted(&test).await;
    for (name, role) in [("Ben", Role::Finance), ("Ann", Role::Admin), ("Kim", Role::Finance)] {
        let none = carry_out(&test.portal, &run.id, |_| ()).await.unwrap();
        assert!(none.is_none(), "before {name} has said yes");
        let mut browser = member(&test, name, role).await;
        act(&mut browser, &run, "approve").await;
    }
    assert_eq!(state(&test, &run).await, RunState::Approved);
});

on_both!(a_changed_file_is_counted_anew_before_it_is_approved, |db| {
    let before = TestPortal::new(db);
    crowd(&before, 3).await;
    let run = counted(&before).await;
    let after = TestPortal::with_incident(db, &DEMO.replace("value = 2000 ", "value = 2100 "));
    let mut ben = member(&after, "Ben", Role::Finance).await;
    let page = ben.get(&format!("/staff/automatic/{}", run.id)).await.text();
    assert!(page.contains("The incident file has changed") && !page.contains("Approve this run"));
    let refused = act(&mut ben, &run, "approve").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("Make a new one and approve that"));
    assert_eq!(state(&before, &run).await, RunState::Proposed);
});

on_both!(roles_without_the_duty_are_kept_out, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 3).await;
    let run = counted(&test).await;
    for (name, role) in [("Sam", Role::Support), ("Eve", Role::Engineer)] {
        let mut browser = member(&test, name, role).await;
        let page = format!("/staff/automatic/{}", run.id);
        for path in ["/staff/automatic", page.as_str()] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for what in ["approve", "pause", "resume", "stop"] {
            assert_eq!(act(&mut browser, &run, what).await.status, StatusCode::FORBIDDEN, "{what}");
        }
    }
    assert_eq!(state(&test, &run).await, RunState::Proposed);
    let mut ben = member(&test, "Ben", Role::Finance).await;
    assert_eq!(ben.get("/staff/automatic/none").await.status, StatusCode::NOT_FOUND);
});

on_both!(staff_pause_a_run_let_it_go_on_and_stop_it, |db| {
    let test = TestPortal::new(db);
    crowd(&test, 20).await;
    let run = approved(&test).await;
    let mut ben = member(&test, "Ben", Role::Finance).await;
    let mut worker = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    batch(&mut worker).await;
    let given = grants(&test).await.len();
    assert_eq!(act(&mut ben, &run, "pause").await.status, StatusCode::SEE_OTHER);
    assert_eq!(batch(&mut worker).await, Step::Over);
    assert!(ben.get(&format!("/staff/automatic/{}", run.id)).await.text().contains(WHY));
    assert_eq!(act(&mut ben, &run, "resume").await.status, StatusCode::SEE_OTHER);
    let mut worker = Worker::take(&test.portal, &run.id).await.unwrap().unwrap();
    batch(&mut worker).await;
    assert!(grants(&test).await.len() > given);
    assert_eq!(act(&mut ben, &run, "stop").await.status, StatusCode::SEE_OTHER);
    assert_eq!(batch(&mut worker).await, Step::Over);
    assert_eq!(act(&mut ben, &run, "resume").await.status, StatusCode::CONFLICT);
    assert_eq!(state(&test, &run).await, RunState::Stopped);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(the_person_sees_that_they_did_not_have_to_ask, |db| {
    let test = TestPortal::new(db);
    let people = crowd(&test, 1).await;
    let run = approved(&test).await;
    carried_out(&test, &run).await;
    let mut browser = test.signed_in(&people[0]).await;
    let claims = browser.get("/claims").await.text();
    assert!(claims.contains("You did not have to ask"));
    let number = claims.split("/claims/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = browser.get(&format!("/claims/{number}")).await.text();
    for words in [
        "You did not have to ask for this",
        "You did not have to ask. You were affected: 64 of 300 contacts have come back so far",
        "you agreed to nothing and gave up nothing",
        "Claiming does not limit any right you have, in or out of court",
        "Claim granted",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("Your claim is made") && !page.contains("The terms you agreed to"));
    assert!(
        !browser.get("/remedies/free-month/check").await.text().contains("name=\"terms\""),
        "it is theirs"
    );
});
