//! What every page shares, whoever looks at it.

/// Who is signed in, as far as the header may say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Visitor {
    #[default]
    Nobody,
    /// The end of the phone number, as in `…0142`.
    Subscriber { phone_end: String },
    /// The member's name.
    Staff { name: String },
}

/// Addresses of the embedded assets, made once at start from their content's hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// `/pkg/HASH/main.css`.
    pub stylesheet: String,
    /// `/pkg/HASH/icon.svg` or `/icon.svg`.
    pub icon: String,
    pub manifest: String,
    /// `pkg/HASH`, without slashes around it: where `app.js` and `app_bg.wasm` are.
    pub pkg: String,
}

/// How to reach the operator's people. Empty fields are left out of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    pub phone: String,
    pub email: String,
    pub hours: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    pub operator: String,
    /// What the outage is of, as people call it.
    pub product: String,
    /// Shows the banner and keeps search engines away.
    pub demo: bool,
    pub visitor: Visitor,
    /// The path of this page, so that the navigation can mark it; empty marks nothing.
    pub path: String,
    pub assets: Assets,
}
