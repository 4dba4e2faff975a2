//! What was sent to a person, and how they want to be written to.

use super::{FieldError, Pager};

/// `/account/messages`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentMessages {
    /// Where messages come back from.
    pub unreachable: Vec<Unreachable>,
    /// How they want to be written to: "News", "By e-mail".
    pub wishes: Vec<(&'static str, String)>,
    /// Who sends gift cards in the operator's place, if anybody does.
    pub gift_cards_by: Option<&'static str>,
    /// Newest first.
    pub list: Vec<SentMessage>,
    pub pager: Pager,
}

/// An address that messages came back from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreachable {
    /// Masked.
    pub address: String,
    pub since: String,
    /// Where the form that tries it again is posted.
    pub again: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentMessage {
    /// When it was written.
    pub at: String,
    /// "Text message to …0142".
    pub head: String,
    /// Of an e-mail.
    pub subject: String,
    /// With dots for a code; empty when it is not kept.
    pub text: String,
    /// "Arrived 20 October 2009, 12:00 UTC".
    pub state: String,
    /// What the text is in: `en`, `es`.
    pub language: String,
}

/// `/account/messages/wishes`, posted to itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageWishes {
    /// `sms`, `email` or `none`.
    pub news: String,
    /// `en` or `es`.
    pub language: String,
    /// As typed, `21:00`.
    pub quiet_from: String,
    pub quiet_until: String,
    /// Whose hours they are: "America/Los_Angeles".
    pub zone: String,
    pub errors: Vec<FieldError>,
}

/// `/messages/stop/TOKEN`: no more news, without signing in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StopNews {
    /// There is nothing to stop (any more).
    pub stopped: bool,
    /// Where the button is posted.
    pub path: String,
}
