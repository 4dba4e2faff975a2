//! The checks, each of one thing.

use std::path::Path;

use super::{finding::Finding, incident_file::IncidentFile, orders, providers, text_messages, translation};
use crate::{
    accounts::erasure,
    ambient::{Ambient, DAY, HOUR, MINUTE, SECOND},
    recovery::scrub,
    remedies::payouts::{self, control},
    settings::Settings,
    store::{
        Db, IfAbsent, MARKER,
        blobs::{BlobError, Blobs},
        keyring::Keyring,
        keys::MasterKey,
        rotation, sql,
    },
    web::wording,
};

/// Less room than this and an import or a snapshot soon fails.
const LITTLE_ROOM: u64 = 1 << 30;
/// Clocks that differ by more than this make codes expire early or late.
const SKEW: i64 = 5 * SECOND;

pub async fn all(settings: &Settings, ambient: &Ambient) -> Vec<Finding> {
    let (finding, file) = IncidentFile::open(settings);
    let incident = file.as_ref().and_then(IncidentFile::incident);
    let mut findings = vec![address(settings), finding];
    findings.extend(file.as_ref().and_then(translation::all));
    findings.extend(file.iter().flat_map(IncidentFile::terms));
    findings.extend(file.iter().flat_map(translation::terms));
    findings.push(messages(settings));
    findings.extend(file.as_ref().and_then(|file| text_messages::all(file, settings.host())));
    findings.extend(providers::all(settings, incident));
    let (finding, master) = master_key(settings);
    findings.push(finding);
    let (finding, db) = database(settings).await;
    findings.push(finding);
    if let Some(db) = &db {
        findings.push(migrations(db).await);
        if let Some(master) = &master {
            findings.push(key_fits(db, master).await);
        }
        findings.push(clock(db, ambient).await);
        findings.push(outbox(db, ambient).await);
        findings.push(payouts(db).await);
        findings.extend(orders::all(settings, incident, db, ambient.now()).await);
        findings.push(damage(db).await);
        findings.push(scrubber(settings, db, ambient).await);
        findings.extend(erasures(db, ambient).await);
    }
    findings.extend(blobs(settings, db.as_ref(), master, ambient).await);
    findings.push(disk(settings));
    if let Some(db) = db {
        db.close().await;
    }
    findings
}

fn address(settings: &Settings) -> Finding {
    let found = format!("{} on {}", settings.base_url, settings.listen);
    if settings.is_https() || settings.listen.ip().is_loopback() {
        return Finding::good("address", found);
    }
    Finding::warning(
        "address",
        format!("{found}: open to other machines, but its pages say plain http"),
        "put a proxy with TLS in front and set MAKEGOOD_BASE_URL to the https address",
    )
}

fn messages(settings: &Settings) -> Finding {
    let senders = &settings.messages;
    match senders.channels() {
        (_, false) => Finding::warning(
            "messages",
            "no sender of text messages is set: sign-in codes wait in the outbox and reach nobody",
            "set MAKEGOOD_MESSAGES",
        ),
        (false, true) => Finding::warning(
            "messages",
            "text messages have a sender, e-mail has none and waits in the outbox",
            "add smtps://… to MAKEGOOD_MESSAGES",
        ),
        (true, true) if senders.smtp.is_none() && senders.gateway.is_none() => {
            Finding::good("messages", "written to messages.jsonl in the data folder")
        }
        (true, true) => Finding::good("messages", "text messages and e-mail have a sender each"),
    }
}

/// What waits for a person, and what holds payouts up.
async fn payouts(db: &Db) -> Finding {
    let read = async || -> crate::store::Result<(usize, Vec<control::Gate>)> {
        Ok((payouts::for_a_person(db, None, 1_000).await?.len(), control::gates(db).await?))
    };
    match read().await {
        Err(error) => Finding::broken("payouts", error.to_string(), "see the database"),
        Ok((0, gates)) => match gates.iter().find(|gate| gate.paused_at.is_some()) {
            None => Finding::good("payouts", "none waits for a person"),
            Some(gate) => Finding::warning(
                "payouts",
                format!("held up by {}: {}", gate.paused_by, gate.reason),
                "let them go on with `makegood payouts resume` once the reason is gone",
            ),
        },
        Ok((count, _)) => Finding::broken(
            "payouts",
            format!("{count} orders wait for a person"),
            "see `makegood payouts stuck` or /staff/payouts, and ask the provider",
        ),
    }
}

fn master_key(settings: &Settings) -> (Finding, Option<MasterKey>) {
    let path = &settings.master_key_file;
    let name = path.display();
    if !path.exists() {
        let finding = if settings.master_key_named || settings.is_spread() {
            Finding::broken(
                "master key",
                format!("{name} is not there"),
                "bring the key back, or make one: openssl rand -base64 32",
            )
        } else {
            Finding::warning(
                "master key",
                format!("{name} is not there yet"),
                "the first import or serve makes it",
            )
        };
        return (finding, None);
    }
    match MasterKey::read(path) {
        Err(error) => (Finding::broken("master key", error.to_string(), "bring the right key back"), None),
        Ok(key) => (key_place(settings, path), Some(key)),
    }
}

fn key_place(settings: &Settings, path: &Path) -> Finding {
    use std::os::unix::fs::PermissionsExt;
    let name = path.display();
    let mode = std::fs::metadata(path).map(|meta| meta.permissions().mode() & 0o777).unwrap_or_default();
    if mode & 0o077 != 0 {
        return Finding::broken(
            "master key",
            format!("{name} can be read by others (mode {mode:o})"),
            format!("chmod 600 {name}"),
        );
    }
    if !settings.master_key_named {
        return Finding::warning(
            "master key",
            format!("{name} was made beside the data that it seals"),
            "keep a copy elsewhere: without it nothing can be opened; for production name a file on another disk",
        );
    }
    Finding::good("master key", name.to_string())
}

async fn database(settings: &Settings) -> (Finding, Option<Db>) {
    match Db::connect(&settings.database_url, IfAbsent::Refuse).await {
        Ok(db) => match sql("SELECT CAST(1 AS BIGINT)").one::<(i64,)>(&db).await {
            Ok(_) => (Finding::good("database", format!("{} answers", db.engine())), Some(db)),
            Err(error) => {
                let mend = "see that the file is a database and not damaged, or restore a backup";
                (Finding::broken("database", error.to_string(), mend), None)
            }
        },
        Err(error) => {
            let mend =
                "check MAKEGOOD_DATABASE_URL and that the server runs; an import makes an empty database";
            (Finding::broken("database", error.to_string(), mend), None)
        }
    }
}

async fn migrations(db: &Db) -> Finding {
    match db.migrations().await {
        Ok((known, applied)) if known == applied => {
            Finding::good("migrations", format!("at {applied}, the newest"))
        }
        Ok((known, applied)) if applied > known => Finding::broken(
            "migrations",
            format!("the database is at {applied}, this program knows {known}"),
            "run the newer version of makegood that the database was migrated with",
        ),
        Ok((known, applied)) => Finding::warning(
            "migrations",
            format!("the database is at {applied}, this program brings it to {known}"),
            "the next serve or import does so; make a backup before",
        ),
        Err(_) => Finding::broken(
            "migrations",
            "the database has no tables of makegood's",
            "if it is the right database, run an import or serve; else check MAKEGOOD_DATABASE_URL",
        ),
    }
}

async fn key_fits(db: &Db, master: &MasterKey) -> Finding {
    match Keyring::new(master.clone()).fits(db).await {
        Ok(true) => rotation(db).await,
        Ok(false) => Finding::broken(
            "key fits",
            "the database has another master key; nothing in it would open",
            "name the right key in MAKEGOOD_MASTER_KEY_FILE",
        ),
        Err(_) => {
            Finding::warning("key fits", "it cannot be looked at before the migrations are done", "see above")
        }
    }
}

/// Whether the key is the only one.
async fn rotation(db: &Db) -> Finding {
    match rotation::standing(db).await {
        Ok((1, false)) => Finding::good("key fits", "the master key is this database's"),
        Ok((1, true)) => Finding::warning(
            "key fits",
            "the master key is this database's, but what the old one wrapped is not removed yet",
            "let serve run, or run `makegood rotate-key` again as it was",
        ),
        Ok((0, _)) => Finding::good("key fits", "the database holds nothing sealed yet"),
        Ok(_) => Finding::warning(
            "key fits",
            "a rotation of the master key is unfinished: two keys open the database",
            "start every process with the new key, then run `makegood rotate-key` again with the old one",
        ),
        Err(error) => Finding::broken("key fits", error.to_string(), "mend the database first"),
    }
}

async fn clock(db: &Db, ambient: &Ambient) -> Finding {
    let now = ambient.now();
    let newest = "SELECT CAST(COALESCE(MAX(beat_at), 0) AS BIGINT) FROM runs";
    let newest = sql(newest).one::<(i64,)>(db).await.map_or(0, |(at,)| at);
    if newest > now + MINUTE {
        return Finding::broken(
            "clock",
            format!(
                "{}, but an import was recorded later, on {}",
                wording::moment(now),
                wording::moment(newest)
            ),
            "set this machine's clock (NTP)",
        );
    }
    match db.clock().await {
        Ok(Some(theirs)) if (theirs - now).abs() > SKEW => Finding::broken(
            "clock",
            format!("this machine and the database differ by {} s", (theirs - now).abs() / SECOND),
            "set both clocks (NTP): codes and sessions depend on them",
        ),
        Ok(_) => Finding::good("clock", wording::moment(now)),
        Err(error) => Finding::broken("clock", error.to_string(), "mend the database first"),
    }
}

/// What waits for the end of somebody's quiet hours is not late, though it may have been tried before them; what rests
/// between two attempts does so for a quarter of an hour at most.
async fn outbox(db: &Db, ambient: &Ambient) -> Finding {
    let waiting: Result<(i64,), _> = sql("SELECT COUNT(*) FROM messages
         WHERE sent_at IS NULL AND failure IS NULL AND channel <> 'nobody' AND created_at < $1
         AND (leased_until < $1 OR (attempts > 0 AND leased_until < $3)) AND (expires_at IS NULL OR expires_at > $2)")
    .bind(ambient.now() - HOUR)
    .bind(ambient.now())
    .bind(ambient.now() + 15 * MINUTE)
    .one(db)
    .await;
    match waiting {
        Ok((0,)) => Finding::good("outbox", "nothing has waited for more than an hour"),
        Ok((count,)) => Finding::warning(
            "outbox",
            format!("{count} messages have waited for more than an hour"),
            "see that serve runs and that MAKEGOOD_MESSAGES names a sender that works",
        ),
        Err(_) => {
            Finding::warning("outbox", "it cannot be looked at before the migrations are done", "see above")
        }
    }
}

async fn damage(db: &Db) -> Finding {
    match scrub::damaged_by_category(db).await {
        Ok(counts) if counts.is_empty() => Finding::good("damage", "none are known to be damaged"),
        Ok(counts) => {
            let counts: Vec<String> =
                counts.iter().map(|(category, count)| format!("{category} {count}")).collect();
            Finding::broken(
                "damage",
                format!("files are damaged: {}", counts.join(", ")),
                "bring their blobs back from a backup or import the files again; `makegood scrub` names them",
            )
        }
        Err(_) => unmigrated("damage"),
    }
}

/// A pass takes as long as it takes; but one that ended long ago means that nobody looks.
const LONG_AGO: i64 = 30 * DAY;

async fn scrubber(settings: &Settings, db: &Db, ambient: &Ambient) -> Finding {
    let passes = match scrub::passes(db).await {
        Ok(passes) => passes,
        Err(_) => return unmigrated("scrubber"),
    };
    let left = format!("{} files were never read back", passes.never_read);
    let found = match passes.ended_at {
        Some(at) => format!("everything had been read back on {}; {left}", wording::moment(at)),
        None => format!("not everything was read back yet; {left}"),
    };
    if settings.scrub_bytes_per_second == 0 {
        return Finding::warning(
            "scrubber",
            format!("it is turned off; {found}"),
            "set MAKEGOOD_SCRUB_BYTES_PER_SECOND, or run `makegood scrub` now and then",
        );
    }
    match passes.ended_at {
        Some(at) if ambient.now() - at > LONG_AGO => Finding::warning(
            "scrubber",
            found,
            "let serve run, or raise MAKEGOOD_SCRUB_BYTES_PER_SECOND, or run `makegood scrub`",
        ),
        _ => Finding::good("scrubber", found),
    }
}

/// Said only while an erasure is unfinished.
async fn erasures(db: &Db, ambient: &Ambient) -> Option<Finding> {
    let waiting = erasure::waiting(db, ambient.now() - HOUR).await.ok()?;
    (waiting > 0).then(|| {
        Finding::warning(
            "erasures",
            format!("the blobs of {waiting} people who were erased are not all deleted yet"),
            "let serve run, or run `makegood erase` again; nothing of theirs can be opened",
        )
    })
}

fn unmigrated(what: &'static str) -> Finding {
    Finding::warning(what, "it cannot be looked at before the migrations are done", "see above")
}

async fn blobs(
    settings: &Settings,
    db: Option<&Db>,
    master: Option<MasterKey>,
    ambient: &Ambient,
) -> Vec<Finding> {
    let mend = "check MAKEGOOD_BLOBS_URL, its rights and its room";
    let blobs = match Blobs::open(&settings.blobs_url) {
        Ok(blobs) => blobs,
        Err(error) => return vec![Finding::broken("blobs", error.to_string(), mend)],
    };
    if let Err(error) = blobs.probe().await {
        return vec![Finding::broken("blobs", error.to_string(), mend)];
    }
    let mut findings =
        vec![Finding::good("blobs", format!("{} can be written and read", settings.blobs_url))];
    if let Some(db) = db {
        blobs.belong_to(db, ambient);
        findings.extend(elsewhere(&blobs).await);
    }
    if let (Some(db), Some(master)) = (db, master) {
        findings.push(newest_blob(db, &blobs, Keyring::new(master)).await);
    }
    findings
}

/// Said only where the store is not the one that the database's blobs were kept in.
async fn elsewhere(blobs: &Blobs) -> Option<Finding> {
    let error = blobs.not_elsewhere().await.err().filter(|error| matches!(error, BlobError::Elsewhere))?;
    let mark = blobs.known().await.ok().flatten().unwrap_or_default();
    Some(Finding::broken(
        "blob store",
        error.to_string(),
        format!(
            "mount it, or name the right one in MAKEGOOD_BLOBS_URL; only if this store is to take the place of one that \
             is lost, put the line {mark:?} (without the quotes) into an object {MARKER} in it"
        ),
    ))
}

/// Opens the blob that was kept last: key, database and store belong together.
async fn newest_blob(db: &Db, blobs: &Blobs, keyring: Keyring) -> Finding {
    let newest = "SELECT blob, bytes FROM files ORDER BY imported_at DESC, id DESC LIMIT 1";
    let Ok(Some((blob, bytes))) = sql(newest).optional::<(String, i64)>(db).await else {
        return Finding::good("newest blob", "nothing was imported yet");
    };
    let holder = blob.split('/').next().unwrap_or_default();
    let opened = match keyring.get(db, holder).await {
        Ok(Some(key)) => {
            blobs.read_whole(&blob, &key, bytes.unsigned_abs()).await.map_err(|error| error.to_string())
        }
        Ok(None) => Err("its data key is gone".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    match opened {
        Ok(_) => Finding::good("newest blob", "opens"),
        Err(error) => Finding::broken(
            "newest blob",
            error,
            "see that MAKEGOOD_BLOBS_URL and the master key are those of this database",
        ),
    }
}

fn disk(settings: &Settings) -> Finding {
    let folder = &settings.data_dir;
    // Before the first start the folder is not there: its parent's disk is the one it will be on.
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    match rustix::fs::statvfs(there) {
        Err(error) => Finding::broken(
            "disk",
            format!("{}: {error}", folder.display()),
            "see that the folder can be read",
        ),
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let found = format!("{} has {} MiB free", folder.display(), free >> 20);
            if free < LITTLE_ROOM {
                Finding::broken("disk", found, "make room: imports stop and sign-ins fail on a full disk")
            } else {
                Finding::good("disk", found)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        commands::doctor::finding::Verdict, on_both, store::Result, transaction, web::testing::TestPortal,
    };

    on_both!(what_waits_for_the_morning_is_not_late_though_it_was_tried_in_the_evening, |db| {
        let test = TestPortal::new(db);
        let (db, ambient) = (test.portal.db().unwrap(), &test.portal.ambient);
        let now = ambient.now();
        for (tried, due_in, late) in
            [(0, 9 * HOUR, false), (1, 9 * HOUR, false), (3, 4 * SECOND, true), (0, -2 * HOUR, true)]
        {
            transaction!(db, |tx| -> Result<()> {
                sql("DELETE FROM messages").execute(&mut *tx).await?;
                sql("INSERT INTO messages (id, channel, recipient, template, subject, secret, created_at, attempts, leased_until)
                     VALUES ('one', 'sms', '+12125550123', 'gift-code-ready', '', 0, $1, $2, $3)")
                .bind(now - 3 * HOUR)
                .bind(tried)
                .bind(now + due_in)
                .execute(tx)
                .await
                .map(drop)
            })
            .unwrap();
            let found = outbox(db, ambient).await;
            assert_eq!(found.verdict == Verdict::Warning, late, "{tried} {due_in}: {found}");
        }
    });
}
