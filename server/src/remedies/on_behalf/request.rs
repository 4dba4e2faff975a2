//! What a member of staff is asked to claim for somebody, from the form to the claim.

use app::models::Delivery;
use serde::{Deserialize, Serialize};

use super::{Right, store};
use crate::{
    accounts::Profile,
    incident::{ProviderName, Remedy, WayId},
    portal::Portal,
    remedies::{delivery, postal::PostalAddress, sealed},
    staff::{ForOthers, Staff},
    store::Result,
    transaction,
};

/// In place of a way: by e-mail to an address that is not the account's.
pub const ELSEWHERE: &str = "email-elsewhere";

/// A form that was filled in without a mistake. It holds what is personal, so it is stored sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub remedy: String,
    pub right: Right,
    /// Who asks, by name.
    pub who: String,
    /// One of [`ways`].
    pub way: String,
    /// Where it goes by [`ELSEWHERE`].
    pub email: Option<String>,
    /// Where it goes by post.
    pub address: Option<PostalAddress>,
    pub reason: String,
}

impl Request {
    /// As the claim has it.
    pub fn claimed_way(&self) -> &str {
        if self.way == ELSEWHERE { WayId::Email.slug() } else { &self.way }
    }

    /// It goes to an address that the account does not have.
    pub fn goes_elsewhere(&self) -> bool {
        self.way == ELSEWHERE || self.way == WayId::Post.slug()
    }
}

/// The ways that a member of staff may choose for `person`: the person's own, and an address that is not the account's
/// where the provider sends there. A code that is seen after signing in would help nobody there.
pub fn ways(remedy: &Remedy, person: &Profile) -> Vec<Delivery> {
    let mut ways = delivery::choices(remedy, person);
    let sent = remedy.way(WayId::Email.slug()).is_some_and(|way| way.provider == ProviderName::Tremendous);
    if sent {
        let label = "By e-mail to another address".to_owned();
        ways.push(Delivery { value: ELSEWHERE.to_owned(), label, hint: String::new() });
    }
    ways
}

/// Keeps a form until it is claimed with, in place of what the member filled in for this person before.
pub async fn keep(
    portal: &Portal,
    member: &Staff<ForOthers>,
    person: &Profile,
    request: &Request,
) -> Result<()> {
    let sealed = sealed::seal(portal, &person.id, request).await?;
    let now = portal.ambient.now();
    transaction!(portal.db()?, |tx| -> Result<()> {
        store::keep_draft(tx, (member.id(), &person.id), &sealed, now).await
    })
}

/// What the member filled in for this person and remedy within the last hour.
pub async fn kept(
    portal: &Portal,
    member: &Staff<ForOthers>,
    person: &Profile,
    remedy: &Remedy,
) -> Result<Option<Request>> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let Some(draft) = store::draft(db, (member.id(), &person.id), now).await? else { return Ok(None) };
    let request: Option<Request> = sealed::open(db, &portal.keyring, &person.id, &draft).await?;
    Ok(request.filter(|request| request.remedy == remedy.id.as_str()))
}
