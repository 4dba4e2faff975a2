//! One statement for many rows: still one text for both engines.

use std::sync::OnceLock;

use super::{On, Query, Result, Row, query::sql_of_many};

/// A statement in whose text `{rows}` stands for as many rows of values as are bound.
///
/// A database takes a hundred rows in hardly more time than one; a statement for any other
/// number would be prepared anew each time, so there are two: for [`Many::ROWS`] rows and for one.
pub struct Many {
    text: &'static str,
    columns: usize,
    full: OnceLock<Texts>,
    single: OnceLock<Texts>,
}

/// For PostgreSQL with `$1`, for SQLite with `?`.
struct Texts {
    numbered: String,
    nameless: String,
}

impl Many {
    /// How many rows one statement takes at the most.
    pub const ROWS: usize = 100;

    /// `columns` values are bound for each row.
    pub const fn new(text: &'static str, columns: usize) -> Self {
        Self { text, columns, full: OnceLock::new(), single: OnceLock::new() }
    }

    /// The statement for `rows`, as [`next_rows`] cuts them: values are bound row by row.
    pub fn sql(&'static self, rows: usize) -> Query {
        let kept = if rows == 1 { &self.single } else { &self.full };
        let rows = if rows == 1 { 1 } else { Self::ROWS };
        let texts = kept.get_or_init(|| self.texts(rows));
        sql_of_many(&texts.numbered, &texts.nameless)
    }

    /// What the rows for any number of keys lead to. Keys that are short of a hundred are filled up with `nobody`, which
    /// leads to nothing.
    pub async fn find<K, R: Row>(
        &'static self,
        on: impl Into<On<'_>>,
        keys: &[K],
        nobody: &K,
        bind: impl Fn(Query, &K) -> Query,
    ) -> Result<Vec<R>> {
        let mut on = on.into();
        let mut found = Vec::new();
        for keys in keys.chunks(Self::ROWS) {
            let rows = if keys.len() == 1 { 1 } else { Self::ROWS };
            let filled = keys.iter().chain(std::iter::repeat(nobody)).take(rows);
            found.extend(filled.fold(self.sql(rows), &bind).all::<R>(on.again()).await?);
        }
        Ok(found)
    }

    fn texts(&self, rows: usize) -> Texts {
        let with = |place: &dyn Fn(usize) -> String| {
            let row = |row: usize| {
                let places = (1..=self.columns).map(|column| place(row * self.columns + column));
                format!("({})", places.collect::<Vec<_>>().join(", "))
            };
            self.text.replace("{rows}", &(0..rows).map(row).collect::<Vec<_>>().join(", "))
        };
        Texts { numbered: with(&|number| format!("${number}")), nameless: with(&|_| "?".to_owned()) }
    }
}

/// How many of so many rows the next statement takes: all that it can, or one.
pub fn next_rows(left: usize) -> usize {
    if left >= Many::ROWS { Many::ROWS } else { left.min(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        on_both,
        store::{Result, Tx, sql},
        transaction,
    };

    static FACTS: Many = Many::new(
        "INSERT INTO facts (name, value) VALUES {rows}
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        2,
    );

    async fn put(tx: &mut Tx, numbers: std::ops::Range<usize>) -> Result<u64> {
        let query = FACTS.sql(numbers.len());
        let bind = |query: Query, number| query.bind(format!("n{number}")).bind(format!("v{number}"));
        numbers.fold(query, bind).execute(tx).await
    }

    on_both!(many_rows_go_in_by_few_statements, |test| {
        let rows = Many::ROWS + 2;
        for _ in 0..2 {
            let written = transaction!(test.db, |tx| -> Result<u64> {
                let mut done = 0;
                while done < rows {
                    let next = next_rows(rows - done);
                    put(tx, done..done + next).await?;
                    done += next;
                }
                Ok(done as u64)
            });
            assert_eq!(written.unwrap(), rows as u64);
        }
        let (count,): (i64,) =
            sql("SELECT COUNT(*) FROM facts WHERE name LIKE 'n%' AND value = 'v' || substr(name, 2)")
                .one(&test.db)
                .await
                .unwrap();
        assert_eq!(count, rows as i64);
    });
}
