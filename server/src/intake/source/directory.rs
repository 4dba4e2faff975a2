//! A folder on disk, walked by name.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fs::{self, File, Metadata},
    io::{self, Read},
    path::Path,
    time::UNIX_EPOCH,
};

use super::{
    error::Stop,
    names::{self, Root},
    outlet::{Facts, Outlet, Unpack},
};

/// How many names of one folder are held at a time. A larger folder is listed
/// more than once, so that a million accounts take no more memory than this.
const NAMES_AT_ONCE: usize = 65_536;

/// Where the import stands: here, or in the first folder that looks like one.
pub fn root(path: &Path) -> Root {
    if has_landmark(path) {
        return Root::top();
    }
    let mut folders: Vec<OsString> = entries(path)
        .filter(|(name, is_folder)| *is_folder && name != "__MACOSX" && has_landmark(&path.join(name)))
        .map(|(name, _)| name)
        .collect();
    folders.sort();
    match folders.first().and_then(|name| name.to_str()) {
        Some(name) => Root::folder(name),
        None => Root::top(),
    }
}

fn has_landmark(folder: &Path) -> bool {
    entries(folder)
        .any(|(name, is_folder)| name.to_str().is_some_and(|name| names::is_landmark(name, is_folder)))
}

fn entries(folder: &Path) -> impl Iterator<Item = (OsString, bool)> {
    let listed = fs::read_dir(folder).into_iter().flatten().flatten();
    listed.map(|entry| (entry.file_name(), entry.file_type().is_ok_and(|kind| kind.is_dir())))
}

pub fn walk<E>(path: &Path, outlet: &mut Outlet<'_, E>) -> Result<(), Stop<E>> {
    // The top alone is an error: nothing at all can be read then.
    fs::read_dir(path)?;
    walk_folder(path, b"", 0, outlet)
}

fn walk_folder<E>(
    path: &Path,
    inside: &[u8],
    depth: usize,
    outlet: &mut Outlet<'_, E>,
) -> Result<(), Stop<E>> {
    let mut after = None;
    loop {
        let names = match names_after(path, after.as_deref(), NAMES_AT_ONCE) {
            Ok(names) => names,
            Err(error) => return outlet.problem(inside, format!("the folder cannot be read: {error}")),
        };
        for name in &names {
            let here = [inside, if inside.is_empty() { b"" } else { b"/" }, name.as_encoded_bytes()].concat();
            outlet.count(&here)?;
            walk_entry(&path.join(name), &here, depth, outlet)?;
        }
        if names.len() < NAMES_AT_ONCE {
            return Ok(());
        }
        after = names.into_iter().next_back();
    }
}

fn walk_entry<E>(
    path: &Path,
    inside: &[u8],
    depth: usize,
    outlet: &mut Outlet<'_, E>,
) -> Result<(), Stop<E>> {
    // Not `metadata`: a symbolic link is never followed.
    let facts = match fs::symlink_metadata(path) {
        Ok(facts) => facts,
        Err(error) => return outlet.problem(inside, format!("the file cannot be looked at: {error}")),
    };
    if facts.is_dir() && depth >= outlet.limits.depth {
        outlet.problem(inside, "the folder lies too deep; what is in it is not read")
    } else if facts.is_dir() {
        walk_folder(path, inside, depth + 1, outlet)
    } else if facts.is_file() {
        let known = Facts { name: inside, modified_at: modified_at(&facts), size: Some(facts.len()) };
        outlet.file(known, &mut OnDisk::Closed(path))
    } else if facts.is_symlink() {
        outlet.problem(inside, "a symbolic link is not followed; put the file itself in its place")
    } else {
        outlet.problem(inside, "neither a file nor a folder, but a device, pipe or socket")
    }
}

/// The first names of a folder by order of their bytes, after the one given.
fn names_after(folder: &Path, after: Option<&OsStr>, most: usize) -> io::Result<BTreeSet<OsString>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if after.is_some_and(|after| name.as_os_str() <= after) {
            continue;
        }
        names.insert(name);
        if names.len() > most {
            names.pop_last();
        }
    }
    Ok(names)
}

fn modified_at(facts: &Metadata) -> Option<i64> {
    let modified = facts.modified().ok()?;
    match modified.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).ok(),
        Err(before) => i64::try_from(before.duration().as_millis()).ok().map(|ms| -ms),
    }
}

/// A file that is opened when its first byte is asked for.
enum OnDisk<'a> {
    Closed(&'a Path),
    Open(File),
}

impl Read for OnDisk<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let OnDisk::Closed(path) = self {
            *self = OnDisk::Open(File::open(path)?);
        }
        match self {
            OnDisk::Open(file) => file.read(out),
            OnDisk::Closed(_) => Ok(0),
        }
    }
}

impl Unpack for OnDisk<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_folder_is_listed_in_turns_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["d", "a", "c", "e", "b"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let (mut all, mut after) = (Vec::new(), None::<OsString>);
        loop {
            let names = names_after(folder.path(), after.as_deref(), 2).unwrap();
            let Some(last) = names.last() else { break };
            after = Some(last.clone());
            all.extend(names);
        }
        assert_eq!(all, ["a", "b", "c", "d", "e"]);
    }
}
