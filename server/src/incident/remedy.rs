//! A benefit on offer, and its terms in plain sentences.

use std::fmt::Write;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Currency, Money, RemedyKind, Slug, section::Section};

/// The sentence that no terms may lack.
pub const RIGHTS: &str = "Claiming does not limit any right you have, in or out of court";

/// A benefit on offer to everyone affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Stands in `/remedies/ID`; unique in the incident.
    pub id: Slug,
    pub kind: RemedyKind,
    pub title: String,
    /// What the operator spends on one grant; above zero.
    pub value: Money,
    pub description: String,
    /// The plan one must have; none for every affected subscriber.
    pub plan: Option<String>,
    /// Who gets it, in words.
    pub who: String,
    /// None: already open.
    pub opens_at: Option<Timestamp>,
    /// None: stays open.
    pub closes_at: Option<Timestamp>,
    pub terms: Terms,
}

impl Remedy {
    /// Whether it can be claimed at this moment.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.opens_at.is_none_or(|opens| opens <= now) && self.closes_at.is_none_or(|closes| now < closes)
    }

    /// Whether a subscriber may claim it: affected by the incident, and on its plan where it has one.
    pub fn admits(&self, affected: bool, plan: &str) -> bool {
        affected && self.plan.as_deref().is_none_or(|wanted| wanted == plan)
    }

    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let (id, kind, title) = (section.required("id"), section.required("kind"), section.required("title"));
        let (minor, currency) = (section.required::<i64>("value"), section.required::<Currency>("currency"));
        if minor.is_some_and(|minor| minor <= 0) {
            section.wrong("value", "must be above zero, in the smallest unit: 2000 for $20");
        }
        let (description, who) = (section.required("description"), section.required("who"));
        let plan = section.optional("plan");
        let (opens_at, closes_at) = (section.optional("opens"), section.optional("closes"));
        if let (Some(opens), Some(closes)) = (opens_at, closes_at)
            && closes <= opens
        {
            section.wrong("closes", "must be later than opens");
        }
        let terms = section.table("terms").and_then(Terms::read);
        section.finish();
        let value = Money { minor: minor?, currency: currency? };
        Some(Remedy {
            id: id?,
            kind: kind?,
            title: title?,
            value,
            description: description?,
            plan,
            who: who?,
            opens_at,
            closes_at,
            terms: terms?,
        })
    }
}

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
    /// Contains [`RIGHTS`] to the letter.
    pub rights: String,
}

impl Terms {
    /// Each point with its heading, in the order in which pages show them.
    pub fn lines(&self) -> [(&'static str, &str); 10] {
        [
            ("Who gives it", &self.given_by),
            ("What it is worth", &self.worth),
            ("Where it can be spent", &self.spent_at),
            ("When it arrives", &self.arrives),
            ("Whether it expires", &self.expires),
            ("Fees", &self.fees),
            ("Taxes", &self.taxes),
            ("What data is used", &self.data_used),
            ("Whom to ask", &self.contact),
            ("Your rights", &self.rights),
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

    fn read(mut section: Section<'_>) -> Option<Self> {
        let (given_by, worth) = (section.required("given_by"), section.required("worth"));
        let (spent_at, arrives) = (section.required("where"), section.required("arrives"));
        let (expires, fees) = (section.required("expires"), section.required("fees"));
        let (taxes, data_used) = (section.required("taxes"), section.required("data_used"));
        let contact = section.required("contact");
        let rights = section.optional("rights").unwrap_or_else(|| format!("{RIGHTS}."));
        if !rights.contains(RIGHTS) {
            section.wrong("rights", format!("must contain {RIGHTS:?}, or be left out"));
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
