//! Counting who would get a remedy, and why the others would not. Nothing is given.

use std::collections::BTreeMap;

use super::{List, ListError, Reason, Run, people, store, version};
use crate::{
    ambient::Millis,
    incident::{Given, Remedy},
    portal::Portal,
    remedies::payouts::budget,
    store::{Error, Retry},
    transaction,
};

/// People that are read at once.
const PAGE: i64 = 5_000;
/// Whom a run names for each reason.
const EXAMPLES: usize = 3;

#[derive(Debug, thiserror::Error)]
pub enum DryRunError {
    #[error(transparent)]
    Store(#[from] Error),
    #[error(transparent)]
    List(#[from] ListError),
    #[error("{0} is not given automatically: the incident file has no given = \"automatically\" for it")]
    OnClaim(String),
    #[error("run {0} of this remedy is approved and not over: wait for its end, or stop it first")]
    UnderWay(String),
}

impl Retry for DryRunError {
    fn retry(&self) -> bool {
        matches!(self, DryRunError::Store(error) if error.is_retryable() || error.is_unique_violation())
    }
}

/// What was counted.
#[derive(Default)]
struct Counted {
    people: i64,
    entitled: i64,
    refused: BTreeMap<Reason, i64>,
    /// Some of each, by id.
    examples: BTreeMap<Option<Reason>, Vec<String>>,
}

impl Counted {
    fn add(&mut self, subscriber_id: &str, refused: Option<Reason>) {
        self.people += 1;
        match refused {
            None => self.entitled += 1,
            Some(reason) => *self.refused.entry(reason).or_default() += 1,
        }
        let examples = self.examples.entry(refused).or_default();
        if examples.len() < EXAMPLES {
            examples.push(subscriber_id.to_owned());
        }
    }
}

/// Counts, and proposes the run. `list` gets everybody, as they were counted; `progress` is told how many were looked at
/// so far.
pub async fn dry_run(
    portal: &Portal,
    remedy: &Remedy,
    made_by: &str,
    mut list: Option<List>,
    progress: impl Fn(i64),
) -> std::result::Result<Run, DryRunError> {
    let Given::Automatically { from } = remedy.given else {
        return Err(DryRunError::OnClaim(remedy.id.to_string()));
    };
    let (db, incident) = (portal.db()?, portal.incident.id.as_str());
    if let Some(run) = store::under_way(db, incident, remedy.id.as_str()).await? {
        return Err(DryRunError::UnderWay(run));
    }
    let not_before = from.map_or(0, |from| from.as_millisecond());
    // Before its day it is decided as on its day.
    let now = portal.ambient.now();
    let counted = count(portal, remedy, now.max(not_before), list.as_mut(), progress).await?;
    let run = propose(portal, remedy, &counted, (now, not_before), made_by).await?;
    list.into_iter().for_each(List::keep);
    Ok(run)
}

async fn count(
    portal: &Portal,
    remedy: &Remedy,
    at: Millis,
    mut list: Option<&mut List>,
    progress: impl Fn(i64),
) -> std::result::Result<Counted, DryRunError> {
    let (db, incident) = (portal.db()?, &portal.incident);
    let (mut counted, mut after) = (Counted::default(), String::new());
    loop {
        let page = people::page(db, (incident.id.as_str(), remedy.id.as_str()), &after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.profile.id.clone();
        for person in &page {
            let refused = person.decide(incident, remedy, at).err();
            counted.add(&person.profile.id, refused);
            if let Some(list) = &mut list {
                list.add(&person.profile.account, refused)?;
            }
        }
        progress(counted.people);
    }
    if let Some(list) = list {
        list.end()?;
    }
    Ok(counted)
}

async fn propose(
    portal: &Portal,
    remedy: &Remedy,
    counted: &Counted,
    (now, not_before): (Millis, Millis),
    made_by: &str,
) -> std::result::Result<Run, DryRunError> {
    let (ambient, incident) = (&portal.ambient, &portal.incident);
    let (id, version) = (ambient.id(), version::of(remedy));
    transaction!(portal.db()?, |tx| -> std::result::Result<Run, DryRunError> {
        let remedy_id = remedy.id.as_str();
        if let Some(run) = store::under_way(&mut *tx, incident.id.as_str(), remedy_id).await? {
            return Err(DryRunError::UnderWay(run));
        }
        store::replace_proposed(tx, incident.id.as_str(), remedy_id, now).await?;
        let new = store::NewRun {
            id: &id,
            incident,
            remedy,
            version: &version,
            not_before,
            people: counted.people,
            entitled: counted.entitled,
            budget_left: budget::left(tx, incident.id.as_str(), remedy).await?,
            made_by,
            now,
        };
        store::insert(tx, &new).await?;
        for (reason, people) in &counted.refused {
            store::refused(tx, &id, *reason, *people).await?;
        }
        for (reason, examples) in &counted.examples {
            for subscriber in examples {
                store::example(tx, &id, reason.map_or(ENTITLED, Reason::slug), subscriber).await?;
            }
        }
        let run = store::of_id(tx, &id).await?;
        Ok(run.ok_or_else(|| Error::Corrupt("a run that was just written".to_owned()))?)
    })
}

/// Under which examples of those who get it are kept.
pub const ENTITLED: &str = "entitled";
