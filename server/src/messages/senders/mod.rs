//! What carries messages out: a file, a mail server, an SMS gateway.

pub mod address;
mod gateway;
pub mod letter;
mod smtp;

use std::{num::NonZeroU32, path::PathBuf};

use tokio::sync::Notify;

use super::{Channel, file, store::Due};
use crate::{ambient::Millis, settings::Settings};

pub use gateway::GatewayClient;
pub use smtp::SmtpClient;

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The next server has it.
    Sent { provider_id: Option<String> },
    /// It was not sent; not before `after` milliseconds the sender takes more.
    NotYet { why: String, after: Option<Millis> },
    /// It may have been sent, and may not.
    Doubtful { why: String },
    /// It never can be. `address` is at fault, or something else.
    Refused { why: String, address: bool },
    /// It was not tried: something about its person is not as it was when it was taken.
    Changed,
}

impl Outcome {
    pub fn not_yet(why: impl ToString) -> Self {
        Outcome::NotYet { why: why.to_string(), after: None }
    }

    pub fn doubtful(why: impl ToString) -> Self {
        Outcome::Doubtful { why: why.to_string() }
    }
}

/// What is sent.
pub struct Outgoing<'a> {
    pub due: &'a Due,
    pub text: String,
    /// Where to stop what is not essential; none for what is.
    pub unsubscribe: Option<String>,
    /// Where the gateway reports what becomes of it.
    pub report_to: String,
    pub now: Millis,
}

pub enum Way {
    File(PathBuf),
    Smtp(SmtpClient),
    Gateway(GatewayClient),
}

/// The way out of one channel.
pub struct Sender {
    pub channel: Channel,
    pub way: Way,
    /// How many messages leave in a second, of all processes together; none: as many as there are.
    pub per_second: Option<u32>,
    /// How many messages are taken at a time: about what a second lets through, so that a code need not wait for more.
    pub batch: i64,
    /// Wakes its worker.
    pub wake: Notify,
}

impl Sender {
    fn new(channel: Channel, way: Way, per_second: NonZeroU32) -> Self {
        let is_file = matches!(way, Way::File(_));
        Sender {
            channel,
            way,
            per_second: (!is_file).then_some(per_second.get()),
            batch: if is_file { 64 } else { i64::from(per_second.get()).clamp(1, 64) },
            wake: Notify::new(),
        }
    }

    /// Sends one message.
    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Outcome {
        match &self.way {
            Way::File(_) => Outcome::not_yet("a file is written in batches"),
            Way::Smtp(smtp) => smtp.send(outgoing).await,
            Way::Gateway(gateway) => gateway.send(outgoing).await,
        }
    }
}

/// Every way out that the settings name.
#[derive(Default)]
pub struct Ways(Vec<Sender>);

impl Ways {
    pub fn new(settings: &Settings) -> Self {
        let senders = &settings.messages;
        let file = || senders.file.then(|| Way::File(settings.data_dir.join(file::NAME)));
        let smtp = || {
            let from = settings.messages_from.clone()?;
            Some(Way::Smtp(SmtpClient::new(senders.smtp.clone()?, from, settings.host())))
        };
        let gateway = || Some(Way::Gateway(GatewayClient::new(senders.gateway.clone()?)));
        let sms = gateway().or_else(file).map(|way| Sender::new(Channel::Sms, way, settings.sms_per_second));
        let email =
            smtp().or_else(file).map(|way| Sender::new(Channel::Email, way, settings.emails_per_second));
        Ways(sms.into_iter().chain(email).collect())
    }

    pub fn all(&self) -> &[Sender] {
        &self.0
    }

    pub fn of(&self, channel: Channel) -> Option<&Sender> {
        self.0.iter().find(|sender| sender.channel == channel)
    }
}
