//! What `/recovery/archive` shows.

use app::{
    Category,
    models::{Archive, EditionLine},
    say,
};

use super::{
    Part,
    basis::Basis,
    editions::{self, Edition, KEPT},
    links, store,
};
use crate::{
    accounts::Subscriber,
    portal::Portal,
    recovery,
    store::Result,
    web::wording::{day, moment},
};

pub async fn model(portal: &Portal, subscriber: &Subscriber) -> Result<Archive> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let access = subscriber.own();
    let lines = recovery::lines(db, &portal.incident, access, now).await?;
    let kept = editions::all(db, access).await?;
    let standings = store::standings(db, access.id()).await?;
    let mut news = Vec::new();
    for (edition, standing) in editions::stale(&kept, &standings)? {
        let changes = edition.basis()?.news(&standing, &portal.incident);
        if changes.is_empty() && edition.damaged_at.is_some() {
            news.push(say!("{what}: the ZIP was found damaged on our disks", what = edition.part()?.title()));
        }
        news.extend(changes);
    }
    news.sort();
    news.dedup();
    let mut whole = kept.iter().filter(|edition| edition.part().is_ok_and(|part| part == Part::Everything));
    let current = whole.next();
    let about = if current.is_none() { about(portal, subscriber, &lines).await? } else { 0 };
    let damaged = match current {
        Some(edition) => is_damaged(edition, &Basis::of(&standings, Part::Everything))?,
        None => false,
    };
    let has_contacts = lines.iter().any(|line| line.released && line.category == Category::Contacts);
    let duplicates = match has_contacts {
        true => recovery::duplicates::waiting(portal, access).await?.contacts,
        false => 0,
    };
    Ok(Archive {
        lines,
        duplicates,
        about: (about > 0).then_some(about),
        current: current.map(line),
        damaged,
        news,
        earlier: whole.map(line).collect(),
    })
}

/// Met by a download, or found since it was made.
fn is_damaged(edition: &Edition, now: &Basis) -> Result<bool> {
    Ok(edition.damaged_at.is_some() || edition.basis()?.has_lost(now))
}

fn line(edition: &Edition) -> EditionLine {
    EditionLine {
        made: moment(edition.made_at),
        files: edition.files,
        bytes: edition.bytes,
        href: format!("/recovery/archive.zip?edition={}", edition.id),
        link: format!("{}?edition={}", links::routes::PATH, edition.id),
        kept_until: day(edition.used_at + KEPT),
    }
}

/// About how many bytes the first edition will have.
async fn about(portal: &Portal, subscriber: &Subscriber, lines: &[app::models::CategoryLine]) -> Result<i64> {
    let bytes = store::bytes(portal.db()?, &subscriber.id).await?;
    let open = |category: &str| lines.iter().any(|line| line.released && line.category.slug() == category);
    Ok(bytes.iter().filter(|(category, _)| open(category)).map(|(_, bytes)| bytes).sum())
}
