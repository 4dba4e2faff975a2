//! Which names may stand in a ZIP that other people unpack.

use alloc::collections::BTreeSet;
use core::fmt;

/// What is wrong with an entry's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    Empty,
    /// More than 65,535 bytes, the longest that ZIP holds.
    TooLong,
    /// Begins with `/` or with a drive letter.
    Absolute,
    /// Contains `\`, which Windows takes for a folder's end.
    Backslash,
    /// Contains a control character.
    ControlCharacter,
    /// Has a part that is `.`, `..` or nothing.
    BadPart,
    /// Another entry has the very same name.
    Duplicate,
    /// Another entry lies under this one, as if it were a folder.
    FileAndFolder,
    /// Ends with `/`, as a folder's does, and has bytes.
    FolderWithBytes,
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NameFault::Empty => "the name is empty",
            NameFault::TooLong => "the name is longer than 65,535 bytes",
            NameFault::Absolute => "the name begins with `/` or a drive letter",
            NameFault::Backslash => "the name contains a backslash",
            NameFault::ControlCharacter => "the name contains a control character",
            NameFault::BadPart => "the name has a part that is empty, `.` or `..`",
            NameFault::Duplicate => "two entries have this name",
            NameFault::FileAndFolder => "the name is both a file and a folder",
            NameFault::FolderWithBytes => "the name is a folder's, but it has bytes",
        })
    }
}

/// The first fault among the names, with the index of the entry that has it.
pub(crate) fn find_fault<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Result<(), (usize, NameFault)> {
    let mut seen = BTreeSet::new();
    for (index, name) in names.clone().enumerate() {
        check(name).map_err(|fault| (index, fault))?;
        if !seen.insert(name) {
            return Err((index, NameFault::Duplicate));
        }
    }
    for name in names.clone() {
        if let Some(file) = folders_of(name).find(|folder| seen.contains(folder)) {
            let index = names.clone().position(|other| other == file).unwrap_or(0);
            return Err((index, NameFault::FileAndFolder));
        }
    }
    Ok(())
}

/// Whether one name may stand in a ZIP, whatever the others are.
pub(crate) fn check(name: &str) -> Result<(), NameFault> {
    let path = name.strip_suffix('/').unwrap_or(name);
    let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    match name {
        "" => Err(NameFault::Empty),
        _ if name.len() > usize::from(u16::MAX) => Err(NameFault::TooLong),
        _ if name.starts_with('/') || drive => Err(NameFault::Absolute),
        _ if name.contains('\\') => Err(NameFault::Backslash),
        _ if name.chars().any(char::is_control) => Err(NameFault::ControlCharacter),
        _ if path.split('/').any(|part| matches!(part, "" | "." | "..")) => Err(NameFault::BadPart),
        _ => Ok(()),
    }
}

fn folders_of(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('/').map(|(at, _)| &name[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(names: &[&str]) -> Option<(usize, NameFault)> {
        find_fault(names.iter().copied()).err()
    }

    #[test]
    fn ordinary_names_in_any_script_are_taken() {
        assert_eq!(fault(&["a", "b/c.txt", "фото/猫.jpg", "b/..c", "xy:z/w"]), None);
    }

    #[test]
    fn names_that_leave_the_folder_are_refused() {
        assert_eq!(fault(&["../x"]), Some((0, NameFault::BadPart)));
        assert_eq!(fault(&["a/../x"]), Some((0, NameFault::BadPart)));
        assert_eq!(fault(&["a//x"]), Some((0, NameFault::BadPart)));
        assert_eq!(fault(&["a//"]), Some((0, NameFault::BadPart)));
        assert_eq!(fault(&["/"]), Some((0, NameFault::Absolute)));
        assert_eq!(fault(&["/x"]), Some((0, NameFault::Absolute)));
        assert_eq!(fault(&["C:x"]), Some((0, NameFault::Absolute)));
        assert_eq!(fault(&["a\\x"]), Some((0, NameFault::Backslash)));
        assert_eq!(fault(&["a\0"]), Some((0, NameFault::ControlCharacter)));
        assert_eq!(fault(&[""]), Some((0, NameFault::Empty)));
        assert_eq!(fault(&[&"x".repeat(65_536)]), Some((0, NameFault::TooLong)));
    }

    #[test]
    fn two_entries_cannot_share_a_place() {
        assert_eq!(fault(&["a", "b", "a"]), Some((2, NameFault::Duplicate)));
        assert_eq!(fault(&["a/b/c", "x", "a/b"]), Some((2, NameFault::FileAndFolder)));
        assert_eq!(fault(&["a/", "x", "a/"]), Some((2, NameFault::Duplicate)));
        assert_eq!(fault(&["a/", "x", "a"]), Some((2, NameFault::FileAndFolder)));
    }

    #[test]
    fn a_folder_may_stand_by_itself_and_hold_files() {
        assert_eq!(fault(&["a/", "a/b/", "a/b/c"]), None);
    }
}
