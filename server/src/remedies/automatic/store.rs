//! What is stored of runs.

use super::{Reason, RunState};
use crate::{
    ambient::Millis,
    incident::{Incident, Remedy},
    store::{Db, Error, On, Result, Tx, sql},
};

/// A run as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Run {
    pub id: String,
    pub incident: String,
    pub remedy: String,
    pub remedy_title: String,
    pub kind: String,
    /// Of one grant, in minor units.
    pub amount: i64,
    pub currency: String,
    pub terms_version: String,
    pub version: String,
    pub state: String,
    pub note: String,
    pub approvals_needed: i64,
    pub not_before: Millis,
    pub people: i64,
    pub entitled: i64,
    pub budget_left: Option<i64>,
    pub made_by: String,
    pub made_at: Millis,
    /// The last subscriber that was looked at.
    pub reached: String,
    pub looked: i64,
    pub granted: i64,
    pub rows_written: i64,
    pub worked_ms: i64,
    pub started_at: Option<Millis>,
    pub ended_at: Option<Millis>,
}

/// The columns of a [`Run`].
macro_rules! run {
    () => {
        "id, incident, remedy, remedy_title, kind, amount, currency, terms_version, version, state, note, \
         approvals_needed, not_before, people, entitled, budget_left, made_by, made_at, reached, looked, granted, \
         rows_written, worked_ms, started_at, ended_at"
    };
}

impl Run {
    pub fn state(&self) -> Result<RunState> {
        RunState::from_slug(&self.state)
            .ok_or_else(|| Error::Corrupt(format!("the state {:?} of an automatic run", self.state)))
    }

    /// What the dry run found, in minor units.
    pub fn worth(&self) -> i64 {
        self.amount * self.entitled
    }

    /// People who are looked at in a second; none before it started.
    pub fn per_second(&self) -> Option<f64> {
        (self.worked_ms > 0).then(|| self.looked as f64 * 1_000.0 / self.worked_ms as f64)
    }

    pub fn rows_per_second(&self) -> Option<f64> {
        (self.worked_ms > 0).then(|| self.rows_written as f64 * 1_000.0 / self.worked_ms as f64)
    }

    /// When it is expected to be done, where it runs.
    pub fn expected_end(&self, now: Millis) -> Option<Millis> {
        let running = self.state == RunState::Running.slug();
        let left = (self.people - self.looked).max(0) as f64;
        self.per_second()
            .filter(|rate| running && *rate > 0.0)
            .map(|rate| now + (left / rate * 1_000.0) as Millis)
    }
}

/// What a dry run came to.
pub struct NewRun<'a> {
    pub id: &'a str,
    pub incident: &'a Incident,
    pub remedy: &'a Remedy,
    pub version: &'a str,
    pub not_before: Millis,
    pub people: i64,
    pub entitled: i64,
    pub budget_left: Option<i64>,
    pub made_by: &'a str,
    pub now: Millis,
}

pub async fn insert(tx: &mut Tx, run: &NewRun<'_>) -> Result<()> {
    let remedy = run.remedy;
    sql("INSERT INTO automatic_runs (id, incident, remedy, remedy_title, kind, amount, currency, terms_version, version,
         state, approvals_needed, not_before, people, entitled, budget_left, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)")
    .bind(run.id)
    .bind(run.incident.id.as_str())
    .bind(remedy.id.as_str())
    .bind(&remedy.title)
    .bind(remedy.kind.slug())
    .bind(remedy.value.minor)
    .bind(remedy.value.currency.code())
    .bind(remedy.terms.version())
    .bind(run.version)
    .bind(RunState::Proposed.slug())
    .bind(i64::from(remedy.approval.automatic))
    .bind(run.not_before)
    .bind(run.people)
    .bind(run.entitled)
    .bind(run.budget_left)
    .bind(run.made_by)
    .bind(run.now)
    .execute(tx)
    .await?;
    Ok(())
}

/// An earlier dry run that nobody finished approving gives way to a newer one.
pub async fn replace_proposed(tx: &mut Tx, incident: &str, remedy: &str, now: Millis) -> Result<()> {
    sql("UPDATE automatic_runs SET state = 'stopped', note = 'A newer dry run took its place', ended_at = $3
         WHERE incident = $1 AND remedy = $2 AND state = 'proposed'")
    .bind(incident)
    .bind(remedy)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The run of a remedy that is approved and not over.
pub async fn under_way(on: impl Into<On<'_>>, incident: &str, remedy: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sql("SELECT id FROM automatic_runs
         WHERE incident = $1 AND remedy = $2 AND state IN ('approved', 'running', 'paused')")
    .bind(incident)
    .bind(remedy)
    .optional(on)
    .await?;
    Ok(row.map(|(id,)| id))
}

pub async fn refused(tx: &mut Tx, run: &str, reason: Reason, people: i64) -> Result<()> {
    sql("INSERT INTO automatic_refusals (run_id, reason, people) VALUES ($1, $2, $3)")
        .bind(run)
        .bind(reason.slug())
        .bind(people)
        .execute(tx)
        .await?;
    Ok(())
}

/// One of those who get it (`entitled`) or do not. Nothing where they were erased meanwhile.
pub async fn example(tx: &mut Tx, run: &str, reason: &str, subscriber_id: &str) -> Result<()> {
    sql("INSERT INTO automatic_examples (run_id, reason, subscriber_id)
         SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), id FROM subscribers WHERE id = $3")
    .bind(run)
    .bind(reason)
    .bind(subscriber_id)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn of_id(on: impl Into<On<'_>>, id: &str) -> Result<Option<Run>> {
    sql(concat!("SELECT ", run!(), " FROM automatic_runs WHERE id = $1")).bind(id).optional(on).await
}

/// The newest runs first.
pub async fn newest(on: impl Into<On<'_>>, most: i64) -> Result<Vec<Run>> {
    sql(concat!("SELECT ", run!(), " FROM automatic_runs ORDER BY made_at DESC, id DESC LIMIT $1"))
        .bind(most)
        .all(on)
        .await
}

/// How many do not get it, by reason, the most first.
pub async fn refusals(on: impl Into<On<'_>>, run: &str) -> Result<Vec<(String, i64)>> {
    sql("SELECT reason, people FROM automatic_refusals WHERE run_id = $1 ORDER BY people DESC, reason")
        .bind(run)
        .all(on)
        .await
}

/// Accounts of each reason, and of those who get it.
pub async fn examples(on: impl Into<On<'_>>, run: &str) -> Result<Vec<(String, String)>> {
    sql("SELECT e.reason, s.account FROM automatic_examples e JOIN subscribers s ON s.id = e.subscriber_id
         WHERE e.run_id = $1 ORDER BY e.reason, s.account")
    .bind(run)
    .all(on)
    .await
}

/// Who approved it, in order.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Approved {
    pub member_id: String,
    pub member_name: String,
    pub reason: String,
    pub at: Millis,
}

pub async fn approvals(on: impl Into<On<'_>>, run: &str) -> Result<Vec<Approved>> {
    sql("SELECT member_id, member_name, reason, at FROM automatic_approvals WHERE run_id = $1 ORDER BY at, member_id")
        .bind(run)
        .all(on)
        .await
}

pub async fn approved(tx: &mut Tx, run: &str, approved: &Approved) -> Result<()> {
    sql("INSERT INTO automatic_approvals (run_id, member_id, member_name, reason, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(run)
        .bind(&approved.member_id)
        .bind(&approved.member_name)
        .bind(&approved.reason)
        .bind(approved.at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Moves a run from one of up to four states to another; false when it is in none of them. Nobody holds it then.
pub async fn turn(
    tx: &mut Tx,
    id: &str,
    from: &[RunState],
    to: RunState,
    note: &str,
    now: Millis,
) -> Result<bool> {
    let state = |place: usize| from.get(place).or(from.last()).map(|state| state.slug());
    let turned =
        sql("UPDATE automatic_runs SET state = $6, note = $7, lease = NULL, leased_until = 0, ended_at = $8
         WHERE id = $1 AND state IN ($2, $3, $4, $5)")
        .bind(id)
        .bind(state(0))
        .bind(state(1))
        .bind(state(2))
        .bind(state(3))
        .bind(to.slug())
        .bind(note)
        .bind(to.is_over().then_some(now))
        .execute(tx)
        .await?;
    Ok(turned == 1)
}

/// Ends or pauses a run of this lease; false where another has it by now.
pub async fn halt(tx: &mut Tx, id: &str, lease: &str, to: RunState, note: &str, now: Millis) -> Result<bool> {
    let halted =
        sql("UPDATE automatic_runs SET state = $3, note = $4, lease = NULL, leased_until = 0, ended_at = $5
         WHERE id = $1 AND lease = $2 AND state = 'running'")
        .bind(id)
        .bind(lease)
        .bind(to.slug())
        .bind(note)
        .bind(to.is_over().then_some(now))
        .execute(tx)
        .await?;
    Ok(halted == 1)
}

/// Runs that a worker may take: a read, so that an idle one never takes SQLite's one writer.
pub async fn waiting(db: &Db, now: Millis) -> Result<Vec<Run>> {
    sql(concat!(
        "SELECT ",
        run!(),
        " FROM automatic_runs
         WHERE state IN ('approved', 'running') AND not_before <= $1 AND leased_until <= $1 ORDER BY made_at, id"
    ))
    .bind(now)
    .all(db)
    .await
}

/// Takes a run; false when another has it, or it may not be carried out.
pub async fn take(tx: &mut Tx, id: &str, lease: &str, now: Millis, until: Millis) -> Result<bool> {
    let taken = sql("UPDATE automatic_runs SET state = 'running', note = '', lease = $2, leased_until = $4,
         started_at = COALESCE(started_at, $3)
         WHERE id = $1 AND state IN ('approved', 'running') AND not_before <= $3 AND leased_until <= $3")
    .bind(id)
    .bind(lease)
    .bind(now)
    .bind(until)
    .execute(tx)
    .await?;
    Ok(taken == 1)
}

/// Holds on to a run and says how far it is. None: it was paused or stopped, or another has it. Nobody changes the row
/// before this transaction ends.
pub async fn hold(tx: &mut Tx, id: &str, lease: &str, until: Millis) -> Result<Option<Run>> {
    sql(concat!(
        "UPDATE automatic_runs SET leased_until = $3 WHERE id = $1 AND lease = $2 AND state = 'running' RETURNING ",
        run!()
    ))
    .bind(id)
    .bind(lease)
    .bind(until)
    .optional(tx)
    .await
}

/// What a batch came to.
pub struct Advance<'a> {
    pub reached: &'a str,
    pub looked: i64,
    pub granted: i64,
    pub rows: i64,
    /// Since the batch before.
    pub worked_ms: i64,
}

pub async fn advance(tx: &mut Tx, id: &str, by: &Advance<'_>) -> Result<()> {
    sql("UPDATE automatic_runs SET reached = $2, looked = looked + $3, granted = granted + $4,
         rows_written = rows_written + $5, worked_ms = worked_ms + $6 WHERE id = $1")
    .bind(id)
    .bind(by.reached)
    .bind(by.looked)
    .bind(by.granted)
    .bind(by.rows)
    .bind(by.worked_ms)
    .execute(tx)
    .await?;
    Ok(())
}

/// Lets go of a run that goes on elsewhere.
pub async fn let_go(tx: &mut Tx, id: &str, lease: &str) -> Result<()> {
    sql("UPDATE automatic_runs SET lease = NULL, leased_until = 0 WHERE id = $1 AND lease = $2")
        .bind(id)
        .bind(lease)
        .execute(tx)
        .await?;
    Ok(())
}

/// Keeps the text that claims name by its version.
pub async fn keep_terms(tx: &mut Tx, remedy: &Remedy, now: Millis) -> Result<()> {
    sql("INSERT INTO agreed_terms (version, text, first_agreed_at) VALUES ($1, $2, $3) ON CONFLICT (version) DO NOTHING")
        .bind(remedy.terms.version())
        .bind(remedy.terms.text())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
