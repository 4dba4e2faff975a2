//! `/demo/handset`: the demonstration's stand-in for a phone.

use app::models::{Handset, HandsetMessage};
use axum::extract::{Query, State};
use serde::Deserialize;

use super::file::{self, Line};
use crate::{
    accounts::phone::Phone,
    portal::Portal,
    web::{self, View},
};

/// How much of the file's end is read, whatever its length.
const READ: u64 = 512 * 1024;
/// How many messages are shown.
const SHOWN: usize = 50;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    phone: String,
}

/// The newest messages, of one phone where one is named. Not found outside the demonstration.
pub async fn page(State(portal): State<Portal>, view: View, Query(asked): Query<Asked>) -> web::Result {
    if !(portal.incident.is_demo() && portal.settings.demo_handset) {
        return Err(web::Error::NotFound);
    }
    let path = portal.settings.data_dir.join(file::NAME);
    let lines = tokio::task::spawn_blocking(move || file::newest(&path, READ))
        .await
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(|error| web::Error::Internal(format!("messages file: {error}")))?;
    let wanted = Phone::parse_typed(&asked.phone, portal.incident.country.as_ref());
    let shown = |line: &Line| match &wanted {
        Some(phone) => line.to == phone.as_str(),
        None => asked.phone.trim().is_empty(),
    };
    let messages = lines.into_iter().filter(shown).take(SHOWN).map(message).collect();
    let people = portal.people.get().cloned().unwrap_or_default();
    Ok(view.page(Handset { phone: asked.phone, messages, people }))
}

fn message(line: Line) -> HandsetMessage {
    let at = line.created_at.parse::<jiff::Timestamp>();
    let at = at.map(|at| web::wording::moment(at.as_millisecond())).unwrap_or_default();
    HandsetMessage { to: line.to, channel: line.channel, at, subject: line.subject, text: line.text }
}
