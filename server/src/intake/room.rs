//! Room in memory for what is on its way in, counted by bytes and not by heads: a thousand notes or a few photos.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of files and rows that are on their way at once. Sealed they are there once more for a moment.
pub const ROOM: u64 = 64 << 20;
/// What one permit stands for; the smallest file takes so much too, for what goes with it.
const UNIT: u64 = 4 << 10;

/// Shared by all that take of it.
#[derive(Clone)]
pub struct Room {
    free: Arc<Semaphore>,
    units: u32,
}

/// So much room is taken, until this is dropped.
pub struct Taken {
    _permit: OwnedSemaphorePermit,
}

impl Room {
    /// So many bytes, and one unit at the least.
    pub fn of(bytes: u64) -> Self {
        let units = u32::try_from(bytes / UNIT).unwrap_or(u32::MAX).max(1);
        Self { free: Arc::new(Semaphore::new(units as usize)), units }
    }

    /// Waits until there is room for so many bytes; whoever wants more than all waits until nobody else has any, and
    /// whoever comes later waits behind them. None when the import is over.
    pub async fn wait(&self, bytes: u64) -> Option<Taken> {
        let units = u32::try_from(bytes / UNIT + 1).unwrap_or(u32::MAX).min(self.units);
        let permit = self.free.clone().acquire_many_owned(units).await;
        permit.ok().map(|permit| Taken { _permit: permit })
    }

    /// The same for threads that may block.
    pub fn take(&self, bytes: u64) -> Option<Taken> {
        tokio::runtime::Handle::current().block_on(self.wait(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_larger_than_all_room_waits_for_it_and_gets_it() {
        let room = Room::of(ROOM);
        let left = |room: &Room| room.free.available_permits() as u64 * UNIT;
        for bytes in [0, 1, ROOM, 100 * ROOM] {
            let taker = room.clone();
            let taken = tokio::task::spawn_blocking(move || taker.take(bytes)).await.unwrap();
            assert_eq!(left(&room), ROOM - (bytes.min(ROOM - UNIT) / UNIT + 1) * UNIT);
            drop(taken);
            assert_eq!(left(&room), ROOM);
        }
    }

    #[tokio::test]
    async fn what_is_large_is_alone_and_what_is_small_is_not() {
        let room = Room::of(10 * UNIT);
        let small = [room.wait(UNIT).await, room.wait(UNIT).await];
        let mut large = Box::pin(room.wait(100 * UNIT));
        assert!(futures::poll!(&mut large).is_pending());
        let mut late = Box::pin(room.wait(0));
        assert!(futures::poll!(&mut late).is_pending(), "it would keep the large one waiting for ever");
        drop(small);
        let large = large.await;
        assert!(futures::poll!(&mut late).is_pending());
        drop(large);
        assert!(late.await.is_some());
    }
}
