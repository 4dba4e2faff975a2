//! What a member may see of one subscriber for a quarter of an hour, and that it is recorded.

use super::{
    Callers, Duty, Items, Staff,
    audit::{self, Act},
};
use crate::{
    accounts::Profile,
    ambient::{MINUTE, Millis},
    portal::Portal,
    store::{self as storage, Tx, sql},
    transaction, web,
};

/// How long a caller's fields stay unmasked for the member who had a reason.
const LASTS: Millis = 15 * MINUTE;

/// The right to see a subscriber unmasked. Only a recorded look makes one.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Unmasked {
    pub until: Millis,
    pub why: String,
}

/// Why the caller's fields are shown.
pub enum Why<'a> {
    /// They read back the code that went to their phone.
    ReadBack,
    Reason(&'a str),
}

/// Records that the member looks at `what`, and says whether they see it unmasked.
/// Nothing of the subscriber may be shown before this has returned.
pub async fn look<D: Duty>(
    portal: &Portal,
    member: &Staff<D>,
    profile: &Profile,
    what: &str,
) -> web::Result<Option<Unmasked>> {
    let now = portal.ambient.now();
    let unmasked = transaction!(portal.db()?, |tx| -> storage::Result<Option<Unmasked>> {
        let unmasked: Option<Unmasked> = sql("SELECT until, why FROM reveals
             WHERE member_id = $1 AND subscriber_id = $2 AND until > $3")
        .bind(member.id())
        .bind(&profile.id)
        .bind(now)
        .optional(&mut *tx)
        .await?;
        let detail = format!("{what}, {}", if unmasked.is_some() { "unmasked" } else { "masked" });
        let reason = unmasked.as_ref().map_or("", |unmasked| unmasked.why.as_str());
        record(tx, portal, member, profile, ("looked", reason, &detail)).await?;
        Ok(unmasked)
    })?;
    Ok(unmasked)
}

/// Unmasks the subscriber for this member, and records why.
pub async fn unmask(
    portal: &Portal,
    member: &Staff<Items>,
    profile: &Profile,
    why: Why<'_>,
) -> web::Result<()> {
    let until = portal.ambient.now() + LASTS;
    let why = match why {
        Why::ReadBack => "the caller read back the code",
        Why::Reason(reason) => reason,
    };
    transaction!(portal.db()?, |tx| -> storage::Result<()> {
        sql(
            "INSERT INTO reveals (member_id, subscriber_id, until, why) VALUES ($1, $2, $3, $4)
             ON CONFLICT (member_id, subscriber_id) DO UPDATE SET until = excluded.until, why = excluded.why",
        )
        .bind(member.id())
        .bind(&profile.id)
        .bind(until)
        .bind(why)
        .execute(tx)
        .await?;
        record(tx, portal, member, profile, ("unmasked", why, "")).await
    })?;
    Ok(())
}

/// Records that a code was asked for.
pub async fn note_code(portal: &Portal, member: &Staff<Items>, profile: &Profile) -> web::Result<()> {
    transaction!(portal.db()?, |tx| -> storage::Result<()> {
        record(tx, portal, member, profile, ("asked for a code", "", "")).await
    })?;
    Ok(())
}

/// Masks again before the time is over.
pub async fn mask(portal: &Portal, member: &Staff<Callers>, profile: &Profile) -> web::Result<()> {
    transaction!(portal.db()?, |tx| -> storage::Result<()> {
        sql("DELETE FROM reveals WHERE member_id = $1 AND subscriber_id = $2")
            .bind(member.id())
            .bind(&profile.id)
            .execute(tx)
            .await?;
        record(tx, portal, member, profile, ("masked", "", "")).await
    })?;
    Ok(())
}

async fn record<D: Duty>(
    tx: &mut Tx,
    portal: &Portal,
    member: &Staff<D>,
    profile: &Profile,
    (action, reason, detail): (&str, &str, &str),
) -> storage::Result<()> {
    let act = Act {
        member_id: member.id(),
        member_email: member.email(),
        subscriber: Some((&profile.id, &profile.account)),
        action,
        reason,
        detail,
    };
    audit::record(tx, &portal.ambient, act).await
}
