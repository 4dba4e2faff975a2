//! What members of staff do with a run. Each act has a reason and stands in the audit.

use super::{Run, RunState, run::still, store};
use crate::{
    portal::Portal,
    staff::{self, Duty, Member, Role},
    store::{self as storage, Retry, Tx},
    transaction,
};

/// Approving automatic runs, and holding them up: it gives money away.
#[derive(Clone, Copy, Debug)]
pub struct AutomaticRuns;

impl Duty for AutomaticRuns {
    const ROLES: &'static [Role] = &[Role::Finance, Role::Admin];
}

/// Who acts, on which run, and why.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    pub member: &'a Member,
    pub run: &'a str,
    pub reason: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error(transparent)]
    Store(#[from] storage::Error),
    #[error("There is no such run")]
    NoRun,
    #[error("You approved this run already. Somebody else has to approve it too")]
    Twice,
    #[error("The incident file has changed since the dry run. Make a new one and approve that")]
    Changed,
    /// It moved on meanwhile.
    #[error("The run is not in a state for that any more. Look at it again")]
    TooLate,
}

impl Retry for ActError {
    fn retry(&self) -> bool {
        matches!(self, ActError::Store(error) if error.is_retryable())
    }
}

/// Approves what the dry run counted; with enough different members it is carried out. True: that was enough.
pub async fn approve(portal: &Portal, act: Act<'_>) -> Result<bool, ActError> {
    let now = portal.ambient.now();
    transaction!(portal.db()?, |tx| -> Result<bool, ActError> {
        let run = find(tx, act.run).await?;
        if run.state()? != RunState::Proposed {
            return Err(ActError::TooLate);
        }
        if still(portal, &run).is_none() {
            return Err(ActError::Changed);
        }
        let known = store::approvals(&mut *tx, &run.id).await?;
        if known.iter().any(|approved| approved.member_id == act.member.id()) {
            return Err(ActError::Twice);
        }
        let approved = store::Approved {
            member_id: act.member.id().to_owned(),
            member_name: act.member.name().to_owned(),
            reason: act.reason.to_owned(),
            at: now,
        };
        store::approved(tx, &run.id, &approved).await?;
        record(tx, portal, &act, &run, "approved-automatic-run").await?;
        let enough = known.len() as i64 + 1 >= run.approvals_needed;
        if enough && !store::turn(tx, &run.id, &[RunState::Proposed], RunState::Approved, "", now).await? {
            return Err(ActError::TooLate);
        }
        Ok(enough)
    })
}

/// Holds a run up; what is being given at this moment is given.
pub async fn pause(portal: &Portal, act: Act<'_>) -> Result<(), ActError> {
    let from = [RunState::Approved, RunState::Running];
    turn(portal, act, &from, RunState::Paused, "paused-automatic-run").await
}

/// Lets a run go on from where it was, if the remedy is still what was approved.
pub async fn resume(portal: &Portal, act: Act<'_>) -> Result<(), ActError> {
    let run = store::of_id(portal.db()?, act.run).await?.ok_or(ActError::NoRun)?;
    if still(portal, &run).is_none() {
        return Err(ActError::Changed);
    }
    turn(portal, act, &[RunState::Paused], RunState::Running, "resumed-automatic-run").await
}

/// Ends a run for good; what it gave stays given.
pub async fn stop(portal: &Portal, act: Act<'_>) -> Result<(), ActError> {
    let from = [RunState::Proposed, RunState::Approved, RunState::Running, RunState::Paused];
    turn(portal, act, &from, RunState::Stopped, "stopped-automatic-run").await
}

async fn turn(
    portal: &Portal,
    act: Act<'_>,
    from: &[RunState],
    to: RunState,
    action: &'static str,
) -> Result<(), ActError> {
    let now = portal.ambient.now();
    let note = if to == RunState::Running { "" } else { act.reason };
    transaction!(portal.db()?, |tx| -> Result<(), ActError> {
        let run = find(tx, act.run).await?;
        if !store::turn(tx, &run.id, from, to, note, now).await? {
            return Err(ActError::TooLate);
        }
        record(tx, portal, &act, &run, action).await
    })
}

async fn find(tx: &mut Tx, id: &str) -> Result<Run, ActError> {
    store::of_id(tx, id).await?.ok_or(ActError::NoRun)
}

async fn record(
    tx: &mut Tx,
    portal: &Portal,
    act: &Act<'_>,
    run: &Run,
    action: &str,
) -> Result<(), ActError> {
    let worth = app::models::Money::new(run.worth(), &run.currency);
    let detail = format!("run {} of {}: {} people, {worth}", run.id, run.remedy, run.entitled);
    let (member_id, member_email) = (act.member.id(), act.member.email());
    let act =
        staff::Act { member_id, member_email, subscriber: None, action, reason: act.reason, detail: &detail };
    Ok(staff::record(tx, &portal.ambient, act).await?)
}
