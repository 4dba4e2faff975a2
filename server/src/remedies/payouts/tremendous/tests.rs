//! Orders with a Tremendous that misbehaves on purpose, over a real line.

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Account, Tremendous};
use crate::{
    accounts::{Profile, erasure},
    ambient::{HOUR, MINUTE, SECOND},
    on_both,
    remedies::payouts::{
        Answer as Said, Decision, Found, Order, Parcel, Provider, State, control, decide, store as orders_of,
        testing::{Asked, Mood, Server, line, nowhere},
        tests::{claim, database, elsewhere, findings, lies_in, order, orders},
        work,
        worker::LEASE,
    },
    secret::Secret,
    store::{self, keys::hmac, sql, testing::TestDb},
    transaction,
    web::testing::{Answer, Browser, NOW, TestPortal},
};

const KEY: &str = "TEST_key";
const WEBHOOK_KEY: &str = "webhook-key";

/// What it has, by our ids.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<String, Value>>);

impl Kept {
    fn orders(&self) -> Vec<Value> {
        self.0.lock().unwrap().values().cloned().collect()
    }

    /// What becomes of every order: its status, and its delivery's.
    fn become_of_all(&self, status: &str, delivery: &str) {
        for order in self.0.lock().unwrap().values_mut() {
            order["status"] = status.into();
            order["rewards"][0]["delivery"]["status"] = delivery.into();
        }
    }

    fn answer(&self, asked: &Asked) -> (u16, Value) {
        if asked.headers.get("authorization") != Some(&format!("Bearer {KEY}"))
            || asked.path != "/api/v2/orders"
        {
            return (401, json!({ "errors": { "message": "Unauthorized", "payload": {} } }));
        }
        let mut kept = self.0.lock().unwrap();
        if asked.method == http::Method::GET {
            let found: Vec<_> = kept.get(&asked.query["external_id"]).cloned().into_iter().collect();
            return (200, json!({ "total_count": found.len(), "orders": found }));
        }
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        let id = body["external_id"].as_str().unwrap().to_owned();
        if let Some(order) = kept.get(&id) {
            return (201, json!({ "order": order }));
        }
        let number = kept.len();
        let order = json!({
            "id": format!("ORDER{number}"), "external_id": id, "status": "EXECUTED",
            "payment": { "subtotal": 100.0, "total": 100.0, "fees": 0 },
            "rewards": [{
                "id": format!("REWARD{number}"), "value": body["reward"]["value"],
                "recipient": body["reward"]["recipient"],
                "delivery": { "method": body["reward"]["delivery"]["method"], "status": "PENDING" },
            }],
        });
        kept.insert(id, order.clone());
        (200, json!({ "order": order }))
    }
}

fn account(url: &str) -> Account {
    Account {
        url: url.to_owned(),
        key: Secret::new(KEY.to_owned()),
        funding_source: "balance".to_owned(),
        campaign: "CAMPAIGN1".to_owned(),
        webhook_key: Some(Secret::new(WEBHOOK_KEY.to_owned())),
        per_second: NonZeroU32::new(1_000).unwrap(),
    }
}

/// A portal with `people` whose gift cards are due, and who carries them out.
struct World {
    test: TestPortal,
    server: Arc<Server>,
    kept: Arc<Kept>,
    account: Account,
    provider: Tremendous,
}

impl World {
    async fn new(db: &TestDb, people: usize) -> Self {
        Self::with_rate(db, people, 1_000).await
    }

    async fn with_rate(db: &TestDb, people: usize, per_second: u32) -> Self {
        let kept = Arc::new(Kept::default());
        let keeping = kept.clone();
        let server = Server::start(Box::new(move |asked| keeping.answer(asked))).await;
        let per_second = NonZeroU32::new(per_second).unwrap();
        let account = Account { per_second, ..account(&server.url) };
        let test = TestPortal::with(db, &elsewhere(), |settings| settings.tremendous = Some(account.clone()));
        for number in 0..people {
            claim(&test, number, "gift-card").await;
        }
        test.clock.advance(30 * MINUTE);
        let provider = Tremendous::new(account.clone(), line());
        World { test, server, kept, account, provider }
    }

    /// With one person, whose card has reached them.
    async fn paid(db: &TestDb) -> Self {
        let world = Self::new(db, 1).await;
        world.work().await;
        world.kept.become_of_all("EXECUTED", "SUCCEEDED");
        world.test.clock.advance(HOUR);
        world.work().await;
        assert_eq!(world.state().await, State::Paid);
        world
    }

    async fn work(&self) -> usize {
        work(&self.test.portal, &self.provider).await.unwrap()
    }

    async fn state(&self) -> State {
        order(&self.test).await.state().unwrap()
    }

    /// Works until nothing is left to do, and proves that everybody was paid once.
    async fn ends_well(&self) {
        for _ in 0..20 {
            self.work().await;
            self.kept.become_of_all("EXECUTED", "SUCCEEDED");
            self.test.clock.advance(HOUR);
        }
        let orders = orders(&self.test).await;
        for order in &orders {
            assert_eq!(order.state().unwrap(), State::Paid, "{}", order.note);
            let theirs = &self.kept.0.lock().unwrap()[&order.id];
            assert_eq!(order.reference.as_deref(), theirs["id"].as_str());
        }
        assert_eq!(self.kept.orders().len(), orders.len(), "one order for each of ours, and no other");
        assert_eq!(lies_in(&self.test, "paid").await, 10_000 * i64::try_from(orders.len()).unwrap());
        assert_eq!(findings(&self.test).await, Vec::<&str>::new());
    }

    async fn told(&self, event: &str, resource: (&str, &str)) -> Answer {
        let body = json!({
            "event": event, "uuid": "5ccc7bb1-7659-4e23-a407-77d8cd9c62f5", "created_utc": "2009-10-20T12:00:00Z",
            "payload": { "resource": { "id": resource.1, "type": resource.0 }, "meta": {} },
        });
        let body = body.to_string();
        let signature = format!("sha256={}", hex::encode(hmac(WEBHOOK_KEY.as_bytes(), &[body.as_bytes()])));
        post(&mut self.test.browser(), &body, &signature).await
    }
}

on_both!(every_call_counts_at_the_rate_and_questions_do_too, |db| {
    let world = World::with_rate(db, 4, 50).await;
    let expected = async || {
        let progress =
            control::progress(database(&world.test), &world.test.portal.providers, 0).await.unwrap();
        progress[0].expected_end
    };
    // So many calls of 20 ms each.
    let used = async || {
        let gates = control::gates(database(&world.test)).await.unwrap();
        let gate = gates.iter().find(|gate| gate.provider == "tremendous").unwrap();
        (gate.next_at - world.test.portal.ambient.now()) / 20
    };
    assert_eq!(expected().await, Some(8 * 20), "an order and a question each");
    world.server.then([Mood::LosesReplies, Mood::LosesOrders]);
    assert_eq!(world.work().await, 4);
    assert_eq!(used().await, 4, "an order each");
    assert_eq!(
        expected().await,
        Some((2 * 2 + 4) * 20),
        "two that are asked after first, and what became of each"
    );
    world.test.clock.advance(LEASE);
    assert_eq!(world.work().await, 2);
    assert_eq!(used().await, 3, "two questions, and the one again that never arrived");
    world.ends_well().await;
});

on_both!(a_rate_holds_over_all_processes, |db| {
    let world = World::with_rate(db, 12, 20).await;
    let other = Tremendous::new(world.account.clone(), line());
    let began = std::time::Instant::now();
    let (here, there) = tokio::join!(world.work(), async { work(&world.test.portal, &other).await.unwrap() });
    assert_eq!(here + there, 12);
    assert!(began.elapsed() >= Duration::from_millis(11 * 50), "{:?}", began.elapsed());
});

on_both!(while_payouts_are_held_up_a_provider_is_asked_and_sent_nothing, |db| {
    let world = World::new(db, 1).await;
    let parcel = Parcel::of_nobody(&order(&world.test).await);
    transaction!(database(&world.test), |tx| -> store::Result<()> {
        control::pause(tx, control::ALL, "finance", "the statement does not match", NOW).await
    })
    .unwrap();
    assert_eq!(world.work().await, 0);
    let parcel = Parcel { email: "ada@example.com".to_owned(), ..parcel };
    let said = world.provider.place(&world.test.portal, std::slice::from_ref(&parcel)).await;
    assert_eq!(said, [Said::NotBegun]);
    assert_eq!(world.provider.find(&world.test.portal, &parcel).await, Found::Nowhere);
    assert!(world.server.posts().is_empty());
});

async fn post(browser: &mut Browser, body: &str, signature: &str) -> Answer {
    let request = Request::post("/webhooks/tremendous")
        .header("content-type", "application/json")
        .header("tremendous-webhook-signature", signature);
    browser.send(request, Body::from(body.to_owned())).await
}

on_both!(a_card_is_ordered_once_and_is_paid_when_it_reached_its_person, |db| {
    let world = World::new(db, 1).await;
    assert_eq!(world.work().await, 1);
    let ours = order(&world.test).await;
    assert_eq!((ours.state().unwrap(), ours.reference.as_deref()), (State::Placed, Some("ORDER0")));
    let posts = world.server.posts();
    assert_eq!(posts[0].headers["content-type"], "application/json");
    let sent: Value = serde_json::from_str(&posts[0].body).unwrap();
    assert_eq!(
        sent,
        json!({
            "external_id": ours.id,
            "payment": { "funding_source_id": "balance" },
            "reward": {
                "campaign_id": "CAMPAIGN1",
                "value": { "denomination": 100.0, "currency_code": "USD" },
                "recipient": { "name": "Ada Example", "email": "ada@example.com" },
                "delivery": { "method": "EMAIL" },
                "language": "en",
            },
        })
    );
    world.ends_well().await;
    assert_eq!(world.server.posts().len(), 1);
    assert!(world.test.last_message("+12125550100").await.contains("Tremendous"));
});

on_both!(whatever_becomes_of_its_answer_an_order_is_there_once, |db| {
    let moods = [Mood::LosesReplies, Mood::FailsAfterwards, Mood::Garbage, Mood::Slow];
    let world = World::new(db, moods.len()).await;
    world.server.then(moods);
    world.work().await;
    for order in orders(&world.test).await {
        assert_eq!(order.state().unwrap(), State::Unknown, "{}", order.note);
    }
    assert_eq!(world.work().await, 0, "not while a call may be under way");
    world.test.clock.advance(LEASE);
    world.ends_well().await;
    assert_eq!(world.server.posts().len(), 4, "asked, and not sent again");
});

on_both!(an_order_that_never_arrived_is_sent_again_under_its_id, |db| {
    let world = World::new(db, 1).await;
    world.server.then([Mood::LosesOrders, Mood::LosesOrders]);
    world.work().await;
    assert_eq!(world.state().await, State::Unknown);
    world.test.clock.advance(LEASE);
    world.ends_well().await;
    let sent: Vec<_> = world.server.posts().into_iter().map(|post| post.body).collect();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|body| *body == sent[0]));
});

on_both!(what_it_has_under_our_id_already_is_not_placed_again, |db| {
    let world = World::new(db, 1).await;
    let ours = order(&world.test).await;
    let parcel = crate::remedies::payouts::store::parcel(world.test.portal.db().unwrap(), &ours).await;
    let parcels = [parcel.unwrap().unwrap()];
    let first = world.provider.place(&world.test.portal, &parcels).await;
    assert_eq!(world.provider.place(&world.test.portal, &parcels).await, first);
    world.ends_well().await;
});

on_both!(what_is_wrong_with_our_account_holds_everybody_up_and_refuses_nobody, |db| {
    let wrong = |payload| json!({ "errors": { "message": "validation failure", "payload": payload } });
    let world = World::new(db, 1).await;
    for (status, answer) in [
        (401, wrong(json!({}))),
        (402, wrong(json!({}))),
        (403, json!("no")),
        (404, json!(null)),
        (308, json!(null)),
        (422, wrong(json!({ "payment": { "funding_source_id": "is not yours" } }))),
        (400, wrong(json!({ "reward": { "campaign_id": "there is none" } }))),
    ] {
        world.server.then([Mood::Says(status, answer)]);
        assert_eq!(world.work().await, 1, "{status}");
        assert_eq!(world.state().await, State::Waiting, "{status}");
        world.test.clock.advance(4 * MINUTE);
        assert_eq!(world.work().await, 0, "it is left alone after {status}");
        world.test.clock.advance(2 * MINUTE);
    }
    world.ends_well().await;
});

on_both!(who_takes_no_orders_is_asked_and_listened_to_all_the_same, |db| {
    let world = World::paid(db).await;
    claim(&world.test, 1, "gift-card").await;
    world.test.clock.advance(30 * MINUTE);
    world.server.becomes(Mood::Says(402, json!({ "errors": { "message": "No money" } })));
    assert_eq!((world.work().await, world.work().await), (1, 0));
    // In the midst of it the first card comes back.
    world.kept.become_of_all("CANCELED", "FAILED");
    assert_eq!(world.told("REWARDS.CANCELED", ("rewards", "REWARD0")).await.status, StatusCode::OK);
    assert_eq!(world.state().await, State::Returned);
    let close = Decision::Close { reason: "it was cancelled there".to_owned() };
    decide(&world.test.portal, &order(&world.test).await.id, &close, "Grace").await.unwrap();
    assert_eq!(findings(&world.test).await, Vec::<&str>::new());
});

on_both!(whoever_lost_an_order_while_it_waited_for_its_turn_does_not_send_it, |db| {
    let world = World::new(db, 1).await;
    let now = world.test.portal.ambient.now();
    let taken = async |by: &'static str, now: i64| {
        transaction!(database(&world.test), bulk |tx| -> store::Result<Vec<Order>> {
            orders_of::lease(tx, "tremendous", by, now, now + LEASE, (10, None)).await
        })
        .unwrap()
        .remove(0)
    };
    let first = taken("first", now).await;
    let parcel = Parcel { email: "ada@example.com".to_owned(), ..Parcel::of_nobody(&first) };
    let send = async || world.provider.place(&world.test.portal, std::slice::from_ref(&parcel)).await;
    world.test.clock.advance(LEASE);
    assert_eq!(send().await, [Said::NotBegun], "its lease is over");
    taken("second", now + LEASE).await;
    assert_eq!(send().await, [Said::NotBegun], "another has it");
    assert!(world.server.posts().is_empty());
});

on_both!(an_order_without_its_turn_stays_as_it_was, |db| {
    let world = World::new(db, 2).await;
    world.server.then([Mood::LosesOrders]);
    world.work().await;
    world.test.clock.advance(HOUR);
    let before = orders(&world.test).await;
    // Everything is taken up for longer than anybody waits.
    transaction!(database(&world.test), bulk |tx| -> store::Result<()> {
        let until = world.test.portal.ambient.now() + SECOND;
        control::GATES.rest_until(tx, "tremendous", until).await
    })
    .unwrap();
    let stopping = world.test.portal.stopping.clone();
    stopping.cancel();
    world.work().await;
    let after = orders(&world.test).await;
    for (before, after) in before.iter().zip(&after) {
        let kept = |order: &Order| (order.state.clone(), order.due_at, order.unsure, order.attempts);
        assert_eq!(kept(before), kept(after));
    }
});

on_both!(a_refusal_without_a_clear_reason_is_tried_for_hours_before_a_person_looks, |db| {
    let world = World::new(db, 1).await;
    world.server.becomes(Mood::Says(400, json!({ "errors": { "message": "Bad request" } })));
    for _ in 0..19 {
        world.work().await;
        assert_eq!(world.state().await, State::Waiting);
        world.test.clock.advance(15 * MINUTE);
    }
    world.work().await;
    assert_eq!(world.state().await, State::Refused);
    assert_eq!(findings(&world.test).await, Vec::<&str>::new());
});

on_both!(an_address_that_cannot_be_is_refused_without_telling_it, |db| {
    let world = World::new(db, 1).await;
    let answer = json!({ "errors": {
        "message": "ada@example.com is not an address",
        "payload": { "reward": { "recipient": { "email": "ada@example.com is not an address" } } },
    } });
    world.server.becomes(Mood::Says(422, answer));
    world.work().await;
    let refused = order(&world.test).await;
    assert_eq!(
        (refused.state().unwrap(), refused.note.as_str()),
        (State::Refused, "422 … is not an address")
    );
    assert_eq!(world.kept.orders().len(), 0);
    assert_eq!(findings(&world.test).await, Vec::<&str>::new());
});

on_both!(it_is_left_alone_for_as_long_as_it_asks, |db| {
    let world = World::new(db, 1).await;
    world.server.then([Mood::TooMany(90)]);
    world.work().await;
    assert_eq!(world.state().await, State::Waiting);
    world.test.clock.advance(80 * SECOND);
    assert_eq!(world.work().await, 0);
    world.test.clock.advance(10 * SECOND);
    assert_eq!(world.work().await, 1);
    world.ends_well().await;
});

on_both!(where_nobody_listens_nothing_was_sent, |db| {
    let world = World::new(db, 1).await;
    let away = Tremendous::new(account(&nowhere().await), line());
    assert_eq!(work(&world.test.portal, &away).await.unwrap(), 1);
    let waiting = order(&world.test).await;
    assert_eq!((waiting.state().unwrap(), waiting.unsure), (State::Waiting, 0));
    assert_eq!(waiting.note, "it cannot be reached");
    world.test.clock.advance(SECOND);
    world.ends_well().await;
});

on_both!(what_it_took_stays_with_it_while_it_does_not_say_what_became_of_it, |db| {
    let world = World::new(db, 1).await;
    world.work().await;
    for status in [500, 401, 429, 302] {
        world.server.deaf(Some(status));
        world.test.clock.advance(HOUR);
        assert_eq!(world.work().await, 1);
        assert_eq!(world.state().await, State::Placed, "{status}");
    }
    world.server.deaf(None);
    world.test.clock.advance(HOUR);
    world.ends_well().await;
});

on_both!(an_order_of_another_amount_under_our_id_is_not_believed, |db| {
    let world = World::new(db, 1).await;
    world.server.then([Mood::LosesReplies]);
    world.work().await;
    for order in world.kept.0.lock().unwrap().values_mut() {
        order["rewards"][0]["value"]["denomination"] = 1.into();
    }
    world.test.clock.advance(LEASE);
    world.work().await;
    let ours = order(&world.test).await;
    assert_eq!((ours.state().unwrap(), world.server.posts().len()), (State::Unknown, 1));
    assert!(ours.note.contains("another amount"), "{}", ours.note);
});

on_both!(workers_at_once_and_everything_going_wrong_pay_everybody_once, |db| {
    let world = World::new(db, 24).await;
    let moods = [
        Mood::LosesReplies,
        Mood::Good,
        Mood::LosesOrders,
        Mood::FailsAfterwards,
        Mood::Slow,
        Mood::Garbage,
        Mood::TooMany(1),
        Mood::Says(503, json!(null)),
    ];
    world.server.then(moods.iter().cycle().take(40).cloned());
    for _ in 0..12 {
        let at_once = (0..3).map(|_| work(&world.test.portal, &world.provider));
        futures::future::try_join_all(at_once).await.unwrap();
        world.test.clock.advance(LEASE);
    }
    world.ends_well().await;
});

on_both!(a_webhook_lets_us_ask_at_once_twice_and_out_of_order, |db| {
    let world = World::new(db, 2).await;
    world.work().await;
    // Not true yet: we ask, and stay as we were.
    for (event, resource) in [
        ("REWARDS.DELIVERY.SUCCEEDED", ("rewards", "REWARD0")),
        ("REWARDS.DELIVERY.SUCCEEDED", ("rewards", "REWARD0")),
        ("ORDERS.CREATED", ("orders", "ORDER0")),
    ] {
        assert_eq!(world.told(event, resource).await.status, StatusCode::OK);
    }
    assert_eq!(world.work().await, 1, "the one order that it told of");
    assert!(orders(&world.test).await.iter().all(|order| order.state().unwrap() == State::Placed));
    world.kept.become_of_all("EXECUTED", "SUCCEEDED");
    world.told("ORDERS.APPROVED", ("orders", "ORDER0")).await;
    world.told("REWARDS.DELIVERY.SUCCEEDED", ("rewards", "REWARD1")).await;
    assert_eq!(world.work().await, 2);
    assert!(orders(&world.test).await.iter().all(|order| order.state().unwrap() == State::Paid));
    let answer = world.told("REWARDS.DELIVERY.SUCCEEDED", ("rewards", "REWARD1")).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
    world.ends_well().await;
});

on_both!(a_reward_that_is_cancelled_after_it_was_paid_comes_back_once, |db| {
    let world = World::paid(db).await;
    // A lie: it is still there.
    assert_eq!(world.told("REWARDS.CANCELED", ("rewards", "REWARD0")).await.status, StatusCode::OK);
    assert_eq!(world.state().await, State::Paid);
    world.server.deaf(Some(500));
    let answer = world.told("REWARDS.CANCELED", ("rewards", "REWARD0")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "so that it tells us again");
    world.server.deaf(None);
    world.kept.become_of_all("CANCELED", "SUCCEEDED");
    for _ in 0..2 {
        assert_eq!(world.told("REWARDS.CANCELED", ("rewards", "REWARD0")).await.status, StatusCode::OK);
    }
    assert_eq!(world.state().await, State::Returned);
    assert_eq!((lies_in(&world.test, "paid").await, lies_in(&world.test, "returned").await), (0, 10_000));
    assert_eq!(findings(&world.test).await, Vec::<&str>::new());
});

/// The page of the only claim, as its person reads it.
async fn claim_page(test: &TestPortal) -> String {
    let (number, person): (String, String) =
        sql("SELECT number, subscriber_id FROM claims").one(database(test)).await.unwrap();
    let person = Profile::load(database(test), &person).await.unwrap().unwrap();
    test.signed_in(&person).await.get(&format!("/claims/{number}")).await.text()
}

on_both!(a_card_that_could_not_be_delivered_comes_back_and_says_what_to_do, |db| {
    let world = World::new(db, 1).await;
    world.work().await;
    world.kept.become_of_all("EXECUTED", "FAILED");
    world.told("REWARDS.DELIVERY.FAILED", ("rewards", "REWARD0")).await;
    world.work().await;
    let back = order(&world.test).await;
    assert_eq!((back.state().unwrap(), lies_in(&world.test, "returned").await), (State::Returned, 10_000));
    assert!(back.note.contains("cancel order ORDER0 at Tremendous"), "{}", back.note);
    let page = claim_page(&world.test).await;
    assert!(
        page.contains("Came back") && !page.contains("choose another way"),
        "what would be refused is not offered"
    );
    assert_eq!(findings(&world.test).await, Vec::<&str>::new());
});

on_both!(a_card_that_comes_back_before_anybody_heard_of_it_is_known_by_its_reference, |db| {
    let world = World::new(db, 1).await;
    world.server.then([Mood::LosesReplies]);
    world.work().await;
    assert_eq!((world.state().await, order(&world.test).await.reference), (State::Unknown, None));
    world.kept.become_of_all("EXECUTED", "FAILED");
    world.test.clock.advance(LEASE);
    world.work().await;
    let back = order(&world.test).await;
    assert_eq!((back.state().unwrap(), back.reference.as_deref()), (State::Returned, Some("ORDER0")));
    assert_eq!(findings(&world.test).await, Vec::<&str>::new());
});

on_both!(a_card_that_arrived_after_all_is_neither_paid_again_nor_given_up, |db| {
    let world = World::new(db, 1).await;
    world.work().await;
    world.kept.become_of_all("EXECUTED", "FAILED");
    world.test.clock.advance(HOUR);
    world.work().await;
    let (id, portal) = (order(&world.test).await.id, &world.test.portal);
    let way = *portal.incident.remedy("gift-card").unwrap().way("site").unwrap();
    let close = Decision::Close { reason: "Nobody can be reached".to_owned() };
    let refused =
        async |decision: &Decision| decide(portal, &id, decision, "Grace").await.unwrap_err().to_string();
    assert!(refused(&Decision::Arrived).await.contains("it did not reach its person"));
    world.server.deaf(Some(500));
    assert!(refused(&close).await.contains("try again later"));
    world.server.deaf(None);
    world.kept.become_of_all("EXECUTED", "PENDING");
    assert!(refused(&close).await.contains("on its way again"));
    world.kept.become_of_all("EXECUTED", "SUCCEEDED");
    world.told("REWARDS.DELIVERY.SUCCEEDED", ("rewards", "REWARD0")).await;
    for decision in [&close, &Decision::Again(way)] {
        assert!(refused(decision).await.contains("it reached its person after all"));
    }
    decide(portal, &id, &Decision::Arrived, "Grace").await.unwrap();
    assert_eq!(world.state().await, State::Paid);
    assert_eq!((lies_in(&world.test, "paid").await, lies_in(&world.test, "returned").await), (10_000, 0));
    assert_eq!(findings(&world.test).await, Vec::<&str>::new());
});

on_both!(what_was_given_up_is_not_ordered_again, |db| {
    let world = World::new(db, 1).await;
    world.work().await;
    world.kept.become_of_all("CANCELED", "FAILED");
    world.test.clock.advance(HOUR);
    world.work().await;
    let (id, portal) = (order(&world.test).await.id, &world.test.portal);
    let close = Decision::Close { reason: "Nobody can be reached".to_owned() };
    world.test.clock.advance(SECOND);
    decide(portal, &id, &close, "Grace").await.unwrap();
    let page = claim_page(&world.test).await;
    assert!(page.contains("Nobody can be reached") && page.contains("Ask us to look again"), "{page}");
    let told = world.test.last_message("+12125550100").await;
    assert!(told.contains("will not be paid") && told.contains("read why"), "{told}");
    let way = *portal.incident.remedy("gift-card").unwrap().way("site").unwrap();
    for decision in [&close, &Decision::Again(way), &Decision::Arrived] {
        assert!(decide(portal, &id, decision, "Grace").await.unwrap_err().to_string().contains("is closed"));
    }
    assert_eq!(findings(&world.test).await, Vec::<&str>::new());
});

on_both!(a_card_that_is_cancelled_after_its_person_was_erased_comes_back, |db| {
    let world = World::paid(db).await;
    let portal = &world.test.portal;
    let db = portal.db().unwrap();
    erasure::erase(db, &portal.blobs, portal.master(), &portal.ambient, "a-0").await.unwrap().unwrap();
    world.kept.become_of_all("CANCELED", "SUCCEEDED");
    assert_eq!(world.told("REWARDS.CANCELED", ("rewards", "REWARD0")).await.status, StatusCode::OK);
    assert_eq!(world.state().await, State::Returned);
    assert_eq!(findings(&world.test).await, Vec::<&str>::new());
});

on_both!(a_webhook_that_is_not_signed_or_not_for_us_does_nothing, |db| {
    let world = World::new(db, 1).await;
    let mut browser = world.test.browser();
    let body = r#"{"event":"ORDERS.APPROVED","payload":{"resource":{"id":"ORDER0","type":"orders"}}}"#;
    for signature in ["", "sha256=00", "sha1=00"] {
        let answer = post(&mut browser, body, signature).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::UNAUTHORIZED, 0), "{signature}");
    }
    assert_eq!(world.told("REWARDS.CREATED", ("rewards", "NOBODY")).await.status, StatusCode::OK);
    let signed =
        |body: &str| format!("sha256={}", hex::encode(hmac(WEBHOOK_KEY.as_bytes(), &[body.as_bytes()])));
    let other = r#"{"event":"TEST"}"#;
    assert_eq!(post(&mut browser, other, &signed(other)).await.status, StatusCode::OK);
    let long = "x".repeat(70_000);
    assert_eq!(post(&mut browser, &long, &signed(&long)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let without = TestPortal::new(db);
    assert_eq!(post(&mut without.browser(), body, &signed(body)).await.status, StatusCode::NOT_FOUND);
});
