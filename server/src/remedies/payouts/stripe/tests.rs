//! Credits with a Stripe that misbehaves on purpose, over a real line.

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    sync::{Arc, Mutex},
};

use http::Method;
use serde_json::{Value, json};

use super::{Account, Stripe};
use crate::{
    ambient::{MINUTE, SECOND},
    on_both,
    remedies::payouts::{
        State, store,
        testing::{Asked, Mood, Server, form, line},
        tests::{claim, findings, lies_in, order, orders},
        work,
        worker::LEASE,
    },
    secret::Secret,
    store::testing::TestDb,
    web::testing::{NOW, TestPortal},
};

const KEY: &str = "sk_test_key";
const DEMO: &str = include_str!("../../../../../demo/incident.toml");

/// What it has.
#[derive(Default)]
struct Kept {
    customers: Mutex<Vec<Value>>,
    /// The newest first.
    credits: Mutex<Vec<Value>>,
    /// What was asked under an idempotency key, and what was answered.
    keys: Mutex<BTreeMap<String, (String, u16, Value)>>,
    /// What the next calls that begin are answered, and nothing is done; also when they come again under their keys.
    failing: Mutex<Vec<u16>>,
}

impl Kept {
    fn customer(&self, id: &str, account: &str) {
        let customer = json!({ "id": id, "object": "customer", "metadata": { "account": account } });
        self.customers.lock().unwrap().push(customer);
    }

    fn answer(&self, asked: &Asked) -> (u16, Value) {
        if asked.headers.get("authorization") != Some(&format!("Bearer {KEY}")) {
            return (
                401,
                json!({ "error": { "type": "invalid_request_error", "message": "Invalid API Key" } }),
            );
        }
        let parts: Vec<_> = asked.path.split('/').collect();
        match (&asked.method, parts.as_slice()) {
            (&Method::GET, ["", "v1", "customers", "search"]) => (200, self.search(&asked.query["query"])),
            (&Method::GET, ["", "v1", "customers", customer, "balance_transactions"]) => {
                (200, self.list(customer, asked.query.get("starting_after")))
            }
            (&Method::POST, ["", "v1", "customers", customer, "balance_transactions"]) => {
                self.credit(customer, asked)
            }
            _ => (404, json!({ "error": { "message": "Unrecognized request URL" } })),
        }
    }

    /// Its search matches parts of words, too.
    fn search(&self, query: &str) -> Value {
        let account = query.strip_prefix("metadata['account']:'").unwrap().strip_suffix('\'').unwrap();
        let matches =
            |customer: &&Value| customer["metadata"]["account"].as_str().unwrap().starts_with(account);
        let found: Vec<_> = self.customers.lock().unwrap().iter().filter(matches).cloned().collect();
        json!({ "object": "search_result", "data": found, "has_more": false })
    }

    fn list(&self, customer: &str, after: Option<&String>) -> Value {
        let credits = self.credits.lock().unwrap();
        let of = credits.iter().filter(|credit| credit["customer"] == customer);
        let page: Vec<_> = match after {
            Some(after) => of.skip_while(|credit| credit["id"] != after.as_str()).skip(1).cloned().collect(),
            None => of.cloned().collect(),
        };
        json!({ "object": "list", "data": page.iter().take(2).collect::<Vec<_>>(), "has_more": page.len() > 2 })
    }

    fn credit(&self, customer: &str, asked: &Asked) -> (u16, Value) {
        let key = asked.headers["idempotency-key"].clone();
        if let Some((body, status, answer)) = self.keys.lock().unwrap().get(&key) {
            return match *body == asked.body {
                true => (*status, answer.clone()),
                false => (
                    400,
                    json!({ "error": { "type": "idempotency_error", "message": "Keys for idempotent requests" } }),
                ),
            };
        }
        let failing = self.failing.lock().unwrap().pop();
        if let Some(status) = failing {
            let answer = json!({ "error": { "type": "api_error", "message": "Something went wrong" } });
            self.keys.lock().unwrap().insert(key, (asked.body.clone(), status, answer.clone()));
            return (status, answer);
        }
        let sent = form(&asked.body);
        let mut credits = self.credits.lock().unwrap();
        let credit = json!({
            "id": format!("cbtxn_{}", credits.len()), "object": "customer_balance_transaction", "customer": customer,
            "amount": sent["amount"].parse::<i64>().unwrap(), "currency": sent["currency"],
            "created": NOW / SECOND + 1_800, "description": sent["description"],
            "metadata": { "order": sent["metadata[order]"] }, "type": "adjustment",
        });
        credits.insert(0, credit.clone());
        self.keys.lock().unwrap().insert(key, (asked.body.clone(), 200, credit.clone()));
        (200, credit)
    }
}

/// A portal with `people` whose credits are due; each is a customer.
struct World {
    test: TestPortal,
    server: Arc<Server>,
    kept: Arc<Kept>,
    provider: Stripe,
}

impl World {
    async fn new(db: &TestDb, people: usize) -> Self {
        let kept = Arc::new(Kept::default());
        let keeping = kept.clone();
        let server = Server::start(Box::new(move |asked| keeping.answer(asked))).await;
        let account = Account {
            url: server.url.clone(),
            key: Secret::new(KEY.to_owned()),
            per_second: NonZeroU32::new(1_000).unwrap(),
        };
        let incident = DEMO.replace("provider = \"bill-file\"", "provider = \"stripe\"");
        let test = TestPortal::with_incident(db, &incident);
        for number in 0..people {
            claim(&test, number, "free-month").await;
            kept.customer(&format!("cus_{number}"), &format!("a-{number}"));
        }
        test.clock.advance(30 * MINUTE);
        World { test, server, kept, provider: Stripe::new(account, line()) }
    }

    async fn work(&self) -> usize {
        work(&self.test.portal, &self.provider).await.unwrap()
    }

    async fn state(&self) -> State {
        order(&self.test).await.state().unwrap()
    }

    /// Works until nothing is left to do, and proves that everybody was credited once.
    async fn ends_well(&self) {
        for _ in 0..20 {
            self.work().await;
            self.test.clock.advance(LEASE);
        }
        let orders = orders(&self.test).await;
        let credits = self.kept.credits.lock().unwrap().clone();
        for order in &orders {
            assert_eq!(order.state().unwrap(), State::Paid, "{}", order.note);
            let of = |credit: &&Value| credit["metadata"]["order"] == order.id.as_str();
            let theirs: Vec<_> = credits.iter().filter(of).collect();
            assert_eq!(theirs.len(), 1);
            assert_eq!(order.reference.as_deref(), theirs[0]["id"].as_str());
        }
        assert_eq!(lies_in(&self.test, "paid").await, 2_000 * i64::try_from(orders.len()).unwrap());
        assert_eq!(findings(&self.test).await, Vec::<&str>::new());
    }
}

on_both!(a_credit_goes_to_the_customer_of_the_account_once, |db| {
    let world = World::new(db, 12).await;
    world.ends_well().await;
    let sent: BTreeMap<_, _> = world
        .server
        .posts()
        .into_iter()
        .map(|post| (post.headers["idempotency-key"].clone(), post))
        .collect();
    assert_eq!(sent.len(), 12);
    for order in orders(&world.test).await {
        let parcel = store::parcel(world.test.portal.db().unwrap(), &order).await.unwrap().unwrap();
        // Also of a-1, where the search finds a-10 and a-11, too.
        let customer = parcel.account.replace("a-", "cus_");
        let (post, form) = (&sent[&order.id], form(&sent[&order.id].body));
        assert_eq!(post.path, format!("/v1/customers/{customer}/balance_transactions"));
        assert_eq!((form["amount"].as_str(), form["currency"].as_str()), ("-2000", "usd"));
        assert_eq!(form["description"], "One month of your data plan, free");
        assert_eq!(form["metadata[order]"], order.id);
    }
});

on_both!(whatever_becomes_of_its_answer_a_credit_is_there_once, |db| {
    let moods = [
        Mood::LosesReplies,
        Mood::FailsAfterwards,
        Mood::Garbage,
        Mood::Slow,
        Mood::LosesOrders,
        Mood::TooMany(1),
    ];
    let world = World::new(db, moods.len()).await;
    world.server.then(moods);
    world.work().await;
    let unknown = orders(&world.test).await;
    let unknown = unknown.iter().filter(|order| order.state().unwrap() == State::Unknown).count();
    assert_eq!(unknown, 5);
    world.test.clock.advance(LEASE);
    world.ends_well().await;
    assert_eq!(world.server.posts().len(), 8, "only the two that it never took are sent again");
});

on_both!(what_it_answers_again_and_again_under_a_key_holds_nobody_up, |db| {
    let failing = vec![500, 503, 400, 402, 403];
    let world = World::new(db, failing.len()).await;
    world.kept.failing.lock().unwrap().clone_from(&failing);
    world.work().await;
    assert_eq!(world.kept.credits.lock().unwrap().len(), 0);
    world.test.clock.advance(15 * MINUTE);
    world.ends_well().await;
    let keys: Vec<_> =
        world.server.posts().into_iter().map(|post| post.headers["idempotency-key"].clone()).collect();
    assert_eq!(keys.len(), 2 * failing.len());
    for order in orders(&world.test).await {
        assert!(keys.contains(&order.id) && keys.contains(&format!("{}-1", order.id)));
    }
});

on_both!(what_may_be_under_way_is_sent_again_under_its_own_key, |db| {
    let world = World::new(db, 1).await;
    world.server.then([
        Mood::LosesOrders,
        Mood::Says(409, json!({ "error": { "type": "idempotency_error" } })),
        Mood::TooMany(1),
    ]);
    world.ends_well().await;
    let id = order(&world.test).await.id;
    let posts = world.server.posts();
    assert_eq!(posts.len(), 4);
    assert!(posts.iter().all(|post| post.headers["idempotency-key"] == id));
});

on_both!(what_a_gateway_says_is_no_answer_of_stripes, |db| {
    let world = World::new(db, 1).await;
    let of_the_api = json!({ "error": { "type": "api_error" } });
    world.server.then([
        Mood::Says(503, json!({ "message": "upstream" })),
        Mood::Says(502, of_the_api.clone()),
        Mood::Says(504, of_the_api),
    ]);
    world.ends_well().await;
    let id = order(&world.test).await.id;
    let posts = world.server.posts();
    assert_eq!(posts.len(), 4);
    assert!(posts.iter().all(|post| post.headers["idempotency-key"] == id));
});

on_both!(a_credit_is_found_behind_others_on_later_pages, |db| {
    let world = World::new(db, 1).await;
    world.server.then([Mood::LosesReplies]);
    world.work().await;
    for number in 0..5 {
        let other = json!({
            "id": format!("cbtxn_other{number}"), "customer": "cus_0", "amount": -1, "currency": "usd",
            "created": NOW / SECOND + 3_600, "metadata": null,
        });
        world.kept.credits.lock().unwrap().insert(0, other);
    }
    world.test.clock.advance(LEASE);
    world.ends_well().await;
    assert_eq!(world.server.posts().len(), 1);
});

on_both!(another_request_under_our_id_is_not_taken_for_ours, |db| {
    let world = World::new(db, 1).await;
    let id = order(&world.test).await.id;
    world.kept.keys.lock().unwrap().insert(id, ("amount=-1".to_owned(), 200, json!({})));
    world.work().await;
    assert_eq!(world.state().await, State::Unknown);
});

on_both!(a_wrong_key_and_a_customer_that_is_not_there_yet_refuse_nobody, |db| {
    let world = World::new(db, 1).await;
    for status in [401, 403] {
        world.server.then([Mood::Says(status, json!({ "error": { "type": "invalid_request_error" } }))]);
        world.work().await;
        assert_eq!(world.state().await, State::Waiting);
        assert_eq!(world.work().await, 0);
        world.test.clock.advance(6 * MINUTE);
    }
    world.server.deaf(Some(500));
    world.work().await;
    assert_eq!(world.state().await, State::Waiting);
    world.server.deaf(None);
    world.test.clock.advance(6 * MINUTE);
    let nobody = std::mem::take(&mut *world.kept.customers.lock().unwrap());
    world.work().await;
    let waiting = order(&world.test).await;
    assert_eq!(waiting.state().unwrap(), State::Waiting);
    assert_eq!(waiting.note, "no customer's metadata has this account");
    *world.kept.customers.lock().unwrap() = nobody;
    world.test.clock.advance(15 * MINUTE);
    world.ends_well().await;
});

on_both!(money_goes_to_none_of_two_customers_with_one_account, |db| {
    let world = World::new(db, 1).await;
    world.kept.customer("cus_second", "a-0");
    world.work().await;
    let refused = order(&world.test).await;
    assert_eq!((refused.state().unwrap(), world.server.posts().len()), (State::Refused, 0));
    assert!(refused.note.starts_with("several customers"));
    assert_eq!(findings(&world.test).await, Vec::<&str>::new());
});
