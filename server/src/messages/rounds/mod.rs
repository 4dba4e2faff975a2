//! What is told to everybody whom it concerns: data that was opened, a remedy that can be claimed, what comes late.
//!
//! A [`Round`] is a row. It goes over people in batches, each one transaction that takes the row, writes the messages of
//! the next people and moves the round's mark: killed anywhere, it goes on from there in any process, and nobody is
//! written to twice.

mod late;
mod offered;
mod opened;
mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use store::Round;

pub use opened::wanted as data_opens;

use crate::{
    ambient::Millis,
    incident::{Incident, Remedy},
    portal::Portal,
    store::{Result, Stride},
    transaction,
};

/// How often it is looked whether a round is due.
const LOOK: Duration = Duration::from_secs(5);

/// What a round tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Opened,
    Offered,
    Late,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Opened, Kind::Offered, Kind::Late];

    fn slug(self) -> &'static str {
        match self {
            Kind::Opened => "data-opened",
            Kind::Offered => "remedy-open",
            Kind::Late => "payout-late",
        }
    }
}

/// What a batch came to.
struct Walked {
    /// The last that was looked at.
    reached: String,
    looked: usize,
    /// Messages written.
    told: u64,
    next: Next,
}

enum Next {
    /// There may be more.
    Batch,
    /// All were looked at; others may be there from this moment on.
    Later(Millis),
    Nothing,
}

/// Works rounds off until the portal stops.
pub async fn run(portal: Portal) {
    let mut stride = Stride::default();
    while !portal.stopping.is_cancelled() {
        match step(&portal, &mut stride).await {
            Ok(true) => continue,
            Ok(false) => {}
            // An outage is told by those who watch the database.
            Err(error) if error.is_outage() => {}
            Err(error) => tracing::error!(%error, "people could not be told what concerns many"),
        }
        tokio::select! {
            () = portal.stopping.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Carries the next batch of each round out that is due; whether one of them has more.
async fn step(portal: &Portal, stride: &mut Stride) -> Result<bool> {
    prepare(portal).await?;
    for round in store::due(portal.db()?, portal.ambient.now()).await? {
        if batch(portal, &round, stride).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes down the rounds that the incident file asks for.
async fn prepare(portal: &Portal) -> Result<()> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let known = store::of_remedies(db).await?;
    for remedy in &portal.incident.remedies {
        let (about, late) = (about(&portal.incident, remedy), late::due_at(remedy, now));
        let promise = remedy.arrives_within_days.map(|days| format!("{about}/{days}"));
        for (kind, about, due_at) in [
            (Kind::Offered, about.clone(), offered::due_at(remedy, now)),
            (Kind::Late, promise.unwrap_or_default(), late),
            (Kind::Late, about, late),
        ] {
            let Some(due_at) = due_at else { continue };
            if known.iter().any(|(known, of)| known == kind.slug() && *of == about) {
                continue;
            }
            let id = portal.ambient.id();
            transaction!(db, bulk |tx| -> Result<()> { store::want(tx, &id, kind, &about, due_at).await })?;
        }
    }
    Ok(())
}

/// False when it is another process's, or this one cannot carry it out.
async fn batch(portal: &Portal, round: &Round, stride: &mut Stride) -> Result<bool> {
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.slug() == round.kind) else { return Ok(false) };
    let remedy = portal.incident.remedies.iter().find_map(|remedy| {
        let rest = round.about.strip_prefix(&about(&portal.incident, remedy))?;
        let promise = rest.strip_prefix('/').and_then(|days| days.parse().ok());
        (rest.is_empty() || promise.is_some()).then_some((remedy, promise))
    });
    let (db, began) = (portal.db()?, portal.ambient.now());
    let expected = if kind == Kind::Late { late::expected(portal).await? } else { Vec::new() };
    let walked = transaction!(db, bulk |tx| -> Result<Option<Walked>> {
        let Some(round) = store::take(tx, &round.id, began).await? else { return Ok(None) };
        let (after, most) = (round.reached.as_str(), stride.rows());
        let walked = match (kind, remedy) {
            (Kind::Opened, _) => opened::tell(tx, portal, after, most).await?,
            (Kind::Offered, Some((remedy, _))) => offered::tell(tx, portal, remedy, after, most).await?,
            (Kind::Late, Some(remedy)) => late::tell(tx, portal, remedy, &expected, after, most).await?,
            // A process with another incident file has that remedy, as while a new version is rolled out.
            (_, None) => return Ok(None),
        };
        store::advance(tx, &round.id, &walked, began).await?;
        Ok(Some(walked))
    })?;
    let Some(walked) = walked else { return Ok(false) };
    stride.lasted(db, portal.ambient.now() - began);
    if walked.told > 0 {
        portal.outbox.notify_one();
    }
    if matches!(walked.next, Next::Nothing)
        && let Some((looked, told)) = store::came_to(db, &round.id).await?
    {
        tracing::info!(
            round = round.kind,
            about = round.about,
            looked,
            told,
            "everybody whom it concerns was written to"
        );
    }
    Ok(matches!(walked.next, Next::Batch))
}

/// How a round names a remedy; behind it may stand `/14`, the days that were promised.
fn about(incident: &Incident, remedy: &Remedy) -> String {
    format!("{}/{}", incident.id.as_str(), remedy.id.as_str())
}
