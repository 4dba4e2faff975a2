//! A case's life: which step leads from which state to which, and which are refused.

use std::fmt;

use app::say;

/// What a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something is missing or wrong in a category.
    Report,
    /// A remedy was refused, and is asked for again.
    Appeal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Draft,
    Received,
    LookedAt,
    /// A question was asked.
    Waiting,
    Answered,
    /// By the person.
    Closed,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Found,
    PutBack,
    NotRecoverable,
    NothingMissing,
    Granted,
    Declined,
    /// The person found it themselves.
    FoundByPerson,
    Withdrawn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Send,
    /// The person writes, asked or not.
    Write,
    /// The person needs nothing more: found it, or withdraws.
    Close,
    /// The person is not content with how it ended.
    Reopen,
    Take,
    Ask,
    Answer(Outcome),
}

/// Why a step is not to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    NotSent,
    Sent,
    Answered,
    Closed,
    Open,
    TooLate,
    Granted,
    Outcome,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Wrong::NotSent => say!("It is not sent yet."),
            Wrong::Sent => say!("It was sent already."),
            Wrong::Answered => say!("It is answered. Reopen it to go on."),
            Wrong::Closed => say!("It is closed. Reopen it to go on."),
            Wrong::Open => say!("It is open: there is nothing to reopen."),
            Wrong::TooLate => say!("The time to reopen it is over. You can send a new one."),
            Wrong::Granted => say!("It is granted: follow it among your claims."),
            Wrong::Outcome => say!("An answer of that kind does not fit it."),
        })
    }
}

impl std::error::Error for Wrong {}

impl Kind {
    pub const ALL: [Kind; 2] = [Kind::Report, Kind::Appeal];

    pub fn slug(self) -> &'static str {
        match self {
            Kind::Report => "report",
            Kind::Appeal => "appeal",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Kind::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// How staff may answer it.
    pub fn outcomes(self) -> &'static [Outcome] {
        match self {
            Kind::Report => {
                &[Outcome::Found, Outcome::PutBack, Outcome::NotRecoverable, Outcome::NothingMissing]
            }
            Kind::Appeal => &[Outcome::Granted, Outcome::Declined],
        }
    }

    /// How it ends when the person needs nothing more.
    pub fn closing(self) -> Outcome {
        match self {
            Kind::Report => Outcome::FoundByPerson,
            Kind::Appeal => Outcome::Withdrawn,
        }
    }
}

impl State {
    pub const ALL: [State; 6] =
        [State::Draft, State::Received, State::LookedAt, State::Waiting, State::Answered, State::Closed];

    pub fn slug(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Received => "received",
            State::LookedAt => "looked-at",
            State::Waiting => "waiting",
            State::Answered => "answered",
            State::Closed => "closed",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        State::ALL.into_iter().find(|state| state.slug() == slug)
    }

    /// As its owner reads it.
    pub fn label(self) -> &'static str {
        match self {
            State::Draft => say!("Not sent yet"),
            State::Received => say!("We have it"),
            State::LookedAt => say!("Being looked at"),
            State::Waiting => say!("Waits for you"),
            State::Answered => say!("Answered"),
            State::Closed => say!("Closed"),
        }
    }

    pub fn is_open(self) -> bool {
        matches!(self, State::Received | State::LookedAt | State::Waiting)
    }

    pub fn is_settled(self) -> bool {
        matches!(self, State::Answered | State::Closed)
    }

    /// The state that `step` leads to.
    pub fn after(self, kind: Kind, step: Step) -> Result<State, Wrong> {
        match (self, step) {
            (State::Draft, Step::Send) => Ok(State::Received),
            (State::Draft, _) => Err(Wrong::NotSent),
            (_, Step::Send) => Err(Wrong::Sent),
            (State::Answered | State::Closed, Step::Reopen) => Ok(State::Received),
            (State::Answered, Step::Close) => Ok(State::Closed),
            (State::Answered, _) => Err(Wrong::Answered),
            (State::Closed, _) => Err(Wrong::Closed),
            (_, Step::Reopen) => Err(Wrong::Open),
            (_, Step::Close) => Ok(State::Closed),
            (State::Waiting, Step::Write) => Ok(State::LookedAt),
            (state, Step::Write) => Ok(state),
            (State::Waiting, Step::Take) => Ok(State::Waiting),
            (_, Step::Take) => Ok(State::LookedAt),
            (_, Step::Ask) => Ok(State::Waiting),
            (_, Step::Answer(outcome)) if kind.outcomes().contains(&outcome) => Ok(State::Answered),
            (_, Step::Answer(_)) => Err(Wrong::Outcome),
        }
    }
}

impl Outcome {
    pub const ALL: [Outcome; 8] = [
        Outcome::Found,
        Outcome::PutBack,
        Outcome::NotRecoverable,
        Outcome::NothingMissing,
        Outcome::Granted,
        Outcome::Declined,
        Outcome::FoundByPerson,
        Outcome::Withdrawn,
    ];

    pub fn slug(self) -> &'static str {
        match self {
            Outcome::Found => "found",
            Outcome::PutBack => "put-back",
            Outcome::NotRecoverable => "not-recoverable",
            Outcome::NothingMissing => "nothing-missing",
            Outcome::Granted => "granted",
            Outcome::Declined => "declined",
            Outcome::FoundByPerson => "found-by-person",
            Outcome::Withdrawn => "withdrawn",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Outcome::ALL.into_iter().find(|outcome| outcome.slug() == slug)
    }

    /// As its owner reads it.
    pub fn label(self) -> &'static str {
        match self {
            Outcome::Found => say!("We found it"),
            Outcome::PutBack => say!("We put it back"),
            Outcome::NotRecoverable => say!("It cannot be brought back"),
            Outcome::NothingMissing => say!("We found nothing missing"),
            Outcome::Granted => say!("We granted it"),
            Outcome::Declined => say!("We declined it"),
            Outcome::FoundByPerson => say!("You found it"),
            Outcome::Withdrawn => say!("Withdrawn by you"),
        }
    }
}

impl Step {
    /// As the history keeps it.
    pub fn slug(self) -> &'static str {
        match self {
            Step::Send => "sent",
            Step::Write => "wrote",
            Step::Close => "closed",
            Step::Reopen => "reopened",
            Step::Take => "taken",
            Step::Ask => "asked",
            Step::Answer(_) => "answered",
        }
    }

    /// Whether it is the person's to take, and not the staff's.
    pub fn is_persons(self) -> bool {
        matches!(self, Step::Send | Step::Write | Step::Close | Step::Reopen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 8] = [
        Step::Send,
        Step::Write,
        Step::Close,
        Step::Reopen,
        Step::Take,
        Step::Ask,
        Step::Answer(Outcome::Found),
        Step::Answer(Outcome::Granted),
    ];

    #[test]
    fn words_are_read_as_they_are_written() {
        assert!(State::ALL.iter().all(|state| State::from_slug(state.slug()) == Some(*state)));
        assert!(Outcome::ALL.iter().all(|outcome| Outcome::from_slug(outcome.slug()) == Some(*outcome)));
        assert!(Kind::ALL.iter().all(|kind| Kind::from_slug(kind.slug()) == Some(*kind)));
        assert_eq!(State::from_slug("lost"), None);
    }

    #[test]
    fn a_report_goes_to_and_fro_and_ends() {
        let mut state = State::Draft;
        for (step, next) in [
            (Step::Send, State::Received),
            (Step::Take, State::LookedAt),
            (Step::Ask, State::Waiting),
            (Step::Write, State::LookedAt),
            (Step::Answer(Outcome::PutBack), State::Answered),
            (Step::Reopen, State::Received),
            (Step::Close, State::Closed),
            (Step::Reopen, State::Received),
        ] {
            state = state.after(Kind::Report, step).unwrap();
            assert_eq!(state, next, "{step:?}");
        }
    }

    #[test]
    fn no_step_but_sending_leads_out_of_a_draft_and_none_leads_back() {
        for kind in Kind::ALL {
            for step in STEPS {
                let after = State::Draft.after(kind, step);
                assert_eq!(after.is_ok(), step == Step::Send, "{step:?}");
                for state in State::ALL {
                    assert_ne!(state.after(kind, step), Ok(State::Draft), "{state:?} {step:?}");
                }
            }
        }
    }

    #[test]
    fn what_ended_is_reopened_before_it_goes_on() {
        for settled in [State::Answered, State::Closed] {
            for step in [Step::Write, Step::Take, Step::Ask, Step::Answer(Outcome::Found)] {
                assert!(settled.after(Kind::Report, step).is_err(), "{settled:?} {step:?}");
            }
        }
        assert_eq!(State::Closed.after(Kind::Report, Step::Close), Err(Wrong::Closed));
        assert_eq!(State::Received.after(Kind::Report, Step::Reopen), Err(Wrong::Open));
    }

    #[test]
    fn each_kind_has_its_own_answers() {
        let granted = Step::Answer(Outcome::Granted);
        assert_eq!(State::LookedAt.after(Kind::Report, granted), Err(Wrong::Outcome));
        assert_eq!(State::LookedAt.after(Kind::Appeal, granted), Ok(State::Answered));
        assert_eq!(
            State::LookedAt.after(Kind::Appeal, Step::Answer(Outcome::Withdrawn)),
            Err(Wrong::Outcome)
        );
    }
}
