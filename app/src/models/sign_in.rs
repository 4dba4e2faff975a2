//! Signing in: a phone, then a code, then (for some operators) one more fact.

use super::FieldError;

/// How long until something may be asked again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wait {
    pub seconds: i64,
}

/// `/sign-in`, posted to itself with the field `phone`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneForm {
    /// As typed.
    pub phone: String,
    pub errors: Vec<FieldError>,
    /// Set on 429: no code can be asked for before.
    pub wait: Option<Wait>,
    /// The page was asked for while signed out: says that signing in leads on.
    pub must_sign_in: bool,
    /// Under `makegood demo` the page says where the messages arrive.
    pub handset: bool,
}

/// `/sign-in/code`, posted to itself with the field `code`. The same for known and unknown numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeForm {
    /// The number as typed, so that a slip can be seen.
    pub phone: String,
    /// How long a code lasts.
    pub minutes: i64,
    pub errors: Vec<FieldError>,
    /// The wait before another code would be sent; `None` when none is needed.
    pub wait: Option<Wait>,
    pub handset: bool,
}

/// One more code before something is made that outlives the session. Posted to `path`: without the
/// field `code` one is sent, with it the code is entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreshCodeForm {
    pub title: String,
    /// What will be made, and what it is good for.
    pub lead: String,
    pub path: String,
    /// On the button that enters the code.
    pub button: String,
    pub back: String,
    /// `…0142`.
    pub phone_end: String,
    pub minutes: i64,
    /// A code is on its way and not yet used.
    pub sent: bool,
    pub errors: Vec<FieldError>,
    /// The wait before another code would be sent; `None` when none is needed.
    pub wait: Option<Wait>,
    pub handset: bool,
}

/// `/sign-in/account`, posted to itself with the field `last4`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondFactForm {
    pub errors: Vec<FieldError>,
}
