//! Telling people: an SMS or e-mail is a row, written with the fact it tells of, and a worker sends it.
//!
//! At least once: a process that dies between sending and noting it may send again, under the same id.

mod file;
pub mod handset;
mod outbox;
mod store;
pub mod templates;
#[cfg(test)]
mod tests;

pub use outbox::{deliver, run};
pub use store::{forget_expired, forget_nobody, waiting};
pub use templates::Template;

use crate::{
    ambient::{Ambient, Millis},
    store::{Error, Result, Tx, keys::MasterKey},
};

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Sms,
    Email,
}

impl Channel {
    pub fn slug(self) -> &'static str {
        match self {
            Channel::Sms => "sms",
            Channel::Email => "email",
        }
    }
}

/// A message to put in the outbox.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// Whom it is about; none for a message that belongs to no subscriber.
    pub subscriber_id: Option<&'a str>,
    pub channel: Channel,
    /// E.164, or an e-mail address.
    pub to: &'a str,
    pub template: Template,
    /// Not sent after this; none to try for about a day.
    pub expires_at: Option<Millis>,
}

/// Writes a message into the caller's transaction; returns its id.
/// Call `portal.outbox.notify_one()` after the commit, else it waits for the next look (1 s).
pub async fn enqueue(
    tx: &mut Tx,
    ambient: &Ambient,
    master: &MasterKey,
    message: NewMessage<'_>,
) -> Result<String> {
    write(tx, ambient, master, &message, message.channel.slug()).await
}

/// Writes and later works off as much as [`enqueue`] does, and sends nothing: whoever times an
/// answer cannot tell a number that we know from one that we do not.
pub async fn enqueue_nothing(
    tx: &mut Tx,
    ambient: &Ambient,
    master: &MasterKey,
    template: Template,
    expires_at: Option<Millis>,
) -> Result<()> {
    let message = NewMessage { subscriber_id: None, channel: Channel::Sms, to: "", template, expires_at };
    write(tx, ambient, master, &message, store::TO_NOBODY).await.map(drop)
}

async fn write(
    tx: &mut Tx,
    ambient: &Ambient,
    master: &MasterKey,
    message: &NewMessage<'_>,
    channel: &str,
) -> Result<String> {
    let id = ambient.id();
    let sealed = master
        .seal_small(&store::context(&id), message.template.text.as_bytes(), ambient)
        .map_err(|error| Error::Corrupt(error.to_string()))?;
    store::insert(tx, &id, message, channel, sealed, ambient.now()).await?;
    Ok(id)
}
