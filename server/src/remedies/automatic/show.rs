//! From what is stored to what pages show.

use app::models::{AutomaticRun, AutomaticRuns, Money, Refused, RunAct, RunApproval, RunLine, RunProgress};

use super::{
    Reason, Run, RunState,
    dry_run::ENTITLED,
    run::still,
    store::{self, Approved},
};
use crate::{ambient::Millis, portal::Portal, staff::Member, store::Result, web::wording};

pub fn line(portal: &Portal, run: &Run) -> Result<RunLine> {
    Ok(RunLine {
        id: run.id.clone(),
        remedy: run.remedy_title.clone(),
        state: run.state()?.label().to_owned(),
        made_at: moment(portal, run.made_at),
        people: run.people,
        entitled: run.entitled,
        worth: Money::new(run.worth(), &run.currency),
        granted: run.granted,
    })
}

pub fn list(portal: &Portal, runs: &[Run]) -> Result<AutomaticRuns> {
    Ok(AutomaticRuns { runs: runs.iter().map(|run| line(portal, run)).collect::<Result<_>>()? })
}

/// A run with everything that an approval is decided on.
pub async fn page(portal: &Portal, member: &Member, run: Run) -> Result<AutomaticRun> {
    let db = portal.db()?;
    let (state, changed) = (run.state()?, still(portal, &run).is_none());
    let approvals = store::approvals(db, &run.id).await?;
    let examples = store::examples(db, &run.id).await?;
    let of = |reason: &str| -> Vec<String> {
        let of = |(under, account): &(String, String)| (under == reason).then(|| account.clone());
        examples.iter().filter_map(of).collect()
    };
    let refused = store::refusals(db, &run.id).await?.into_iter().map(|(reason, people)| Refused {
        words: Reason::from_slug(&reason).map_or(reason.clone(), |known| known.words().to_owned()),
        examples: of(&reason),
        people,
    });
    let yours = approvals.iter().any(|approved| approved.member_id == member.id());
    Ok(AutomaticRun {
        remedy: run.remedy_title.clone(),
        state: state.label().to_owned(),
        note: run.note.clone(),
        made_by: run.made_by.clone(),
        made_at: moment(portal, run.made_at),
        people: run.people,
        entitled: run.entitled,
        each: Money::new(run.amount, &run.currency),
        worth: Money::new(run.worth(), &run.currency),
        budget_left: run.budget_left.map(|left| Money::new(left, &run.currency)),
        budget_too_small: !state.is_over() && run.budget_left.is_some_and(|left| left < run.worth()),
        not_before: (run.not_before > 0).then(|| moment(portal, run.not_before)),
        examples: of(ENTITLED),
        refused: refused.collect(),
        approvals: approvals.iter().map(|approved| approval(portal, approved)).collect(),
        approvals_needed: run.approvals_needed,
        changed: changed && !state.is_over(),
        approved_by_you: yours && state == RunState::Proposed,
        acts: acts(state, changed, yours),
        progress: progress(portal, &run),
        id: run.id,
        ..Default::default()
    })
}

fn acts(state: RunState, changed: bool, yours: bool) -> Vec<RunAct> {
    let acts = match state {
        RunState::Proposed => vec![RunAct::Approve, RunAct::Stop],
        RunState::Approved | RunState::Running => vec![RunAct::Pause, RunAct::Stop],
        RunState::Paused => vec![RunAct::Resume, RunAct::Stop],
        RunState::Done | RunState::Stopped => vec![],
    };
    let can = |act: &RunAct| match act {
        RunAct::Approve => !changed && !yours,
        RunAct::Resume => !changed,
        RunAct::Pause | RunAct::Stop => true,
    };
    acts.into_iter().filter(can).collect()
}

fn approval(portal: &Portal, approved: &Approved) -> RunApproval {
    RunApproval {
        name: approved.member_name.clone(),
        at: moment(portal, approved.at),
        reason: approved.reason.clone(),
    }
}

fn progress(portal: &Portal, run: &Run) -> Option<RunProgress> {
    let rates = run.per_second().zip(run.rows_per_second());
    Some(RunProgress {
        started_at: moment(portal, run.started_at?),
        looked: run.looked,
        granted: run.granted,
        rate: rates.map_or(String::new(), |(people, rows)| {
            format!("{people:.0} people and {rows:.0} rows a second")
        }),
        expected_end: run.expected_end(portal.ambient.now()).map(|end| moment(portal, end)),
        ended_at: run.ended_at.map(|end| moment(portal, end)),
    })
}

fn moment(portal: &Portal, at: Millis) -> String {
    wording::moment_in(at, &portal.incident.time_zone)
}
