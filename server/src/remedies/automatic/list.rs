//! Who would get a remedy and why the others would not, one line each, for whoever checks it before the approval.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use super::{Reason, dry_run::ENTITLED};
use crate::archives::formats::harmless;

/// A CSV of `account,reason`, written while the people are looked at. Unless it comes to its end it is taken away again:
/// half a list would be taken for a whole one, and the file is in the way of the next.
pub struct List {
    path: PathBuf,
    rows: csv::Writer<File>,
    kept: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("{0} is there already: name another file, or move it away")]
    Exists(PathBuf),
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
}

impl List {
    /// Accounts are in it: nobody else on the machine may read it.
    pub fn create(path: &Path) -> Result<Self, ListError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => ListError::Exists(path.into()),
            _ => ListError::File(path.into(), error),
        })?;
        let mut list = List { path: path.into(), rows: csv::Writer::from_writer(file), kept: false };
        list.row("account", "reason")?;
        Ok(list)
    }

    pub(super) fn add(&mut self, account: &str, refused: Option<Reason>) -> Result<(), ListError> {
        self.row(&harmless(account.to_owned()), refused.map_or(ENTITLED, Reason::slug))
    }

    fn row(&mut self, account: &str, reason: &str) -> Result<(), ListError> {
        self.rows.write_record([account, reason]).map_err(|error| self.failed(error.into()))
    }

    /// All of it is on the disk.
    pub(super) fn end(&mut self) -> Result<(), ListError> {
        self.rows.flush().and_then(|()| self.rows.get_ref().sync_all()).map_err(|error| self.failed(error))
    }

    pub(super) fn keep(mut self) {
        self.kept = true;
    }

    fn failed(&self, error: io::Error) -> ListError {
        ListError::File(self.path.clone(), error)
    }
}

impl Drop for List {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_account_runs_in_a_spreadsheet() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("who.csv");
        let mut list = List::create(&path).unwrap();
        list.add("=HYPERLINK(\"x\")", Some(Reason::OtherPlan)).unwrap();
        list.add("a,1", None).unwrap();
        list.end().unwrap();
        list.keep();
        let told = "account,reason\n\"'=HYPERLINK(\"\"x\"\")\",other-plan\n\"a,1\",entitled\n";
        assert_eq!(std::fs::read_to_string(&path).unwrap(), told);
    }

    #[test]
    fn nobody_elses_file_is_written_over_or_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("who.csv");
        std::fs::write(&path, "mine").unwrap();
        let refused = List::create(&path).err().unwrap();
        assert!(
            refused.to_string().ends_with("who.csv is there already: name another file, or move it away")
        );
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
        let nowhere = List::create(&folder.path().join("none/who.csv")).err().unwrap();
        assert!(matches!(nowhere, ListError::File(..)));
    }

    #[test]
    fn one_that_did_not_come_to_its_end_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("who.csv");
        let mut list = List::create(&path).unwrap();
        list.add("a-1", None).unwrap();
        drop(list);
        assert!(!path.exists());
    }
}
