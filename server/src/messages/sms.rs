//! How a text travels as SMS: its alphabet, and what it is cut into (3GPP TS 23.038 and 23.040).

use std::collections::BTreeSet;

/// What the characters are sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// Septets: 160 in one message, 153 in each of several.
    Gsm7,
    /// UTF-16 units: 70 in one message, 67 in each of several.
    Ucs2,
}

impl Alphabet {
    /// Units in a message that is alone, and in each of several (which begin with a header).
    fn room(self) -> (usize, usize) {
        match self {
            Alphabet::Gsm7 => (160, 153),
            Alphabet::Ucs2 => (70, 67),
        }
    }

    /// How many units a character takes: it is never cut in two.
    fn units(self, c: char) -> usize {
        match self {
            Alphabet::Gsm7 => gsm7(c).unwrap_or(0),
            Alphabet::Ucs2 => c.len_utf16(),
        }
    }
}

/// A text as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    pub alphabet: Alphabet,
    /// Septets, or UTF-16 units, of the whole text.
    pub units: usize,
    /// What each message carries, in order; one at least.
    pub segments: Vec<String>,
}

impl Parts {
    /// How many units it is too long for one message; zero when it fits.
    pub fn beyond_one(&self) -> usize {
        self.units.saturating_sub(self.alphabet.room().0)
    }

    pub fn of(text: &str) -> Self {
        let alphabet = if is_gsm7(text) { Alphabet::Gsm7 } else { Alphabet::Ucs2 };
        let units = text.chars().map(|c| alphabet.units(c)).sum();
        let (alone, each) = alphabet.room();
        let segments = if units <= alone { vec![text.to_owned()] } else { cut(text, alphabet, each) };
        Parts { alphabet, units, segments }
    }
}

fn cut(text: &str, alphabet: Alphabet, room: usize) -> Vec<String> {
    let mut segments = vec![String::new()];
    let mut left = room;
    for c in text.chars() {
        let units = alphabet.units(c);
        if units > left {
            segments.push(String::new());
            left = room;
        }
        if let Some(segment) = segments.last_mut() {
            segment.push(c);
        }
        left -= units;
    }
    segments
}

/// What is in none of GSM-7's tables, each once: one of them, and the whole text is sent in UTF-16.
pub fn beyond_gsm7(text: &str) -> BTreeSet<char> {
    text.chars().filter(|c| gsm7(*c).is_none()).collect()
}

/// Whether every character is in GSM-7's tables.
pub fn is_gsm7(text: &str) -> bool {
    text.chars().all(|c| gsm7(c).is_some())
}

/// The text in letters that GSM-7 has: one other letter would more than halve what fits.
pub fn plain(text: &str) -> String {
    if is_gsm7(text) { text.to_owned() } else { text.chars().map(nearest).collect() }
}

fn nearest(c: char) -> String {
    if gsm7(c).is_some() {
        return c.to_string();
    }
    let ascii = deunicode::deunicode_char(c).unwrap_or("?");
    ascii.chars().map(|c| if c == '`' { '\'' } else { c }).filter(|c| gsm7(*c).is_some()).collect()
}

/// Septets of a character: one in the basic table, two (an escape before it) in the extension.
fn gsm7(c: char) -> Option<usize> {
    const BEYOND_ASCII: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
    match c {
        '[' | ']' | '{' | '}' | '\\' | '^' | '~' | '|' | '€' | '\u{c}' => Some(2),
        '`' => None,
        ' '..='~' | '\n' | '\r' => Some(1),
        c => BEYOND_ASCII.contains(c).then_some(1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_message_holds_160_septets_and_several_153_each() {
        for (length, segments) in [(0, 1), (160, 1), (161, 2), (306, 2), (307, 3)] {
            let parts = Parts::of(&"a".repeat(length));
            assert_eq!(
                (parts.alphabet, parts.units, parts.segments.len()),
                (Alphabet::Gsm7, length, segments)
            );
            assert_eq!(parts.beyond_one(), length.max(160) - 160);
        }
    }

    #[test]
    fn one_letter_beyond_the_tables_makes_it_70_and_67() {
        for (length, segments) in [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)] {
            let parts = Parts::of(&"ó".repeat(length));
            assert_eq!(
                (parts.alphabet, parts.units, parts.segments.len()),
                (Alphabet::Ucs2, length, segments)
            );
        }
        assert_eq!(Parts::of("él, ñ, ü, ¿qué?, ¡Ñ!").alphabet, Alphabet::Gsm7);
        assert_eq!(Parts::of("dirección").alphabet, Alphabet::Ucs2);
        assert_eq!(beyond_gsm7("¡El número de dirección, ñ!"), ['ó', 'ú'].into());
    }

    #[test]
    fn an_escape_and_its_character_stay_together() {
        assert_eq!(Parts::of(&"€".repeat(80)).segments.len(), 1);
        let parts = Parts::of(&format!("{}€{}", "a".repeat(152), "b".repeat(20)));
        assert_eq!(parts.segments[0], "a".repeat(152));
        assert!(parts.segments[1].starts_with('€'));
    }

    #[test]
    fn the_halves_of_a_pair_stay_together() {
        let parts = Parts::of(&format!("{}😀{}", "я".repeat(66), "я".repeat(10)));
        assert_eq!((parts.units, parts.segments.len()), (78, 2));
        assert!(parts.segments[1].starts_with('😀'));
    }

    #[test]
    fn a_name_in_other_letters_is_written_in_those_that_every_phone_has() {
        assert_eq!(plain("Orange España"), "Orange España");
        assert_eq!(plain("Movistar Panamá, niño"), "Movistar Panama, niño");
        assert_eq!(plain("“€5” – da…"), "\"€5\" - da...");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_segment_is_too_long(text in "\\PC{0,400}") {
            let parts = Parts::of(&text);
            prop_assert_eq!(parts.segments.concat(), text);
            let (alone, each) = parts.alphabet.room();
            let room = if parts.segments.len() == 1 { alone } else { each };
            for segment in &parts.segments {
                let units: usize = segment.chars().map(|c| parts.alphabet.units(c)).sum();
                prop_assert!(units <= room);
            }
        }

        #[test]
        fn plain_text_is_gsm7(text in "\\PC{0,100}") {
            prop_assert!(is_gsm7(&plain(&text)));
        }
    }
}
