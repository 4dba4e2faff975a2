//! What the settings say of our account with Tremendous.

use std::{collections::BTreeMap, num::NonZeroU32};

use crate::{
    secret::Secret,
    settings::{SettingsError, host_url, per_second, secret},
};

/// What its interface takes a second, unless more was agreed.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// All of them, or none.
const NEEDED: [&str; 4] =
    ["tremendous_url", "tremendous_key", "tremendous_funding_source", "tremendous_campaign"];

#[derive(Clone, Debug)]
pub struct Account {
    /// Scheme and authority: the sandbox's, or those of real money. There is no default.
    pub url: String,
    pub key: Secret,
    /// What orders are paid from: `balance`, or the id of another source.
    pub funding_source: String,
    /// Says what a person may choose from.
    pub campaign: String,
    /// Signs what it tells us; without one nothing that it tells is listened to.
    pub webhook_key: Option<Secret>,
    pub per_second: NonZeroU32,
}

impl Account {
    /// None where nothing is set.
    pub fn read(given: &mut BTreeMap<String, String>) -> Result<Option<Self>, SettingsError> {
        let per_second = per_second(given, "tremendous_per_second", PER_SECOND)?;
        let webhook_key = secret(given, "tremendous_webhook_key");
        match NEEDED.map(|key| given.remove(key)) {
            [Some(url), Some(key), Some(funding_source), Some(campaign)] => Ok(Some(Account {
                url: host_url("tremendous_url", url)?,
                key: Secret::new(key),
                funding_source,
                campaign,
                webhook_key,
                per_second,
            })),
            [None, None, None, None] if webhook_key.is_none() => Ok(None),
            there => {
                let missing = NEEDED.iter().zip(&there).find(|(_, value)| value.is_none());
                Err(SettingsError::Value {
                    key: missing.map_or(NEEDED[0], |(key, _)| *key),
                    value: String::new(),
                    reason: "is missing: URL, KEY, FUNDING_SOURCE and CAMPAIGN go together",
                })
            }
        }
    }
}
