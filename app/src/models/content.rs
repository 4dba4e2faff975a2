//! Pages of plain text, and what we hold about a person.

use super::{AppPasswordLine, DownloadLink, Section, Support, Terms};

/// `/terms`: every remedy's terms on one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermsPage {
    pub remedies: Vec<Terms>,
}

/// `/privacy`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Privacy {
    pub operator: String,
    /// What the incident file adds.
    pub sections: Vec<Section>,
    pub support: Support,
}

/// `/help`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// What not to do with the device, and the like, from the incident file.
    pub sections: Vec<Section>,
    pub support: Support,
}

/// `/accessibility`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accessibility {
    pub support: Support,
}

/// `/recovery/verify`: the same for everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verify;

/// `/account`: what we hold about the person who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    /// Masked.
    pub phone: String,
    /// Masked; empty when none is known.
    pub email: String,
    pub plan: String,
    /// Masked addresses that messages come back from.
    pub unreachable: Vec<String>,
    pub sessions: Vec<OpenSession>,
    /// Newest first.
    pub app_passwords: Vec<AppPasswordLine>,
    /// Newest first.
    pub links: Vec<DownloadLink>,
    /// Newest first.
    pub sign_ins: Vec<SignInRecord>,
}

/// A browser that is signed in. `POST /account/sign-out-everywhere` ends them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenSession {
    pub started: String,
    pub last_seen: String,
    /// The browser that asks.
    pub here: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInRecord {
    pub at: String,
    /// "Signed in", "Wrong code", "Signed out".
    pub what: String,
}
