//! A provider that misbehaves on purpose, by its seed: it speaks as Tremendous does, loses requests and replies, fails
//! after it paid, is slow, sends people away, and pays again whatever it is told again.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::{JoinHandle, JoinSet},
};

/// Less than a lease: a call may be under way for so long after the server that made it died.
const SLOW: Duration = Duration::from_millis(900);

/// What goes on, counted: by it the moments of harm are chosen.
#[derive(Default)]
pub struct Activity {
    count: AtomicU64,
    /// The provider holds an order that it has paid, and has not answered yet.
    held: Notify,
}

impl Activity {
    pub fn happened(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits for so many things to happen, or for an order to be held; no longer than that.
    pub async fn point(&self, after: u64, longest: Duration) {
        let (from, began) = (self.count.load(Ordering::Relaxed), Instant::now());
        let counted = async {
            while self.count.load(Ordering::Relaxed) < from + after && began.elapsed() < longest {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            () = counted => {}
            () = self.held.notified() => {}
        }
    }
}

/// An order that was paid.
#[derive(Clone, Debug)]
pub struct Paid {
    /// Our order's id.
    pub external_id: String,
    pub reference: String,
    /// Minor units.
    pub amount: i64,
}

pub struct Provider {
    address: String,
    pub activity: Arc<Activity>,
    shared: Arc<Shared>,
    door: Door,
}

struct Shared {
    seed: u64,
    activity: Arc<Activity>,
    calls: AtomicU64,
    well: AtomicBool,
    paid: Mutex<Vec<Paid>>,
    fates: Mutex<BTreeMap<Fate, usize>>,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Well,
    LostRequest,
    LostReply,
    FailedBefore,
    FailedAfter,
    Slow,
    SlowAndLost,
    TooMany,
    /// Done, and the reply is held back until the server that waits for it may have been killed.
    Held,
}

impl Fate {
    fn draw(seed: u64, call: u64) -> Self {
        let mut chance = StdRng::seed_from_u64(seed ^ (call + 1).wrapping_mul(0xd134_2543_de82_ef95));
        match chance.random_range(0..100) {
            0..4 => Fate::LostRequest,
            4..12 => Fate::LostReply,
            12..15 => Fate::FailedBefore,
            15..21 => Fate::FailedAfter,
            21..27 => Fate::Slow,
            27..30 => Fate::SlowAndLost,
            30..34 => Fate::TooMany,
            34..40 => Fate::Held,
            _ => Fate::Well,
        }
    }
}

/// The door that connections come in by; shut, they are refused.
struct Door {
    port: u16,
    open: Mutex<Option<JoinHandle<()>>>,
}

impl Provider {
    pub async fn start(seed: u64) -> Self {
        let activity = Arc::new(Activity::default());
        let shared = Arc::new(Shared {
            seed,
            activity: activity.clone(),
            calls: AtomicU64::new(0),
            well: AtomicBool::new(false),
            paid: Mutex::default(),
            fates: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let open = Mutex::new(Some(tokio::spawn(listen(listener, shared.clone()))));
        Self { address: format!("http://127.0.0.1:{port}"), activity, shared, door: Door { port, open } }
    }

    /// By which the servers find it.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("MAKEGOOD_TREMENDOUS_URL", self.address.clone()),
            ("MAKEGOOD_TREMENDOUS_KEY", "TEST_faults".to_owned()),
            ("MAKEGOOD_TREMENDOUS_FUNDING_SOURCE", "balance".to_owned()),
            ("MAKEGOOD_TREMENDOUS_CAMPAIGN", "CAMPAIGN0001".to_owned()),
            ("MAKEGOOD_TREMENDOUS_PER_SECOND", "50".to_owned()),
        ]
    }

    /// Refuses every connection for so long, and ends those there are.
    pub async fn refuse(&self, span: Duration) {
        let open = self.door.open.lock().unwrap().take();
        if let Some(open) = open {
            open.abort();
            let _ = open.await;
        }
        tokio::time::sleep(span).await;
        let listener = TcpListener::bind(("127.0.0.1", self.door.port)).await.unwrap();
        *self.door.open.lock().unwrap() = Some(tokio::spawn(listen(listener, self.shared.clone())));
    }

    /// From now on every call goes well.
    pub fn behave(&self) {
        self.shared.well.store(true, Ordering::Relaxed);
    }

    pub fn paid(&self) -> Vec<Paid> {
        self.shared.paid.lock().unwrap().clone()
    }

    /// What became of the calls.
    pub fn told(&self) -> String {
        let fates = self.shared.fates.lock().unwrap();
        let list: Vec<String> = fates.iter().map(|(fate, count)| format!("{fate:?} {count}")).collect();
        format!("{} calls to the provider ({})", fates.values().sum::<usize>(), list.join(", "))
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        if let Some(open) = self.door.open.lock().unwrap().take() {
            open.abort();
        }
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, shared.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(|request| answer(request, &shared));
    // A connection that a lost call ends is meant to.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// An error ends the connection without a word.
type Said = Result<Response<Full<Bytes>>, Lost>;

#[derive(Debug, thiserror::Error)]
#[error("lost on purpose")]
struct Lost;

async fn answer(request: Request<Incoming>, shared: &Shared) -> Said {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Lost)?.to_bytes();
    let call = shared.calls.fetch_add(1, Ordering::Relaxed);
    shared.activity.happened();
    let well = shared.well.load(Ordering::Relaxed);
    let fate = if well { Fate::Well } else { Fate::draw(shared.seed, call) };
    *shared.fates.lock().unwrap().entry(fate).or_default() += 1;
    match fate {
        Fate::LostRequest => return Err(Lost),
        Fate::FailedBefore => return said(503, &json!({ "errors": { "message": "try later" } })),
        Fate::TooMany => return too_many(),
        Fate::Slow | Fate::SlowAndLost => tokio::time::sleep(SLOW).await,
        _ => {}
    }
    let done = if head.method == Method::POST {
        shared.pay(&body)
    } else {
        shared.find(head.uri.path(), head.uri.query().unwrap_or_default())
    };
    match fate {
        Fate::LostReply | Fate::SlowAndLost => return Err(Lost),
        Fate::FailedAfter => return said(500, &json!({ "errors": { "message": "internal error" } })),
        Fate::Held => {
            shared.activity.held.notify_one();
            tokio::time::sleep(SLOW / 3).await;
        }
        _ => {}
    }
    said(done.0, &done.1)
}

fn said(status: u16, body: &Value) -> Said {
    let response = Response::builder().status(status).header("content-type", "application/json");
    Ok(response.body(Full::from(body.to_string())).unwrap())
}

fn too_many() -> Said {
    let response = Response::builder().status(429).header("retry-after", "1");
    Ok(response
        .body(Full::from(json!({ "errors": { "message": "too many requests" } }).to_string()))
        .unwrap())
}

impl Shared {
    /// Pays without looking whether it did so before.
    fn pay(&self, body: &[u8]) -> (u16, Value) {
        let Ok(order) = serde_json::from_slice::<Value>(body) else { return (400, json!({ "errors": {} })) };
        let reward = if order["reward"].is_object() { &order["reward"] } else { &order["rewards"][0] };
        let (Some(external_id), Some(amount)) =
            (order["external_id"].as_str(), reward["value"]["denomination"].as_f64())
        else {
            return (400, json!({ "errors": { "message": "no external_id, or no value" } }));
        };
        let mut paid = self.paid.lock().unwrap();
        let one = Paid {
            external_id: external_id.to_owned(),
            reference: format!("ORDER{:07}", paid.len() + 1),
            amount: (amount * 100.0).round() as i64,
        };
        paid.push(one.clone());
        (200, json!({ "order": one.told() }))
    }

    /// One order by its id here, or those of an external id.
    fn find(&self, path: &str, query: &str) -> (u16, Value) {
        let paid = self.paid.lock().unwrap();
        let last = path.rsplit('/').next().unwrap_or_default();
        if last != "orders" {
            let found = paid.iter().find(|one| one.reference == last);
            return found.map_or((404, json!({ "errors": {} })), |one| (200, json!({ "order": one.told() })));
        }
        let wanted = query.split('&').find_map(|pair| pair.strip_prefix("external_id="));
        let found: Vec<Value> =
            paid.iter().filter(|one| wanted == Some(one.external_id.as_str())).map(Paid::told).collect();
        (200, json!({ "total_count": found.len(), "orders": found }))
    }
}

impl Paid {
    fn told(&self) -> Value {
        json!({
            "id": self.reference,
            "external_id": self.external_id,
            "status": "EXECUTED",
            "created_at": "2009-10-20T12:00:00.000Z",
            "payment": { "subtotal": self.amount as f64 / 100.0, "total": self.amount as f64 / 100.0, "fees": 0.0 },
            "rewards": [{
                "id": format!("REWARD{}", self.reference),
                "order_id": self.reference,
                "created_at": "2009-10-20T12:00:00.000Z",
                "value": { "denomination": self.amount as f64 / 100.0, "currency_code": "USD" },
                "delivery": { "method": "EMAIL", "status": "SUCCEEDED" },
            }],
        })
    }
}
