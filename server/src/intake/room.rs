//! Room in memory for what is on its way in, counted by bytes and not by heads: a thousand notes or a few photos.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of files and rows that are on their way at once. Sealed they are there once more for a moment.
pub const ROOM: u64 = 64 << 20;
/// What one permit stands for; the smallest file takes so much too, for what goes with it.
const UNIT: u64 = 4 << 10;

/// Shared by all that is on its way in one import.
#[derive(Clone)]
pub struct Room(Arc<Semaphore>);

/// So much room is taken, until this is dropped.
pub struct Taken {
    _permit: OwnedSemaphorePermit,
}

impl Room {
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new((ROOM / UNIT) as usize)))
    }

    /// Waits until there is room for so many bytes; whoever wants more than all waits until nobody else has any.
    /// For threads that may block. None when the import is over.
    pub fn take(&self, bytes: u64) -> Option<Taken> {
        let units = (bytes.min(ROOM - UNIT) / UNIT + 1) as u32;
        let permit = tokio::runtime::Handle::current().block_on(self.0.clone().acquire_many_owned(units));
        permit.ok().map(|permit| Taken { _permit: permit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_larger_than_all_room_waits_for_it_and_gets_it() {
        let room = Room::new();
        let left = |room: &Room| room.0.available_permits() as u64 * UNIT;
        for bytes in [0, 1, ROOM, 100 * ROOM] {
            let taker = room.clone();
            let taken = tokio::task::spawn_blocking(move || taker.take(bytes)).await.unwrap();
            assert_eq!(left(&room), ROOM - (bytes.min(ROOM - UNIT) / UNIT + 1) * UNIT);
            drop(taken);
            assert_eq!(left(&room), ROOM);
        }
    }
}
