//! The rows of many grants, a statement for each table. What is the same for all of a run is taken from its row.
//!
//! They are what `remedies::store::{submit, grant}`, `ledger::promise` and `payouts::order` write for one.

use crate::{
    ambient::Millis,
    remedies::{Note, claim::Granted},
    store::{Bulk, Column, Shape},
};

/// A grant, and what is to be written of it.
pub struct Gift {
    pub run_id: String,
    pub granted: Granted,
    pub posting_id: String,
    pub order_id: String,
    pub way: &'static str,
    pub provider: &'static str,
    pub due_at: Millis,
    /// What stands in the claim's history.
    pub note: Note,
}

pub static GIFTS: Shape<Gift> = Shape::new(
    "gifts",
    &[
        Column::Text("run_id", |gift| Some(&gift.run_id)),
        Column::Text("claim_id", |gift| Some(&gift.granted.claim.id)),
        Column::Text("number", |gift| Some(gift.granted.claim.number.as_str())),
        Column::Text("subscriber_id", |gift| Some(&gift.granted.claim.subscriber_id)),
        Column::Text("delivery", |gift| Some(&gift.granted.claim.delivery)),
        Column::Text("delivery_words", |gift| Some(&gift.granted.claim.delivery_words)),
        Column::Text("grant_id", |gift| Some(&gift.granted.grant_id)),
        Column::Text("facts", |gift| Some(&gift.granted.facts)),
        Column::Text("note", |gift| Some(&gift.note.english)),
        Column::Text("note_es", |gift| Some(&gift.note.spanish)),
        Column::Integer("at", |gift| Some(gift.granted.at)),
        Column::Text("posting_id", |gift| Some(&gift.posting_id)),
        Column::Text("order_id", |gift| Some(&gift.order_id)),
        Column::Text("way", |gift| Some(gift.way)),
        Column::Text("provider", |gift| Some(gift.provider)),
        Column::Integer("due_at", |gift| Some(gift.due_at)),
        Column::Integer("arrives_within_days", |gift| {
            Some(gift.granted.claim.remedy.arrives_within_days.unwrap_or(0))
        }),
    ],
);

/// Whoever claims at the same moment keeps their claim: theirs is not written over, nor a second one made. A number that
/// was drawn before is an error, after which the batch draws others.
pub static CLAIMS: Bulk<Gift> = Bulk::new(
    &GIFTS,
    &["run_id", "claim_id", "number", "subscriber_id", "delivery", "delivery_words", "at", "arrives_within_days"],
    "INSERT INTO claims (id, number, incident, subscriber_id, remedy, remedy_title, kind, amount, currency, delivery,
         delivery_words, terms_version, state, made_at, changed_at, automatic_run, arrives_within_days)
     SELECT given.claim_id, given.number, r.incident, given.subscriber_id, r.remedy, r.remedy_title, r.kind, r.amount,
         r.currency, given.delivery, given.delivery_words, r.terms_version, 'granted', given.at, given.at, r.id,
         given.arrives_within_days
     FROM given JOIN automatic_runs r ON r.id = given.run_id WHERE true
     ON CONFLICT (incident, subscriber_id, remedy)
         WHERE state <> 'withdrawn' AND state <> 'declined' AND state <> 'closed' DO NOTHING",
);

pub static CLAIMS_MADE: Bulk<Gift> =
    Bulk::new(&GIFTS, &["claim_id"], "SELECT c.id FROM given JOIN claims c ON c.id = given.claim_id");

pub static GRANTS: Bulk<Gift> = Bulk::new(
    &GIFTS,
    &["run_id", "claim_id", "subscriber_id", "grant_id", "facts", "at"],
    "INSERT INTO grants (id, claim_id, incident, subscriber_id, remedy, amount, currency, facts, granted_at)
     SELECT given.grant_id, given.claim_id, r.incident, given.subscriber_id, r.remedy, r.amount, r.currency,
         given.facts, given.at
     FROM given JOIN automatic_runs r ON r.id = given.run_id WHERE true
     ON CONFLICT (incident, subscriber_id, remedy) WHERE ended_at IS NULL DO NOTHING",
);

/// The claims of which the grant went in.
pub static GRANTS_MADE: Bulk<Gift> =
    Bulk::new(&GIFTS, &["grant_id"], "SELECT g.claim_id FROM given JOIN grants g ON g.id = given.grant_id");

/// Somebody else's grant was there: the claim was for nothing.
pub static CLAIMS_FOR_NOTHING: Bulk<Gift> = Bulk::new(
    &GIFTS,
    &["claim_id"],
    "DELETE FROM claims WHERE id IN (SELECT claim_id FROM given)
     AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.claim_id = claims.id)",
);

pub static EVENTS: Bulk<Gift> = Bulk::new(
    &GIFTS,
    &["claim_id", "note", "note_es", "at"],
    "INSERT INTO claim_events (claim_id, position, step, note, note_es, at)
     SELECT claim_id, 1, 'granted', note, note_es, at FROM given WHERE true",
);

pub static POSTINGS: Bulk<Gift> = Bulk::new(
    &GIFTS,
    &["run_id", "posting_id", "grant_id", "at"],
    "INSERT INTO postings (id, incident, remedy, kind, currency, grant_id, at)
     SELECT given.posting_id, r.incident, r.remedy, 'grant', r.currency, given.grant_id, given.at
     FROM given JOIN automatic_runs r ON r.id = given.run_id WHERE true",
);

pub static LINES: Bulk<Gift> = Bulk::new(
    &GIFTS,
    &["run_id", "posting_id"],
    "INSERT INTO posting_lines (posting_id, account, amount)
     SELECT given.posting_id, 'budget', -r.amount FROM given JOIN automatic_runs r ON r.id = given.run_id
     UNION ALL
     SELECT given.posting_id, 'obligation', r.amount FROM given JOIN automatic_runs r ON r.id = given.run_id",
);

pub static UNSEALED: Bulk<Gift> = Bulk::new(
    &GIFTS,
    &["posting_id"],
    "INSERT INTO postings_unsealed (posting_id) SELECT posting_id FROM given WHERE true",
);

pub static ORDERS: Bulk<Gift> = Bulk::new(
    &GIFTS,
    &["run_id", "order_id", "grant_id", "claim_id", "subscriber_id", "way", "provider", "due_at", "at"],
    "INSERT INTO payout_orders (id, grant_id, claim_id, incident, subscriber_id, remedy, amount, currency, way,
         provider, state, due_at, created_at)
     SELECT given.order_id, given.grant_id, given.claim_id, r.incident, given.subscriber_id, r.remedy, r.amount,
         r.currency, given.way, given.provider, 'waiting', given.due_at, given.at
     FROM given JOIN automatic_runs r ON r.id = given.run_id WHERE true",
);
