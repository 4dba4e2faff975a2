//! The demo's stand-in for a phone.

/// `/demo/handset`, a GET form with the field `phone`. Newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handset {
    pub phone: String,
    pub messages: Vec<HandsetMessage>,
    /// Phones to sign in with, and what each shows: "+1 555 555 0142", "everything came back".
    pub people: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandsetMessage {
    pub to: String,
    /// `sms` or `email`.
    pub channel: String,
    pub at: String,
    /// Empty for an SMS.
    pub subject: String,
    pub text: String,
}
