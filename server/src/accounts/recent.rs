//! What was read a moment ago, so that a signed-in page need not read it again.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::ambient::{Millis, SECOND};

/// How old an answer may be: what another process ends, ends here after this.
/// What this process ends is forgotten at once.
pub const FRESH: Millis = SECOND;
/// Entries before the old ones are swept out.
const ROOM: usize = 20_000;

pub struct Recent<K, V> {
    /// Raised with every change, so that what was read before one is not kept after it.
    changes: AtomicU64,
    entries: Mutex<HashMap<K, (Millis, V)>>,
}

/// Taken before reading; what was read is kept only if nothing changed meanwhile.
#[derive(Clone, Copy)]
pub struct Before(u64);

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { changes: AtomicU64::new(0), entries: Mutex::default() }
    }
}

impl<K: Hash + Eq, V: Clone> Recent<K, V> {
    pub fn get(&self, key: &K, now: Millis) -> Option<V> {
        self.entries().get(key).filter(|(at, _)| is_fresh(*at, now)).map(|(_, value)| value.clone())
    }

    pub fn before(&self) -> Before {
        Before(self.changes.load(Ordering::SeqCst))
    }

    pub fn keep(&self, before: Before, key: K, value: V, now: Millis) {
        let mut entries = self.entries();
        if self.changes.load(Ordering::SeqCst) != before.0 {
            return;
        }
        if entries.len() >= ROOM {
            entries.retain(|_, (at, _)| is_fresh(*at, now));
        }
        if entries.len() < ROOM {
            entries.insert(key, (now, value));
        }
    }

    pub fn forget(&self, key: &K) {
        let mut entries = self.entries();
        self.changes.fetch_add(1, Ordering::SeqCst);
        entries.remove(key);
    }

    pub fn forget_all(&self) {
        let mut entries = self.entries();
        self.changes.fetch_add(1, Ordering::SeqCst);
        entries.clear();
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<K, (Millis, V)>> {
        self.entries.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Also not when the clock went back.
fn is_fresh(at: Millis, now: Millis) -> bool {
    (0..FRESH).contains(&(now - at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_for_a_moment_and_never_across_a_change() {
        let recent = Recent::<&str, i64>::default();
        recent.keep(recent.before(), "a", 1, 0);
        assert_eq!(recent.get(&"a", FRESH - 1), Some(1));
        assert_eq!(recent.get(&"a", FRESH), None);
        assert_eq!(recent.get(&"a", -1), None);
        let before = recent.before();
        recent.forget(&"a");
        recent.keep(before, "a", 1, 0);
        assert_eq!(recent.get(&"a", 0), None);
    }
}
