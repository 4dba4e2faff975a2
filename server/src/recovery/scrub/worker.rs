//! The scrubber of `serve`: slow, one process at a time, going on where it was.

use std::time::Duration;

use super::{Kind, Pace, Pass, Scrub, ScrubError, Tally, store};
use crate::{
    ambient::{DAY, Millis},
    portal::Portal,
};

/// How long it rests when there is nothing to read, or another process reads.
const REST: Duration = Duration::from_secs(30);
/// A small population is not read round and round: a pass begins this long after the one before.
const BETWEEN: Millis = DAY;

/// Scrubs until the portal stops; not at all where the settings say 0 bytes a second.
pub async fn run(portal: Portal) {
    let rate = portal.settings.scrub_bytes_per_second;
    let who = portal.ambient.secret_id();
    let mut pace = Pace::of(rate, portal.stopping.clone());
    while rate > 0 && !portal.stopping.is_cancelled() {
        let busy = match step(&portal, &who, &mut pace).await {
            Ok(busy) => busy,
            Err(ScrubError::Store(error)) if error.is_outage() => false,
            Err(error) => {
                tracing::warn!(%error, "scrubbing rests");
                false
            }
        };
        if busy {
            continue;
        }
        tokio::select! {
            () = portal.stopping.cancelled() => {}
            () = tokio::time::sleep(REST) => {}
        }
    }
}

/// Reads one batch; false when there is nothing to do for now.
pub(super) async fn step(portal: &Portal, who: &str, pace: &mut Pace) -> Result<bool, ScrubError> {
    let (db, ambient) = (portal.db()?, &portal.ambient);
    if !store::lease(db, who, ambient.now()).await? {
        return Ok(false);
    }
    let scrub = Scrub { db, blobs: &portal.blobs, keyring: &portal.keyring, ambient };
    for kind in Kind::ALL {
        let mut pass = due_pass(&scrub, kind).await?;
        let mut tally = Tally::default();
        if scrub.batch(kind, &mut pass, pace, &mut tally).await? {
            return Ok(true);
        }
        if !pass.is_over() && !pace.is_stopping() {
            store::end_pass(db, kind, ambient.now()).await?;
            tracing::info!(kind = kind.slug(), "every blob of a kind was read back");
        }
    }
    Ok(false)
}

async fn due_pass(scrub: &Scrub<'_>, kind: Kind) -> Result<Pass, ScrubError> {
    let now = scrub.ambient.now();
    match store::pass(scrub.db, kind).await? {
        Some(pass) if !pass.is_over() || now - pass.began_at < BETWEEN => Ok(pass),
        _ => Ok(store::begin_pass(scrub.db, kind, now).await?),
    }
}
