//! Every file of an archive, known before its first byte leaves.

use archive::{Entry, Layout, Timestamp};
use bytes::Bytes;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::{manifest::Listed, names::Paths, store::FileRow};
use crate::ambient::Millis;

/// A ZIP that is laid out and waits to be sent.
pub struct Plan {
    pub layout: Layout,
    pub sources: Vec<Source>,
}

/// Where an entry's bytes come from.
#[derive(Clone, Debug)]
pub enum Source {
    Made(Bytes),
    Kept { blob: String, bytes: u64 },
}

/// Collects an archive's files.
pub struct Draft {
    at: Millis,
    paths: Paths,
    entries: Vec<Entry>,
    sources: Vec<Source>,
    pub listed: Vec<Listed>,
}

impl Draft {
    /// `at`: when the archive is made, the time of the files that are made for it.
    pub fn new(at: Millis) -> Self {
        Self { at, paths: Paths::default(), entries: Vec::new(), sources: Vec::new(), listed: Vec::new() }
    }

    /// Adds a file that was written for the archive.
    pub fn made(&mut self, path: &str, text: String) {
        let sha256: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        self.listed.push(Listed::new(path, text.len() as u64, &sha256, None, "made"));
        self.unlisted(path, text);
    }

    /// Adds a file that no list names: the lists themselves.
    pub fn unlisted(&mut self, path: &str, text: String) {
        let path = self.paths.take(path);
        self.entries.push(Entry::of_bytes(path, text.as_bytes(), timestamp(self.at)));
        self.sources.push(Source::Made(text.into()));
    }

    /// Adds a file as it was recovered, and gives its path in the archive. `state` says what it is,
    /// `source` under which path it came.
    pub fn kept(&mut self, wanted: &str, file: &FileRow, source: String, state: &'static str) -> String {
        let path = self.paths.take(wanted);
        let bytes = file.bytes.unsigned_abs();
        self.listed.push(Listed::new(&path, bytes, &file.sha256, Some(source), state));
        let crc32 = u32::try_from(file.crc32).unwrap_or_default();
        let modified = timestamp(file.modified_at.unwrap_or(file.imported_at));
        self.entries.push(Entry::new(path.clone(), bytes, crc32, modified));
        self.sources.push(Source::Kept { blob: file.blob.clone(), bytes });
        path
    }

    pub fn lay_out(self) -> Result<Plan, archive::LayoutError> {
        Ok(Plan { layout: Layout::new(self.entries)?, sources: self.sources })
    }
}

/// DOS time in UTC; what it cannot say becomes its nearest.
fn timestamp(at: Millis) -> Timestamp {
    let Ok(at) = jiff::Timestamp::from_millisecond(at) else { return Timestamp::EARLIEST };
    let civil = at.to_zoned(TimeZone::UTC).datetime();
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    Timestamp::new(
        i32::from(civil.year()),
        part(civil.month()),
        part(civil.day()),
        part(civil.hour()),
        part(civil.minute()),
        part(civil.second()),
    )
    .unwrap_or(Timestamp::EARLIEST)
}
