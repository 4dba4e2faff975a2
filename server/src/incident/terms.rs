//! What claiming means, in plain sentences.

use std::fmt::Write;

use app::{say, words::said};
use sha2::{Digest, Sha256};

use super::section::Section;

/// The sentence that no terms may lack, said in the language of the terms.
pub const RIGHTS: &str = app::models::NO_WAIVER;

/// What claiming means: one short list, each point a sentence or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub given_by: String,
    pub worth: String,
    /// Where it can be spent (`where` in the file).
    pub spent_at: String,
    pub arrives: String,
    pub expires: String,
    pub fees: String,
    pub taxes: String,
    pub data_used: String,
    pub contact: String,
    /// Contains [`RIGHTS`] to the letter, in its language, or in English where it is not translated.
    pub rights: String,
}

impl Terms {
    /// Each point with its heading, in the order in which pages show them.
    pub fn lines(&self) -> [(&'static str, &str); 10] {
        [
            (say!("Who gives it"), &self.given_by),
            (say!("What it is worth"), &self.worth),
            (say!("Where it can be spent"), &self.spent_at),
            (say!("When it arrives"), &self.arrives),
            (say!("Whether it expires"), &self.expires),
            (say!("Fees"), &self.fees),
            (say!("Taxes"), &self.taxes),
            (say!("What data is used"), &self.data_used),
            (say!("Whom to ask"), &self.contact),
            (say!("Your rights"), &self.rights),
        ]
    }

    /// The text agreed to, to be stored with a claim: a line for each point, however the file broke it.
    pub fn text(&self) -> String {
        self.lines().iter().fold(String::new(), |mut text, (heading, sentence)| {
            let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{heading}: {sentence}");
            text
        })
    }

    /// Which text it was: the SHA-256 of [`Terms::text`], 64 hexadecimal digits.
    pub fn version(&self) -> String {
        hex::encode(Sha256::digest(self.text()))
    }

    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let (given_by, worth) = (section.required("given_by"), section.required("worth"));
        let (spent_at, arrives) = (section.required("where"), section.required("arrives"));
        let (expires, fees) = (section.required("expires"), section.required("fees"));
        let (taxes, data_used) = (section.required("taxes"), section.required("data_used"));
        let contact = section.required("contact");
        let rights = section.optional("rights").unwrap_or_else(|| format!("{}.", said(RIGHTS)));
        // What a translation lacks is read as it was written.
        if !rights.contains(said(RIGHTS)) && !rights.contains(RIGHTS) {
            section.wrong("rights", format!("must contain {:?}, or be left out", said(RIGHTS)));
        }
        section.finish();
        Some(Terms {
            given_by: given_by?,
            worth: worth?,
            spent_at: spent_at?,
            arrives: arrives?,
            expires: expires?,
            fees: fees?,
            taxes: taxes?,
            data_used: data_used?,
            contact: contact?,
            rights,
        })
    }
}
