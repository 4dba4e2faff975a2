//! What members of staff and the operator do with payouts: done and written into the audit in one transaction.

use super::{
    Decision, PersonError,
    control::{self, Gate},
    decide_in, look_first, store,
};
use crate::{
    portal::Portal,
    remedies::on_behalf,
    staff::{self, Member},
    store::{Result, Tx},
    transaction,
    web::wording,
};

#[cfg(test)]
mod tests;

/// Who acts.
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    id: &'a str,
    email: &'a str,
    name: &'a str,
}

impl Actor<'static> {
    /// Whoever may run the command line: its id is nobody's in the table of staff.
    pub const OPERATOR: Self = Actor { id: "operator", email: "the operator", name: "the operator" };
}

impl<'a> Actor<'a> {
    pub fn member(member: &'a Member) -> Self {
        Actor { id: member.id(), email: member.email(), name: member.name() }
    }

    pub fn name(self) -> &'a str {
        self.name
    }

    pub fn act(self, action: &'a str, reason: &'a str, detail: &'a str) -> staff::Act<'a> {
        let (member_id, member_email) = (self.id, self.email);
        staff::Act { member_id, member_email, subscriber: None, action, reason, detail }
    }
}

/// Holds a provider's payouts up, or all.
pub async fn pause(portal: &Portal, actor: Actor<'_>, provider: &str, reason: &str) -> Result<()> {
    transaction!(portal.db()?, bulk |tx| -> Result<()> {
        control::pause(tx, provider, actor.name, reason, portal.ambient.now()).await?;
        staff::record(tx, &portal.ambient, actor.act("paused-payouts", reason, provider)).await
    })?;
    tracing::warn!(provider, "payouts were held up");
    Ok(())
}

/// Lets them go on; false when they were not held up. Who held them up and why stays in the audit.
pub async fn resume(portal: &Portal, actor: Actor<'_>, provider: &str) -> Result<bool> {
    let was = transaction!(portal.db()?, bulk |tx| -> Result<bool> {
        let gates = control::gates(&mut *tx).await?;
        let gate = gates.into_iter().find(|gate| gate.provider == provider);
        let Some(told) = gate.as_ref().and_then(held_up) else { return Ok(false) };
        control::resume(tx, provider).await?;
        staff::record(tx, &portal.ambient, actor.act("resumed-payouts", "", &told)).await?;
        Ok(true)
    })?;
    if was {
        tracing::warn!(provider, "payouts go on");
    }
    Ok(was)
}

fn held_up(gate: &Gate) -> Option<String> {
    let since = wording::rfc3339(gate.paused_at?);
    Some(format!("{}, held up since {since} by {}: {}", gate.provider, gate.paused_by, gate.reason))
}

/// Does what was decided about an order. Nobody decides on what they get themselves, nor on what they claimed for somebody.
pub async fn decide(
    portal: &Portal,
    actor: Actor<'_>,
    id: &str,
    decision: &Decision,
) -> std::result::Result<(), PersonError> {
    look_first(portal, id, decision).await?;
    transaction!(portal.db()?, |tx| -> std::result::Result<(), PersonError> {
        let Some(order) = store::order(&mut *tx, id).await? else {
            return Err(PersonError::Unknown(id.to_owned()));
        };
        let parcel = store::parcel(&mut *tx, &order).await?;
        let email = parcel.as_ref().map_or("", |parcel| parcel.email.as_str());
        if (!email.is_empty() && email.eq_ignore_ascii_case(actor.email))
            || made(tx, actor, &order.claim_id).await?
        {
            return Err(PersonError::Own);
        }
        decide_in(tx, portal, id, decision, actor.name).await?;
        let subscriber =
            parcel.as_ref().map(|parcel| (order.subscriber_id.as_str(), parcel.account.as_str()));
        let detail = format!("{} {id}", word(decision));
        let act = actor.act("decided-payout", reason(decision), &detail);
        Ok(staff::record(tx, &portal.ambient, staff::Act { subscriber, ..act }).await?)
    })?;
    portal.outbox.notify_one();
    Ok(())
}

async fn made(tx: &mut Tx, actor: Actor<'_>, claim_id: &str) -> Result<bool> {
    Ok(on_behalf::maker(tx, claim_id).await?.as_deref() == Some(actor.id))
}

/// As the buttons call it, with what a provider's reference was given as.
fn word(decision: &Decision) -> String {
    match decision {
        Decision::Paid { reference } => format!("paid ({reference})"),
        Decision::NeverArrived => "never-arrived".to_owned(),
        Decision::Again(way) => format!("again ({})", way.id.slug()),
        Decision::Arrived => "arrived".to_owned(),
        Decision::Close { .. } => "close".to_owned(),
    }
}

fn reason(decision: &Decision) -> &str {
    match decision {
        Decision::Close { reason } => reason,
        _ => "",
    }
}
