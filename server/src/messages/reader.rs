//! Whom a message is for: by what way it reaches them, in which language, at which hour.

use super::{
    Channel, Language, NewMessage, Template, Voice, enqueue,
    quiet::{self, Quiet},
    store,
    templates::Purpose,
};
use crate::{
    ambient::Millis,
    portal::Portal,
    store::{Result, Tx},
};

/// A subscriber, as far as messages need to know them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Reader {
    pub id: String,
    pub phone: Option<String>,
    pub email: String,
    locale: String,
    pub time_zone: String,
    news: Option<String>,
    language: Option<String>,
    quiet_from: Option<i64>,
    quiet_until: Option<i64>,
    phone_bounces: i64,
    email_bounces: i64,
}

impl Reader {
    /// As they chose, else by their locale.
    pub fn language(&self) -> Language {
        Language::of(self.language.as_deref().unwrap_or(&self.locale))
    }

    /// By which channel news comes to them, if by any.
    pub fn news(&self) -> Option<Channel> {
        match self.news.as_deref() {
            Some("none") => None,
            Some("sms") => Some(Channel::Sms),
            _ => Some(Channel::Email),
        }
    }

    pub fn quiet(&self) -> Quiet {
        match (self.quiet_from, self.quiet_until) {
            (Some(from), Some(until)) => Quiet { from, until },
            _ => Quiet::default(),
        }
    }

    /// Where messages of a channel reach them; none where there is no address, or they come back from it.
    pub(super) fn address(&self, channel: Channel) -> Option<&str> {
        match channel {
            Channel::Sms => self.phone.as_deref().filter(|_| self.phone_bounces == 0),
            Channel::Email => {
                Some(self.email.as_str()).filter(|to| !to.is_empty() && self.email_bounces == 0)
            }
        }
    }

    /// By which channels a message goes to them, each with the address.
    pub(super) fn ways(&self, template: &Template) -> Vec<(Channel, &str)> {
        let way = |channel| Some((channel, self.address(channel)?));
        let by_mail = || template.letter.is_some().then(|| way(Channel::Email)).flatten();
        match template.purpose {
            Purpose::Security => self.phone.as_deref().map(|to| (Channel::Sms, to)).into_iter().collect(),
            Purpose::Receipt => way(Channel::Sms).into_iter().chain(by_mail()).collect(),
            Purpose::Notice => way(Channel::Sms).or_else(by_mail).into_iter().collect(),
            Purpose::News => match self.news() {
                Some(Channel::Sms) => way(Channel::Sms).into_iter().collect(),
                Some(Channel::Email) => by_mail().into_iter().collect(),
                None => Vec::new(),
            },
        }
    }

    /// Whether the letter of what goes to them by this channel is kept, in case the phone does not get it.
    pub(super) fn keeps_letter(&self, template: &Template, channel: Channel) -> bool {
        template.purpose == Purpose::Notice
            && channel == Channel::Sms
            && self.address(Channel::Email).is_some()
    }

    /// When it may be sent: at once, or after their quiet hours.
    pub(super) fn not_before(&self, purpose: Purpose, portal: &Portal) -> Millis {
        if purpose.is_at_once() {
            return 0;
        }
        let zone = quiet::zone_of(&self.time_zone, &portal.incident.time_zone);
        self.quiet().earliest(portal.ambient.now(), &zone)
    }
}

/// Writes what `words` says to a subscriber into the caller's transaction: in their language, by the
/// way that its purpose and their wishes ask for, and not in their quiet hours where it can wait.
/// Nothing where they cannot be reached.
///
/// Call `portal.outbox.notify_one()` after the commit.
pub async fn tell(
    tx: &mut Tx,
    portal: &Portal,
    subscriber_id: &str,
    words: impl FnOnce(&Voice<'_>) -> Template,
) -> Result<()> {
    let Some(reader) = store::reader(&mut *tx, subscriber_id).await? else { return Ok(()) };
    let template = words(&Voice::new(portal, reader.language()));
    for (channel, to) in reader.ways(&template) {
        let message = NewMessage {
            subscriber_id: Some(&reader.id),
            channel,
            to,
            template: template.clone(),
            keep_letter: reader.keeps_letter(&template, channel),
            not_before: reader.not_before(template.purpose, portal),
            expires_at: None,
        };
        enqueue(tx, &portal.ambient, portal.master(), message).await?;
    }
    Ok(())
}

/// The language of a subscriber; the same work, and English, where there is none.
pub async fn language_of(tx: &mut Tx, subscriber_id: Option<&str>) -> Result<Language> {
    let reader = store::reader(tx, subscriber_id.unwrap_or_default()).await?;
    Ok(reader.map_or(Language::En, |reader| reader.language()))
}
