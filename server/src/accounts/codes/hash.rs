//! The keyed hashes under which codes, phones, browsers and accounts are kept.

use subtle::ConstantTimeEq;

use super::{Open, Owner, Purpose};
use crate::{
    accounts::phone::Phone,
    store::keys::{MasterKey, hmac},
};

pub struct Hashes([u8; 32]);

impl Hashes {
    pub fn new(master: &MasterKey) -> Self {
        Self(master.derive("codes"))
    }

    /// A browser, by the secret in its cookie.
    pub fn browser(&self, secret: &str) -> [u8; 32] {
        self.of(&[b"browser", secret.as_bytes()])
    }

    /// A member of staff with one caller on the line.
    pub fn caller(&self, member_id: &str, subscriber_id: &str) -> [u8; 32] {
        self.of(&[b"caller", member_id.as_bytes(), subscriber_id.as_bytes()])
    }

    /// A signed-in subscriber's session, for one act.
    pub fn fresh(&self, act: &str, subscriber_id: &str, session: &[u8; 32]) -> [u8; 32] {
        self.of(&[b"fresh", act.as_bytes(), subscriber_id.as_bytes(), session])
    }

    pub fn phone(&self, purpose: Purpose, phone: &Phone) -> [u8; 32] {
        self.of(&[b"phone", purpose.slug().as_bytes(), phone.as_str().as_bytes()])
    }

    /// A code, good for its row, its holder and its phone alone.
    pub fn code(&self, id: &str, holder: &[u8], phone: &[u8], code: &str) -> [u8; 32] {
        self.of(&[b"code", id.as_bytes(), holder, phone, code.as_bytes()])
    }

    /// What failures count for: the account, or the number that no account has.
    pub fn subject(&self, purpose: Purpose, owner: Option<&Owner>, phone: &Phone) -> [u8; 32] {
        let subscriber = owner.map(|owner| owner.id.as_str());
        self.subject_from(purpose.slug(), subscriber, &self.phone(purpose, phone))
    }

    /// The same, of a code that is open.
    pub fn subject_of(&self, open: &Open) -> [u8; 32] {
        self.subject_from(&open.purpose, open.subscriber_id.as_deref(), &open.phone)
    }

    fn subject_from(&self, purpose: &str, subscriber: Option<&str>, phone: &[u8]) -> [u8; 32] {
        let (kind, name): (&[u8], &[u8]) = match subscriber {
            Some(id) => (b"account", id.as_bytes()),
            None => (b"number", phone),
        };
        self.of(&[b"subject", purpose.as_bytes(), kind, name])
    }

    /// Whether `typed` is the code of `open`, in a time that says nothing.
    pub fn is_code(&self, open: &Open, typed: &str) -> bool {
        let hash = self.code(&open.id, &open.holder, &open.phone, typed);
        hash.ct_eq(&open.code).into()
    }

    /// Each part with its length before it, so that no two lists of parts are one text.
    fn of(&self, parts: &[&[u8]]) -> [u8; 32] {
        let text: Vec<u8> = parts
            .iter()
            .flat_map(|part| (part.len() as u64).to_be_bytes().into_iter().chain(part.iter().copied()))
            .collect();
        hmac(&self.0, &[&text])
    }
}
