//! Credit on a Stripe customer's balance: their next invoice takes it.
//!
//! The customer is the one whose metadata has our `account`. It is searched by that and never by e-mail: two people may
//! share an address, and the money would be the other's. The credit carries our order's id twice: in its metadata, by which
//! it is found afterwards, and as `Idempotency-Key`, which Stripe forgets after a day or so. Until then it repeats its first
//! answer under a key, a failure of its own too; so what was answered with a no is sent under another key, if it is
//! sent again. What was not answered keeps its key: it may be under way still.

mod account;
mod said;
#[cfg(test)]
mod tests;

pub use account::Account;

use futures::future::BoxFuture;
use reqwest::RequestBuilder;
use said::{Credit, List};

use super::{
    Answer, Found, Order, Parcel, Provider,
    http::{Failure, Line, Reply, ask, held_up, plain, refused_in_the_end, send, too_many},
    store,
};
use crate::{
    ambient::{DAY, SECOND},
    incident::ProviderName,
    portal::Portal,
    transaction,
};

const NAME: &str = "stripe";
/// The shape of what it answers.
const VERSION: &str = "2024-06-20";
/// Pages of a hundred that are looked through for one credit.
const PAGES: usize = 20;

pub struct Stripe {
    account: Account,
    line: Line,
}

/// Why no customer was found.
enum NoCustomer {
    Nobody,
    Several,
    Failed(Failure),
    Answered(Reply),
}

impl Stripe {
    pub fn new(account: Account, line: Line) -> Self {
        Self { account, line }
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(self.account.key.reveal()).header("stripe-version", VERSION)
    }

    fn credits(&self, customer: &str) -> String {
        format!("{}/v1/customers/{customer}/balance_transactions", self.account.url)
    }

    async fn customer(&self, portal: &Portal, parcel: &Parcel) -> Result<String, NoCustomer> {
        let account = parcel.account.replace('\\', "\\\\").replace('\'', "\\'");
        let query = [("query", format!("metadata['account']:'{account}'")), ("limit", "10".to_owned())];
        let request =
            self.line.client().get(format!("{}/v1/customers/search", self.account.url)).query(&query);
        let reply = ask(portal, self, self.signed(request)).await.map_err(NoCustomer::Failed)?;
        let Some(found) = reply.read::<List<said::Customer>>().filter(|_| reply.status.is_success()) else {
            return Err(NoCustomer::Answered(reply));
        };
        // What it finds is looked at again: money goes there.
        let mut same = found.data.into_iter().filter(|customer| customer.is_of(&parcel.account));
        match (same.next(), same.next()) {
            (Some(customer), None) => Ok(customer.id),
            (None, _) => Err(NoCustomer::Nobody),
            _ => Err(NoCustomer::Several),
        }
    }

    async fn credit(&self, portal: &Portal, parcel: &Parcel) -> Answer {
        let order = &parcel.order;
        let customer = match self.customer(portal, parcel).await {
            Ok(customer) => customer,
            Err(none) => return without_customer(parcel, none),
        };
        let title = portal.incident.remedy(&order.remedy).map_or("Credit", |remedy| remedy.title.as_str());
        let form = [
            ("amount", (-order.amount).to_string()),
            ("currency", order.currency.to_ascii_lowercase()),
            ("description", title.chars().take(350).collect()),
            ("metadata[order]", order.id.clone()),
        ];
        let request = self.line.client().post(self.credits(&customer));
        let request = request.header("idempotency-key", key(order)).form(&form);
        match send(portal, self, order, self.signed(request)).await {
            Ok(reply) if reply.status.is_success() => match reply.read::<Credit>() {
                Some(credit) => credit.says(parcel),
                None => Answer::Unknown { why: "its answer could not be read".to_owned() },
            },
            Ok(reply) => {
                if is_kept(&reply) {
                    use_key_up(portal, order).await;
                }
                not_credited(parcel, &reply)
            }
            Err(Failure::NoTurn(_)) => Answer::NotBegun,
            Err(Failure::NotSent(why)) => Answer::NotNow { why: why.to_owned(), wait: None },
            Err(Failure::Lost(why)) => Answer::Unknown { why: why.to_owned() },
        }
    }

    /// Looks through the customer's credits, the newest first, back to the day before our order.
    async fn look(&self, portal: &Portal, parcel: &Parcel) -> Found {
        let customer = match self.customer(portal, parcel).await {
            Ok(customer) => customer,
            Err(NoCustomer::Answered(reply)) => return unknown(&reply),
            Err(NoCustomer::Failed(failure)) => return failure.found(),
            // There was one when we sent it.
            Err(NoCustomer::Nobody | NoCustomer::Several) => {
                let why = "there is no one customer with this account any more".to_owned();
                return Found::Unknown { why, wait: None };
            }
        };
        let oldest = (parcel.order.created_at - DAY) / SECOND;
        let mut after = None;
        for _ in 0..PAGES {
            let query = [("limit", Some("100".to_owned())), ("starting_after", after)];
            let query: Vec<_> = query.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
            let request = self.line.client().get(self.credits(&customer)).query(&query);
            let reply = match ask(portal, self, self.signed(request)).await {
                Ok(reply) => reply,
                Err(failure) => return failure.found(),
            };
            let Some(page) = reply.read::<List<Credit>>().filter(|_| reply.status.is_success()) else {
                return unknown(&reply);
            };
            if let Some(credit) = page.data.iter().find(|credit| credit.is_of(parcel)) {
                return Found::Known(credit.says(parcel));
            }
            match page.data.last() {
                Some(last) if page.has_more && last.created >= oldest => after = Some(last.id.clone()),
                _ => return Found::Nowhere,
            }
        }
        Found::Unknown { why: format!("it is not among the last {PAGES}00 credits"), wait: None }
    }
}

/// By which Stripe tells this call from others for the same order.
fn key(order: &Order) -> String {
    match order.keys_used {
        0 => order.id.clone(),
        used => format!("{}-{used}", order.id),
    }
}

/// Whether Stripe may repeat this answer under its key: docs.stripe.com/api/idempotent_requests. Too many calls, or another
/// under the same key that is under way, are no answers to the call. Nor is what a gateway says before Stripe, which has no
/// error of Stripe's in it: the call behind it may be under way still.
fn is_kept(reply: &Reply) -> bool {
    !matches!(reply.status.as_u16(), 409 | 429 | 502 | 504) && reply.json()["error"]["type"].is_string()
}

/// Where it cannot be written down, the same answer comes once more.
async fn use_key_up(portal: &Portal, order: &Order) {
    let used = match portal.db() {
        Ok(db) => transaction!(db, |tx| -> crate::store::Result<()> { store::use_key_up(tx, order).await }),
        Err(error) => Err(error),
    };
    if let Err(error) = used {
        tracing::warn!(%error, order = order.id, "the key of a call could not be changed");
    }
}

fn unknown(reply: &Reply) -> Found {
    Found::Unknown { why: format!("it answered {}", reply.status), wait: reply.wait }
}

/// Nothing was sent yet.
fn without_customer(parcel: &Parcel, none: NoCustomer) -> Answer {
    let attempts = parcel.order.attempts;
    match none {
        // Its search shows a new customer after a while.
        NoCustomer::Nobody => {
            refused_in_the_end(attempts, "no customer's metadata has this account".to_owned())
        }
        NoCustomer::Several => {
            Answer::Refused { why: "several customers' metadata have this account".to_owned() }
        }
        NoCustomer::Failed(Failure::NoTurn(_)) => Answer::NotBegun,
        NoCustomer::Failed(failure) => Answer::NotNow { why: failure.why().to_owned(), wait: None },
        NoCustomer::Answered(reply) => match reply.status.as_u16() {
            401 | 403 | 404 => held_up(NAME, &words(&reply)),
            429 => too_many(&reply),
            // A search for an account that it cannot read, or an answer that we cannot.
            200 | 400 => refused_in_the_end(attempts, words(&reply)),
            _ => Answer::NotNow { why: words(&reply), wait: None },
        },
    }
}

/// What an answer without a credit means: docs.stripe.com/api/errors.
fn not_credited(parcel: &Parcel, reply: &Reply) -> Answer {
    let kind = reply.json()["error"]["type"].as_str().unwrap_or_default().to_owned();
    match reply.status.as_u16() {
        // Something else was sent under our id.
        _ if kind == "idempotency_error" => Answer::Unknown { why: words(reply) },
        401 | 403 => held_up(NAME, &words(reply)),
        429 => too_many(reply),
        400 | 402 | 404 => refused_in_the_end(parcel.order.attempts, words(reply)),
        // 409: another call under our id is under way.
        _ => Answer::Unknown { why: words(reply) },
    }
}

fn words(reply: &Reply) -> String {
    let message = reply.json()["error"]["message"].as_str().map(plain).unwrap_or_default();
    format!("it answered {} {message}", reply.status.as_u16())
}

impl Provider for Stripe {
    fn name(&self) -> ProviderName {
        ProviderName::Stripe
    }

    /// A restricted key does not say whose it is: another key may be another account's.
    fn account(&self) -> Option<String> {
        Some(format!("{} {}", self.account.url, self.account.key.reveal()))
    }

    fn per_second(&self) -> Option<u32> {
        Some(self.account.per_second.get())
    }

    /// Its customer is looked for first.
    fn calls_each(&self) -> u32 {
        2
    }

    fn place<'a>(&'a self, portal: &'a Portal, parcels: &'a [Parcel]) -> BoxFuture<'a, Vec<Answer>> {
        Box::pin(async move {
            let mut answers = Vec::new();
            for parcel in parcels {
                answers.push(self.credit(portal, parcel).await);
            }
            answers
        })
    }

    fn find<'a>(&'a self, portal: &'a Portal, parcel: &'a Parcel) -> BoxFuture<'a, Found> {
        Box::pin(self.look(portal, parcel))
    }
}
