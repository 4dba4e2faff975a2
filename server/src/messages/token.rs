//! Addresses that others call without a session, each good for one thing: signed, and saying nothing of whom.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::store::keys::{MasterKey, hmac};

/// What an address is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A gateway's reports on one message.
    Status,
    /// No more news to one subscriber.
    Stop,
}

pub struct Tokens([u8; 32]);

impl Tokens {
    pub fn new(master: &MasterKey) -> Self {
        Tokens(master.derive("message links"))
    }

    /// 43 letters: the id and half an HMAC-SHA-256 over it.
    pub fn sign(&self, link: Link, id: &str) -> String {
        let id = Uuid::try_parse(id).unwrap_or_default().into_bytes();
        URL_SAFE_NO_PAD.encode([id, self.mark(link, &id)].concat())
    }

    /// The id, if the token is one of ours for this.
    pub fn open(&self, link: Link, token: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, mark) = bytes.split_at_checked(16)?;
        let id: [u8; 16] = id.try_into().ok()?;
        let ours = bool::from(self.mark(link, &id).ct_eq(mark));
        ours.then(|| Uuid::from_bytes(id).to_string())
    }

    fn mark(&self, link: Link, id: &[u8; 16]) -> [u8; 16] {
        let kind: &[u8] = match link {
            Link::Status => b"status:",
            Link::Stop => b"stop:",
        };
        let mut mark = [0; 16];
        mark.copy_from_slice(&hmac(&self.0, &[kind, id])[..16]);
        mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01246ff8-3a00-7abc-8def-001122334455";

    #[test]
    fn a_token_opens_for_its_own_purpose_alone() {
        let tokens = Tokens::new(&MasterKey::from_bytes([7; 32]));
        let token = tokens.sign(Link::Stop, ID);
        assert_eq!(token.len(), 43);
        assert_eq!(tokens.open(Link::Stop, &token).as_deref(), Some(ID));
        assert_eq!(tokens.open(Link::Status, &token), None);
        assert_eq!(Tokens::new(&MasterKey::from_bytes([8; 32])).open(Link::Stop, &token), None);
        for wrong in ["", "a", &token[1..], &token.replace(&token[..1], "-")] {
            assert_eq!(tokens.open(Link::Stop, wrong), None, "{wrong}");
        }
    }
}
