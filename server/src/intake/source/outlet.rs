//! Between the containers and the visitor: names, root and limits, in one place.

use std::io::{self, Read};

use super::{
    Event, Member, Problem,
    error::{Stop, Unread},
    limits::Limits,
    names::{self, Root, Standing},
};

/// Bytes that may have been packed.
pub trait Unpack: Read {
    /// How many packed bytes the bytes read so far took; none where nothing is packed.
    fn packed(&self) -> Option<u64> {
        None
    }
}

/// What a container knows of a file before it is read.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub name: &'a [u8],
    pub modified_at: Option<i64>,
    pub size: Option<u64>,
}

type Visitor<'a, E> = dyn FnMut(Event<'_>) -> Result<(), E> + 'a;

pub struct Outlet<'a, E> {
    pub limits: &'a Limits,
    root: &'a Root,
    visit: &'a mut Visitor<'a, E>,
    entries: u64,
    /// Bytes that visitors have read.
    total: u64,
    /// The last entry, for the words of an error.
    place: String,
}

impl<'a, E> Outlet<'a, E> {
    pub fn new(limits: &'a Limits, root: &'a Root, visit: &'a mut Visitor<'a, E>) -> Outlet<'a, E> {
        Outlet { limits, root, visit, entries: 0, total: 0, place: String::new() }
    }

    pub fn into_place(self) -> String {
        self.place
    }

    /// Counts an entry; folders too, or a container of nothing else would not end.
    pub fn count(&mut self, name: &[u8]) -> Result<(), Stop<E>> {
        self.entries += 1;
        self.place = names::shown(name);
        if self.entries > self.limits.entries {
            return Err(Stop::Limit(format!("more than {} entries", self.limits.entries)));
        }
        Ok(())
    }

    /// Gives a file to the visitor, or says why it is none.
    pub fn file(&mut self, facts: Facts<'_>, bytes: &mut dyn Unpack) -> Result<(), Stop<E>> {
        let name = match names::clean(facts.name, self.limits) {
            Ok(name) => name,
            Err(reason) => return self.tell(names::shown(facts.name), reason.into()),
        };
        let path = match self.root.place(&name.path) {
            Standing::Inside(path) => path.to_owned(),
            Standing::Trace => return Ok(()),
            Standing::Outside => return self.tell_outside(name.path),
        };
        let limit = self.limits.member_bytes;
        if facts.size.is_some_and(|size| size > limit) {
            return self.tell(path, Unread::TooLarge { limit }.to_string());
        }
        let bytes = Guarded { bytes, read: 0, total: &mut self.total, limits: self.limits };
        let (modified_at, size) = (facts.modified_at, facts.size);
        let member = Member { path, name_escaped: name.escaped, modified_at, size, bytes };
        (self.visit)(Event::Member(member)).map_err(Stop::Visit)?;
        self.check_total()
    }

    /// Reports an entry that is not a file to be read.
    pub fn problem(&mut self, name: &[u8], reason: impl Into<String>) -> Result<(), Stop<E>> {
        let Ok(name) = names::clean(name, self.limits) else {
            return self.tell(names::shown(name), reason.into());
        };
        match self.root.place(&name.path) {
            Standing::Inside(path) => self.tell(path.to_owned(), reason.into()),
            Standing::Trace => Ok(()),
            Standing::Outside => self.tell(name.path, reason.into()),
        }
    }

    fn tell_outside(&mut self, path: String) -> Result<(), Stop<E>> {
        let root = self.root.as_str();
        let reason =
            format!("the file lies outside {root}/, in which this import stands; import it by itself");
        self.tell(path, reason)
    }

    fn tell(&mut self, path: String, reason: String) -> Result<(), Stop<E>> {
        (self.visit)(Event::Problem(Problem { path, reason })).map_err(Stop::Visit)
    }

    fn check_total(&self) -> Result<(), Stop<E>> {
        let limit = self.limits.total_bytes;
        if self.total > limit { Err(Unread::TotalReached { limit }.into()) } else { Ok(()) }
    }
}

/// A member's bytes under the limits.
pub struct Guarded<'a> {
    bytes: &'a mut dyn Unpack,
    read: u64,
    total: &'a mut u64,
    limits: &'a Limits,
}

impl Guarded<'_> {
    fn check(&self) -> Result<(), Unread> {
        let Limits { member_bytes, ratio, total_bytes, .. } = *self.limits;
        if self.read > member_bytes {
            return Err(Unread::TooLarge { limit: member_bytes });
        }
        if *self.total > total_bytes {
            return Err(Unread::TotalReached { limit: total_bytes });
        }
        match self.bytes.packed() {
            Some(packed) if self.limits.is_bomb(self.read, packed) => Err(Unread::Bomb { ratio }),
            _ => Ok(()),
        }
    }
}

impl Read for Guarded<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        let read = self.bytes.read(out).map_err(Unread::from)?;
        self.read += read as u64;
        *self.total = self.total.saturating_add(read as u64);
        self.check()?;
        Ok(read)
    }
}
