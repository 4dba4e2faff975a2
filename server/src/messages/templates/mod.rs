//! What messages say, in each language and for each channel.
//!
//! A function here makes a [`Template`] in a [`Voice`]: `templates::claim_granted(&voice, number, worth)`;
//! [`tell`](super::tell) makes the voice. An SMS is one part of GSM-7 with what matters first; the
//! Spanish ones keep to words that are spelt right in its letters (é, ñ and ü are there; á, í, ó and ú
//! are not). No message holds a secret that lasts, or a link that asks for one.

mod cases;
mod claims;
mod codes;
mod letter;
mod news;
mod payouts;
mod samples;
#[cfg(test)]
mod tests;
mod voice;

pub use cases::{
    appeal_answered, appeal_asked, appeal_received, report_answered, report_asked, report_received,
};
pub use claims::{
    claim_approved, claim_changed, claim_declined, claim_ended, claim_granted, claim_has_room, claim_late,
    claim_received, claim_waits, claim_withdrawn, granted_automatically,
};
pub use codes::{
    app_password_made, caller_code, codes_stopped, download_link_made, fresh_code, many_wrong_codes,
    sign_in_code,
};
pub use letter::{Letter, html};
pub use news::{data_opened, remedy_open};
pub use payouts::{
    credit_on_bill, gift_card_posted, gift_card_sent, gift_code_ready, payout_closed, payout_failed,
    payout_late, payout_returned,
};
pub use samples::every;
pub use voice::Voice;

use super::{Channel, Language};
use crate::store::{Error, Result};

/// Why a message is sent; it decides by what way it goes, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// A code, or word of what was just done in their name: to the phone, at any hour.
    Security,
    /// What they have just asked for, to keep: to the phone and by e-mail, at any hour.
    Receipt,
    /// What they need to know: to the phone, or by e-mail where that does not get it; not during their quiet hours.
    Notice,
    /// Good to know: by the way they chose, if any; can be unsubscribed.
    News,
}

impl Purpose {
    pub const ALL: [Purpose; 4] = [Purpose::Security, Purpose::Receipt, Purpose::Notice, Purpose::News];

    /// Sent whatever somebody prefers.
    pub fn is_essential(self) -> bool {
        self != Purpose::News
    }

    /// Sent at any hour.
    pub fn is_at_once(self) -> bool {
        self <= Purpose::Receipt
    }

    pub fn slug(self) -> &'static str {
        match self {
            Purpose::Security => "security",
            Purpose::Receipt => "receipt",
            Purpose::Notice => "notice",
            Purpose::News => "news",
        }
    }

    /// The lower, the sooner it is sent.
    pub fn urgency(self) -> i64 {
        self as i64
    }

    /// Whose urgency it is.
    pub fn of(urgency: i64) -> Option<Self> {
        Purpose::ALL.into_iter().find(|purpose| purpose.urgency() == urgency)
    }
}

/// A message's words, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// What kind of message it is, as the outbox and the `file` sender name it.
    pub name: &'static str,
    pub language: Language,
    pub purpose: Purpose,
    pub sms: String,
    /// None: it goes to a phone alone.
    pub letter: Option<Letter>,
    /// What of it is secret: the text is kept with dots in its place once it is sent.
    pub secret: Option<String>,
}

impl Template {
    /// Subject and text of what goes by a channel; an SMS has no subject.
    pub fn for_channel(&self, channel: Channel) -> Result<(&str, &str)> {
        match (channel, &self.letter) {
            (Channel::Sms, _) => Ok(("", &self.sms)),
            (Channel::Email, Some(letter)) => Ok((&letter.subject, &letter.text)),
            (Channel::Email, None) => Err(Error::Corrupt(format!("{} is no e-mail", self.name))),
        }
    }

    /// The text of an SMS with dots for what is secret.
    pub fn shown(&self) -> String {
        match &self.secret {
            Some(secret) => self.sms.replace(secret.as_str(), &"•".repeat(secret.chars().count())),
            None => self.sms.clone(),
        }
    }
}
