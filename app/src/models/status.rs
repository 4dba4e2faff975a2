//! The public status page.

/// `/status`, drawn from the snapshot alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    pub incident: String,
    pub resolved: bool,
    /// `none`, `minor`, `major`, `critical` or `maintenance`.
    pub indicator: String,
    /// "Partial System Outage".
    pub description: String,
    /// When the snapshot was made: `24 November 2026, 14:05:10 UTC`, and for machines.
    pub as_of: String,
    pub as_of_datetime: String,
    /// Why the figures may be old, when they may be: "Our database cannot be reached."
    pub stale: Option<String>,
    pub components: Vec<StatusComponent>,
    /// Newest first.
    pub updates: Vec<StatusUpdate>,
}

/// One category over everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusComponent {
    pub name: String,
    /// As in the status API: `partial_outage`.
    pub status: String,
    /// Up to the number that is known of each person; all of everyone where no number is known.
    pub found: i64,
    pub expected: Option<i64>,
    /// Items beyond `found`: more than was expected, or of people for whom no number is known.
    pub uncounted: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusUpdate {
    /// `investigating`, `identified`, `monitoring`, `resolved`, `postmortem` or `update`.
    pub status: String,
    /// May be empty.
    pub title: String,
    pub body: String,
    pub at: String,
    pub datetime: String,
    /// Who said so; empty when not given.
    pub source: String,
}
