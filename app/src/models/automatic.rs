//! What staff see of automatic runs: a remedy given to everybody who is entitled and has not asked.

use super::{FieldError, Money};

/// `/staff/automatic`, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AutomaticRuns {
    pub runs: Vec<RunLine>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunLine {
    pub id: String,
    pub remedy: String,
    pub state: String,
    pub made_at: String,
    pub people: i64,
    pub entitled: i64,
    pub worth: Money,
    pub granted: i64,
}

/// `/staff/automatic/ID`. One form with the field `reason`; its buttons post to `…/approve`, `…/pause`, `…/resume` and
/// `…/stop`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AutomaticRun {
    pub id: String,
    pub remedy: String,
    pub state: String,
    /// Why it is paused or stopped; empty where nothing was said.
    pub note: String,
    pub made_by: String,
    pub made_at: String,
    /// What the dry run counted.
    pub people: i64,
    pub entitled: i64,
    pub each: Money,
    pub worth: Money,
    /// None: no limit.
    pub budget_left: Option<Money>,
    /// It is less than what is to be given.
    pub budget_too_small: bool,
    /// Not carried out before; none: at once.
    pub not_before: Option<String>,
    /// Accounts of a few who get it.
    pub examples: Vec<String>,
    /// The most first.
    pub refused: Vec<Refused>,
    pub approvals: Vec<RunApproval>,
    pub approvals_needed: i64,
    /// The incident file is not what was counted with: it cannot be approved or go on.
    pub changed: bool,
    /// The member who looks has approved it.
    pub approved_by_you: bool,
    pub acts: Vec<RunAct>,
    pub progress: Option<RunProgress>,
    /// What was typed as the reason, after a mistake.
    pub reason: String,
    pub errors: Vec<FieldError>,
}

/// Those who do not get it for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    pub words: String,
    pub people: i64,
    /// Accounts of a few of them.
    pub examples: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunApproval {
    pub name: String,
    pub at: String,
    pub reason: String,
}

/// What can be done with a run as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunAct {
    Approve,
    Pause,
    Resume,
    Stop,
}

impl RunAct {
    pub fn slug(self) -> &'static str {
        match self {
            RunAct::Approve => "approve",
            RunAct::Pause => "pause",
            RunAct::Resume => "resume",
            RunAct::Stop => "stop",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            RunAct::Approve => "Approve this run",
            RunAct::Pause => "Pause",
            RunAct::Resume => "Let it go on",
            RunAct::Stop => "Stop for good",
        }
    }
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunProgress {
    pub started_at: String,
    pub looked: i64,
    pub granted: i64,
    /// Empty before anything was measured.
    pub rate: String,
    /// Where it runs.
    pub expected_end: Option<String>,
    pub ended_at: Option<String>,
}
