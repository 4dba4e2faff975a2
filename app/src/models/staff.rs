//! What support staff see. Personal fields arrive here masked already, unless a look was recorded.

use super::{CaseLine, CategoryLine, CategoryPage, ClaimLine, FieldError};

/// `/staff/sign-in`: fields `email`, `password`, `code`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffSignIn {
    pub email: String,
    pub errors: Vec<FieldError>,
    /// Shown after setting password and TOTP.
    pub just_enrolled: bool,
}

/// The page behind `enrol_url`, posted to itself: fields `password`, `password_again`, `code`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enrol {
    pub name: String,
    pub email: String,
    /// A whole `<svg>` element made by the server, not by a person.
    pub qr_svg: String,
    /// The TOTP secret in base32, for typing.
    pub secret: String,
    pub errors: Vec<FieldError>,
}

/// `/staff`, a GET form with the field `q`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub query: String,
    /// `None` before anything was searched for.
    pub results: Option<Vec<FoundSubscriber>>,
    /// More match than are shown.
    pub more: bool,
    pub errors: Vec<FieldError>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundSubscriber {
    pub account: String,
    pub name: String,
    /// Masked, `…0142`.
    pub phone: String,
    /// What matched: "phone", "name", "account", "claim MG-…".
    pub matched: String,
}

/// How much of the caller the member may see now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reveal {
    #[default]
    Masked,
    /// A code is on its way to the caller's phone; they read it back.
    CodeSent,
    /// Revealed, until when and why: "the caller read back the code".
    Revealed { until: String, why: String },
}

/// `/staff/subscribers/ACCOUNT`. Forms post to `…/code` (send one), `…/verify` (field `code`),
/// `…/reveal` (field `reason`) and `…/mask` (hide again).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    pub account: String,
    pub name: String,
    /// Masked or whole, as `reveal` says.
    pub phone: String,
    pub email: String,
    pub plan: String,
    pub locale: String,
    pub time_zone: String,
    pub affected: bool,
    pub lines: Vec<CategoryLine>,
    pub claims: Vec<ClaimLine>,
    /// The member may claim for them.
    pub claims_for: bool,
    /// Reports and appeals that were sent.
    pub cases: Vec<CaseLine>,
    /// The member may open them.
    pub opens_cases: bool,
    pub reveal: Reveal,
    /// What was typed as the reason, after a mistake.
    pub reason: String,
    pub errors: Vec<FieldError>,
    /// Newest first.
    pub looks: Vec<Look>,
}

/// One recorded look at a subscriber.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub at: String,
    pub who: String,
    pub what: String,
    pub reason: String,
}

/// `/staff/subscribers/ACCOUNT/CATEGORY`: the same page as the subscriber's, masked unless revealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerCategory {
    pub account: String,
    pub name: String,
    pub revealed: bool,
    pub page: CategoryPage,
}
