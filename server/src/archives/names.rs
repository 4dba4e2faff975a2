//! Paths inside one archive: safe on every system, no two the same to any.

use std::collections::HashMap;

use super::formats::FileNames;

/// Hands out whole paths. A folder keeps its name; a file never takes a folder's.
#[derive(Debug, Default)]
pub struct Paths {
    folders: HashMap<String, FileNames>,
    /// What each folder of the wanted paths is called in the archive.
    renamed: HashMap<String, String>,
}

impl Paths {
    /// A path like `wanted`, `/` between its parts.
    pub fn take(&mut self, wanted: &str) -> String {
        let (folder, file) = wanted.rsplit_once('/').unwrap_or(("", wanted));
        let folder = self.folder(folder);
        let (stem, extension) = match file.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() && is_plain(extension) => (stem, extension),
            _ => (file, ""),
        };
        let name = self.folders.entry(folder.clone()).or_default().unique(stem, extension);
        join(&folder, &name)
    }

    fn folder(&mut self, wanted: &str) -> String {
        if wanted.is_empty() {
            return String::new();
        }
        if let Some(known) = self.renamed.get(wanted) {
            return known.clone();
        }
        let (above, name) = wanted.rsplit_once('/').unwrap_or(("", wanted));
        let above = self.folder(above);
        let name = self.folders.entry(above.clone()).or_default().unique(name, "");
        let path = join(&above, &name);
        self.renamed.insert(wanted.to_owned(), path.clone());
        path
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn is_plain(extension: &str) -> bool {
    (1..=10).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_apart_on_systems_that_ignore_case() {
        let mut paths = Paths::default();
        assert_eq!(paths.take("originals/contacts/A.vcf"), "originals/contacts/A.vcf");
        assert_eq!(paths.take("originals/contacts/a.vcf"), "originals/contacts/a (2).vcf");
        assert_eq!(paths.take("originals/contacts/con/a:b.vcf"), "originals/contacts/_con/a_b.vcf");
        assert_eq!(paths.take("originals/contacts/con/c.vcf"), "originals/contacts/_con/c.vcf");
    }

    #[test]
    fn a_file_never_stands_where_a_folder_is() {
        let mut paths = Paths::default();
        assert_eq!(paths.take("photos/x"), "photos/x");
        assert_eq!(paths.take("photos/x/y.jpg"), "photos/x (2)/y.jpg");
    }
}
