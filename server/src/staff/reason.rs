//! Why something is done, as the audit keeps it.

/// Characters; fewer say nothing to whoever reads the audit.
const SHORTEST: usize = 10;
/// Of what somebody else reads at once, beside the button that was pressed.
const BRIEF: usize = 3;
const LONGEST: usize = 500;

/// A reason in one line, of 10 to 500 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// None when it says nothing, or too much.
    pub fn read(typed: &str) -> Option<Self> {
        Self::of_at_least(SHORTEST, typed)
    }

    /// One that may be as short as a word: of 3 to 500 characters.
    pub fn brief(typed: &str) -> Option<Self> {
        Self::of_at_least(BRIEF, typed)
    }

    fn of_at_least(shortest: usize, typed: &str) -> Option<Self> {
        let line = in_one_line(typed);
        (shortest..=LONGEST).contains(&line.chars().count()).then_some(Self(line))
    }
}

impl std::ops::Deref for Reason {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Without line breaks and other gaps.
pub fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_between_two_lengths() {
        assert_eq!(&*Reason::read(" The caller\r\n lost   it ").unwrap(), "The caller lost it");
        assert_eq!(Reason::read("too  short"), Reason::read("too short "));
        assert_eq!((Reason::read("nine char"), Reason::read("ten chars!").is_some()), (None, true));
        assert_eq!((Reason::brief("no"), Reason::brief("öäü").is_some()), (None, true));
        assert_eq!((Reason::read(&"ü".repeat(501)), Reason::read(&"ü".repeat(500)).is_some()), (None, true));
    }
}
