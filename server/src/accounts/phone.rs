//! A telephone number in E.164.

use std::{fmt, str::FromStr};

use phonenumber::{Mode, country};
use unicode_normalization::UnicodeNormalization;

/// `+` and 8 to 15 digits, the first of them not 0 (ITU-T E.164). Holds nothing else.
///
/// Its `Debug` shows the last two digits only, so that it may stand in a log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// The text is not a number in E.164. Does not repeat the text, which may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the phone number is not `+` and 8 to 15 digits (E.164, as in +12125550123)")]
pub struct NotE164;

/// Longer input is no telephone number, whatever a person types.
const LONGEST_TYPED: usize = 64;

impl Phone {
    /// The number with its `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads what a person types: with spaces, dots, brackets or full-width
    /// digits, with `+` or `00` or in the form used within `default_country`
    /// (ISO 3166-1 alpha-2, `US`). None where it can be no number.
    pub fn parse_typed(input: &str, default_country: &str) -> Option<Phone> {
        if input.len() > LONGEST_TYPED {
            return None;
        }
        let typed = plain(input);
        let typed = match typed.strip_prefix("00") {
            Some(international) => format!("+{international}"),
            None => typed,
        };
        match (typed.starts_with('+'), typed.contains("(0)")) {
            // What is complete is taken as it stands: the library would take
            // away digits that are a trunk prefix in some other country.
            (true, false) => joined(&typed).parse().ok(),
            (true, true) => read_by_library(&typed, None),
            (false, _) => read_by_library(&typed, Some(default_country.parse().ok()?)),
        }
    }
}

/// Every digit as ASCII, every separator as a space, invisible marks gone.
fn plain(input: &str) -> String {
    let plain: String = input.nfkc().filter_map(plain_char).collect();
    plain.trim().to_owned()
}

fn plain_char(c: char) -> Option<char> {
    match c {
        '\u{0660}'..='\u{0669}' => char::from_digit(c as u32 - 0x0660, 10),
        '\u{06F0}'..='\u{06F9}' => char::from_digit(c as u32 - 0x06F0, 10),
        '\u{00AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}' => None,
        '+' | '(' | ')' => Some(c),
        c if c.is_alphanumeric() => Some(c),
        _ => Some(' '),
    }
}

/// Without the separators; letters stay, so that they are refused.
fn joined(typed: &str) -> String {
    typed.chars().filter(|c| !matches!(c, ' ' | '(' | ')')).collect()
}

fn read_by_library(typed: &str, country: Option<country::Id>) -> Option<Phone> {
    let number = phonenumber::parse(country, typed).ok()?;
    number.format().mode(Mode::E164).to_string().parse().ok()
}

impl FromStr for Phone {
    type Err = NotE164;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('+').ok_or(NotE164)?.as_bytes();
        let fits = (8..=15).contains(&digits.len())
            && digits.iter().all(u8::is_ascii_digit)
            && !digits.starts_with(b"0");
        if fits { Ok(Phone(text.to_owned())) } else { Err(NotE164) }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone(…{})", &self.0[self.0.len() - 2..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(input: &str) -> Option<String> {
        Phone::parse_typed(input, "US").map(|phone| phone.to_string())
    }

    #[test]
    fn only_e164_is_a_phone() {
        for good in ["+12125550123", "+12345678", "+123456789012345"] {
            assert_eq!(good.parse::<Phone>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "+",
            "12125550123",
            "+1 212 555 0123",
            "+1234567",
            "+1234567890123456",
            "+02125550123",
            "+1212555012x",
        ] {
            assert_eq!(bad.parse::<Phone>(), Err(NotE164), "{bad}");
        }
    }

    #[test]
    fn the_ways_people_type_a_number_at_home_are_one_number() {
        for input in [
            "(212) 555-0123",
            "212-555-0123",
            "212.555.0123",
            " 212 555 0123 ",
            "2125550123",
            "1 212 555 0123",
            "1-212-555-0123",
            "+1 212 555 0123",
            "+1 (212) 555-0123",
            "+12125550123",
            "001 212 555 0123",
            "２１２ ５５５ ０１２３",
            "＋１ ２１２ ５５５ ０１２３",
            "٢١٢٥٥٥٠١٢٣",
            "\u{202A}+1 212\u{00A0}555\u{2011}0123\u{202C}",
        ] {
            assert_eq!(typed(input).as_deref(), Some("+12125550123"), "{input}");
        }
    }

    #[test]
    fn the_fictitious_range_is_taken_whole() {
        for last in 100..=199 {
            assert_eq!(typed(&format!("(415) 555-0{last}")), Some(format!("+14155550{last}")));
        }
    }

    #[test]
    fn numbers_of_other_countries_keep_all_their_digits() {
        assert_eq!(typed("0044 20 7946 0958").as_deref(), Some("+442079460958"));
        assert_eq!(typed("+44 (0)20 7946 0958").as_deref(), Some("+442079460958"));
        assert_eq!(typed("011 44 20 7946 0958").as_deref(), Some("+442079460958"));
        assert_eq!(typed("+86 138 0013 8000").as_deref(), Some("+8613800138000"));
        assert_eq!(typed("+39 06 6982 0000").as_deref(), Some("+390669820000"));
        let german = Phone::parse_typed("030 1234567", "DE").unwrap();
        assert_eq!(german.as_str(), "+49301234567");
    }

    #[test]
    fn what_is_no_number_is_none() {
        for input in
            ["", "   ", "+", "hello", "12", "+1 212 555 O123", "(((((", "++12125550123", &"1".repeat(70)]
        {
            assert_eq!(typed(input), None, "{input}");
        }
        assert_eq!(Phone::parse_typed("212 555 0123", "nowhere"), None);
    }

    #[test]
    fn a_log_shows_two_digits_at_most() {
        let phone: Phone = "+12125550123".parse().unwrap();
        assert_eq!(format!("{phone:?}"), "Phone(…23)");
    }

    proptest::proptest! {
        #[test]
        fn anything_typed_is_a_number_or_none(input in "\\PC{0,30}", country in "[A-Z]{2}") {
            let _ = Phone::parse_typed(&input, &country);
            let digits = format!("{input}{country}0(0)+1");
            let _ = Phone::parse_typed(&digits, "GB");
        }

        #[test]
        fn digits_and_signs_never_panic(input in "[0-9+() .;=*#x-]{0,40}") {
            let _ = Phone::parse_typed(&input, "US");
        }
    }
}
