//! A container of recovered data, read as a stream of members.
//!
//! A directory, a `.zip`, a `.tar` or a `.tar.gz`, told apart by their bytes and
//! not by their names; never unpacked to disk, in constant memory whatever the
//! size. What cannot be given as a member is given as a [`Problem`], and the
//! walk goes on; what ends the walk early is a [`SourceError`], after
//! everything that came before it has been given.
//!
//! - The **root** is where `subscribers.csv`, `inventory.csv`, `verdicts.csv`
//!   or `data/` stands: at the top, or in the one top-level folder where the
//!   container's order first shows one of them. What lies outside that folder
//!   is a problem each.
//! - **Names** are relative, with `/`; `./` is taken away; what climbs out,
//!   begins at the file system's root or has backslashes is a problem. Bytes
//!   that are not UTF-8 are percent-escaped and the member says so.
//! - `__MACOSX/` and, outside `data/`, `.DS_Store`, `Thumbs.db`, `desktop.ini`
//!   and `._…` are the traces of desktops and are passed over in silence.
//!   Inside `data/` everything counts: nothing that may be a person's is dropped.
//! - Two members of one name are both given, in order.
//!
//! The code blocks: run it on a blocking thread.

mod detect;
mod directory;
mod error;
mod limits;
mod names;
mod outlet;
mod tar;
mod tar_headers;
mod tar_stream;
#[cfg(test)]
mod tests;
mod zip;
mod zip_member;
mod zip_records;
mod zip_rescue;

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use detect::Kind;
use error::Stop;
pub use error::{SourceError, Unread, WalkError};
pub use limits::Limits;
use names::Root;
use outlet::{Guarded, Outlet};

/// What a walk comes by.
pub enum Event<'a> {
    Member(Member<'a>),
    Problem(Problem),
}

/// Something of the container that was not given as a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Relative to the import's root, with `/`; what could not be a path is escaped.
    pub path: String,
    /// What is wrong, for a person.
    pub reason: String,
}

/// One file of the container. Its bytes are there for the asking, until the
/// visitor returns; one who does not ask pays nothing for a directory or a zip.
pub struct Member<'a> {
    /// Relative to the import's root, with `/`.
    pub path: String,
    /// The name had bytes that are not UTF-8; `path` has them as `%XX`.
    pub name_escaped: bool,
    /// Milliseconds since 1970. A zip without Unix times is taken to be in UTC.
    pub modified_at: Option<i64>,
    /// Bytes, where the container says so beforehand.
    pub size: Option<u64>,
    bytes: Guarded<'a>,
}

impl Member<'_> {
    /// All the bytes, if they are no more than `most`.
    ///
    /// # Errors
    /// In words for a person. Reading to the end also proves the checksum,
    /// where the container has one.
    pub fn read_whole(&mut self, most: u64) -> Result<Vec<u8>, Unread> {
        let too_large = Unread::TooLarge { limit: most };
        if self.size.is_some_and(|size| size > most) {
            return Err(too_large);
        }
        let mut bytes = Vec::with_capacity(self.size.unwrap_or(0).min(1 << 20) as usize);
        self.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(Unread::from)?;
        if bytes.len() as u64 > most { Err(too_large) } else { Ok(bytes) }
    }
}

/// Errors of reading hold an [`Unread`]; `Unread::from` takes it out.
impl Read for Member<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(out)
    }
}

/// A container that has been opened and whose kind and root are known.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    kind: Kind,
    root: Root,
    limits: Limits,
}

impl Source {
    /// Looks at the container's first bytes, and as far as needed for its root.
    pub fn open(path: &Path, limits: Limits) -> Result<Source, SourceError> {
        let kind = detect::kind_of(path)?;
        let mut source = Source { path: path.to_owned(), kind, root: Root::top(), limits };
        source.root = source.find_root();
        Ok(source)
    }

    /// Gives every member and every problem once, in the container's order (a
    /// directory's by name). May be called again for another pass.
    ///
    /// # Errors
    /// The visitor's own, which ends the walk at once; or what kept the rest of
    /// the container from being read.
    pub fn walk<E>(&self, visit: &mut dyn FnMut(Event<'_>) -> Result<(), E>) -> Result<(), WalkError<E>> {
        let mut outlet = Outlet::new(&self.limits, &self.root, visit);
        self.walk_into(&mut outlet).map_err(|stop| {
            let container = self.path.display().to_string();
            WalkError::explain(stop, container, outlet.into_place())
        })
    }

    fn walk_into<E>(&self, outlet: &mut Outlet<'_, E>) -> Result<(), Stop<E>> {
        match self.kind {
            Kind::Directory => directory::walk(&self.path, outlet),
            Kind::Zip => zip::walk(&self.path, outlet),
            Kind::Tar => tar::walk(tar_stream::Plain::open(&self.path)?, outlet),
            Kind::TarGz => tar::walk(tar_stream::Gzip::open(&self.path, &self.limits)?, outlet),
        }
    }

    /// The first member that shows where the root is ends the search. A
    /// container that cannot be read says so when it is walked.
    fn find_root(&self) -> Root {
        if self.kind == Kind::Directory {
            return directory::root(&self.path);
        }
        let found = self.walk(&mut |event| match event {
            Event::Member(member) => names::root_shown_by(&member.path).map_or(Ok(()), Err),
            Event::Problem(_) => Ok(()),
        });
        match found {
            Err(WalkError::Visit(root)) => root,
            _ => Root::top(),
        }
    }
}
