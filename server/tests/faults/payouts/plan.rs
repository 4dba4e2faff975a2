//! How much happens, and by which seed.

use std::{fmt, time::Duration};

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::stage::FREE_MONTH;

/// Those who claim too late to find anything left of the budget.
pub const TOO_LATE: usize = 3;

#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub people: usize,
    /// How often a server is killed.
    pub kills: usize,
    /// How often the database goes away.
    pub stops: usize,
    /// How often nobody can connect to the provider.
    pub away: usize,
    /// How often a server is killed while it carries out the automatic run; none: there is no such run.
    pub kills_in_run: Option<usize>,
    /// Whether people take claims back and choose other ways.
    pub second_thoughts: bool,
    /// A mutation: the servers send again without asking first.
    pub forgets_to_ask: bool,
    /// A mutation: the servers do not look whether a remedy is claimed already.
    pub forgets_to_look: bool,
    /// A mutation: the database lets everything in.
    pub without_constraints: bool,
    /// How long orders may take once nothing is broken any more.
    pub patience: Duration,
}

impl Plan {
    pub fn short() -> Self {
        Self {
            seed: number("SEED").unwrap_or_else(any),
            people: number("PEOPLE").unwrap_or(70),
            kills: number("KILLS").unwrap_or(12),
            stops: 1,
            away: 1,
            kills_in_run: Some(3),
            second_thoughts: true,
            forgets_to_ask: false,
            forgets_to_look: false,
            without_constraints: false,
            patience: Duration::from_secs(120),
        }
    }

    pub fn long() -> Self {
        Self {
            people: number("PEOPLE").unwrap_or(2_000),
            kills: number("KILLS").unwrap_or(200),
            stops: 12,
            away: 12,
            kills_in_run: Some(30),
            patience: Duration::from_secs(900),
            ..Self::short()
        }
    }

    /// How many of a remedy the budget has room for. The automatic run has a month for everybody. Who is late finds no card
    /// left; where some take theirs back the room is so small that others wait for it.
    pub fn room(&self, remedy: &str) -> usize {
        match remedy == FREE_MONTH.0 {
            true if self.kills_in_run.is_some() => self.people,
            false if self.second_thoughts => self.people * 3 / 4,
            _ => self.people - TOO_LATE,
        }
    }

    /// What chance decides for one part of the run, apart from the others.
    pub fn chance(&self, part: u64) -> StdRng {
        StdRng::seed_from_u64(self.seed ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}", self.seed)
    }
}

/// `MAKEGOOD_TEST_FAULTS_NAME`, as `bin/test-faults` sets it.
fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(format!("MAKEGOOD_TEST_FAULTS_{name}")).ok()?.parse().ok()
}

#[allow(clippy::disallowed_methods, reason = "another run, another seed; it is printed")]
fn any() -> u64 {
    rand::rng().random_range(1..1_000_000)
}
