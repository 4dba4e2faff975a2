//! The demonstration: an invented population in the import's own shape.
//!
//! Pure and seeded: no clock, no disk, no network. `makegood demo` uses it so:
//!
//! 1. [`Settings::from_toml`] reads `demo/population.toml`;
//! 2. [`Population::generate`] gives the files of one import, path and bytes, one after the other;
//! 3. [`releases`] says which categories to open, and to whom;
//! 4. [`personas`] are the people to sign in as, for printing at the start.

mod dice;
mod names;
mod people;
mod personas;
mod pictures;
mod population;
mod releases;
mod settings;
mod stories;
mod write;

pub use people::{Part, Subscriber};
pub use personas::{Persona, personas};
pub use population::Population;
pub use releases::{Cohort, releases};
pub use settings::{Settings, SettingsError};

#[cfg(test)]
mod tests;
