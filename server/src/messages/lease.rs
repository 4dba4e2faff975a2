//! A worker's hold on a batch of messages.

use std::{
    convert::Infallible,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use super::{
    senders::Sender,
    store::{self, Due, LEASE},
};
use crate::{
    ambient::{Millis, SECOND},
    portal::Portal,
    store::Result,
    transaction,
};

/// How often it is extended: three times may fail before it ends.
const EVERY: Duration = Duration::from_secs(8);
/// Nothing is begun that soon before it ends.
const MARGIN: Millis = 3 * SECOND;

pub struct Lease {
    id: String,
    until: AtomicI64,
}

impl Lease {
    /// Takes what is due, the most urgent first.
    pub async fn take(portal: &Portal, sender: &Sender) -> Result<(Self, Vec<Due>)> {
        let (id, now) = (portal.ambient.id(), portal.ambient.now());
        let due = transaction!(portal.db()?, bulk |tx| -> Result<Vec<Due>> {
            store::lease(tx, &id, sender.channel, sender.batch, now).await
        })?;
        Ok((Lease { id, until: AtomicI64::new(now + LEASE) }, due))
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether there is time to begin something under it.
    pub fn is_held(&self, now: Millis) -> bool {
        now < self.until.load(Ordering::Relaxed) - MARGIN
    }

    /// Extends it for as long as it is polled.
    pub async fn keep(&self, portal: &Portal) -> Infallible {
        loop {
            tokio::time::sleep(EVERY).await;
            if let Err(error) = self.extend(portal).await
                && !error.is_outage()
            {
                tracing::warn!(%error, "the hold on a batch of messages could not be extended");
            }
        }
    }

    /// Extends it, for what of the batch is still under it.
    pub async fn extend(&self, portal: &Portal) -> Result<()> {
        let until = portal.ambient.now() + LEASE;
        transaction!(portal.db()?, bulk |tx| -> Result<()> { store::extend(tx, &self.id, until).await })?;
        self.until.store(until, Ordering::Relaxed);
        Ok(())
    }
}
