//! What is looked for in a list.

use super::store::WORDS;
use crate::intake::read::fold;

/// The longest that is looked for; more is cut off.
const LONGEST: usize = 200;

/// What was typed, as it is shown again.
pub fn typed(query: &str) -> String {
    query.trim().chars().take(LONGEST).collect()
}

/// The words that an item must all hold, folded; or the bare digits of what is typed like a phone number.
pub fn words(query: &str) -> [String; WORDS] {
    let like_a_number = query.chars().all(|c| c.is_ascii_digit() || " +-./()".contains(c));
    let digits = fold::digits(query);
    let mut words: [String; WORDS] = Default::default();
    if like_a_number && digits.len() >= 3 {
        words[0] = digits;
        return words;
    }
    let folded = fold::fold(query);
    // What is typed beyond the last place stays together, as it is typed.
    for (place, word) in words.iter_mut().zip(folded.splitn(WORDS, ' ')) {
        *place = word.to_owned();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_typed() {
        assert_eq!(words("(212) 555-0123")[0], "2125550123");
        assert_eq!(words("212.555.0123")[0], "2125550123");
        assert_eq!(words("42")[0], "42");
        assert_eq!(words("24/7 plumber"), ["24/7", "plumber", "", ""]);
    }

    #[test]
    fn every_word_counts_and_accents_do_not() {
        assert_eq!(words("Jörg"), ["jorg", "", "", ""]);
        assert_eq!(words("  Müller   jörg "), ["muller", "jorg", "", ""]);
        assert_eq!(words("a b c d e"), ["a", "b", "c", "d e"]);
        assert_eq!(words(""), ["", "", "", ""]);
    }
}
