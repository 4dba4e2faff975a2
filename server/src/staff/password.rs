//! Members' passwords: what is refused (NIST 800-63B-4, 3.1.1), and how the others are kept.

use std::sync::OnceLock;

use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{self, SaltString},
};
use tokio::sync::Semaphore;

use crate::{ambient::Ambient, web};

const SHORTEST: usize = 12;
/// Longer is no safer, and hashing it is work.
const LONGEST: usize = 512;

/// Each hash takes 19 MiB: a crowd at the door must not take them all.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// The long ones among the most common passwords, and what people make of short ones.
const COMMON: &[&str] = &[
    "123123123123",
    "1234567890123",
    "123456789012",
    "1234567891011",
    "12345678910",
    "012345678910",
    "0987654321098",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "qazwsxedcrfv",
    "qwerty123456",
    "qwertyqwerty",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopas",
    "qwertyuiopasdfghjkl",
    "asdfghjklqwerty",
    "zxcvbnmasdfghjkl",
    "abcdefghijkl",
    "abcdefghijklm",
    "abc123abc123",
    "abcd12345678",
    "password1234",
    "password12345",
    "password123456",
    "password123!",
    "passwordpassword",
    "mypassword123",
    "p@ssw0rd1234",
    "passw0rd1234",
    "administrator",
    "adminadminadmin",
    "admin1234567",
    "changemechangeme",
    "changeme1234",
    "letmeinletmein",
    "letmein12345",
    "welcome12345",
    "welcomewelcome",
    "iloveyouiloveyou",
    "iloveyou1234",
    "sunshine1234",
    "princess1234",
    "football1234",
    "baseball1234",
    "superman1234",
    "trustno1trustno1",
    "correcthorsebatterystaple",
    "monkeymonkey",
    "dragondragon",
    "secretsecret",
    "supersecret123",
    "testtesttest",
    "makegoodmakegood",
    "supportsupport",
    "unbelievable",
    "thisismypassword",
];

/// Why a password cannot be taken, as the page says it; none when it can.
pub fn fault(password: &str, email: &str, name: &str) -> Option<&'static str> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some("Use 12 characters or more. Several words are good");
    }
    if length > LONGEST {
        return Some("Use 512 characters or fewer");
    }
    let bare = bare(password);
    let repeats = bare.chars().all(|c| bare.starts_with(c));
    if repeats || COMMON.iter().any(|common| self::bare(common) == bare) {
        return Some("This is one of the first passwords that others would try. Choose another");
    }
    let mailbox = email.split('@').next().unwrap_or_default();
    if [email, mailbox, name].iter().any(|own| is_little_more_than(&bare, &self::bare(own))) {
        return Some("This is too much like your name or e-mail address. Choose another");
    }
    None
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// `own`, with fewer than four characters of one's own invention.
fn is_little_more_than(password: &str, own: &str) -> bool {
    own.len() >= 4 && password.contains(own) && password.len() < own.len() + 4
}

/// Argon2id with OWASP's parameters: 19 MiB, two passes, one lane.
pub async fn hash(password: String, ambient: &Ambient) -> web::Result<String> {
    let salt = SaltString::encode_b64(&ambient.bytes::<16>()).map_err(failed)?;
    let work =
        move || Argon2::default().hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string());
    aside(work).await?.map_err(failed)
}

/// Whether it is the password of `kept`; the same work and a no where nothing is kept.
pub async fn matches(password: String, kept: Option<String>) -> web::Result<bool> {
    aside(move || {
        let nobody = kept.is_none();
        let kept = kept.unwrap_or_else(|| nobodys().to_owned());
        let parsed = PasswordHash::new(&kept)?;
        let same = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        Ok(same && !nobody)
    })
    .await?
    .map_err(failed)
}

/// A hash of the same cost that no password has been chosen for.
fn nobodys() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let salt = SaltString::encode_b64(&[0; 16]);
        let hash = salt.and_then(|salt| {
            Argon2::default().hash_password(b"nobody's", &salt).map(|hash| hash.to_string())
        });
        hash.unwrap_or_default()
    })
}

/// Runs slow work where it does not hold up other requests.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> web::Result<T> {
    let _permit = AT_ONCE.acquire().await.map_err(|error| web::Error::Internal(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| web::Error::Internal(error.to_string()))
}

fn failed(error: password_hash::Error) -> web::Error {
    web::Error::Internal(format!("password: {error}"))
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn what_others_would_try_first_is_refused() {
        let refused = |password| fault(password, "ada.lovelace@example.com", "Ada Lovelace").is_some();
        for weak in [
            "short",
            "Password 1234",
            "aaaaaaaaaaaaaaa",
            "ada.lovelace@example.com",
            "AdaLovelace12",
            "ada.lovelace1",
        ] {
            assert!(refused(weak), "{weak}");
        }
        assert!(!refused("four quiet herons wade"));
    }
}
