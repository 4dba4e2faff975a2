//! What the snapshot reads of the database.

use std::collections::BTreeMap;

use app::Category;

use super::Tally;
use crate::store::{Db, Error, Result, sql};

/// Which database this is; none when it has no tables of ours.
pub async fn identity(db: &Db) -> Result<Option<String>> {
    let found = sql("SELECT value FROM facts WHERE name = 'database_id'").optional::<(String,)>(db).await;
    match found {
        Ok(row) => Ok(row.map(|(id,)| id)),
        Err(error) if is_absent_table(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// PostgreSQL: undefined_table. SQLite has the one code for every wrong statement.
fn is_absent_table(error: &Error) -> bool {
    matches!(error, Error::Sqlx(sqlx::Error::Database(database))
        if matches!(database.code().as_deref(), Some("42P01" | "1")))
}

/// How often what was recovered, or who may see it, has changed.
pub async fn changes(db: &Db) -> Result<i64> {
    let row: Option<(i64,)> = sql("SELECT count FROM changes WHERE name = 'recovery'").optional(db).await?;
    Ok(row.map_or(0, |(count,)| count))
}

#[derive(sqlx::FromRow)]
struct Sum {
    category: String,
    found: i64,
    expected: Option<i64>,
    uncounted: i64,
}

/// Each category's items over everybody, released or not, beside the sum of the known numbers.
pub async fn tallies(db: &Db) -> Result<BTreeMap<Category, Tally>> {
    let rows: Vec<Sum> = sql("SELECT category, CAST(SUM(items - damaged_items) AS BIGINT) AS found,
         CAST(SUM(expected) AS BIGINT) AS expected,
         CAST(SUM(CASE WHEN expected IS NULL THEN items - damaged_items
                       WHEN items - damaged_items > expected THEN items - damaged_items - expected ELSE 0 END)
              AS BIGINT) AS uncounted
         FROM holdings GROUP BY category")
    .all(db)
    .await?;
    let tally = |row: Sum| {
        let category = row.category.parse().ok()?;
        let uncounted = if row.expected.is_some() { row.uncounted } else { 0 };
        Some((category, Tally { found: row.found, expected: row.expected, uncounted }))
    };
    Ok(rows.into_iter().filter_map(tally).collect())
}
