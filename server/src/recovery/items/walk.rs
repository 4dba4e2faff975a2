//! From one page of a list to the next, by the key of the item at its edge.

use super::{
    PAGE,
    shape::Shape,
    store::{self, END, ItemRow, Key, Stretch},
};
use crate::store::{Db, Result};

/// Where in a list a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Start,
    After(Key),
    Before(Key),
    /// At what begins like this or comes next: a letter, a month.
    At(String),
    /// The same, but full: near the end it begins earlier.
    Around(String),
}

/// A page, and whether something stands before and after it.
#[derive(Debug, Default)]
pub struct Walked {
    pub rows: Vec<ItemRow>,
    pub before: bool,
    pub after: bool,
}

/// A list that can be walked both ways.
pub struct Walk<'a> {
    pub db: &'a Db,
    pub stretch: Stretch<'a>,
    pub newest_first: bool,
}

impl<'a> Walk<'a> {
    pub fn new(db: &'a Db, subscriber: &'a str, shape: &'a Shape, words: [&'a str; store::WORDS]) -> Self {
        let stretch =
            Stretch { subscriber, category: shape.category, low: &shape.low, high: &shape.high, words };
        Walk { db, stretch, newest_first: shape.newest_first }
    }

    pub async fn page(&self, place: Place) -> Result<Walked> {
        match place {
            Place::Start => self.from(self.start(), true).await,
            Place::After(key) => self.from(key, false).await,
            Place::At(beginning) => self.from(self.key_at(&beginning), false).await,
            Place::Before(key) => self.until(key).await,
            Place::Around(beginning) => {
                let page = self.from(self.key_at(&beginning), false).await?;
                if page.rows.len() as i64 == PAGE { Ok(page) } else { self.last().await }
            }
        }
    }

    /// The neighbours of an item in the list: their ids.
    pub async fn neighbours(&self, key: &Key) -> Result<(Option<String>, Option<String>)> {
        let before = self.back(key, 1).await?.pop().map(|row| row.id);
        let after = self.on(key, 1).await?.pop().map(|row| row.id);
        Ok((before, after))
    }

    /// How many the list holds, and how many of them stand before a row.
    pub async fn position(&self, row: &ItemRow) -> Result<(i64, i64)> {
        let (total, below) = store::position(self.db, &self.stretch, &key_of(row)).await?;
        // What is neither below the row nor the row itself is above it.
        Ok((total, if self.newest_first { total - below - 1 } else { below }))
    }

    async fn from(&self, key: Key, is_start: bool) -> Result<Walked> {
        let mut rows = self.on(&key, PAGE + 1).await?;
        let after = cut(&mut rows);
        let Some(first) = rows.first().map(key_of) else {
            // Nothing from here on: the end of the list says more than an empty page.
            return if is_start { Ok(Walked::default()) } else { self.last().await };
        };
        let before = !is_start && !self.back(&first, 1).await?.is_empty();
        Ok(Walked { rows, before, after })
    }

    async fn until(&self, key: Key) -> Result<Walked> {
        let mut rows = self.back(&key, PAGE + 1).await?;
        // A page that would begin short of the list's start is the first page.
        if !cut(&mut rows) {
            return self.from(self.start(), true).await;
        }
        rows.reverse();
        let after = match rows.last().map(key_of) {
            Some(last) => !self.on(&last, 1).await?.is_empty(),
            None => false,
        };
        Ok(Walked { rows, before: true, after })
    }

    async fn last(&self) -> Result<Walked> {
        let mut rows = self.back(&self.end(), PAGE + 1).await?;
        let before = cut(&mut rows);
        rows.reverse();
        Ok(Walked { rows, before, after: false })
    }

    async fn on(&self, key: &Key, limit: i64) -> Result<Vec<ItemRow>> {
        match self.newest_first {
            true => store::downwards(self.db, &self.stretch, key, limit).await,
            false => store::upwards(self.db, &self.stretch, key, limit).await,
        }
    }

    async fn back(&self, key: &Key, limit: i64) -> Result<Vec<ItemRow>> {
        match self.newest_first {
            true => store::upwards(self.db, &self.stretch, key, limit).await,
            false => store::downwards(self.db, &self.stretch, key, limit).await,
        }
    }

    fn start(&self) -> Key {
        edge(if self.newest_first { self.stretch.high } else { self.stretch.low })
    }

    fn end(&self) -> Key {
        edge(if self.newest_first { self.stretch.low } else { self.stretch.high })
    }

    /// Just before the first item that begins like this.
    fn key_at(&self, beginning: &str) -> Key {
        if self.newest_first { edge(&format!("{beginning}{END}")) } else { edge(beginning) }
    }
}

/// No item has an empty id: this stands just below every item of that key.
fn edge(sort: &str) -> Key {
    Key { sort: sort.to_owned(), id: String::new() }
}

fn key_of(row: &ItemRow) -> Key {
    Key { sort: row.sort.clone(), id: row.id.clone() }
}

/// Takes off the row that only shows that there is more.
fn cut(rows: &mut Vec<ItemRow>) -> bool {
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    more
}
