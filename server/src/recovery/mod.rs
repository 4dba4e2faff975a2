//! What came back: categories, items, counts, releases.

pub mod damage;
pub mod dav;
pub mod destinations;
pub mod duplicates;
pub mod items;
pub mod live;
mod model;
mod release;
pub mod reports;
pub mod routes;
pub mod scrub;
pub mod store;
#[cfg(test)]
mod tests;

pub use items::{Wanted, category_page};
pub use model::{lines, overview};
pub use release::{Cohort, Released, release};
pub use store::raise;
