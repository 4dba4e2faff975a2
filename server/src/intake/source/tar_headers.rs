//! Tar's headers: fields by the `tar` crate, and what PAX says over them.
//!
//! Its own iteration is not used, because it holds names of any length in
//! memory and takes a tar without an end for a whole one.

use tar::{EntryType, Header};

pub const BLOCK: usize = 512;
pub const SPARSE: &str = "a sparse file; pack it again without --sparse";

/// Whether a tar can begin so: a header whose checksum is right, or its end.
pub fn begins_tar(head: &[u8]) -> bool {
    head.len() == BLOCK && (is_end(head) || is_header(head))
}

pub fn is_end(block: &[u8]) -> bool {
    block.iter().all(|byte| *byte == 0)
}

/// The sum of the bytes, those of the sum itself taken as spaces.
pub fn is_header(block: &[u8]) -> bool {
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    let told = Header::from_byte_slice(block).cksum();
    told.is_ok_and(|told| told == sum(&block[..148]) + 8 * u32::from(b' ') + sum(&block[156..]))
}

/// What an entry is to an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    File,
    Folder,
    /// The next entry's name.
    LongName,
    /// The next entry's fields.
    Pax,
    /// Says nothing of a file.
    Aside,
    /// Not given, and why.
    Refused(&'static str),
}

pub fn role_of(header: &Header) -> Role {
    match header.entry_type() {
        EntryType::Regular | EntryType::Continuous => Role::File,
        EntryType::Directory => Role::Folder,
        EntryType::GNULongName => Role::LongName,
        EntryType::XHeader => Role::Pax,
        EntryType::GNULongLink | EntryType::XGlobalHeader => Role::Aside,
        EntryType::Link => Role::Refused(
            "a hard link to another file of the container; pack it again with --hard-dereference",
        ),
        EntryType::Symlink => {
            Role::Refused("a symbolic link is not followed; put the file itself in its place")
        }
        EntryType::Char | EntryType::Block | EntryType::Fifo => {
            Role::Refused("neither a file nor a folder, but a device or pipe")
        }
        EntryType::GNUSparse => Role::Refused(SPARSE),
        other => match other.as_byte() {
            b'X' => Role::Pax,
            b'V' => Role::Aside,
            b'D' => Role::Folder,
            b'M' => Role::Refused("the rest of a file from another volume; join the volumes first"),
            _ => Role::Refused("an entry of a kind that is not known"),
        },
    }
}

/// What stood before an entry and speaks of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    pub name: Option<Vec<u8>>,
    pub size: Option<u64>,
    pub modified_at: Option<i64>,
    pub sparse: bool,
}

impl Overrides {
    /// Takes in records of PAX (POSIX.1-2001): `LENGTH KEY=VALUE\n`.
    pub fn take_pax(&mut self, mut records: &[u8]) -> Result<(), &'static str> {
        const BAD: &str = "an extended header (PAX) is damaged";
        while !records.is_empty() {
            let space = records.iter().take(21).position(|byte| *byte == b' ').ok_or(BAD)?;
            let length = number::<usize>(&records[..space]).ok_or(BAD)?;
            let record = records.get(space + 1..length).and_then(|record| record.strip_suffix(b"\n"));
            let record = record.ok_or(BAD)?;
            let equals = record.iter().position(|byte| *byte == b'=').ok_or(BAD)?;
            self.take_value(&record[..equals], &record[equals + 1..]).ok_or(BAD)?;
            records = &records[length..];
        }
        Ok(())
    }

    fn take_value(&mut self, key: &[u8], value: &[u8]) -> Option<()> {
        match key {
            b"path" => self.name = Some(value.to_vec()),
            b"size" => self.size = Some(number(value)?),
            b"mtime" => self.modified_at = milliseconds(value),
            _ => self.sparse |= key.starts_with(b"GNU.sparse."),
        }
        Some(())
    }
}

fn number<N: std::str::FromStr>(text: &[u8]) -> Option<N> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Seconds with a fraction, as milliseconds.
fn milliseconds(text: &[u8]) -> Option<i64> {
    let seconds: f64 = number(text)?;
    let ms = (seconds * 1000.0).floor();
    (ms.abs() < 9e15).then_some(ms as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pax_says_name_size_and_time() {
        let mut said = Overrides::default();
        let records = b"18 path=data/a\nb\xFF\n11 size=42\n20 mtime=1255.75000\n12 uid=1000\n";
        said.take_pax(records).unwrap();
        assert_eq!(said.name.as_deref(), Some(&b"data/a\nb\xFF"[..]));
        assert_eq!((said.size, said.modified_at, said.sparse), (Some(42), Some(1_255_750), false));
    }

    #[test]
    fn broken_pax_is_told_and_never_panics() {
        for bad in
            ["x", "5 a=b", "3 a", "99999999999999999999999 a=b\n", "0 a=b\n", "1 \n", "2 \n", "6 size\n"]
        {
            assert!(Overrides::default().take_pax(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }
}
