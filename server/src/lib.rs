//! Makegood's server: commands, HTTP and storage, one folder for each thing the portal does.

pub mod accounts;
pub mod ambient;
pub mod archives;
mod backoff;
pub mod commands;
pub mod demo;
pub mod incident;
pub mod intake;
pub mod messages;
pub mod number;
pub mod portal;
pub mod recovery;
pub mod remedies;
pub mod secret;
pub mod settings;
pub mod staff;
pub mod status;
pub mod store;
pub mod web;
