//! The worker that carries approved runs out. Any number of processes may run one; a run is with one at a time.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Run, RunState,
    give::{Entitled, GiveError, Made, give},
    people, store, version,
};
use crate::{
    ambient::{Millis, SECOND, for_test},
    incident::Remedy,
    portal::Portal,
    remedies::{deciding, store as claims},
    store::{Error, Result, Retry, Stride, Tx},
    transaction,
};

/// How often it is looked whether a run may begin.
const LOOK: Duration = Duration::from_secs(1);
/// A worker that has not finished a batch by then is taken for dead. Each batch extends it.
pub(super) const LEASE: Millis = 30 * SECOND;

/// Shorter among faults, so that a run is soon taken over.
fn lease_span() -> Millis {
    for_test("MAKEGOOD_TEST_LEASE_MS").unwrap_or(LEASE)
}

/// Fewer among faults, so that a small run has many batches.
fn at_most(people: i64) -> i64 {
    for_test("MAKEGOOD_TEST_BATCH").map_or(people, |fewer| people.min(fewer))
}

/// Longer among faults, so that a run is not over before it can be harmed.
async fn rest() {
    if let Some(rest) = for_test("MAKEGOOD_TEST_BATCH_REST_MS") {
        tokio::time::sleep(Duration::from_millis(rest.unsigned_abs())).await;
    }
}

/// Carries out what is approved until the portal stops.
pub async fn run(portal: Portal) {
    let mut told = BTreeSet::new();
    while !portal.stopping.is_cancelled() {
        match next(&portal, &mut told).await {
            Ok(true) => continue,
            Ok(false) => {}
            // An outage is told by those who watch the database.
            Err(error) if error.is_outage() => {}
            Err(error) => tracing::error!(%error, "an automatic run could not be carried out"),
        }
        tokio::select! {
            () = portal.stopping.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Carries the next run out. One that is not what this process's file says waits for a process of another file, as while
/// a new version is rolled out; `told` are those of which the log says so already.
pub(super) async fn next(portal: &Portal, told: &mut BTreeSet<String>) -> Result<bool> {
    for run in store::waiting(portal.db()?, portal.ambient.now()).await? {
        if let Some(why) = in_the_way(portal, &run).await? {
            if told.insert(run.id.clone()) {
                tracing::error!(run = run.id, remedy = run.remedy, "an automatic run waits: {why}");
            }
        } else if carry_out(portal, &run.id, |_| ()).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Why a run that is approved and due is not carried out here.
pub async fn in_the_way(portal: &Portal, run: &Run) -> Result<Option<&'static str>> {
    if still(portal, run).is_none() {
        return Ok(Some("the incident file is not what was approved: see /staff/automatic"));
    }
    portal.other_currencies.read(portal.db()?, &portal.incident).await?;
    if portal.other_currencies.has(&run.remedy) {
        return Ok(Some("the currency of its remedy was changed: see `makegood doctor`"));
    }
    if claims::waits_since_restore(portal.db()?, &run.incident, &run.remedy).await? {
        return Ok(Some(
            "of claims before it nobody knows since the restore whether they were given: see `makegood payouts \
             after-restore --go-on`",
        ));
    }
    Ok(None)
}

/// Carries a run out to its end, or until it is paused, stopped or taken over; `progress` sees it after each batch.
/// None: it may not be carried out, or another process has it. Those who claimed and wait for the budget come first.
pub async fn carry_out(portal: &Portal, id: &str, progress: impl Fn(&Run)) -> Result<Option<Run>> {
    deciding::go_on(portal).await?;
    let Some(mut worker) = Worker::take(portal, id).await? else { return Ok(None) };
    loop {
        if portal.stopping.is_cancelled() {
            worker.let_go().await?;
            break;
        }
        match worker.batch().await? {
            Step::Further => {
                if let Some(run) = store::of_id(portal.db()?, id).await? {
                    progress(&run);
                }
                rest().await;
            }
            Step::Over => break,
        }
    }
    store::of_id(portal.db()?, id).await
}

/// Whoever carries a run out.
pub(super) struct Worker<'a> {
    portal: &'a Portal,
    remedy: &'a Remedy,
    id: String,
    lease: String,
    /// People of the next batch.
    stride: Stride,
    /// When the last batch ended.
    since: Millis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Further,
    /// It is done, or not ours any more.
    Over,
}

/// How a batch ends that gave nothing.
#[derive(Debug, thiserror::Error)]
enum Halt {
    #[error(transparent)]
    Give(#[from] GiveError),
    #[error("more people are entitled than were approved")]
    MoreThanApproved,
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Halt::Give(error.into())
    }
}

impl Retry for Halt {
    /// A number that was drawn before is drawn anew.
    fn retry(&self) -> bool {
        matches!(self, Halt::Give(GiveError::Store(error)) if error.is_retryable() || error.is_unique_violation())
    }
}

impl<'a> Worker<'a> {
    /// Takes a run whose remedy is still what was approved. One of another file is left as it is.
    pub(super) async fn take(portal: &'a Portal, id: &str) -> Result<Option<Self>> {
        let (db, now) = (portal.db()?, portal.ambient.now());
        let known = store::of_id(db, id).await?;
        let Some(run) = known else { return Ok(None) };
        if in_the_way(portal, &run).await?.is_some() {
            return Ok(None);
        }
        let Some(remedy) = still(portal, &run) else { return Ok(None) };
        let lease = portal.ambient.secret_id();
        let taken = transaction!(db, bulk |tx| -> Result<bool> {
            let taken = store::take(tx, id, &lease, now, now + lease_span()).await?;
            if taken {
                store::keep_terms(tx, remedy, now).await?;
            }
            Ok(taken)
        })?;
        Ok(taken.then(|| Worker {
            portal,
            remedy,
            id: id.to_owned(),
            lease,
            stride: Stride::default(),
            since: now,
        }))
    }

    /// Gives to the next people, in one transaction.
    pub(super) async fn batch(&mut self) -> Result<Step> {
        let (portal, db) = (self.portal, self.portal.db()?);
        let began = portal.ambient.now();
        let outcome =
            transaction!(db, bulk |tx| -> std::result::Result<Step, Halt> { self.write(tx, began).await });
        let now = portal.ambient.now();
        self.since = now;
        match outcome {
            Ok(step) => {
                self.stride.lasted(db, now - began);
                if step == Step::Further {
                    portal.outbox.notify_one();
                }
                Ok(step)
            }
            Err(Halt::Give(GiveError::Store(error))) => Err(error),
            Err(Halt::Give(GiveError::Facts(error))) => Err(Error::Corrupt(error.to_string())),
            // Those for whom it is enough still get it.
            Err(_) if self.stride.halve() => Ok(Step::Further),
            Err(Halt::Give(GiveError::Budget)) => {
                self.halt(RunState::Paused, "The budget is used up").await.map(|()| Step::Over)
            }
            Err(Halt::MoreThanApproved) => {
                let note = "All that was approved is given, and more people are entitled: make a new dry run";
                self.halt(RunState::Stopped, note).await.map(|()| Step::Over)
            }
        }
    }

    /// The same for so many people.
    #[cfg(test)]
    pub(super) async fn batch_of(&mut self, most: i64) -> Result<Step> {
        self.stride = Stride::of(most);
        self.batch().await
    }

    async fn write(&self, tx: &mut Tx, now: Millis) -> std::result::Result<Step, Halt> {
        let (portal, remedy) = (self.portal, self.remedy);
        let Some(run) = store::hold(tx, &self.id, &self.lease, now + lease_span()).await? else {
            return Ok(Step::Over);
        };
        let of = (run.incident.as_str(), run.remedy.as_str());
        let most = at_most(self.stride.rows());
        let page = people::page_to_keep(tx, of, &run.reached, most).await?;
        // As it was counted and approved: one that goes on while the remedy closes leaves nobody out.
        let at = run.made_at.max(run.not_before);
        let decided = page.iter().filter_map(|person| {
            let entitlement = person.decide(&portal.incident, remedy, at).ok()?;
            Some(Entitled { person, entitlement })
        });
        let entitled: Vec<_> = decided.collect();
        if run.granted + entitled.len() as i64 > run.entitled {
            return Err(Halt::MoreThanApproved);
        }
        let made = if entitled.is_empty() {
            Made::default()
        } else {
            give(tx, portal, remedy, &run, entitled, now).await?
        };
        let by = store::Advance {
            reached: page.last().map_or(&run.reached, |last| &last.profile.id),
            looked: page.len() as i64,
            granted: made.grants,
            rows: made.rows,
            worked_ms: portal.ambient.now() - self.since,
        };
        store::advance(tx, &run.id, &by).await?;
        if (page.len() as i64) < most {
            store::turn(tx, &run.id, &[RunState::Running], RunState::Done, "", now).await?;
            return Ok(Step::Over);
        }
        Ok(Step::Further)
    }

    /// Ends or pauses the run, loudly; nothing where another has it by now.
    pub(super) async fn halt(&self, into: RunState, note: &str) -> Result<()> {
        let now = self.portal.ambient.now();
        let halted = transaction!(self.portal.db()?, bulk |tx| -> Result<bool> {
            store::halt(tx, &self.id, &self.lease, into, note, now).await
        })?;
        if halted {
            tracing::error!(
                run = self.id,
                state = into.slug(),
                note,
                "an automatic run came to a halt: see /staff/automatic"
            );
        }
        Ok(())
    }

    async fn let_go(&self) -> Result<()> {
        transaction!(self.portal.db()?, bulk |tx| -> Result<()> { store::let_go(tx, &self.id, &self.lease).await })
    }
}

/// The remedy of a run, where it is to the letter what was approved.
pub(super) fn still<'a>(portal: &'a Portal, run: &Run) -> Option<&'a Remedy> {
    let remedy = portal.incident.remedy(&run.remedy).filter(|_| portal.incident.id.as_str() == run.incident);
    remedy.filter(|remedy| version::of(remedy) == run.version)
}
