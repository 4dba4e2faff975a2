//! `/demo/handset`: the demonstration's stand-in for a phone.

use app::{
    models::{Handset, HandsetMessage},
    words::said,
};
use axum::extract::{Query, State};
use serde::Deserialize;

use super::file::{self, Line};
use crate::{
    accounts::phone::Phone,
    portal::Portal,
    web::{self, View},
};

/// How much of the file's end is read, whatever its length: more than news to everybody in the demonstration
/// takes, so that it hides nobody's code.
const READ: u64 = 8 * 1024 * 1024;
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
    let wanted = Phone::parse_typed(&asked.phone, portal.incident.country.as_ref());
    let naming = wanted.as_ref().map(|phone| phone.as_str().to_owned()).unwrap_or_default();
    let lines = tokio::task::spawn_blocking(move || file::newest(&path, READ, &naming))
        .await
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(|error| web::Error::Internal(format!("messages file: {error}")))?;
    let shown = |line: &Line| match &wanted {
        Some(phone) => line.to == phone.as_str(),
        None => asked.phone.trim().is_empty(),
    };
    let messages = lines.into_iter().filter(shown).take(SHOWN).map(message).collect();
    let people = portal.people.get().map_or(&[][..], |people| people);
    let people = people.iter().map(|(phone, shows)| (phone.clone(), said(shows).to_owned())).collect();
    Ok(view.page(Handset { phone: asked.phone, messages, people }))
}

fn message(line: Line) -> HandsetMessage {
    let at = line.created_at.parse::<jiff::Timestamp>();
    let at = at.map(|at| web::wording::moment(at.as_millisecond())).unwrap_or_default();
    HandsetMessage { to: line.to, channel: line.channel, at, subject: line.subject, text: line.text }
}

#[cfg(test)]
mod tests {
    use crate::{on_both, web::testing::TestPortal};

    const DEMO: &str = include_str!("../../../demo/incident.toml");

    on_both!(the_handset_shows_the_newest_messages_of_a_phone, |db| {
        let test = TestPortal::with(db, DEMO, |settings| settings.demo_handset = true);
        let mut codes = vec![];
        for (account, phone) in [("a-1", "+12125550101"), ("a-2", "+12125550102")] {
            test.subscriber(account, phone, "data-20").await;
            test.browser().post("/sign-in", &[("phone", phone)]).await;
            codes.push(test.last_code(phone).await);
        }
        let mut browser = test.browser();
        let all = browser.get("/demo/handset").await.text();
        assert!(all.find(&codes[1]).unwrap() < all.find(&codes[0]).unwrap());
        let one = browser.get("/demo/handset?phone=(212)+555-0101").await.text();
        assert!(one.contains(&codes[0]) && !one.contains(&codes[1]));
        assert!(browser.get("/sign-in").await.text().contains("/demo/handset"));
    });

    on_both!(without_the_demonstration_there_is_no_handset, |db| {
        let mut browser = TestPortal::new(db).browser();
        assert_eq!(browser.get("/demo/handset").await.status, 404);
        assert!(!browser.get("/sign-in").await.text().contains("/demo/handset"));
    });
}
