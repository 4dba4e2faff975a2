//! An edition's manifest: every entry, and where its bytes are. All of a ZIP follows from it.

use archive::{Entry, Layout};
use serde::{Deserialize, Serialize};

use super::draft::timestamp;

/// What an edition was frozen as. Stored as a format number and then postcard's encoding; a later
/// version of the software may add formats, and goes on reading this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The edition's id: no two editions share a blob that was written for one of them.
    pub edition: String,
    pub entries: Vec<Listing>,
    /// The blobs that entries point into.
    pub blobs: Vec<Kept>,
}

/// One file of the ZIP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub path: String,
    pub bytes: u64,
    pub crc32: u32,
    pub sha256: [u8; 32],
    pub modified: Civil,
    /// Which of the blobs has its bytes, and where in it they begin.
    pub blob: u32,
    pub offset: u64,
}

/// Year, month, day, hour, minute, second, as the ZIP says them: worked out once, when the edition is made.
pub type Civil = (u16, u8, u8, u8, u8, u8);

/// A blob by name, with how many plain bytes it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub name: String,
    pub bytes: u64,
}

const FORMAT: u8 = 1;

/// Why a stored manifest is none.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error("it is of a format that this version does not know")]
    Format,
    #[error("it cannot be read: {0}")]
    Encoding(#[from] postcard::Error),
    #[error("it makes no ZIP: {0}")]
    Layout(#[from] archive::LayoutError),
    #[error("an entry points beyond its blob")]
    Place,
}

impl Manifest {
    /// The bytes to keep.
    pub fn encode(&self) -> Result<Vec<u8>, ManifestError> {
        Ok(postcard::to_extend(self, vec![FORMAT])?)
    }

    /// Reads what [`encode`](Self::encode) gave.
    pub fn decode(kept: &[u8]) -> Result<Self, ManifestError> {
        match kept.split_first() {
            Some((&FORMAT, rest)) => Ok(postcard::from_bytes(rest)?),
            _ => Err(ManifestError::Format),
        }
    }

    pub fn layout(&self) -> Result<Layout, ManifestError> {
        Ok(Layout::new(self.entries.iter().map(Listing::entry).collect())?)
    }

    /// Whether every entry lies within its blob.
    pub fn is_in_place(&self) -> bool {
        self.entries.iter().all(|entry| {
            let blob = self.blobs.get(entry.blob as usize);
            blob.zip(entry.offset.checked_add(entry.bytes)).is_some_and(|(blob, end)| end <= blob.bytes)
        })
    }
}

impl Listing {
    fn entry(&self) -> Entry {
        Entry::new(self.path.as_str(), self.bytes, self.crc32, timestamp(self.modified))
            .with_sha256(self.sha256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let listing = |path: &str, bytes, offset| Listing {
            path: path.to_owned(),
            bytes,
            crc32: 0x1234_5678,
            sha256: [7; 32],
            modified: (2009, 10, 20, 12, 0, 0),
            blob: 0,
            offset,
        };
        Manifest {
            edition: "01a20bce".to_owned(),
            entries: vec![listing("README.html", 300, 36), listing("notes/Ünï.txt", 0, 336)],
            blobs: vec![Kept { name: "s/b".to_owned(), bytes: 336 }],
        }
    }

    #[test]
    fn a_manifest_comes_back_as_it_was_kept() {
        let kept = manifest().encode().unwrap();
        assert_eq!(Manifest::decode(&kept).unwrap(), manifest());
        assert!(manifest().is_in_place());
        for broken in [&kept[..20], &[2, 0, 0], &[]] {
            assert!(Manifest::decode(broken).is_err());
        }
    }

    /// Editions outlive upgrades: what an earlier version kept must read the same, and give the same ZIP.
    #[test]
    fn a_manifest_that_an_earlier_version_kept_gives_the_same_zip() {
        let layout = manifest().layout().unwrap();
        let pieces = layout.pieces(0..layout.len()).map(|piece| match piece {
            archive::Piece::Literal(bytes) => hex::encode(&bytes),
            source => format!("{source:?}"),
        });
        let kept = hex::encode(manifest().encode().unwrap());
        insta::assert_snapshot!([vec![kept], pieces.collect()].concat().join("\n"));
    }

    #[test]
    fn an_entry_beyond_its_blob_is_found() {
        let mut manifest = manifest();
        manifest.entries[0].bytes = 301;
        assert!(!manifest.is_in_place());
        manifest.entries[0].blob = 9;
        assert!(!manifest.is_in_place());
    }
}
