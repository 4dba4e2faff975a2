//! Everything that one subscriber gets back, as one ZIP.
//!
//! What is downloaded is an *edition*: the ZIP as it was frozen at a date. Making one reads what is
//! released (`contents`), writes the files that every phone reads (`formats`), and keeps them with a
//! manifest from which every byte of the ZIP follows (`draft`, `manifest`, `make`). Sending one answers any
//! range of it (`serve`, `send`).

mod basis;
mod cleaning;
mod contents;
mod digest;
mod draft;
mod editions;
pub mod formats;
mod harm;
pub mod links;
mod listed;
mod make;
mod manifest;
mod names;
mod packs;
mod page;
mod readme;
pub mod routes;
mod send;
mod serve;
mod shelf;
mod store;
#[cfg(test)]
mod tests;

use app::Category;

pub use cleaning::{clean, let_all_go};
pub use shelf::Shelf;

/// Which part of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Everything,
    Category(Category),
}

impl Part {
    /// Its name in tables.
    pub fn slug(self) -> &'static str {
        match self {
            Part::Everything => "everything",
            Part::Category(category) => category.slug(),
        }
    }

    /// None for a word that names no part.
    pub fn of_slug(slug: &str) -> Option<Self> {
        match slug {
            "everything" => Some(Part::Everything),
            category => category.parse().ok().map(Part::Category),
        }
    }

    /// Its name on pages.
    fn title(self) -> &'static str {
        match self {
            Part::Everything => app::say!("Everything"),
            Part::Category(category) => category.title(),
        }
    }

    fn has(self, category: Category) -> bool {
        match self {
            Part::Everything => true,
            Part::Category(own) => own == category,
        }
    }

    /// What the download is called.
    fn file_name(self) -> String {
        match self {
            Part::Everything => "recovered-data.zip".to_owned(),
            Part::Category(category) => format!("recovered-{category}.zip"),
        }
    }
}
