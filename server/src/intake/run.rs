//! One import from start to end: idempotent, resumable, never in anybody's way.

use std::{collections::HashMap, path::Path};

use futures::{StreamExt, stream};

use super::{
    Intake, IntakeError,
    feed::{Fed, Pass, Problem, feed},
    file::{Content, Prepared},
    people,
    report::{FileOutcome, Report},
    store::{self, Delta},
};
use crate::{
    ambient::Millis,
    recovery,
    store::{TurnOf, Tx},
    transaction,
};

/// A transaction is over after this long, so that a sign-in never waits on an import.
const HOLD: Millis = 40;
/// Files that are read, sealed and put away at once.
const AT_ONCE: usize = 6;
/// Files that are written down together, at the most.
const BATCH: usize = 64;

impl Intake {
    /// Imports `path`. `progress` is told how it stands after each batch.
    ///
    /// # Errors
    /// What kept the import from its end; everything before is kept, and the
    /// same import run again goes on from there. The report comes with it.
    pub async fn import(
        &self,
        path: &Path,
        progress: &mut (dyn FnMut(&Report) + Send),
    ) -> (Report, Result<(), IntakeError>) {
        let started = self.ambient.now();
        let mut report = Report { run: self.ambient.id(), ..Report::default() };
        let outcome = self.both_passes(path, &mut report, progress).await;
        report.seconds = (self.ambient.now() - started) as f64 / 1000.0;
        (report, outcome)
    }

    async fn both_passes(
        &self,
        path: &Path,
        report: &mut Report,
        progress: &mut (dyn FnMut(&Report) + Send),
    ) -> Result<(), IntakeError> {
        let (run, source) = (report.run.clone(), path.display().to_string());
        let now = self.ambient.now();
        transaction!(self.db, |tx| -> Result<(), IntakeError> {
            store::begin_run(tx, &run, &source, now).await?;
            Ok(recovery::raise(tx).await?)
        })?;
        let subscribers = self.pass(path, Pass::Subscribers, report, progress).await;
        // A container that is cut short still gives what came before the cut.
        let rest = match &subscribers {
            Ok(()) | Err(IntakeError::Source(_)) => self.pass(path, Pass::TheRest, report, progress).await,
            Err(_) => Ok(()),
        };
        let text = serde_json::json!({ "files": report.files, "items": report.items,
            "unchanged": report.unchanged, "quarantined": report.quarantined })
        .to_string();
        let now = self.ambient.now();
        let finished = transaction!(self.db, |tx| -> Result<(), IntakeError> {
            store::finish_run(tx, &run, &text, now).await?;
            Ok(recovery::raise(tx).await?)
        });
        subscribers.and(rest).and(finished)
    }

    async fn pass(
        &self,
        path: &Path,
        pass: Pass,
        report: &mut Report,
        progress: &mut (dyn FnMut(&Report) + Send),
    ) -> Result<(), IntakeError> {
        let (mut fed, walking) = feed(path, pass);
        let arriving = stream::poll_fn(move |context| fed.poll_recv(context));
        // Tasks of their own: one that holds a connection must go on while this one writes.
        let prepared = arriving
            .map(|fed| {
                let intake = self.clone();
                tokio::spawn(async move { intake.step(fed).await })
            })
            .buffered(AT_ONCE)
            .ready_chunks(BATCH);
        let mut prepared = std::pin::pin!(prepared);
        while let Some(steps) = prepared.next().await {
            let mut files = Vec::new();
            for step in steps {
                match step.map_err(|error| IntakeError::Reader(error.to_string()))?? {
                    Step::File(file) => files.push(file),
                    Step::Rows(rows) => self.write_rows(rows, report).await?,
                    Step::Problem(problem) => report.problem(problem),
                }
            }
            self.write_files(&files, report).await?;
            progress(report);
        }
        walking.await.map_err(|error| IntakeError::Reader(error.to_string()))??;
        Ok(())
    }

    async fn step(&self, fed: Fed) -> Result<Step, IntakeError> {
        Ok(match fed {
            Fed::File(loaded) => Step::File(Box::new(self.prepare(loaded).await?)),
            Fed::Problem(problem) => Step::Problem(problem),
            rows => Step::Rows(rows),
        })
    }

    /// Writes files down in transactions that are short, whatever the number of files.
    async fn write_files(&self, files: &[Box<Prepared>], report: &mut Report) -> Result<(), IntakeError> {
        let mut done = 0;
        while done < files.len() {
            let outcomes = transaction!(self.db, bulk |tx| -> Result<Vec<FileOutcome>, IntakeError> {
                // Two imports at once: what one reads of a path or an item, the other must not change meanwhile.
                tx.take_turn(TurnOf::Intake).await?;
                let started = self.ambient.now();
                let (mut outcomes, mut deltas) = (Vec::new(), Deltas::new());
                for file in &files[done..] {
                    outcomes.push(self.write_file(tx, &report.run, file, &mut deltas).await?);
                    if self.ambient.now() - started >= HOLD {
                        break;
                    }
                }
                self.write_deltas(tx, deltas).await?;
                store::beat(tx, &report.run, self.ambient.now()).await?;
                recovery::raise(tx).await?;
                Ok(outcomes)
            })?;
            for (file, outcome) in files[done..].iter().zip(&outcomes) {
                report.file(file.category, *outcome);
                report.mended += u64::from(matches!(&file.content, Content::Known(known) if known.mended));
                note_problems(file, report);
            }
            done += outcomes.len();
        }
        Ok(())
    }

    async fn write_file(
        &self,
        tx: &mut Tx,
        run: &str,
        file: &Prepared,
        deltas: &mut Deltas,
    ) -> Result<FileOutcome, IntakeError> {
        let now = self.ambient.now();
        let mut delta = Delta::default();
        let outcome = match &file.content {
            Content::Refused(_) => return Ok(FileOutcome::Unchanged),
            Content::Known(known) => {
                if store::revive(tx, file).await? {
                    delta.files += 1;
                    delta.quarantined += i64::from(known.reason.is_some());
                }
                if known.mended {
                    recovery::damage::unmark(tx, &known.blob, now).await?;
                }
                if known.reason.is_some() { FileOutcome::Quarantined } else { FileOutcome::Unchanged }
            }
            Content::Quarantined { blob, reason } => {
                let new = store::insert_file(tx, &self.ambient, run, file, blob, Some(reason)).await?;
                // It may have come a moment ago, and be superseded since.
                if new.is_some() || store::revive(tx, file).await? {
                    delta.files += 1;
                    delta.quarantined += 1;
                }
                FileOutcome::Quarantined
            }
            Content::Read { blob, items, .. } => {
                match (
                    store::insert_file(tx, &self.ambient, run, file, blob, None).await?,
                    &file.subscriber_id,
                ) {
                    (Some(id), Some(subscriber)) => {
                        delta.files += 1;
                        for item in items {
                            let new =
                                store::put_item(tx, &self.ambient, subscriber, file.category, &id, item)
                                    .await?;
                            delta.items += i64::from(new);
                        }
                        FileOutcome::Items(delta.items as u64)
                    }
                    _ => {
                        delta.files += i64::from(store::revive(tx, file).await?);
                        FileOutcome::Unchanged
                    }
                }
            }
        };
        if file.subscriber_id.is_some() {
            store::claim_unclaimed(tx, file, now).await?;
        }
        let superseded = store::supersede(tx, file, now).await?;
        delta.files -= superseded.files;
        delta.quarantined -= superseded.quarantined;
        if let Some(subscriber) = &file.subscriber_id {
            add(deltas.entry((subscriber.clone(), file.category)).or_default(), delta);
        }
        Ok(outcome)
    }

    async fn write_deltas(&self, tx: &mut Tx, deltas: Deltas) -> Result<(), IntakeError> {
        let mut deltas: Vec<_> = deltas.into_iter().collect();
        // Always in the same order, so that two imports at once do not wait on each other in a ring.
        deltas.sort_by(|(one, _), (other, _)| one.cmp(other));
        for ((subscriber, category), delta) in deltas {
            if delta.files != 0 || delta.items != 0 || delta.quarantined != 0 {
                store::add_to_holding(tx, &subscriber, category, delta, self.ambient.now()).await?;
            }
        }
        Ok(())
    }

    async fn write_rows(&self, rows: Fed, report: &mut Report) -> Result<(), IntakeError> {
        let problems = match rows {
            Fed::Subscribers(rows) => people::subscribers(self, rows, &mut report.rows).await?,
            Fed::Inventory(rows) => people::inventory(self, rows, &mut report.rows).await?,
            Fed::Verdicts(rows) => people::verdicts(self, rows, &mut report.rows).await?,
            Fed::File(_) | Fed::Problem(_) => Vec::new(),
        };
        problems.into_iter().for_each(|problem| report.problem(problem));
        Ok(())
    }
}

/// What came of one thing that was fed.
enum Step {
    File(Box<Prepared>),
    Rows(Fed),
    Problem(Problem),
}

type Deltas = HashMap<(String, &'static str), Delta>;

fn add(sum: &mut Delta, delta: Delta) {
    sum.files += delta.files;
    sum.quarantined += delta.quarantined;
    sum.items += delta.items;
}

fn note_problems(file: &Prepared, report: &mut Report) {
    let note = |line, reason: &str| Problem { path: file.origin.clone(), line, reason: reason.to_owned() };
    match &file.content {
        Content::Refused(refused) => report.problem(note(None, &refused.to_string())),
        Content::Quarantined { reason, .. } => report.problem(note(None, reason)),
        Content::Read { problems, .. } => {
            for problem in problems {
                report.problem(note(problem.line, &problem.reason));
            }
        }
        Content::Known(known) => {
            if let Some(reason) = &known.reason {
                report.problem(note(None, reason));
            }
        }
    }
}
