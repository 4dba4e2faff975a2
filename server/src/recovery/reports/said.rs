//! What people and staff write, as it is kept: cleaned, and sealed under the person's key.

use app::words::{Language, spoken};
use serde::{Deserialize, Serialize};

use crate::{
    ambient::Ambient,
    recovery::duplicates::sealed,
    store::{Error, Result, keys::DataKey},
};

/// The most characters of one text.
pub const LONGEST: usize = 4_000;
/// The most characters of a short answer.
pub const SHORT: usize = 200;

/// What was said with one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub text: String,
    /// About how many are missing, as the person put it.
    #[serde(default)]
    pub how_many: String,
    /// When they are from, as the person put it.
    #[serde(default)]
    pub period: String,
    /// What our records said when it was sent, a sentence each.
    #[serde(flatten)]
    pub records: Recorded,
}

/// Sentences in every language: the person and the staff each read them in theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    #[serde(default, rename = "records")]
    pub english: Vec<String>,
    /// Empty in what was sent before this was kept.
    #[serde(default, rename = "records_es")]
    pub spanish: Vec<String>,
}

impl Recorded {
    /// In the language spoken.
    pub fn told(self) -> Vec<String> {
        match spoken() {
            Language::Es if !self.spanish.is_empty() => self.spanish,
            _ => self.english,
        }
    }
}

impl Said {
    pub fn text(text: &str) -> Self {
        Said { text: clean(text), ..Said::default() }
    }

    pub fn seal(&self, key: &DataKey, ambient: &Ambient) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(self).map_err(|error| Error::Corrupt(error.to_string()))?;
        sealed::seal(key, &plain, ambient)
    }

    pub fn open(key: &DataKey, sealed: &[u8]) -> Result<Self> {
        let plain = sealed::open(key, sealed)?;
        serde_json::from_slice(&plain).map_err(|error| Error::Corrupt(error.to_string()))
    }
}

/// Line ends as one character, nothing around it, and no control characters that would draw nothing or worse.
pub fn clean(typed: &str) -> String {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    let plain = |c: char| if c.is_control() && c != '\n' && c != '\t' { '\u{FFFD}' } else { c };
    text.chars().map(plain).collect::<String>().trim().to_owned()
}

/// The same on one line.
pub fn clean_line(typed: &str) -> String {
    clean(typed).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::keys::MasterKey;

    #[test]
    fn text_keeps_its_lines_and_nothing_that_cannot_be_seen() {
        assert_eq!(clean("  a\r\nb\rc\0\u{1b}[31m\t \n"), "a\nb\nc\u{FFFD}\u{FFFD}[31m");
        assert_eq!(clean_line(" June\r\n 2008 "), "June 2008");
    }

    #[test]
    fn what_our_records_said_is_told_in_the_language_of_whoever_reads() {
        let old: Said = serde_json::from_str(r#"{"text":"a","records":["8 of 10 recovered."]}"#).unwrap();
        Language::Es.within(|| assert_eq!(old.records.clone().told(), ["8 of 10 recovered."]));
        let spanish = vec!["8 de 10 recuperados.".to_owned()];
        let said = Said { records: Recorded { spanish: spanish.clone(), ..old.records }, ..Said::default() };
        let read: Said = serde_json::from_str(&serde_json::to_string(&said).unwrap()).unwrap();
        assert_eq!(read, said);
        assert_eq!(read.records.clone().told(), ["8 of 10 recovered."]);
        Language::Es.within(|| assert_eq!(read.records.told(), spanish));
    }

    #[test]
    fn what_was_said_opens_under_its_key_alone() {
        let (ambient, _) = Ambient::fixed(0, 1);
        let master = MasterKey::from_bytes([1; 32]);
        let (key, other) = (master.new_data_key(&ambient), master.new_data_key(&ambient));
        let said = Said::text("Ann and Bo");
        let sealed = said.seal(&key, &ambient).unwrap();
        assert!(!sealed.windows(3).any(|part| part == b"Ann"));
        assert_eq!(Said::open(&key, &sealed).unwrap(), said);
        assert!(Said::open(&other, &sealed).is_err());
    }
}
