//! A batch of messages that a worker took, under a lease and in a turn of the channel's rate.

use super::{
    senders::Sender,
    store::{self, Due, GATES, LEASE, MESSAGES},
};
use crate::{
    portal::Portal,
    store::{Lease, Result, Turn},
    transaction,
};

pub struct Batch {
    pub lease: Lease,
    pub turn: Turn,
    /// The most urgent first; none while it is another process's turn, or the channel rests.
    pub due: Vec<Due>,
}

impl Batch {
    pub async fn take(portal: &Portal, sender: &Sender) -> Result<Self> {
        let (now, channel) = (portal.ambient.now(), sender.channel);
        let lease = Lease::new(&MESSAGES, portal.ambient.id(), LEASE, now);
        let (turn, due) = transaction!(portal.db()?, bulk |tx| -> Result<(Turn, Vec<Due>)> {
            let turn = match sender.per_second {
                Some(_) => GATES.turn(tx, channel.slug(), portal.ambient.now()).await?,
                None => Some(Turn::default()),
            };
            let Some(turn) = turn else { return Ok((Turn::default(), Vec::new())) };
            let due = store::lease(tx, &lease, channel, sender.batch, now).await?;
            if let Some(rate) = sender.per_second {
                GATES.spend(tx, channel.slug(), turn, due.len(), rate).await?;
            }
            Ok((turn, due))
        })?;
        Ok(Batch { lease, turn, due })
    }
}
