//! What goes into an archive.

pub mod formats;
