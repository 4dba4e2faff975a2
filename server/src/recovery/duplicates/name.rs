//! Names, so that the order of their words, case, accents, titles and middle names do not matter.

use std::collections::BTreeSet;

use crate::intake::read::{fold, value};

/// How much of a name is compared. Of honest ones it is all.
const MOST_LETTERS: usize = 500;
const MOST_WORDS: usize = 32;
const MOST_NICKNAMES: usize = 16;

/// What somebody is called, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Every word, in the order in which they are said.
    words: Vec<String>,
    /// Where the card tells them apart; else empty, both of them.
    given: Vec<String>,
    middle: Vec<String>,
    family: Vec<String>,
    nicknames: Vec<Vec<String>>,
    /// Senior, junior, the third: father and son are two.
    generation: Option<u8>,
}

/// How two names stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Same,
    /// One may be the other: a part of it, an initial, a nickname, a slip of the pen.
    Near,
    /// At least one card has no name.
    Unknown,
    Different,
}

impl Name {
    /// From vCard's `N` (family;given;middle;before;after), what the card calls itself, and its nicknames.
    pub fn of(structured: &str, full: &str, nicknames: &str) -> Self {
        let parts = value::split(structured, ';');
        let part = |index: usize| parts.get(index).map(|part| words(part)).unwrap_or_default();
        let (family, given, middle) = (part(0), part(1), part(2));
        let nicknames = value::split(nicknames, ',').into_iter().map(|name| words(&name));
        let nicknames = nicknames.filter(|name| !name.is_empty()).take(MOST_NICKNAMES).collect();
        let (spoken, said) = spoken(full);
        let after = part(4).iter().find_map(|word| generation(word)).or(said);
        if !family.is_empty() && !given.is_empty() {
            let all = [given.as_slice(), &middle, &family].concat();
            return Self { words: all, given, middle, family, nicknames, generation: after };
        }
        let apart = [given, middle, family].concat();
        let all = if apart.is_empty() { spoken } else { apart };
        Self { words: all, nicknames, generation: after, ..Self::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// One word says little: there is more than one Anna.
    pub fn is_short(&self) -> bool {
        self.words.len() < 2
    }

    /// Under which names it could stand elsewhere: whole, and without what is in the middle.
    pub fn keys(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        if self.words.is_empty() {
            return keys;
        }
        keys.insert(sorted(self.words.iter()));
        if !self.given.is_empty() {
            keys.insert(sorted(self.given.iter().chain(&self.family)));
            keys.insert(sorted(self.given.iter().take(1).chain(&self.family)));
        } else if let ([first, .., last], true) = (self.words.as_slice(), self.words.len() > 2) {
            keys.insert(sorted([first, last].into_iter()));
        }
        keys
    }

    pub fn relation(&self, other: &Name) -> Relation {
        if self.is_empty() || other.is_empty() {
            return Relation::Unknown;
        }
        if self.generation.zip(other.generation).is_some_and(|(one, two)| one != two) {
            return Relation::Different;
        }
        if !self.keys().is_disjoint(&other.keys()) {
            let agree =
                self.middle.is_empty() || other.middle.is_empty() || fits(&self.middle, &other.middle);
            return if agree { Relation::Same } else { Relation::Near };
        }
        let near = fits(&self.words, &other.words) || self.is_called(other) || other.is_called(self);
        if near { Relation::Near } else { Relation::Different }
    }

    /// Whether the other's name is one of the nicknames, alone or before the same family name.
    fn is_called(&self, other: &Name) -> bool {
        self.nicknames.iter().any(|nickname| {
            let with_family = [nickname.as_slice(), &self.family].concat();
            sorted(nickname.iter()) == sorted(other.words.iter())
                || sorted(with_family.iter()) == sorted(other.words.iter())
        })
    }
}

/// Whether each word of the shorter is a word of the longer, its initial or nearly it, and one is whole.
fn fits(one: &[String], two: &[String]) -> bool {
    // The same way round whoever asks, so that the answer is too.
    let (short, long) = if (one.len(), one) <= (two.len(), two) { (one, two) } else { (two, one) };
    let mut left: Vec<&String> = long.iter().collect();
    let mut whole = 0;
    // Whole words first, so that an initial does not take the place of one.
    let mut rest = Vec::new();
    for word in short {
        match left.iter().position(|other| *other == word) {
            Some(at) => {
                left.swap_remove(at);
                whole += 1;
            }
            None => rest.push(word),
        }
    }
    let fit = rest.into_iter().all(|word| match left.iter().position(|other| is_nearly(word, other)) {
        Some(at) => {
            left.swap_remove(at);
            true
        }
        None => false,
    });
    fit && whole > 0
}

/// An initial, or one letter more, less or other in a word of some length.
fn is_nearly(one: &str, two: &str) -> bool {
    let (short, long) = if one.chars().count() <= two.chars().count() { (one, two) } else { (two, one) };
    let (s, l): (Vec<char>, Vec<char>) = (short.chars().collect(), long.chars().collect());
    match s.len() {
        1 => l.first() == s.first(),
        2 => false,
        // Another digit is another thing, not a slip.
        _ if l.iter().any(|c| c.is_numeric()) => false,
        _ => s.first() == l.first() && one_letter_apart(&s, &l),
    }
}

/// `short` is not longer than `long`.
fn one_letter_apart(short: &[char], long: &[char]) -> bool {
    let same = short.iter().zip(long).take_while(|(one, two)| one == two).count();
    match long.len() - short.len() {
        0 => short[same + 1..] == long[same + 1..] || swapped(&short[same..], &long[same..]),
        1 => short[same..] == long[same + 1..],
        _ => false,
    }
}

fn swapped(one: &[char], two: &[char]) -> bool {
    matches!((one, two), ([a, b, x @ ..], [c, d, y @ ..]) if a == d && b == c && x == y)
}

/// Folded words. A letter of Chinese, Japanese or Korean is a word: there names are written without
/// spaces, family name first or last.
///
/// The first count, of the first letters: a hostile name must not cost much.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let text: String = text.chars().take(MOST_LETTERS).collect();
    for c in fold(&text).chars() {
        match c {
            '\'' | '’' | '`' => {}
            c if is_ideograph(c) => words.extend([c.to_string(), String::new()]),
            c if c.is_alphanumeric() => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words.truncate(MOST_WORDS);
    words
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The words of a whole name without titles before and after it, and its generation.
fn spoken(full: &str) -> (Vec<String>, Option<u8>) {
    let mut words = words(full);
    while words.len() > 1 && TITLES.contains(&words[0].as_str()) {
        words.remove(0);
    }
    let mut said = None;
    while let [_, .., last] = words.as_slice() {
        let generation = generation(last);
        if generation.is_none() && !HONORS.contains(&last.as_str()) {
            break;
        }
        said = said.or(generation);
        words.pop();
    }
    (words, said)
}

/// Before a name.
const TITLES: [&str; 17] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "mme", "mlle", "herr", "frau", "sr",
    "sra", "srta", "rev",
];

/// After a name.
const HONORS: [&str; 7] = ["phd", "md", "dds", "esq", "jd", "mba", "cpa"];

fn generation(word: &str) -> Option<u8> {
    match word {
        "sr" | "senior" | "i" => Some(1),
        "jr" | "junior" | "ii" => Some(2),
        "iii" => Some(3),
        "iv" => Some(4),
        _ => None,
    }
}

fn sorted<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let mut words: Vec<&str> = words.map(String::as_str).collect();
    words.sort_unstable();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(name: &str) -> Name {
        Name::of("", name, "")
    }

    #[track_caller]
    fn are(one: &Name, two: &Name, relation: Relation) {
        assert_eq!(one.relation(two), relation, "{one:?} and {two:?}");
        assert_eq!(two.relation(one), relation, "{two:?} and {one:?}");
    }

    #[test]
    fn spelling_order_and_titles_do_not_matter() {
        for (one, two) in [
            ("Jörg Müller", "MÜLLER, Jorg"),
            ("Dr. John Doe", "John Doe PhD"),
            ("Patrick O'Connell", "Patrick O’Connell"),
            ("Jean-Luc Roux", "Roux Jean Luc"),
            ("李 秀英", "秀英李"),
            ("John Q. Doe", "John Doe"),
        ] {
            are(&full(one), &full(two), Relation::Same);
        }
        let parts = Name::of("Doe;John;Richter\\, James;Mr.;Sr.", "Mr. John Richter, James Doe Sr.", "");
        are(&parts, &full("john doe"), Relation::Same);
        are(&parts, &Name::of("Doe;john;;;", "John Doe", ""), Relation::Same);
    }

    #[test]
    fn what_may_be_the_same_is_near() {
        for (one, two) in [
            ("J. Doe", "John Doe"),
            ("Anna", "Anna Schmidt"),
            ("Jon Doe", "John Doe"),
            ("Maira Diaz", "Maria Diaz"),
        ] {
            are(&full(one), &full(two), Relation::Near);
        }
        are(&Name::of("Doe;Robert;;;", "Robert Doe", "Bob"), &full("Bob Doe"), Relation::Near);
        are(&Name::of("Doe;John;Ann;;", "", ""), &Name::of("Doe;John;Bert;;", "", ""), Relation::Near);
    }

    #[test]
    fn two_people_are_two() {
        for (one, two) in [
            ("Jane Doe", "John Doe"),
            ("John Doe Sr.", "John Doe Jr."),
            ("Ann Li", "Ann Lo"),
            ("Maria Jensen", "Maria Brooks"),
            ("A. B.", "C. D."),
        ] {
            are(&full(one), &full(two), Relation::Different);
        }
        are(&full(""), &full("John Doe"), Relation::Unknown);
    }

    proptest::proptest! {
        #[test]
        fn the_relation_is_symmetric_and_everybody_is_themselves(one in "\\PC{0,20}", two in "[A-Ca-c;, .'Jr]{0,20}", nick in "[A-Cb, ]{0,8}") {
            let (a, b) = (Name::of(&two, &one, &nick), Name::of("", &two, ""));
            proptest::prop_assert_eq!(a.relation(&b), b.relation(&a));
            if !a.is_empty() {
                proptest::prop_assert_eq!(a.relation(&a), Relation::Same);
            }
        }
    }
}
