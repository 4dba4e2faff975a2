//! The number of a claim, a report, an appeal: read aloud, typed by tired people, guessed by nobody.

use std::{fmt, marker::PhantomData};

use crate::ambient::Ambient;

/// Crockford's base 32: no I, L, O or U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 55 random bits, and one letter that checks them.
const LENGTH: usize = 12;

/// What is numbered, by the letters that its numbers begin with.
pub trait Series {
    const PREFIX: &'static str;
}

/// `MG-7K2P-QX04-M9TB`, as it is stored and shown. The last letter is a check (Luhn modulo 32),
/// so that one wrong letter never names another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number<S>(String, PhantomData<S>);

impl<S: Series> Number<S> {
    pub fn draw(ambient: &Ambient) -> Self {
        let mut values: Vec<u32> = (1..LENGTH).map(|_| ambient.below(32)).collect();
        values.push(check(&values));
        Self::of(&values)
    }

    /// The number that a person typed, whatever their case, hyphens and spaces, with O for 0 and I or L for 1;
    /// none when it cannot be one.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut letters: String =
            typed.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
        if letters.len() == S::PREFIX.len() + LENGTH && letters.starts_with(S::PREFIX) {
            letters.drain(..S::PREFIX.len());
        }
        let values: Vec<u32> = letters.chars().map(value).collect::<Option<_>>()?;
        let (last, rest) = values.split_last()?;
        (values.len() == LENGTH && *last == check(rest)).then(|| Self::of(&values))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(values: &[u32]) -> Self {
        let mut text = S::PREFIX.to_owned();
        for (place, value) in values.iter().enumerate() {
            if place % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(LETTERS[(value % 32) as usize]));
        }
        Self(text, PhantomData)
    }
}

impl<S> fmt::Display for Number<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn value(letter: char) -> Option<u32> {
    let letter = match letter {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    };
    LETTERS.iter().position(|known| char::from(*known) == letter).and_then(|place| u32::try_from(place).ok())
}

/// Luhn modulo 32: finds every single wrong letter and nearly every swap of neighbours.
fn check(values: &[u32]) -> u32 {
    let sum: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(place, value)| if place % 2 == 0 { value * 2 / 32 + value * 2 % 32 } else { *value })
        .sum();
    (32 - sum % 32) % 32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Claims;

    impl Series for Claims {
        const PREFIX: &'static str = "MG";
    }

    type ClaimNumber = Number<Claims>;

    #[derive(Clone, Debug, PartialEq)]
    struct Others;

    impl Series for Others {
        const PREFIX: &'static str = "MR";
    }

    #[test]
    fn a_number_of_another_series_is_none() {
        let (ambient, _) = Ambient::fixed(0, 5);
        let number = ClaimNumber::draw(&ambient).to_string();
        assert_eq!(Number::<Others>::parse(&number), None);
        assert!(Number::<Others>::parse(&number[3..]).is_some(), "without its letters it may be of either");
    }

    #[test]
    fn a_number_is_letters_digits_and_hyphens() {
        let (ambient, _) = Ambient::fixed(0, 5);
        let number = ClaimNumber::draw(&ambient).to_string();
        assert_eq!(number.len(), 17);
        assert!(number.starts_with("MG-"));
        assert!(number.chars().all(|c| c == '-' || c.is_ascii_uppercase() || c.is_ascii_digit()));
        assert_ne!(number, ClaimNumber::draw(&ambient).to_string());
    }

    proptest! {
        #[test]
        fn what_is_typed_finds_the_number(seed in any::<u64>()) {
            let (ambient, _) = Ambient::fixed(0, seed);
            let number = ClaimNumber::draw(&ambient);
            let plain = number.as_str().replace('-', "").to_lowercase();
            for typed in [number.as_str(), &plain, &plain[2..], &plain.replace('0', "o").replace('1', "l")] {
                prop_assert_eq!(ClaimNumber::parse(typed), Some(number.clone()));
            }
        }

        #[test]
        fn one_wrong_letter_is_no_number(seed in any::<u64>(), place in 0usize..12, other in 0usize..32) {
            let (ambient, _) = Ambient::fixed(0, seed);
            let mut letters = ClaimNumber::draw(&ambient).as_str().replace('-', "").into_bytes();
            prop_assume!(letters[place + 2] != LETTERS[other]);
            letters[place + 2] = LETTERS[other];
            prop_assert_eq!(ClaimNumber::parse(&String::from_utf8(letters).unwrap()), None);
        }

        #[test]
        fn anything_typed_is_harmless(typed in any::<String>()) {
            let _ = ClaimNumber::parse(&typed);
        }
    }
}
