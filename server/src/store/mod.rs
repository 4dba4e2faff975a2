//! The two engines behind one face.
//!
//! A statement is one static text for SQLite and PostgreSQL: [`sql`]. It runs
//! on a [`Db`] (a single read) or in a [`Tx`] (anything that writes).

mod bulk;
mod copy;
mod engine;
mod lease;
mod many;
mod marker;
mod place;
mod query;
mod rate;
mod stride;
mod turn;
mod tx;

pub mod blobs;
pub mod keep;
pub mod keyring;
pub mod keys;
pub mod rotation;
pub mod seal;
#[cfg(test)]
pub mod testing;

pub use bulk::{Bulk, Column, Given, Shape};
pub use engine::{Db, IfAbsent, OpenError};
pub use lease::{Lease, Leased};
pub use many::{Many, next_rows};
pub use marker::MARKER;
pub use query::{On, Query, Row, Value, sql, sql_of_engines};
pub use rate::{Gates, Turn};
pub use stride::{HOLD, Stride};
pub use tx::{ATTEMPTS, TurnOf, Tx, pause};

/// What can go wrong between the portal and its database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database said: {0}")]
    Sqlx(#[from] sqlx::Error),
    #[error("the database file's turn lock could not be taken: {0}")]
    Turn(std::io::Error),
    #[error("the database could not be reached since the start")]
    Unavailable,
    #[error(
        "a data key is wrapped by another master key than this process has: a rotation is unfinished, or over"
    )]
    OtherKey,
    #[error("the person was erased")]
    Erased,
    #[error("a stored value is not what this version wrote: {0}")]
    Corrupt(String),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The transaction lost a race and may be run again from its start.
    pub fn is_retryable(&self) -> bool {
        let Error::Sqlx(sqlx::Error::Database(database)) = self else { return false };
        // PostgreSQL: serialization_failure, deadlock_detected. SQLite: BUSY and its extended codes.
        matches!(database.code().as_deref(), Some("40001" | "40P01" | "5" | "517" | "261"))
    }

    /// A unique constraint said no.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Error::Sqlx(sqlx::Error::Database(database)) if database.is_unique_violation())
    }

    /// A row names another that is not there.
    pub fn is_foreign_key_violation(&self) -> bool {
        matches!(self, Error::Sqlx(sqlx::Error::Database(database)) if database.is_foreign_key_violation())
    }

    /// The database cannot be reached, as against a statement that failed.
    pub fn is_outage(&self) -> bool {
        matches!(
            self,
            Error::Unavailable
                | Error::OtherKey
                | Error::Turn(_)
                | Error::Sqlx(
                    sqlx::Error::Io(_)
                        | sqlx::Error::PoolTimedOut
                        | sqlx::Error::PoolClosed
                        | sqlx::Error::Tls(_)
                )
        ) || matches!(self, Error::Sqlx(sqlx::Error::Database(database))
            if matches!(database.code().as_deref(), Some("5" | "14" | "10" | "26" | "57P01" | "57P03" | "53300")))
    }
}

/// An error that knows whether its transaction is worth running again.
pub trait Retry {
    fn retry(&self) -> bool;
}

impl Retry for Error {
    fn retry(&self) -> bool {
        self.is_retryable()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{on_both, transaction};

    on_both!(values_of_each_type_come_back, |test| {
        let db = &test.db;
        let name: String = transaction!(db, |tx| -> Result<String> {
            sql("INSERT INTO keyrings (holder, master, wrapped) VALUES ($1, 'm', $2)")
                .bind("h")
                .bind(&[1u8, 2])
                .execute(tx)
                .await?;
            Ok("h".to_owned())
        })
        .unwrap();
        let row: (String, Vec<u8>) =
            sql("SELECT holder, wrapped FROM keyrings WHERE holder = $1").bind(name).one(db).await.unwrap();
        assert_eq!(row, ("h".to_owned(), vec![1, 2]));
        let count: (i64, Option<i64>) =
            sql("SELECT COUNT(*), CAST(SUM(count) AS BIGINT) FROM changes").one(db).await.unwrap();
        assert_eq!(count, (0, None));
    });

    on_both!(a_nul_that_somebody_sends_is_no_error, |test| {
        let row: Option<(String,)> = sql("SELECT holder FROM keyrings WHERE holder = $1")
            .bind("a\0b")
            .optional(&test.db)
            .await
            .unwrap();
        assert_eq!(row, None);
    });

    on_both!(a_transaction_that_fails_leaves_nothing, |test| {
        let db = &test.db;
        let outcome = transaction!(db, |tx| -> Result<()> {
            sql("INSERT INTO facts (name, value) VALUES ($1, $2)").bind("a").bind("b").execute(tx).await?;
            Err(Error::Corrupt("on purpose".to_owned()))
        });
        assert!(outcome.is_err());
        let rows: Vec<(String,)> = sql("SELECT name FROM facts WHERE name = 'a'").all(db).await.unwrap();
        assert!(rows.is_empty());
    });

    on_both!(counters_raised_at_once_lose_nothing, |test| {
        let raise = |db: Db| async move {
            for _ in 0..10 {
                transaction!(db, |tx| -> Result<()> {
                    let row: Option<(i64,)> =
                        sql("SELECT count FROM changes WHERE name = 'n'").optional(&mut *tx).await?;
                    sql("INSERT INTO changes (name, count) VALUES ('n', $1) ON CONFLICT (name) DO UPDATE SET count = excluded.count")
                        .bind(row.map_or(1, |(count,)| count + 1))
                        .execute(tx)
                        .await?;
                    Ok(())
                })
                .unwrap();
            }
        };
        let tasks: Vec<_> = (0..4).map(|_| tokio::spawn(raise(test.db.clone()))).collect();
        futures::future::join_all(tasks).await.into_iter().for_each(|done| done.unwrap());
        let (count,): (i64,) = sql("SELECT count FROM changes").one(&test.db).await.unwrap();
        assert_eq!(count, 40);
    });
}
