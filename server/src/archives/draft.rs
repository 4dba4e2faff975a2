//! Collecting an edition's files, before any of it is kept.

use archive::{Entry, Timestamp};
use jiff::tz::TimeZone;

use super::{
    listed::{Listed, State},
    manifest::{Civil, Kept, Listing, Manifest},
    names::Paths,
    packs::{Packs, Written},
    store::FileRow,
};
use crate::{
    ambient::Millis,
    store::{blobs::BlobError, keep::Spooled},
};

/// Collects an edition's files in the order in which the ZIP has them.
pub struct Draft {
    at: Millis,
    packs: Packs,
    paths: Paths,
    files: Vec<File>,
    listed: Vec<Listed>,
}

struct File {
    path: String,
    bytes: u64,
    crc32: u32,
    sha256: [u8; 32],
    modified: Civil,
    source: Source,
}

/// Where a file's bytes come from.
enum Source {
    /// In this pack, from here on.
    Made(usize, u64),
    Kept(String),
}

/// A draft that is done: its manifest, and the blobs to keep for it.
pub struct Drawn {
    pub manifest: Manifest,
    pub packs: Vec<Spooled>,
}

impl Draft {
    /// `at`: when the edition is made, the time of the files that are made for it.
    pub fn new(at: Millis, packs: Packs) -> Self {
        // Its name is its own, and it stands first although it is written last.
        let mut paths = Paths::default();
        paths.take(README);
        Self { at, packs, paths, files: Vec::new(), listed: Vec::new() }
    }

    /// Adds a file that is written for the archive, piece by piece.
    pub fn made(&mut self, path: &str, pieces: impl IntoIterator<Item = String>) -> Result<(), BlobError> {
        let path = self.paths.take(path);
        let file = self.written(path, pieces)?;
        self.listed.push(Listed::new(&file.path, file.bytes, &file.sha256, None, State::Made));
        self.files.push(file);
        Ok(())
    }

    /// Adds the page that tells of all the others, before them.
    pub fn readme(&mut self, html: String) -> Result<(), BlobError> {
        let file = self.written(README.to_owned(), [html])?;
        self.listed.insert(0, Listed::new(&file.path, file.bytes, &file.sha256, None, State::Made));
        self.files.insert(0, file);
        Ok(())
    }

    /// Adds a file that no list names: the lists themselves.
    pub fn unlisted(&mut self, path: &str, text: String) -> Result<(), BlobError> {
        let path = self.paths.take(path);
        let file = self.written(path, [text])?;
        self.files.push(file);
        Ok(())
    }

    /// Adds a file as it was recovered, and gives its path in the archive. `state` says what it is,
    /// `source` under which path it came. One that is damaged is named and left out.
    pub fn kept(&mut self, wanted: &str, file: &FileRow, source: String, state: State) -> String {
        let path = self.paths.take(wanted);
        let bytes = file.bytes.unsigned_abs();
        let listed = |state| Listed::new(&path, bytes, &file.sha256, Some(source), state);
        if let Some(damage) = file.damage() {
            self.listed.push(listed(State::Damaged).because(Some(damage.to_owned())));
            return path;
        }
        self.listed.push(listed(state).because(file.reason.clone()));
        self.files.push(File {
            path: path.clone(),
            bytes,
            crc32: u32::try_from(file.crc32).unwrap_or_default(),
            sha256: file.sha256.as_slice().try_into().unwrap_or_default(),
            modified: civil(file.modified_at.unwrap_or(file.imported_at)),
            source: Source::Kept(file.blob.clone()),
        });
        path
    }

    /// What the lists name so far.
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// The list that `sha256sum -c` reads, of every file so far.
    pub fn sums(&self) -> String {
        let entry = |file: &File| {
            Entry::new(file.path.as_str(), file.bytes, file.crc32, timestamp(file.modified))
                .with_sha256(file.sha256)
        };
        archive::sums(&self.files.iter().map(entry).collect::<Vec<_>>())
    }

    fn written(&mut self, path: String, pieces: impl IntoIterator<Item = String>) -> Result<File, BlobError> {
        let Written { bytes, crc32, sha256, pack, offset } = self.packs.write(pieces)?;
        Ok(File { path, bytes, crc32, sha256, modified: civil(self.at), source: Source::Made(pack, offset) })
    }

    /// Gives every file its place in a blob.
    pub fn draw(self, edition: &str) -> Result<Drawn, BlobError> {
        let packs = self.packs.finish()?;
        let mut blobs: Vec<Kept> = packs.iter().map(kept).collect();
        let entry = |file: File| {
            let (blob, offset) = match file.source {
                Source::Made(pack, offset) => (pack, offset),
                Source::Kept(name) => {
                    blobs.push(Kept { name, bytes: file.bytes });
                    (blobs.len() - 1, 0)
                }
            };
            let File { path, bytes, crc32, sha256, modified, .. } = file;
            Listing { path, bytes, crc32, sha256, modified, blob: blob as u32, offset }
        };
        let entries = self.files.into_iter().map(entry).collect();
        Ok(Drawn { manifest: Manifest { edition: edition.to_owned(), entries, blobs }, packs })
    }
}

fn kept(pack: &Spooled) -> Kept {
    Kept { name: pack.name().to_owned(), bytes: pack.length() }
}

const README: &str = "README.html";

/// Civil time in UTC; what a ZIP cannot say becomes its nearest.
fn civil(at: Millis) -> Civil {
    const EARLIEST: Civil = (1980, 1, 1, 0, 0, 0);
    const LATEST: Civil = (2107, 12, 31, 23, 59, 58);
    let Ok(at) = jiff::Timestamp::from_millisecond(at) else { return EARLIEST };
    let at = at.to_zoned(TimeZone::UTC).datetime();
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    let time = (part(at.hour()), part(at.minute()), part(at.second()));
    let day = (part(at.month()), part(at.day()));
    match u16::try_from(at.year()) {
        Ok(year @ 1980..=2107) => (year, day.0, day.1, time.0, time.1, time.2),
        Ok(2108..) => LATEST,
        _ => EARLIEST,
    }
}

/// For a layout: the same moment as the archive crate has it.
pub fn timestamp((year, month, day, hour, minute, second): Civil) -> Timestamp {
    Timestamp::new(i32::from(year), month, day, hour, minute, second).unwrap_or(Timestamp::EARLIEST)
}
