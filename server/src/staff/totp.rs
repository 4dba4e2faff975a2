//! The second factor: time-based codes (RFC 6238), six digits, thirty seconds.

use qrcode::{QrCode, render::svg};
use totp_rs::{Builder, Totp};

use crate::{
    ambient::{Ambient, Millis, SECOND},
    store::keys::{KeyError, MasterKey, hmac},
    web,
};

/// A member's shared secret: 160 bits, as RFC 4226 recommends.
pub struct TotpKey([u8; 20]);

impl TotpKey {
    /// The key that belongs to an enrolment address: the same at each look at the page,
    /// and known to nobody who has the address alone.
    pub fn of_enrolment(master: &MasterKey, token: &str) -> Self {
        let digest = hmac(&master.derive("staff-totp"), &[token.as_bytes()]);
        let mut key = [0; 20];
        key.copy_from_slice(&digest[..20]);
        Self(key)
    }

    pub fn seal(&self, master: &MasterKey, member: &str, ambient: &Ambient) -> Result<Vec<u8>, KeyError> {
        master.seal_small(&context(member), &self.0, ambient)
    }

    pub fn open(master: &MasterKey, member: &str, sealed: &[u8]) -> Result<Self, KeyError> {
        let plain = master.open_small(&context(member), sealed)?;
        plain.try_into().map(Self).map_err(|_| KeyError::Wrong)
    }

    /// The step that `code` belongs to, if it is this one's or a neighbour's.
    pub fn step(&self, code: &str, now: Millis) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let seconds = u64::try_from(now / SECOND).ok()?;
        let step = self.totp("member", "staff")?.check(&digits, seconds)?;
        i64::try_from(step).ok()
    }

    /// The key as a QR code (`otpauth://`) and in base32 for typing.
    pub fn shown(&self, operator: &str, email: &str) -> web::Result<(String, String)> {
        let failed = || web::Error::Internal("the TOTP key cannot be drawn".to_owned());
        let totp = self.totp(&email.replace(':', " "), &operator.replace(':', " ")).ok_or_else(failed)?;
        let url = totp.to_url().map_err(|_| failed())?;
        let code = QrCode::new(url).map_err(|_| failed())?;
        let drawn = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
        let start = drawn.find("<svg").ok_or_else(failed)?;
        Ok((drawn[start..].to_owned(), totp.secret().to_base32()))
    }

    fn totp(&self, account: &str, issuer: &str) -> Option<Totp> {
        Builder::new().with_secret(self.0).with_account_name(account).with_issuer(Some(issuer)).build().ok()
    }

    #[cfg(test)]
    pub fn code(&self, now: Millis) -> String {
        let totp = self.totp("member", "staff").unwrap();
        totp.generate(now as u64 / 1000).to_string()
    }
}

fn context(member: &str) -> String {
    format!("staff-totp/{member}")
}
