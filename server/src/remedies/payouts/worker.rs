//! The worker that carries orders out. Any number of processes may run one.

use std::time::Duration;

use futures::{StreamExt, stream};

use super::{
    Answer, Found, Order, Parcel, Provider, State, budget, code_pool,
    control::{self, GATES},
    settle, store,
};
use crate::{
    ambient::{MINUTE, Millis, for_test},
    incident::WayId,
    portal::Portal,
    remedies::on_behalf,
    store::{Db, Lease, Result, keys::hmac},
    transaction,
};

/// How often orders are looked for when nobody calls.
const LOOK: Duration = Duration::from_secs(1);
/// A worker that was not heard of for so long is taken for dead. No call to a provider may last longer.
pub const LEASE: Millis = MINUTE;
/// Packs of orders that are with one provider at once from one process; no more than it takes calls in a second.
const AT_ONCE: usize = 8;
/// Orders that are taken at once where the provider has no rate of its own.
const BATCH: i64 = 256;

/// Carries out what is due, provider by provider, until the portal stops.
pub async fn run(portal: Portal) {
    for name in portal.providers.missing(&portal.incident) {
        tracing::error!(
            provider = name.slug(),
            "no settings for a provider of the incident file: its payouts wait"
        );
    }
    fit_budgets(&portal).await;
    tell_of_orphans(&portal).await;
    let mut lines = Vec::new();
    for provider in portal.providers.iter() {
        lines.push(line(&portal, provider));
    }
    futures::future::join_all(lines).await;
}

/// Orders that no provider of this process carries out or asks after: its way or its settings were removed meanwhile.
async fn tell_of_orphans(portal: &Portal) {
    let Ok(db) = portal.db() else { return };
    let open = store::open(db).await.unwrap_or_default();
    for open in open.iter().filter(|open| !portal.providers.has(&open.provider)) {
        tracing::error!(
            provider = open.provider,
            orders = open.orders,
            "there are payouts of a provider that has no settings: they wait, and nobody asks after them"
        );
    }
    let short = code_pool::shortages(db, portal.ambient.now()).await.unwrap_or_default();
    for short in short {
        tracing::error!(
            remedy = short.remedy,
            amount = short.amount,
            currency = short.currency,
            waiting = short.waiting,
            free = short.free,
            "there are not enough gift codes: see `makegood doctor`"
        );
    }
}

/// What the incident file says of budgets holds from the start on, as soon as the database answers.
async fn fit_budgets(portal: &Portal) {
    while !portal.stopping.is_cancelled() {
        let fitted = match portal.db() {
            Ok(db) => fit(portal, db).await,
            Err(error) => Err(error),
        };
        match fitted {
            Ok(()) => return,
            Err(error) if error.is_outage() => {}
            Err(error) => tracing::error!(%error, "the budgets could not be read from the incident file"),
        }
        tokio::select! {
            () = portal.stopping.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn fit(portal: &Portal, db: &Db) -> Result<()> {
    portal.other_currencies.read(db, &portal.incident).await?;
    budget::fit(db, &portal.incident, portal.ambient.now()).await
}

async fn line(portal: &Portal, provider: &dyn Provider) {
    while !portal.stopping.is_cancelled() {
        match work(portal, provider).await {
            Ok(taken) if taken > 0 => continue,
            Ok(_) => {}
            // An outage is told by those who watch the database.
            Err(error) if error.is_outage() => {}
            Err(error) => {
                tracing::error!(%error, provider = provider.name().slug(), "payouts could not be carried out");
            }
        }
        tokio::select! {
            () = portal.stopping.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Takes what is due with one provider and carries it out; returns how many orders were taken.
pub async fn work(portal: &Portal, provider: &dyn Provider) -> Result<usize> {
    let (db, name, now) = (portal.db()?, provider.name().slug(), portal.ambient.now());
    if !store::is_due(db, name, now).await? {
        return Ok(0);
    }
    control::ensure(db, name).await?;
    let lease = Lease::new(&store::ORDERS, portal.ambient.secret_id(), lease_span(), now);
    let account = account(portal, provider);
    let most = provider.per_second().map_or(BATCH, |rate| i64::from(rate).clamp(1, BATCH));
    let orders = transaction!(db, bulk |tx| -> Result<Vec<Order>> {
        let open = GATES.turn(tx, name, now).await?.is_some();
        if !open {
            return Ok(Vec::new());
        }
        let of = (most, account.as_deref());
        let orders = store::lease(tx, name, lease.token(), now, lease.until(), of).await?;
        for order in orders.iter().filter(|order| order.started_at == Some(now)) {
            settle::started(tx, order, now).await?;
        }
        Ok(orders)
    })?;
    if !orders.is_empty() {
        lease.during(db, &portal.ambient, carry_out(portal, provider, &orders, &lease)).await?;
    }
    Ok(orders.len())
}

/// Hands orders over and writes down what became of them.
async fn carry_out(portal: &Portal, provider: &dyn Provider, orders: &[Order], lease: &Lease) -> Result<()> {
    let calls = provider.per_second().map_or(AT_ONCE, |rate| AT_ONCE.min(rate as usize));
    let packs: Vec<_> =
        orders.chunks(provider.at_once()).map(|orders| pack(portal, provider, orders, lease)).collect();
    let mut done = stream::iter(packs).buffer_unordered(calls.max(1));
    let mut outcome = Ok(());
    // One that could not be written down keeps the others from nothing: its lease ends, and it is asked after.
    while let Some(settled) = done.next().await {
        outcome = outcome.and(settled);
    }
    outcome
}

async fn pack(portal: &Portal, provider: &dyn Provider, orders: &[Order], lease: &Lease) -> Result<()> {
    let db = portal.db()?;
    let held_up = portal.stopping.is_cancelled() || !lease.has_time(portal.ambient.now());
    if held_up || control::is_paused(db, provider.name().slug()).await? {
        return settle::give_back(db, orders, lease.token()).await;
    }
    let held = lease.held(db, portal.ambient.now()).await?;
    let mut to_place = Vec::new();
    let mut answers = Vec::new();
    for order in orders.iter().filter(|order| held.contains(&order.id)) {
        let (parcel, erased) = match store::parcel(db, order).await? {
            Some(parcel) => (addressed(portal, parcel).await?, false),
            None => (Parcel::of_nobody(order), true),
        };
        match before(portal, provider, &parcel).await {
            Some(answer) => answers.push((parcel.order, answer)),
            None if erased => {
                let why = "its person was erased".to_owned();
                answers.push((parcel.order, Answer::Refused { why }));
            }
            None => to_place.push(parcel),
        }
    }
    if !to_place.is_empty() {
        let said = provider.place(portal, &to_place).await;
        answers.extend(to_place.into_iter().map(|parcel| parcel.order).zip(said));
    }
    settle::all(portal, provider.name().slug(), &answers, Some(lease.token())).await
}

/// As its claim says where it goes, when that is not where the account does.
async fn addressed(portal: &Portal, parcel: Parcel) -> Result<Parcel> {
    if parcel.order.way != WayId::Email.slug() {
        return Ok(parcel);
    }
    let elsewhere = on_behalf::email_of(portal, &parcel.order.claim_id).await?;
    Ok(match elsewhere {
        Some(email) => Parcel { email, ..parcel },
        None => parcel,
    })
}

/// What is known of an order that may be with the provider already; none when it is to be placed.
async fn before(portal: &Portal, provider: &dyn Provider, parcel: &Parcel) -> Option<Answer> {
    let placed = parcel.order.state == State::Placed.slug();
    let fresh = parcel.order.unsure <= 1 && !placed;
    if fresh || forgets_to_ask() {
        return None;
    }
    match provider.find(portal, parcel).await {
        Found::Known(answer) => Some(answer),
        Found::Nowhere if placed => {
            Some(Answer::Unknown { why: "the provider had it and does not know it any more".to_owned() })
        }
        Found::Nowhere if is_anothers(portal, provider, &parcel.order) => Some(Answer::ForAPerson {
            why: "it may be with the account that was set before: look for it there".to_owned(),
        }),
        Found::Nowhere => None,
        Found::NotAsked => Some(Answer::NotBegun),
        Found::Unknown { why, wait } => {
            rest(portal, provider.name().slug(), wait).await;
            Some(still_unknown(parcel, why, placed))
        }
    }
}

/// The account that orders are sent from at present, so that it is told from another and no settings lie in the database.
fn account(portal: &Portal, provider: &dyn Provider) -> Option<String> {
    const BYTES: usize = 8;
    let account = provider.account()?;
    let key = portal.master().derive("payout-account");
    let hash = hmac(&key, &[provider.name().slug().as_bytes(), b" ", account.as_bytes()]);
    Some(hash.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect())
}

/// Whether an order was sent from another account than the one that was asked.
fn is_anothers(portal: &Portal, provider: &dyn Provider, order: &Order) -> bool {
    let today = account(portal, provider);
    today.is_some() && order.account.is_some() && today != order.account
}

/// What the provider took stays with it while it does not say what became of it: it is asked again.
fn still_unknown(parcel: &Parcel, why: String, placed: bool) -> Answer {
    match &parcel.order.reference {
        Some(reference) if placed => {
            tracing::warn!(order = parcel.order.id, why, "a provider does not say what became of a payout");
            Answer::Placed { reference: reference.clone() }
        }
        _ => Answer::Unknown { why },
    }
}

/// A provider that has enough of questions is left alone, too.
async fn rest(portal: &Portal, provider: &str, wait: Option<Millis>) {
    let (Some(wait), Ok(db)) = (wait, portal.db()) else { return };
    let until = portal.ambient.now() + wait;
    let rested = transaction!(db, |tx| -> Result<()> { GATES.rest_until(tx, provider, until).await });
    if let Err(error) = rested {
        tracing::warn!(%error, provider, "a provider's pause could not be written down");
    }
}

/// How long a worker holds what it took; shorter among faults.
pub fn lease_span() -> Millis {
    for_test("MAKEGOOD_TEST_LEASE_MS").unwrap_or(LEASE)
}

/// A mutation: what happens where nobody asks before sending again.
fn forgets_to_ask() -> bool {
    for_test("MAKEGOOD_TEST_FORGETS_TO_ASK").is_some()
}
