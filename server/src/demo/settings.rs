//! The settings of the generator, `demo/population.toml`.

use std::collections::BTreeMap;

use app::Category;
use serde::Deserialize;

/// What the population is made from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    pub seed: u64,
    /// How many subscribers in all, the personas among them.
    pub subscribers: usize,
    /// How many different pictures are drawn, once for everyone; at least one.
    pub pictures: usize,
    pub shares: Shares,
    /// Percent of the affected who have a category open; others are not released at all.
    pub open: BTreeMap<Category, u8>,
    pub people: People,
}

/// Percent of the subscribers with each story.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Shares {
    pub unaffected: u8,
    pub partial: u8,
    pub surplus: u8,
    pub expected_unknown: u8,
    pub unrecoverable: u8,
    pub waiting: u8,
    pub damaged: u8,
}

/// Percent of the subscribers on the plan and with the language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct People {
    pub data_20: u8,
    pub spanish: u8,
}

/// Settings that give no population.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("{path} cannot be read: {reason}")]
    Unreadable { path: String, reason: String },
    #[error("{path}: subscribers must be from {least} to {most}, as many as there are fictitious numbers")]
    Subscribers { path: String, least: usize, most: usize },
    #[error("{path}: pictures must be 1 or more")]
    Pictures { path: String },
    #[error("{path}: {what} must be percents, 100 at most together")]
    Percents { path: String, what: &'static str },
}

impl Settings {
    /// Reads the settings; `path` is only named in the error.
    pub fn from_toml(text: &str, path: &str) -> Result<Self, SettingsError> {
        let path = || path.to_owned();
        let settings: Settings = toml::from_str(text)
            .map_err(|error| SettingsError::Unreadable { path: path(), reason: error.to_string() })?;
        let (least, most) = (super::personas::COUNT, super::people::MOST);
        if !(least..=most).contains(&settings.subscribers) {
            return Err(SettingsError::Subscribers { path: path(), least, most });
        }
        if settings.pictures == 0 {
            return Err(SettingsError::Pictures { path: path() });
        }
        if settings.shares.sum() > 100 {
            return Err(SettingsError::Percents { path: path(), what: "[shares]" });
        }
        let alone = settings.open.values().chain([&settings.people.data_20, &settings.people.spanish]);
        if alone.into_iter().any(|percent| *percent > 100) {
            return Err(SettingsError::Percents { path: path(), what: "[open] and [people], each alone," });
        }
        Ok(settings)
    }
}

impl Shares {
    fn sum(&self) -> u32 {
        let all = [
            self.unaffected,
            self.partial,
            self.surplus,
            self.expected_unknown,
            self.unrecoverable,
            self.waiting,
            self.damaged,
        ];
        all.into_iter().map(u32::from).sum()
    }
}
