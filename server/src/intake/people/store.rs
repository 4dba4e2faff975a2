//! The SQL of the three tables: a hundred rows in one statement.

use std::collections::{HashMap, HashSet};

use crate::{
    ambient::Millis,
    intake::tables::{InventoryRow, SubscriberRow, VerdictRow},
    store::{Many, Query, Result, Tx},
};

/// A subscriber as it stood before the rows at hand.
#[derive(Clone, Debug)]
pub struct Standing {
    pub id: String,
    pub phone: Option<String>,
}

/// Who of `accounts` is known.
pub async fn standing(tx: &mut Tx, accounts: &[&str]) -> Result<HashMap<String, Standing>> {
    static STANDING: Many =
        Many::new("SELECT account, id, phone FROM subscribers WHERE account IN ({rows})", 1);
    let rows: Vec<(String, String, Option<String>)> = each(&STANDING, accounts).all(tx).await?;
    Ok(rows.into_iter().map(|(account, id, phone)| (account, Standing { id, phone })).collect())
}

/// Which accounts have any of `phones`, by phone; each list in order.
pub async fn with_phones(tx: &mut Tx, phones: &[&str]) -> Result<HashMap<String, Vec<String>>> {
    static WITH_PHONES: Many =
        Many::new("SELECT phone, account FROM subscribers WHERE phone IN ({rows}) ORDER BY account", 1);
    let rows: Vec<(String, String)> = each(&WITH_PHONES, phones).all(tx).await?;
    let mut accounts: HashMap<String, Vec<String>> = HashMap::new();
    for (phone, account) in rows {
        accounts.entry(phone).or_default().push(account);
    }
    Ok(accounts)
}

fn each(statement: &'static Many, values: &[&str]) -> Query {
    values.iter().fold(statement.sql(values.len()), |query, value| query.bind(*value))
}

/// What is worked out from a row before it is written.
pub struct Derived {
    pub id: String,
    pub search: String,
    pub cohort: i64,
}

/// A later row replaces an earlier one; no account may come twice in one call.
pub async fn put_subscribers(tx: &mut Tx, rows: &[(&SubscriberRow, Derived)], now: Millis) -> Result<()> {
    static PUT: Many = Many::new(
        "INSERT INTO subscribers (id, account, phone, name, email, locale, time_zone, plan, search, cohort,
         created_at, updated_at)
         VALUES {rows}
         ON CONFLICT (account) DO UPDATE SET phone = excluded.phone, name = excluded.name, email = excluded.email,
         locale = excluded.locale, time_zone = excluded.time_zone, plan = excluded.plan, search = excluded.search,
         updated_at = excluded.updated_at",
        12,
    );
    let bind = |query: Query, (row, derived): &(&SubscriberRow, Derived)| {
        query
            .bind(&derived.id)
            .bind(&row.account)
            .bind(row.phone.as_ref().map(|phone| phone.as_str()))
            .bind(&row.name)
            .bind(&row.email)
            .bind(&row.locale)
            .bind(&row.time_zone)
            .bind(&row.plan)
            .bind(&derived.search)
            .bind(derived.cohort)
            .bind(now)
            .bind(now)
    };
    rows.iter().fold(PUT.sql(rows.len()), bind).execute(tx).await?;
    Ok(())
}

/// Which of the rows' accounts are known; only those rows are written. No account and category may come twice.
pub async fn put_inventory(tx: &mut Tx, rows: &[&InventoryRow], now: Millis) -> Result<HashSet<String>> {
    static PUT: Many = Many::new(
        "INSERT INTO holdings (subscriber_id, category, expected, as_of, changed_at)
         SELECT s.id, v.column2, v.column3, v.column4, v.column5 FROM (VALUES {rows}) AS v, subscribers s
         WHERE s.account = v.column1
         ON CONFLICT (subscriber_id, category) DO UPDATE SET expected = excluded.expected, as_of = excluded.as_of,
         changed_at = excluded.changed_at",
        5,
    );
    let bind = |query: Query, row: &&InventoryRow| {
        query.bind(&row.account).bind(row.category).bind(row.expected).bind(row.as_of).bind(now)
    };
    let written = rows.iter().fold(PUT.sql(rows.len()), bind).execute(&mut *tx).await?;
    known(tx, rows.iter().map(|row| row.account.as_str()).collect(), written).await
}

/// Which of the rows' accounts are known; only those rows are written. No account and category may come twice.
pub async fn put_verdicts(tx: &mut Tx, rows: &[&VerdictRow], now: Millis) -> Result<HashSet<String>> {
    static PUT: Many = Many::new(
        "INSERT INTO holdings (subscriber_id, category, verdict_reason, changed_at)
         SELECT s.id, v.column2, v.column3, v.column4 FROM (VALUES {rows}) AS v, subscribers s
         WHERE s.account = v.column1
         ON CONFLICT (subscriber_id, category) DO UPDATE SET verdict_reason = excluded.verdict_reason,
         changed_at = excluded.changed_at",
        4,
    );
    let bind = |query: Query, row: &&VerdictRow| {
        query.bind(&row.account).bind(row.category).bind(&row.reason).bind(now)
    };
    let written = rows.iter().fold(PUT.sql(rows.len()), bind).execute(&mut *tx).await?;
    known(tx, rows.iter().map(|row| row.account.as_str()).collect(), written).await
}

/// Asks who is known only when a row was not written, which is rare.
async fn known(tx: &mut Tx, accounts: Vec<&str>, written: u64) -> Result<HashSet<String>> {
    if written == accounts.len() as u64 {
        return Ok(accounts.into_iter().map(str::to_owned).collect());
    }
    Ok(standing(tx, &accounts).await?.into_keys().collect())
}
