//! Rates that hold over all processes: a row says when the next call may be made, and whoever takes calls moves it on.

use std::time::Duration;

use super::{Result, Tx, sql};
use crate::ambient::{Ambient, Millis, SECOND};

/// A table with a row for each of those who are called. Made by [`gates!`](crate::gates).
pub struct Gates {
    #[doc(hidden)]
    pub turn: &'static str,
    #[doc(hidden)]
    pub rest: &'static str,
}

/// The statements over a table with the column `next_at`, by the column that names who is called; the last text says what
/// else must hold for a turn.
#[macro_export]
macro_rules! gates {
    ($table:literal, $name:literal, $open:literal) => {
        $crate::store::Gates {
            turn: concat!(
                "UPDATE ",
                $table,
                " SET next_at = next_at WHERE ",
                $name,
                " = $1 AND next_at <= $2",
                $open,
                " RETURNING next_at"
            ),
            rest: concat!("UPDATE ", $table, " SET next_at = $2 WHERE ", $name, " = $1 AND next_at < $2"),
        }
    };
}

impl Gates {
    /// The next turn with one of them, which no other process takes before this transaction ends. None while it is held
    /// up, or the next turn is more than a second off.
    pub async fn turn(&self, tx: &mut Tx, name: &str, now: Millis) -> Result<Option<Turn>> {
        let next: Option<(Millis,)> = sql(self.turn).bind(name).bind(now + SECOND).optional(tx).await?;
        Ok(next.map(|(next,)| Turn { from: next.max(now) }))
    }

    /// Uses up so many calls of a turn, at so many a second.
    pub async fn spend(&self, tx: &mut Tx, name: &str, turn: Turn, calls: usize, rate: u32) -> Result<()> {
        self.rest_until(tx, name, turn.at(calls, rate)).await
    }

    /// Nobody calls it before `until`: it said so, or its rate does.
    pub async fn rest_until(&self, tx: &mut Tx, name: &str, until: Millis) -> Result<()> {
        sql(self.rest).bind(name).bind(until).execute(tx).await?;
        Ok(())
    }
}

/// The moment from which calls may be made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Turn {
    from: Millis,
}

impl Turn {
    /// Rounded up: never too many a second.
    fn at(self, call: usize, rate: u32) -> Millis {
        let rate = Millis::from(rate.max(1));
        self.from + (Millis::try_from(call).unwrap_or_default() * SECOND + rate - 1) / rate
    }

    /// Waits until call number `call` of the turn may be made, at so many a second; not at all without a rate.
    pub async fn wait(self, call: usize, rate: Option<u32>, ambient: &Ambient) {
        let Some(rate) = rate else { return };
        let wait = self.at(call, rate) - ambient.now();
        tokio::time::sleep(Duration::from_millis(u64::try_from(wait).unwrap_or_default())).await;
    }
}
