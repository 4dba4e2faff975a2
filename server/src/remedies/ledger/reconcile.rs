//! Comparing what we paid with what a provider says that it paid, from its statement.

use std::{collections::HashMap, io::Read};

use serde::Serialize;

use super::Period;
use crate::{
    ambient::Millis,
    incident::ProviderName,
    remedies::{payouts::State, table::Table},
    store::{Db, Error, sql},
};

/// Orders that are read at once.
const PAGE: i64 = 5_000;
/// Differences of one kind that are told one by one.
const TOLD: usize = 1_000;

/// The sign of what was paid out. A provider's statement has one: Stripe's balance goes down by a credit, the others tell
/// what they gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Sign {
    Minus,
    Plus,
}

impl Sign {
    fn usual(provider: &str) -> Self {
        if provider == ProviderName::Stripe.slug() { Sign::Minus } else { Sign::Plus }
    }
}

/// Where a statement has what: the columns' names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Our order's id, which providers call external id or reference.
    pub order: String,
    pub amount: String,
    /// None: all of it is in the orders' own currency.
    pub currency: Option<String>,
    /// Amounts are in minor units (2000), and not in whole ones (20.00).
    pub minor_units: bool,
    /// None: as is usual with the provider.
    pub paid_with: Option<Sign>,
}

#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    #[error(transparent)]
    Store(#[from] Error),
    #[error("the statement cannot be read as CSV: {0}")]
    Csv(#[from] csv::Error),
    #[error("the statement's first line has no column {0:?}; it has {1}")]
    Column(String, String),
    #[error("line {0}: {1:?} is no amount")]
    Amount(u64, String),
    #[error(
        "most amounts on the statement have the sign of what was taken back ({back}), as statements of {provider} mostly have \
         it: say by --paid-with minus or --paid-with plus which sign was paid out"
    )]
    AllTakenBack { provider: String, back: &'static str },
}

/// What only one side knows, and where both differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    pub provider: String,
    #[serde(flatten)]
    pub period: Period,
    /// Both sides say the same.
    pub agreed: u64,
    pub agreed_amount: i64,
    /// How many of those our ledger paid on other days than the period's.
    pub agreed_outside: u64,
    /// Paid by our ledger within the period, and not on the statement.
    pub only_ours: Vec<Side>,
    /// On the statement, and no order of ours with this provider.
    pub only_theirs: Vec<Side>,
    /// On the statement, and an order of ours that is not paid.
    pub not_paid: Vec<NotPaid>,
    pub other_amount: Vec<Difference>,
    /// On the statement more than once: paid twice, as far as the provider says.
    pub twice: Vec<Side>,
    /// Taken back by the provider, as the rows of opposite sign say, in part or whole, and paid by our ledger.
    pub reversed: Vec<NotPaid>,
    /// Taken back by the provider, and not paid or come back here: both say the same.
    pub agreed_reversed: u64,
    /// How many differences there are, told or not.
    pub differences: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    pub order: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    /// Of the statement, with its header; none for what only we know.
    pub line: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub order: String,
    pub ours: i64,
    pub currency: String,
    pub theirs: i64,
    /// Ours, where the statement names none.
    pub their_currency: String,
    pub line: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotPaid {
    pub order: String,
    /// The name of a [`State`].
    pub state: String,
    pub ours: i64,
    pub theirs: i64,
    pub line: u64,
}

/// What the statement has of one order.
#[derive(Default)]
struct Entry {
    rows: Vec<Row>,
    /// The line of the last row that another cancelled.
    reversed_at: u64,
    seen: bool,
}

struct Row {
    amount: Amount,
    /// In capital letters.
    currency: Option<String>,
    line: u64,
    /// It stands with a minus.
    minus: bool,
}

/// As the statement has it: what a whole unit is depends on the currency.
enum Amount {
    Minor(i64),
    Whole(String),
}

#[derive(sqlx::FromRow)]
struct Ordered {
    id: String,
    amount: i64,
    currency: String,
    state: String,
    /// When it was first posted as paid.
    paid_at: Millis,
}

/// Compares a statement with the payouts that the ledger has with `provider`: with every one, or with those of a period.
pub async fn reconcile(
    db: &Db,
    provider: &str,
    period: &Period,
    statement: impl Read,
    columns: &Columns,
) -> Result<Reconciliation, ReconcileError> {
    let mut found =
        Reconciliation { provider: provider.to_owned(), period: period.clone(), ..Reconciliation::default() };
    let Statement { mut entries, mut nameless } = read(statement, columns)?;
    let out = paid_with(provider, columns.paid_with, &entries, &nameless)? == Sign::Minus;
    entries.values_mut().for_each(Entry::net);
    let mut after = String::new();
    loop {
        let page = page(db, provider, &after).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        for order in page {
            compare(order, &mut entries, out, &mut found);
        }
    }
    found.not_paid.sort_by_key(|order| order.line);
    found.reversed.sort_by_key(|order| order.line);
    let unseen = entries.into_iter().filter(|(_, entry)| !entry.seen);
    nameless.extend(
        unseen.flat_map(|(order, entry)| entry.rows.into_iter().map(move |row| (order.clone(), row))),
    );
    nameless.sort_by_key(|(_, row)| row.line);
    for (order, row) in nameless {
        let side = row.side(order);
        note(&mut found.only_theirs, &mut found.differences, side);
    }
    Ok(found)
}

/// Which sign was paid out. A statement on which more was taken back than paid, by the usual sign, may be one with the
/// other: a person says.
fn paid_with(
    provider: &str,
    said: Option<Sign>,
    entries: &HashMap<String, Entry>,
    nameless: &[(String, Row)],
) -> Result<Sign, ReconcileError> {
    if let Some(said) = said {
        return Ok(said);
    }
    let usual = Sign::usual(provider);
    let named = entries.values().flat_map(|entry| &entry.rows);
    let (paid, back): (Vec<&Row>, Vec<&Row>) =
        named.chain(nameless.iter().map(|(_, row)| row)).partition(|row| row.minus == (usual == Sign::Minus));
    if back.len() > paid.len() {
        let back = if usual == Sign::Minus { "plus" } else { "minus" };
        return Err(ReconcileError::AllTakenBack { provider: provider.to_owned(), back });
    }
    Ok(usual)
}

/// What came back was paid when it was posted so, not when it came back.
async fn page(db: &Db, provider: &str, after: &str) -> Result<Vec<Ordered>, Error> {
    sql("SELECT o.id, o.amount, o.currency, o.state, CAST(COALESCE(
             (SELECT MIN(p.at) FROM postings p
              WHERE p.grant_id = o.grant_id AND p.kind = 'payout' AND COALESCE(p.order_id, '') = o.id),
             o.ended_at, o.created_at) AS BIGINT) AS paid_at
         FROM payout_orders o WHERE o.provider = $1 AND o.id > $2 ORDER BY o.id LIMIT $3")
    .bind(provider)
    .bind(after)
    .bind(PAGE)
    .all(db)
    .await
}

/// `out`: what went out stands with a minus.
fn compare(order: Ordered, entries: &mut HashMap<String, Entry>, out: bool, found: &mut Reconciliation) {
    let Ordered { id, amount, currency, state, paid_at } = order;
    let came_back = state == State::Returned.slug();
    let paid = came_back || state == State::Paid.slug();
    let within = found.period.holds(paid_at);
    let Some(entry) = entries.get_mut(&id) else {
        if paid && within {
            let side = Side { order: id, amount, currency, line: None };
            note(&mut found.only_ours, &mut found.differences, side);
        }
        return;
    };
    entry.seen = true;
    let (mut payments, reversals): (Vec<_>, Vec<_>) =
        std::mem::take(&mut entry.rows).into_iter().partition(|row| row.minus == out);
    let Some(first) = (!payments.is_empty()).then(|| payments.remove(0)) else {
        // Nothing of it is out, whether its payment stands here or on an earlier statement.
        let line = reversals.first().map_or(entry.reversed_at, |row| row.line);
        if paid && !came_back {
            let order = NotPaid { order: id, state, ours: amount, theirs: 0, line };
            note(&mut found.reversed, &mut found.differences, order);
        } else {
            found.agreed_reversed += 1;
        }
        return;
    };
    for row in payments {
        note(&mut found.twice, &mut found.differences, row.side(id.clone()));
    }
    // Beside what is out: a part of it came back, or another row of it than stands here.
    for row in reversals {
        let taken_back = row.amount.minor(row.currency.as_deref().unwrap_or(&currency));
        let theirs = taken_back.saturating_neg();
        let order = NotPaid { order: id.clone(), state: state.clone(), ours: amount, theirs, line: row.line };
        note(&mut found.reversed, &mut found.differences, order);
    }
    let (theirs, line) = (first.amount.minor(&currency), first.line);
    let their_currency = first.currency.unwrap_or_else(|| currency.clone());
    if !paid {
        let order = NotPaid { order: id, state, ours: amount, theirs, line };
        note(&mut found.not_paid, &mut found.differences, order);
    } else if theirs == amount && their_currency == currency {
        found.agreed += 1;
        found.agreed_amount += amount;
        found.agreed_outside += u64::from(!within);
    } else {
        let difference = Difference { order: id, ours: amount, currency, theirs, their_currency, line };
        note(&mut found.other_amount, &mut found.differences, difference);
    }
}

fn note<T>(list: &mut Vec<T>, differences: &mut u64, one: T) {
    *differences += 1;
    if list.len() < TOLD {
        list.push(one);
    }
}

/// A statement, by our orders' ids.
struct Statement {
    entries: HashMap<String, Entry>,
    /// Rows without an id of ours, each its own.
    nameless: Vec<(String, Row)>,
}

fn read(statement: impl Read, columns: &Columns) -> Result<Statement, ReconcileError> {
    let mut table = Table::open(statement)?;
    let place = |name: &str| {
        let found = table.columns().position(|column| column.eq_ignore_ascii_case(name));
        found.ok_or_else(|| {
            ReconcileError::Column(name.to_owned(), table.columns().collect::<Vec<_>>().join(", "))
        })
    };
    let (order, amount) = (place(&columns.order)?, place(&columns.amount)?);
    let currency = columns.currency.as_deref().map(place).transpose()?;
    let (mut entries, mut nameless) = (HashMap::<String, Entry>::new(), Vec::new());
    while let Some((line, record)) = table.next()? {
        let order = record.get(order).unwrap_or_default().to_owned();
        let text = record.get(amount).unwrap_or_default();
        let amount = Amount::read(text, columns.minor_units)
            .ok_or_else(|| ReconcileError::Amount(line, text.to_owned()))?;
        let currency = currency.and_then(|place| record.get(place)).map(str::to_ascii_uppercase);
        let row = Row { amount, currency, line, minus: text.contains('-') };
        match order.trim().is_empty() {
            true => nameless.push((order, row)),
            false => entries.entry(order).or_default().rows.push(row),
        }
    }
    Ok(Statement { entries, nameless })
}

impl Entry {
    /// Takes out pairs of rows that cancel each other: what was paid and taken back.
    fn net(&mut self) {
        let mut rows: Vec<Row> = Vec::new();
        for row in std::mem::take(&mut self.rows) {
            match rows.iter().position(|other| other.cancels(&row)) {
                Some(other) => {
                    rows.remove(other);
                    self.reversed_at = row.line;
                }
                None => rows.push(row),
            }
        }
        self.rows = rows;
    }
}

impl Row {
    fn cancels(&self, other: &Row) -> bool {
        let (minor, others) = (self.minor(), other.minor());
        self.minus != other.minus && minor == others && minor != i64::MIN && self.currency == other.currency
    }

    fn minor(&self) -> i64 {
        self.amount.minor(self.currency.as_deref().unwrap_or_default())
    }

    fn side(self, order: String) -> Side {
        let currency = self.currency.unwrap_or_default();
        let amount = self.amount.minor(&currency);
        Side {
            order,
            amount: if self.minus { amount.saturating_neg() } else { amount },
            currency,
            line: Some(self.line),
        }
    }
}

impl Amount {
    /// Money that went out may stand with a minus.
    fn read(text: &str, minor_units: bool) -> Option<Self> {
        let digits = text.trim_start_matches(['-', '+', '$', '€', '£']).replace(',', "");
        let valid = !digits.is_empty()
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && digits.matches('.').count() <= 1;
        match minor_units {
            _ if !valid => None,
            true => digits.parse().ok().map(Amount::Minor),
            false => Some(Amount::Whole(digits)),
        }
    }

    /// In the currency's minor units; what is finer than those, or too much, matches nothing.
    fn minor(&self, currency: &str) -> i64 {
        match self {
            Amount::Minor(minor) => *minor,
            Amount::Whole(text) => app::models::Money::minor_of(text, currency).unwrap_or(i64::MIN),
        }
    }
}
