//! Writing files down: a handful of them in a few statements, in transactions that are short.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use super::{
    Intake, IntakeError,
    file::{Content, Prepared},
    report::{FileOutcome, Report},
    store::{self, Added, Delta, NewFile, Turned, Version},
};
use crate::{
    accounts::erasure,
    ambient::Millis,
    recovery,
    store::{HOLD, TurnOf, Tx},
    transaction,
};

/// Files of one handful at the most.
const FILES: usize = 64;

impl Intake {
    /// Writes files down and counts what came of each.
    pub(super) async fn write_files(
        &self,
        files: &[Prepared],
        run: &Arc<str>,
        report: &mut Report,
    ) -> Result<(), IntakeError> {
        let mut done = 0;
        while done < files.len() {
            let outcomes = transaction!(self.db, bulk |tx| -> Result<Vec<FileOutcome>, IntakeError> {
                // Two imports at once: what one reads of a path or an item, the other must not change meanwhile.
                tx.take_turn(TurnOf::Intake).await?;
                let started = self.ambient.now();
                let mut outcomes = Vec::new();
                while done + outcomes.len() < files.len() && self.ambient.now() - started < HOLD {
                    let handful = self.handful(&files[done + outcomes.len()..]);
                    outcomes.extend(self.write_handful(tx, run, handful).await?);
                }
                store::beat(tx, run, self.ambient.now()).await?;
                recovery::raise(tx).await?;
                Ok(outcomes)
            })?;
            for (file, outcome) in files[done..].iter().zip(&outcomes) {
                report.file(file, *outcome);
            }
            done += outcomes.len();
        }
        Ok(())
    }

    /// The first files that can be written together: no path comes twice, and their items are not too many.
    fn handful<'a>(&self, files: &'a [Prepared]) -> &'a [Prepared] {
        let (mut seen, mut items) = (HashSet::new(), 0);
        for (place, file) in files.iter().take(FILES).enumerate() {
            items += file.items().len();
            let facts = &file.facts;
            let apart = seen.insert((&facts.account, facts.category, &facts.path));
            if !apart || (items > self.db.rows_at_once() && place > 0) {
                return &files[..place];
            }
        }
        &files[..files.len().min(FILES)]
    }

    async fn write_handful(
        &self,
        tx: &mut Tx,
        run: &Arc<str>,
        files: &[Prepared],
    ) -> Result<Vec<FileOutcome>, IntakeError> {
        let versions = store::versions(tx, files.iter().map(|file| &file.facts)).await?;
        // Since their bytes were put away somebody may have been erased.
        let accounts: Vec<&str> = files.iter().map(|file| file.facts.account.as_str()).collect();
        let erased = erasure::refused_among(tx, self.keyring.root(), &accounts).await?;
        let mut plan = Plan::new(self.ambient.now(), run);
        for (file, versions) in files.iter().zip(&versions) {
            if erased.contains(file.facts.account.as_str()) {
                plan.outcomes.push(FileOutcome::Refused);
            } else {
                plan.file(file, versions, || self.ambient.id());
            }
        }
        store::insert(tx, &plan.new).await?;
        store::turn(tx, &plan.turned).await?;
        for blob in files.iter().filter_map(Prepared::mended) {
            recovery::damage::unmark(tx, blob, plan.at).await?;
        }
        let items = plan.new.iter().zip(&plan.places).map(|(new, place)| (new, files[*place].items()));
        let taken = store::put_items(tx, &self.ambient, &items.collect::<Vec<_>>()).await?;
        plan.count_items(&taken);
        store::add_to_holdings(tx, &plan.added()).await?;
        Ok(plan.outcomes)
    }
}

/// What is to be done for a handful of files.
struct Plan {
    run: Arc<str>,
    at: Millis,
    outcomes: Vec<FileOutcome>,
    new: Vec<NewFile>,
    /// Where the new ones stand among the files.
    places: Vec<usize>,
    turned: Vec<Turned>,
    /// In an order that is always the same, so that two imports at once do not wait on each other in a ring.
    deltas: BTreeMap<(String, &'static str), Delta>,
}

impl Plan {
    fn new(at: Millis, run: &Arc<str>) -> Self {
        let (outcomes, new, places, turned) = Default::default();
        Self { run: run.clone(), at, outcomes, new, places, turned, deltas: BTreeMap::new() }
    }

    /// Decides on one file by the versions that are there.
    fn file(&mut self, file: &Prepared, versions: &[Version], id: impl FnOnce() -> String) {
        if matches!(file.content, Content::Refused) {
            return self.outcomes.push(FileOutcome::Refused);
        }
        let (unclaimed, of_path): (Vec<_>, Vec<_>) =
            versions.iter().partition(|version| version.is_unclaimed());
        let (same, others): (Vec<_>, Vec<_>) =
            of_path.into_iter().partition(|version| version.sha256 == file.facts.digest.sha256);
        let before = (self.new.len(), self.turned.len());
        let mut delta = Delta::default();
        match same.first() {
            None => self.add(file, id, &mut delta),
            Some(version) if version.superseded_at.is_some() => {
                self.turn(version, None);
                delta.count(1, version.reason.is_some());
            }
            Some(_) => {}
        }
        for version in others.iter().filter(|version| version.superseded_at.is_none()) {
            self.turn(version, Some(self.at));
            delta.count(-1, version.reason.is_some());
        }
        // What lay there because the account was not known is claimed now; it counted for nobody.
        unclaimed.iter().for_each(|version| self.turn(version, Some(self.at)));
        let changed = before != (self.new.len(), self.turned.len());
        if let Some(subscriber) = file.facts.subscriber_id.as_ref().filter(|_| changed) {
            self.deltas.entry((subscriber.clone(), file.facts.category)).or_default().add(delta);
        }
        self.outcomes.push(match &file.content {
            Content::Read { .. } if same.is_empty() => FileOutcome::Items(0),
            _ if file.reason().is_some() => FileOutcome::Quarantined,
            _ => FileOutcome::Unchanged,
        });
    }

    fn add(&mut self, file: &Prepared, id: impl FnOnce() -> String, delta: &mut Delta) {
        let blob = match &file.content {
            Content::Read { blob, .. } | Content::Quarantined { blob, .. } => blob.clone(),
            // It was erased since it was looked for.
            Content::Known(_) | Content::Refused => return,
        };
        let reason = file.reason().map(str::to_owned);
        delta.count(1, reason.is_some());
        self.places.push(self.outcomes.len());
        let (facts, run, at) = (file.facts.clone(), self.run.clone(), self.at);
        self.new.push(NewFile { id: id(), facts, blob, reason, run, at });
    }

    fn turn(&mut self, version: &Version, superseded_at: Option<Millis>) {
        self.turned.push(Turned { id: version.id.clone(), superseded_at });
    }

    /// `taken` says for each new file how many of its items are new.
    fn count_items(&mut self, taken: &[u64]) {
        for ((new, place), items) in self.new.iter().zip(&self.places).zip(taken) {
            if let FileOutcome::Items(count) = &mut self.outcomes[*place] {
                *count = *items;
            }
            if let Some(subscriber) = &new.facts.subscriber_id {
                let key = (subscriber.clone(), new.facts.category);
                self.deltas.entry(key).or_default().items += *items as i64;
            }
        }
    }

    fn added(&self) -> Vec<Added> {
        let added = |((subscriber_id, category), delta): (&(String, &'static str), &Delta)| Added {
            subscriber_id: subscriber_id.clone(),
            category,
            delta: *delta,
            at: self.at,
        };
        self.deltas.iter().map(added).collect()
    }
}
