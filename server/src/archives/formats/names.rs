//! File names that Windows, macOS and Linux all take, no two of them the same
//! to any of them.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

/// Bytes of a name with its ending; the systems take 255, and a folder above it
/// may have to fit into a path of 260.
const LONGEST: usize = 120;

/// Hands out the names of one folder.
#[derive(Debug, Default)]
pub struct FileNames {
    taken: HashSet<String>,
    /// How often each name was asked for, so that the hundredth costs no more than the first.
    asked: HashMap<String, u32>,
}

impl FileNames {
    /// A name like `wanted` with `.extension` (none where it is empty) that was
    /// not handed out before: `Ann.vcf`, `Ann (2).vcf`.
    pub fn unique(&mut self, wanted: &str, extension: &str) -> String {
        let stem = safe(wanted);
        let ending = if extension.is_empty() { String::new() } else { format!(".{extension}") };
        let asked = self.asked.entry(key(&named(&stem, 1, &ending))).or_default();
        loop {
            *asked += 1;
            let name = named(&stem, *asked, &ending);
            if self.taken.insert(key(&name)) {
                return name;
            }
        }
    }
}

fn named(stem: &str, number: u32, ending: &str) -> String {
    let count = if number == 1 { String::new() } else { format!(" ({number})") };
    format!("{}{count}{ending}", cut(stem, LONGEST.saturating_sub(count.len() + ending.len())))
}

/// How a system sees a name that ignores case and the way accents are written.
fn key(name: &str) -> String {
    let lower: String = name.nfkc().flat_map(char::to_lowercase).collect();
    lower.nfc().collect()
}

/// The name in NFC without what some system forbids, never empty.
fn safe(wanted: &str) -> String {
    let replaced: String =
        wanted.nfc().filter(|c| !is_invisible(*c)).map(|c| if is_forbidden(c) { '_' } else { c }).collect();
    let words = replaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let trimmed = cut(words.trim_start_matches('.'), LONGEST);
    match trimmed {
        "" => "_".into(),
        name if is_reserved(name) => format!("_{name}"),
        name => name.to_owned(),
    }
}

fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// Marks that turn or hide what a name shows.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Names that are devices on Windows, whatever ending they have.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_uppercase();
    let numbered = |port: &str| {
        let digit = stem.strip_prefix(port).unwrap_or_default();
        digit.chars().count() == 1
            && digit.chars().all(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}

/// At most so many bytes, ending between characters and in no dot or space.
fn cut(name: &str, bytes: usize) -> &str {
    let mut end = name.len().min(bytes);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].trim_end_matches(['.', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_everywhere() {
        let mut names = FileNames::default();
        for (wanted, name) in [
            ("Ann", "Ann.vcf"),
            ("a/b\\c:d*e?f", "a_b_c_d_e_f.vcf"),
            ("..", "_.vcf"),
            ("CON", "_CON.vcf"),
            ("com1.x", "_com1.x.vcf"),
            ("Dr. ", "Dr.vcf"),
            ("e\u{301}", "é.vcf"),
            ("\u{202E}gpj.exe", "gpj.exe.vcf"),
        ] {
            assert_eq!(names.unique(wanted, "vcf"), name);
        }
    }

    #[test]
    fn names_differ_also_where_case_and_accents_do_not_count() {
        let mut names = FileNames::default();
        let given =
            ["Ann", "ANN", "ann (2)", "ann", "É", "e\u{301}"].map(|wanted| names.unique(wanted, "vcf"));
        let mut seen: Vec<String> = given.iter().map(|name| key(name)).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), given.len(), "{given:?}");
    }

    #[test]
    fn long_names_are_cut_between_characters_and_stay_apart() {
        let mut names = FileNames::default();
        let (one, two) = (names.unique(&"é".repeat(300), "vcf"), names.unique(&"é".repeat(301), "vcf"));
        assert!(one.len() <= 120 && two.len() <= 120 && one != two, "{one} {two}");
    }

    #[test]
    fn a_hundred_thousand_equal_names_are_quick() {
        let mut names = FileNames::default();
        let last = (0..100_000).map(|_| names.unique("Ann", "vcf")).last();
        assert_eq!(last.as_deref(), Some("Ann (100000).vcf"));
    }
}
