//! A batch of messages that a worker took, under a lease and in a turn of the channel's rate.

use super::{
    second_look,
    senders::Sender,
    store::{self, Due, GATES, LEASE, MESSAGES},
    templates::Purpose,
};
use crate::{
    ambient::Millis,
    portal::Portal,
    store::{Lease, Result, Turn, Tx},
    transaction,
};

/// How often a batch is filled up in one transaction, where what was taken for it may not go: at the beginning of a night
/// that is much at a time, and it takes no turns of the rate.
const FILLINGS: usize = 8;

pub struct Batch {
    pub lease: Lease,
    pub turn: Turn,
    /// The most urgent first; none while it is another process's turn, or the channel rests.
    pub due: Vec<Due>,
    /// How many were taken besides that may not go, or not yet.
    pub aside: usize,
}

impl Batch {
    pub async fn take(portal: &Portal, sender: &Sender) -> Result<Self> {
        let (now, channel) = (portal.ambient.now(), sender.channel);
        let lease = Lease::new(&MESSAGES, portal.ambient.id(), LEASE, now);
        let (turn, due, aside) = transaction!(portal.db()?, bulk |tx| -> Result<(Turn, Vec<Due>, usize)> {
            let turn = match sender.per_second {
                Some(_) => GATES.turn(tx, channel.slug(), portal.ambient.now()).await?,
                None => Some(Turn::default()),
            };
            let Some(turn) = turn else { return Ok((Turn::default(), Vec::new(), 0)) };
            let (due, aside) = fill(tx, portal, sender, &lease, now).await?;
            if let Some(rate) = sender.per_second {
                GATES.spend(tx, channel.slug(), turn, due.len(), rate).await?;
            }
            Ok((turn, due, aside))
        })?;
        Ok(Batch { lease, turn, due, aside })
    }
}

/// What is due and may go; and how many are due and may not. What is more urgent than a notice waits for no second filling.
async fn fill(
    tx: &mut Tx,
    portal: &Portal,
    sender: &Sender,
    lease: &Lease,
    now: Millis,
) -> Result<(Vec<Due>, usize)> {
    let (mut due, mut aside) = (Vec::new(), 0);
    for _ in 0..FILLINGS {
        let room = sender.batch - i64::try_from(due.len()).unwrap_or(sender.batch);
        let taken = store::lease(tx, lease, sender.channel, room, now).await?;
        let count = taken.len();
        let kept = second_look::sort(tx, portal, lease, taken).await?;
        let all_go = kept.len() == count;
        aside += count - kept.len();
        due.extend(kept);
        if all_go || due.iter().any(|due: &Due| due.urgency < Purpose::Notice.urgency()) {
            break;
        }
    }
    Ok((due, aside))
}
