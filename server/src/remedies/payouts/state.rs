//! What may become of an order.

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// With us; it can be changed or cancelled.
    Waiting,
    /// A worker is sending it.
    Sending,
    /// It was sent, and nobody knows whether it arrived: the provider is asked.
    Unknown,
    /// The provider has it and is carrying it out.
    Placed,
    /// Nobody could find out what became of it: a person must.
    Stuck,
    Paid,
    /// The provider will not: nothing was paid, and a person decides how it goes on.
    Refused,
    /// It was paid and came back.
    Returned,
    Cancelled,
}

impl State {
    pub const ALL: [State; 9] = [
        State::Waiting,
        State::Sending,
        State::Unknown,
        State::Placed,
        State::Stuck,
        State::Paid,
        State::Refused,
        State::Returned,
        State::Cancelled,
    ];

    pub fn slug(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Sending => "sending",
            State::Unknown => "unknown",
            State::Placed => "placed",
            State::Stuck => "stuck",
            State::Paid => "paid",
            State::Refused => "refused",
            State::Returned => "returned",
            State::Cancelled => "cancelled",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }

    /// Waits for a person.
    pub fn needs_a_person(self) -> bool {
        matches!(self, State::Stuck | State::Refused | State::Returned)
    }

    /// Whether the provider may have it, as far as anybody knows.
    pub fn may_be_out(self) -> bool {
        matches!(self, State::Sending | State::Unknown | State::Placed | State::Stuck | State::Paid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_as_they_are_written() {
        for state in State::ALL {
            assert_eq!(State::from_slug(state.slug()), Some(state));
        }
        assert_eq!(State::from_slug("paid-twice"), None);
    }
}
