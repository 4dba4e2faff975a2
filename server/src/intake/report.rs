//! What an import did, in numbers that add up.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{
    feed::Problem,
    file::{Content, Prepared},
    findings::{Fate, Finding, Findings},
};
use crate::accounts::erasure::Refused;

/// More problems than anyone reads are counted, not kept.
const KEPT_PROBLEMS: usize = 100_000;

/// `makegood import --json`. Every file under `data/` is behind `items`,
/// `unchanged` or `quarantined`; `items` are those new in this run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    pub run: String,
    pub files: u64,
    pub items: u64,
    pub unchanged: u64,
    pub quarantined: u64,
    /// Files known already whose stored bytes were absent or damaged, and are whole again.
    #[serde(skip_serializing_if = "is_none")]
    pub mended: u64,
    pub seconds: f64,
    pub by_category: BTreeMap<String, Counts>,
    pub problems: Vec<Problem>,
    #[serde(skip)]
    pub unkept_problems: u64,
    /// Rows of the three tables that were taken in.
    #[serde(skip)]
    pub rows: u64,
    /// Bytes of the files.
    #[serde(skip)]
    pub bytes: u64,
    #[serde(skip)]
    pub unchanged_by_category: BTreeMap<String, u64>,
    #[serde(skip)]
    pub findings: Findings,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// What the database keeps of a run that ended, by itself or for an error.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stored {
    pub files: u64,
    pub items: u64,
    pub unchanged: u64,
    pub quarantined: u64,
    pub mended: u64,
    pub rows: u64,
    pub bytes: u64,
    pub by_category: BTreeMap<String, Counts>,
    pub unchanged_by_category: BTreeMap<String, u64>,
    pub findings: Vec<Finding>,
    /// What kept the run from its end.
    pub failure: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub files: u64,
    pub items: u64,
    pub quarantined: u64,
}

impl Report {
    /// Notes what is not a file's, or not of a file that was taken in.
    pub fn problem(&mut self, problem: Problem) {
        // What else a container holds has a name that says nothing.
        let place = match problem.path.as_str() {
            "subscribers.csv" | "inventory.csv" | "verdicts.csv" => problem.path.clone(),
            path if path.starts_with("data/") => "data".to_owned(),
            _ => "elsewhere".to_owned(),
        };
        self.note(&place, Fate::NotTakenIn, problem);
    }

    fn note(&mut self, place: &str, fate: Fate, problem: Problem) {
        self.findings.add(place, fate, &problem);
        if self.problems.len() < KEPT_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.unkept_problems += 1;
        }
    }

    /// Counts one file, what came of it and what was wrong with it.
    pub fn file(&mut self, file: &Prepared, outcome: FileOutcome) {
        self.count(file.facts.category, outcome);
        self.bytes += file.facts.digest.bytes;
        let category = file.facts.category;
        let note =
            |line, reason: &str| Problem { path: file.facts.origin.clone(), line, reason: reason.to_owned() };
        if outcome == FileOutcome::Refused {
            return self.note(category, Fate::NotTakenIn, note(None, &Refused.to_string()));
        }
        if let Some(reason) = file.reason() {
            self.note(category, Fate::Quarantined, note(None, reason));
        }
        match &file.content {
            Content::Read { problems, .. } => {
                for problem in problems {
                    self.note(category, Fate::PartlyRead, note(problem.line, &problem.reason));
                }
            }
            Content::Known(known) => self.mended += u64::from(known.mended),
            Content::Quarantined { .. } | Content::Refused => {}
        }
    }

    fn count(&mut self, category: &str, outcome: FileOutcome) {
        let counts = match self.by_category.get_mut(category) {
            Some(counts) => counts,
            None => self.by_category.entry(category.to_owned()).or_default(),
        };
        self.files += 1;
        counts.files += 1;
        match outcome {
            FileOutcome::Items(new) => {
                self.items += new;
                counts.items += new;
            }
            FileOutcome::Unchanged | FileOutcome::Refused => {
                self.unchanged += 1;
                *self.unchanged_by_category.entry(category.to_owned()).or_default() += 1;
            }
            FileOutcome::Quarantined => {
                self.quarantined += 1;
                counts.quarantined += 1;
            }
        }
    }

    /// What is kept of the run.
    pub fn stored(&self, failure: Option<String>) -> Stored {
        Stored {
            files: self.files,
            items: self.items,
            unchanged: self.unchanged,
            quarantined: self.quarantined,
            mended: self.mended,
            rows: self.rows,
            bytes: self.bytes,
            by_category: self.by_category.clone(),
            unchanged_by_category: self.unchanged_by_category.clone(),
            findings: self.findings.list(),
            failure,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileOutcome {
    /// Read in this run; so many of its items were not known before.
    Items(u64),
    /// Known from an earlier run, or from another file of this one.
    Unchanged,
    Quarantined,
    /// Whose it was is erased: nothing of it is kept.
    Refused,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Run {}: {} in {:.1} s", self.run, self.summary(), self.seconds)?;
        for (category, counts) in &self.by_category {
            writeln!(
                f,
                "  {category:<12} {:>9} files {:>9} new items {:>7} in quarantine",
                counts.files, counts.items, counts.quarantined
            )?;
        }
        for problem in self.problems.iter().take(SHOWN_PROBLEMS) {
            match problem.line {
                Some(line) => writeln!(f, "  {}:{line}: {}", problem.path, problem.reason)?,
                None => writeln!(f, "  {}: {}", problem.path, problem.reason)?,
            }
        }
        let hidden = self.problems.len().saturating_sub(SHOWN_PROBLEMS) as u64 + self.unkept_problems;
        if hidden > 0 {
            writeln!(f, "  … and {hidden} more; --json lists them")?;
        }
        Ok(())
    }
}

const SHOWN_PROBLEMS: usize = 50;

impl Report {
    /// One line, for progress and for the end.
    pub fn summary(&self) -> String {
        format!(
            "{} rows, {} files, {} new items, {} files unchanged, {} in quarantine, {} problems",
            self.rows,
            self.files,
            self.items,
            self.unchanged,
            self.quarantined,
            self.problems.len() as u64 + self.unkept_problems
        ) + &match self.mended {
            0 => String::new(),
            mended => format!(", {mended} damaged files mended"),
        }
    }
}
