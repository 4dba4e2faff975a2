//! One statement with its values, for either engine.

use sqlx::{
    Postgres, Sqlite,
    postgres::{PgArguments, PgRow},
    query::{Query as Prepared, QueryAs},
    sqlite::{SqliteArguments, SqliteRow},
};

use super::{Db, Result, Tx};

/// A value to bind. Columns are text, 64-bit integers and bytes, nothing else.
#[derive(Clone, Debug)]
pub enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! into_value {
    ($($from:ty => |$value:ident| $into:expr),+ $(,)?) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $into
            }
        })+
    };
}

into_value! {
    &str => |value| Value::Text(Some(value.to_owned())),
    String => |value| Value::Text(Some(value)),
    &String => |value| Value::Text(Some(value.clone())),
    Option<String> => |value| Value::Text(value),
    Option<&str> => |value| Value::Text(value.map(str::to_owned)),
    i64 => |value| Value::Integer(Some(value)),
    Option<i64> => |value| Value::Integer(value),
    Vec<u8> => |value| Value::Bytes(Some(value)),
    &[u8] => |value| Value::Bytes(Some(value.to_vec())),
    Option<Vec<u8>> => |value| Value::Bytes(value),
    app::Category => |value| Value::Text(Some(value.slug().to_owned())),
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(value: &[u8; N]) -> Self {
        Value::Bytes(Some(value.to_vec()))
    }
}

impl Value {
    /// PostgreSQL's text has no NUL, and people and networks send some: they become U+FFFD on both engines.
    fn storable(self) -> Self {
        match self {
            Value::Text(Some(text)) if text.contains('\0') => {
                Value::Text(Some(text.replace('\0', "\u{FFFD}")))
            }
            value => value,
        }
    }
}

/// A type that reads a row of either engine: derive `sqlx::FromRow`.
pub trait Row:
    for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where
    T: for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin
{
}

/// A statement that is not yet run.
#[must_use = "a query does nothing until it is run"]
pub struct Query {
    text: &'static str,
    /// The same with `?` for `$1`: SQLite takes `$1` for a name, and looks names up one by one.
    nameless: &'static str,
    values: Vec<Value>,
}

/// A statement: one text for both engines, values bound as `$1`, `$2` ….
pub fn sql(text: &'static str) -> Query {
    Query { text, nameless: text, values: Vec::new() }
}

/// A statement with a text for each engine: only to be had from [`Many`](super::Many), which makes both from one.
pub(super) fn sql_of_many(text: &'static str, nameless: &'static str) -> Query {
    Query { text, nameless, values: Vec::new() }
}

/// A statement that takes rows which nobody else is taking: PostgreSQL passes over those that another transaction holds
/// (`FOR UPDATE SKIP LOCKED`), SQLite has one writer. The text stands in two parts, around that place. Where it has a
/// `LIMIT`, it is to be in a `WITH … AS MATERIALIZED`, so that it runs once.
#[macro_export]
macro_rules! sql_skipping_locked {
    ($before:literal, $after:literal) => {
        $crate::store::sql_of_engines(
            concat!($before, " FOR UPDATE SKIP LOCKED ", $after),
            concat!($before, " ", $after),
        )
    };
}

/// A read of rows that nobody removes before the transaction ends: PostgreSQL locks them (`FOR KEY SHARE`, which keeps
/// only a removal waiting), SQLite has one writer.
#[macro_export]
macro_rules! sql_keeping_rows {
    ($text:literal) => {
        $crate::store::sql_of_engines(concat!($text, " FOR KEY SHARE"), $text)
    };
}

/// For [`sql_skipping_locked!`](crate::sql_skipping_locked) and [`sql_keeping_rows!`](crate::sql_keeping_rows) alone.
#[doc(hidden)]
pub fn sql_of_engines(postgres: &'static str, sqlite: &'static str) -> Query {
    Query { text: postgres, nameless: sqlite, values: Vec::new() }
}

/// Where a statement runs.
pub enum On<'a> {
    Db(&'a Db),
    Tx(&'a mut Tx),
}

impl On<'_> {
    /// The same place, for one more statement.
    pub fn again(&mut self) -> On<'_> {
        match self {
            On::Db(db) => On::Db(db),
            On::Tx(tx) => On::Tx(tx),
        }
    }
}

impl<'a> From<&'a Db> for On<'a> {
    fn from(db: &'a Db) -> Self {
        On::Db(db)
    }
}

impl<'a> From<&'a mut Tx> for On<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        On::Tx(tx)
    }
}

/// Runs `$call` on whichever connection there is.
macro_rules! run {
    ($query:expr, $on:expr, $bind:ident, |$prepared:ident, $executor:ident| $call:expr) => {{
        let Query { text, nameless, values } = $query;
        match $on.into() {
            On::Db(Db::Sqlite(pools)) => {
                let ($prepared, $executor) = ($bind::sqlite(nameless, values), &pools.read);
                $call
            }
            On::Db(Db::Postgres(pool)) => {
                let ($prepared, $executor) = ($bind::postgres(text, values), pool);
                $call
            }
            On::Tx(Tx::Sqlite { tx, .. }) => {
                let ($prepared, $executor) = ($bind::sqlite(nameless, values), &mut **tx);
                $call
            }
            On::Tx(Tx::Postgres(tx)) => {
                let ($prepared, $executor) = ($bind::postgres(text, values), &mut **tx);
                $call
            }
        }
    }};
}

impl Query {
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into().storable());
        self
    }

    /// Runs it; returns the number of rows changed. For writes: in a transaction only.
    pub async fn execute(self, tx: &mut Tx) -> Result<u64> {
        let Query { text, nameless, values } = self;
        Ok(match tx {
            Tx::Sqlite { tx, .. } => {
                plain::sqlite(nameless, values).execute(&mut **tx).await?.rows_affected()
            }
            Tx::Postgres(tx) => plain::postgres(text, values).execute(&mut **tx).await?.rows_affected(),
        })
    }

    pub async fn all<T: Row>(self, on: impl Into<On<'_>>) -> Result<Vec<T>> {
        Ok(run!(self, on, typed, |prepared, executor| prepared.fetch_all(executor).await)?)
    }

    pub async fn one<T: Row>(self, on: impl Into<On<'_>>) -> Result<T> {
        Ok(run!(self, on, typed, |prepared, executor| prepared.fetch_one(executor).await)?)
    }

    pub async fn optional<T: Row>(self, on: impl Into<On<'_>>) -> Result<Option<T>> {
        Ok(run!(self, on, typed, |prepared, executor| prepared.fetch_optional(executor).await)?)
    }
}

#[cfg(test)]
impl Query {
    /// How the engine means to run it, a step in a line.
    pub async fn plan(self, tx: &mut Tx) -> Result<String> {
        let explained = |how: &str, text: &str| -> &'static str { format!("{how} {text}").leak() };
        let text = explained("EXPLAIN", self.text);
        let nameless = explained("EXPLAIN QUERY PLAN", self.nameless);
        let query = Query { text, nameless, values: self.values };
        let steps: Vec<String> = match tx {
            Tx::Sqlite { .. } => {
                let rows: Vec<(i64, i64, i64, String)> = query.all(tx).await?;
                rows.into_iter().map(|(.., step)| step).collect()
            }
            Tx::Postgres(_) => {
                let rows: Vec<(String,)> = query.all(tx).await?;
                rows.into_iter().map(|(step,)| step).collect()
            }
        };
        Ok(steps.join("\n"))
    }
}

macro_rules! bind_each {
    ($prepared:expr, $values:expr) => {
        $values.into_iter().fold($prepared, |prepared, value| match value {
            Value::Text(value) => prepared.bind(value),
            Value::Integer(value) => prepared.bind(value),
            Value::Bytes(value) => prepared.bind(value),
        })
    };
}

mod plain {
    use super::*;

    pub fn sqlite(text: &'static str, values: Vec<Value>) -> Prepared<'static, Sqlite, SqliteArguments> {
        bind_each!(sqlx::query(text), values)
    }

    pub fn postgres(text: &'static str, values: Vec<Value>) -> Prepared<'static, Postgres, PgArguments> {
        bind_each!(sqlx::query(text), values)
    }
}

mod typed {
    use super::*;

    pub fn sqlite<T: Row>(
        text: &'static str,
        values: Vec<Value>,
    ) -> QueryAs<'static, Sqlite, T, SqliteArguments> {
        bind_each!(sqlx::query_as(text), values)
    }

    pub fn postgres<T: Row>(
        text: &'static str,
        values: Vec<Value>,
    ) -> QueryAs<'static, Postgres, T, PgArguments> {
        bind_each!(sqlx::query_as(text), values)
    }
}
