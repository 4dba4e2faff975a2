//! Drives to its end what an interrupted command left: erasures, and what a retired master key wrapped.

use std::time::Duration;

use super::{EraseError, finish, store};
use crate::{
    ambient::{DAY, Millis},
    portal::Portal,
    store::rotation,
};

const EVERY: Duration = Duration::from_secs(60);
/// How long after an erasure an import that was under way may still leave a blob.
const LATE: Millis = DAY;

/// Looks once a minute until the portal stops. Any number of processes may: deleting twice is harmless.
pub async fn run(portal: Portal) {
    while !portal.stopping.is_cancelled() {
        if let Err(error) = look(&portal).await
            && !matches!(&error, EraseError::Store(error) if error.is_outage())
        {
            tracing::warn!(%error, "an erasure or a rotation could not be finished; it is tried again");
        }
        tokio::select! {
            () = portal.stopping.cancelled() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

pub(super) async fn look(portal: &Portal) -> Result<(), EraseError> {
    let db = portal.db()?;
    finish(db, &portal.blobs, &portal.ambient).await?;
    for subscriber in store::erased_since(db, portal.ambient.now() - LATE).await? {
        portal.blobs.delete_all(&subscriber).await?;
    }
    rotation::sweep(db).await?;
    Ok(())
}
