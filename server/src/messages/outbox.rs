//! The worker that empties the outbox. Any number of processes may run one.

use std::time::Duration;

use super::{
    file::{self, Line},
    store::{self, Due, TO_NOBODY},
};
use crate::{
    ambient::Millis,
    portal::Portal,
    settings::Messages,
    store::{Result, Tx},
    transaction,
};

/// How often the outbox is looked at when nobody calls.
const LOOK: Duration = Duration::from_secs(1);
/// About a day of trying.
const ATTEMPTS: i64 = 100;

/// Sends what is due until the portal stops. An outage of the database only makes it wait.
pub async fn run(portal: Portal) {
    while !portal.stopping.is_cancelled() {
        let full = match deliver(&portal).await {
            Ok(taken) => taken > 0,
            Err(error) => {
                // An outage is told by those who watch the database, not here every second.
                if !error.is_outage() {
                    tracing::warn!(%error, "the outbox could not be worked off");
                }
                false
            }
        };
        if full {
            continue;
        }
        tokio::select! {
            () = portal.stopping.cancelled() => {}
            () = portal.outbox.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Takes one batch of what is due and sends it; returns how many were taken.
pub async fn deliver(portal: &Portal) -> Result<usize> {
    let db = portal.db()?;
    let now = portal.ambient.now();
    if portal.settings.messages == Messages::Unset || !store::is_due(db, now).await? {
        return Ok(0);
    }
    let due = transaction!(db, bulk |tx| -> Result<Vec<Due>> { store::lease(tx, now).await })?;
    let outcomes = send(portal, &due, now).await;
    transaction!(db, bulk |tx| -> Result<()> {
        for (due, outcome) in due.iter().zip(&outcomes) {
            note(tx, due, outcome, now).await?;
        }
        Ok(())
    })?;
    Ok(due.len())
}

enum Outcome {
    Sent,
    Again,
    Failed(&'static str),
}

async fn note(tx: &mut Tx, due: &Due, outcome: &Outcome, now: Millis) -> Result<()> {
    match outcome {
        Outcome::Sent => store::mark_sent(tx, &due.id, now).await,
        Outcome::Again if due.attempts < ATTEMPTS => store::put_off(tx, &due.id, due.attempts, now).await,
        Outcome::Again => store::mark_failed(tx, &due.id, "could not be sent").await,
        Outcome::Failed(why) => store::mark_failed(tx, &due.id, why).await,
    }
}

/// Opens and sends a batch: one outcome for each message, in their order.
async fn send(portal: &Portal, due: &[Due], now: Millis) -> Vec<Outcome> {
    let opened: Vec<_> = due.iter().map(|due| open(portal, due, now)).collect();
    let lines: Vec<Line> = opened.iter().flatten().flatten().cloned().collect();
    let again = due.iter().any(|due| due.attempts > 1);
    let path = portal.settings.data_dir.join(file::NAME);
    let written = tokio::task::spawn_blocking(move || file::append(&path, &lines, again)).await;
    let written = written.unwrap_or_else(|stopped| Err(std::io::Error::other(stopped)));
    if let Err(error) = &written {
        tracing::warn!(%error, "messages could not be written to their file");
    }
    let outcome = |opened| match opened {
        Err(why) => Outcome::Failed(why),
        Ok(None) => Outcome::Sent,
        Ok(Some(_)) if written.is_ok() => Outcome::Sent,
        Ok(Some(_)) => Outcome::Again,
    };
    opened.into_iter().map(outcome).collect()
}

/// What to send: none for a row that goes to nobody; an error says why it never can be sent.
fn open(portal: &Portal, due: &Due, now: Millis) -> std::result::Result<Option<Line>, &'static str> {
    if due.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err("expired");
    }
    let sealed = due.text_sealed.as_deref().ok_or("its text is gone")?;
    let text =
        portal.master().open_small(&store::context(&due.id), sealed).map_err(|_| "it does not open")?;
    let text = String::from_utf8(text).map_err(|_| "it does not open")?;
    Ok((due.channel != TO_NOBODY).then(|| Line::of(due, text)))
}
