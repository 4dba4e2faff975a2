//! A tar, entry by entry.

use std::io::{self, Read};

use tar::Header;

use super::{
    error::{Stop, Unread},
    outlet::{Facts, Outlet, Unpack},
    tar_headers::{BLOCK, Overrides, Role, SPARSE, is_end, is_header, role_of},
    tar_stream::Stream,
};

/// Names and extended headers longer than this are not honest.
const LONGEST_ASIDE: u64 = 1 << 20;

/// Walks to the end mark and on: tars that were joined into one file are read
/// one after another.
pub fn walk<E>(mut stream: impl Stream, outlet: &mut Outlet<'_, E>) -> Result<(), Stop<E>> {
    let (mut said, mut ended) = (Overrides::default(), false);
    while let Some(block) = next_block(&mut stream)? {
        if is_end(&block) {
            ended = true;
            continue;
        }
        if !is_header(&block) {
            let what =
                if ended { "what follows its end mark is no tar" } else { "a header's checksum is wrong" };
            return Err(Stop::Damaged(what.into()));
        }
        ended = false;
        walk_entry(&mut stream, Header::from_byte_slice(&block), &mut said, outlet)?;
    }
    if ended { Ok(()) } else { Err(Stop::Truncated) }
}

fn walk_entry<E>(
    stream: &mut impl Stream,
    header: &Header,
    said: &mut Overrides,
    outlet: &mut Outlet<'_, E>,
) -> Result<(), Stop<E>> {
    let size = header.entry_size().map_err(|_| damaged("an entry's size is no number"))?;
    match role_of(header) {
        Role::Pax => said.take_pax(&aside(stream, size)?).map_err(damaged),
        Role::LongName => {
            said.name = aside(stream, size)?.split(|byte| *byte == 0).next().map(<[u8]>::to_vec);
            Ok(())
        }
        // What was said before it is meant for the file after it.
        Role::Aside => Ok(stream.pass(padded(size)?)?),
        role => {
            let said = std::mem::take(said);
            let name = said.name.unwrap_or_else(|| header.path_bytes().into_owned());
            let role = if said.sparse { Role::Refused(SPARSE) } else { role };
            let size = said.size.unwrap_or(size);
            let facts =
                Facts { name: &name, modified_at: said.modified_at.or(written_at(header)), size: Some(size) };
            walk_named(stream, role, facts, size, outlet)
        }
    }
}

/// An entry that has a name of its own.
fn walk_named<E>(
    stream: &mut impl Stream,
    role: Role,
    facts: Facts<'_>,
    size: u64,
    outlet: &mut Outlet<'_, E>,
) -> Result<(), Stop<E>> {
    outlet.count(facts.name)?;
    let mut read = 0;
    match role {
        // The first tars knew folders by their names alone.
        Role::File if size == 0 && facts.name.ends_with(b"/") => {}
        Role::File => read = give(stream, facts, size, outlet)?,
        Role::Refused(reason) => outlet.problem(facts.name, reason)?,
        _ => {}
    }
    Ok(stream.pass(padded(size)? - read)?)
}

fn damaged<E>(what: &str) -> Stop<E> {
    Stop::Damaged(what.to_owned())
}

/// A length with what fills up its last block.
fn padded<E>(size: u64) -> Result<u64, Stop<E>> {
    size.checked_next_multiple_of(BLOCK as u64).ok_or_else(|| damaged("an entry's size is no size"))
}

/// Gives a file to the visitor; how many of its bytes were read.
fn give<E>(
    stream: &mut impl Stream,
    facts: Facts<'_>,
    size: u64,
    outlet: &mut Outlet<'_, E>,
) -> Result<u64, Stop<E>> {
    let began = stream.packed();
    let mut body = Body { stream, left: size, began, broken: None };
    outlet.file(facts, &mut body)?;
    match body.broken {
        Some(unread) => Err(unread.into()),
        None => Ok(size - body.left),
    }
}

fn written_at(header: &Header) -> Option<i64> {
    i64::try_from(header.mtime().ok()?).ok()?.checked_mul(1000)
}

/// The next block; none at the very end.
fn next_block(stream: &mut impl Stream) -> Result<Option<[u8; BLOCK]>, Unread> {
    let mut block = [0; BLOCK];
    let mut filled = 0;
    while filled < BLOCK {
        match stream.read(&mut block[filled..]) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(Unread::Truncated),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(block))
}

/// The text of an entry that speaks of the next one.
fn aside<E>(stream: &mut impl Stream, size: u64) -> Result<Vec<u8>, Stop<E>> {
    if size > LONGEST_ASIDE {
        return Err(Stop::Damaged("a name or an extended header is longer than a mebibyte".into()));
    }
    let mut text = Vec::new();
    stream.by_ref().take(size).read_to_end(&mut text)?;
    if (text.len() as u64) < size {
        return Err(Stop::Truncated);
    }
    stream.pass(padded::<E>(size)? - size)?;
    Ok(text)
}

/// The bytes of one file.
struct Body<'a, S> {
    stream: &'a mut S,
    left: u64,
    /// Packed bytes taken before it began.
    began: Option<u64>,
    /// What went wrong while the visitor read: nothing can be read after it.
    broken: Option<Unread>,
}

impl<S: Stream> Read for Body<'_, S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = self.left.min(out.len() as u64) as usize;
        if most == 0 {
            return Ok(0);
        }
        let unread = match self.stream.read(&mut out[..most]) {
            Ok(0) => Unread::Truncated,
            Ok(read) => {
                self.left -= read as u64;
                return Ok(read);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => Unread::from(error),
        };
        let told = unread.again();
        self.broken = Some(unread);
        Err(told.into())
    }
}

impl<S: Stream> Unpack for Body<'_, S> {
    fn packed(&self) -> Option<u64> {
        Some(self.stream.packed()?.saturating_sub(self.began?))
    }
}
