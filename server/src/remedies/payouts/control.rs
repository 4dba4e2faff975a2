//! Holding payouts up, letting them go on, and the providers' rates over all processes.

use std::time::Duration;

use tokio::{sync::Mutex, time::Instant};

use super::{
    Provider,
    provider::Providers,
    store::{self, Open, Order},
};
use crate::{
    ambient::{Millis, SECOND},
    gates,
    portal::Portal,
    store::{Db, Gates, On, Result, Turn, Tx, sql},
    transaction,
};

/// In place of a provider: all of them. The kill switch.
pub const ALL: &str = "*";

/// A row for each provider; none gets a turn while payouts are held up, by us or by the provider.
pub static GATES: Gates = gates!(
    "payout_gates",
    "provider",
    " AND closed_until <= $2 AND paused_at IS NULL AND NOT EXISTS (SELECT 1 FROM payout_gates WHERE provider = '*' AND paused_at IS NOT NULL)"
);

/// The same rows for a single call: a question may be asked while payouts are held up.
static CALLS: Gates = gates!("payout_gates", "provider", "");

/// Makes the rows that turns are taken by.
pub async fn ensure(db: &Db, provider: &str) -> Result<()> {
    let known: Vec<(String,)> =
        sql("SELECT provider FROM payout_gates WHERE provider IN ($1, '*')").bind(provider).all(db).await?;
    if known.len() == 2 {
        return Ok(());
    }
    transaction!(db, bulk |tx| -> Result<()> {
        sql("INSERT INTO payout_gates (provider) VALUES ($1), ('*') ON CONFLICT (provider) DO NOTHING")
            .bind(provider)
            .execute(tx)
            .await?;
        Ok(())
    })
}

pub async fn is_paused(db: &Db, provider: &str) -> Result<bool> {
    let row: Option<(String,)> = sql("SELECT provider FROM payout_gates
         WHERE provider IN ($1, '*') AND paused_at IS NOT NULL LIMIT 1")
    .bind(provider)
    .optional(db)
    .await?;
    Ok(row.is_some())
}

/// How long a call waits for its turn. With two such calls an order still ends within its lease.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked whether it is a call's turn.
const LOOK: Duration = Duration::from_millis(250);

/// Waits until one call to a provider may be made, over all processes. False when that takes too long, or this process
/// ends.
pub async fn turn(portal: &Portal, provider: &dyn Provider) -> Result<bool> {
    let Some(rate) = provider.per_second() else { return Ok(true) };
    let (db, name, until) = (portal.db()?, provider.name().slug(), Instant::now() + PATIENCE);
    while !portal.stopping.is_cancelled() && Instant::now() < until {
        let turn = transaction!(db, bulk |tx| -> Result<Option<Turn>> {
            // The moment in which the row is ours: getting here may have taken a while.
            let turn = CALLS.turn(tx, name, portal.ambient.now()).await?;
            if let Some(turn) = turn {
                CALLS.spend(tx, name, turn, 1, rate).await?;
            }
            Ok(turn)
        })?;
        match turn {
            Some(turn) => {
                turn.wait(0, Some(rate), &portal.ambient).await;
                return Ok(true);
            }
            None => {
                ensure(db, name).await?;
                tokio::time::sleep(LOOK).await;
            }
        }
    }
    Ok(false)
}

/// Nothing is sent to a provider before then: it takes nothing from us, and says why.
pub async fn close_until(tx: &mut Tx, provider: &str, until: Millis, why: &str) -> Result<()> {
    sql("UPDATE payout_gates SET closed_until = $2, closed_why = $3 WHERE provider = $1 AND closed_until < $2")
        .bind(provider)
        .bind(until)
        .bind(why)
        .execute(tx)
        .await?;
    Ok(())
}

/// Holds up a provider's payouts, or [`ALL`]; what is being sent at this moment ends.
pub async fn pause(tx: &mut Tx, provider: &str, by: &str, reason: &str, now: Millis) -> Result<()> {
    sql("INSERT INTO payout_gates (provider, paused_at, paused_by, reason) VALUES ($1, $2, $3, $4)
         ON CONFLICT (provider) DO UPDATE SET paused_at = COALESCE(payout_gates.paused_at, excluded.paused_at),
         paused_by = excluded.paused_by, reason = excluded.reason")
    .bind(provider)
    .bind(now)
    .bind(by)
    .bind(reason)
    .execute(tx)
    .await?;
    Ok(())
}

/// Lets them go on; false when they were not held up.
pub async fn resume(tx: &mut Tx, provider: &str) -> Result<bool> {
    let rows = sql("UPDATE payout_gates SET paused_at = NULL, paused_by = '', reason = ''
         WHERE provider = $1 AND paused_at IS NOT NULL")
    .bind(provider)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// What holds a provider up.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Gate {
    pub provider: String,
    pub paused_at: Option<Millis>,
    pub paused_by: String,
    pub reason: String,
    pub next_at: Millis,
    closed_until: Millis,
    closed_why: String,
}

impl Gate {
    /// Why the provider takes nothing from us at present; none: as far as is known, it does.
    pub fn closed(&self, now: Millis) -> Option<&str> {
        (self.closed_until > now).then_some(&self.closed_why)
    }
}

pub async fn gates(on: impl Into<On<'_>>) -> Result<Vec<Gate>> {
    sql("SELECT provider, paused_at, paused_by, reason, next_at, closed_until, closed_why
         FROM payout_gates ORDER BY provider")
    .all(on)
    .await
}

/// How many orders of a provider stand where.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    pub provider: String,
    pub state: String,
    pub orders: i64,
}

/// All that it reads lies in one index, in the order of the answer: no row is looked up and nothing is sorted.
const COUNTS: &str = "SELECT provider, state, COUNT(*) AS orders FROM payout_orders
                      GROUP BY provider, state ORDER BY provider, state";

pub async fn counts(on: impl Into<On<'_>>) -> Result<Vec<Count>> {
    sql(COUNTS).all(on).await
}

/// How old counts may be that are read often.
const OLD: Millis = 30 * SECOND;

/// Counts that were taken a moment ago: every order of hundreds of thousands is counted at most twice a minute, however
/// often somebody asks.
#[derive(Debug, Default)]
pub struct RecentCounts(Mutex<Option<(Millis, Counted)>>);

/// How many orders stand where, and how many of them wait for a person.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    pub by_state: Vec<Count>,
    /// Fewer than are refused or came back: many of those were ordered again, or given up.
    pub for_a_person: Vec<Open>,
}

impl Counted {
    pub fn for_a_person(&self, provider: &str) -> i64 {
        orders_of(&self.for_a_person, provider)
    }
}

fn orders_of(list: &[Open], provider: &str) -> i64 {
    list.iter().find(|one| one.provider == provider).map_or(0, |one| one.orders)
}

impl RecentCounts {
    /// Whoever asks while they are taken waits for them.
    pub async fn read(&self, db: &Db, now: Millis) -> Result<Counted> {
        let mut kept = self.0.lock().await;
        if let Some((taken_at, counts)) = kept.as_ref()
            && (0..OLD).contains(&(now - taken_at))
        {
            return Ok(counts.clone());
        }
        let by_state = counts(db).await?;
        let counts = Counted { by_state, for_a_person: store::count_for_a_person(db).await? };
        *kept = Some((now, counts.clone()));
        Ok(counts)
    }
}

/// How far a provider is, and when it is expected to be done.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Progress {
    pub provider: String,
    pub paid: i64,
    /// Not yet sent, or on the way.
    pub left: i64,
    /// Of those: nobody knows whether the provider has them. They are asked after, but not while payouts are held up.
    pub in_doubt: i64,
    /// Stuck, refused or returned, and not ordered again or given up.
    pub for_a_person: i64,
    /// Orders a second: what the provider's rate leaves, or what was paid in the last ten minutes.
    pub per_second: Option<f64>,
    /// None while nothing moves.
    pub expected_end: Option<Millis>,
    pub paused: bool,
    /// The provider takes nothing from us at present.
    pub closed: bool,
    /// Why nothing moves: ours, or the provider's.
    pub reason: String,
}

impl Progress {
    pub fn held_up(&self) -> bool {
        self.paused || self.closed
    }
}

/// The progress of each provider that has orders. What a provider with a rate is asked on the way takes its time too: an
/// answer that was lost, or what became of what it has.
pub async fn progress(db: &Db, providers: &Providers, now: Millis) -> Result<Vec<Progress>> {
    let (counts, gates) = (counts(db).await?, gates(db).await?);
    let for_a_person = store::count_for_a_person(db).await?;
    let all = gates.iter().find(|gate| gate.provider == ALL && gate.paused_at.is_some());
    let mut names: Vec<&str> = counts.iter().map(|count| count.provider.as_str()).collect();
    names.dedup();
    let mut list = Vec::new();
    for name in names {
        let sum = |states: &[&str]| -> i64 {
            let of = |count: &&Count| count.provider == name && states.contains(&count.state.as_str());
            counts.iter().filter(of).map(|count| count.orders).sum()
        };
        let left = sum(&["waiting", "sending", "unknown", "placed"]);
        let lately = paid_since(db, name, now - 600 * SECOND).await?;
        let provider = providers.named(name);
        let rate = provider.and_then(Provider::per_second);
        let calls_each = provider.map_or(1.0, |provider| f64::from(provider.calls_each()));
        let per_second = match rate {
            Some(rate) => Some(f64::from(rate) / calls_each),
            None if lately > 0 => Some(lately as f64 / 600.0),
            None => None,
        };
        let own = gates.iter().find(|gate| gate.provider == name);
        let gate = own.filter(|gate| gate.paused_at.is_some()).or(all);
        let closed = own.and_then(|own| own.closed(now));
        let unsent = sum(&["waiting", "sending", "unknown"]);
        let questions = rate.map_or(0, |_| sum(&["unknown", "placed"]));
        let to_do = unsent as f64 + questions as f64 / calls_each;
        let expected_end = match (gate, closed, per_second) {
            (None, None, Some(rate)) if rate > 0.0 => Some(now + (to_do / rate * SECOND as f64) as Millis),
            _ => None,
        };
        list.push(Progress {
            provider: name.to_owned(),
            paid: sum(&["paid"]),
            left,
            in_doubt: sum(&["sending", "unknown"]),
            for_a_person: orders_of(&for_a_person, name),
            per_second,
            expected_end: expected_end.filter(|_| unsent > 0),
            paused: gate.is_some(),
            closed: closed.is_some(),
            reason: gate.map(|gate| gate.reason.as_str()).or(closed).unwrap_or_default().to_owned(),
        });
    }
    Ok(list)
}

async fn paid_since(db: &Db, provider: &str, since: Millis) -> Result<i64> {
    let (count,): (i64,) = sql("SELECT COUNT(*) FROM payout_orders
         WHERE provider = $1 AND state = 'paid' AND ended_at >= $2")
    .bind(provider)
    .bind(since)
    .one(db)
    .await?;
    Ok(count)
}

/// The orders of a gate's provider that wait for a person, said loudly in the log: no name, no phone.
pub fn shout(order: &Order, why: &str) {
    tracing::error!(
        order = order.id,
        provider = order.provider,
        why,
        "a payout waits for a person: see `makegood payouts stuck`"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        on_both,
        remedies::payouts::tests::{claim, elsewhere},
        web::testing::TestPortal,
    };

    on_both!(counts_are_read_from_an_index_alone, |test| {
        let (explain, plan) = match &test.db {
            Db::Sqlite(_) => ("EXPLAIN QUERY PLAN ", "USING COVERING INDEX payout_orders_state"),
            // The table is small, so that another way is as good: it is asked for the way of a large one.
            Db::Postgres(_) => ("EXPLAIN ", "Index Only Scan using payout_orders_state"),
        };
        let portal = TestPortal::with_incident(test, &elsewhere());
        for number in 0..20 {
            claim(&portal, number, "gift-card").await;
        }
        let statement: &'static str = format!("{explain}{COUNTS}").leak();
        let lines = crate::transaction!(&test.db, |tx| -> Result<Vec<String>> {
            if matches!(tx, Tx::Postgres(_)) {
                sql("SET LOCAL enable_seqscan = off").execute(&mut *tx).await?;
                sql("SET LOCAL enable_bitmapscan = off").execute(&mut *tx).await?;
                let rows: Vec<(String,)> = sql(statement).all(tx).await?;
                return Ok(rows.into_iter().map(|(line,)| line).collect());
            }
            let rows: Vec<(i64, i64, i64, String)> = sql(statement).all(tx).await?;
            Ok(rows.into_iter().map(|(.., line)| line).collect())
        });
        let lines = lines.unwrap().join("\n");
        assert!(lines.contains(plan), "{lines}");
        assert!(!lines.contains("TEMP B-TREE") && !lines.contains("Sort"), "{lines}");
    });

    on_both!(counts_that_are_asked_for_often_are_taken_twice_a_minute, |test| {
        let portal = TestPortal::with_incident(test, &elsewhere());
        let (recent, now) = (RecentCounts::default(), 1_000_000);
        claim(&portal, 0, "gift-card").await;
        assert_eq!(recent.read(&test.db, now).await.unwrap().by_state[0].orders, 1);
        claim(&portal, 1, "gift-card").await;
        assert_eq!(recent.read(&test.db, now + OLD - 1).await.unwrap().by_state[0].orders, 1);
        assert_eq!(recent.read(&test.db, now + OLD).await.unwrap().by_state[0].orders, 2);
        assert_eq!(
            recent.read(&test.db, now - 1).await.unwrap().by_state[0].orders,
            2,
            "a clock that was set back"
        );
    });
}
