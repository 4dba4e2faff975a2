//! Text messages by HTTP, as Twilio's Messages API has it (version 2010-04-01); many gateways speak the same.
//!
//! The API takes no idempotency key. So a message whose fate is unknown is asked for by its number and text
//! before it is sent again.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header, redirect};
use serde::Deserialize;

use super::{
    Outcome, Outgoing,
    address::{From, Gateway},
};
use crate::ambient::{MINUTE, Millis, SECOND};

const PATIENCE: Duration = Duration::from_secs(20);
/// Their clock and ours may differ.
const SKEW: Millis = 5 * SECOND;
/// A gateway that says "later" without saying when; what is wrong with our login or number.
const REST: Millis = MINUTE;

/// Twilio's codes for an address that no message reaches, and for a message that can never go.
const BAD_ADDRESS: [i64; 4] = [21211, 21610, 21612, 21614];
const NEVER: [i64; 3] = [21408, 21602, 21617];
/// Its codes for what is wrong with our login, and with the number or service we send from: every message would fail.
const OUR_LOGIN: [i64; 4] = [20003, 20005, 20006, 20008];
const OUR_SENDER: [i64; 10] = [21212, 21601, 21603, 21606, 21607, 21611, 21659, 21660, 21703, 21705];
/// How often a message is tried that is refused for a reason we do not know.
const TRIES: i64 = 5;

pub struct GatewayClient {
    gateway: Gateway,
    client: Client,
}

#[derive(Deserialize)]
struct Created {
    sid: Option<String>,
}

#[derive(Deserialize)]
struct Problem {
    code: Option<i64>,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    messages: Vec<Known>,
}

#[derive(Deserialize)]
struct Known {
    sid: String,
    to: String,
    body: String,
    /// RFC 2822.
    date_created: Option<String>,
}

impl GatewayClient {
    pub fn new(gateway: Gateway) -> Self {
        let client = Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(Duration::from_secs(5))
            .redirect(redirect::Policy::none())
            .user_agent(concat!("makegood/", env!("CARGO_PKG_VERSION")))
            .build()
            .unwrap_or_default();
        GatewayClient { gateway, client }
    }

    /// Sends it, unless an attempt before may have done so and it is found.
    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Outcome {
        if outgoing.due.is_doubtful() {
            match self.find(outgoing).await {
                Ok(Some(sid)) => return Outcome::Sent { provider_id: Some(sid) },
                Ok(None) => {}
                Err(why) => return Outcome::Doubtful { why },
            }
        }
        let sent = self.with_login(self.client.post(self.messages())).form(&self.form(outgoing)).send().await;
        match sent {
            Ok(answer) => read(answer, outgoing.due.attempts).await,
            Err(error) if error.is_connect() || error.is_builder() => {
                Outcome::NotYet { why: "the gateway cannot be reached".to_owned(), after: Some(SECOND) }
            }
            Err(error) => Outcome::doubtful(kind(&error)),
        }
    }

    fn messages(&self) -> String {
        format!("{}/2010-04-01/Accounts/{}/Messages.json", self.gateway.base, self.gateway.sid)
    }

    fn with_login(&self, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(&self.gateway.sid, Some(&self.gateway.token.0))
    }

    fn form<'a>(&'a self, outgoing: &'a Outgoing<'_>) -> Vec<(&'static str, &'a str)> {
        let from = match &self.gateway.from {
            From::Number(number) => ("From", number.as_str()),
            From::Service(sid) => ("MessagingServiceSid", sid.as_str()),
        };
        vec![
            ("To", &outgoing.due.recipient),
            from,
            ("Body", &outgoing.text),
            ("StatusCallback", &outgoing.report_to),
        ]
    }

    /// The message, if the gateway has one with this number and text since ours was written.
    async fn find(&self, outgoing: &Outgoing<'_>) -> Result<Option<String>, String> {
        let since = outgoing.due.created_at - SKEW;
        let day = Timestamp::from_millisecond(since).map_err(|error| error.to_string())?;
        let day = day.strftime("%Y-%m-%d").to_string();
        let query = [("To", outgoing.due.recipient.as_str()), ("DateSent>", &day), ("PageSize", "100")];
        let asked = self.with_login(self.client.get(self.messages()).query(&query)).send().await;
        let answer = asked.map_err(|error| format!("asking for it: {}", kind(&error)))?;
        if !answer.status().is_success() {
            return Err(format!("asking for it: the gateway answered {}", answer.status().as_u16()));
        }
        let listed: Listed = body(answer).await.ok_or("asking for it: the answer cannot be read")?;
        let ours = |known: &Known| {
            known.to == outgoing.due.recipient
                && known.body == outgoing.text
                && created(known).is_none_or(|at| at >= since)
        };
        Ok(listed.messages.into_iter().find(ours).map(|known| known.sid))
    }
}

/// Whole seconds are what the API tells: the skew covers the rest.
fn created(known: &Known) -> Option<Millis> {
    let at = jiff::fmt::rfc2822::parse(known.date_created.as_deref()?).ok()?;
    Some(at.timestamp().as_millisecond())
}

/// What the answer to the attempt of this number means.
async fn read(answer: Response, attempt: i64) -> Outcome {
    let status = answer.status();
    let after = retry_after(&answer);
    if status.is_success() {
        let created: Option<Created> = body(answer).await;
        return Outcome::Sent { provider_id: created.and_then(|created| created.sid) };
    }
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE && after.is_some()
    {
        let why = format!("the gateway answered {}", status.as_u16());
        return Outcome::NotYet { why, after: Some(after.unwrap_or(SECOND)) };
    }
    if status.is_server_error() {
        return Outcome::doubtful(format!("the gateway answered {}", status.as_u16()));
    }
    let problem: Option<Problem> = body(answer).await;
    let code = problem.as_ref().and_then(|problem| problem.code).unwrap_or_default();
    let said = problem.and_then(|problem| problem.message).unwrap_or_default();
    let why = without_numbers(&format!("{} {code} {said}", status.as_u16()));
    match code {
        code if BAD_ADDRESS.contains(&code) => Outcome::Refused { why, address: true },
        code if NEVER.contains(&code) => Outcome::Refused { why, address: false },
        // The operator mends it, and every message waits.
        code if is_ours(status, code) => Outcome::NotYet { why, after: Some(REST) },
        // About this message alone (a landline, say, by a code that is new): the others go on.
        _ if attempt >= TRIES => Outcome::Refused { why, address: false },
        _ => Outcome::NotYet { why, after: None },
    }
}

/// Whether it is our login, our number or our account that is refused; a redirect is a wrong address in the settings.
fn is_ours(status: StatusCode, code: i64) -> bool {
    let statuses = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND];
    let codes = OUR_LOGIN.contains(&code) || OUR_SENDER.contains(&code);
    !status.is_client_error() || statuses.contains(&status) || codes
}

fn retry_after(answer: &Response) -> Option<Millis> {
    let value = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    let seconds: i64 = value.trim().parse().ok()?;
    Some(seconds.clamp(1, 3600) * SECOND)
}

async fn body<T: for<'de> Deserialize<'de>>(answer: Response) -> Option<T> {
    serde_json::from_slice(&answer.bytes().await.ok()?).ok()
}

/// What a gateway says may repeat the number.
fn without_numbers(text: &str) -> String {
    let words = text.split_whitespace();
    let long = |word: &str| word.chars().filter(char::is_ascii_digit).count() > 6;
    words
        .map(|word| if long(word) { "…" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(200)
        .collect()
}

/// What went wrong on the way, without the address, which holds the account.
fn kind(error: &reqwest::Error) -> &'static str {
    match (error.is_timeout(), error.is_connect()) {
        (true, _) => "the gateway took too long to answer",
        (_, true) => "the gateway cannot be reached",
        _ => "the line to the gateway broke",
    }
}
