//! A run's life.

/// A run's state as it is stored and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Counted; waits for approvals.
    Proposed,
    /// Carried out as soon as a worker takes it.
    Approved,
    Running,
    /// Held up; goes on from where it was.
    Paused,
    Done,
    /// Over before everybody was looked at.
    Stopped,
}

impl RunState {
    pub const ALL: [RunState; 6] = [
        RunState::Proposed,
        RunState::Approved,
        RunState::Running,
        RunState::Paused,
        RunState::Done,
        RunState::Stopped,
    ];

    pub fn slug(self) -> &'static str {
        match self {
            RunState::Proposed => "proposed",
            RunState::Approved => "approved",
            RunState::Running => "running",
            RunState::Paused => "paused",
            RunState::Done => "done",
            RunState::Stopped => "stopped",
        }
    }

    /// The state, or none for a word that this version does not know.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }

    pub fn label(self) -> &'static str {
        match self {
            RunState::Proposed => "Waiting for approval",
            RunState::Approved => "Approved, not started",
            RunState::Running => "Running",
            RunState::Paused => "Paused",
            RunState::Done => "Done",
            RunState::Stopped => "Stopped",
        }
    }

    /// Nothing follows.
    pub fn is_over(self) -> bool {
        matches!(self, RunState::Done | RunState::Stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_as_they_are_written() {
        for state in RunState::ALL {
            assert_eq!(RunState::from_slug(state.slug()), Some(state));
        }
        assert_eq!(RunState::from_slug("forgotten"), None);
    }
}
