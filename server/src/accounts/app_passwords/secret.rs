//! What is drawn, shown and kept of a password.

use std::net::IpAddr;

use crate::{
    accounts::sign_in::network,
    ambient::Ambient,
    store::keys::{MasterKey, hmac},
};

/// Crockford's base 32, small: nobody has to look for the shift key, and no letter looks like a digit.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 125 bits.
const PASSWORD: usize = 25;
/// 50 bits: it need not be secret, only nobody's name.
const USER_NAME: usize = 10;
const GROUP: usize = 5;

pub fn draw_password(ambient: &Ambient) -> String {
    draw(ambient, PASSWORD)
}

pub fn draw_user_name(ambient: &Ambient) -> String {
    draw(ambient, USER_NAME)
}

/// So many letters in groups of five, 25 at most: 128 random bits hold no more.
fn draw(ambient: &Ambient, letters: usize) -> String {
    let bits = u128::from_be_bytes(ambient.bytes());
    let mut drawn = String::new();
    for at in 0..letters {
        if at > 0 && at % GROUP == 0 {
            drawn.push('-');
        }
        let letter = (bits >> (5 * at)) as usize & 31;
        drawn.push(char::from(LETTERS[letter]));
    }
    drawn
}

/// A password as it was drawn, however it was typed: capitals, spaces and look-alikes do not count.
pub fn password(typed: &str) -> String {
    let plain = typed.chars().filter(char::is_ascii_alphanumeric).take(2 * PASSWORD);
    let read = |letter: char| match letter.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        letter => letter,
    };
    plain.map(read).collect()
}

/// The same of a user name, with its hyphen.
pub fn user_name(typed: &str) -> String {
    let plain = password(typed);
    match plain.split_at_checked(GROUP) {
        Some((one, two)) if plain.len() == USER_NAME => format!("{one}-{two}"),
        _ => plain,
    }
}

/// The keyed hashes under which passwords are kept and tries are counted.
pub struct Secrets([u8; 32]);

impl Secrets {
    pub fn new(master: &MasterKey) -> Self {
        Self(master.derive("app-passwords"))
    }

    /// What is kept of a password; good for its own row alone.
    pub fn kept(&self, id: &str, password: &str) -> [u8; 32] {
        hmac(&self.0, &[b"kept/", id.as_bytes(), b"/", password.as_bytes()])
    }

    /// A user name and a password together, to know them again for a moment.
    pub fn pair(&self, user_name: &str, password: &str) -> [u8; 32] {
        hmac(&self.0, &[b"pair/", user_name.as_bytes(), b"/", password.as_bytes()])
    }

    pub fn of_user(&self, user_name: &str) -> [u8; 32] {
        hmac(&self.0, &[b"user/", user_name.as_bytes()])
    }

    pub fn of_address(&self, address: IpAddr) -> [u8; 32] {
        hmac(&self.0, &[b"address/", network(address).to_string().as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn passwords_are_long_differ_and_can_be_typed_from_paper() {
        let (ambient, _) = Ambient::fixed(0, 3);
        let drawn: HashSet<String> = (0..100).map(|_| draw_password(&ambient)).collect();
        assert_eq!(drawn.len(), 100);
        for one in &drawn {
            assert_eq!(one.split('-').map(str::len).collect::<Vec<_>>(), [5; 5], "{one}");
            assert_eq!(password(&one.to_uppercase().replace('-', " ").replace('0', "O")), password(one));
        }
    }

    #[test]
    fn every_letter_is_drawn_about_as_often_as_any_other() {
        let (ambient, _) = Ambient::fixed(0, 4);
        let mut counts = [0; 32];
        for letter in (0..1000).flat_map(|_| password(&draw_password(&ambient)).into_bytes()) {
            counts[LETTERS.iter().position(|one| *one == letter).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (600..960).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_user_name_is_known_with_and_without_its_hyphen() {
        let (ambient, _) = Ambient::fixed(0, 5);
        let drawn = draw_user_name(&ambient);
        assert_eq!(user_name(&drawn.to_uppercase().replace('-', "")), drawn);
        assert_eq!(user_name("näh"), "nh");
    }
}
