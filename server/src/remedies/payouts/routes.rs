//! `/staff/payouts`: how far payouts are, the switch that holds them up, and orders that wait for a person.

use app::models::{BudgetLine, CodeStock, FieldError, Money, Payouts, ProviderLine, WaitingOrder};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Decision, Order, PersonError, State as OrderState,
    acts::{self, Actor},
    as_before, code_pool,
    control::{self, ALL, Gate, Progress},
    for_a_person, store, unanswered,
};
use crate::{
    incident::{ProviderName, Remedy, Way},
    portal::Portal,
    remedies::ClaimNumber,
    staff::{Duty, Reason, Role, Staff, mistaken},
    web::{self, View, wording},
};

/// Holding payouts up, and deciding what becomes of those that got nowhere.
#[derive(Clone, Copy, Debug)]
pub struct PayingOut;

impl Duty for PayingOut {
    const ROLES: &'static [Role] = &[Role::Finance, Role::Admin];
}

const PATH: &str = "/staff/payouts";
/// Waiting orders that the page shows.
const SHOWN: usize = 50;

pub async fn page(State(portal): State<Portal>, _: Staff<PayingOut>, view: View) -> web::Result {
    Ok(view.page(model(&portal, Vec::new()).await?))
}

#[derive(Deserialize)]
pub struct Held {
    provider: String,
    #[serde(default)]
    reason: String,
}

impl Held {
    /// A provider that there is, or all of them.
    fn name(&self) -> web::Result<&'static str> {
        match self.provider.as_str() {
            ALL => Ok(ALL),
            name => ProviderName::from_slug(name).map(ProviderName::slug).ok_or(web::Error::NotFound),
        }
    }
}

pub async fn pause(
    State(portal): State<Portal>,
    member: Staff<PayingOut>,
    view: View,
    Form(held): Form<Held>,
) -> web::Result {
    let name = held.name()?;
    let Some(reason) = Reason::brief(&held.reason) else {
        return mistake(&portal, &view, "reason", "Say in 3 to 500 characters why payouts are to be held up")
            .await;
    };
    acts::pause(&portal, Actor::member(&member), name, &reason).await?;
    Ok(back())
}

pub async fn resume(
    State(portal): State<Portal>,
    member: Staff<PayingOut>,
    Form(held): Form<Held>,
) -> web::Result {
    let name = held.name()?;
    acts::resume(&portal, Actor::member(&member), name).await?;
    Ok(back())
}

#[derive(Deserialize)]
pub struct Decided {
    act: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    way: String,
    #[serde(default)]
    reason: String,
}

pub async fn decide(
    State(portal): State<Portal>,
    member: Staff<PayingOut>,
    view: View,
    Path(id): Path<String>,
    Form(decided): Form<Decided>,
) -> web::Result {
    let order = store::order(portal.db()?, &id).await?.ok_or(web::Error::NotFound)?;
    let decision = match read(&portal, &order, &decided)? {
        Ok(decision) => decision,
        Err(what) => return mistake(&portal, &view, "main", what).await,
    };
    match acts::decide(&portal, Actor::member(&member), &id, &decision).await {
        Ok(()) => Ok(back()),
        Err(PersonError::Store(error)) => Err(error.into()),
        Err(error) => mistake(&portal, &view, "main", &error.to_string()).await,
    }
}

#[derive(Deserialize)]
pub struct Stopped {
    #[serde(default)]
    claim: String,
    #[serde(default)]
    why: String,
}

/// Closes a claim by its number: nothing lists those whose payouts have not started.
pub async fn close(
    State(portal): State<Portal>,
    member: Staff<PayingOut>,
    view: View,
    Form(stopped): Form<Stopped>,
) -> web::Result {
    let number = ClaimNumber::parse(stopped.claim.trim());
    let order = match &number {
        Some(number) => store::last_of_number(portal.db()?, number.as_str()).await?,
        None => None,
    };
    let Some(order) = order else {
        return mistake(&portal, &view, "claim", "Give the number of a claim that was granted").await;
    };
    let Some(reason) = Reason::brief(&stopped.why) else {
        return mistake(&portal, &view, "why", "Say in 3 to 500 characters why it is closed").await;
    };
    let decision = Decision::Close { reason: reason.to_string() };
    match acts::decide(&portal, Actor::member(&member), &order.id, &decision).await {
        Ok(()) => Ok(back()),
        Err(PersonError::Store(error)) => Err(error.into()),
        Err(error) => mistake(&portal, &view, "claim", &error.to_string()).await,
    }
}

/// What was decided, or what is missing in it. Not found: a word that is on no button.
fn read(
    portal: &Portal,
    order: &Order,
    decided: &Decided,
) -> web::Result<std::result::Result<Decision, &'static str>> {
    Ok(match decided.act.as_str() {
        "paid" => Reason::brief(&decided.reference)
            .map(|reference| Decision::Paid { reference: reference.to_string() })
            .ok_or("Give the provider's reference of the payout"),
        "never-arrived" => Ok(Decision::NeverArrived),
        "arrived" => Ok(Decision::Arrived),
        "again" => {
            let way = ways(portal, order)?.into_iter().find(|way| way.id.slug() == decided.way);
            Ok(Decision::Again(way.ok_or(web::Error::NotFound)?))
        }
        "close" => Reason::brief(&decided.reason)
            .map(|reason| Decision::Close { reason: reason.to_string() })
            .ok_or("Say why it is given up; the person reads it"),
        _ => return Err(web::Error::NotFound),
    })
}

/// Somebody who reloads after a post starts from the page.
pub async fn back_to_page(_: Staff<PayingOut>) -> Response {
    back()
}

fn back() -> Response {
    Redirect::to(PATH).into_response()
}

async fn mistake(portal: &Portal, view: &View, field: &'static str, what: &str) -> web::Result {
    let errors = vec![FieldError::new(field, what)];
    Ok(mistaken(view.page(model(portal, errors).await?)))
}

async fn model(portal: &Portal, errors: Vec<FieldError>) -> web::Result<Payouts> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let gates = control::gates(db).await?;
    let providers = control::progress(db, &portal.providers, now).await?;
    let orders = for_a_person(db, None, SHOWN as i64 + 1).await?;
    let mut waiting = Vec::new();
    for order in orders.iter().take(SHOWN) {
        waiting.push(waiting_order(portal, order).await?);
    }
    Ok(Payouts {
        stopped: gates.iter().find(|gate| gate.provider == ALL).and_then(stopped),
        providers: providers.into_iter().map(|progress| line(progress, &gates)).collect(),
        codes: code_pool::stock(db, now).await?.into_iter().map(|stock| codes(portal, stock)).collect(),
        unanswered: unanswered(db, now).await?.iter().map(ToString::to_string).collect(),
        budgets: budgets(portal).await?,
        waiting,
        more: orders.len() > SHOWN,
        errors,
    })
}

fn stopped(gate: &Gate) -> Option<String> {
    let at = wording::moment(gate.paused_at?);
    Some(format!("All payouts are held up since {at}, by {}: {}", gate.paused_by, gate.reason))
}

fn line(progress: Progress, gates: &[Gate]) -> ProviderLine {
    let gate = gates.iter().find(|gate| gate.provider == progress.provider);
    let paused = gate.and_then(|gate| {
        Some(format!(
            "Held up since {}, by {}: {}",
            wording::moment(gate.paused_at?),
            gate.paused_by,
            gate.reason
        ))
    });
    let name = ProviderName::from_slug(&progress.provider)
        .map_or_else(|| progress.provider.clone(), |name| name.label().to_owned());
    ProviderLine {
        name,
        paid: progress.paid,
        left: progress.left,
        for_a_person: progress.for_a_person,
        pace: pace(&progress),
        paused,
        id: progress.provider,
    }
}

fn pace(progress: &Progress) -> String {
    match (progress.held_up(), progress.per_second, progress.expected_end) {
        (true, ..) if progress.paused => "Held up".to_owned(),
        (true, ..) => format!("Held up, because it takes nothing from us: {}", progress.reason),
        (_, Some(rate), Some(end)) => format!("{rate:.1} a second, done by {}", wording::moment(end)),
        _ if progress.left == 0 => "Nothing waits".to_owned(),
        _ => "Waits for its time, or for what the provider says".to_owned(),
    }
}

fn codes(portal: &Portal, stock: code_pool::Stock) -> CodeStock {
    let remedy = format!("{}, {} each", title(portal, &stock.remedy), stock.worth());
    CodeStock { remedy, free: stock.free, given: stock.given }
}

fn title(portal: &Portal, remedy: &str) -> String {
    portal.incident.remedy(remedy).map_or_else(|| remedy.to_owned(), |remedy| remedy.title.clone())
}

async fn budgets(portal: &Portal) -> web::Result<Vec<BudgetLine>> {
    let (db, incident) = (portal.db()?, &portal.incident);
    let balances = store::balances(db, incident.id.as_str()).await?;
    let line = |remedy: &Remedy| {
        let lies = |account: &str| {
            let of = |one: &&store::Balance| one.remedy == remedy.id.as_str() && one.account == account;
            balances.iter().find(of).map_or(0, |one| one.amount)
        };
        let money = |minor| Money::new(minor, remedy.value.currency.code());
        BudgetLine {
            remedy: remedy.title.clone(),
            owed: money(lies("obligation")),
            paid: money(lies("paid")),
            returned: money(lies("returned")),
            left: remedy.budget.map(|budget| money(budget + lies("budget"))),
        }
    };
    Ok(incident.remedies.iter().map(line).collect())
}

/// The ways by which an order can go again: its remedy's, or its own where that is not listed any more.
fn ways(portal: &Portal, order: &Order) -> crate::store::Result<Vec<Way>> {
    match portal.incident.remedy(&order.remedy) {
        Some(remedy) => Ok(remedy.ways.clone()),
        None => as_before(order).map(|way| vec![way]),
    }
}

async fn waiting_order(portal: &Portal, order: &Order) -> web::Result<WaitingOrder> {
    let state = order.state()?;
    let words = match state {
        OrderState::Stuck => "Nobody knows whether it was paid",
        OrderState::Returned => "It was paid and came back",
        _ => "The provider refused it",
    };
    let ways = ways(portal, order)?.into_iter();
    let provider = ProviderName::from_slug(&order.provider);
    Ok(WaitingOrder {
        claim: store::claim_number(portal.db()?, &order.claim_id).await?,
        provider: provider.map_or_else(|| order.provider.clone(), |name| name.label().to_owned()),
        worth: Money::new(order.amount, &order.currency),
        state: words.to_owned(),
        note: order.note.clone(),
        since: wording::moment(order.ended_at.or(order.started_at).unwrap_or(order.created_at)),
        stuck: state == OrderState::Stuck,
        ways: ways.map(|way| (way.id.slug().to_owned(), way.id.label().to_owned())).collect(),
        id: order.id.clone(),
    })
}
