//! A message as e-mail (RFC 5322): plain and HTML parts that say the same, and nothing fetched from elsewhere.

use std::time::{Duration, SystemTime};

use lettre::{
    Message,
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use super::Outgoing;
use crate::messages::{Language, templates};

/// An e-mail on the wire.
pub struct Built {
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
}

/// `<ID@HOST>`: the same for every attempt, so that a second copy is known as one; and what a bounce names.
pub fn message_id(id: &str, host: &str) -> String {
    format!("<{id}@{}>", domain(host))
}

/// The message that such a Message-ID is of.
pub fn id_of(message_id: &str, host: &str) -> Option<String> {
    let (id, domain_of) = message_id.trim().trim_start_matches('<').trim_end_matches('>').split_once('@')?;
    (domain_of.eq_ignore_ascii_case(&domain(host))).then(|| id.to_owned())
}

/// The host without its port, in brackets when it is a number.
fn domain(host: &str) -> String {
    let name = if host.starts_with('[') {
        host.split(']').next().unwrap_or(host).trim_start_matches('[')
    } else {
        host.split(':').next().unwrap_or(host)
    };
    match name.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V6(number)) => format!("[IPv6:{number}]"),
        Ok(number) => format!("[{number}]"),
        Err(_) => name.to_owned(),
    }
}

/// Builds the e-mail; an error is one of the recipient's address.
pub fn build(outgoing: &Outgoing<'_>, from: &Mailbox, host: &str) -> Result<Built, String> {
    let due = outgoing.due;
    let to = Mailbox::new(None, due.recipient.parse().map_err(|_| "the address cannot be read".to_owned())?);
    let at = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(outgoing.now).unwrap_or_default());
    let html = templates::html(Language::of(&due.language), &due.subject, &outgoing.text);
    let body = MultiPart::alternative_plain_html(outgoing.text.clone(), html);
    let mut message = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&due.subject)
        .date(at)
        .message_id(Some(message_id(&due.id, host)))
        .multipart(body)
        .map_err(|error| error.to_string())?;
    let mut header = |name: &'static str, value: String| {
        message.headers_mut().insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
    };
    // So that no holiday notice answers it (RFC 3834).
    header("Auto-Submitted", "auto-generated".to_owned());
    if let Some(address) = &outgoing.unsubscribe {
        header("List-Unsubscribe", format!("<{address}>"));
        header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned());
    }
    Ok(Built { envelope: message.envelope().clone(), bytes: message.formatted() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_names_its_message_and_no_other_hosts() {
        for host in ["recovery.example.com", "127.0.0.1:3000", "[::1]:3000", "localhost:1"] {
            let id = message_id("0199-a", host);
            assert_eq!(id_of(&id, host).as_deref(), Some("0199-a"), "{id}");
        }
        assert_eq!(message_id("a", "127.0.0.1:3000"), "<a@[127.0.0.1]>");
        assert_eq!(id_of("<a@evil.example>", "recovery.example.com"), None);
        assert_eq!(id_of("", "recovery.example.com"), None);
    }
}
