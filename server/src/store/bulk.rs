//! Many rows in one go: still one text for both engines.
//!
//! A [`Shape`] says which columns a kind of row has, a [`Bulk`] what is to be done with rows of that shape: in its
//! text they stand as the table `given`. PostgreSQL takes them by `COPY` into a temporary table (`store/copy.rs`),
//! SQLite as values bound to the statement, a hundred rows at a time.

use std::sync::OnceLock;

use super::{Db, Query, Result, Row, Tx, Value, copy, query::sql_of_many};

/// A column of rows that go in together, and where its value stands in one.
pub enum Column<T> {
    Text(&'static str, fn(&T) -> Option<&str>),
    Integer(&'static str, fn(&T) -> Option<i64>),
    Bytes(&'static str, fn(&T) -> Option<&[u8]>),
}

/// One value of a row, lent.
pub(super) enum Cell<'a> {
    Text(Option<&'a str>),
    Integer(Option<i64>),
    Bytes(Option<&'a [u8]>),
}

impl<T> Column<T> {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Column::Text(name, _) | Column::Integer(name, _) | Column::Bytes(name, _) => name,
        }
    }

    pub(super) fn cell<'a>(&self, row: &'a T) -> Cell<'a> {
        match self {
            Column::Text(_, get) => Cell::Text(get(row)),
            Column::Integer(_, get) => Cell::Integer(get(row)),
            Column::Bytes(_, get) => Cell::Bytes(get(row)),
        }
    }
}

impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Text(text) => text.into(),
            Cell::Integer(number) => number.into(),
            Cell::Bytes(bytes) => Value::Bytes(bytes.map(<[u8]>::to_vec)),
        }
    }
}

/// The columns of a kind of row. The name is its own: PostgreSQL's temporary table has it.
pub struct Shape<T: 'static> {
    pub(super) name: &'static str,
    pub(super) columns: &'static [Column<T>],
    pub(super) copying: OnceLock<copy::Texts>,
}

impl<T: Sync> Shape<T> {
    pub const fn new(name: &'static str, columns: &'static [Column<T>]) -> Self {
        Self { name, columns, copying: OnceLock::new() }
    }

    /// Makes rows ready for statements of this transaction. Once for a shape and a set of rows.
    pub async fn give<'a>(&'static self, tx: &mut Tx, rows: &'a [T]) -> Result<Given<'a, T>> {
        let copied = match tx {
            Tx::Postgres(tx) if rows.len() >= WORTH_COPYING => {
                copy::rows(tx, self, rows).await.map(|()| true)?
            }
            _ => false,
        };
        Ok(Given { rows, copied })
    }
}

/// Fewer rows are bound to the statements a hundred at a time. A `COPY` ends with two small writes, and the second waits
/// for the server's acknowledgement of the first: up to 40 ms (RFC 896 with RFC 1122, 4.2.3.2), for sqlx leaves
/// `TCP_NODELAY` off.
const WORTH_COPYING: usize = 500;

/// Rows that statements of one transaction can take.
pub struct Given<'a, T> {
    rows: &'a [T],
    copied: bool,
}

/// A statement over rows of one shape. Its text says `given` for them, with the columns that it names.
pub struct Bulk<T: 'static> {
    shape: &'static Shape<T>,
    columns: &'static [&'static str],
    text: &'static str,
    texts: OnceLock<Texts>,
}

/// A statement for any number of rows would be prepared anew each time: there are some for these numbers.
const SIZES: [usize; 3] = [100, 10, 1];

struct Texts {
    /// For PostgreSQL with `$1`, for SQLite, which takes `$1` for a name and looks names up one by one, with `?`.
    bound: [(String, String); SIZES.len()],
    copied: String,
    picked: Vec<usize>,
}

impl<T: Sync> Bulk<T> {
    pub const fn new(shape: &'static Shape<T>, columns: &'static [&'static str], text: &'static str) -> Self {
        Self { shape, columns, text, texts: OnceLock::new() }
    }

    /// Runs it; returns the number of rows changed.
    pub async fn execute(&'static self, tx: &mut Tx, given: &Given<'_, T>) -> Result<u64> {
        if given.copied {
            return self.copied().execute(tx).await;
        }
        let (mut left, mut changed) = (given.rows, 0);
        while let Some(query) = self.next(&mut left) {
            changed += query.execute(&mut *tx).await?;
        }
        Ok(changed)
    }

    pub async fn all<R: Row>(&'static self, tx: &mut Tx, given: &Given<'_, T>) -> Result<Vec<R>> {
        if given.copied {
            return self.copied().all(tx).await;
        }
        let (mut left, mut found) = (given.rows, Vec::new());
        while let Some(query) = self.next(&mut left) {
            found.extend(query.all::<R>(&mut *tx).await?);
        }
        Ok(found)
    }

    /// For a read that stands alone. Rows may be asked for twice: what comes back must say which it is for.
    pub async fn look_up<R: Row>(&'static self, db: &Db, rows: &[T]) -> Result<Vec<R>> {
        let mut found = Vec::new();
        for few in rows.chunks(SIZES[0]) {
            let size = SIZES.iter().rposition(|size| *size >= few.len()).unwrap_or_default();
            let filled = (0..SIZES[size]).filter_map(|place| few.get(place).or(few.last()));
            let query = self.bound(size, filled);
            found.extend(match db {
                Db::Sqlite(_) => query.all::<R>(db).await?,
                // By the same plans as what is written in bulk.
                Db::Postgres(_) => {
                    let mut tx = db.begin_bulk().await?;
                    let found = query.all::<R>(&mut tx).await?;
                    tx.commit().await?;
                    found
                }
            });
        }
        Ok(found)
    }

    fn copied(&'static self) -> Query {
        let text = &self.texts().copied;
        sql_of_many(text, text)
    }

    /// The statement for the first of the rows that are left.
    fn next(&'static self, left: &mut &[T]) -> Option<Query> {
        let size = SIZES.iter().position(|size| *size <= left.len())?;
        let (few, rest) = left.split_at(SIZES[size]);
        *left = rest;
        Some(self.bound(size, few.iter()))
    }

    fn bound<'a>(&'static self, size: usize, rows: impl Iterator<Item = &'a T>) -> Query {
        let texts = self.texts();
        let (numbered, nameless) = &texts.bound[size];
        let bind = |query: Query, row| {
            texts.picked.iter().fold(query, |query, place| query.bind(self.shape.columns[*place].cell(row)))
        };
        rows.fold(sql_of_many(numbered, nameless), bind)
    }

    fn texts(&'static self) -> &'static Texts {
        self.texts.get_or_init(|| {
            let place = |name: &&str| self.shape.columns.iter().position(|column| column.name() == *name);
            let names = self.columns.join(", ");
            let with = |rows: &str| format!("WITH given ({names}) AS ({rows}) {}", self.text);
            Texts {
                bound: SIZES.map(|size| {
                    let numbered = self.values(size, |number| format!("${number}"));
                    (with(&numbered), with(&self.values(size, |_| "?".to_owned())))
                }),
                copied: with(&format!("SELECT {names} FROM {}", copy::table(self.shape.name))),
                picked: self.columns.iter().filter_map(place).collect(),
            }
        })
    }

    fn values(&self, rows: usize, place: impl Fn(usize) -> String) -> String {
        let width = self.columns.len();
        let row = |row: usize| {
            let places: Vec<_> = (1..=width).map(|column| place(row * width + column)).collect();
            format!("({})", places.join(", "))
        };
        format!("VALUES {}", (0..rows).map(row).collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{on_both, store::sql, transaction};

    type Kept = (i64, String, Vec<u8>);

    struct Fact {
        name: String,
        value: Option<String>,
        number: i64,
        bytes: Vec<u8>,
    }

    static FACTS: Shape<Fact> = Shape::new(
        "facts",
        &[
            Column::Text("name", |fact| Some(&fact.name)),
            Column::Text("value", |fact| fact.value.as_deref()),
            Column::Integer("number", |fact| Some(fact.number)),
            Column::Bytes("bytes", |fact| Some(&fact.bytes)),
        ],
    );
    static PUT: Bulk<Fact> = Bulk::new(
        &FACTS,
        &["name", "value"],
        "INSERT INTO facts (name, value) SELECT name, COALESCE(value, 'none') FROM given WHERE true
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    );
    static KEPT: Bulk<Fact> = Bulk::new(
        &FACTS,
        &["number", "name", "bytes"],
        "SELECT given.number, f.value, given.bytes FROM given CROSS JOIN facts f WHERE f.name = given.name",
    );

    fn facts(count: usize) -> Vec<Fact> {
        let fact = |number: usize| Fact {
            name: format!("n{number}"),
            value: (number != 7).then(|| format!("v\0{number}")),
            number: number as i64,
            bytes: vec![0, number as u8],
        };
        (0..count).map(fact).collect()
    }

    on_both!(rows_of_any_number_go_in_and_are_found_again, |test| {
        for count in [0, 1, 2, 3, 112, 1203] {
            let facts = facts(count);
            for _ in 0..2 {
                let (written, mut kept) = transaction!(test.db, bulk |tx| -> Result<(u64, Vec<Kept>)> {
                    let given = FACTS.give(tx, &facts).await?;
                    Ok((PUT.execute(tx, &given).await?, KEPT.all(tx, &given).await?))
                })
                .unwrap();
                assert_eq!(written, count as u64);
                kept.sort();
                let expected: Vec<_> = (0..count)
                    .map(|n| {
                        let value = if n == 7 { "none".into() } else { format!("v\u{FFFD}{n}") };
                        (n as i64, value, vec![0, n as u8])
                    })
                    .collect();
                assert_eq!(kept, expected);
            }
        }
        let (count,): (i64,) = sql("SELECT COUNT(*) FROM facts WHERE value <> 'x' AND name LIKE 'n%'")
            .one(&test.db)
            .await
            .unwrap();
        assert_eq!(count, 1203);
    });

    on_both!(a_set_of_rows_may_be_given_twice_in_a_transaction, |test| {
        let (many, few) = (facts(40), facts(5));
        let kept = transaction!(test.db, bulk |tx| -> Result<Vec<Kept>> {
            let given = FACTS.give(tx, &many).await?;
            PUT.execute(tx, &given).await?;
            let given = FACTS.give(tx, &few).await?;
            KEPT.all(tx, &given).await
        });
        assert_eq!(kept.unwrap().len(), 5);
    });

    on_both!(what_stands_alone_is_looked_up_in_few_statements, |test| {
        let facts = facts(131);
        transaction!(test.db, bulk |tx| -> Result<u64> {
            let given = FACTS.give(tx, &facts).await?;
            PUT.execute(tx, &given).await
        })
        .unwrap();
        for count in [1, 5, 10, 64, 131] {
            let mut found: Vec<Kept> = KEPT.look_up(&test.db, &facts[..count]).await.unwrap();
            found.sort();
            found.dedup();
            assert_eq!(found.len(), count);
        }
    });
}
