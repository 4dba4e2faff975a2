//! Gift cards by Tremendous, over its REST interface, version 2.
//!
//! Our order's id is its `external_id`: an order under an id that it has already is not placed again, but shown (its
//! reference for "Create order"). It takes 10 requests a second, and signs what it tells us ([`webhook`]).

mod account;
mod said;
mod store;
#[cfg(test)]
mod tests;
pub mod webhook;

pub use account::Account;

use app::models::Money;
use futures::future::BoxFuture;
use http::StatusCode;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::{
    Answer, Found, Parcel, Provider,
    http::{Failure, Line, Reply, ask, held_up, plain, refused_in_the_end, send, too_many},
};
use crate::{
    incident::{ProviderName, WayId},
    portal::Portal,
    transaction,
};
use said::About;

const NAME: &str = "tremendous";

pub struct Tremendous {
    account: Account,
    line: Line,
}

impl Tremendous {
    pub fn new(account: Account, line: Line) -> Self {
        Self { account, line }
    }

    fn orders(&self) -> String {
        format!("{}/api/v2/orders", self.account.url)
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(self.account.key.reveal()).header("accept", "application/json")
    }

    async fn order(&self, portal: &Portal, parcel: &Parcel) -> Answer {
        let Some(recipient) = Recipient::of(parcel) else {
            return Answer::Refused { why: "its person has no address for this way".to_owned() };
        };
        let body = self.body(parcel, &recipient).to_string();
        let request =
            self.line.client().post(self.orders()).header("content-type", "application/json").body(body);
        match send(portal, self, &parcel.order, self.signed(request)).await {
            Ok(reply) if reply.status.is_success() => match reply.read::<said::Placed>() {
                Some(placed) if placed.order.is_of(parcel) => self.known(portal, parcel, &placed.order).await,
                _ => Answer::Unknown { why: "its answer could not be read".to_owned() },
            },
            Ok(reply) => not_placed(parcel, &reply),
            Err(Failure::NoTurn(_)) => Answer::NotBegun,
            Err(Failure::NotSent(why)) => Answer::NotNow { why: why.to_owned(), wait: None },
            Err(Failure::Lost(why)) => Answer::Unknown { why: why.to_owned() },
        }
    }

    fn body(&self, parcel: &Parcel, recipient: &Recipient<'_>) -> Value {
        let order = &parcel.order;
        let denomination: Value =
            serde_json::from_str(&Money::new(order.amount, &order.currency).decimal()).unwrap_or_default();
        json!({
            "external_id": order.id,
            "payment": { "funding_source_id": self.account.funding_source },
            "reward": {
                "campaign_id": self.account.campaign,
                "value": { "denomination": denomination, "currency_code": order.currency },
                "recipient": recipient.json(&parcel.name),
                "delivery": { "method": recipient.method() },
                "language": parcel.locale.split('-').next().filter(|language| language.len() == 2).unwrap_or("en"),
            },
        })
    }

    async fn look(&self, portal: &Portal, parcel: &Parcel) -> Found {
        let query = [("external_id", parcel.order.id.as_str()), ("limit", "10")];
        let request = self.line.client().get(self.orders()).query(&query);
        let reply = match ask(portal, self, self.signed(request)).await {
            Ok(reply) => reply,
            Err(failure) => return failure.found(),
        };
        if reply.status != StatusCode::OK {
            return Found::Unknown { why: format!("it answered {}", reply.status), wait: reply.wait };
        }
        let Some(listed) = reply.read::<said::Listed>() else {
            return Found::Unknown { why: "its answer could not be read".to_owned(), wait: None };
        };
        // A list without the filter would show others': only ours counts.
        match listed.orders.iter().find(|order| order.is_of(parcel)) {
            Some(order) => Found::Known(self.known(portal, parcel, order).await),
            None if listed.orders.is_empty() => Found::Nowhere,
            None => Found::Unknown { why: "it showed other orders".to_owned(), wait: None },
        }
    }

    /// What an order that it has says; its rewards are remembered, so that a webhook finds us.
    async fn known(&self, portal: &Portal, parcel: &Parcel, order: &said::Order) -> Answer {
        let remembered = match portal.db() {
            Ok(db) => transaction!(db, |tx| -> crate::store::Result<()> {
                store::remember(tx, &parcel.order.id, order).await
            }),
            Err(error) => Err(error),
        };
        // Without it we ask in an hour instead.
        if let Err(error) = remembered {
            tracing::warn!(%error, order = parcel.order.id, "the parts of a payout could not be written down");
        }
        order.says(parcel)
    }
}

/// How a person gets it.
enum Recipient<'a> {
    Email(&'a str),
    Phone(&'a str),
}

impl<'a> Recipient<'a> {
    fn of(parcel: &'a Parcel) -> Option<Self> {
        let email = Some(parcel.email.as_str()).filter(|email| !email.is_empty()).map(Recipient::Email);
        let phone = parcel.phone.as_deref().map(Recipient::Phone);
        match WayId::from_slug(&parcel.order.way) {
            Some(WayId::Email) => email,
            Some(WayId::Sms) => phone,
            _ => email.or(phone),
        }
    }

    fn method(&self) -> &'static str {
        match self {
            Recipient::Email(_) => "EMAIL",
            Recipient::Phone(_) => "PHONE",
        }
    }

    fn json(&self, name: &str) -> Value {
        match self {
            Recipient::Email(email) => json!({ "name": name, "email": email }),
            Recipient::Phone(phone) => json!({ "name": name, "phone": phone }),
        }
    }
}

/// What an answer without an order means. Its list of codes: 400 and 422 wrong parameters, 401 the key, 402 no money,
/// 429 too many ("this request was not processed"), 500 anything.
fn not_placed(parcel: &Parcel, reply: &Reply) -> Answer {
    let json = reply.json();
    let words = plain(json["errors"]["message"].as_str().unwrap_or_default());
    let why = format!("{} {words}", reply.status.as_u16());
    match reply.status.as_u16() {
        401 | 403 => held_up(NAME, &format!("it does not take our key: {why}")),
        402 => held_up(NAME, &format!("the funding source has no money: {why}")),
        301 | 302 | 307 | 308 | 404 | 405 => held_up(NAME, &format!("there is no such interface: {why}")),
        429 => too_many(reply),
        400 | 422 => match said::about(&json) {
            About::Person => Answer::Refused { why },
            About::Us => held_up(NAME, &format!("it does not take what the settings say: {why}")),
            About::Unclear => refused_in_the_end(parcel.order.attempts, why),
        },
        _ => Answer::Unknown { why: format!("it answered {why}") },
    }
}

impl Provider for Tremendous {
    fn name(&self) -> ProviderName {
        ProviderName::Tremendous
    }

    /// A campaign belongs to one account, and stays when its key is changed.
    fn account(&self) -> Option<String> {
        Some(format!("{} {}", self.account.url, self.account.campaign))
    }

    fn per_second(&self) -> Option<u32> {
        Some(self.account.per_second.get())
    }

    /// Its order, and the question whether it arrived.
    fn calls_each(&self) -> u32 {
        2
    }

    fn place<'a>(&'a self, portal: &'a Portal, parcels: &'a [Parcel]) -> BoxFuture<'a, Vec<Answer>> {
        Box::pin(async move {
            let mut answers = Vec::new();
            for parcel in parcels {
                answers.push(self.order(portal, parcel).await);
            }
            answers
        })
    }

    fn find<'a>(&'a self, portal: &'a Portal, parcel: &'a Parcel) -> BoxFuture<'a, Found> {
        Box::pin(self.look(portal, parcel))
    }
}
