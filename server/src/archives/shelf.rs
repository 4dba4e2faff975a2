//! What a process remembers of editions: the layouts of those in use, and what is being made.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, Weak},
};

use archive::Layout;
use tokio::sync::{Mutex as Turn, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use super::{
    Part,
    editions::Edition,
    harm,
    manifest::{Kept, Manifest, ManifestError},
};
use crate::{
    portal::Portal,
    store::{blobs::BlobError, keys::DataKey},
    web,
};

/// Layouts kept at the most …
const PLANS: usize = 64;
/// … and entries of all of them together: each takes some 300 bytes.
const ENTRIES: usize = 200_000;
/// Editions that a process makes at once.
const MAKERS: usize = 4;

/// A ZIP laid out, ready to be sent: where each of its bytes comes from.
pub struct Plan {
    pub layout: Layout,
    /// For each entry, which blob and where in it.
    pub places: Vec<(u32, u64)>,
    pub blobs: Vec<Kept>,
}

impl Plan {
    pub fn of(manifest: Manifest) -> Result<Self, ManifestError> {
        if !manifest.is_in_place() {
            return Err(ManifestError::Place);
        }
        let layout = manifest.layout()?;
        let places = manifest.entries.iter().map(|entry| (entry.blob, entry.offset)).collect();
        Ok(Self { layout, places, blobs: manifest.blobs })
    }

    fn weight(&self) -> usize {
        self.places.len() + self.blobs.len()
    }
}

type Turns = HashMap<(String, Part), Weak<Turn<()>>>;

/// One for each process.
pub struct Shelf {
    plans: Mutex<VecDeque<(String, Arc<Plan>)>>,
    /// Of those that are being made or waited for, by whose and which.
    turns: Mutex<Turns>,
    makers: Arc<Semaphore>,
    /// Reading an edition through is for one at a time.
    pub readers: Arc<Semaphore>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            plans: Mutex::default(),
            turns: Mutex::default(),
            makers: Arc::new(Semaphore::new(MAKERS)),
            readers: Arc::new(Semaphore::new(1)),
        }
    }
}

/// The turn to make an edition, with a place among the makers.
pub struct Making {
    _turn: OwnedMutexGuard<()>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Shelf {
    /// Waits for the turn to make an edition. Who wants the same one waits for the same turn, so that a
    /// process makes it once; the table's unique number keeps several processes apart.
    pub async fn turn(&self, subscriber: &str, part: Part) -> Making {
        // First the turn: who waits for the same edition takes no place from others.
        let turn = self.turn_of(subscriber, part).lock_owned().await;
        // The semaphore is never closed.
        Making { _turn: turn, _place: self.makers.clone().acquire_owned().await.ok() }
    }

    fn turn_of(&self, subscriber: &str, part: Part) -> Arc<Turn<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        turns.retain(|_, turn| turn.strong_count() > 0);
        let kept = turns.entry((subscriber.to_owned(), part)).or_default();
        kept.upgrade().unwrap_or_else(|| {
            let turn = Arc::new(Turn::new(()));
            *kept = Arc::downgrade(&turn);
            turn
        })
    }

    fn get(&self, edition: &str) -> Option<Arc<Plan>> {
        let mut plans = self.plans();
        let at = plans.iter().position(|(id, _)| id == edition)?;
        let found = plans.remove(at)?;
        let plan = found.1.clone();
        plans.push_front(found);
        Some(plan)
    }

    /// Keeps a layout, and lets go of those that were used longest ago.
    fn put(&self, edition: &str, plan: Arc<Plan>) {
        let mut plans = self.plans();
        plans.retain(|(id, _)| id != edition);
        plans.push_front((edition.to_owned(), plan));
        let weight = |plans: &VecDeque<(String, Arc<Plan>)>| {
            plans.iter().map(|(_, plan)| plan.weight()).sum::<usize>()
        };
        while plans.len() > 1 && (plans.len() > PLANS || weight(&plans) > ENTRIES) {
            plans.pop_back();
        }
    }

    fn plans(&self) -> MutexGuard<'_, VecDeque<(String, Arc<Plan>)>> {
        self.plans.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// The layout of an edition, remembered or read. One that cannot be read any more is marked, so that a new edition is
/// offered.
pub async fn plan(portal: &Portal, edition: &Edition, key: &DataKey) -> web::Result<Arc<Plan>> {
    if let Some(plan) = portal.shelf.get(&edition.id) {
        return Ok(plan);
    }
    match read(portal, edition, key).await {
        Ok(plan) => {
            let plan = Arc::new(plan);
            portal.shelf.put(&edition.id, plan.clone());
            Ok(plan)
        }
        Err(error) => {
            let error = harm::met(portal, edition, &edition.manifest, error).await;
            Err(if harm::is_damage(&error) { web::Error::DamagedEdition } else { error.into() })
        }
    }
}

async fn read(portal: &Portal, edition: &Edition, key: &DataKey) -> Result<Plan, BlobError> {
    let length = edition.manifest_bytes.unsigned_abs();
    let kept = portal.blobs.read_whole(&edition.manifest, key, length).await?;
    let reading = tokio::task::spawn_blocking(move || Plan::of(Manifest::decode(&kept)?));
    let plan = reading.await.map_err(|error| BlobError::Sync(std::io::Error::other(error)))?;
    let plan = plan.map_err(|error| unfit(edition, &error))?;
    // What was promised under this tag is what is sent, or nothing.
    if plan.layout.len() != edition.bytes.unsigned_abs() {
        return Err(unfit(edition, &"its length is not what it was"));
    }
    Ok(plan)
}

/// It opens, and no ZIP follows from it: as good as damaged.
fn unfit(edition: &Edition, why: &dyn std::fmt::Display) -> BlobError {
    tracing::error!(edition = edition.id, %why, "a manifest makes no ZIP");
    BlobError::Content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(entries: usize) -> Arc<Plan> {
        let layout = Layout::new(Vec::new()).unwrap();
        Arc::new(Plan { layout, places: vec![(0, 0); entries], blobs: Vec::new() })
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let shelf = Shelf::default();
        for edition in ["a", "b", "c"] {
            shelf.put(edition, plan(ENTRIES / 3));
        }
        assert!(shelf.get("a").is_some());
        shelf.put("d", plan(ENTRIES / 3));
        assert!(shelf.get("b").is_none());
        assert!(["a", "c", "d"].iter().all(|edition| shelf.get(edition).is_some()));
        shelf.put("huge", plan(2 * ENTRIES));
        assert!(shelf.get("huge").is_some() && shelf.get("a").is_none());
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let shelf = Shelf::default();
        (0..PLANS + 5).for_each(|n| shelf.put(&n.to_string(), plan(1)));
        assert_eq!(shelf.plans().len(), PLANS);
    }

    #[tokio::test]
    async fn one_persons_editions_hold_nobody_elses() {
        let shelf = Shelf::default();
        let large = shelf.turn("a", Part::Everything).await;
        for other in 0..50 {
            shelf.turn(&other.to_string(), Part::Everything).await;
        }
        let same = std::pin::pin!(shelf.turn("a", Part::Everything));
        assert!(futures::poll!(same).is_pending(), "the same one is waited for");
        drop(large);
        shelf.turn("b", Part::Everything).await;
        assert_eq!(shelf.makers.available_permits(), MAKERS);
    }
}
