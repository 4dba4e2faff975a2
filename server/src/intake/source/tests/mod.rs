//! Containers to read, and what a walk of them gave.

mod harm;
mod kinds;
mod names;

use std::{
    fs::{self, File},
    io::Write,
    path::PathBuf,
};

use ::tar::{Builder, Header};
use ::zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};
use flate2::{Compression, write::GzEncoder};

use super::*;

const EXPORT: [(&str, &str); 3] = [
    ("subscribers.csv", "account,phone\nana,\n"),
    ("data/ana/notes/a.txt", "Buy milk"),
    ("data/ana/notes/b.txt", "Call Bo"),
];

fn tar_of(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mtime(1_255_000_000);
        header.set_mode(0o644);
        // Set by hand: the builder itself refuses names that climb out.
        if name.len() < 100 && (name.contains("..") || name.starts_with('/') || name.starts_with("./")) {
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            tar.append(&header, text.as_bytes()).unwrap();
        } else {
            tar.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
    }
    tar.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

fn zip_of(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A zip whose lengths stand after the bytes, as streams are packed.
fn streamed_zip_of(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new_stream(Vec::new());
    for (name, text) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A container in a folder that lives as long as it does.
struct Packed {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn packed(bytes: &[u8]) -> Packed {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("container");
    fs::write(&path, bytes).unwrap();
    Packed { _folder: folder, path }
}

fn folder_of(files: &[(&str, &str)]) -> Packed {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    for (name, text) in files {
        let file = path.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    Packed { _folder: folder, path }
}

/// What a walk gave: every path with its text or why it could not be read,
/// every problem, and the end.
#[derive(Debug, Default)]
struct Walked {
    members: Vec<(String, Result<String, String>)>,
    problems: Vec<(String, String)>,
    end: Option<String>,
}

impl Walked {
    fn texts(&self) -> Vec<(&str, &str)> {
        self.members.iter().map(|(path, text)| (path.as_str(), text.as_deref().unwrap_or("?"))).collect()
    }

    fn paths(&self) -> Vec<&str> {
        self.members.iter().map(|(path, _)| path.as_str()).collect()
    }

    fn only_problem(&self) -> (&str, &str) {
        let [(path, reason)] = &self.problems[..] else { panic!("{self:?}") };
        (path, reason)
    }
}

fn walk_with(path: &Path, limits: Limits) -> Walked {
    let mut walked = Walked::default();
    let source = match Source::open(path, limits) {
        Ok(source) => source,
        Err(error) => return Walked { end: Some(error.to_string()), ..walked },
    };
    let end = source.walk::<()>(&mut |event| {
        match event {
            Event::Problem(Problem { path, reason }) => walked.problems.push((path, reason)),
            Event::Member(mut member) => {
                let bytes = member.read_whole(1 << 30).map_err(|unread| unread.to_string());
                let text = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                walked.members.push((member.path, text));
            }
        }
        Ok(())
    });
    walked.end = end.err().map(|error| match error {
        WalkError::Source(error) => error.to_string(),
        WalkError::Visit(()) => unreachable!("this visitor has no errors"),
    });
    walked
}

fn walk(container: &Packed) -> Walked {
    walk_with(&container.path, Limits::default())
}

/// The same files in every kind of container.
fn all_kinds(files: &[(&str, &str)]) -> Vec<Packed> {
    let tar = tar_of(files);
    vec![
        folder_of(files),
        packed(&zip_of(files)),
        packed(&streamed_zip_of(files)),
        packed(&tar),
        packed(&gzip(&tar)),
    ]
}

/// A zip of stored files with these very names, good or bad, twice or once.
fn raw_zip(files: &[(&str, &str)]) -> Vec<u8> {
    let safe: Vec<String> = (0..files.len())
        .map(|n| format!("{n:0>width$}", width = files[n].0.len()))
        .map(|name| name.chars().rev().collect())
        .collect();
    let entries: Vec<_> = files.iter().zip(&safe).map(|((_, text), name)| (name.as_str(), *text)).collect();
    let mut zip = zip_of(&entries);
    for ((name, _), safe) in files.iter().zip(&safe) {
        let mut at = 0;
        while let Some(found) = zip[at..].windows(safe.len()).position(|window| window == safe.as_bytes()) {
            at += found;
            // After a header, not by chance elsewhere.
            let local = at >= 30 && zip[at - 30..].starts_with(b"PK\x03\x04");
            let central = at >= 46 && zip[at - 46..].starts_with(b"PK\x01\x02");
            if local || central {
                zip[at..at + name.len()].copy_from_slice(name.as_bytes());
            }
            at += 1;
        }
    }
    zip
}
