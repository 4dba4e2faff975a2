//! `MAKEGOOD_METRICS_LISTEN`: what an operator's Prometheus reads, on an address of its own.
//!
//! The text exposition format 0.0.4. Requests are named by their route's pattern, never by what
//! stands in their address, so nothing personal can get in.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, MutexGuard},
};

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{Method, StatusCode, header};
use tokio::net::TcpListener;

use crate::{ambient::Millis, messages, portal::Portal, recovery, remedies::payouts::control, store::Db};

/// Upper bounds of the histogram's buckets, in milliseconds.
const BOUNDS: [Millis; 7] = [5, 25, 100, 250, 1_000, 5_000, 30_000];

/// What was answered since the start.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<BTreeMap<Kind, Answered>>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Default)]
struct Answered {
    /// Those within each bound but not within the one before, then those beyond all.
    within: [u64; BOUNDS.len() + 1],
    milliseconds: u64,
}

impl Answered {
    fn count(&self) -> u64 {
        self.within.iter().sum()
    }
}

impl Metrics {
    /// Counts an answer that took so long to begin.
    pub fn answered(&self, route: &str, method: &Method, status: StatusCode, milliseconds: Millis) {
        let kind = Kind { route: route.to_owned(), method: name(method), status: status.as_u16() };
        let bucket = BOUNDS.iter().position(|bound| milliseconds <= *bound).unwrap_or(BOUNDS.len());
        let mut kinds = self.kinds();
        let answered = kinds.entry(kind).or_default();
        answered.within[bucket] += 1;
        answered.milliseconds += u64::try_from(milliseconds).unwrap_or_default();
    }

    fn kinds(&self) -> MutexGuard<'_, BTreeMap<Kind, Answered>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn write(&self, out: &mut String) {
        head(out, "makegood_request_seconds", "histogram", "How long answers took to begin.");
        for (kind, answered) in self.kinds().iter() {
            let labels =
                format!("route=\"{}\",method=\"{}\",status=\"{}\"", kind.route, kind.method, kind.status);
            let mut so_far = 0;
            for (bound, count) in BOUNDS.iter().zip(answered.within) {
                so_far += count;
                let bound = seconds(*bound);
                let _ = writeln!(out, "makegood_request_seconds_bucket{{{labels},le=\"{bound}\"}} {so_far}");
            }
            let (count, sum) = (answered.count(), answered.milliseconds as f64 / 1000.0);
            let _ = writeln!(out, "makegood_request_seconds_bucket{{{labels},le=\"+Inf\"}} {count}");
            let _ = writeln!(out, "makegood_request_seconds_sum{{{labels}}} {sum}");
            let _ = writeln!(out, "makegood_request_seconds_count{{{labels}}} {count}");
        }
    }
}

/// A stranger may send any word as a method; only those that there are get a series.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => match method.as_str() {
            "PROPFIND" => "PROPFIND",
            "REPORT" => "REPORT",
            _ => "other",
        },
    }
}

fn seconds(milliseconds: Millis) -> f64 {
    milliseconds as f64 / 1000.0
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn gauge(out: &mut String, name: &str, help: &str, value: impl std::fmt::Display) {
    head(out, name, "gauge", help);
    let _ = writeln!(out, "{name} {value}");
}

/// What the scrubbers of all processes know.
async fn damage(out: &mut String, db: &Db, now: Millis) {
    if let Ok(counts) = recovery::scrub::damaged_by_category(db).await {
        let files: i64 = counts.iter().map(|(_, count)| count).sum();
        gauge(out, "makegood_damaged_files", "Files whose stored bytes cannot be read at present.", files);
    }
    if let Ok(Some(ended)) = recovery::scrub::last_pass(db).await {
        let age = seconds((now - ended).max(0));
        gauge(out, "makegood_scrub_age_seconds", "How long ago every stored byte had been read back.", age);
    }
}

/// Whoever watches over payouts wants to be woken when any waits for a person.
async fn payouts(out: &mut String, portal: &Portal, db: &Db) {
    let Ok(counts) = portal.payout_counts.read(db, portal.ambient.now()).await else { return };
    head(out, "makegood_payout_orders", "gauge", "Payout orders by provider and state.");
    for control::Count { provider, state, orders } in &counts.by_state {
        let _ = writeln!(out, "makegood_payout_orders{{provider=\"{provider}\",state=\"{state}\"}} {orders}");
    }
    let name = "makegood_payouts_for_a_person";
    head(out, name, "gauge", "Payout orders that wait for a person, by provider.");
    let mut providers: Vec<_> = counts.by_state.iter().map(|count| count.provider.as_str()).collect();
    providers.dedup();
    for provider in providers {
        let _ = writeln!(out, "{name}{{provider=\"{provider}\"}} {}", counts.for_a_person(provider));
    }
}

fn counter(out: &mut String, name: &str, help: &str, value: u64) {
    head(out, name, "counter", help);
    let _ = writeln!(out, "{name} {value}");
}

/// Answers `/metrics` on `listener` until the portal stops.
pub async fn run(portal: Portal, listener: TcpListener) {
    let stopping = portal.stopping.clone();
    let router = Router::new().route("/metrics", get(read)).with_state(portal);
    let serving = axum::serve(listener, router).with_graceful_shutdown(stopping.cancelled_owned());
    if let Err(error) = serving.await {
        tracing::error!(%error, "metrics are not served any more");
    }
}

async fn read(State(portal): State<Portal>) -> Response {
    let mut out = String::new();
    portal.metrics.write(&mut out);
    gauge(&mut out, "makegood_live_streams", "Streams of live counts that are open.", portal.live.open());
    let found = recovery::damage::found_so_far();
    counter(&mut out, "makegood_damaged_blobs_total", "Blobs that this process found damaged.", found);
    let read = recovery::scrub::bytes_so_far();
    counter(&mut out, "makegood_scrubbed_bytes_total", "Stored bytes that this process has read back.", read);
    let waiting = match portal.db() {
        Ok(db) => messages::waiting(db).await,
        Err(error) => Err(error),
    };
    let up = u8::from(waiting.is_ok());
    gauge(&mut out, "makegood_database_up", "1 while the database answers.", up);
    if let Ok(waiting) = waiting {
        gauge(&mut out, "makegood_messages_waiting", "Messages in the outbox that have not left.", waiting);
    }
    if let Ok(db) = portal.db() {
        damage(&mut out, db, portal.ambient.now()).await;
        payouts(&mut out, &portal, db).await;
    }
    if let Some(made_at) = portal.status.read(&portal).made_at {
        let age = seconds((portal.ambient.now() - made_at).max(0));
        gauge(&mut out, "makegood_snapshot_age_seconds", "How old the status page's figures are.", age);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{on_both, web::testing::TestPortal};

    on_both!(answers_are_counted_by_pattern_and_hold_nothing_personal, |db| {
        let test = TestPortal::with(db, include_str!("../../../demo/incident.toml"), |settings| {
            settings.metrics_listen = Some(([127, 0, 0, 1], 0).into());
        });
        let person = test.subscriber("a-1", "+12125550101", "data-20").await;
        let mut browser = test.browser();
        browser.get("/healthz").await;
        browser.get("/staff/subscribers/a-1").await;
        browser.get("/of/nobody").await;
        browser.post("/sign-in", &[("phone", person.phone.as_deref().unwrap())]).await;
        let body = http_body_util::BodyExt::collect(read(State(test.portal.clone())).await.into_body());
        let text = String::from_utf8(body.await.unwrap().to_bytes().to_vec()).unwrap();
        for line in [
            "makegood_request_seconds_count{route=\"/healthz\",method=\"GET\",status=\"200\"} 1",
            "makegood_request_seconds_bucket{route=\"/sign-in\",method=\"POST\",status=\"303\",le=\"+Inf\"} 1",
            "makegood_request_seconds_count{route=\"none\",method=\"GET\",status=\"404\"} 1",
            "route=\"/staff/subscribers/{account}\"",
            "makegood_live_streams 0",
            "makegood_database_up 1",
            "makegood_messages_waiting 1",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert!(!text.contains("a-1") && !text.contains("555"));
    });

    #[test]
    fn a_bucket_holds_all_that_is_as_fast() {
        let metrics = Metrics::default();
        for milliseconds in [5, 6, 60_000] {
            metrics.answered("/", &Method::GET, StatusCode::OK, milliseconds);
        }
        let mut text = String::new();
        metrics.write(&mut text);
        for (bound, count) in [("0.005", 1), ("0.025", 2), ("30", 2), ("+Inf", 3)] {
            let line = format!("status=\"200\",le=\"{bound}\"}} {count}\n");
            assert!(text.contains(&line), "{line} in {text}");
        }
        assert!(text.contains("_sum{route=\"/\",method=\"GET\",status=\"200\"} 60.011"));
    }
}
