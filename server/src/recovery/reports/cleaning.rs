//! Removing drafts that nobody went on with, and files that were never sent.

use super::{CaseError, files};
use crate::{
    ambient::{DAY, Millis},
    portal::Portal,
};

/// How long a draft is kept after it was last touched.
pub const DRAFTS: Millis = 30 * DAY;

/// Removes what is over by now. Any number of processes may.
pub async fn clean(portal: &Portal) -> Result<(), CaseError> {
    files::clean(portal, portal.ambient.now() - DRAFTS).await
}
