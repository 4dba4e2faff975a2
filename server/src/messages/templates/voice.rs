//! Who speaks, in which language, and what every message has in common.

use super::{Letter, Purpose, Template};
use crate::{
    ambient::Millis,
    incident::Incident,
    messages::{Language, sms},
    portal::Portal,
    web::wording,
};

/// The operator of an incident, speaking a language.
#[derive(Clone, Copy, Debug)]
pub struct Voice<'a> {
    pub incident: &'a Incident,
    pub language: Language,
    /// Where people sign in: `recovery.example.com`.
    pub host: &'a str,
}

/// What a message says in one language.
pub(super) struct Words {
    pub sms: String,
    pub subject: String,
    /// A paragraph each.
    pub letter: Vec<String>,
}

impl<'a> Voice<'a> {
    pub fn new(portal: &'a Portal, language: Language) -> Self {
        Voice { incident: portal.incident.told_in(language), language, host: portal.settings.host() }
    }

    /// The operator's name in letters that an SMS has.
    pub(super) fn operator(&self) -> String {
        sms::plain(&self.incident.operator)
    }

    /// `20 October 2009`, or `20 de octubre de 2009`, by the incident's zone.
    pub(super) fn day(&self, at: Millis) -> String {
        self.language.within(|| wording::day_in(at, &self.incident.time_zone))
    }

    /// To a phone alone.
    pub(super) fn to_phone(self, name: &'static str, text: String) -> Template {
        Template {
            name,
            language: self.language,
            purpose: Purpose::Security,
            sms: self.with_notice(text),
            letter: None,
            secret: None,
        }
    }

    pub(super) fn code(&self, name: &'static str, code: &str, text: String) -> Template {
        Template { secret: Some(code.to_owned()), ..self.to_phone(name, text) }
    }

    pub(super) fn say(&self, name: &'static str, purpose: Purpose, words: Words) -> Template {
        let Words { sms, subject, letter } = words;
        Template {
            purpose,
            letter: Some(Letter::new(self, purpose, subject, &letter)),
            ..self.to_phone(name, sms)
        }
    }

    /// With the demonstration's word after it.
    fn with_notice(&self, text: String) -> String {
        format!("{text}{}", self.notice())
    }

    fn notice(&self) -> String {
        self.incident.demo.as_ref().map(|demo| format!(" {}", sms::plain(&demo.word))).unwrap_or_default()
    }

    /// A text message around words that may be long: they are cut where the message would need a second part.
    pub(super) fn around(&self, before: &str, words: &str, after: &str) -> String {
        const ROOM: usize = 160;
        let words = sms::plain(&words.split_whitespace().collect::<Vec<_>>().join(" "));
        let whole = |words: &str| sms::Parts::of(&format!("{before}{words}{after}{}", self.notice())).units;
        if whole(&words) <= ROOM {
            return format!("{before}{words}{after}");
        }
        let mut cut = words.as_str();
        while !cut.is_empty() && whole(&format!("{cut}...")) > ROOM {
            cut = cut.rsplit_once(' ').map_or("", |(kept, _)| kept);
        }
        format!("{before}{}...{after}", cut.trim_end_matches(['.', ',', ';', ':']))
    }
}
