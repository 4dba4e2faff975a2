//! One import from start to end: idempotent, resumable, never in anybody's way.

use std::{path::Path, sync::Arc};

use tokio::sync::mpsc::channel;

use super::{
    Intake, IntakeError,
    feed::{FedRows, Pass, feed},
    forget::forget_erased,
    people,
    prepare::{Step, prepare_all},
    report::Report,
    store,
};
use crate::{messages, recovery, transaction};

/// Sets of prepared files that wait for the writer.
const WAITING: usize = 2;
/// Rows of a table that travel together at the least.
const ROWS: usize = 2_000;

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
        let started = self.ambient.now();
        self.blobs.sweep_spools(started).await?;
        transaction!(self.db, |tx| -> Result<(), IntakeError> {
            store::begin_run(tx, &run, &source, started).await?;
            Ok(recovery::raise(tx).await?)
        })?;
        let subscribers = self.pass(path, Pass::Subscribers, report, progress).await;
        // A container that is cut short still gives what came before the cut.
        let rest = match &subscribers {
            Ok(()) | Err(IntakeError::Source(_)) => self.pass(path, Pass::TheRest, report, progress).await,
            Err(_) => Ok(()),
        };
        let outcome = subscribers.and(rest);
        let finished = self.finish(report, outcome.as_ref().err().map(ToString::to_string)).await;
        outcome.and(finished)
    }

    /// Writes down that the run is over and what came of it. An erasure at the same moment takes the account out of
    /// the report, or this leaves it out: both read what the other writes, and the engine lets one of them try again.
    pub async fn finish(&self, report: &Report, failure: Option<String>) -> Result<(), IntakeError> {
        let (mut stored, now) = (report.stored(failure), self.ambient.now());
        transaction!(self.db, |tx| -> Result<(), IntakeError> {
            forget_erased(tx, self.keyring.root(), &mut stored).await?;
            let text = serde_json::to_string(&stored).unwrap_or_default();
            store::finish_run(tx, &report.run, &text, now).await?;
            // What came into an open category opens with it.
            messages::rounds::data_opens(tx, &self.ambient).await?;
            Ok(recovery::raise(tx).await?)
        })
    }

    async fn pass(
        &self,
        path: &Path,
        pass: Pass,
        report: &mut Report,
        progress: &mut (dyn FnMut(&Report) + Send),
    ) -> Result<(), IntakeError> {
        let run: Arc<str> = report.run.as_str().into();
        let (fed, walking) = feed(path, pass, self.db.rows_at_once().max(ROWS));
        let (to, mut prepared) = channel(WAITING);
        let preparing = tokio::spawn(prepare_all(self.clone(), fed, to));
        while let Some((steps, outcome)) = prepared.recv().await {
            let mut files = Vec::new();
            for step in steps {
                match step {
                    Step::File(file) => files.push(file),
                    Step::Rows(rows, taken) => {
                        self.write_rows(rows, report).await?;
                        drop(taken);
                    }
                    Step::Problem(problem) => report.problem(problem),
                }
            }
            self.write_files(&files, &run, report).await?;
            progress(report);
            outcome?;
        }
        let stopped = |error: tokio::task::JoinError| IntakeError::Reader(error.to_string());
        preparing.await.map_err(stopped)?;
        walking.await.map_err(stopped)??;
        Ok(())
    }

    async fn write_rows(&self, rows: FedRows, report: &mut Report) -> Result<(), IntakeError> {
        let problems = match rows {
            FedRows::Subscribers(rows) => people::subscribers(self, rows, &mut report.rows).await?,
            FedRows::Inventory(rows) => people::inventory(self, rows, &mut report.rows).await?,
            FedRows::Verdicts(rows) => people::verdicts(self, rows, &mut report.rows).await?,
        };
        problems.into_iter().for_each(|problem| report.problem(problem));
        Ok(())
    }
}
