//! The SQL of cases, their steps and what was said.

use super::{CaseNumber, Kind, Outcome, State};
use crate::{
    ambient::Millis,
    store::{Db, Error, On, Result, Tx, sql},
};

/// A case as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub id: String,
    pub kind: Kind,
    pub subscriber_id: String,
    /// The category of a report, the remedy of an appeal.
    pub subject: String,
    /// The claim that was declined.
    pub claim: Option<String>,
    /// None while it is a draft.
    pub number: Option<CaseNumber>,
    pub state: State,
    pub outcome: Option<Outcome>,
    /// What is not sent yet, sealed.
    pub draft: Option<Vec<u8>>,
    /// Who of the staff looks at it.
    pub member_id: Option<String>,
    pub member_name: Option<String>,
    pub sent_at: Option<Millis>,
    pub waits_since: Millis,
    pub settled_at: Option<Millis>,
    pub events: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    subscriber_id: String,
    subject: String,
    claim: Option<String>,
    number: Option<String>,
    state: String,
    outcome: Option<String>,
    draft: Option<Vec<u8>>,
    member_id: Option<String>,
    member_name: Option<String>,
    sent_at: Option<i64>,
    waits_since: i64,
    settled_at: Option<i64>,
    events: i64,
}

impl TryFrom<Row> for Case {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Case {
            kind: known(Kind::from_slug(&row.kind), &row.kind)?,
            state: known(State::from_slug(&row.state), &row.state)?,
            outcome: outcome(row.outcome.as_deref())?,
            number: row.number.as_deref().map(|text| known(CaseNumber::parse(text), text)).transpose()?,
            id: row.id,
            subscriber_id: row.subscriber_id,
            subject: row.subject,
            claim: row.claim,
            draft: row.draft,
            member_id: row.member_id,
            member_name: row.member_name,
            sent_at: row.sent_at,
            waits_since: row.waits_since,
            settled_at: row.settled_at,
            events: row.events,
        })
    }
}

fn known<T>(read: Option<T>, word: &str) -> Result<T> {
    read.ok_or_else(|| Error::Corrupt(format!("the word {word:?} of a case")))
}

fn outcome(word: Option<&str>) -> Result<Option<Outcome>> {
    word.map(|word| known(Outcome::from_slug(word), word)).transpose()
}

/// Cases, by what comes after the table's name.
macro_rules! cases {
    ($rest:literal) => {
        sql(concat!(
            "SELECT id, kind, subscriber_id, subject, claim, number, state, outcome, draft, member_id, member_name,
             sent_at, waits_since, settled_at, events FROM cases ",
            $rest
        ))
    };
}

/// The person's case or draft of this id; none when it is another's.
pub async fn own(on: impl Into<On<'_>>, id: &str, subscriber: &str) -> Result<Option<Case>> {
    let row: Option<Row> =
        cases!("WHERE id = $1 AND subscriber_id = $2").bind(id).bind(subscriber).optional(on).await?;
    row.map(Case::try_from).transpose()
}

pub async fn of_number(on: impl Into<On<'_>>, number: &CaseNumber) -> Result<Option<Case>> {
    let row: Option<Row> = cases!("WHERE number = $1").bind(number.as_str()).optional(on).await?;
    row.map(Case::try_from).transpose()
}

/// Cases and drafts of a person, the newest first.
pub async fn of_subscriber(on: impl Into<On<'_>>, subscriber: &str) -> Result<Vec<Case>> {
    let rows: Vec<Row> =
        cases!("WHERE subscriber_id = $1 ORDER BY made_at DESC, id DESC").bind(subscriber).all(on).await?;
    rows.into_iter().map(Case::try_from).collect()
}

/// The person's appeal for a remedy that is not decided.
pub async fn open_appeal(
    on: impl Into<On<'_>>,
    incident: &str,
    subscriber: &str,
    remedy: &str,
) -> Result<Option<Case>> {
    let row: Option<Row> = cases!(
        "WHERE incident = $1 AND subscriber_id = $2 AND subject = $3 AND kind = 'appeal'
         AND state IN ('received', 'looked-at', 'waiting')"
    )
    .bind(incident)
    .bind(subscriber)
    .bind(remedy)
    .optional(on)
    .await?;
    row.map(Case::try_from).transpose()
}

/// The person's appeals that were sent, the newest first.
pub async fn appeals(on: impl Into<On<'_>>, incident: &str, subscriber: &str) -> Result<Vec<Case>> {
    let rows: Vec<Row> = cases!(
        "WHERE incident = $1 AND subscriber_id = $2 AND kind = 'appeal' AND number IS NOT NULL
         ORDER BY sent_at DESC, id DESC"
    )
    .bind(incident)
    .bind(subscriber)
    .all(on)
    .await?;
    rows.into_iter().map(Case::try_from).collect()
}

/// The id of the person's appeal for a remedy that is begun and not sent.
pub async fn begun_appeal(
    on: impl Into<On<'_>>,
    incident: &str,
    subscriber: &str,
    remedy: &str,
) -> Result<Option<String>> {
    let row: Option<(String,)> = sql("SELECT id FROM cases WHERE incident = $1 AND subscriber_id = $2
         AND subject = $3 AND kind = 'appeal' AND state = 'draft'")
    .bind(incident)
    .bind(subscriber)
    .bind(remedy)
    .optional(on)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// How many cases the person has open, and has sent in all.
pub async fn count_sent(on: impl Into<On<'_>>, subscriber: &str) -> Result<(i64, i64)> {
    sql("SELECT COUNT(CASE WHEN state IN ('received', 'looked-at', 'waiting') THEN 1 END), COUNT(*)
         FROM cases WHERE subscriber_id = $1 AND state <> 'draft'")
    .bind(subscriber)
    .one(on)
    .await
}

/// Begins a draft, unless the person has one of the same; returns its id.
pub async fn draft(
    tx: &mut Tx,
    id: &str,
    incident: &str,
    subscriber: &str,
    (kind, subject, claim): (Kind, &str, Option<&str>),
    now: Millis,
) -> Result<String> {
    let (id,) = sql("INSERT INTO cases (id, kind, incident, subscriber_id, subject, claim, state, made_at,
         waits_since, events) VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $7, 0)
         ON CONFLICT (incident, subscriber_id, kind, subject) WHERE state = 'draft'
         DO UPDATE SET claim = excluded.claim, waits_since = excluded.waits_since RETURNING id")
    .bind(id)
    .bind(kind.slug())
    .bind(incident)
    .bind(subscriber)
    .bind(subject)
    .bind(claim)
    .bind(now)
    .one(tx)
    .await?;
    Ok(id)
}

/// Keeps what is not sent yet.
pub async fn write_draft(tx: &mut Tx, id: &str, sealed: Vec<u8>, now: Millis) -> Result<()> {
    sql("UPDATE cases SET draft = $2, waits_since = $3 WHERE id = $1 AND state = 'draft'")
        .bind(id)
        .bind(sealed)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// A member of staff, as a case and its history name them.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    pub id: &'a str,
    pub email: &'a str,
    pub name: &'a str,
}

/// One step of a case.
#[derive(Clone, Copy, Debug)]
pub struct Advance<'a> {
    /// As the history names it.
    pub step: &'static str,
    pub state: State,
    pub outcome: Option<Outcome>,
    /// None: the person.
    pub by: Option<Who<'a>>,
    pub waits_since: Millis,
    pub now: Millis,
}

/// Takes a case one step on and writes it into its history; returns the step's position.
pub async fn advance(tx: &mut Tx, case: &Case, to: &Advance<'_>) -> Result<i64> {
    let settled = to.state.is_settled().then_some(to.now);
    sql("UPDATE cases SET state = $2, outcome = $3, waits_since = $4, settled_at = COALESCE($5, settled_at),
         member_id = COALESCE($6, member_id), member_name = COALESCE($7, member_name), events = events + 1
         WHERE id = $1")
    .bind(&case.id)
    .bind(to.state.slug())
    .bind(to.outcome.map(Outcome::slug))
    .bind(to.waits_since)
    .bind(settled)
    .bind(to.by.map(|who| who.id))
    .bind(to.by.map(|who| who.name))
    .execute(&mut *tx)
    .await?;
    let position = case.events + 1;
    sql("INSERT INTO case_events (case_id, position, step, state, outcome, member_id, member_email, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(&case.id)
    .bind(position)
    .bind(to.step)
    .bind(to.state.slug())
    .bind(to.outcome.map(Outcome::slug))
    .bind(to.by.map(|who| who.id))
    .bind(to.by.map(|who| who.email))
    .bind(to.now)
    .execute(tx)
    .await?;
    Ok(position)
}

/// Gives a draft that is sent its number.
pub async fn number(tx: &mut Tx, id: &str, number: &CaseNumber, now: Millis) -> Result<()> {
    sql("UPDATE cases SET number = $2, sent_at = $3, draft = NULL WHERE id = $1")
        .bind(id)
        .bind(number.as_str())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes down what was said with the step at `position`.
pub async fn say(tx: &mut Tx, case: &str, message: &str, position: i64, sealed: Vec<u8>) -> Result<()> {
    sql("INSERT INTO case_messages (case_id, id, position, sealed) VALUES ($1, $2, $3, $4)")
        .bind(case)
        .bind(message)
        .bind(position)
        .bind(sealed)
        .execute(tx)
        .await?;
    Ok(())
}

/// The step that was taken with a form's message, and what was said with it.
pub async fn with_message(on: impl Into<On<'_>>, case: &str, message: &str) -> Result<Option<Event>> {
    sql("SELECT e.position, e.step, e.outcome, e.member_email, e.at, m.id AS message_id, m.sealed
         FROM case_messages m JOIN case_events e ON e.case_id = m.case_id AND e.position = m.position
         WHERE m.case_id = $1 AND m.id = $2")
    .bind(case)
    .bind(message)
    .optional(on)
    .await
}

/// How many steps the person took since the staff's last.
pub async fn in_a_row(on: impl Into<On<'_>>, case: &str) -> Result<i64> {
    let (count,): (i64,) = sql("SELECT COUNT(*) FROM case_events WHERE case_id = $1 AND position >
         (SELECT COALESCE(MAX(position), 0) FROM case_events WHERE case_id = $1 AND member_id IS NOT NULL)")
    .bind(case)
    .one(on)
    .await?;
    Ok(count)
}

/// One step as the history has it, with what was said.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Event {
    pub position: i64,
    pub step: String,
    outcome: Option<String>,
    /// None: the person.
    pub member_email: Option<String>,
    pub at: Millis,
    /// Of what was said with it.
    pub message_id: Option<String>,
    pub sealed: Option<Vec<u8>>,
}

impl Event {
    pub fn outcome(&self) -> Result<Option<Outcome>> {
        outcome(self.outcome.as_deref())
    }
}

/// Every step of a case, in order.
pub async fn events(on: impl Into<On<'_>>, case: &str) -> Result<Vec<Event>> {
    sql("SELECT e.position, e.step, e.outcome, e.member_email, e.at, m.id AS message_id, m.sealed
         FROM case_events e LEFT JOIN case_messages m ON m.case_id = e.case_id AND m.position = e.position
         WHERE e.case_id = $1 ORDER BY e.position")
    .bind(case)
    .all(on)
    .await
}

/// Where a queue goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    Start,
    After(Millis, String),
    Before(Millis, String),
}

/// A case in the queue, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    pub case: Case,
    pub account: String,
    pub name: String,
}

#[derive(sqlx::FromRow)]
struct QueuedRow {
    #[sqlx(flatten)]
    case: Row,
    account: String,
    name: String,
}

/// Which cases a queue shows. An empty word admits all.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// One, or two of which either will do.
    pub states: [State; 2],
    pub kind: &'a str,
    pub subject: &'a str,
}

macro_rules! queue {
    ($rest:literal) => {
        sql(concat!(
            "SELECT c.id, c.kind, c.subscriber_id, c.subject, c.claim, c.number, c.state, c.outcome, c.draft,
             c.member_id, c.member_name, c.sent_at, c.waits_since, c.settled_at, c.events, s.account, s.name
             FROM cases c JOIN subscribers s ON s.id = c.subscriber_id
             WHERE c.state IN ($1, $2) AND ($3 = '' OR c.kind = $3) AND ($4 = '' OR c.subject = $4) ",
            $rest
        ))
    };
}

/// Up to `limit` cases, whatever waits longest first.
pub async fn queue(db: &Db, wanted: &Wanted<'_>, from: &From, limit: i64) -> Result<Vec<Queued>> {
    let query = match from {
        From::Start => queue!("ORDER BY c.waits_since, c.id LIMIT $5"),
        From::After(..) => {
            queue!("AND (c.waits_since, c.id) > ($6, $7) ORDER BY c.waits_since, c.id LIMIT $5")
        }
        From::Before(..) => {
            queue!("AND (c.waits_since, c.id) < ($6, $7) ORDER BY c.waits_since DESC, c.id DESC LIMIT $5")
        }
    };
    let [one, other] = wanted.states;
    let query = query.bind(one.slug()).bind(other.slug()).bind(wanted.kind).bind(wanted.subject).bind(limit);
    let query = match from {
        From::Start => query,
        From::After(at, id) | From::Before(at, id) => query.bind(*at).bind(id),
    };
    let rows: Vec<QueuedRow> = query.all(db).await?;
    let queued =
        |row: QueuedRow| Ok(Queued { case: row.case.try_into()?, account: row.account, name: row.name });
    let mut queued = rows.into_iter().map(queued).collect::<Result<Vec<_>>>()?;
    if matches!(from, From::Before(..)) {
        queued.reverse();
    }
    Ok(queued)
}

/// How many cases of each kind stand in each state, drafts left out.
pub async fn counts(db: &Db) -> Result<Vec<(String, String, i64)>> {
    sql("SELECT kind, state, COUNT(*) FROM cases WHERE state <> 'draft' GROUP BY kind, state").all(db).await
}

/// When we last wrote about each of a person's cases.
pub async fn last_words(on: impl Into<On<'_>>, subscriber: &str) -> Result<Vec<(String, Millis)>> {
    sql("SELECT e.case_id, MAX(e.at) FROM case_events e JOIN cases c ON c.id = e.case_id
         WHERE c.subscriber_id = $1 AND e.step IN ('asked', 'answered') GROUP BY e.case_id")
    .bind(subscriber)
    .all(on)
    .await
}
