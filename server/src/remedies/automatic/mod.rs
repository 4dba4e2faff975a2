//! Automatic runs: a remedy for everybody who is entitled to it and has not asked.
//!
//! A [`dry_run()`] counts who would get it and why the others would not, and writes down a [`Run`]. Different members of
//! staff approve it ([`approve()`]); what they approved is what is given, to no more people than they saw. A worker in each
//! process ([`run`]) carries approved runs out, batch by batch under a lease. Each batch gives a grant with all that
//! belongs to it, or none, and moves the run's mark in the same transaction: killed anywhere, it goes on from there.

mod approve;
mod dry_run;
mod give;
mod list;
mod people;
mod reason;
pub mod routes;
mod rows;
mod run;
mod show;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod version;

pub use approve::{Act, ActError, AutomaticRuns, approve, pause, resume, stop};
pub use dry_run::{DryRunError, dry_run};
pub use list::{List, ListError};
pub use people::page_to_keep;
pub use reason::Reason;
pub use run::{carry_out, in_the_way, run};
pub use state::RunState;
pub use store::{Run, examples, newest, of_id as find, refusals};
#[cfg(test)]
pub use tests::given as testing_gift;
