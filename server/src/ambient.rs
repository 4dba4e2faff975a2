//! Time and chance, passed in so that tests are exact.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use rand::{RngCore, SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// Milliseconds since 1970.
pub type Millis = i64;

pub const SECOND: Millis = 1_000;
pub const MINUTE: Millis = 60 * SECOND;
pub const HOUR: Millis = 60 * MINUTE;
pub const DAY: Millis = 24 * HOUR;

/// What `bin/test-faults` has otherwise, by its name in the environment: shorter times, and mutations. No release does.
pub fn for_test(name: &str) -> Option<i64> {
    if cfg!(debug_assertions) { std::env::var(name).ok()?.parse().ok() } else { None }
}

pub trait Clock: Send + Sync {
    fn now(&self) -> Millis;
}

pub trait Random: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// What an operation may know of the world beside its arguments.
#[derive(Clone)]
pub struct Ambient {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl Ambient {
    /// The machine's clock and the operating system's randomness.
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) }
    }

    /// A clock that stands at `now` and seeded randomness, for tests.
    pub fn fixed(now: Millis, seed: u64) -> (Self, Arc<FixedClock>) {
        let clock = Arc::new(FixedClock(AtomicI64::new(now)));
        let random = Arc::new(SeededRandom(Mutex::new(StdRng::seed_from_u64(seed))));
        (Self { clock: clock.clone(), random }, clock)
    }

    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }

    /// A new row's id: UUIDv7 (RFC 9562), so that ids sort by age.
    pub fn id(&self) -> String {
        let millis = u64::try_from(self.now()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid().to_string()
    }

    /// What no [`id`](Self::id) of this moment or later comes before.
    pub fn first_id_of(at: Millis) -> String {
        let millis = u64::try_from(at).unwrap_or_default();
        let (high, low) = ((millis >> 16) & 0xffff_ffff, millis & 0xffff);
        format!("{high:08x}-{low:04x}-7000-8000-000000000000")
    }

    /// A name that nobody can guess: 122 random bits.
    pub fn secret_id(&self) -> String {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid().to_string()
    }

    /// A number below `limit`, each as likely as any other (rejection sampling).
    pub fn below(&self, limit: u32) -> u32 {
        let zone = u32::MAX - u32::MAX % limit;
        loop {
            let drawn = u32::from_le_bytes(self.bytes());
            if drawn < zone {
                return drawn % limit;
            }
        }
    }
}

/// Reads an id made by [`Ambient::id`]; none for anything else.
pub fn parse_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Millis {
        jiff::Timestamp::now().as_millisecond()
    }
}

pub struct SystemRandom;

impl Random for SystemRandom {
    #[allow(clippy::disallowed_methods, reason = "the one place that asks for true randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// Stands still until it is set.
pub struct FixedClock(AtomicI64);

impl FixedClock {
    pub fn advance(&self, by: Millis) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}

struct SeededRandom(Mutex<StdRng>);

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_age() {
        let (ambient, clock) = Ambient::fixed(1_256_000_000_000, 1);
        let first = ambient.id();
        clock.advance(1);
        assert!(first < ambient.id());
    }

    #[test]
    fn ids_of_a_moment_come_after_its_first() {
        let now = 1_256_040_000_123;
        let (ambient, _) = Ambient::fixed(now, 1);
        let id = ambient.id();
        assert!(Ambient::first_id_of(now) <= id && id < Ambient::first_id_of(now + 1));
    }

    #[test]
    fn drawn_numbers_stay_below_their_limit() {
        let (ambient, _) = Ambient::fixed(0, 7);
        assert!((0..1000).all(|_| ambient.below(10) < 10));
    }
}
