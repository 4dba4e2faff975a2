//! Those who cannot claim for themselves here, and what they do instead.

use app::{mark, words::said};

use super::section::Section;

/// What each is told, in a sentence or two; how to reach support stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Special {
    pub minors: String,
    pub estates: String,
    pub closed_accounts: String,
}

const MINORS: &str = mark!(
    "If you are not of age yet, a parent or guardian can claim for you. They contact our support; it costs nothing, and nothing of yours is shown to others."
);
const ESTATES: &str = mark!(
    "If the account belonged to somebody who has died, whoever looks after their affairs can claim for them without signing in. Contact our support, and we do the rest with you."
);
const CLOSED: &str = mark!(
    "If your account is closed, you keep what was promised to you. Contact our support with the phone number you had, and we find your record."
);

impl Special {
    /// `[incident.special]`, which may be left out, as may each of its keys.
    pub(super) fn read(facts: &mut Section<'_>) -> Self {
        let mut table = facts.optional_table("special");
        let mut said = |key, default: &str| {
            let said = table.as_mut().and_then(|table| table.optional::<String>(key));
            said.unwrap_or_else(|| default.to_owned())
        };
        let special = Special {
            minors: said("minors", MINORS),
            estates: said("estates", ESTATES),
            closed_accounts: said("closed_accounts", CLOSED),
        };
        if let Some(table) = table {
            table.finish();
        }
        special
    }
}

const DEFAULTS: [&str; 3] = [MINORS, ESTATES, CLOSED];

impl Special {
    /// What the file says of its own.
    pub(super) fn own(&self) -> impl Iterator<Item = &str> {
        let said = [&self.minors, &self.estates, &self.closed_accounts].map(String::as_str);
        said.into_iter().filter(|text| !DEFAULTS.contains(text))
    }
}

/// What the file says, or the default in the language spoken.
pub fn special_told(text: &str) -> &str {
    let place = DEFAULTS.iter().position(|default| *default == text);
    place.map_or(text, |place| said(DEFAULTS[place]))
}
