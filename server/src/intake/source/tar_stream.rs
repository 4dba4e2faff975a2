//! The bytes of a tar, as it lies on disk or inside gzip.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;

use super::{error::Unread, limits::Limits};

const BUFFER: usize = 128 * 1024;

/// Bytes read forward, of which some are passed over.
pub trait Stream: Read {
    /// Passes over `len` bytes, or says that there are not so many.
    fn pass(&mut self, len: u64) -> Result<(), Unread>;
    /// Packed bytes taken so far; none where nothing is packed.
    fn packed(&self) -> Option<u64>;
}

/// A tar on disk: passing over is seeking.
pub struct Plain {
    input: BufReader<File>,
    at: u64,
    len: u64,
}

impl Plain {
    pub fn open(path: &Path) -> io::Result<Plain> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Plain { input: BufReader::with_capacity(BUFFER, file), at: 0, len })
    }
}

impl Read for Plain {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(out)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Stream for Plain {
    fn pass(&mut self, len: u64) -> Result<(), Unread> {
        let to = self.at.checked_add(len).filter(|to| *to <= self.len).ok_or(Unread::Truncated)?;
        self.input.seek_relative((to - self.at) as i64).map_err(Unread::Io)?;
        self.at = to;
        Ok(())
    }

    fn packed(&self) -> Option<u64> {
        None
    }
}

/// A tar in gzip, of one part or several. Passing over is unpacking, so the
/// limits of the whole are kept here.
pub struct Gzip {
    input: MultiGzDecoder<Counted<BufReader<File>>>,
    limits: Limits,
    unpacked: u64,
}

impl Gzip {
    pub fn open(path: &Path, limits: &Limits) -> io::Result<Gzip> {
        let input = BufReader::with_capacity(BUFFER, File::open(path)?);
        let input = MultiGzDecoder::new(Counted { input, count: 0 });
        Ok(Gzip { input, limits: limits.clone(), unpacked: 0 })
    }

    fn check(&self) -> Result<(), Unread> {
        let Limits { total_bytes, member_bytes, ratio, .. } = self.limits;
        if self.unpacked > total_bytes {
            return Err(Unread::TotalReached { limit: total_bytes });
        }
        // One member may be a bomb, and is a problem; this is for a container
        // that is nothing else.
        let packed = self.input.get_ref().count;
        if self.unpacked > member_bytes && self.limits.is_bomb(self.unpacked, packed) {
            return Err(Unread::Bomb { ratio });
        }
        Ok(())
    }
}

impl Read for Gzip {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        let read = self.input.read(out)?;
        self.unpacked = self.unpacked.saturating_add(read as u64);
        Ok(read)
    }
}

impl Stream for Gzip {
    fn pass(&mut self, len: u64) -> Result<(), Unread> {
        let mut passed = [0; 32 * 1024];
        let mut left = len;
        while left > 0 {
            let most = left.min(passed.len() as u64) as usize;
            match self.read(&mut passed[..most]) {
                Ok(0) => return Err(Unread::Truncated),
                Ok(read) => left -= read as u64,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn packed(&self) -> Option<u64> {
        Some(self.input.get_ref().count)
    }
}

/// Counts what is taken from the input, not what is buffered ahead.
struct Counted<R> {
    input: R,
    count: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(out)?;
        self.count += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count += amount as u64;
        self.input.consume(amount);
    }
}
