//! A zip, by the directory at its end.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use super::{
    error::Stop,
    outlet::{Facts, Outlet},
    zip_member::Packed,
    zip_records::{CENTRAL, CENTRAL_LEN, END, END64, Fixed, LOCAL, Record, u16_at, u32_at, u64_at},
    zip_rescue,
};

const END_LEN: u64 = 22;
const LOCATOR_LEN: u64 = 20;
const END64_LEN: u64 = 56;
/// The end record and the longest comment.
const TAIL: u64 = END_LEN + 0xFFFF;

pub fn walk<E>(path: &Path, outlet: &mut Outlet<'_, E>) -> Result<(), Stop<E>> {
    let file = File::open(path)?;
    match find_directory(&file)? {
        Found::Directory(directory) => walk_directory(&file, &directory, outlet),
        Found::Split => Err(Stop::Damaged("it is one part of a split zip; join the parts first".into())),
        Found::Nothing => zip_rescue::walk(&file, outlet),
    }
}

/// Whether the file ends as a zip does.
pub fn has_directory(file: &File) -> io::Result<bool> {
    Ok(!matches!(find_directory(file)?, Found::Nothing))
}

enum Found {
    Directory(Directory),
    Split,
    Nothing,
}

/// Where the central directory lies.
struct Directory {
    start: u64,
    size: u64,
    entries: u64,
    /// Bytes that stand before the zip: offsets count from there.
    before: u64,
}

fn find_directory(file: &File) -> io::Result<Found> {
    let len = file.metadata()?.len();
    let tail_start = len.saturating_sub(TAIL);
    let tail = bytes_at(file, tail_start, len - tail_start)?;
    let mut other = Found::Nothing;
    for at in (0..tail.len().saturating_sub(END_LEN as usize - 1)).rev() {
        let end = &tail[at..];
        if !end.starts_with(END) || end.len() < END_LEN as usize + usize::from(u16_at(end, 20).unwrap_or(0)) {
            continue;
        }
        if u16_at(end, 4) != Some(0) && u16_at(end, 4) != Some(0xFFFF) {
            other = Found::Split;
        } else if let Some(directory) = directory_by(file, end, tail_start + at as u64)?
            && is_there(file, &directory)?
        {
            return Ok(Found::Directory(directory));
        }
    }
    Ok(other)
}

/// The directory of which this end record, and ZIP64's before it, speak.
fn directory_by(file: &File, end: &[u8], end_at: u64) -> io::Result<Option<Directory>> {
    let mut entries = u64::from(u16_at(end, 10).unwrap_or(0));
    let mut size = u64::from(u32_at(end, 12).unwrap_or(0));
    let mut offset = u64::from(u32_at(end, 16).unwrap_or(0));
    let mut stop = end_at;
    if let Some((at, end64)) = end64_before(file, end_at)? {
        entries = u64_at(&end64, 32).unwrap_or(0);
        size = u64_at(&end64, 40).unwrap_or(0);
        offset = u64_at(&end64, 48).unwrap_or(0);
        stop = at;
    }
    let start = stop.checked_sub(size);
    let before = start.and_then(|start| start.checked_sub(offset));
    Ok(start.zip(before).map(|(start, before)| Directory { start, size, entries, before }))
}

/// ZIP64's end record and where it begins, if its locator stands before the end.
fn end64_before(file: &File, end_at: u64) -> io::Result<Option<(u64, Vec<u8>)>> {
    let Some(locator_at) = end_at.checked_sub(LOCATOR_LEN) else { return Ok(None) };
    let locator = bytes_at(file, locator_at, LOCATOR_LEN)?;
    if !locator.starts_with(b"PK\x06\x07") {
        return Ok(None);
    }
    // Where it says, or right before it if something stands before the zip.
    let told = u64_at(&locator, 8);
    for at in [told, locator_at.checked_sub(END64_LEN)].into_iter().flatten() {
        if at.checked_add(END64_LEN).is_none_or(|end| end > locator_at) {
            continue;
        }
        let end64 = bytes_at(file, at, END64_LEN)?;
        if end64.starts_with(END64) {
            return Ok(Some((at, end64)));
        }
    }
    Ok(None)
}

/// An end record that belongs to a zip inside a zip that was cut short must
/// not be taken for the outer one's.
fn is_there(file: &File, directory: &Directory) -> io::Result<bool> {
    if directory.before > 0 && bytes_at(file, 0, 4)? == LOCAL {
        return Ok(false);
    }
    Ok(directory.size == 0 || bytes_at(file, directory.start, 4)? == CENTRAL)
}

fn walk_directory<E>(file: &File, directory: &Directory, outlet: &mut Outlet<'_, E>) -> Result<(), Stop<E>> {
    let len = file.metadata()?.len();
    let mut input = BufReader::with_capacity(64 * 1024, At::new(file, directory.start).take(directory.size));
    let (mut seen, mut packed) = (0_u64, 0_u64);
    while let Some(record) = next_record(&mut input)? {
        outlet.count(&record.name)?;
        seen += 1;
        packed = packed.saturating_add(record.packed);
        if packed > len {
            return Err(Stop::Damaged("its files overlap, as in a zip bomb".into()));
        }
        give(file, &record, record.offset.checked_add(directory.before), outlet)?;
    }
    // Old writers count no further than 16 bits.
    if seen & 0xFFFF != directory.entries & 0xFFFF {
        let what = format!("it should hold {} entries and lists {seen}", directory.entries);
        return Err(Stop::Damaged(what));
    }
    Ok(())
}

fn next_record<E>(input: &mut impl Read) -> Result<Option<Record>, Stop<E>> {
    let mut fixed = Vec::with_capacity(CENTRAL_LEN);
    input.take(CENTRAL_LEN as u64).read_to_end(&mut fixed)?;
    if fixed.is_empty() {
        return Ok(None);
    }
    if fixed.len() < CENTRAL_LEN || !fixed.starts_with(CENTRAL) {
        return Err(Stop::Damaged("its list of files is broken off".into()));
    }
    let header = Fixed::new(&fixed, true);
    let (name_len, extra_len) = (header.name_len(), header.extra_len());
    let mut rest = vec![0; name_len + extra_len + header.comment_len()];
    input.read_exact(&mut rest).map_err(|_| Stop::Damaged("its list of files is broken off".into()))?;
    let (name, rest) = rest.split_at(name_len);
    Ok(Some(header.record(name, &rest[..extra_len])))
}

/// Gives one file whose local header begins at `offset`, if it is one.
pub fn give<E>(
    file: &File,
    record: &Record,
    offset: Option<u64>,
    outlet: &mut Outlet<'_, E>,
) -> Result<(), Stop<E>> {
    let name = &record.name;
    if name.ends_with(b"/") {
        let holds_bytes = "a folder that has contents of its own, which are not read";
        return if record.size > 0 { outlet.problem(name, holds_bytes) } else { Ok(()) };
    }
    match record.unix_mode & 0o170_000 {
        0 | 0o100_000 => {}
        0o040_000 => return Ok(()),
        0o120_000 => {
            return outlet.problem(name, "a symbolic link is not followed; put the file itself in its place");
        }
        _ => return outlet.problem(name, "neither a file nor a folder, but a device, pipe or socket"),
    }
    if record.is_encrypted() {
        return outlet.problem(name, "the file is encrypted; pack it again without a password");
    }
    let Some(offset) = offset else { return outlet.problem(name, "the file's place in the zip is wrong") };
    let Some(mut packed) = Packed::new(file, record, offset) else {
        let method = record.method;
        let reason =
            format!("packed by method {method}, which is not read; pack it again with ordinary deflate");
        return outlet.problem(name, reason);
    };
    let facts = Facts { name, modified_at: record.modified_at, size: Some(record.size) };
    outlet.file(facts, &mut packed)
}

/// At most `len` bytes from there on; fewer at the file's end.
pub fn bytes_at(file: &File, at: u64, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    At::new(file, at).take(len).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A place in a file that others read too.
pub struct At<'a> {
    file: &'a File,
    at: u64,
}

impl<'a> At<'a> {
    pub fn new(file: &'a File, at: u64) -> At<'a> {
        At { file, at }
    }
}

impl Read for At<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(self.at))?;
        let read = self.file.read(out)?;
        self.at += read as u64;
        Ok(read)
    }
}
