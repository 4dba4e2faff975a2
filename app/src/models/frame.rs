//! What every page shares, whoever looks at it.

/// Who is signed in, as far as the header may say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Visitor {
    #[default]
    Nobody,
    /// The end of the phone number, as in `…0142`.
    Subscriber { phone_end: String },
    /// The member's name, and where they may go: address and label.
    Staff { name: String, rooms: Vec<(&'static str, &'static str)> },
}

/// Addresses of the embedded assets, made once at start from their content's hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// `/assets/main.HASH.css`.
    pub stylesheet: String,
    /// `/assets/icon.HASH.svg`.
    pub icon: String,
    /// `/site.webmanifest`.
    pub manifest: String,
    /// `pkg/HASH`, without slashes around it: where `app.js` and `app_bg.wasm` are.
    pub pkg: String,
    /// `pkg/HASH`: where `page.js`, `worker.js` and `verify_bg.wasm` are.
    pub verify: String,
}

/// How to reach the operator's people, in the incident file's words and order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    pub ways: Vec<SupportWay>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupportWay {
    /// "By e-mail: care@example.com".
    pub how: String,
    /// When somebody is there; empty when not given.
    pub hours: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    pub operator: String,
    /// What the outage is of, as people call it.
    pub product: String,
    /// The demonstration's sentence for every page, which search engines are then asked to leave alone.
    pub demo: Option<String>,
    pub visitor: Visitor,
    /// The path of this page, so that the navigation can mark it; empty marks nothing.
    pub path: String,
    pub assets: Assets,
}
