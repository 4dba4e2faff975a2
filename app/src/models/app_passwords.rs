//! App passwords: named, shown once, listed.

use super::FieldError;

/// One that can be used, as `/account` lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppPasswordLine {
    /// As its owner called it.
    pub name: String,
    /// Says nothing of the person, and is no secret.
    pub user_name: String,
    pub made: String,
    /// "Never", or a moment.
    pub used: String,
    /// Where the form that ends it is posted.
    pub end: String,
}

/// `/account/app-passwords`, posted to itself with the field `name`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppPasswordForm {
    /// As typed.
    pub name: String,
    pub errors: Vec<FieldError>,
    /// There are as many as one person may have.
    pub full: bool,
}

/// The only page that ever shows the password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppPasswordMade {
    pub name: String,
    /// With scheme and host.
    pub server: String,
    pub user_name: String,
    pub password: String,
}
