//! Where messages leave, as the setting `messages` names it: a list of senders with spaces or commas between.
//!
//! `file`, `smtp://USER:PASSWORD@HOST:PORT`, `smtps://…`, `twilio://SID:TOKEN@HOST?from=+15550100`.
//! What stands in a name or password is percent-encoded; an error never repeats it.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::Url;

/// The senders that are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Senders {
    /// Takes the channels that no other sender is there for.
    pub file: bool,
    pub smtp: Option<SmtpServer>,
    pub gateway: Option<Gateway>,
}

/// A password or token: never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// How a connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From its first byte (RFC 8314).
    Whole,
    /// STARTTLS, or nothing is sent.
    Required,
    /// Not at all.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpServer {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub login: Option<(String, Secret)>,
}

/// A gateway that speaks Twilio's Messages API (2010-04-01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// `https://api.twilio.com`, without a slash at its end.
    pub base: String,
    pub sid: String,
    pub token: Secret,
    pub from: From,
}

/// What an SMS comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// A number, a short code or a name.
    Number(String),
    /// The SID of a messaging service.
    Service(String),
}

impl Senders {
    /// Reads the setting; an error says what is wrong without repeating it.
    pub fn read(value: &str) -> Result<Self, &'static str> {
        let mut senders = Senders::default();
        for word in value.split([' ', ',', '\n', '\t']).filter(|word| !word.is_empty()) {
            let scheme = word.split("://").next().unwrap_or_default();
            let twice = match scheme {
                "file" if word == "file" => std::mem::replace(&mut senders.file, true),
                "smtp" | "smtps" => senders.smtp.replace(SmtpServer::read(word)?).is_some(),
                "twilio" | "twilio+http" => senders.gateway.replace(Gateway::read(word)?).is_some(),
                _ => return Err("names no sender: they are file, smtp://…, smtps://… and twilio://…"),
            };
            if twice {
                return Err("names two senders for one channel");
            }
        }
        Ok(senders)
    }

    pub fn is_empty(&self) -> bool {
        *self == Senders::default()
    }

    /// Whether e-mail and text messages leave.
    pub fn channels(&self) -> (bool, bool) {
        (self.file || self.smtp.is_some(), self.file || self.gateway.is_some())
    }
}

impl SmtpServer {
    fn read(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "holds a mail server's address that cannot be read")?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("names no mail server")?;
        let whole = url.scheme() == "smtps";
        let tls = match query(&url, "tls").as_deref() {
            None if whole => Tls::Whole,
            None if is_loopback(host) => Tls::None,
            None | Some("required") => Tls::Required,
            Some("none") if !whole => Tls::None,
            _ => return Err("holds a tls= that is neither required nor none"),
        };
        let login = login(&url)?;
        if tls == Tls::None && login.is_some() && !is_loopback(host) {
            return Err("would send a mail server's password unencrypted");
        }
        let port = url.port().unwrap_or(if whole { 465 } else { 587 });
        Ok(SmtpServer { host: host.trim_matches(['[', ']']).to_owned(), port, tls, login })
    }
}

impl Gateway {
    fn read(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "holds a gateway's address that cannot be read")?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or("names no gateway: twilio://SID:TOKEN@api.twilio.com?from=+15550100")?;
        let scheme = match url.scheme() {
            "twilio" => "https",
            _ if is_loopback(host) => "http",
            _ => return Err("holds twilio+http:// beyond loopback"),
        };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let (sid, token) = login(&url)?.ok_or("holds a gateway without SID:TOKEN@")?;
        // A `+` in a query stands for a space.
        let number = query(&url, "from").map(|from| from.replacen(' ', "+", 1));
        let from = match (number, query(&url, "service")) {
            (Some(number), None) => From::Number(number),
            (None, Some(service)) => From::Service(service),
            _ => return Err("holds a gateway without one of ?from=+15550100 and ?service=MG…"),
        };
        let path = url.path().trim_end_matches('/');
        Ok(Gateway { base: format!("{scheme}://{host}{port}{path}"), sid, token, from })
    }
}

fn query(url: &Url, key: &str) -> Option<String> {
    url.query_pairs().find(|(name, _)| name == key).map(|(_, value)| value.into_owned())
}

fn login(url: &Url) -> Result<Option<(String, Secret)>, &'static str> {
    let plain = |text: &str| {
        let plain = percent_decode_str(text).decode_utf8();
        plain.map(std::borrow::Cow::into_owned).map_err(|_| "holds a password that is no text")
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err("holds a name without a password, or the reverse"),
        (name, Some(password)) => Ok(Some((plain(name)?, Secret(plain(password)?)))),
    }
}

fn is_loopback(host: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].contains(&host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_and_text_messages_have_a_sender_each() {
        let senders = Senders::read(
            "twilio://AC1:t%2Fk@api.twilio.com?from=+15550100, smtps://care%40example.com:p%20w@mail.example.com",
        )
        .unwrap();
        let gateway = senders.gateway.unwrap();
        assert_eq!((gateway.base.as_str(), gateway.sid.as_str()), ("https://api.twilio.com", "AC1"));
        assert_eq!((gateway.token.0.as_str(), gateway.from), ("t/k", From::Number("+15550100".into())));
        let smtp = senders.smtp.unwrap();
        assert_eq!((smtp.host.as_str(), smtp.port, smtp.tls), ("mail.example.com", 465, Tls::Whole));
        assert_eq!(smtp.login, Some(("care@example.com".into(), Secret("p w".into()))));
        assert!(!senders.file);
        assert_eq!(Senders::read("file").unwrap().channels(), (true, true));
    }

    #[test]
    fn mail_is_encrypted_unless_it_stays_on_the_machine() {
        let tls = |text| Senders::read(text).unwrap().smtp.unwrap().tls;
        assert_eq!(tls("smtp://mail.example.com"), Tls::Required);
        assert_eq!(tls("smtp://127.0.0.1:2525"), Tls::None);
        assert_eq!(tls("smtp://mail.example.com?tls=none"), Tls::None);
        assert!(Senders::read("smtp://a:b@mail.example.com?tls=none").is_err());
    }

    #[test]
    fn what_cannot_be_right_is_refused_and_no_secret_is_told() {
        for wrong in [
            "pigeon://a",
            "smtp://",
            "smtp://a@mail.example.com",
            "twilio://AC1:secret@api.twilio.com",
            "twilio://api.twilio.com?from=+1555",
            "twilio+http://AC1:secret@gateway.example.com?from=+1555",
            "file file",
            "smtp://a.example smtps://b.example",
        ] {
            assert!(Senders::read(wrong).is_err(), "{wrong}");
        }
        let senders = Senders::read("twilio://AC1:secret@api.twilio.com?service=MG1").unwrap();
        assert!(!format!("{senders:?}").contains("secret"));
    }
}
