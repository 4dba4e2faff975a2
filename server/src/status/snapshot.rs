//! The snapshot, and its file `DATA_DIR/status.json`.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use app::Category;
use serde::{Deserialize, Serialize};

use super::told::Told;
use crate::ambient::Millis;

/// All that the public sees, at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The id of the database that the figures come from.
    pub id: String,
    /// When the figures were last seen to be so.
    pub made_at: Millis,
    /// When a figure last changed.
    pub changed_at: Millis,
    pub incident: Told,
    pub figures: BTreeMap<Category, Tally>,
}

/// One category over everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Distinct items found.
    pub found: i64,
    /// The sum of the numbers that are known; none when none is.
    pub expected: Option<i64>,
    /// How many of `found` go beyond the number that is known of their owner, or belong to people for
    /// whom none is known.
    pub uncounted: i64,
}

impl Tally {
    /// What stands against `expected`: nobody's surplus makes up for what somebody else is missing.
    pub fn counted(self) -> i64 {
        self.found - self.uncounted
    }
}

/// What stands on disk when the process starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnDisk {
    Nothing,
    /// There is a file, but it does not say which database it is of.
    Unreadable,
    Kept(Box<Snapshot>),
}

/// Where the snapshot of a data folder is.
pub fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("status.json")
}

pub fn read(path: &Path) -> OnDisk {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_or(OnDisk::Unreadable, OnDisk::Kept),
        Err(error) if error.kind() == io::ErrorKind::NotFound => OnDisk::Nothing,
        Err(_) => OnDisk::Unreadable,
    }
}

/// Puts the snapshot in place of the one before: whole, or not at all, whatever is cut.
pub fn write(path: &Path, snapshot: &Snapshot) -> io::Result<()> {
    if let OnDisk::Kept(kept) = read(path)
        && kept.id != snapshot.id
    {
        return Err(io::Error::other("the snapshot on disk is of another database and stays"));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let draft = folder.join(format!("status.json.{}", std::process::id()));
    let mut file = File::create(&draft)?;
    file.write_all(&serde_json::to_vec(snapshot)?)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    File::open(folder)?.sync_all()
}
