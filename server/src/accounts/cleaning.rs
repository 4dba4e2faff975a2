//! Removing what has had its time: sessions, codes, waits, records.

use std::time::Duration;

use super::{app_passwords, codes};
use crate::{
    ambient::{DAY, HOUR, MINUTE, Millis},
    archives, messages,
    portal::Portal,
    recovery, remedies,
    store::{Result, Tx, sql},
    transaction,
};

const EVERY: Duration = Duration::from_secs(60);
/// How long the record of sign-ins goes back.
const RECORD: Millis = 90 * DAY;
/// How long after a text message its letter is kept: no gateway tries, or reports, for longer.
const LETTERS: Millis = 3 * DAY;
/// How many letters that were left are sent at a time.
const LETTERS_AT_ONCE: i64 = 500;
/// As long as the cookie of a browser that signed in.
const BROWSERS: Millis = 400 * DAY;

/// Cleans once a minute until the portal stops. Any number of processes may.
pub async fn run_cleaning(portal: Portal) {
    while !portal.stopping.is_cancelled() {
        if let Err(error) = clean(&portal).await
            && !error.is_outage()
        {
            tracing::warn!(%error, "what is over could not be removed");
        }
        if let Err(error) = archives::clean(&portal).await {
            tracing::warn!(%error, "editions that are over could not be removed");
        }
        if let Err(error) = recovery::reports::clean(&portal).await {
            tracing::warn!(%error, "reports that were never sent could not be removed");
        }
        match remedies::deciding::go_on(&portal).await {
            Err(error) if !error.is_outage() => tracing::warn!(%error, "claims that wait were not looked at"),
            _ => {}
        }
        tokio::select! {
            () = portal.stopping.cancelled() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Removes what is over by now.
pub async fn clean(portal: &Portal) -> Result<()> {
    portal.code_requests.clean();
    let now = portal.ambient.now();
    transaction!(portal.db()?, bulk |tx| -> Result<()> {
        codes::clean(tx, now).await?;
        app_passwords::clean_failures(tx, now).await?;
        app_passwords::clean_drafts(tx, now).await?;
        recovery::dav::clean(tx, now).await?;
        messages::forget_expired(tx, now).await?;
        messages::forget_nobody(tx, now - HOUR).await?;
        messages::send_missed_letters(tx, LETTERS_AT_ONCE, now).await?;
        messages::forget_letters(tx, now - LETTERS).await?;
        recovery::duplicates::clean(tx, now).await?;
        remedies::postal::clean(tx, now).await?;
        remedies::on_behalf::clean(tx, now).await?;
        sessions_and_records(tx, now).await
    })
}

async fn sessions_and_records(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("DELETE FROM sessions WHERE expires_at <= $1").bind(now - MINUTE).execute(&mut *tx).await?;
    sql("DELETE FROM known_browsers WHERE seen_at < $1").bind(now - BROWSERS).execute(&mut *tx).await?;
    sql("DELETE FROM sign_ins WHERE at < $1 OR (subscriber_id IS NULL AND at < $2)")
        .bind(now - RECORD)
        .bind(now - HOUR)
        .execute(tx)
        .await?;
    Ok(())
}
