//! Making an edition.

use std::collections::BTreeSet;

use app::words::Language;
use futures::{StreamExt, TryStreamExt, stream};

use super::{
    Part, cleaning,
    contents::{self, Gathered},
    digest,
    draft::Drawn,
    editions::{self, Edition, NewEdition},
    harm,
    packs::Packs,
    store as rows,
};
use crate::{
    accounts::Subscriber,
    ambient::{DAY, Millis, SECOND},
    portal::Portal,
    store::{
        self, Error, Many, Query, Tx,
        blobs::{BlobError, Blobs},
        keys::DataKey,
        next_rows,
    },
    transaction, web,
};

/// Blobs that are looked for at once before they are promised.
const LOOKS: usize = 32;
/// How often things may change under us while we look.
const ATTEMPTS: usize = 4;

/// The edition that a part's address serves; where there is none, the first is made.
/// Not found when nothing of the part is released.
pub async fn current_or_first(portal: &Portal, subscriber: &Subscriber, part: Part) -> web::Result<Edition> {
    match editions::current(portal.db()?, subscriber.own(), part).await? {
        Some(edition) => Ok(edition),
        None => next(portal, subscriber, part, 0).await,
    }
}

/// Makes a new edition of each part that has one and of which something is new; of everything in any case where
/// there is none yet.
pub async fn renew(portal: &Portal, subscriber: &Subscriber) -> web::Result<()> {
    let db = portal.db()?;
    let kept = editions::all(db, subscriber.own()).await?;
    let standings = rows::standings(db, &subscriber.id).await?;
    for (edition, _) in editions::stale(&kept, &standings)? {
        next(portal, subscriber, edition.part()?, edition.number).await?;
    }
    current_or_first(portal, subscriber, Part::Everything).await.map(drop)
}

/// Makes the edition after number `after`; where somebody else makes it meanwhile, theirs it is. It goes on
/// when whoever asked hangs up, so that asking again finds it. What it holds does not depend on the language in which
/// it was asked for: its README is in every language.
pub async fn next(portal: &Portal, subscriber: &Subscriber, part: Part, after: i64) -> web::Result<Edition> {
    let (portal, subscriber) = (portal.clone(), subscriber.clone());
    let making = async move { make(&portal, &subscriber, part, after).await };
    let making = tokio::spawn(Language::En.during(making));
    making.await.map_err(|error| web::Error::Internal(format!("an edition: {error}")))?
}

async fn make(portal: &Portal, subscriber: &Subscriber, part: Part, after: i64) -> web::Result<Edition> {
    let db = portal.db()?;
    let _turn = portal.shelf.turn(&subscriber.id, part).await;
    let last = editions::current(db, subscriber.own(), part).await?;
    if let Some(edition) = last.clone().filter(|last| last.number > after) {
        return Ok(edition);
    }
    let gathered = sound(portal, subscriber, part).await?;
    // No two editions of a part within a second: so that their dates tell them apart too (RFC 9110, 8.8.2.2).
    let earliest = last.map_or(0, |last| (last.made_at / SECOND + 1) * SECOND);
    let made_at = portal.ambient.now().max(earliest);
    let id = portal.ambient.id();
    let key = portal.keyring.ensure(db, &subscriber.id, &portal.ambient).await?;
    let packs = Packs::new(portal, &subscriber.id, &key, &id);
    let (drawn, gathered) = write(portal, &id, gathered, made_at, packs).await?;
    let (files, bytes) = (drawn.manifest.entries.len() as i64, length(&drawn)?);
    let blobs = keep(portal, subscriber, &key, &id, drawn).await?;
    let (manifest, manifest_bytes) = blobs.last().ok_or_else(|| corrupt(&"no manifest"))?;
    let new = NewEdition {
        id: &id,
        part,
        number: after + 1,
        made_at,
        basis: &gathered.basis,
        files,
        bytes,
        manifest,
        manifest_bytes: *manifest_bytes,
    };
    let won = transaction!(db, |tx| -> store::Result<bool> {
        // Had it taken hours, the cleaning would have taken them for left behind.
        let held = cleaning::hold(tx, &id).await?;
        let won = held == blobs.len() && editions::insert(tx, subscriber.own(), &new).await?;
        if !won {
            cleaning::let_go(tx, &id, made_at).await?;
        }
        Ok(won)
    })?;
    if !won {
        // By name: the cleaning may have been here before the bytes were.
        let names: Vec<&str> = blobs.iter().map(|(name, _)| name.as_str()).collect();
        cleaning::remove(portal, &names).await?;
    }
    let edition = editions::current(db, subscriber.own(), part).await?.ok_or(web::Error::NotFound)?;
    digest::begin(portal, &edition);
    Ok(edition)
}

/// What the edition is made from, without files whose bytes are gone: those are found before they are promised.
async fn sound(portal: &Portal, subscriber: &Subscriber, part: Part) -> web::Result<Gathered> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let key = portal.data_key(&subscriber.id).await?;
    for _ in 0..ATTEMPTS {
        let gathered =
            contents::gather(db, key.as_ref(), &portal.incident, subscriber.own(), part, now).await?;
        let gathered = gathered.ok_or(web::Error::NotFound)?;
        if !lost(portal, &gathered, now).await? {
            return Ok(gathered);
        }
        // What was lost is written down now; everything is read again without it.
    }
    Err(web::Error::Internal("stored bytes go missing faster than an edition is made".to_owned()))
}

/// Looks whether each blob is there and has its length; whether any was not. A look at a disk costs nothing; in an
/// object store those that were read back within a day are trusted.
async fn lost(portal: &Portal, gathered: &Gathered, now: Millis) -> web::Result<bool> {
    let on_disk = portal.blobs.folder().is_some();
    let doubtful = gathered
        .promised()
        .filter(|file| on_disk || file.checked_at.is_none_or(|checked_at| now - checked_at > DAY));
    let blobs: BTreeSet<(String, u64)> =
        doubtful.map(|file| (file.blob.clone(), file.bytes.unsigned_abs())).collect();
    let looks = stream::iter(blobs).map(|(blob, bytes)| look(portal.blobs.clone(), blob, bytes));
    let found: Vec<_> = looks.buffer_unordered(LOOKS).try_collect().await?;
    let found: Vec<(String, BlobError)> = found.into_iter().flatten().collect();
    for (blob, error) in &found {
        harm::found(portal, blob, error).await?;
    }
    Ok(!found.is_empty())
}

/// The blob and what is wrong with it; none when it is there.
async fn look(blobs: Blobs, blob: String, bytes: u64) -> Result<Option<(String, BlobError)>, BlobError> {
    match blobs.check(&blob, bytes).await {
        Err(error) if harm::is_damage(&error) => Ok(Some((blob, error))),
        other => other.map(|()| None),
    }
}

/// Writes the files; on a thread that may take its time.
async fn write(
    portal: &Portal,
    edition: &str,
    gathered: Gathered,
    at: Millis,
    packs: Packs,
) -> web::Result<(Drawn, Gathered)> {
    let (portal, edition) = (portal.clone(), edition.to_owned());
    let writing = tokio::task::spawn_blocking(move || -> Result<_, BlobError> {
        Language::En.within(|| {
            let draft = contents::write(&portal.incident, &portal.settings.base_url, &gathered, at, packs)?;
            Ok((draft.draw(&edition)?, gathered))
        })
    });
    Ok(writing.await.map_err(|error| web::Error::Internal(error.to_string()))??)
}

fn length(drawn: &Drawn) -> store::Result<i64> {
    let layout = drawn.manifest.layout().map_err(|error| corrupt(&error))?;
    i64::try_from(layout.len()).map_err(|error| corrupt(&error))
}

/// Puts the generated blobs in their places, and the manifest, all sealed under the subscriber's key; their names and
/// lengths, the manifest's last. Each is written down before it has its place.
async fn keep(
    portal: &Portal,
    subscriber: &Subscriber,
    key: &DataKey,
    edition: &str,
    drawn: Drawn,
) -> web::Result<Vec<(String, i64)>> {
    let Drawn { manifest, packs } = drawn;
    let manifest = manifest.encode().map_err(|error| corrupt(&error))?;
    let mut blobs: Vec<(String, i64)> =
        packs.iter().map(|pack| (pack.name().to_owned(), pack.length() as i64)).collect();
    blobs.push((format!("{}/{}", subscriber.id, key.name(&manifest)), manifest.len() as i64));
    let names: Vec<&str> = blobs.iter().map(|(name, _)| name.as_str()).collect();
    let now = portal.ambient.now();
    transaction!(portal.db()?, bulk |tx| -> store::Result<()> { write_down(tx, edition, &names, now).await })?;
    for pack in packs {
        portal.blobs.shelve_spooled(pack).await?;
    }
    portal.blobs.settle(&names[..names.len() - 1]).await?;
    portal.blobs.put(&subscriber.id, key, &manifest, &portal.ambient).await?;
    Ok(blobs)
}

async fn write_down(tx: &mut Tx, edition: &str, names: &[&str], now: Millis) -> store::Result<()> {
    static PUT: Many =
        Many::new("INSERT INTO edition_blobs (blob, edition_id, made_at, orphaned_at) VALUES {rows}", 4);
    let (mut done, orphaned_at) = (0, now + cleaning::UNFINISHED);
    while done < names.len() {
        let rows = &names[done..done + next_rows(names.len() - done)];
        let bind = |query: Query, name: &&str| query.bind(*name).bind(edition).bind(now).bind(orphaned_at);
        rows.iter().fold(PUT.sql(rows.len()), bind).execute(&mut *tx).await?;
        done += rows.len();
    }
    Ok(())
}

fn corrupt(why: &dyn std::fmt::Display) -> Error {
    Error::Corrupt(format!("a new edition: {why}"))
}
