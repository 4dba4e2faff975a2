//! How many rows a batch takes: as many as it may without keeping others waiting.

use super::Db;
use crate::ambient::Millis;

/// SQLite has one writer: a transaction is over after this long, so that a sign-in never waits on bulk work.
pub const HOLD: Millis = 40;
/// On PostgreSQL a batch keeps nobody waiting but whoever needs the same rows.
const LONG: Millis = 500;
/// Rows of the first batch; how long it lasts decides on the next.
const FIRST: i64 = 100;
/// Rows of one batch at the most: they are in memory together.
const MOST: i64 = 5_000;

/// The size of the next batch.
pub struct Stride(i64);

impl Default for Stride {
    fn default() -> Self {
        Stride(FIRST)
    }
}

impl Stride {
    pub fn of(rows: i64) -> Self {
        Stride(rows)
    }

    pub fn rows(&self) -> i64 {
        self.0
    }

    /// Half as many; false when it is one row alone.
    pub fn halve(&mut self) -> bool {
        let could = self.0 > 1;
        self.0 = (self.0 / 2).max(1);
        could
    }

    /// Twice as many rows while a batch is short, half as many when it lasted too long.
    pub fn lasted(&mut self, db: &Db, time: Millis) {
        let (long, most) = match db {
            Db::Sqlite(_) => (HOLD, db.rows_at_once() as i64),
            Db::Postgres(_) => (LONG, MOST),
        };
        if time > long {
            self.halve();
        } else if time < long / 2 {
            self.0 = (self.0 * 2).min(most);
        }
    }
}
