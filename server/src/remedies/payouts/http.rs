//! Calls to providers over HTTP: what came back, or whether a call may have arrived.
//!
//! A call that certainly never arrived may be made again at once. Of any other failure the provider is asked first.

use std::time::Duration;

use http::{StatusCode, header};
use reqwest::{Client, RequestBuilder, redirect};
use serde::de::DeserializeOwned;

use super::{Answer, Found, Order, Provider, control, store as orders};
use crate::{
    ambient::{HOUR, MINUTE, Millis, SECOND},
    portal::Portal,
    store,
};

const CONNECT: Duration = Duration::from_secs(5);
/// A whole call; far under the worker's lease, so that none is under way when another worker takes over.
const CALL: Duration = Duration::from_secs(20);
/// Answers are small; a longer one is not read to its end.
const LARGEST: usize = 1 << 20;
/// A provider that names no pause.
const PAUSE: Millis = SECOND;
/// How long a provider is left alone that will take nothing before a person has mended something.
const HELD_UP: Millis = 5 * MINUTE;
/// So many attempts with growing pauses, a few hours, until an order that is refused without a clear reason is given up:
/// what is wrong may be ours, and is then wrong for everybody.
const PATIENCE: i64 = 20;

/// The line to providers; one for the process.
#[derive(Clone)]
pub struct Line(Client);

impl Line {
    /// An error says why there can be no TLS on this machine.
    pub fn new() -> reqwest::Result<Self> {
        Self::with_patience(CALL)
    }

    /// With another limit for a whole call.
    pub fn with_patience(call: Duration) -> reqwest::Result<Self> {
        let client = Client::builder()
            .connect_timeout(CONNECT.min(call))
            .timeout(call)
            // Where it leads could be anybody's, and the key would go along.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("makegood/", env!("CARGO_PKG_VERSION")));
        // Proxies of the environment are for the world outside.
        let client = if cfg!(test) { client.no_proxy() } else { client };
        client.build().map(Line)
    }

    pub fn client(&self) -> &Client {
        &self.0
    }
}

/// A call without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It was not made, for now.
    NoTurn(&'static str),
    /// No byte of it left.
    NotSent(&'static str),
    /// It may have arrived.
    Lost(&'static str),
}

impl Failure {
    pub fn why(&self) -> &'static str {
        match self {
            Failure::NoTurn(why) | Failure::NotSent(why) | Failure::Lost(why) => why,
        }
    }

    /// What such a question leaves us with.
    pub fn found(&self) -> Found {
        match self {
            Failure::NoTurn(_) => Found::NotAsked,
            Failure::NotSent(why) | Failure::Lost(why) => {
                Found::Unknown { why: (*why).to_owned(), wait: None }
            }
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: StatusCode,
    /// What `Retry-After` says.
    pub wait: Option<Millis>,
    /// None where it is not all there.
    body: Option<Vec<u8>>,
}

impl Reply {
    /// None where the answer is broken, or no such thing.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(self.body.as_ref()?).ok()
    }

    pub fn json(&self) -> serde_json::Value {
        self.read().unwrap_or_default()
    }
}

/// Asks a provider something when its turn has come: also while payouts are held up.
pub async fn ask(
    portal: &Portal,
    provider: &dyn Provider,
    request: RequestBuilder,
) -> Result<Reply, Failure> {
    in_turn(portal, provider).await?;
    call(portal, request).await
}

/// Sends an order to a provider when its turn has come, if it may go then.
pub async fn send(
    portal: &Portal,
    provider: &dyn Provider,
    order: &Order,
    request: RequestBuilder,
) -> Result<Reply, Failure> {
    in_turn(portal, provider).await?;
    let may_go = async {
        let (db, now) = (portal.db()?, portal.ambient.now());
        Ok(!control::is_paused(db, provider.name().slug()).await? && orders::is_held(db, order, now).await?)
    };
    match may_go.await {
        Ok(true) => call(portal, request).await,
        Ok(false) => Err(Failure::NoTurn("payouts are held up, or another process has the order")),
        Err(error) => Err(no_turn(provider, &error)),
    }
}

async fn in_turn(portal: &Portal, provider: &dyn Provider) -> Result<(), Failure> {
    match control::turn(portal, provider).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::NoTurn("it was not its turn")),
        Err(error) => Err(no_turn(provider, &error)),
    }
}

fn no_turn(provider: &dyn Provider, error: &store::Error) -> Failure {
    tracing::warn!(%error, provider = provider.name().slug(), "a call's turn could not be taken");
    Failure::NoTurn("its turn could not be taken")
}

async fn call(portal: &Portal, request: RequestBuilder) -> Result<Reply, Failure> {
    let mut response = request.send().await.map_err(|error| failure(&error))?;
    let (status, now) = (response.status(), portal.ambient.now());
    let wait = response.headers().get(header::RETRY_AFTER).and_then(|wait| pause(wait.to_str().ok()?, now));
    let mut body = Some(Vec::new());
    while let Some(bytes) = body.as_mut() {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= LARGEST => bytes.extend_from_slice(&chunk),
            Ok(None) => break,
            _ => body = None,
        }
    }
    Ok(Reply { status, wait, body })
}

/// Its own text is not used: it names the address.
fn failure(error: &reqwest::Error) -> Failure {
    if error.is_connect() {
        Failure::NotSent("it cannot be reached")
    } else if error.is_builder() {
        Failure::NotSent("the request could not be made")
    } else if error.is_timeout() {
        Failure::Lost("it took too long to answer")
    } else {
        Failure::Lost("the line broke before it answered")
    }
}

/// RFC 9110, section 10.2.3: seconds, or a date. An hour at most.
fn pause(text: &str, now: Millis) -> Option<Millis> {
    let text = text.trim();
    let wait = match text.parse::<i64>() {
        Ok(seconds) => seconds.saturating_mul(SECOND),
        Err(_) => {
            let at = httpdate::parse_http_date(text).ok()?;
            let since = at.duration_since(std::time::UNIX_EPOCH).ok()?;
            Millis::try_from(since.as_millis()).ok()? - now
        }
    };
    Some(wait.clamp(0, HOUR))
}

/// The provider takes nothing from us before a person mends something: nobody's order is refused for that.
pub fn held_up(provider: &str, why: &str) -> Answer {
    tracing::error!(provider, why, "payouts are held up: see docs/operating.md, Payouts");
    Answer::HeldUp { why: why.to_owned(), wait: HELD_UP }
}

/// The provider has enough for now.
pub fn too_many(reply: &Reply) -> Answer {
    Answer::NotNow { why: "too many requests".to_owned(), wait: Some(reply.wait.unwrap_or(PAUSE)) }
}

/// Refused for a reason that may lie with us: tried again for some hours, then a person looks.
pub fn refused_in_the_end(attempts: i64, why: String) -> Answer {
    if attempts < PATIENCE { Answer::NotNow { why, wait: None } } else { Answer::Refused { why } }
}

/// A provider's own words, without what may tell of a person: no addresses, no numbers of any length.
pub fn plain(words: &str) -> String {
    let telling = |word: &str| word.contains('@') || word.chars().filter(char::is_ascii_digit).count() > 4;
    let kept: Vec<_> = words.split_whitespace().map(|word| if telling(word) { "…" } else { word }).collect();
    kept.join(" ").chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_seconds_or_a_date_and_never_long() {
        let noon = 784_111_777_000;
        assert_eq!(pause(" 7 ", noon), Some(7 * SECOND));
        assert_eq!(pause("Sun, 06 Nov 1994 08:49:47 GMT", noon), Some(10 * SECOND));
        assert_eq!(pause("Sun, 06 Nov 1994 08:49:27 GMT", noon), Some(0));
        assert_eq!(pause("9999999999999999", noon), Some(HOUR));
        assert_eq!(pause("soon", noon), None);
    }

    #[test]
    fn what_a_provider_says_is_kept_without_what_tells_of_a_person() {
        assert_eq!(
            plain("ada@example.com is\nnot valid, nor is +12125550100 (422)"),
            "… is not valid, nor is … (422)"
        );
        assert_eq!(plain(&"long ".repeat(100)).chars().count(), 200);
    }
}
