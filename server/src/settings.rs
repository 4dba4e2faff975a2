//! Settings: a TOML file under environment variables, which win.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use http::Uri;
use lettre::message::Mailbox;

use crate::{
    messages::senders::address::Senders,
    remedies::payouts::{stripe, tremendous},
    secret::Secret,
};

/// The settings that there are, as keys of the file; the variable is `MAKEGOOD_` and the key in capitals.
const KEYS: [&str; 23] = [
    "listen",
    "base_url",
    "database_url",
    "blobs_url",
    "data_dir",
    "incident",
    "master_key_file",
    "trusted_proxies",
    "metrics_listen",
    "messages",
    "messages_from",
    "sms_per_second",
    "emails_per_second",
    "scrub_bytes_per_second",
    "tremendous_url",
    "tremendous_key",
    "tremendous_funding_source",
    "tremendous_campaign",
    "tremendous_webhook_key",
    "tremendous_per_second",
    "stripe_url",
    "stripe_key",
    "stripe_per_second",
];

/// A terabyte in a day and a half, and hardly to be felt.
const SCRUB_BYTES_PER_SECOND: u64 = 8 << 20;

/// What gateways and mail servers let through before they complain.
const SMS_PER_SECOND: NonZeroU32 = NonZeroU32::new(10).unwrap();
const EMAILS_PER_SECOND: NonZeroU32 = NonZeroU32::new(20).unwrap();

#[derive(Clone, Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    /// Scheme and authority, without a slash at its end; posts must have this origin.
    pub base_url: String,
    pub database_url: String,
    pub blobs_url: String,
    pub data_dir: PathBuf,
    pub incident: Option<PathBuf>,
    pub master_key_file: PathBuf,
    /// The key file was named, not defaulted.
    pub master_key_named: bool,
    pub trusted_proxies: Vec<IpAddr>,
    pub metrics_listen: Option<SocketAddr>,
    /// How messages leave; none: they wait in the outbox, and `doctor` says so.
    pub messages: Senders,
    /// Whom e-mail is from.
    pub messages_from: Option<Mailbox>,
    /// How fast each process may send.
    pub sms_per_second: NonZeroU32,
    pub emails_per_second: NonZeroU32,
    /// How fast `serve` reads stored bytes back; 0: not at all.
    pub scrub_bytes_per_second: u64,
    /// Our accounts with those who carry payouts out.
    pub tremendous: Option<tremendous::Account>,
    pub stripe: Option<stripe::Account>,
    /// `makegood demo` runs: `/demo/handset` shows what was sent.
    pub demo_handset: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{path}: {reason}")]
    Toml { path: PathBuf, reason: String },
    #[error("{path}: there is no setting {key:?}; the settings are {}", KEYS.join(", "))]
    UnknownKey { path: PathBuf, key: String },
    #[error("there is no setting {0}; see `makegood --help` and docs/operating.md")]
    UnknownVariable(String),
    #[error("{key}: {value:?} {reason}")]
    Value { key: &'static str, value: String, reason: &'static str },
}

/// What differs between `makegood serve` and `makegood demo`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    Real,
    Demo,
}

type Given = BTreeMap<String, String>;

impl Settings {
    /// Reads `config` (or `./makegood.toml` if it is there), then `variables`.
    pub fn load(
        config: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
        flavor: Flavor,
    ) -> Result<Self, SettingsError> {
        let default = Path::new("makegood.toml");
        let file = config.or_else(|| default.exists().then_some(default));
        let mut given = file.map_or(Ok(Given::new()), read_file)?;
        for (name, value) in variables {
            let Some(key) = name.strip_prefix("MAKEGOOD_").map(str::to_ascii_lowercase) else { continue };
            if KEYS.contains(&key.as_str()) {
                given.insert(key, value);
            } else if !key.starts_with("test_") && !["bin", "log"].contains(&key.as_str()) {
                return Err(SettingsError::UnknownVariable(name));
            }
        }
        given.retain(|_, value| !value.is_empty());
        Self::from_given(given, flavor)
    }

    fn from_given(mut given: Given, flavor: Flavor) -> Result<Self, SettingsError> {
        let listen = take(&mut given, "listen", "must be an address and a port, like 127.0.0.1:3000")?
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000)));
        if flavor == Flavor::Demo && !listen.ip().is_loopback() {
            let reason = "is not on loopback; the demonstration never listens beyond it";
            return Err(SettingsError::Value { key: "listen", value: listen.to_string(), reason });
        }
        let data_dir = given.remove("data_dir").map_or_else(
            || PathBuf::from(if flavor == Flavor::Demo { "./data-demo" } else { "./data" }),
            PathBuf::from,
        );
        let base_url = match given.remove("base_url") {
            Some(url) => host_url("base_url", url)?,
            None => format!("http://{listen}"),
        };
        let key_file = given.remove("master_key_file").map(PathBuf::from);
        let incident = given.remove("incident").map(PathBuf::from);
        let messages = messages(given.remove("messages"), flavor)?;
        let messages_from =
            take(&mut given, "messages_from", "must be like Example Care <care@example.com>")?;
        if messages.smtp.is_some() && messages_from.is_none() {
            let reason = "must say whom e-mail is from, like Example Care <care@example.com>";
            return Err(SettingsError::Value { key: "messages_from", value: String::new(), reason });
        }
        Ok(Self {
            listen,
            base_url,
            database_url: match given.remove("database_url") {
                Some(url) => database_url(url)?,
                None => format!("sqlite://{}", data_dir.join("makegood.db").display()),
            },
            blobs_url: match given.remove("blobs_url") {
                Some(url) => url,
                None => format!("file://{}", absolute(&data_dir)?.join("blobs").display()),
            },
            incident: incident.filter(|_| flavor == Flavor::Real),
            master_key_named: key_file.is_some(),
            master_key_file: key_file.unwrap_or_else(|| data_dir.join("master.key")),
            trusted_proxies: proxies(given.remove("trusted_proxies"))?,
            metrics_listen: take(
                &mut given,
                "metrics_listen",
                "must be an address and a port, like 127.0.0.1:9100",
            )?,
            messages,
            messages_from,
            sms_per_second: per_second(&mut given, "sms_per_second", SMS_PER_SECOND)?,
            emails_per_second: per_second(&mut given, "emails_per_second", EMAILS_PER_SECOND)?,
            scrub_bytes_per_second: take(
                &mut given,
                "scrub_bytes_per_second",
                "must be a whole number; 0 turns the scrubber off",
            )?
            .unwrap_or(SCRUB_BYTES_PER_SECOND),
            tremendous: tremendous::Account::read(&mut given)?,
            stripe: stripe::Account::read(&mut given)?,
            demo_handset: flavor == Flavor::Demo,
            data_dir,
        })
    }

    /// Takes the address that was bound. A base URL that was not set follows it: posts must have its port.
    pub fn listens_at(&mut self, bound: SocketAddr) {
        if self.base_url == format!("http://{}", self.listen) {
            self.base_url = format!("http://{bound}");
        }
        self.listen = bound;
    }

    /// Cookies are `Secure` and `__Host-`; false on plain HTTP, which is for loopback alone.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// The database or the blobs are on another host: the key must not be made up here.
    pub fn is_spread(&self) -> bool {
        let database = self.database_url.split_once("://").is_some_and(|(scheme, rest)| {
            let host = rest.rsplit('@').next().unwrap_or(rest);
            let near =
                ["localhost", "127.0.0.1", "[::1]", "/", "?"].iter().any(|near| host.starts_with(near));
            scheme.starts_with("postgres") && !near
        });
        database || self.blobs_url.starts_with("s3://")
    }

    /// The host that feeds and messages name.
    pub fn host(&self) -> &str {
        self.base_url.split("://").nth(1).unwrap_or(&self.base_url)
    }
}

fn read_file(path: &Path) -> Result<Given, SettingsError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| SettingsError::File { path: path.into(), source })?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| SettingsError::Toml {
        path: path.into(),
        reason: error.to_string(),
    })?;
    let mut given = Given::new();
    for (key, value) in table {
        if !KEYS.contains(&key.as_str()) {
            return Err(SettingsError::UnknownKey { path: path.into(), key });
        }
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Array(list) => {
                list.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")
            }
            other => other.to_string(),
        };
        given.insert(key, value);
    }
    Ok(given)
}

fn take<T: std::str::FromStr>(
    given: &mut Given,
    key: &'static str,
    reason: &'static str,
) -> Result<Option<T>, SettingsError> {
    given
        .remove(key)
        .map(|value| value.parse().map_err(|_| SettingsError::Value { key, value, reason }))
        .transpose()
}

/// Only the scheme is told when it is wrong: the rest may hold a password.
fn database_url(value: String) -> Result<String, SettingsError> {
    let scheme = value.split(':').next().unwrap_or_default();
    if ["sqlite", "postgres", "postgresql"].contains(&scheme) {
        return Ok(value);
    }
    let reason = "is no engine of this version; an address begins with sqlite:// or postgres://";
    Err(SettingsError::Value { key: "database_url", value: scheme.to_owned(), reason })
}

/// A scheme and a host, without a slash at the end: ours, or that of an interface that we call.
pub(crate) fn host_url(key: &'static str, value: String) -> Result<String, SettingsError> {
    let wrong = |reason| SettingsError::Value { key, value: value.clone(), reason };
    let uri: Uri = value.parse().map_err(|_| wrong("is not an address"))?;
    let host = uri.host().ok_or(wrong("must have a scheme and a host, like https://recovery.example.com"))?;
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err(wrong("must end with the host, without a path"));
    }
    let loopback = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if loopback => {}
        _ => return Err(wrong("must be https (plain http is for loopback alone)")),
    }
    Ok(value.trim_end_matches('/').to_owned())
}

/// A key of somebody's interface; never in an error.
pub(crate) fn secret(given: &mut Given, key: &str) -> Option<Secret> {
    given.remove(key).map(Secret::new)
}

fn proxies(value: Option<String>) -> Result<Vec<IpAddr>, SettingsError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    value
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let reason = "must be IP addresses with commas between them";
            part.parse().map_err(|_| SettingsError::Value {
                key: "trusted_proxies",
                value: part.to_owned(),
                reason,
            })
        })
        .collect()
}

/// The value is not told when it is wrong: it may hold a password.
fn messages(value: Option<String>, flavor: Flavor) -> Result<Senders, SettingsError> {
    if flavor == Flavor::Demo {
        return Ok(Senders { file: true, ..Senders::default() });
    }
    Senders::read(&value.unwrap_or_default()).map_err(|reason| SettingsError::Value {
        key: "messages",
        value: "…".to_owned(),
        reason,
    })
}

pub(crate) fn per_second(
    given: &mut Given,
    key: &'static str,
    default: NonZeroU32,
) -> Result<NonZeroU32, SettingsError> {
    Ok(take(given, key, "must be a whole number above zero")?.unwrap_or(default))
}

fn absolute(path: &Path) -> Result<PathBuf, SettingsError> {
    std::path::absolute(path).map_err(|source| SettingsError::File { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)], flavor: Flavor) -> Result<Settings, SettingsError> {
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        Settings::load(None, variables, flavor)
    }

    #[test]
    fn without_anything_set_the_defaults_hold() {
        let settings = load(&[], Flavor::Real).unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:3000");
        assert_eq!(settings.base_url, "http://127.0.0.1:3000");
        assert_eq!(settings.database_url, "sqlite://./data/makegood.db");
        assert!(!settings.is_https());
    }

    #[test]
    fn a_base_url_that_was_not_set_follows_the_port_that_was_chosen() {
        let bound = SocketAddr::from(([127, 0, 0, 1], 4321));
        let free = ("MAKEGOOD_LISTEN", "127.0.0.1:0");
        for (variables, base_url) in [
            (&[free][..], "http://127.0.0.1:4321"),
            (&[free, ("MAKEGOOD_BASE_URL", "https://a.example")], "https://a.example"),
        ] {
            let mut settings = load(variables, Flavor::Real).unwrap();
            settings.listens_at(bound);
            assert_eq!((settings.base_url.as_str(), settings.listen), (base_url, bound));
        }
    }

    #[test]
    fn variables_win_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:4000\"\nbase_url = \"https://a.example\"\n").unwrap();
        let variables = [("MAKEGOOD_LISTEN".to_owned(), "127.0.0.1:5000".to_owned())];
        let settings = Settings::load(Some(&path), variables.into_iter(), Flavor::Real).unwrap();
        assert_eq!(settings.listen.port(), 5000);
        assert_eq!(settings.base_url, "https://a.example");
        assert_eq!(settings.host(), "a.example");
    }

    #[test]
    fn what_cannot_be_right_is_refused_with_its_key() {
        for (name, value) in [
            ("MAKEGOOD_LISTEN", "here"),
            ("MAKEGOOD_BASE_URL", "http://recovery.example.com"),
            ("MAKEGOOD_BASE_URL", "https://a.example/path"),
            ("MAKEGOOD_TRUSTED_PROXIES", "10.0.0.0.1"),
            ("MAKEGOOD_MESSAGES", "pigeon://"),
            ("MAKEGOOD_MESSAGES", "smtp://127.0.0.1:25"),
            ("MAKEGOOD_MESSAGES_FROM", "nobody"),
            ("MAKEGOOD_SMS_PER_SECOND", "0"),
            ("MAKEGOOD_DATABASE_URL", "mysql://a:b@c/d"),
            ("MAKEGOOD_TREMENDOUS_KEY", "TEST_1"),
            ("MAKEGOOD_STRIPE_URL", "http://stripe.example"),
            ("MAKEGOOD_STRIPE_PER_SECOND", "0"),
            ("MAKEGOOD_LISTENS", "127.0.0.1:1"),
        ] {
            assert!(load(&[(name, value)], Flavor::Real).is_err(), "{name}={value}");
        }
        assert!(load(&[("MAKEGOOD_LISTEN", "0.0.0.0:3000")], Flavor::Demo).is_err());
    }
}
