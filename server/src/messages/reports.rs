//! `/messages/status/TOKEN`: an SMS gateway reports what became of a message, in Twilio's shape.
//!
//! Reports come twice and out of order: a state that is behind the one known changes nothing.

use axum::{
    body::Bytes,
    extract::{Path, State},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, StatusCode};
use ring::hmac;

use super::{
    store,
    token::{Link, Tokens},
};
use crate::{ambient::Millis, portal::Portal, store::Result, store::Tx, transaction, web};

/// Twilio's codes for a number that cannot be reached: blocked, unknown, a landline, opted out.
const BAD_ADDRESS: [&str; 6] = ["30004", "30005", "30006", "21610", "21614", "21211"];

pub async fn take(
    State(portal): State<Portal>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> web::Result<StatusCode> {
    let id = Tokens::new(portal.master()).open(Link::Status, &token).ok_or(web::Error::NotFound)?;
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let gateway = portal.settings.messages.gateway.as_ref().ok_or(web::Error::NotFound)?;
    let address = format!("{}/messages/status/{token}", portal.settings.base_url);
    let signature = headers.get("x-twilio-signature").and_then(|value| value.to_str().ok());
    if !is_signed(&gateway.token.0, &address, &fields, signature.unwrap_or_default()) {
        return Ok(StatusCode::FORBIDDEN);
    }
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let report = Report {
        state: field("MessageStatus"),
        sid: field("MessageSid"),
        error: field("ErrorCode"),
        to: field("To"),
    };
    transaction!(portal.db()?, |tx| -> Result<()> { note(tx, &id, &report, portal.ambient.now()).await })?;
    Ok(StatusCode::NO_CONTENT)
}

struct Report<'a> {
    state: Option<&'a str>,
    sid: Option<&'a str>,
    error: Option<&'a str>,
    to: Option<&'a str>,
}

impl Report<'_> {
    /// Whether it is about what went to this number, however that is written; not every gateway names one.
    fn is_of(&self, number: &str) -> bool {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        self.to.is_none_or(|to| digits(to) == digits(number))
    }
}

async fn note(tx: &mut Tx, id: &str, report: &Report<'_>, now: Millis) -> Result<()> {
    let (Some(about), Some(state)) = (store::about(tx, id).await?, report.state) else { return Ok(()) };
    // The number is another by now: what became of it at the earlier one says nothing of this one.
    if !report.is_of(&about.recipient) {
        return Ok(());
    }
    if rank(state) <= about.delivery.as_deref().map_or(0, rank) {
        return Ok(());
    }
    store::has_left(tx, id, report.sid, now).await?;
    store::set_delivery(tx, id, state, now).await?;
    match (state, report.error) {
        ("delivered" | "read", _) => {
            store::forget_letter(tx, id).await?;
            store::arrived(tx, &about).await
        }
        ("undelivered" | "failed", code) => {
            if let Some(code) = code.filter(|code| BAD_ADDRESS.contains(code)) {
                store::came_back(tx, &about, code, now).await?;
            }
            store::by_mail(tx, id, now).await
        }
        _ => Ok(()),
    }
}

/// How far along a state is; 0 for one that we do not know.
fn rank(state: &str) -> u8 {
    match state {
        "accepted" | "scheduled" | "queued" => 1,
        "sending" => 2,
        "sent" => 3,
        "delivered" | "undelivered" | "failed" | "bounced" => 4,
        "read" => 5,
        _ => 0,
    }
}

/// Twilio's signature: base64 of HMAC-SHA-1 with the account's token over the address and, sorted by name, each
/// field's name and value. Compared in a time that says nothing.
fn is_signed(token: &str, address: &str, fields: &[(String, String)], signature: &str) -> bool {
    let mut sorted: Vec<_> = fields.iter().collect();
    sorted.sort();
    let text = sorted.iter().fold(address.to_owned(), |text, (name, value)| text + name + value);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    STANDARD.decode(signature).is_ok_and(|signature| hmac::verify(&key, text.as_bytes(), &signature).is_ok())
}

/// What a gateway would send.
#[cfg(test)]
pub fn sign(token: &str, address: &str, fields: &[(&str, &str)]) -> String {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let text = sorted.iter().fold(address.to_owned(), |text, (name, value)| text + name + value);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    STANDARD.encode(hmac::sign(&key, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_that_twilio_documents() {
        // From "Validating Signatures from Twilio", with its account's token 12345.
        let fields = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ];
        let address = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let owned: Vec<_> =
            fields.iter().rev().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        assert!(is_signed("12345", address, &owned, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!is_signed("12346", address, &owned, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!is_signed("12345", address, &owned[1..], "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!is_signed("12345", address, &owned, ""));
    }
}
