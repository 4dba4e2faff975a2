//! Generated files on their way into sealed blobs: each is written as it comes, so that none is ever whole in memory.

use sha2::{Digest, Sha256};
use tokio::runtime::Handle;

use crate::{
    portal::Portal,
    store::{
        blobs::BlobError,
        keep::{Spool, Spooled},
        keys::DataKey,
    },
};

/// The generated files of an edition lie one after the other in blobs of about this many bytes, or of one file's.
const PACK: u64 = 4 << 20;

/// Where generated files go. Writes on the thread that calls it: not for one that others wait on.
pub struct Packs {
    portal: Portal,
    runtime: Handle,
    holder: String,
    key: DataKey,
    edition: String,
    open: Option<Spool>,
    done: Vec<Spooled>,
}

/// A file that was written: what a ZIP says of it, in which of the packs it lies, and where.
pub struct Written {
    pub bytes: u64,
    pub crc32: u32,
    pub sha256: [u8; 32],
    pub pack: usize,
    pub offset: u64,
}

impl Packs {
    /// For an edition of `holder`'s, whose data key this is.
    pub fn new(portal: &Portal, holder: &str, key: &DataKey, edition: &str) -> Self {
        Self {
            portal: portal.clone(),
            runtime: Handle::current(),
            holder: holder.to_owned(),
            key: key.clone(),
            edition: edition.to_owned(),
            open: None,
            done: Vec::new(),
        }
    }

    /// Writes a file, piece by piece, behind the others.
    pub fn write(&mut self, pieces: impl IntoIterator<Item = String>) -> Result<Written, BlobError> {
        let mut spool = self.spool()?;
        let (offset, mut crc32, mut sha256) = (spool.length(), crc32fast::Hasher::new(), Sha256::new());
        for piece in pieces {
            crc32.update(piece.as_bytes());
            sha256.update(&piece);
            spool.write(piece.as_bytes())?;
        }
        let bytes = spool.length() - offset;
        self.open = Some(spool);
        let (crc32, sha256) = (crc32.finalize(), sha256.finalize().into());
        Ok(Written { bytes, crc32, sha256, pack: self.done.len(), offset })
    }

    /// The blobs, in their order, to be put in their places.
    pub fn finish(mut self) -> Result<Vec<Spooled>, BlobError> {
        if let Some(last) = self.open.take() {
            self.done.push(last.finish()?);
        }
        Ok(self.done)
    }

    /// The last one, or a new one when it is full. Each begins with the edition's id and its number: no two editions
    /// share one, and no two of an edition are one.
    fn spool(&mut self) -> Result<Spool, BlobError> {
        match self.open.take() {
            Some(spool) if spool.length() < PACK => return Ok(spool),
            Some(full) => self.done.push(full.finish()?),
            None => {}
        }
        let blobs = &self.portal.blobs;
        let mut spool = self.runtime.block_on(blobs.spool(&self.holder, &self.key, &self.portal.ambient))?;
        spool.write(format!("{}{}", self.edition, self.done.len()).as_bytes())?;
        Ok(spool)
    }
}
