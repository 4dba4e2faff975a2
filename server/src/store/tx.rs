//! Transactions that are safe on both engines.

use std::time::Duration;

use sqlx::{Postgres, SqlSafeStr, Sqlite, Transaction};

use super::{Db, Result, turn::Turn};

/// An open transaction; dropped without [`Tx::commit`], it is rolled back.
pub enum Tx {
    /// Without a turn when it only reads.
    Sqlite {
        tx: Transaction<'static, Sqlite>,
        turn: Option<Turn>,
    },
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite { tx, turn } => {
                tx.commit().await?;
                drop(turn);
                Ok(())
            }
            Tx::Postgres(tx) => Ok(tx.commit().await?),
        }
    }
}

impl Tx {
    /// Waits until no other transaction has taken this turn; it ends with the transaction. On SQLite
    /// every transaction is alone anyway. For READ COMMITTED work that reads what it then changes.
    pub async fn take_turn(&mut self, turn: TurnOf) -> Result<()> {
        if let Tx::Postgres(tx) = self {
            sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(turn as i64).execute(&mut **tx).await?;
        }
        Ok(())
    }
}

/// What PostgreSQL's advisory locks stand for, each by a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum TurnOf {
    /// Writing down what is imported.
    Intake = 0x6d67_0001,
}

impl Db {
    /// A transaction that may decide on what it reads: `BEGIN IMMEDIATE`, or
    /// SERIALIZABLE. Use [`transaction!`](crate::transaction), which runs it again when it lost a race.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_as(DECIDING).await
    }

    /// A transaction whose statements each stand alone (`ON CONFLICT`), for bulk work.
    pub async fn begin_bulk(&self) -> Result<Tx> {
        self.begin_as(BULK).await
    }

    /// A transaction that only reads, and sees everything as it stood at one moment. It keeps no writer waiting.
    pub async fn begin_reading(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite(pools) => Tx::Sqlite { tx: pools.read.begin().await?, turn: None },
            Db::Postgres(pool) => Tx::Postgres(pool.begin_with(READING).await?),
        })
    }

    async fn begin_as(&self, postgres: &'static str) -> Result<Tx> {
        match self {
            Db::Sqlite(pools) => {
                let connection = pools.write.acquire().await?;
                let turn = pools.turnstile.take().await?;
                let tx = Transaction::begin(connection, Some("BEGIN IMMEDIATE".into_sql_str())).await?;
                Ok(Tx::Sqlite { tx, turn: Some(turn) })
            }
            Db::Postgres(pool) => Ok(Tx::Postgres(pool.begin_with(postgres).await?)),
        }
    }
}

/// Whoever decides on what they read looks rows up by an index, and so stands in the way of nobody else. A table read
/// whole, which is what PostgreSQL prefers while it knows of no rows in it, stands in the way of everyone who writes
/// there: the first claims of all lost 20 races each, and came at a quarter of the rate.
const DECIDING: &str =
    "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL enable_seqscan = off; SET LOCAL jit = off";

/// While a bulk load fills the tables PostgreSQL knows little of them: left to itself it reads a table whole to join a
/// handful of rows. Rows are looked up one by one, by the indexes, which are in memory; compiling a plan would take
/// longer than running it. Plans are kept, though: the check of a foreign key would be planned anew for each row.
const BULK: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL enable_hashjoin = off; \
                    SET LOCAL enable_mergejoin = off; SET LOCAL enable_material = off; \
                    SET LOCAL random_page_cost = 1; SET LOCAL jit = off; SET LOCAL client_min_messages = warning";

const READING: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How often a transaction that lost a race is run again.
pub const ATTEMPTS: usize = 20;

/// Lets the others through before attempt number `attempt + 1`: each waits a random part of a span that doubles,
/// up to a quarter of a second. Forty people who claim at once all lose races that nobody meant.
pub async fn pause(attempt: usize) {
    #[allow(clippy::disallowed_methods, reason = "who waits how long decides nothing")]
    let part = rand::Rng::random_range(&mut rand::rng(), 0..=LONGEST_PAUSE_MS.min(1 << attempt.min(10)));
    tokio::time::sleep(Duration::from_millis(part)).await;
}

const LONGEST_PAUSE_MS: u64 = 250;

/// Runs a body in a transaction, again when it lost a race, and commits.
///
/// `transaction!(db, |tx| -> Result<T> { …; Ok(value) })`: the result's error must be
/// made from [`store::Error`](crate::store::Error) and implement [`Retry`](crate::store::Retry).
/// `bulk |tx|` is [`Db::begin_bulk`](crate::store::Db::begin_bulk).
#[macro_export]
macro_rules! transaction {
    ($db:expr, |$tx:ident| -> $result:ty $body:block) => {
        $crate::transaction!(@run $db, begin, $tx, $result, $body)
    };
    ($db:expr, bulk |$tx:ident| -> $result:ty $body:block) => {
        $crate::transaction!(@run $db, begin_bulk, $tx, $result, $body)
    };
    (@run $db:expr, $begin:ident, $tx:ident, $result:ty, $body:block) => {{
        let mut attempt = 0;
        loop {
            attempt += 1;
            let outcome: $result = async {
                let mut transaction = $db.$begin().await?;
                let $tx = &mut transaction;
                let inner: $result = async { $body }.await;
                let value = inner?;
                transaction.commit().await?;
                Ok(value)
            }
            .await;
            match outcome {
                Err(error) if attempt < $crate::store::ATTEMPTS && $crate::store::Retry::retry(&error) => {
                    $crate::store::pause(attempt).await
                }
                outcome => break outcome,
            }
        }
    }};
}
