//! What kind of container it is, by its bytes.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use flate2::read::MultiGzDecoder;

use super::{error::SourceError, tar_headers, zip};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Directory,
    Zip,
    Tar,
    TarGz,
}

/// First bytes of what people pack with and this does not read.
const OTHERS: [(&[u8], &str); 6] = [
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"Rar!", "RAR"),
    (b"\xFD7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"\x1F\x9D", "compress"),
];

pub fn kind_of(path: &Path) -> Result<Kind, SourceError> {
    let container = path.display().to_string();
    let look = || {
        let facts = path.metadata()?;
        if facts.is_dir() {
            return Ok(Ok(Kind::Directory));
        }
        if !facts.is_file() {
            return Ok(Err("it is neither a file nor a folder".to_owned()));
        }
        kind_of_file(File::open(path)?)
    };
    match look() {
        Ok(Ok(kind)) => Ok(kind),
        Ok(Err(what)) => Err(SourceError::NotAContainer { container, what }),
        Err(error) => Err(SourceError::Open { container, error }),
    }
}

/// The kind, or what the file is instead.
fn kind_of_file(mut file: File) -> io::Result<Result<Kind, String>> {
    let head = first_block(&mut file)?;
    if head.is_empty() {
        return Ok(Err("it is empty".into()));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Ok(Kind::Zip));
    }
    if head.starts_with(b"\x1F\x8B") {
        return kind_in_gzip(file);
    }
    if tar_headers::begins_tar(&head) {
        return Ok(Ok(Kind::Tar));
    }
    if let Some((_, name)) = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Ok(Err(format!(
            "it is packed with {name}; unpack it and import the folder, or pack it as tar.gz"
        )));
    }
    // A program may stand before a zip that unpacks itself.
    if zip::has_directory(&file)? {
        return Ok(Ok(Kind::Zip));
    }
    Ok(Err("its first bytes are none of theirs".into()))
}

fn kind_in_gzip(file: File) -> io::Result<Result<Kind, String>> {
    io::Seek::rewind(&mut &file)?;
    // What cannot be unpacked says so when it is walked.
    match first_block(&mut MultiGzDecoder::new(file)) {
        Ok(head) if head.len() == 512 && !tar_headers::begins_tar(&head) => {
            Ok(Err("it is gzip, but what is in it is no tar".into()))
        }
        _ => Ok(Ok(Kind::TarGz)),
    }
}

fn first_block(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(512);
    input.take(512).read_to_end(&mut head)?;
    Ok(head)
}
