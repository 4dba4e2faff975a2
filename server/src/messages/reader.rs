//! Whom a message is for: by what way it reaches them, in which language, at which hour.

use super::{Channel, Language, NewMessage, Template, Voice, enqueue, templates::Purpose};
use crate::{
    portal::Portal,
    store::{Result, Tx, sql},
};

/// A subscriber, as far as messages need to know them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Reader {
    pub id: String,
    pub phone: Option<String>,
    pub email: String,
    pub locale: String,
}

impl Reader {
    async fn load(tx: &mut Tx, id: &str) -> Result<Option<Self>> {
        sql("SELECT id, phone, email, locale FROM subscribers WHERE id = $1").bind(id).optional(tx).await
    }

    pub fn language(&self) -> Language {
        Language::of(&self.locale)
    }

    fn address(&self, channel: Channel) -> Option<&str> {
        match channel {
            Channel::Sms => self.phone.as_deref(),
            Channel::Email => Some(self.email.as_str()).filter(|address| !address.is_empty()),
        }
    }

    /// By which channels a message goes to them, each with the address.
    pub(super) fn ways(&self, template: &Template) -> Vec<(Channel, &str)> {
        let way = |channel| Some((channel, self.address(channel)?));
        let by_mail = || template.letter.is_some().then(|| way(Channel::Email)).flatten();
        match template.purpose {
            Purpose::Security => way(Channel::Sms).into_iter().collect(),
            Purpose::Receipt => way(Channel::Sms).into_iter().chain(by_mail()).collect(),
            Purpose::Notice => way(Channel::Sms).or_else(by_mail).into_iter().collect(),
            Purpose::News => by_mail().into_iter().collect(),
        }
    }
}

/// Writes what `words` says to a subscriber into the caller's transaction: in their language, by the
/// way that its purpose and their wishes ask for. Nothing where they cannot be reached.
///
/// Call `portal.outbox.notify_one()` after the commit.
pub async fn tell(
    tx: &mut Tx,
    portal: &Portal,
    subscriber_id: &str,
    words: impl FnOnce(&Voice<'_>) -> Template,
) -> Result<()> {
    let Some(reader) = Reader::load(tx, subscriber_id).await? else { return Ok(()) };
    let template = words(&Voice::new(portal, reader.language()));
    for (channel, to) in reader.ways(&template) {
        let message = NewMessage {
            subscriber_id: Some(&reader.id),
            channel,
            to,
            template: template.clone(),
            not_before: 0,
            expires_at: None,
        };
        enqueue(tx, &portal.ambient, portal.master(), message).await?;
    }
    Ok(())
}

/// The language of a subscriber; the same work, and English, where there is none.
pub async fn language_of(tx: &mut Tx, subscriber_id: Option<&str>) -> Result<Language> {
    let reader = Reader::load(tx, subscriber_id.unwrap_or_default()).await?;
    Ok(reader.map_or(Language::En, |reader| reader.language()))
}
