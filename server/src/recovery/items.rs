//! The items of one category: paged by key, searched by folded words.

use app::{
    Category,
    address::percent_encode,
    models::{CategoryLine, CategoryPage, Item, Pager, QuarantinedFile, Support, Thumbnail},
};

use super::store::{self, ItemRow, Key};
use crate::{
    accounts::Access,
    intake::read::fold,
    store::{Db, Error, Result},
};

/// Items on one page.
pub const PAGE: i64 = 50;
/// Quarantined files that a page lists; the archive has them all.
const QUARANTINE_SHOWN: i64 = 50;

/// Where in a list, and what is searched for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct ItemPage {
    pub q: String,
    /// Begin after this item.
    pub after: String,
    /// End before this item.
    pub before: String,
}

/// `/recovery/CATEGORY` of a released category; before release the items stay out.
pub async fn category_page(
    db: &Db,
    access: Access<'_>,
    line: CategoryLine,
    wanted: &ItemPage,
    base: &str,
    support: Support,
) -> Result<CategoryPage> {
    let (subscriber, category) = (access.id(), line.category);
    let query: String = wanted.q.trim().chars().take(200).collect();
    let mut page = CategoryPage {
        line,
        items: Vec::new(),
        query,
        pager: Pager::default(),
        quarantined: Vec::new(),
        support,
    };
    if !page.line.released {
        return Ok(page);
    }
    let search = searched(&page.query);
    let rows = rows(db, subscriber, category, &search, wanted).await?;
    page.pager = pager(db, subscriber, category, &search, &page.query, &rows, base).await?;
    page.items = rows.iter().map(|row| draw(row, base)).collect::<Result<_>>()?;
    if page.line.quarantined > 0 {
        page.quarantined = store::quarantined(db, subscriber, category.slug(), QUARANTINE_SHOWN)
            .await?
            .into_iter()
            .map(|file| QuarantinedFile {
                href: format!("{base}/quarantine/{}", file.id),
                path: file.path,
                reason: file.reason,
                bytes: file.bytes,
            })
            .collect();
    }
    Ok(page)
}

/// What is looked for: folded words, or the bare digits of what is typed like a phone number.
fn searched(query: &str) -> String {
    let like_a_number = query.chars().all(|c| c.is_ascii_digit() || " +-./()".contains(c));
    let digits = fold::digits(query);
    if like_a_number && digits.len() >= 3 { digits } else { fold::fold(query) }
}

async fn rows(
    db: &Db,
    subscriber: &str,
    category: Category,
    search: &str,
    wanted: &ItemPage,
) -> Result<Vec<ItemRow>> {
    if let Some(key) = key(db, subscriber, category, &wanted.before).await? {
        let mut rows = store::items_before(db, subscriber, category, search, &key, PAGE).await?;
        rows.reverse();
        // A page that would begin short of the list's start is the first page.
        if rows.len() as i64 == PAGE {
            return Ok(rows);
        }
        return store::items_after(db, subscriber, category, search, &Key::default(), PAGE).await;
    }
    let key = key(db, subscriber, category, &wanted.after).await?.unwrap_or_default();
    store::items_after(db, subscriber, category, search, &key, PAGE).await
}

async fn key(db: &Db, subscriber: &str, category: Category, id: &str) -> Result<Option<Key>> {
    if id.is_empty() { Ok(None) } else { store::key_of(db, subscriber, category, id).await }
}

async fn pager(
    db: &Db,
    subscriber: &str,
    category: Category,
    search: &str,
    query: &str,
    rows: &[ItemRow],
    base: &str,
) -> Result<Pager> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Pager::default()) };
    let key = Key { sort: first.sort.clone(), id: first.id.clone() };
    let (total, before) = store::counts(db, subscriber, category, search, &key).await?;
    let link = |way: &str, id: &str| match query {
        "" => format!("{base}?{way}={id}"),
        query => format!("{base}?q={}&{way}={id}", percent_encode(query)),
    };
    let shown = before + rows.len() as i64;
    Ok(Pager {
        first: before + 1,
        last: shown,
        total,
        previous: (before > 0).then(|| link("before", &first.id)),
        next: (shown < total).then(|| link("after", &last.id)),
    })
}

fn draw(row: &ItemRow, base: &str) -> Result<Item> {
    let details = serde_json::from_str(&row.details).map_err(|error| Error::Corrupt(error.to_string()))?;
    let thumbnail =
        row.thumbnail.as_ref().map(|_| thumbnail(&details, format!("{base}/{}/thumbnail", row.id)));
    Ok(Item {
        href: format!("{base}/{}", row.id),
        id: row.id.clone(),
        details,
        older_versions: row.versions,
        thumbnail,
    })
}

/// The longest side of a thumbnail, as the import makes it.
const THUMBNAIL: u32 = 320;

fn thumbnail(details: &app::models::Details, src: String) -> Thumbnail {
    let size = match details {
        app::models::Details::Photo(photo) => photo.width.zip(photo.height),
        _ => None,
    };
    let (width, height) = size.unwrap_or((THUMBNAIL, THUMBNAIL));
    let longest = width.max(height).max(1);
    let scale = |side: u32| {
        let scaled = u64::from(side) * u64::from(THUMBNAIL.min(longest)) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(THUMBNAIL).max(1)
    };
    Thumbnail { src, width: scale(width), height: scale(height) }
}

/// One item of a released category, with the file it was found in.
pub async fn item(
    db: &Db,
    access: Access<'_>,
    category: Category,
    id: &str,
) -> Result<Option<store::ItemFile>> {
    store::item(db, access.id(), category, id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_typed() {
        assert_eq!(searched("(212) 555-0123"), "2125550123");
        assert_eq!(searched("Jörg"), "jorg");
        assert_eq!(searched("42"), "42");
        assert_eq!(searched("24/7 plumber"), "24/7 plumber");
    }
}
