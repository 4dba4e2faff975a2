//! The status API's ids: twelve characters of a–z and 0–9.

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// The id of `key` within an incident: always the same, on every process and after every restart.
pub fn of(incident: &str, kind: &str, key: &str) -> String {
    let digest = Sha256::digest(format!("{incident}\n{kind}\n{key}").as_bytes());
    let mut number = digest.iter().take(16).fold(0u128, |number, byte| number << 8 | u128::from(*byte));
    let mut id = String::with_capacity(12);
    for _ in 0..12 {
        id.push(char::from(ALPHABET[(number % 36) as usize]));
        number /= 36;
    }
    id
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_are_twelve_plain_characters_and_differ_by_every_part() {
        let ids = [super::of("i", "page", ""), super::of("i", "update", "1"), super::of("j", "update", "1")];
        for id in &ids {
            assert!(id.len() == 12 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        }
        assert!(ids[0] != ids[1] && ids[1] != ids[2]);
        assert_eq!(super::of("i", "page", ""), ids[0]);
    }
}
