//! A folder as the containers that an import reads.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Every file below `root`, by its path from there.
fn files(root: &Path) -> Vec<(String, PathBuf)> {
    let (mut found, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), path));
            }
        }
    }
    // The tables first, so that a container cut short still says whose its files are.
    found.sort_by_key(|(name, _)| (name.contains('/'), name.clone()));
    found
}

pub fn zip_of(root: &Path, to: &Path) {
    let mut zip = ZipWriter::new(File::create(to).unwrap());
    for (name, path) in files(root) {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&fs::read(path).unwrap()).unwrap();
    }
    zip.finish().unwrap();
}

pub fn tar_gz_of(root: &Path, to: &Path) {
    let mut tar = tar::Builder::new(GzEncoder::new(File::create(to).unwrap(), Compression::fast()));
    for (name, path) in files(root) {
        tar.append_path_with_name(path, name).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();
}
