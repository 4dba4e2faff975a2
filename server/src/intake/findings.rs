//! What a run found wrong, by where and why: counted exactly, with a few samples of each, in bounded memory.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use super::feed::Problem;

/// Paths that are named for each kind of reason.
const SAMPLES: usize = 5;
/// Kinds of reasons that are told apart; the rest are counted together.
const KINDS: usize = 500;
const LONGEST_KIND: usize = 240;
const LONGEST_PATH: usize = 200;
/// How a text ends that is cut short.
pub const CUT: char = '…';

/// What became of what a reason is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// A file of which nothing could be read.
    Quarantined,
    /// A part of a file that was otherwise read.
    PartlyRead,
    /// A row, or something of the container that could not be had.
    NotTakenIn,
}

/// One kind of reason in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A category, a table's name, or what else the path begins with.
    pub place: String,
    pub fate: Fate,
    /// The reason, without what varies from one to the next.
    pub kind: String,
    pub count: u64,
    pub samples: Vec<Sample>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub path: String,
    pub line: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(BTreeMap<(String, Fate, String), Counted>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counted {
    count: u64,
    samples: Vec<Sample>,
    /// The reason with its numbers, as long as they are always the same.
    alike: Option<String>,
}

impl Findings {
    pub fn add(&mut self, place: &str, fate: Fate, problem: &Problem) {
        let reason = unquoted(&problem.reason);
        let mut key = (place.to_owned(), fate, numberless(&reason));
        if self.0.len() >= KINDS && !self.0.contains_key(&key) {
            key.2 = OTHERS.to_owned();
        }
        let counted = self
            .0
            .entry(key)
            .or_insert_with(|| Counted { alike: Some(reason.clone()), ..Counted::default() });
        counted.count += 1;
        counted.alike.take_if(|alike| *alike != reason);
        if counted.samples.len() < SAMPLES {
            let path = shortened(&problem.path, LONGEST_PATH).into_owned();
            counted.samples.push(Sample { path, line: problem.line });
        }
    }

    /// The most frequent first, place by place.
    pub fn list(&self) -> Vec<Finding> {
        let finding = |((place, fate, kind), counted): (&(String, Fate, String), &Counted)| Finding {
            place: place.clone(),
            fate: *fate,
            kind: counted.alike.as_ref().filter(|_| kind != OTHERS).unwrap_or(kind).clone(),
            count: counted.count,
            samples: counted.samples.clone(),
        };
        let mut list: Vec<Finding> = self.0.iter().map(finding).collect();
        list.sort_by(|one, other| {
            (&one.place, one.fate, other.count).cmp(&(&other.place, other.fate, one.count))
        });
        list
    }
}

const OTHERS: &str = "other reasons";

/// The reason with `…` for what is quoted in it: nothing that a file says of a person stands in a report.
fn unquoted(reason: &str) -> String {
    let (mut unquoted, mut quote) = (String::new(), None);
    let mut chars = reason.chars();
    while let Some(c) = chars.next() {
        match quote {
            // What is quoted may hold quotation marks of its own: the character after a backslash ends nothing.
            Some('"') if c == '\\' => {
                chars.next();
            }
            Some(end) if c == end => {
                unquoted.push('…');
                unquoted.push(end);
                quote = None;
            }
            Some(_) => {}
            None => {
                unquoted.push(c);
                quote = matches!(c, '"' | '`').then_some(c);
            }
        }
    }
    shortened(&unquoted, LONGEST_KIND).into_owned()
}

/// With `N` for each number, so that a bad line of each of a million files is one kind.
fn numberless(reason: &str) -> String {
    let mut kind = String::new();
    for c in reason.chars() {
        match c {
            '0'..='9' if kind.ends_with('N') => {}
            '0'..='9' => kind.push('N'),
            c => kind.push(c),
        }
    }
    kind.strip_prefix("line N: ").unwrap_or(&kind).to_owned()
}

fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => text.into(),
        Some((at, _)) => format!("{}{CUT}", &text[..at]).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(n: usize, reason: String) -> Problem {
        Problem { path: format!("data/a-{n}/contacts/{n}.vcf"), line: Some(n as u64), reason }
    }

    #[test]
    fn a_million_reasons_of_one_kind_are_one() {
        assert_eq!(numberless("line 12: the row has 5 cells, not 17"), "the row has N cells, not N");
        assert_eq!(unquoted("no category is called \"Ann's 3\"; the"), "no category is called \"…\"; the");
        assert_eq!(unquoted("a `b` c 1"), "a `…` c 1");
        assert_eq!(unquoted(&format!("the account {:?}; name it", "o\"n\\")), "the account \"…\"; name it");
        assert_eq!(unquoted("an end that \"never comes"), "an end that \"");
        let mut findings = Findings::default();
        for n in 0..20 {
            findings.add("contacts", Fate::PartlyRead, &problem(n, format!("line {n}: \"{n}\" is wrong")));
        }
        findings.add("contacts", Fate::Quarantined, &problem(1, "no more than 7".into()));
        let list = findings.list();
        assert_eq!(list.iter().map(|finding| finding.count).collect::<Vec<_>>(), [1, 20]);
        assert_eq!(list[1].samples.len(), SAMPLES);
        assert_eq!([&list[0].kind, &list[1].kind], ["no more than 7", "\"…\" is wrong"]);
    }

    #[test]
    fn kinds_without_end_are_counted_together() {
        let mut findings = Findings::default();
        for n in 0..2 * KINDS {
            let word: String = n.to_string().bytes().map(|digit| char::from(digit + 49)).collect();
            findings.add("notes", Fate::Quarantined, &problem(n, word));
        }
        let list = findings.list();
        assert_eq!(list.len(), KINDS + 1);
        assert_eq!(list.iter().map(|finding| finding.count).sum::<u64>(), 2 * KINDS as u64);
        assert_eq!(list[0].kind, "other reasons");
    }
}
