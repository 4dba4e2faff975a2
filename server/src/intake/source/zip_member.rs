//! The bytes of one file of a zip, unpacked and proved.

use std::{
    fs::File,
    io::{self, BufReader, Read, Take},
};

use flate2::bufread::DeflateDecoder;

use super::{
    error::Unread,
    outlet::Unpack,
    zip::{At, bytes_at},
    zip_records::{Fixed, LOCAL, LOCAL_LEN, Record},
};

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// A file that is looked up when its first byte is asked for.
pub struct Packed<'a> {
    file: &'a File,
    record: &'a Record,
    offset: u64,
    body: Option<Body<'a>>,
    crc: crc32fast::Hasher,
    read: u64,
}

enum Body<'a> {
    Stored(Take<At<'a>>),
    Deflated(Box<DeflateDecoder<BufReader<Take<At<'a>>>>>),
}

impl<'a> Packed<'a> {
    /// None where the method is not known. `offset` is the local header's in the file.
    pub fn new(file: &'a File, record: &'a Record, offset: u64) -> Option<Packed<'a>> {
        matches!(record.method, STORED | DEFLATED).then(|| Packed {
            file,
            record,
            offset,
            body: None,
            crc: crc32fast::Hasher::new(),
            read: 0,
        })
    }

    fn open(&mut self) -> Result<(), Unread> {
        let fixed = bytes_at(self.file, self.offset, LOCAL_LEN as u64).map_err(Unread::Io)?;
        if fixed.len() < LOCAL_LEN || !fixed.starts_with(LOCAL) {
            return Err(Unread::Damaged("it is not where the zip's list of files says".into()));
        }
        let header = Fixed::new(&fixed, false);
        let start = self.offset + (LOCAL_LEN + header.name_len() + header.extra_len()) as u64;
        let packed = At::new(self.file, start).take(self.record.packed);
        self.body = Some(match self.record.method {
            STORED => Body::Stored(packed),
            _ => Body::Deflated(Box::new(DeflateDecoder::new(BufReader::with_capacity(32 * 1024, packed)))),
        });
        Ok(())
    }

    /// Called when no more bytes come: there must have been all, and the right ones.
    fn check(&self) -> Result<(), Unread> {
        let left = match &self.body {
            Some(Body::Stored(packed)) => packed.limit(),
            Some(Body::Deflated(packed)) => packed.get_ref().get_ref().limit(),
            None => 0,
        };
        match self.read == self.record.size {
            true if self.crc.clone().finalize() == self.record.crc32 => Ok(()),
            true => Err(Unread::Damaged("its checksum does not match".into())),
            // The zip itself ended before all of its packed bytes.
            false if left > 0 => Err(Unread::Truncated),
            false => Err(Unread::Damaged(format!(
                "it unpacks to {} bytes instead of {}",
                self.read, self.record.size
            ))),
        }
    }
}

impl Read for Packed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        if self.body.is_none() {
            self.open()?;
        }
        let read = match &mut self.body {
            Some(Body::Stored(packed)) => packed.read(out)?,
            Some(Body::Deflated(packed)) => packed.read(out)?,
            None => 0,
        };
        self.read += read as u64;
        self.crc.update(&out[..read]);
        if read == 0 {
            self.check()?;
        } else if self.read > self.record.size {
            return Err(Unread::Damaged("it unpacks to more than the zip says".into()).into());
        }
        Ok(read)
    }
}

impl Unpack for Packed<'_> {
    fn packed(&self) -> Option<u64> {
        match &self.body {
            Some(Body::Deflated(packed)) => Some(packed.total_in()),
            _ => None,
        }
    }
}
