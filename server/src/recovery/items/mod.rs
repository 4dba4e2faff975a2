//! Looking through one category: lists that are paged by key and searched by folded words, months, single items.

mod card;
mod clock;
mod dates;
mod draw;
mod entry;
mod jumps;
mod month;
mod page;
mod portrait;
mod repeats;
pub mod routes;
mod search;
mod shape;
pub mod store;
#[cfg(test)]
mod tests;
pub mod told;
mod totals;
mod walk;

use app::{
    Category,
    models::{CategoryLine, CategoryPage, MANY, Pager, QuarantinedFile},
    say,
};

use self::{
    clock::Clock,
    shape::{Shape, link},
    store::Key,
    walk::{Place, Walk, Walked},
};
use crate::{
    accounts::Access,
    incident::Incident,
    intake::read::reasons,
    store::{Db, Result},
    web::wording,
};

/// Items on one page.
pub const PAGE: i64 = 50;
/// Quarantined files that a page lists; the archive has them all.
const QUARANTINE_SHOWN: i64 = 50;
/// A list of up to so many says "51 to 100 of 128"; to count a longer one for each page is not worth it.
const COUNTED: i64 = 1000;

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub q: String,
    /// Begin after this item.
    pub after: String,
    /// End before this item.
    pub before: String,
    /// Begin at this letter, month or year; also where `after` names an item that is gone.
    pub from: String,
    /// `open` or `done` tasks.
    pub state: String,
    /// `desc`: from Z to A.
    pub order: String,
    /// `2009-10`; empty for the month that says most; absent for the list.
    pub month: Option<String>,
}

/// `/recovery/CATEGORY` of a released category; before release the items stay out.
pub async fn category_page(
    db: &Db,
    incident: &Incident,
    access: Access<'_>,
    line: CategoryLine,
    wanted: &Wanted,
    base: &str,
) -> Result<CategoryPage> {
    let mut page = CategoryPage::new(line, wording::support(incident));
    if !page.line.released {
        return Ok(page);
    }
    let category = page.line.category;
    page.query = search::typed(&wanted.q);
    let list = List { db, incident, access, wanted, base };
    if page.line.found + page.line.damaged > 0 {
        page.views = shape::views(category, base, wanted);
        match (&wanted.month, category) {
            (Some(month), Category::Calendar) => page.month = Some(list.month(month).await?),
            _ => list.fill(&mut page).await?,
        }
    }
    page.quarantined = list.quarantined(&page.line).await?;
    Ok(page)
}

/// Everything that a list is drawn from.
struct List<'a> {
    db: &'a Db,
    incident: &'a Incident,
    access: Access<'a>,
    wanted: &'a Wanted,
    base: &'a str,
}

impl List<'_> {
    async fn fill(&self, page: &mut CategoryPage) -> Result<()> {
        let shape = Shape::of(page.line.category, self.wanted);
        let words = search::words(&page.query);
        let walk = Walk::new(self.db, self.access.id(), &shape, words.each_ref().map(String::as_str));
        let place = self.place(&shape, &page.query).await?;
        let opens_at = match &place {
            Place::Around(day) => dates::first_day(day),
            _ => None,
        };
        let walked = walk.page(place).await?;
        if let Some(day) = opens_at
            && walked.before
            && walked.rows.first().is_some_and(|row| row.sort.as_str() >= day.to_string().as_str())
        {
            page.remarks.push(say!(
                "The list opens at {day}. What was before is under Previous.",
                day = wording::date(day)
            ));
        }
        if !page.query.is_empty() {
            // All of them are here, or they are counted.
            page.matches = match walked.before || walked.after {
                true => store::matches(self.db, &walk.stretch, MANY + 1).await?,
                false => walked.rows.len() as i64,
            };
        }
        if page.line.found > PAGE && page.query.is_empty() {
            page.jumps = jumps::jumps(self.db, &walk.stretch, &shape, self.base, self.wanted).await?;
        }
        if page.line.category == Category::Purchases && page.query.is_empty() && !walked.before {
            page.remarks.extend(totals::remarks(self.db, self.access.id(), page.line.found).await?);
        }
        page.pager = self.pager(&walk, &walked, &shape, page).await?;
        let clock = Clock::of(self.access.profile());
        page.groups = draw::groups(&shape, &walked.rows, &clock, self.base);
        Ok(())
    }

    async fn place(&self, shape: &Shape, query: &str) -> Result<Place> {
        let wanted = self.wanted;
        if let Some(key) = self.key(shape, &wanted.before).await? {
            return Ok(Place::Before(key));
        }
        if let Some(key) = self.key(shape, &wanted.after).await? {
            return Ok(Place::After(key));
        }
        let from: String = wanted.from.chars().take(10).collect();
        if !from.is_empty() && from != "#" && shape.part() > 0 {
            return Ok(Place::At(from));
        }
        if shape.category == Category::Calendar && query.is_empty() && from.is_empty() {
            return Ok(Place::Around(self.day_to_open_at().await?.to_string()));
        }
        Ok(Place::Start)
    }

    /// Where a calendar opens: the day of the last sync, else the day when the outage began. Not today: years may
    /// have passed.
    async fn day_to_open_at(&self) -> Result<jiff::civil::Date> {
        let synced = store::synced_at(self.db, self.access.id(), Category::Calendar).await?;
        let at = synced.and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
        let at = at.unwrap_or(self.incident.started_at);
        // In UTC, as pages tell the day of the last sync.
        Ok(at.to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    async fn key(&self, shape: &Shape, id: &str) -> Result<Option<Key>> {
        match id {
            "" => Ok(None),
            id => store::key_of(self.db, self.access.id(), shape.category, id).await,
        }
    }

    async fn pager(
        &self,
        walk: &Walk<'_>,
        walked: &Walked,
        shape: &Shape,
        page: &CategoryPage,
    ) -> Result<Pager> {
        let (Some(first), Some(last)) = (walked.rows.first(), walked.rows.last()) else {
            return Ok(Pager::default());
        };
        let href = |way: &str, row: &store::ItemRow| {
            let (state, order) = (self.wanted.state.as_str(), self.wanted.order.as_str());
            let from = shape.place_of(&row.sort);
            link(
                self.base,
                &[
                    ("q", page.query.as_str()),
                    ("state", state),
                    ("order", order),
                    (way, row.id.as_str()),
                    ("from", from.as_str()),
                ],
            )
        };
        let mut pager = Pager {
            previous: walked.before.then(|| href("before", first)),
            next: walked.after.then(|| href("after", last)),
            ..Pager::default()
        };
        if page.line.found <= COUNTED && (walked.before || walked.after) {
            let (total, before) = walk.position(first).await?;
            pager.first = before + 1;
            pager.last = before + walked.rows.len() as i64;
            pager.total = total;
        }
        Ok(pager)
    }

    async fn month(&self, asked: &str) -> Result<app::models::Month> {
        let opens_at = self.day_to_open_at().await?;
        month::month(self.db, self.access, asked, opens_at, self.base).await
    }

    async fn quarantined(&self, line: &CategoryLine) -> Result<Vec<QuarantinedFile>> {
        if line.quarantined == 0 {
            return Ok(Vec::new());
        }
        let rows =
            store::quarantined(self.db, self.access.id(), line.category.slug(), QUARANTINE_SHOWN).await?;
        let file = |row: store::QuarantinedRow| QuarantinedFile {
            href: format!("{}/quarantine/{}", self.base, row.id),
            path: row.path,
            reason: reasons::in_words(&row.reason),
            bytes: row.bytes,
        };
        Ok(rows.into_iter().map(file).collect())
    }
}
