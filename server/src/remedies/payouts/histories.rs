//! Whatever is done to orders, in whatever order, the ledger holds after each step.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{
    Answer, Decision, Order, State, decide, redirect, settle, store,
    tests::{claim, database, elsewhere, findings, lies_in, orders},
    withdraw,
    worker::LEASE,
};
use crate::{ambient::HOUR, on_both, store::Result, transaction, web::testing::TestPortal};

/// One thing that may happen, to the order that `which` points at.
#[derive(Clone, Copy, Debug)]
enum Step {
    Claim,
    Withdraw,
    Redirect,
    /// A worker takes what is due, and the provider answers so.
    Work(Said),
    /// The provider tells of it by itself.
    Told(Said),
    Resolve {
        paid: bool,
    },
    Again,
    Arrived,
    Close,
}

#[derive(Clone, Copy, Debug)]
enum Said {
    Paid,
    Placed,
    Refused,
    Returned,
    NotNow,
    Unknown,
}

fn said() -> impl Strategy<Value = Said> {
    use Said::*;
    prop::sample::select(vec![Paid, Paid, Placed, Refused, Returned, NotNow, Unknown])
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Claim),
        1 => Just(Step::Withdraw),
        1 => Just(Step::Redirect),
        4 => said().prop_map(Step::Work),
        2 => said().prop_map(Step::Told),
        1 => any::<bool>().prop_map(|paid| Step::Resolve { paid }),
        1 => Just(Step::Again),
        1 => Just(Step::Arrived),
        1 => Just(Step::Close),
    ]
}

fn answer(said: Said, order: &Order) -> Answer {
    let reference = format!("R-{}", order.id);
    let why = "so it is".to_owned();
    match said {
        Said::Paid => Answer::Paid { reference },
        Said::Placed => Answer::Placed { reference },
        Said::Refused => Answer::Refused { why },
        Said::Returned => Answer::Returned { why },
        Said::NotNow => Answer::NotNow { why, wait: None },
        Said::Unknown => Answer::Unknown { why },
    }
}

async fn take(test: &TestPortal, step: Step, which: prop::sample::Index, people: &mut usize) {
    let portal = &test.portal;
    test.clock.advance(HOUR);
    if let Step::Claim = step {
        claim(test, *people, "gift-card").await;
        *people += 1;
        return;
    }
    let all = orders(test).await;
    if all.is_empty() {
        return;
    }
    let order = which.get(&all);
    let way = *portal.incident.remedy("gift-card").unwrap().way("bill").unwrap();
    match step {
        Step::Claim => {}
        Step::Withdraw => {
            let done = transaction!(database(test), |tx| -> Result<bool> {
                withdraw(tx, &portal.ambient, &order.grant_id).await
            });
            done.unwrap();
        }
        Step::Redirect => {
            let done = transaction!(database(test), |tx| -> Result<bool> {
                redirect(tx, &portal.ambient, &order.grant_id, &way).await
            });
            done.unwrap();
        }
        Step::Work(said) => {
            let now = portal.ambient.now();
            let taken = transaction!(database(test), bulk |tx| -> Result<Vec<Order>> {
                store::lease(tx, &order.provider, "worker", now, now + LEASE, 3).await
            });
            let answers: Vec<_> =
                taken.unwrap().into_iter().map(|order| (order.clone(), answer(said, &order))).collect();
            settle::all(portal, &order.provider, &answers, Some("worker")).await.unwrap();
        }
        Step::Told(said) => {
            // Nobody tells of what was never sent.
            if order.state().unwrap().may_be_out() {
                let answers = [(order.clone(), answer(said, order))];
                settle::all(portal, &order.provider, &answers, None).await.unwrap();
            }
        }
        Step::Resolve { paid } => {
            let decision = match paid {
                true => Decision::Paid { reference: format!("R-{}", order.id) },
                false => Decision::NeverArrived,
            };
            let done = decide(portal, &order.id, &decision, "Grace").await;
            assert_eq!(done.is_ok(), order.state().unwrap() == State::Stuck);
        }
        Step::Again => drop(decide(portal, &order.id, &Decision::Again(way), "Grace").await),
        Step::Arrived => drop(decide(portal, &order.id, &Decision::Arrived, "Grace").await),
        Step::Close => {
            drop(decide(portal, &order.id, &Decision::Close { reason: "so it is".to_owned() }, "Grace").await)
        }
    }
}

/// A history of up to thirty steps, and what must hold after it.
async fn live_through(test: &TestPortal, history: &[(Step, prop::sample::Index)], first: usize) {
    let mut people = first;
    for (step, which) in history {
        take(test, *step, *which, &mut people).await;
        let mut sum = 0;
        for account in ["budget", "obligation", "paid", "returned"] {
            let lies = lies_in(test, account).await;
            assert!(account == "budget" || lies >= 0, "{lies} in {account} after {step:?}");
            sum += lies;
        }
        assert_eq!(sum, 0, "after {step:?}");
    }
    assert_eq!(findings(test).await, Vec::<&str>::new(), "{history:?}");
}

/// By e-mail and on the bill by somebody elsewhere, whose answers are up to the history.
fn all_elsewhere() -> String {
    elsewhere().replace("provider = \"bill-file\"", "provider = \"stripe\"")
}

on_both!(what_came_back_arrives_and_comes_back_as_often_as_it_does, |db| {
    let test = TestPortal::with_incident(db, &all_elsewhere());
    // There is one order, so that any points at it.
    let only = any::<prop::sample::Index>().new_tree(&mut TestRunner::deterministic()).unwrap().current();
    let round = [Step::Arrived, Step::Told(Said::Returned)];
    let first = [Step::Claim, Step::Work(Said::Paid), Step::Told(Said::Returned)];
    let history: Vec<_> = first.into_iter().chain(round).chain(round).map(|step| (step, only)).collect();
    live_through(&test, &history, 0).await;
    assert_eq!(lies_in(&test, "returned").await, 10_000);
    live_through(&test, &[(Step::Arrived, only)], 0).await;
    assert_eq!(lies_in(&test, "paid").await, 10_000);
});

on_both!(the_ledger_holds_through_every_history, |db| {
    let mut runner = TestRunner::deterministic();
    let test = TestPortal::with_incident(db, &all_elsewhere());
    for round in 0..6 {
        let steps = prop::collection::vec((step(), any::<prop::sample::Index>()), 30);
        let history = steps.new_tree(&mut runner).unwrap().current();
        // Other people in the same tables.
        live_through(&test, &history, round * 40).await;
    }
});
