//! The workers that empty the outbox, one for each channel. Any number of processes may run them.
//!
//! A worker takes a batch under a lease, which it extends while it sends, and notes each message only as long
//! as the lease is its own. Who finds a message whose lease ran out knows that it may have been sent.

use std::time::Duration;

use futures::{StreamExt, stream};

use super::{
    file::{self, Line},
    lease::Lease,
    senders::{Outcome, Outgoing, Sender, Way},
    store::{self, Due, TO_NOBODY},
    templates::Purpose,
    token::{Link, Tokens},
};
use crate::{portal::Portal, store::Result, transaction};

/// How often the outbox is looked at when nobody calls.
const LOOK: Duration = Duration::from_secs(1);
/// About a day of trying.
const ATTEMPTS: i64 = 100;
/// Messages on their way at a time.
const AT_ONCE: usize = 8;

/// Sends what is due until the portal stops. An outage of the database only makes it wait.
pub async fn run(portal: Portal) {
    let workers = portal.ways.all().iter().map(|sender| work(&portal, sender));
    tokio::join!(futures::future::join_all(workers), call_all(&portal));
}

/// A call wakes one waiter: here the one who passes it on to every worker.
async fn call_all(portal: &Portal) {
    loop {
        tokio::select! {
            () = portal.stopping.cancelled() => return,
            () = portal.outbox.notified() => portal.ways.all().iter().for_each(|sender| sender.wake.notify_one()),
        }
    }
}

async fn work(portal: &Portal, sender: &Sender) {
    while !portal.stopping.is_cancelled() {
        let full = match deliver_by(portal, sender).await {
            Ok(taken) => taken > 0,
            Err(error) => {
                // An outage is told by those who watch the database, not here every second.
                if !error.is_outage() {
                    tracing::warn!(%error, channel = sender.channel.slug(), "the outbox could not be worked off");
                }
                false
            }
        };
        if full {
            continue;
        }
        tokio::select! {
            () = portal.stopping.cancelled() => {}
            () = sender.wake.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Takes one batch of what is due in each channel and sends it; returns how many were taken.
pub async fn deliver(portal: &Portal) -> Result<usize> {
    let mut taken = 0;
    for sender in portal.ways.all() {
        taken += deliver_by(portal, sender).await?;
    }
    Ok(taken)
}

/// The same for one channel.
pub async fn deliver_by(portal: &Portal, sender: &Sender) -> Result<usize> {
    let now = portal.ambient.now();
    if sender.rests(now) || !store::is_due(portal.db()?, sender.channel, now).await? {
        return Ok(0);
    }
    let (lease, due) = Lease::take(portal, sender).await?;
    if due.is_empty() {
        return Ok(0);
    }
    tokio::select! {
        done = send(portal, sender, &lease, &due) => done?,
        never = lease.keep(portal) => match never {},
    }
    Ok(due.len())
}

async fn send(portal: &Portal, sender: &Sender, lease: &Lease, due: &[Due]) -> Result<()> {
    if let Way::File(path) = &sender.way {
        let outcomes = to_file(portal, path, due).await;
        return transaction!(portal.db()?, bulk |tx| -> Result<()> {
            for (due, outcome) in due.iter().zip(&outcomes) {
                store::note(tx, lease.id(), due, outcome, ATTEMPTS, portal.ambient.now()).await?;
            }
            Ok(())
        });
    }
    let each: Vec<_> = due.iter().map(|due| send_one(portal, sender, lease, due)).collect();
    let noted: Vec<Result<()>> = stream::iter(each).buffer_unordered(AT_ONCE).collect().await;
    noted.into_iter().collect()
}

async fn send_one(portal: &Portal, sender: &Sender, lease: &Lease, due: &Due) -> Result<()> {
    // Past its end another worker may be sending it.
    if !lease.is_held(portal.ambient.now()) {
        return Ok(());
    }
    let outcome = match open(portal, due).await? {
        Opened::Send(text) => sender.send(&outgoing(portal, due, text)).await,
        Opened::Nothing => Outcome::Sent { provider_id: None },
        Opened::Never(why) => Outcome::Refused { why: why.to_owned(), address: false },
    };
    tell(due, &outcome);
    transaction!(portal.db()?, bulk |tx| -> Result<()> {
        store::note(tx, lease.id(), due, &outcome, ATTEMPTS, portal.ambient.now()).await
    })
}

/// What an operator needs to see: never to whom, or what.
fn tell(due: &Due, outcome: &Outcome) {
    let (id, channel, attempts) = (&due.id, &due.channel, due.attempts);
    match outcome {
        Outcome::Sent { .. } => {}
        Outcome::NotYet { why, .. } => {
            tracing::warn!(message = id, channel, attempts, why, "a message was not sent yet")
        }
        Outcome::Doubtful { why } => {
            tracing::warn!(message = id, channel, attempts, why, "whether a message was sent is not known")
        }
        Outcome::Refused { why, .. } => {
            tracing::warn!(message = id, channel, attempts, why, "a message can never be sent")
        }
    }
}

fn outgoing<'a>(portal: &Portal, due: &'a Due, text: String) -> Outgoing<'a> {
    let (tokens, base) = (Tokens::new(portal.master()), &portal.settings.base_url);
    let news = due.urgency == Purpose::News.urgency();
    let stop = |id: &String| format!("{base}/messages/stop/{}", tokens.sign(Link::Stop, id));
    Outgoing {
        due,
        text,
        unsubscribe: due.subscriber_id.as_ref().filter(|_| news).map(stop),
        report_to: format!("{base}/messages/status/{}", tokens.sign(Link::Status, &due.id)),
        now: portal.ambient.now(),
    }
}

async fn to_file(portal: &Portal, path: &std::path::Path, due: &[Due]) -> Vec<Outcome> {
    let mut opened = Vec::with_capacity(due.len());
    for due in due {
        opened.push(match open(portal, due).await {
            Ok(opened) => opened,
            // Asked again with the next batch.
            Err(error) => return vec![Outcome::not_yet(error); opened.capacity()],
        });
    }
    let line = |(due, opened): (&Due, &Opened)| match opened {
        Opened::Send(text) => Some(Line::of(due, text.clone())),
        _ => None,
    };
    let lines: Vec<Line> = due.iter().zip(&opened).filter_map(line).collect();
    let again = due.iter().any(|due| due.attempts > 1);
    let path = path.to_owned();
    let written = tokio::task::spawn_blocking(move || file::append(&path, &lines, again)).await;
    let written = written.unwrap_or_else(|stopped| Err(std::io::Error::other(stopped)));
    if let Err(error) = &written {
        tracing::warn!(%error, "messages could not be written to their file");
    }
    let outcome = |opened| match opened {
        Opened::Never(why) => Outcome::Refused { why: String::from(why), address: false },
        Opened::Nothing => Outcome::Sent { provider_id: None },
        Opened::Send(_) => match &written {
            Ok(()) => Outcome::Sent { provider_id: None },
            Err(error) => Outcome::not_yet(error),
        },
    };
    opened.into_iter().map(outcome).collect()
}

enum Opened {
    Send(String),
    /// A row that goes to nobody.
    Nothing,
    Never(&'static str),
}

async fn open(portal: &Portal, due: &Due) -> Result<Opened> {
    if due.expires_at.is_some_and(|expires_at| expires_at <= portal.ambient.now()) {
        return Ok(Opened::Never("expired"));
    }
    let Some(sealed) = due.text_sealed.as_deref() else { return Ok(Opened::Never("its text is gone")) };
    let text = portal.master().open_small(&store::context(&due.id), sealed).ok();
    let Some(text) = text.and_then(|text| String::from_utf8(text).ok()) else {
        return Ok(Opened::Never("it does not open"));
    };
    if due.channel == TO_NOBODY {
        return Ok(Opened::Nothing);
    }
    if due.urgency > Purpose::Security.urgency() && store::is_unreachable(portal.db()?, due).await? {
        return Ok(Opened::Never("messages to this address come back"));
    }
    Ok(Opened::Send(text))
}
