//! Telling people: an SMS or e-mail is a row, written with the fact it tells of, and a worker sends it.
//!
//! At least once: a process that dies between sending and noting it may send again, under the same id; under another where
//! its person's address is another by then.

mod batch;
pub mod bounces;
mod file;
pub mod handset;
mod many;
mod outbox;
mod quiet;
mod reader;
pub mod reports;
pub mod rounds;
pub mod routes;
mod second_look;
pub mod senders;
pub mod sms;
pub mod stop;
mod store;
pub mod templates;
#[cfg(test)]
mod tests;
mod token;

pub use app::words::Language;
pub use many::{Told, tell_many};
pub use outbox::{deliver, run};
pub use reader::{Reader, language_of, tell};
pub use store::{
    Bounce, forget_expired, forget_letters, forget_nobody, send_missed_letters,
    unreachable_of as unreachable, waiting,
};
use templates::Letter;
pub use templates::{Template, Voice};

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

    pub fn of(slug: &str) -> Option<Self> {
        [Channel::Sms, Channel::Email].into_iter().find(|channel| channel.slug() == slug)
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
    /// Whether its letter is kept beside a text message, to go by e-mail should the phone not get it.
    pub keep_letter: bool,
    /// Not sent before this; 0: at once.
    pub not_before: Millis,
    /// Not sent after this; none to try for about a day.
    pub expires_at: Option<Millis>,
}

/// Writes a message into the caller's transaction; returns its id. [`tell`] is the way for what is said to
/// a subscriber: it chooses language, channel and hour.
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
    let message = NewMessage {
        subscriber_id: None,
        channel: Channel::Sms,
        to: "",
        template,
        keep_letter: false,
        not_before: 0,
        expires_at,
    };
    write(tx, ambient, master, &message, store::TO_NOBODY).await.map(drop)
}

async fn write(
    tx: &mut Tx,
    ambient: &Ambient,
    master: &MasterKey,
    message: &NewMessage<'_>,
    channel: &str,
) -> Result<String> {
    let (id, template) = (ambient.id(), &message.template);
    let (subject, text) = template.for_channel(message.channel)?;
    let seal = |text: &str| seal(ambient, master, &id, text);
    let shown = template.secret.as_ref().map(|_| seal(&template.shown())).transpose()?;
    let letter = template.letter.as_ref().filter(|_| message.keep_letter);
    let letter = letter.map(|letter| kept(ambient, master, letter)).transpose()?;
    let row = store::NewRow { id: &id, channel, subject, text: seal(text)?, shown, letter };
    store::insert(tx, message, row, ambient.now()).await?;
    Ok(id)
}

/// A text as the row of message `id` holds it.
fn seal(ambient: &Ambient, master: &MasterKey, id: &str, text: &str) -> Result<Vec<u8>> {
    let sealed = master.seal_small(&store::context(id), text.as_bytes(), ambient);
    sealed.map_err(|error| Error::Corrupt(error.to_string()))
}

/// A letter as it is kept beside its text message.
fn kept(ambient: &Ambient, master: &MasterKey, letter: &Letter) -> Result<store::KeptLetter> {
    let id = ambient.id();
    let text = seal(ambient, master, &id, &letter.text)?;
    Ok(store::KeptLetter { id, subject: letter.subject.clone(), text })
}
