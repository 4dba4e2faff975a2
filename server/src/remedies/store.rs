//! What is stored of claims and grants.

use app::say;

use super::{
    Note,
    claim::{ClaimState, FIRST, Granted, Submitted},
    delivery,
    number::ClaimNumber,
    standing::{Holding, Standing},
};
use crate::{
    accounts::Profile,
    ambient::Millis,
    store::{Error, On, Result, Tx, sql},
};

/// A claim as it is stored, with the text that was agreed to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StoredClaim {
    pub id: String,
    pub number: String,
    pub remedy: String,
    pub remedy_title: String,
    pub amount: i64,
    pub currency: String,
    pub delivery: String,
    pub delivery_words: String,
    pub state: String,
    pub made_at: Millis,
    pub terms_version: String,
    pub terms: String,
    /// The run that gave it; none: its person asked.
    pub automatic_run: Option<String>,
    /// The appeal that gave it, by its number.
    pub appeal: Option<String>,
    /// In how many days after it was made it was promised; 0: by no time; none: that was not kept.
    pub arrives_within_days: Option<i64>,
    /// 1: staff made it, and a second member ended it.
    void: i64,
}

/// What a [`StoredClaim`] is read from.
macro_rules! stored_claim {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, remedy, remedy_title, amount, currency, delivery, delivery_words, state, made_at,
             terms_version, text AS terms, automatic_run, appeal, arrives_within_days, void
             FROM claims JOIN agreed_terms ON version = terms_version ",
            $rest
        )
    };
}

/// One line of a claim's history.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Event {
    pub step: String,
    #[sqlx(flatten)]
    pub note: StoredNote,
    pub at: Millis,
}

/// A [`Note`] as it lies in two columns.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StoredNote {
    note: String,
    note_es: String,
}

impl From<StoredNote> for Note {
    fn from(stored: StoredNote) -> Self {
        Note { english: stored.note, spanish: stored.note_es }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct HoldingRow {
    category: String,
    items: i64,
    expected: Option<i64>,
    as_of: Option<Millis>,
    files: i64,
    verdict_reason: Option<String>,
    recorded_at: Millis,
}

impl StoredClaim {
    pub fn state(&self) -> Result<ClaimState> {
        read_state(&self.state)
    }

    /// It is over without its person having had a part in it.
    pub fn was_ended(&self) -> bool {
        self.void > 0
    }

    /// Its state in words.
    pub fn label(&self) -> Result<&'static str> {
        if self.was_ended() { Ok(say!("Ended by our staff")) } else { Ok(self.state()?.label()) }
    }
}

pub fn read_state(slug: &str) -> Result<ClaimState> {
    ClaimState::from_slug(slug).ok_or_else(|| Error::Corrupt(format!("the state {slug:?} of a claim")))
}

/// The subscriber as they are now, not as they were when the request came in.
pub async fn person(on: impl Into<On<'_>>, id: &str) -> Result<Option<Profile>> {
    sql("SELECT id, account, phone, name, email, locale, time_zone, plan FROM subscribers WHERE id = $1")
        .bind(id)
        .optional(on)
        .await
}

/// What decides on remedies for this person.
pub async fn standing(on: impl Into<On<'_>>, person: &Profile) -> Result<Standing> {
    let rows: Vec<HoldingRow> = sql(
        "SELECT category, items - damaged_items AS items, expected, as_of, files, verdict_reason, created_at AS recorded_at
         FROM holdings JOIN subscribers ON subscribers.id = subscriber_id WHERE subscriber_id = $1 ORDER BY category",
    )
    .bind(&person.id)
    .all(on)
    .await?;
    Ok(Standing {
        plan: person.plan.clone(),
        recorded_at: rows.first().map(|row| row.recorded_at),
        holdings: rows.into_iter().map(holding).collect(),
    })
}

pub(super) fn holding(row: HoldingRow) -> Holding {
    Holding {
        // Files whose category nobody knows count too: they are the person's.
        category: row.category.parse().ok(),
        found: row.items,
        expected: row.expected,
        as_of: row.as_of,
        files: row.files,
        verdict: row.verdict_reason,
    }
}

/// The remedies of which the person has a live claim, each with its number.
pub async fn claimed(
    on: impl Into<On<'_>>,
    incident: &str,
    subscriber_id: &str,
) -> Result<Vec<(String, String)>> {
    // The words of the index `claims_live`, so that it is used.
    sql("SELECT remedy, number FROM claims WHERE incident = $1 AND subscriber_id = $2
         AND state <> 'withdrawn' AND state <> 'declined' AND state <> 'closed'")
    .bind(incident)
    .bind(subscriber_id)
    .all(on)
    .await
}

/// Records a claim, its first step with what it waits for, and the terms under their version.
pub async fn submit(tx: &mut Tx, claim: &Submitted, note: &Note) -> Result<()> {
    let terms = &claim.remedy.terms;
    sql("INSERT INTO agreed_terms (version, text, first_agreed_at) VALUES ($1, $2, $3)
         ON CONFLICT (version) DO NOTHING")
    .bind(terms.version())
    .bind(terms.text())
    .bind(claim.at)
    .execute(tx)
    .await?;
    sql("INSERT INTO claims (id, number, incident, subscriber_id, remedy, remedy_title, kind, amount, currency,
         delivery, delivery_words, terms_version, state, made_at, changed_at, address_sealed, waits_for, appeal,
         arrives_within_days)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, $16, $17, $18)")
    .bind(&claim.id)
    .bind(claim.number.as_str())
    .bind(&claim.incident)
    .bind(&claim.subscriber_id)
    .bind(claim.remedy.id.as_str())
    .bind(&claim.title)
    .bind(claim.remedy.kind.slug())
    .bind(claim.remedy.value.minor)
    .bind(claim.remedy.value.currency.code())
    .bind(&claim.delivery)
    .bind(&claim.delivery_words)
    .bind(terms.version())
    .bind(ClaimState::Submitted.slug())
    .bind(claim.at)
    .bind(claim.address_sealed.clone())
    .bind(claim.waits_for)
    .bind(claim.appeal.as_deref())
    .bind(claim.remedy.arrives_within_days.unwrap_or(0))
    .execute(tx)
    .await?;
    event_at(tx, &claim.id, FIRST, (ClaimState::Submitted.slug(), note), claim.at).await
}

/// Of a claim's history: a member of staff made it for its person.
pub const MADE_FOR: &str = "made-for";

/// A claim that was recorded in this transaction says who made it.
pub async fn made_for(tx: &mut Tx, claim: Submitted, words: &Note) -> Result<Submitted> {
    let position = FIRST + 1;
    event_at(tx, &claim.id, position, (MADE_FOR, words), claim.at).await?;
    Ok(Submitted { steps: Some(position), ..claim })
}

/// Records the grant of a submitted claim; a second live one violates a unique index.
pub async fn grant(tx: &mut Tx, granted: &Granted) -> Result<()> {
    let claim = &granted.claim;
    sql("INSERT INTO grants (id, claim_id, incident, subscriber_id, remedy, amount, currency, facts, granted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(&granted.grant_id)
    .bind(&claim.id)
    .bind(&claim.incident)
    .bind(&claim.subscriber_id)
    .bind(claim.remedy.id.as_str())
    .bind(claim.remedy.value.minor)
    .bind(claim.remedy.value.currency.code())
    .bind(&granted.facts)
    .bind(granted.at)
    .execute(tx)
    .await?;
    sql("UPDATE claims SET state = $2, changed_at = $3 WHERE id = $1 AND state = $4")
        .bind(&claim.id)
        .bind(ClaimState::Granted.slug())
        .bind(granted.at)
        .bind(ClaimState::Submitted.slug())
        .execute(tx)
        .await?;
    let step = (ClaimState::Granted.slug(), &granted.because);
    match claim.steps {
        Some(steps) => event_at(tx, &claim.id, steps + 1, step, granted.at).await,
        None => event(tx, &claim.id, step.0, step.1, granted.at).await,
    }
}

/// Where the claim stands.
pub async fn state(on: impl Into<On<'_>>, claim_id: &str) -> Result<ClaimState> {
    let (state,): (String,) = sql("SELECT state FROM claims WHERE id = $1").bind(claim_id).one(on).await?;
    read_state(&state)
}

/// The claim is in another state, and its history says since when.
pub async fn step(tx: &mut Tx, claim_id: &str, into: ClaimState, note: &Note, at: Millis) -> Result<()> {
    stands(tx, claim_id, into, at).await?;
    event(tx, claim_id, into.slug(), note, at).await
}

/// It is closed without payout, and that binds.
pub async fn close(tx: &mut Tx, claim_id: &str, why: &Note, at: Millis) -> Result<()> {
    step(tx, claim_id, ClaimState::Closed, why, at).await?;
    sql("UPDATE claims SET binds = 1 WHERE id = $1").bind(claim_id).execute(tx).await?;
    Ok(())
}

async fn stands(tx: &mut Tx, claim_id: &str, state: ClaimState, at: Millis) -> Result<()> {
    sql("UPDATE claims SET state = $2, changed_at = $3 WHERE id = $1")
        .bind(claim_id)
        .bind(state.slug())
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Of a claim's history: how it comes is another.
pub const REDIRECTED: &str = "redirected";

/// The claim comes by another way from now on; `words` are in English.
pub async fn redirect(tx: &mut Tx, claim_id: &str, way: &str, words: &str, at: Millis) -> Result<()> {
    sql("UPDATE claims SET delivery = $2, delivery_words = $3, changed_at = $4 WHERE id = $1")
        .bind(claim_id)
        .bind(way)
        .bind(words)
        .bind(at)
        .execute(&mut *tx)
        .await?;
    let note = Note::of(|| say!("It comes now: {way}.", way = delivery::told(way, words)));
    event(tx, claim_id, REDIRECTED, &note, at).await
}

/// Of a claim's history: it waits for something else than before.
pub const WAITS: &str = "waits";

/// The claim waits for what this slug names from now on; `note` says it.
pub async fn waits_for(tx: &mut Tx, claim_id: &str, waits: &str, note: &Note, at: Millis) -> Result<()> {
    sql("UPDATE claims SET waits_for = $2, changed_at = $3 WHERE id = $1")
        .bind(claim_id)
        .bind(waits)
        .bind(at)
        .execute(&mut *tx)
        .await?;
    event(tx, claim_id, WAITS, note, at).await
}

/// Of a claim's history: staff made it, and a second member ended it.
pub const ENDED: &str = "ended";

/// The claim is over, and its person stands as if it had never been made.
pub async fn end(tx: &mut Tx, claim_id: &str, note: &Note, at: Millis) -> Result<()> {
    stands(tx, claim_id, ClaimState::Withdrawn, at).await?;
    sql("UPDATE claims SET void = 1 WHERE id = $1").bind(claim_id).execute(&mut *tx).await?;
    event(tx, claim_id, ENDED, note, at).await
}

/// Of a claim's history: what did not get through goes once more.
pub const AGAIN: &str = "again";

/// The claim's payout goes once more, and stands at `state`.
pub async fn again(tx: &mut Tx, claim_id: &str, state: ClaimState, at: Millis) -> Result<()> {
    stands(tx, claim_id, state, at).await?;
    event(tx, claim_id, AGAIN, &Note::default(), at).await
}

/// What entitled a claim that waits, as JSON.
pub async fn keep_facts(tx: &mut Tx, claim_id: &str, facts: &str) -> Result<()> {
    sql("UPDATE claims SET facts = $2 WHERE id = $1").bind(claim_id).bind(facts).execute(tx).await?;
    Ok(())
}

/// The claim's grant while it lives.
pub async fn live_grant(tx: &mut Tx, claim_id: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sql("SELECT id FROM grants WHERE claim_id = $1 AND ended_at IS NULL")
        .bind(claim_id)
        .optional(tx)
        .await?;
    Ok(row.map(|(id,)| id))
}

/// One whose place is known, since its claim is new: looking for the last one would read between what others write, and
/// lose races to them.
async fn event_at(
    tx: &mut Tx,
    claim_id: &str,
    position: i64,
    (step, note): (&str, &Note),
    at: Millis,
) -> Result<()> {
    sql("INSERT INTO claim_events (claim_id, position, step, note, note_es, at)
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(claim_id)
    .bind(position)
    .bind(step)
    .bind(&note.english)
    .bind(&note.spanish)
    .bind(at)
    .execute(tx)
    .await?;
    Ok(())
}

/// One more of a claim whose history others may have added to.
async fn event(tx: &mut Tx, claim_id: &str, step: &str, note: &Note, at: Millis) -> Result<()> {
    sql("INSERT INTO claim_events (claim_id, position, step, note, note_es, at)
         SELECT $1, COALESCE(MAX(position), 0) + 1, $2, $3, $4, $5 FROM claim_events WHERE claim_id = $1")
    .bind(claim_id)
    .bind(step)
    .bind(&note.english)
    .bind(&note.spanish)
    .bind(at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The person's claim of this number; none when it is another's.
pub async fn claim(
    on: impl Into<On<'_>>,
    subscriber_id: &str,
    number: &ClaimNumber,
) -> Result<Option<StoredClaim>> {
    sql(stored_claim!("WHERE number = $1 AND subscriber_id = $2"))
        .bind(number.as_str())
        .bind(subscriber_id)
        .optional(on)
        .await
}

/// Every claim of the person, the newest first.
pub async fn claims(on: impl Into<On<'_>>, subscriber_id: &str) -> Result<Vec<StoredClaim>> {
    sql(stored_claim!("WHERE subscriber_id = $1 ORDER BY made_at DESC, id DESC"))
        .bind(subscriber_id)
        .all(on)
        .await
}

pub async fn events(on: impl Into<On<'_>>, claim_id: &str) -> Result<Vec<Event>> {
    sql("SELECT step, note, note_es, at FROM claim_events WHERE claim_id = $1 ORDER BY position")
        .bind(claim_id)
        .all(on)
        .await
}

pub async fn subscriber_of(on: impl Into<On<'_>>, number: &ClaimNumber) -> Result<Option<String>> {
    let row: Option<(String,)> =
        sql("SELECT subscriber_id FROM claims WHERE number = $1").bind(number.as_str()).optional(on).await?;
    Ok(row.map(|(id,)| id))
}

/// A no to a claim.
pub struct No {
    pub number: String,
    /// It was granted first, and given up before it was paid.
    pub closed: bool,
    pub why: Note,
}

/// The person's claim of a remedy where the newest was declined or closed, with why. It binds: the way on is an appeal.
/// Whoever was told when it was closed that they can claim again can.
pub async fn declined(
    on: impl Into<On<'_>>,
    incident: &str,
    subscriber_id: &str,
    remedy: &str,
) -> Result<Option<No>> {
    // Nearly nobody has one: the index `claims_declined` answers without reading what others write.
    let row: Option<(String, String, String, String)> =
        sql("SELECT c.number, c.state, COALESCE(e.note, ''), COALESCE(e.note_es, '') FROM claims c
         LEFT JOIN claim_events e ON e.claim_id = c.id AND e.step = c.state
         WHERE c.incident = $1 AND c.subscriber_id = $2 AND c.remedy = $3
         AND (c.state = 'declined' OR c.binds = 1)
         AND NOT EXISTS (SELECT 1 FROM claims n WHERE n.incident = c.incident AND n.subscriber_id = c.subscriber_id
         AND n.remedy = c.remedy AND (n.made_at, n.id) > (c.made_at, c.id))
         LIMIT 1")
        .bind(incident)
        .bind(subscriber_id)
        .bind(remedy)
        .optional(on)
        .await?;
    Ok(row.map(|(number, state, english, spanish)| No {
        number,
        closed: state == ClaimState::Closed.slug(),
        why: Note { english, spanish },
    }))
}

/// A claim that somebody made or was given, in short.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Had {
    pub remedy: String,
    pub number: String,
    pub state: String,
    pub automatic_run: Option<String>,
    pub appeal: Option<String>,
    binds: i64,
}

impl Had {
    /// Somebody said no, and only an appeal leads on.
    pub fn is_refused(&self) -> bool {
        self.state == ClaimState::Declined.slug() || self.binds == 1
    }

    pub fn is_live(&self) -> bool {
        !matches!(self.state.as_str(), "withdrawn" | "declined" | "closed")
    }
}

/// Every claim of the person in short, the oldest first; without what staff made and ended.
pub async fn had(on: impl Into<On<'_>>, incident: &str, subscriber_id: &str) -> Result<Vec<Had>> {
    sql("SELECT remedy, number, state, automatic_run, appeal, binds FROM claims
         WHERE incident = $1 AND subscriber_id = $2 AND void = 0 ORDER BY made_at, id")
    .bind(incident)
    .bind(subscriber_id)
    .all(on)
    .await
}

/// Whether somebody waits for the remedy's budget, and may still be given it by one of `ways`: also after a restore, where it
/// is first looked whether they have it. The indexes `claims_for_budget` and `claims_since_restore` hold them alone: while
/// nobody waits there is nothing to read.
pub async fn waits_for_budget(
    on: impl Into<On<'_>>,
    incident: &str,
    remedy: &str,
    ways: [&str; 5],
) -> Result<bool> {
    let [one, two, three, four, five] = ways;
    let row: Option<(String,)> = sql("SELECT c.id FROM claims c JOIN subscribers s ON s.id = c.subscriber_id
         WHERE c.incident = $1 AND c.remedy = $2 AND c.state = 'submitted' AND c.waits_for = 'budget'
         AND c.delivery IN ($3, $4, $5, $6, $7)
         UNION ALL SELECT c.id FROM claims c JOIN subscribers s ON s.id = c.subscriber_id
         WHERE c.incident = $1 AND c.remedy = $2 AND c.state = 'submitted' AND c.waits_for = 'restored' LIMIT 1")
    .bind(incident)
    .bind(remedy)
    .bind(one)
    .bind(two)
    .bind(three)
    .bind(four)
    .bind(five)
    .optional(on)
    .await?;
    Ok(row.is_some())
}

/// Whether somebody waits for the remedy's budget of whom it is not known since a restore whether they have it: nobody
/// behind them is given it before.
pub async fn waits_since_restore(on: impl Into<On<'_>>, incident: &str, remedy: &str) -> Result<bool> {
    let row: Option<(String,)> = sql("SELECT c.id FROM claims c JOIN subscribers s ON s.id = c.subscriber_id
         WHERE c.incident = $1 AND c.remedy = $2 AND c.state = 'submitted' AND c.waits_for = 'restored' LIMIT 1")
    .bind(incident)
    .bind(remedy)
    .optional(on)
    .await?;
    Ok(row.is_some())
}
