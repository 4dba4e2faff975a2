//! A worker's hold on rows that it took: kept by a heartbeat, known to be lost, and a fence for what is done under it.
//!
//! Another worker may take the rows over when the lease has run out. Then its former holder may be a process that was
//! stopped for a while and does not know. So nothing is begun without asking the lease, which looks at its own clock
//! first and then at the row, and what is written of a row says `WHERE lease = $token`.

use std::{
    collections::HashSet,
    future::Future,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use super::{Db, Result, sql};
use crate::{
    ambient::{Ambient, Millis},
    transaction,
};

/// A table whose rows are leased: it has `id`, `lease` and `leased_until`. Made by [`leased!`](crate::leased).
pub struct Leased {
    pub table: &'static str,
    #[doc(hidden)]
    pub extend: &'static str,
    #[doc(hidden)]
    pub held: &'static str,
}

/// The statements of leases on a table.
#[macro_export]
macro_rules! leased {
    ($table:literal) => {
        $crate::store::Leased {
            table: $table,
            extend: concat!("UPDATE ", $table, " SET leased_until = $2 WHERE lease = $1"),
            held: concat!("SELECT id FROM ", $table, " WHERE lease = $1"),
        }
    };
}

pub struct Lease {
    rows: &'static Leased,
    token: String,
    span: Millis,
    until: AtomicI64,
}

impl Lease {
    /// For rows that are taken in this moment, with this token and until [`Lease::until`].
    pub fn new(rows: &'static Leased, token: String, span: Millis, now: Millis) -> Self {
        Lease { rows, token, span, until: AtomicI64::new(now + span) }
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// When others may take the rows over; 0 once nothing is held.
    pub fn until(&self) -> Millis {
        self.until.load(Ordering::Relaxed)
    }

    /// Whether there is time to begin something: nothing is begun in its last tenth.
    pub fn has_time(&self, now: Millis) -> bool {
        now < self.until() - self.span / 10
    }

    /// The rows with which something may be begun: none when its time is over, and not those that others have by now.
    pub async fn held(&self, db: &Db, now: Millis) -> Result<HashSet<String>> {
        if !self.has_time(now) {
            return Ok(HashSet::new());
        }
        let rows: Vec<(String,)> = sql(self.rows.held).bind(&self.token).all(db).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Extends it for what is under it still; false when that is nothing, and then it stays lost.
    pub async fn extend(&self, db: &Db, now: Millis) -> Result<bool> {
        let until = now + self.span;
        let held = transaction!(db, bulk |tx| -> Result<u64> {
            sql(self.rows.extend).bind(&self.token).bind(until).execute(tx).await
        })?;
        self.until.store(if held > 0 { until } else { 0 }, Ordering::Relaxed);
        Ok(held > 0)
    }

    /// Does `work`, and extends the lease meanwhile. Three times that may fail before it runs out.
    pub async fn during<T>(&self, db: &Db, ambient: &Ambient, work: impl Future<Output = T>) -> T {
        tokio::select! {
            done = work => done,
            // What was begun is finished all the same: who else could say what became of it?
            never = self.beat(db, ambient) => match never {},
        }
    }

    async fn beat(&self, db: &Db, ambient: &Ambient) -> std::convert::Infallible {
        let every = Duration::from_millis(u64::try_from(self.span / 4).unwrap_or_default());
        loop {
            tokio::time::sleep(every).await;
            if let Err(error) = self.extend(db, ambient.now()).await
                // An outage is told by those who watch the database.
                && !error.is_outage()
            {
                tracing::warn!(%error, table = self.rows.table, "a lease could not be extended");
            }
        }
    }
}
