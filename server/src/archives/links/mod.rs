//! Links for download managers: an address for one edition that works without signing in, for a day.
//!
//! Made after a fresh code, shown once, told of by message, listed and ended on `/account`. The token in the
//! address is kept as a keyed hash alone, and the log names requests by their route's pattern.

pub mod routes;
mod store;

pub use store::{Link, clean, end, end_all, is_any_over, of_subscriber};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Part, editions::Edition};
use crate::{
    ambient::{Ambient, HOUR, Millis},
    portal::Portal,
    store::{
        Result, Tx,
        keys::{MasterKey, hmac},
    },
};

/// How long a link works.
pub const LASTS: Millis = 24 * HOUR;

/// 192 random bits, as they stand in the address.
fn draw(ambient: &Ambient) -> String {
    URL_SAFE_NO_PAD.encode(ambient.bytes::<24>())
}

/// What is kept of a token: whoever reads the table cannot use it.
fn kept(master: &MasterKey, token: &str) -> [u8; 32] {
    hmac(&master.derive("download-links"), &[token.as_bytes()])
}

/// Makes a link to an edition, in the caller's transaction; its token is to be had now and never again.
pub async fn make(tx: &mut Tx, portal: &Portal, edition: &Edition) -> Result<String> {
    let token = draw(&portal.ambient);
    let now = portal.ambient.now();
    let id = portal.ambient.id();
    store::insert(tx, &id, edition, &kept(portal.master(), &token), now, now + LASTS).await?;
    super::editions::note_use(tx, &edition.id, now).await?;
    Ok(token)
}

/// Where a link leads; with the host.
pub fn address(portal: &Portal, part: Part, token: &str) -> String {
    format!("{}/links/{token}/{}", portal.settings.base_url, part.file_name())
}
