//! Collecting an edition's files, before any of it is kept.

use archive::{Entry, Timestamp};
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::{
    listed::{Listed, State},
    manifest::{Civil, Kept, Listing, Manifest},
    names::Paths,
    store::FileRow,
};
use crate::ambient::Millis;

/// The generated files of an edition lie one after the other in blobs of about this many bytes.
const PACK: usize = 4 << 20;

/// Collects an edition's files in the order in which the ZIP has them.
pub struct Draft {
    at: Millis,
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
    Made(Vec<u8>),
    Kept(String),
}

/// A draft that is done: its manifest, and the blobs to keep for it, by their place in the manifest's list.
pub struct Drawn {
    pub manifest: Manifest,
    pub packs: Vec<(u32, Vec<u8>)>,
}

impl Draft {
    /// `at`: when the edition is made, the time of the files that are made for it.
    pub fn new(at: Millis) -> Self {
        // Its name is its own, and it stands first although it is written last.
        let mut paths = Paths::default();
        paths.take(README);
        Self { at, paths, files: Vec::new(), listed: Vec::new() }
    }

    /// Adds a file that was written for the archive.
    pub fn made(&mut self, path: &str, text: String) {
        let path = self.paths.take(path);
        let file = self.written(path, text);
        self.listed.push(Listed::new(&file.path, file.bytes, &file.sha256, None, State::Made));
        self.files.push(file);
    }

    /// Adds the page that tells of all the others, before them.
    pub fn readme(&mut self, html: String) {
        let file = self.written(README.to_owned(), html);
        self.listed.insert(0, Listed::new(&file.path, file.bytes, &file.sha256, None, State::Made));
        self.files.insert(0, file);
    }

    /// Adds a file that no list names: the lists themselves.
    pub fn unlisted(&mut self, path: &str, text: String) {
        let path = self.paths.take(path);
        let file = self.written(path, text);
        self.files.push(file);
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

    fn written(&self, path: String, text: String) -> File {
        let bytes = text.into_bytes();
        File {
            path,
            bytes: bytes.len() as u64,
            crc32: crc32fast::hash(&bytes),
            sha256: Sha256::digest(&bytes).into(),
            modified: civil(self.at),
            source: Source::Made(bytes),
        }
    }

    /// Gives every file its place in a blob. Each generated blob begins with the edition's id.
    pub fn draw(self, edition: &str) -> Drawn {
        let mut drawn = Drawn {
            manifest: Manifest { edition: edition.to_owned(), entries: Vec::new(), blobs: Vec::new() },
            packs: Vec::new(),
        };
        for file in self.files {
            let (blob, offset) = match file.source {
                Source::Kept(name) => (drawn.blob(name, file.bytes), 0),
                Source::Made(bytes) => drawn.pack(edition, &bytes),
            };
            drawn.manifest.entries.push(Listing {
                path: file.path,
                bytes: file.bytes,
                crc32: file.crc32,
                sha256: file.sha256,
                modified: file.modified,
                blob,
                offset,
            });
        }
        drawn
    }
}

impl Drawn {
    fn blob(&mut self, name: String, bytes: u64) -> u32 {
        self.manifest.blobs.push(Kept { name, bytes });
        self.manifest.blobs.len() as u32 - 1
    }

    /// Puts bytes behind the others, in a new blob when the last is full; where they lie.
    fn pack(&mut self, edition: &str, bytes: &[u8]) -> (u32, u64) {
        if self.packs.last().is_none_or(|(_, pack)| pack.len() >= PACK) {
            let blob = self.blob(String::new(), 0);
            // The second blob of an edition is no other one's either, and not the first again.
            self.packs.push((blob, format!("{edition}{blob}").into_bytes()));
        }
        let Some((blob, pack)) = self.packs.last_mut() else { return (0, 0) };
        let offset = pack.len() as u64;
        pack.extend_from_slice(bytes);
        (*blob, offset)
    }
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
