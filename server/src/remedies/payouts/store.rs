//! What is stored of orders.

use super::{Parcel, State};
use crate::{
    ambient::Millis,
    leased, sql_skipping_locked,
    store::{Db, Error, Leased, On, Result, Tx, sql},
};

pub static ORDERS: Leased = leased!("payout_orders");

/// An order as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Order {
    /// What the provider knows it by, too.
    pub id: String,
    pub grant_id: String,
    pub claim_id: String,
    pub incident: String,
    pub subscriber_id: String,
    pub remedy: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub way: String,
    pub provider: String,
    pub state: String,
    pub due_at: Millis,
    /// How often it was taken up.
    pub attempts: i64,
    /// How often it was sent without a known outcome, with this time.
    pub unsure: i64,
    pub lease: Option<String>,
    pub reference: Option<String>,
    pub note: String,
    pub created_at: Millis,
    pub started_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    /// How many of the keys of its calls were answered with a no.
    pub keys_used: i64,
    /// A keyed hash of the account that it was sent from.
    pub account: Option<String>,
}

impl Order {
    pub fn state(&self) -> Result<State> {
        State::from_slug(&self.state)
            .ok_or_else(|| Error::Corrupt(format!("the state {:?} of an order", self.state)))
    }
}

/// An order to write down.
pub struct NewOrder<'a> {
    pub id: &'a str,
    pub grant_id: &'a str,
    pub claim_id: &'a str,
    pub incident: &'a str,
    pub subscriber_id: &'a str,
    pub remedy: &'a str,
    pub amount: i64,
    pub currency: &'a str,
    pub way: &'a str,
    pub provider: &'a str,
    pub due_at: Millis,
    pub now: Millis,
}

/// The columns of an [`Order`].
macro_rules! order {
    () => {
        "id, grant_id, claim_id, incident, subscriber_id, remedy, amount, currency, way, provider, state, due_at, \
         attempts, unsure, lease, reference, note, created_at, started_at, ended_at, keys_used, account"
    };
}

pub async fn insert(tx: &mut Tx, order: &NewOrder<'_>) -> Result<()> {
    sql("INSERT INTO payout_orders (id, grant_id, claim_id, incident, subscriber_id, remedy, amount, currency, way,
         provider, state, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
    .bind(order.id)
    .bind(order.grant_id)
    .bind(order.claim_id)
    .bind(order.incident)
    .bind(order.subscriber_id)
    .bind(order.remedy)
    .bind(order.amount)
    .bind(order.currency)
    .bind(order.way)
    .bind(order.provider)
    .bind(State::Waiting.slug())
    .bind(order.due_at)
    .bind(order.now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn order(on: impl Into<On<'_>>, id: &str) -> Result<Option<Order>> {
    sql(concat!("SELECT ", order!(), " FROM payout_orders WHERE id = $1")).bind(id).optional(on).await
}

/// The orders of a claim, the oldest first.
pub async fn of_claim(on: impl Into<On<'_>>, claim_id: &str) -> Result<Vec<Order>> {
    sql(concat!("SELECT ", order!(), " FROM payout_orders WHERE claim_id = $1 ORDER BY created_at, id"))
        .bind(claim_id)
        .all(on)
        .await
}

/// The newest order of the claim of a number.
pub async fn last_of_number(on: impl Into<On<'_>>, number: &str) -> Result<Option<Order>> {
    sql(concat!(
        "SELECT ",
        order!(),
        " FROM payout_orders WHERE claim_id = (SELECT c.id FROM claims c WHERE c.number = $1)
         ORDER BY created_at DESC, id DESC LIMIT 1"
    ))
    .bind(number)
    .optional(on)
    .await
}

/// The newest order of a grant.
pub async fn last_of_grant(on: impl Into<On<'_>>, grant_id: &str) -> Result<Option<Order>> {
    sql(concat!(
        "SELECT ",
        order!(),
        " FROM payout_orders WHERE grant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1"
    ))
    .bind(grant_id)
    .optional(on)
    .await
}

/// The newest order by which its person gets the same remedy: of its grant, or of another that followed.
pub async fn instead_of(on: impl Into<On<'_>>, order: &Order) -> Result<Option<Order>> {
    sql(concat!(
        "SELECT ",
        order!(),
        " FROM payout_orders WHERE subscriber_id = $1 AND incident = $2 AND remedy = $3
         ORDER BY created_at DESC, id DESC LIMIT 1"
    ))
    .bind(&order.subscriber_id)
    .bind(&order.incident)
    .bind(&order.remedy)
    .optional(on)
    .await
}

/// Cancels the grant's order where it has not started; none where there is no such order any more.
pub async fn cancel(tx: &mut Tx, grant_id: &str, now: Millis) -> Result<Option<Order>> {
    sql(concat!(
        "UPDATE payout_orders SET state = 'cancelled', ended_at = $2
         WHERE grant_id = $1 AND state = 'waiting' AND unsure = 0 RETURNING ",
        order!()
    ))
    .bind(grant_id)
    .bind(now)
    .optional(tx)
    .await
}

/// Changes how the grant's order goes, where it has not started.
pub async fn redirect(
    tx: &mut Tx,
    grant_id: &str,
    way: &str,
    provider: &str,
    now: Millis,
) -> Result<Option<Order>> {
    sql(concat!(
        "UPDATE payout_orders SET way = $2, provider = $3, attempts = 0, due_at = CASE WHEN due_at < $4 THEN $4 ELSE due_at END
         WHERE grant_id = $1 AND state = 'waiting' AND unsure = 0 RETURNING ",
        order!()
    ))
    .bind(grant_id)
    .bind(way)
    .bind(provider)
    .bind(now)
    .optional(tx)
    .await
}

/// Whether a provider has anything to do: a read, so that an idle worker never takes SQLite's one writer.
pub async fn is_due(db: &Db, provider: &str, now: Millis) -> Result<bool> {
    let row: Option<(String,)> = sql("SELECT id FROM payout_orders
         WHERE provider = $1 AND due_at <= $2 AND leased_until <= $2
         AND state IN ('waiting', 'sending', 'unknown', 'placed') LIMIT 1")
    .bind(provider)
    .bind(now)
    .optional(db)
    .await?;
    Ok(row.is_some())
}

/// Takes up to `most` orders that are due, the longest due first. What a worker left behind is taken over when its
/// lease is over; it is in doubt then, and no more so when that worker had taken it over itself: however often processes
/// die, that alone leaves nothing for a person. What is in doubt stays with the account that it was sent from.
///
/// They are looked for once: PostgreSQL may run a plain subquery again for each row of the table, pass over those that this
/// very statement has taken, and so take more than `most`.
pub async fn lease(
    tx: &mut Tx,
    provider: &str,
    lease: &str,
    now: Millis,
    until: Millis,
    (most, account): (i64, Option<&str>),
) -> Result<Vec<Order>> {
    let mut taken: Vec<Order> = sql_skipping_locked!(
        "WITH due AS MATERIALIZED (
             SELECT id FROM payout_orders WHERE provider = $1 AND due_at <= $3 AND leased_until <= $3
             AND state IN ('waiting', 'sending', 'unknown', 'placed') ORDER BY due_at, id LIMIT $5",
        ") UPDATE payout_orders SET lease = $2, leased_until = $4, attempts = attempts + 1,
         started_at = COALESCE(started_at, $3),
         account = CASE WHEN state = 'placed' OR unsure > 0 THEN COALESCE(account, $6) ELSE $6 END,
         unsure = CASE WHEN state = 'placed' OR (state = 'sending' AND unsure > 1) THEN unsure ELSE unsure + 1 END,
         state = CASE WHEN state = 'placed' THEN 'placed' ELSE 'sending' END
         WHERE id IN (SELECT id FROM due) RETURNING id, grant_id, claim_id, incident, subscriber_id, remedy, amount, currency, way, provider, state,
         due_at, attempts, unsure, lease, reference, note, created_at, started_at, ended_at, keys_used, account"
    )
    .bind(provider)
    .bind(lease)
    .bind(now)
    .bind(until)
    .bind(most)
    .bind(account)
    .all(tx)
    .await?;
    taken.sort_by(|one, two| (one.due_at, &one.id).cmp(&(two.due_at, &two.id)));
    Ok(taken)
}

/// Whether the worker that took this order, as it was then, holds it still.
pub async fn is_held(db: &Db, order: &Order, now: Millis) -> Result<bool> {
    let row: Option<(String,)> =
        sql("SELECT id FROM payout_orders WHERE id = $1 AND lease = $2 AND leased_until > $3")
            .bind(&order.id)
            .bind(order.lease.as_deref())
            .bind(now)
            .optional(db)
            .await?;
    Ok(row.is_some())
}

/// Whether the provider's reference stands with another order already.
pub async fn is_taken(tx: &mut Tx, order: &Order, reference: &str) -> Result<bool> {
    let row: Option<(String,)> =
        sql("SELECT id FROM payout_orders WHERE provider = $1 AND reference = $2 AND id <> $3")
            .bind(&order.provider)
            .bind(reference)
            .bind(&order.id)
            .optional(tx)
            .await?;
    Ok(row.is_some())
}

/// What an order becomes.
pub struct Change<'a> {
    pub state: State,
    pub due_at: Millis,
    pub unsure: i64,
    pub reference: Option<&'a str>,
    pub note: &'a str,
    /// None while it goes on.
    pub ended_at: Option<Millis>,
}

/// Writes down what an order that was just read becomes; nobody holds it any more.
pub async fn change(tx: &mut Tx, order: &Order, change: &Change<'_>) -> Result<()> {
    sql("UPDATE payout_orders SET state = $2, due_at = $3, unsure = $4, reference = COALESCE($5, reference), note = $6,
         ended_at = $7, lease = NULL, leased_until = 0 WHERE id = $1")
    .bind(&order.id)
    .bind(change.state.slug())
    .bind(change.due_at)
    .bind(change.unsure)
    .bind(change.reference)
    .bind(change.note)
    .bind(change.ended_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The provider keeps its no under the key of this call: the next call is another.
pub async fn use_key_up(tx: &mut Tx, order: &Order) -> Result<()> {
    sql("UPDATE payout_orders SET keys_used = keys_used + 1 WHERE id = $1 AND lease = $2 AND keys_used = $3")
        .bind(&order.id)
        .bind(order.lease.as_deref())
        .bind(order.keys_used)
        .execute(tx)
        .await?;
    Ok(())
}

/// A person found out that the account which it was sent from never had it: it may go from another.
pub async fn forget_account(tx: &mut Tx, order: &str) -> Result<()> {
    sql("UPDATE payout_orders SET account = NULL WHERE id = $1").bind(order).execute(tx).await?;
    Ok(())
}

/// It was taken and not tried.
pub async fn not_tried(tx: &mut Tx, order: &str) -> Result<()> {
    sql("UPDATE payout_orders SET attempts = attempts - 1 WHERE id = $1 AND attempts > 0")
        .bind(order)
        .execute(tx)
        .await?;
    Ok(())
}

/// An order that may not be sent goes the way of another, in whatever state.
pub async fn follow(tx: &mut Tx, order: &str, like: &Order) -> Result<()> {
    sql("UPDATE payout_orders SET way = $2, provider = $3 WHERE id = $1")
        .bind(order)
        .bind(&like.way)
        .bind(&like.provider)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn event(tx: &mut Tx, order: &str, step: &str, note: &str, at: Millis) -> Result<()> {
    sql("INSERT INTO payout_events (order_id, position, step, note, at)
         SELECT $1, COALESCE(MAX(position), 0) + 1, $2, $3, $4 FROM payout_events WHERE order_id = $1")
    .bind(order)
    .bind(step)
    .bind(note)
    .bind(at)
    .execute(tx)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Person {
    account: String,
    name: String,
    email: String,
    phone: Option<String>,
    locale: String,
}

/// The order with its person as they are known now; none once the person was erased.
pub async fn parcel(on: impl Into<On<'_>>, order: &Order) -> Result<Option<Parcel>> {
    let person: Option<Person> =
        sql("SELECT account, name, email, phone, locale FROM subscribers WHERE id = $1")
            .bind(&order.subscriber_id)
            .optional(on)
            .await?;
    Ok(person.map(|Person { account, name, email, phone, locale }| Parcel {
        order: order.clone(),
        account,
        name,
        email,
        phone,
        locale,
    }))
}

/// What waits for a person of the orders `o`: the last of a grant that lives.
macro_rules! waits_for_a_person {
    () => {
        "o.state IN ('stuck', 'refused', 'returned') AND NOT EXISTS (
             SELECT 1 FROM payout_orders n
             WHERE n.grant_id = o.grant_id AND (n.created_at, n.id) > (o.created_at, o.id))
         AND EXISTS (SELECT 1 FROM grants g WHERE g.id = o.grant_id AND g.ended_at IS NULL)"
    };
}

/// Orders that wait for a person, in that state alone where one is named; the longest waiting first.
pub async fn for_a_person(on: impl Into<On<'_>>, state: Option<&str>, most: i64) -> Result<Vec<Order>> {
    sql(concat!(
        "SELECT ",
        order!(),
        " FROM payout_orders o WHERE ",
        waits_for_a_person!(),
        " AND ($1 = '' OR o.state = $1) ORDER BY due_at, id LIMIT $2"
    ))
    .bind(state.unwrap_or_default())
    .bind(most)
    .all(on)
    .await
}

/// How many wait for a person, of each provider of which any does.
pub async fn count_for_a_person(on: impl Into<On<'_>>) -> Result<Vec<Open>> {
    sql(concat!(
        "SELECT provider, COUNT(*) AS orders FROM payout_orders o WHERE ",
        waits_for_a_person!(),
        " GROUP BY provider ORDER BY provider"
    ))
    .all(on)
    .await
}

/// How many orders of a provider are not over, or wait for a person.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Open {
    pub provider: String,
    pub orders: i64,
}

pub async fn open(on: impl Into<On<'_>>) -> Result<Vec<Open>> {
    sql("SELECT provider, COUNT(*) AS orders FROM payout_orders
         WHERE state IN ('waiting', 'sending', 'unknown', 'placed') GROUP BY provider ORDER BY provider")
    .all(on)
    .await
}

/// How many orders of a remedy are not over.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    pub remedy: String,
    pub orders: i64,
}

pub async fn open_by_remedy(on: impl Into<On<'_>>, incident: &str) -> Result<Vec<Listed>> {
    sql("SELECT remedy, COUNT(*) AS orders FROM payout_orders
         WHERE incident = $1 AND state IN ('waiting', 'sending', 'unknown', 'placed', 'stuck')
         GROUP BY remedy ORDER BY remedy")
    .bind(incident)
    .all(on)
    .await
}

/// How many claims that wait are to come by a way.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Chosen {
    pub remedy: String,
    pub way: String,
    pub claims: i64,
}

pub async fn chosen(on: impl Into<On<'_>>, incident: &str) -> Result<Vec<Chosen>> {
    sql("SELECT remedy, delivery AS way, COUNT(*) AS claims FROM claims
         WHERE incident = $1 AND state = 'submitted' GROUP BY remedy, delivery ORDER BY remedy, delivery")
    .bind(incident)
    .all(on)
    .await
}

/// Whether a grant is still to be paid, or paid.
pub async fn is_live(on: impl Into<On<'_>>, grant_id: &str) -> Result<bool> {
    let live: Option<(String,)> =
        sql("SELECT id FROM grants WHERE id = $1 AND ended_at IS NULL").bind(grant_id).optional(on).await?;
    Ok(live.is_some())
}

/// Whether an order's history has such a step.
pub async fn has_step(on: impl Into<On<'_>>, order: &str, step: &str) -> Result<bool> {
    let there: Option<(i64,)> =
        sql("SELECT position FROM payout_events WHERE order_id = $1 AND step = $2 LIMIT 1")
            .bind(order)
            .bind(step)
            .optional(on)
            .await?;
    Ok(there.is_some())
}

/// Ends a grant: its person may claim the remedy again.
pub async fn end_grant(tx: &mut Tx, grant_id: &str, now: Millis) -> Result<()> {
    sql("UPDATE grants SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(grant_id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// The number of the claim that an order carries out.
pub async fn claim_number(on: impl Into<On<'_>>, claim_id: &str) -> Result<String> {
    let (number,) = sql("SELECT number FROM claims WHERE id = $1").bind(claim_id).one(on).await?;
    Ok(number)
}

/// What lies in an account of a remedy.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Balance {
    pub remedy: String,
    pub account: String,
    /// Minor units.
    pub amount: i64,
}

pub async fn balances(on: impl Into<On<'_>>, incident: &str) -> Result<Vec<Balance>> {
    sql("SELECT p.remedy, l.account, CAST(SUM(l.amount) AS BIGINT) AS amount
         FROM postings p JOIN posting_lines l ON l.posting_id = p.id WHERE p.incident = $1
         GROUP BY p.remedy, l.account ORDER BY p.remedy, l.account")
    .bind(incident)
    .all(on)
    .await
}
