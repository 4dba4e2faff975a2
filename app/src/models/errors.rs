//! A page for when something went wrong.

use super::Support;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorPage {
    pub status: u16,
    /// "Page not found".
    pub title: String,
    /// What happened, and whether anything was lost.
    pub happened: String,
    /// What to do now, one sentence each.
    pub to_do: Vec<String>,
    pub request_id: String,
    pub support: Support,
}
