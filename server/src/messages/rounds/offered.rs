//! A remedy that opened: to whoever may claim it and has not.

use super::{Next, Walked};
use crate::{
    ambient::{DAY, Millis},
    incident::Remedy,
    messages::{Told, tell_many, templates},
    portal::Portal,
    remedies::automatic,
    store::{Result, Tx},
};

/// An opening that nobody was told of for so long is no news any more.
const NEWS: Millis = 7 * DAY;

/// When its opening is told; none where it has no time of its own in the incident file.
pub(super) fn due_at(remedy: &Remedy, now: Millis) -> Option<Millis> {
    let opens_at = remedy.opens_at?.as_millisecond();
    (now - opens_at < NEWS).then_some(opens_at)
}

pub(super) async fn tell(
    tx: &mut Tx,
    portal: &Portal,
    remedy: &Remedy,
    after: &str,
    most: i64,
) -> Result<Walked> {
    let (incident, now) = (&portal.incident, portal.ambient.now());
    let of = (incident.id.as_str(), remedy.id.as_str());
    let people = automatic::page_to_keep(tx, of, after, most).await?;
    let worth = remedy.value.to_string();
    let entitled = people.iter().filter(|person| person.decide(incident, remedy, now).is_ok());
    let told: Vec<Told<'_>> = entitled
        .map(|person| Told::new(&person.profile.id, |voice| templates::remedy_open(voice, &worth)))
        .collect();
    Ok(Walked {
        reached: people.last().map_or(after, |last| &last.profile.id).to_owned(),
        looked: people.len(),
        told: tell_many(tx, portal, &told).await?,
        next: if (people.len() as i64) < most { Next::Nothing } else { Next::Batch },
    })
}
