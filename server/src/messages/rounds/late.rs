//! Payouts that were promised by now and are not done: each claim once.
//!
//! Those to which the same time was promised come of age in the order of their ids, which begin with the moment they were
//! made at. So each promise has a round of its own, its mark says which were looked at, and it never ends. One more goes
//! over those of before promises were kept with claims, by what the incident file says today.

use super::{Next, Walked, store};
use crate::{
    ambient::{Ambient, DAY, MINUTE, Millis},
    incident::Remedy,
    messages::{Told, tell_many, templates},
    portal::Portal,
    remedies::{ClaimState, payouts::control},
    store::{Result, Tx},
};

/// How often it is looked whether claims have come of age.
const EVERY: Millis = 10 * MINUTE;

/// None where the incident file promises no time.
pub(super) fn due_at(remedy: &Remedy, now: Millis) -> Option<Millis> {
    remedy.arrives_within_days.map(|_| now)
}

/// When each provider is expected to be done with what it has not got yet.
pub(super) async fn expected(portal: &Portal) -> Result<Vec<(String, Millis)>> {
    let progress = control::progress(portal.db()?, &portal.providers, portal.ambient.now()).await?;
    Ok(progress.into_iter().filter_map(|one| Some((one.provider, one.expected_end?))).collect())
}

pub(super) async fn tell(
    tx: &mut Tx,
    portal: &Portal,
    (remedy, promise): (&Remedy, Option<i64>),
    expected: &[(String, Millis)],
    after: &str,
    most: i64,
) -> Result<Walked> {
    let now = portal.ambient.now();
    let days = promise.or(remedy.arrives_within_days).unwrap_or(i64::MAX / DAY);
    let below = Ambient::first_id_of(now - days * DAY + 1);
    let of = (portal.incident.id.as_str(), remedy.id.as_str());
    let claims = store::promised(tx, of, promise, (after, &below), most).await?;
    let late = claims.iter().filter(|claim| is_late(&claim.state));
    let told: Vec<Told<'_>> = late
        .map(|claim| {
            let undecided = ClaimState::from_slug(&claim.state) == Some(ClaimState::Submitted);
            let end = expected.iter().find(|(name, _)| claim.provider.as_ref() == Some(name));
            // A day for what cannot be foreseen.
            let by = end.map(|(_, end)| end + DAY);
            Told::new(&claim.subscriber_id, move |voice| match undecided {
                true => templates::claim_late(voice, &claim.number),
                false => templates::payout_late(voice, &claim.number, by),
            })
        })
        .collect();
    let told = tell_many(tx, portal, &told).await?;
    let more = claims.len() as i64 >= most;
    let last = claims.last().map(|last| last.id.clone());
    Ok(Walked {
        reached: last.filter(|_| more).unwrap_or(below).max(after.to_owned()),
        looked: claims.len(),
        told,
        next: if more { Next::Batch } else { Next::Later(now + EVERY) },
    })
}

/// What came back waits for its person, who was told so.
fn is_late(state: &str) -> bool {
    let late = [ClaimState::Submitted, ClaimState::Granted, ClaimState::Paying, ClaimState::Delayed];
    ClaimState::from_slug(state).is_some_and(|state| late.contains(&state))
}
