//! What the settings say of our account with Stripe.

use std::{collections::BTreeMap, num::NonZeroU32};

use crate::{
    secret::Secret,
    settings::{SettingsError, host_url, per_second, secret},
};

const URL: &str = "https://api.stripe.com";
/// What its search takes; each order looks its customer up first.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(20).unwrap();

#[derive(Clone, Debug)]
pub struct Account {
    /// Scheme and authority.
    pub url: String,
    pub key: Secret,
    pub per_second: NonZeroU32,
}

impl Account {
    /// None without a key.
    pub fn read(given: &mut BTreeMap<String, String>) -> Result<Option<Self>, SettingsError> {
        let url = given.remove("stripe_url").unwrap_or_else(|| URL.to_owned());
        let url = host_url("stripe_url", url)?;
        let per_second = per_second(given, "stripe_per_second", PER_SECOND)?;
        Ok(secret(given, "stripe_key").map(|key| Account { url, key, per_second }))
    }
}
