//! Folding text for sorting and searching: letter case, accents and scripts
//! must not stand between a person and an item.

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization;

/// Folds what a person types or what is stored, the same way for both: lower
/// case, without accents (`Jörg` and `jorg` are one), white space once. Letters
/// outside the Latin script stay as they are, so that they find themselves.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
        match latin(c) {
            Some(plain) => out.extend(plain.chars().flat_map(char::to_lowercase)),
            None => out.extend(c.to_lowercase()),
        }
    }
    super::value::one_line(&out.nfc().collect::<String>())
}

/// The words that a search looks in: folded, and beside them in Latin letters
/// where the script is another, and the bare digits of phone numbers.
pub fn search<'a>(
    words: impl IntoIterator<Item = &'a str>,
    phones: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut out = String::new();
    for word in words {
        let folded = fold(word);
        add(&mut out, &folded);
        if !folded.is_ascii() {
            add(&mut out, &deunicode::deunicode(&folded).to_lowercase());
        }
    }
    for phone in phones {
        add(&mut out, &fold(phone));
        add(&mut out, &digits(phone));
    }
    out
}

/// The key that lists sort by: in Latin letters, lower case.
pub fn sort(text: &str) -> String {
    super::value::one_line(&deunicode::deunicode(&fold(text)).to_lowercase())
}

/// The digits of a phone number.
pub fn digits(phone: &str) -> String {
    phone.nfkc().filter(char::is_ascii_digit).collect()
}

/// What a letter of the Latin script is in ASCII (`ß`, `ø`, `æ`).
fn latin(c: char) -> Option<&'static str> {
    let is_latin = matches!(c, '\u{00C0}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}' | '\u{2010}'..='\u{2027}');
    is_latin.then(|| deunicode_char(c)).flatten()
}

fn add(out: &mut String, word: &str) {
    if word.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push(' ');
    }
    out.push_str(word);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_fold_away() {
        assert_eq!(fold("  Jörg\tGROẞE  Ødegård "), "jorg grosse odegard");
        assert_eq!(fold("Ｔｏｋｙｏ"), "tokyo");
    }

    #[test]
    fn other_scripts_find_themselves_and_their_latin_form() {
        let found = search(["山田 Дмитрий"], []);
        for typed in ["山田", "дмитрии", "Дмитрий", "shan", "dmitri"] {
            assert!(found.contains(&fold(typed)), "{typed} in {found}");
        }
    }

    #[test]
    fn phones_are_found_as_written_and_as_digits() {
        let found = search(["Ann"], ["+1 (555) 010-0199"]);
        assert!(found.contains("15550100199") && found.contains("(555) 010-0199"));
    }

    #[test]
    fn kana_and_hangul_survive() {
        assert_eq!(fold("ガス 한글"), fold("カ\u{3099}ス 한글"));
        assert!(search(["한글"], []).contains("한글"));
    }
}
