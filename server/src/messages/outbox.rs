//! The workers that empty the outbox, one for each channel. Any number of processes may run them.
//!
//! A worker takes a batch under a lease, which it extends while it sends. It begins and notes each message only as long
//! as that one is under its lease. Who finds a message whose lease ran out knows that it may have been sent.

use std::time::Duration;

use futures::{StreamExt, stream};

use super::{
    batch::Batch,
    file::{self, Line},
    second_look,
    senders::{Outcome, Outgoing, Sender, Way},
    store::{self, Due, GATES, TO_NOBODY},
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
    let db = portal.db()?;
    if !store::is_due(db, sender.channel, portal.ambient.now()).await? {
        return Ok(0);
    }
    let batch = Batch::take(portal, sender).await?;
    if !batch.due.is_empty() {
        batch.lease.during(db, &portal.ambient, send(portal, sender, &batch)).await?;
    }
    Ok(batch.due.len() + batch.aside)
}

/// Sends what of the batch is under its lease still, and notes what became of each.
pub(super) async fn send(portal: &Portal, sender: &Sender, batch: &Batch) -> Result<()> {
    if let Way::File(path) = &sender.way {
        return send_to_file(portal, path, batch).await;
    }
    let each: Vec<_> = (0..batch.due.len()).map(|place| send_one(portal, sender, batch, place)).collect();
    let mut noting = stream::iter(each).buffer_unordered(AT_ONCE);
    let mut outcome = Ok(());
    // One that could not be noted keeps the others from nothing: its lease ends, and it is in doubt.
    while let Some(noted) = noting.next().await {
        outcome = outcome.and(noted);
    }
    outcome
}

async fn send_one(portal: &Portal, sender: &Sender, batch: &Batch, place: usize) -> Result<()> {
    let (db, due) = (portal.db()?, &batch.due[place]);
    batch.turn.wait(place, sender.per_second, &portal.ambient).await;
    // Another worker may be sending it by now.
    if !batch.lease.held(db, portal.ambient.now()).await?.contains(&due.id) {
        return Ok(());
    }
    let outcome = match open(portal, due).await? {
        Opened::Send(text) => sender.send(&outgoing(portal, due, text)).await,
        Opened::Nothing => Outcome::Sent { provider_id: None },
        Opened::Never(why) => Outcome::Refused { why: why.to_owned(), address: false },
        Opened::Changed => Outcome::Changed,
    };
    tell(due, &outcome);
    let now = portal.ambient.now();
    let noted = transaction!(db, bulk |tx| -> Result<bool> {
        if let Outcome::NotYet { after: Some(after), .. } = &outcome {
            GATES.rest_until(tx, sender.channel.slug(), now + after).await?;
        }
        store::note(tx, &batch.lease, due, &outcome, ATTEMPTS, now).await
    })?;
    if !noted {
        tracing::warn!(
            message = due.id,
            "what became of a message was not noted: its worker held it no more"
        );
    }
    Ok(())
}

async fn send_to_file(portal: &Portal, path: &std::path::Path, batch: &Batch) -> Result<()> {
    let db = portal.db()?;
    let held = batch.lease.held(db, portal.ambient.now()).await?;
    let due: Vec<&Due> = batch.due.iter().filter(|due| held.contains(&due.id)).collect();
    let outcomes = to_file(portal, path, &due).await;
    transaction!(db, bulk |tx| -> Result<()> {
        for (due, outcome) in due.iter().zip(&outcomes) {
            store::note(tx, &batch.lease, due, outcome, ATTEMPTS, portal.ambient.now()).await?;
        }
        Ok(())
    })
}

/// What an operator needs to see: never to whom, or what.
fn tell(due: &Due, outcome: &Outcome) {
    let (id, channel, attempts) = (&due.id, &due.channel, due.attempts);
    match outcome {
        Outcome::Sent { .. } | Outcome::Changed => {}
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

async fn to_file(portal: &Portal, path: &std::path::Path, due: &[&Due]) -> Vec<Outcome> {
    let mut opened = Vec::with_capacity(due.len());
    for due in due {
        opened.push(match open(portal, due).await {
            Ok(opened) => opened,
            // Asked again with the next batch.
            Err(error) => return vec![Outcome::not_yet(error); opened.capacity()],
        });
    }
    let line = |(due, opened): (&&Due, &Opened)| match opened {
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
        Opened::Changed => Outcome::Changed,
        Opened::Send(_) => match &written {
            Ok(()) => Outcome::Sent { provider_id: None },
            // Some of it may be on the disk.
            Err(error) => Outcome::doubtful(error),
        },
    };
    opened.into_iter().map(outcome).collect()
}

enum Opened {
    Send(String),
    /// A row that goes to nobody.
    Nothing,
    Never(&'static str),
    /// Whoever takes it next looks at it anew.
    Changed,
}

async fn open(portal: &Portal, due: &Due) -> Result<Opened> {
    if due.expires_at.is_some_and(|expires_at| expires_at <= portal.ambient.now()) {
        return Ok(Opened::Never("expired"));
    }
    let text = match due.text(portal.master()) {
        Ok(text) => text,
        Err(why) => return Ok(Opened::Never(why)),
    };
    if due.channel == TO_NOBODY {
        return Ok(Opened::Nothing);
    }
    // It was looked at when it was taken: since then others of the batch were sent, and one may have come back.
    Ok(if second_look::holds(portal, due).await? { Opened::Send(text) } else { Opened::Changed })
}
