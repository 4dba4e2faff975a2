//! Orders with a provider that misbehaves on purpose, and what becomes of them.

mod accounts;
mod budgets;
mod closing;
mod pages;
mod statements;
mod watching;

use std::{collections::BTreeMap, sync::Mutex};

use app::Category;
use futures::future::BoxFuture;

use super::{
    Answer, Decision, Found, Order, Parcel, Provider, State, control, decide, for_a_person, redirect, settle,
    store, withdraw, work, worker::LEASE,
};
use crate::{
    accounts::Profile,
    ambient::{DAY, HOUR, MINUTE, SECOND},
    incident::{ProviderName, WayId},
    on_both,
    remedies::{
        self, Wish,
        ledger::{Finding, check, seal_for_test},
        terms,
    },
    store::{Db, Result, sql, testing::TestDb},
    transaction,
    web::testing::{NOW, TestPortal},
};

const DEMO: &str = include_str!("../../../../../demo/incident.toml");

/// Cards by e-mail come from a provider elsewhere.
pub fn elsewhere() -> String {
    DEMO.replace("id = \"email\"\nprovider = \"code-pool\"", "id = \"email\"\nprovider = \"tremendous\"")
}

/// What a provider does with the next order that it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Good,
    /// Carries it out, and its answer is lost.
    LosesReplies,
    /// Loses the order, and answers nothing.
    LosesOrders,
    Refuses,
    TooMany,
    TakesNothing,
    /// Takes it, and carries it out later.
    Slow,
}

/// A provider that pays whatever it is sent, as often as it is sent: it knows no ids.
#[derive(Default)]
pub struct Careless {
    mood: Mutex<Option<Mood>>,
    /// Does not say what it has.
    silent: Mutex<bool>,
    /// The account that is set.
    account: Mutex<Option<&'static str>>,
    paid: Mutex<BTreeMap<String, u32>>,
}

impl Careless {
    fn in_mood(mood: Mood) -> Self {
        Careless { mood: Mutex::new(Some(mood)), ..Careless::default() }
    }

    pub fn losing_replies() -> Self {
        Self::in_mood(Mood::LosesReplies)
    }

    fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = Some(mood);
    }

    /// How often it paid an order.
    pub fn paid(&self, order: &Order) -> u32 {
        self.paid.lock().unwrap().get(&order.id).copied().unwrap_or_default()
    }

    fn take(&self, order: &Order) -> Answer {
        let pay = || *self.paid.lock().unwrap().entry(order.id.clone()).or_default() += 1;
        let reference = format!("R-{}", order.id);
        match self.mood.lock().unwrap().unwrap_or(Mood::Good) {
            Mood::Good => {
                pay();
                Answer::Paid { reference }
            }
            Mood::LosesReplies => {
                pay();
                Answer::Unknown { why: "the line broke".to_owned() }
            }
            Mood::LosesOrders => Answer::Unknown { why: "the line broke".to_owned() },
            Mood::Refuses => Answer::Refused { why: "no such address".to_owned() },
            Mood::TooMany => Answer::NotNow { why: "too many".to_owned(), wait: Some(30 * SECOND) },
            Mood::TakesNothing => Answer::HeldUp { why: "it has no money".to_owned(), wait: 5 * MINUTE },
            Mood::Slow => {
                pay();
                Answer::Placed { reference }
            }
        }
    }
}

impl Provider for Careless {
    fn name(&self) -> ProviderName {
        ProviderName::Tremendous
    }

    fn account(&self) -> Option<String> {
        self.account.lock().unwrap().map(str::to_owned)
    }

    fn per_second(&self) -> Option<u32> {
        None
    }

    fn place<'a>(
        &'a self,
        _: &'a crate::portal::Portal,
        parcels: &'a [Parcel],
    ) -> BoxFuture<'a, Vec<Answer>> {
        Box::pin(async move { parcels.iter().map(|parcel| self.take(&parcel.order)).collect() })
    }

    fn find<'a>(&'a self, _: &'a crate::portal::Portal, parcel: &'a Parcel) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            if *self.silent.lock().unwrap() {
                return Found::Unknown { why: "no answer".to_owned(), wait: None };
            }
            match self.paid(&parcel.order) {
                0 => Found::Nowhere,
                _ => Found::Known(Answer::Paid { reference: format!("R-{}", parcel.order.id) }),
            }
        })
    }
}

/// A portal with `people` who have claimed a gift card; their orders are due.
async fn ordered(test: &TestDb, people: usize) -> TestPortal {
    let portal = TestPortal::with_incident(test, &elsewhere());
    for number in 0..people {
        claim(&portal, number, "gift-card").await;
    }
    portal.clock.advance(30 * MINUTE);
    portal
}

/// Person number `number` claims a remedy; the number of the claim.
pub async fn claim(portal: &TestPortal, number: usize, remedy: &str) -> String {
    let phone = format!("+1212555{:04}", 100 + number);
    let person = portal.subscriber(&format!("a-{number}"), &phone, "data-20").await;
    portal.holding(&person, Category::Contacts, 64, Some(300)).await;
    claim_of(portal, person, remedy).await
}

/// The same of somebody who is there already.
pub async fn claim_of(portal: &TestPortal, person: Profile, remedy: &str) -> String {
    let subscriber = crate::accounts::Subscriber::for_test(person);
    let remedy = portal.portal.incident.remedy(remedy).unwrap();
    let version = terms::version([remedy].into_iter());
    let wish = Wish { remedy, delivery: None, seen: None };
    let numbers = remedies::claim(&portal.portal, &subscriber, &[wish], &version).await.unwrap();
    numbers[0].to_string()
}

pub fn database(test: &TestPortal) -> &Db {
    test.portal.db().unwrap()
}

pub async fn orders(test: &TestPortal) -> Vec<Order> {
    let ids: Vec<(String,)> =
        sql("SELECT id FROM payout_orders ORDER BY created_at, id").all(database(test)).await.unwrap();
    let mut orders = Vec::new();
    for (id,) in ids {
        orders.push(store::order(database(test), &id).await.unwrap().unwrap());
    }
    orders
}

pub async fn order(test: &TestPortal) -> Order {
    orders(test).await.remove(0)
}

async fn state(test: &TestPortal) -> State {
    order(test).await.state().unwrap()
}

/// What the check of the ledger finds, after everything is sealed.
pub async fn findings(test: &TestPortal) -> Vec<&'static str> {
    while seal_for_test(database(test)).await.unwrap() > 0 {}
    check(database(test)).await.unwrap().findings.into_iter().map(|Finding { kind, .. }| kind).collect()
}

/// What lies in an account of the ledger.
pub async fn lies_in(test: &TestPortal, account: &str) -> i64 {
    let (amount,): (i64,) =
        sql("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM posting_lines WHERE account = $1")
            .bind(account)
            .one(database(test))
            .await
            .unwrap();
    amount
}

/// The provider refuses what is due.
pub async fn refuse(test: &TestPortal) {
    work(&test.portal, &Careless::in_mood(Mood::Refuses)).await.unwrap();
    assert_eq!(state(test).await, State::Refused);
}

fn came_back(order: &Order) -> Answer {
    Answer::Returned { reference: format!("R-{}", order.id), why: "nobody took it".to_owned() }
}

/// What is due is paid and comes back, and a member of staff orders it again by another way.
pub async fn come_back_and_order_again(test: &TestPortal, way: &str) {
    work(&test.portal, &Careless::default()).await.unwrap();
    let order = order(test).await;
    let back = [(order.clone(), came_back(&order))];
    settle::all(&test.portal, "tremendous", &back, None).await.unwrap();
    let way = test.portal.incident.remedy("gift-card").unwrap().way(way).unwrap();
    decide(&test.portal, &back[0].0.id, &Decision::Again(*way), "Grace").await.unwrap();
}

async fn claim_state(test: &TestPortal) -> String {
    let (state,): (String,) = sql("SELECT state FROM claims").one(database(test)).await.unwrap();
    state
}

async fn newest_step(test: &TestPortal) -> String {
    let (step,): (String,) = sql("SELECT step FROM claim_events ORDER BY position DESC LIMIT 1")
        .one(database(test))
        .await
        .unwrap();
    step
}

on_both!(an_order_waits_until_it_can_no_longer_be_changed_and_is_paid_once, |db| {
    let test = TestPortal::with_incident(db, &elsewhere());
    claim(&test, 0, "gift-card").await;
    let provider = Careless::default();
    test.clock.advance(30 * MINUTE - 1);
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 0);
    test.clock.advance(1);
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 1);
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 0);
    let order = order(&test).await;
    assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1));
    assert_eq!(order.reference, Some(format!("R-{}", order.id)));
    assert_eq!(claim_state(&test).await, "paid");
    assert_eq!((lies_in(&test, "obligation").await, lies_in(&test, "paid").await), (0, 10_000));
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    let told = test.last_message("+12125550100").await;
    assert!(told.contains("Tremendous"), "{told}");
});

on_both!(where_the_answer_was_lost_the_provider_is_asked_before_anything_is_sent_again, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::in_mood(Mood::LosesReplies);
    work(&test.portal, &provider).await.unwrap();
    assert_eq!(state(&test).await, State::Unknown);
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 0, "not while a call may be under way");
    test.clock.advance(LEASE);
    work(&test.portal, &provider).await.unwrap();
    let order = order(&test).await;
    assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1));
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(an_order_that_never_arrived_is_sent_again, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::in_mood(Mood::LosesOrders);
    work(&test.portal, &provider).await.unwrap();
    provider.becomes(Mood::Good);
    test.clock.advance(LEASE);
    work(&test.portal, &provider).await.unwrap();
    let order = order(&test).await;
    assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1));
});

on_both!(what_stays_unknown_waits_for_a_person, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::in_mood(Mood::LosesReplies);
    *provider.silent.lock().unwrap() = true;
    let mut took = 0;
    while state(&test).await != State::Stuck {
        assert_eq!(work(&test.portal, &provider).await.unwrap(), 1);
        let wait = order(&test).await.due_at - test.portal.ambient.now();
        test.clock.advance(wait);
        took += wait;
    }
    // The last wait is after it became stuck.
    assert_eq!(
        took,
        (1 + 2 + 4 + 8 + 15 + 15 + 15) * MINUTE + 15 * MINUTE,
        "an outage of an hour is survived"
    );
    let stuck = order(&test).await;
    assert_eq!((stuck.state().unwrap(), provider.paid(&stuck)), (State::Stuck, 1));
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 0);
    assert_eq!(for_a_person(database(&test), None, 10).await.unwrap(), std::slice::from_ref(&stuck));
    let in_state = async |state| for_a_person(database(&test), Some(state), 10).await.unwrap().len();
    assert_eq!((in_state("stuck").await, in_state("refused").await), (1, 0));
    assert_eq!(claim_state(&test).await, "delayed");
    let wrong = decide(&test.portal, "nothing", &Decision::NeverArrived, "Grace").await.unwrap_err();
    assert!(wrong.to_string().contains("there is no payout order nothing"));
    decide(&test.portal, &stuck.id, &Decision::Paid { reference: "R-9".to_owned() }, "Grace").await.unwrap();
    assert_eq!(state(&test).await, State::Paid);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    let again = decide(&test.portal, &stuck.id, &Decision::NeverArrived, "Grace").await.unwrap_err();
    assert!(again.to_string().contains("is paid"), "{again}");
});

on_both!(its_claim_says_so_when_what_never_arrived_goes_once_more, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::in_mood(Mood::LosesOrders);
    *provider.silent.lock().unwrap() = true;
    while state(&test).await != State::Stuck {
        work(&test.portal, &provider).await.unwrap();
        test.clock.advance(HOUR);
    }
    assert_eq!(claim_state(&test).await, "delayed");
    decide(&test.portal, &order(&test).await.id, &Decision::NeverArrived, "Grace").await.unwrap();
    assert_eq!((claim_state(&test).await.as_str(), newest_step(&test).await.as_str()), ("paying", "again"));
    *provider.silent.lock().unwrap() = false;
    provider.becomes(Mood::Good);
    work(&test.portal, &provider).await.unwrap();
    assert_eq!((state(&test).await, claim_state(&test).await.as_str()), (State::Paid, "paid"));
});

on_both!(a_worker_that_dies_leaves_its_order_to_be_asked_after, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::default();
    let now = test.portal.ambient.now();
    let taken = transaction!(database(&test), bulk |tx| -> Result<Vec<Order>> {
        store::lease(tx, "tremendous", "dead", now, now + LEASE, (10, None)).await
    })
    .unwrap();
    // It sent the order, and died before it could write down what became of it.
    provider.take(&taken[0]);
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 0);
    test.clock.advance(LEASE);
    work(&test.portal, &provider).await.unwrap();
    let order = order(&test).await;
    assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1));
    // What the dead one comes back with changes nothing.
    let late = [(taken[0].clone(), Answer::Refused { why: "late".to_owned() })];
    settle::all(&test.portal, "tremendous", &late, Some("dead")).await.unwrap();
    assert_eq!(state(&test).await, State::Paid);
});

on_both!(however_many_workers_die_an_order_is_asked_after_and_left_for_nobody, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::in_mood(Mood::LosesReplies);
    for worker in 0..20 {
        let now = test.portal.ambient.now();
        let taken = transaction!(database(&test), bulk |tx| -> Result<Vec<Order>> {
            store::lease(tx, "tremendous", &format!("dead-{worker}"), now, now + LEASE, (10, None)).await
        });
        assert_eq!(taken.unwrap().len(), 1);
        test.clock.advance(LEASE);
    }
    *provider.silent.lock().unwrap() = true;
    work(&test.portal, &provider).await.unwrap();
    assert_eq!(state(&test).await, State::Unknown, "nobody knows, and for the first time");
    *provider.silent.lock().unwrap() = false;
    test.clock.advance(HOUR);
    work(&test.portal, &provider).await.unwrap();
    test.clock.advance(HOUR);
    work(&test.portal, &provider).await.unwrap();
    let order = order(&test).await;
    assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1), "it was asked after");
});

on_both!(workers_at_once_pay_everybody_once, |db| {
    let test = ordered(db, 30).await;
    let provider = Careless::default();
    loop {
        let at_once = (0..4).map(|_| work(&test.portal, &provider));
        let taken: usize = futures::future::try_join_all(at_once).await.unwrap().into_iter().sum();
        if taken == 0 {
            break;
        }
    }
    for order in orders(&test).await {
        assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1));
    }
    assert_eq!(lies_in(&test, "paid").await, 300_000);
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(a_refusal_and_a_return_wait_for_a_person_and_can_be_ordered_again, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::in_mood(Mood::Refuses);
    work(&test.portal, &provider).await.unwrap();
    let refused = order(&test).await;
    assert_eq!((refused.state().unwrap(), lies_in(&test, "obligation").await), (State::Refused, 10_000));
    let remedy = test.portal.incident.remedy("gift-card").unwrap();
    let way = remedy.way("email").unwrap();
    assert_eq!(claim_state(&test).await, "delayed");
    decide(&test.portal, &refused.id, &Decision::Again(*way), "Grace").await.unwrap();
    assert_eq!((claim_state(&test).await.as_str(), newest_step(&test).await.as_str()), ("granted", "again"));
    assert!(decide(&test.portal, &refused.id, &Decision::Again(*way), "Grace").await.is_err(), "once");
    provider.becomes(Mood::Good);
    work(&test.portal, &provider).await.unwrap();
    let paid = orders(&test).await.pop().unwrap();
    assert_eq!((paid.state().unwrap(), provider.paid(&paid)), (State::Paid, 1));
    let back = [(paid.clone(), came_back(&paid))];
    for _ in 0..2 {
        settle::all(&test.portal, "tremendous", &back, None).await.unwrap();
    }
    assert_eq!((lies_in(&test, "paid").await, lies_in(&test, "returned").await), (0, 10_000));
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    decide(&test.portal, &paid.id, &Decision::Close { reason: "nobody can be reached".to_owned() }, "Grace")
        .await
        .unwrap();
    assert_eq!((lies_in(&test, "returned").await, lies_in(&test, "budget").await), (0, 0));
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    let (live,): (i64,) =
        sql("SELECT COUNT(*) FROM grants WHERE ended_at IS NULL").one(database(&test)).await.unwrap();
    assert_eq!(live, 0);
});

on_both!(a_provider_that_has_enough_is_left_alone_for_as_long_as_it_says, |db| {
    let test = ordered(db, 2).await;
    let provider = Careless::in_mood(Mood::TooMany);
    work(&test.portal, &provider).await.unwrap();
    assert!(orders(&test).await.iter().all(|order| order.state().unwrap() == State::Waiting));
    provider.becomes(Mood::Good);
    test.clock.advance(28 * SECOND);
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 0);
    test.clock.advance(2 * SECOND);
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 2);
});

on_both!(a_slow_provider_is_asked_until_it_is_done, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::in_mood(Mood::Slow);
    work(&test.portal, &provider).await.unwrap();
    assert_eq!((state(&test).await, lies_in(&test, "paid").await), (State::Placed, 0));
    test.clock.advance(HOUR);
    work(&test.portal, &provider).await.unwrap();
    let order = order(&test).await;
    assert_eq!((order.state().unwrap(), provider.paid(&order)), (State::Paid, 1));
});

on_both!(nothing_is_sent_while_payouts_are_held_up, |db| {
    let test = ordered(db, 1).await;
    let provider = Careless::default();
    for name in [control::ALL, "tremendous"] {
        let paused = transaction!(database(&test), |tx| -> Result<()> {
            control::pause(tx, name, "Grace", "the statement does not match", NOW).await
        });
        paused.unwrap();
        assert_eq!(work(&test.portal, &provider).await.unwrap(), 0);
        let progress = control::progress(database(&test), &test.portal.providers, NOW).await.unwrap();
        assert_eq!((progress[0].paused, progress[0].expected_end), (true, None));
        assert_eq!(progress[0].reason, "the statement does not match");
        let resumed = transaction!(database(&test), |tx| -> Result<bool> { control::resume(tx, name).await });
        assert!(resumed.unwrap());
    }
    assert_eq!(work(&test.portal, &provider).await.unwrap(), 1);
});

on_both!(a_code_that_was_never_given_cannot_have_arrived, |db| {
    let test = TestPortal::with_incident(db, DEMO);
    claim(&test, 0, "gift-card").await;
    let ours = order(&test).await;
    let refused = [(ours.clone(), Answer::Refused { why: "its person was erased".to_owned() })];
    settle::all(&test.portal, "code-pool", &refused, None).await.unwrap();
    let said = decide(&test.portal, &ours.id, &Decision::Arrived, "Grace").await.unwrap_err();
    assert!(said.to_string().contains("it never had it"), "{said}");
    assert_eq!(findings(&test).await, Vec::<&str>::new());
});

on_both!(a_grant_is_withdrawn_until_its_payout_starts, |db| {
    let test = TestPortal::with_incident(db, &elsewhere());
    claim(&test, 0, "gift-card").await;
    let first = order(&test).await;
    let take_back = |grant: String| {
        let portal = test.portal.clone();
        async move {
            transaction!(portal.db()?, |tx| -> Result<bool> { withdraw(tx, &portal.ambient, &grant).await })
        }
    };
    assert!(take_back(first.grant_id.clone()).await.unwrap());
    assert!(!take_back(first.grant_id.clone()).await.unwrap(), "once");
    assert_eq!((lies_in(&test, "obligation").await, lies_in(&test, "budget").await), (0, 0));
    assert_eq!(findings(&test).await, Vec::<&str>::new());
    claim(&test, 1, "gift-card").await;
    test.clock.advance(30 * MINUTE);
    work(&test.portal, &Careless::in_mood(Mood::LosesReplies)).await.unwrap();
    let second = orders(&test).await.remove(1);
    assert!(!take_back(second.grant_id).await.unwrap(), "too late");
});

on_both!(an_order_goes_another_way_until_it_starts, |db| {
    let test = TestPortal::with_incident(db, &elsewhere());
    claim(&test, 0, "gift-card").await;
    let before = order(&test).await;
    let way = *test.portal.incident.remedy("gift-card").unwrap().way("bill").unwrap();
    let other = async || {
        transaction!(database(&test), |tx| -> Result<bool> {
            redirect(tx, &test.portal.ambient, &before.grant_id, &way).await
        })
        .unwrap()
    };
    assert!(other().await);
    let after = order(&test).await;
    assert_eq!((after.way.as_str(), after.provider.as_str()), (WayId::Bill.slug(), "bill-file"));
    test.clock.advance(30 * MINUTE);
    let provider = test.portal.providers.get(ProviderName::BillFile).unwrap();
    assert_eq!(work(&test.portal, provider).await.unwrap(), 1);
    assert!(!other().await);
});

on_both!(an_order_that_is_paid_without_a_posting_is_found, |db| {
    let test = ordered(db, 1).await;
    let paid = transaction!(database(&test), |tx| -> Result<u64> {
        sql("UPDATE payout_orders SET state = 'paid'").execute(tx).await
    });
    paid.unwrap();
    assert_eq!(findings(&test).await, ["other-account", "no-payout", "no-provider-order"]);
    let gone = transaction!(database(&test), |tx| -> Result<u64> {
        sql("UPDATE payout_orders SET state = 'cancelled'").execute(tx).await
    });
    gone.unwrap();
    assert_eq!(findings(&test).await, ["no-order"]);
});
