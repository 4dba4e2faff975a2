//! The SQL of the three tables: each statement takes all the rows at hand.

use std::collections::{HashMap, HashSet};

use super::{Holding, Newcomer};
use crate::{
    intake::tables::{InventoryRow, VerdictRow},
    store::{Bulk, Column, Given, Result, Shape, Tx},
};

/// A subscriber as it stood before the rows at hand.
#[derive(Clone, Debug)]
pub struct Standing {
    pub id: String,
    pub phone: Option<String>,
}

pub static NEWCOMERS: Shape<Newcomer> = Shape::new(
    "newcomers",
    &[
        Column::Text("id", |new| Some(&new.id)),
        Column::Text("account", |new| Some(&new.row.account)),
        Column::Text("phone", |new| new.phone()),
        Column::Text("name", |new| Some(&new.row.name)),
        Column::Text("email", |new| Some(&new.row.email)),
        Column::Text("locale", |new| Some(&new.row.locale)),
        Column::Text("time_zone", |new| Some(&new.row.time_zone)),
        Column::Text("plan", |new| Some(&new.row.plan)),
        Column::Text("search", |new| Some(&new.search)),
        Column::Integer("cohort", |new| Some(new.cohort)),
        Column::Integer("at", |new| Some(new.at)),
    ],
);

/// Who of the rows' accounts is known.
pub async fn standing(tx: &mut Tx, rows: &Given<'_, Newcomer>) -> Result<HashMap<String, Standing>> {
    static STANDING: Bulk<Newcomer> = Bulk::new(
        &NEWCOMERS,
        &["account"],
        "SELECT s.account, s.id, s.phone FROM given CROSS JOIN subscribers s WHERE s.account = given.account",
    );
    let rows: Vec<(String, String, Option<String>)> = STANDING.all(tx, rows).await?;
    Ok(rows.into_iter().map(|(account, id, phone)| (account, Standing { id, phone })).collect())
}

/// For each row's account the others that have its phone, in order.
pub async fn sharing(tx: &mut Tx, rows: &Given<'_, Newcomer>) -> Result<HashMap<String, Vec<String>>> {
    static SHARING: Bulk<Newcomer> = Bulk::new(
        &NEWCOMERS,
        &["account", "phone"],
        "SELECT given.account, s.account FROM given CROSS JOIN subscribers s
         WHERE s.phone = given.phone AND s.account <> given.account ORDER BY s.account",
    );
    let rows: Vec<(String, String)> = SHARING.all(tx, rows).await?;
    let mut others: HashMap<String, Vec<String>> = HashMap::new();
    for (account, other) in rows {
        others.entry(account).or_default().push(other);
    }
    Ok(others)
}

const NEWCOMER: &[&str] =
    &["id", "account", "phone", "name", "email", "locale", "time_zone", "plan", "search", "cohort", "at"];

/// The rows as subscribers, and what is to be done where an account is known.
macro_rules! insert {
    ($known:literal) => {
        concat!(
            "INSERT INTO subscribers (id, account, phone, name, email, locale, time_zone, plan, search, cohort,
             created_at, updated_at)
             SELECT id, account, phone, name, email, locale, time_zone, plan, search, cohort, at, at FROM given
             WHERE true ",
            $known
        )
    };
}

/// Rows of accounts that are not known: held by the turn that an import takes, nobody else adds any meanwhile. Looking
/// for a conflict first takes a fifth of the time.
pub async fn add_subscribers(tx: &mut Tx, rows: &Given<'_, Newcomer>) -> Result<()> {
    static ADD: Bulk<Newcomer> = Bulk::new(&NEWCOMERS, NEWCOMER, insert!(""));
    ADD.execute(tx, rows).await?;
    Ok(())
}

/// A later row replaces an earlier one; no account may come twice in one call.
pub async fn put_subscribers(tx: &mut Tx, rows: &Given<'_, Newcomer>) -> Result<()> {
    static PUT: Bulk<Newcomer> = Bulk::new(
        &NEWCOMERS,
        NEWCOMER,
        insert!(
            "ON CONFLICT (account) DO UPDATE SET phone = excluded.phone, name = excluded.name, email = excluded.email,
         locale = excluded.locale, time_zone = excluded.time_zone, plan = excluded.plan, search = excluded.search,
         updated_at = excluded.updated_at
         WHERE subscribers.phone IS DISTINCT FROM excluded.phone OR subscribers.name <> excluded.name
         OR subscribers.email <> excluded.email OR subscribers.locale <> excluded.locale
         OR subscribers.time_zone <> excluded.time_zone OR subscribers.plan <> excluded.plan
         OR subscribers.search <> excluded.search"
        ),
    );
    PUT.execute(tx, rows).await?;
    Ok(())
}

pub static INVENTORY: Shape<Holding<InventoryRow>> = Shape::new(
    "inventory",
    &[
        Column::Text("account", |holding| Some(&holding.row.account)),
        Column::Text("category", |holding| Some(holding.row.category.slug())),
        Column::Integer("expected", |holding| Some(holding.row.expected)),
        Column::Integer("as_of", |holding| Some(holding.row.as_of)),
        Column::Integer("at", |holding| Some(holding.at)),
    ],
);

/// Which of the rows' accounts are known; only those rows are written. No account and category may come twice.
pub async fn put_inventory(tx: &mut Tx, rows: &[Holding<InventoryRow>]) -> Result<HashSet<String>> {
    static PUT: Bulk<Holding<InventoryRow>> = Bulk::new(
        &INVENTORY,
        &["account", "category", "expected", "as_of", "at"],
        "INSERT INTO holdings (subscriber_id, category, expected, as_of, changed_at)
         SELECT s.id, given.category, given.expected, given.as_of, given.at FROM given CROSS JOIN subscribers s
         WHERE s.account = given.account
         ON CONFLICT (subscriber_id, category) DO UPDATE SET expected = excluded.expected, as_of = excluded.as_of,
         changed_at = excluded.changed_at
         WHERE holdings.expected IS DISTINCT FROM excluded.expected
         OR holdings.as_of IS DISTINCT FROM excluded.as_of",
    );
    static KNOWN: Bulk<Holding<InventoryRow>> = Bulk::new(&INVENTORY, &["account"], WHO_IS_KNOWN);
    let given = INVENTORY.give(tx, rows).await?;
    let written = PUT.execute(tx, &given).await?;
    if written == rows.len() as u64 {
        return Ok(rows.iter().map(|holding| holding.row.account.clone()).collect());
    }
    names(KNOWN.all(tx, &given).await?)
}

pub static VERDICTS: Shape<Holding<VerdictRow>> = Shape::new(
    "verdicts",
    &[
        Column::Text("account", |holding| Some(&holding.row.account)),
        Column::Text("category", |holding| Some(holding.row.category.slug())),
        Column::Text("reason", |holding| Some(&holding.row.reason)),
        Column::Integer("at", |holding| Some(holding.at)),
    ],
);

/// Which of the rows' accounts are known; only those rows are written. No account and category may come twice.
pub async fn put_verdicts(tx: &mut Tx, rows: &[Holding<VerdictRow>]) -> Result<HashSet<String>> {
    static PUT: Bulk<Holding<VerdictRow>> = Bulk::new(
        &VERDICTS,
        &["account", "category", "reason", "at"],
        "INSERT INTO holdings (subscriber_id, category, verdict_reason, changed_at)
         SELECT s.id, given.category, given.reason, given.at FROM given CROSS JOIN subscribers s
         WHERE s.account = given.account
         ON CONFLICT (subscriber_id, category) DO UPDATE SET verdict_reason = excluded.verdict_reason,
         changed_at = excluded.changed_at
         WHERE holdings.verdict_reason IS DISTINCT FROM excluded.verdict_reason",
    );
    static KNOWN: Bulk<Holding<VerdictRow>> = Bulk::new(&VERDICTS, &["account"], WHO_IS_KNOWN);
    let given = VERDICTS.give(tx, rows).await?;
    let written = PUT.execute(tx, &given).await?;
    if written == rows.len() as u64 {
        return Ok(rows.iter().map(|holding| holding.row.account.clone()).collect());
    }
    names(KNOWN.all(tx, &given).await?)
}

/// Asked only when a row was not written: it says what is known already, or its account is not.
const WHO_IS_KNOWN: &str =
    "SELECT s.account FROM given CROSS JOIN subscribers s WHERE s.account = given.account";

fn names(rows: Vec<(String,)>) -> Result<HashSet<String>> {
    Ok(rows.into_iter().map(|(account,)| account).collect())
}
