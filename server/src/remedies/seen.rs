//! What a check page showed of how something comes, so that its button does that and nothing else: an import may have
//! changed the account's address meanwhile, another tab may have typed another.

use app::models::Delivery;
use sha2::{Digest, Sha256};

use crate::{accounts::Profile, incident::WayId};

/// Identifies a way and where it leads, 64 hexadecimal digits. `draft` is the postal address as it lies sealed: each time
/// that one is typed, it is another.
pub fn digest(way: &Delivery, person: &Profile, draft: Option<&[u8]>) -> String {
    let leads_to = match WayId::from_slug(&way.value) {
        Some(WayId::Email) => person.email.as_bytes(),
        Some(WayId::Sms) => person.phone.as_deref().unwrap_or_default().as_bytes(),
        Some(WayId::Post) => draft.unwrap_or_default(),
        Some(WayId::Site | WayId::Bill) | None => &[],
    };
    let hash = Sha256::new().chain_update(&way.value).chain_update(b"\n").chain_update(leads_to);
    hex::encode(hash.finalize())
}
