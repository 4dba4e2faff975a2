//! The queue of claims that wait.

use app::models::WaitsFor;

use crate::{
    ambient::Millis,
    remedies::{giving::Waits, number::ClaimNumber},
    store::{On, Result, sql},
};

/// A claim that waits, with whose it is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Waiting {
    pub id: String,
    pub number: String,
    pub incident: String,
    pub subscriber_id: String,
    pub remedy: String,
    pub remedy_title: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub delivery: String,
    pub delivery_words: String,
    pub made_at: Millis,
    /// What entitled it, as JSON.
    pub facts: Option<String>,
    /// What it waited for at first, in words.
    pub note: String,
    /// What it waits for now, by its slug; none where that was not kept.
    waits_for: Option<String>,
    /// None: the person was erased.
    pub account: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    /// The member who made it for its person; none: the person did.
    pub made_by: Option<String>,
}

/// Of a claim that waited for the budget when an older copy of the database was restored: it may have been given since.
const RESTORED: &str = "restored";

macro_rules! waiting {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.number, c.incident, c.subscriber_id, c.remedy, c.remedy_title, c.amount, c.currency,
             c.delivery, c.delivery_words, c.made_at, c.facts, e.note, s.account, s.name, s.email,
             c.waits_for,
             b.member_id AS made_by
             FROM claims c JOIN claim_events e ON e.claim_id = c.id AND e.position = 1
             LEFT JOIN claims_on_behalf b ON b.claim_id = c.id
             LEFT JOIN subscribers s ON s.id = c.subscriber_id WHERE c.state = 'submitted' ",
            $rest
        )
    };
}

impl Waiting {
    pub fn waits(&self) -> Option<Waits> {
        self.waits_for.as_deref().and_then(Waits::from_slug)
    }

    /// What it waits for, as members of staff read it.
    pub fn words(&self) -> &str {
        match (self.waits_for.as_deref(), self.waits()) {
            (Some(RESTORED), _) => {
                "It waited for the budget when an older copy of the database was restored, and may have been given since: \
                 compare the statements."
            }
            (_, Some(waits)) => waits.words(),
            (_, None) => &self.note,
        }
    }

    /// It waits because it goes to an address that its person did not give.
    pub fn for_second_look(&self) -> bool {
        self.waits() == Some(Waits::SecondLook)
    }
}

/// What waits for a decision, or for the budget alone, the oldest first; the predicates are those of the indexes
/// `claims_to_decide` and `claims_in_line`.
pub async fn queue(on: impl Into<On<'_>>, waits_for: WaitsFor, most: i64, skip: i64) -> Result<Vec<Waiting>> {
    sql(match waits_for {
        WaitsFor::Decision => waiting!(
            "AND c.waits_for <> 'budget' AND s.id IS NOT NULL ORDER BY c.made_at, c.id LIMIT $1 OFFSET $2"
        ),
        WaitsFor::Budget => waiting!(
            "AND c.waits_for = 'budget' AND s.id IS NOT NULL ORDER BY c.made_at, c.id LIMIT $1 OFFSET $2"
        ),
    })
    .bind(most)
    .bind(skip)
    .all(on)
    .await
}

/// Claims of a remedy of an incident that come after the one made at `after` with its id, the oldest first. Those of people
/// who were erased are left out, since nobody can be given anything for them, and those that wait for a member of staff:
/// the remedy's rules may have been others when they were made.
pub async fn for_budget(
    on: impl Into<On<'_>>,
    (incident, remedy): (&str, &str),
    after: (Millis, &str),
    most: i64,
) -> Result<Vec<Waiting>> {
    sql(waiting!(
        "AND s.id IS NOT NULL AND c.waits_for = 'budget' AND c.incident = $1 AND c.remedy = $2
         AND (c.made_at, c.id) > ($3, $4)
         ORDER BY c.made_at, c.id LIMIT $5"
    ))
    .bind(incident)
    .bind(remedy)
    .bind(after.0)
    .bind(after.1)
    .bind(most)
    .all(on)
    .await
}

/// How many wait for a decision, and for the budget alone.
pub async fn waits(on: impl Into<On<'_>>) -> Result<(i64, i64)> {
    sql("SELECT (SELECT COUNT(*) FROM claims c JOIN subscribers s ON s.id = c.subscriber_id
             WHERE c.state = 'submitted' AND c.waits_for <> 'budget'),
         (SELECT COUNT(*) FROM claims c JOIN subscribers s ON s.id = c.subscriber_id
             WHERE c.state = 'submitted' AND c.waits_for = 'budget')")
    .one(on)
    .await
}

pub async fn waiting(on: impl Into<On<'_>>, number: &ClaimNumber) -> Result<Option<Waiting>> {
    sql(waiting!("AND c.number = $1")).bind(number.as_str()).optional(on).await
}
