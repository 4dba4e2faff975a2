//! A zip that was cut short: without the directory at its end, read by the
//! headers before each file, as far as they go.

use std::{
    fs::File,
    io::{BufRead, BufReader},
};

use flate2::{Decompress, FlushDecompress, Status};

use super::{
    error::{Stop, Unread},
    limits::Limits,
    outlet::Outlet,
    zip::{At, bytes_at, give},
    zip_records::{CENTRAL, END, END64, Fixed, LOCAL, LOCAL_LEN, Record, u32_at, u64_at},
};

const DEFLATED: u16 = 8;

/// Always ends in an error, for the zip is not whole.
pub fn walk<E>(file: &File, outlet: &mut Outlet<'_, E>) -> Result<(), Stop<E>> {
    let len = file.metadata()?.len();
    let mut at = 0;
    loop {
        let (mut record, start) = local_record(file, at)?;
        outlet.count(&record.name)?;
        let next = next_after(file, &mut record, start, outlet.limits)?;
        let Some(next) = next.filter(|next| *next <= len) else {
            outlet.problem(&record.name, Unread::Truncated.to_string())?;
            return Err(Stop::Truncated);
        };
        give(file, &record, Some(at), outlet)?;
        at = next;
    }
}

/// The record whose header begins here, and where its bytes begin.
fn local_record(file: &File, at: u64) -> Result<(Record, u64), Unread> {
    let fixed = bytes_at(file, at, LOCAL_LEN as u64)?;
    let known = [LOCAL, CENTRAL, END64, END].iter().any(|known| fixed.starts_with(*known));
    if fixed.len() >= 4 && !known {
        return Err(Unread::Damaged(
            "no file begins where one should, and its list of files is missing".into(),
        ));
    }
    if fixed.len() < LOCAL_LEN || !fixed.starts_with(LOCAL) {
        return Err(Unread::Truncated);
    }
    let header = Fixed::new(&fixed, false);
    let (name_len, extra_len) = (header.name_len(), header.extra_len());
    let rest = bytes_at(file, at + LOCAL_LEN as u64, (name_len + extra_len) as u64)?;
    if rest.len() < name_len + extra_len {
        return Err(Unread::Truncated);
    }
    let start = at + (LOCAL_LEN + rest.len()) as u64;
    Ok((header.record(&rest[..name_len], &rest[name_len..]), start))
}

/// Where the next header begins. Lengths that stand after the bytes are found
/// by unpacking; none where the bytes end before that.
fn next_after(file: &File, record: &mut Record, start: u64, limits: &Limits) -> Result<Option<u64>, Unread> {
    if !record.has_descriptor() || record.packed > 0 {
        return Ok(start.checked_add(record.packed));
    }
    if record.method != DEFLATED || record.is_encrypted() {
        return Err(Unread::Damaged("a file's length is not known without the list of files".into()));
    }
    let Some(measured) = measure(file, start, limits)? else { return Ok(None) };
    let end = start + measured.packed;
    let descriptor = bytes_at(file, end, 24)?;
    let Some(told) = Descriptor::read(&descriptor, &measured) else {
        return if descriptor.len() < 24 {
            Ok(None)
        } else {
            Err(Unread::Damaged("a file's lengths are wrong".into()))
        };
    };
    (record.packed, record.size, record.crc32) = (measured.packed, measured.size, told.crc32);
    Ok(Some(end + told.len))
}

struct Measured {
    packed: u64,
    size: u64,
}

/// Unpacks to nowhere, to find the end.
fn measure(file: &File, start: u64, limits: &Limits) -> Result<Option<Measured>, Unread> {
    let mut input = BufReader::with_capacity(64 * 1024, At::new(file, start));
    let mut inflate = Decompress::new(false);
    let mut out = vec![0; 64 * 1024];
    loop {
        let available = input.fill_buf().map_err(Unread::Io)?;
        if available.is_empty() {
            return Ok(None);
        }
        let (packed, size) = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(available, &mut out, FlushDecompress::None);
        let status = status.map_err(|error| Unread::Damaged(error.to_string()))?;
        input.consume((inflate.total_in() - packed) as usize);
        let stuck = (packed, size) == (inflate.total_in(), inflate.total_out());
        let (packed, size) = (inflate.total_in(), inflate.total_out());
        if status == Status::StreamEnd {
            return Ok(Some(Measured { packed, size }));
        }
        if stuck {
            return Err(Unread::Damaged("its packed bytes lead nowhere".into()));
        }
        if size > limits.member_bytes || limits.is_bomb(size, packed) {
            return Err(Unread::Bomb { ratio: limits.ratio });
        }
    }
}

/// What stands after a file's bytes.
struct Descriptor {
    crc32: u32,
    len: u64,
}

impl Descriptor {
    /// With or without a signature, with lengths of 64 or of 32 bits: whichever
    /// says the lengths that were found.
    fn read(bytes: &[u8], found: &Measured) -> Option<Descriptor> {
        let signature = if bytes.starts_with(b"PK\x07\x08") { 4 } else { 0 };
        let fields = &bytes[signature..];
        let crc32 = u32_at(fields, 0)?;
        let wide = u64_at(fields, 4) == Some(found.packed) && u64_at(fields, 12) == Some(found.size);
        let narrow =
            u32_at(fields, 4) == Some(found.packed as u32) && u32_at(fields, 8) == Some(found.size as u32);
        let len = if wide { 20 } else { 12 };
        (wide || narrow).then_some(Descriptor { crc32, len: signature as u64 + len })
    }
}
