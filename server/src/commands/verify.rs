//! `makegood verify FILE`: is a downloaded archive as it was sent?

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use archive::verify::{Checked, Proof, Report, State, Verdict, Verifier};
use clap::Args;
use serde::Serialize;

use super::{Failure, Json};

/// What is read at once.
const CHUNK: usize = 1 << 20;

#[derive(Debug, Args)]
pub struct Options {
    /// The archive; - for standard input
    file: PathBuf,
    #[command(flatten)]
    json: Json,
}

/// Exit 1 for whatever is not a whole archive of ours, 2 when there is no such file.
pub fn run(options: Options) -> Result<(), Failure> {
    let report = read(&options.file)?;
    let mut out = io::stdout().lock();
    // Somebody who closed our output early wants no more of it.
    let _ = if options.json.json { write_json(&report, &mut out) } else { write_words(&report, &mut out) };
    match report.verdict {
        Verdict::Whole => Ok(()),
        _ => Err(Failure::Said),
    }
}

fn read(path: &Path) -> Result<Report, Failure> {
    let named = |error: io::Error| format!("{}: {error}", path.display());
    let report = if path == Path::new("-") {
        verify(io::stdin().lock())
    } else {
        verify(File::open(path).map_err(|error| Failure::Usage(named(error)))?)
    };
    report.map_err(|error| Failure::Failed(named(error)))
}

fn verify(mut source: impl Read) -> io::Result<Report> {
    let mut verifier = Verifier::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match source.read(&mut chunk) {
            Ok(0) => return Ok(verifier.finish()),
            Ok(read) => verifier.push(&chunk[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The verdict, then what is wrong, then how much is well.
fn write_words(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", report.verdict)?;
    for fault in &report.faults {
        writeln!(out, "{fault}")?;
    }
    for file in report.not_whole() {
        writeln!(out, "{}: {}", file.name, file.state)?;
    }
    match (report.whole(), report.files.len()) {
        (_, 0) => Ok(()),
        (whole, all) if whole == all => writeln!(out, "{all} files, all whole."),
        (whole, all) => writeln!(out, "{all} files, {whole} of them whole."),
    }
}

/// The report for scripts.
#[derive(Serialize)]
struct Findings<'a> {
    verdict: &'static str,
    words: String,
    bytes: u64,
    faults: Vec<String>,
    files: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    path: &'a str,
    bytes: Option<u64>,
    sha256: Option<String>,
    state: &'static str,
    /// What says that it is whole; null for what is not.
    proof: Option<&'static str>,
    words: String,
}

fn write_json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let verdict = match report.verdict {
        Verdict::Whole => "whole",
        Verdict::Damaged => "damaged",
        Verdict::NotOurs(_) => "not-ours",
    };
    let findings = Findings {
        verdict,
        words: report.verdict.to_string(),
        bytes: report.bytes,
        faults: report.faults.iter().map(ToString::to_string).collect(),
        files: report.files.iter().map(finding).collect(),
    };
    serde_json::to_writer(&mut *out, &findings)?;
    writeln!(out)
}

fn finding(file: &Checked) -> Finding<'_> {
    let (state, proof) = match file.state {
        State::Whole(Proof::Sha256) => ("whole", Some("sha256")),
        State::Whole(Proof::Crc32) => ("whole", Some("crc32")),
        State::Damaged(_) => ("damaged", None),
        State::Missing => ("missing", None),
        State::NotChecked => ("not-checked", None),
        State::Unlisted => ("unlisted", None),
    };
    let sha256 = file.sha256.map(hex::encode);
    Finding { path: &file.name, bytes: file.len, sha256, state, proof, words: file.state.to_string() }
}

#[cfg(test)]
mod tests {
    use archive::{Entry, Layout, Piece, SUMS_NAME, Timestamp, sums};

    use super::*;

    /// An archive with one file in it.
    fn archive() -> Vec<u8> {
        let note = Entry::of_bytes("notes/a.txt", b"Hello", Timestamp::EARLIEST);
        let list = sums(std::slice::from_ref(&note));
        let list_entry = Entry::of_bytes(SUMS_NAME, list.as_bytes(), Timestamp::EARLIEST);
        let layout = Layout::new(vec![note, list_entry]).unwrap();
        let contents = [b"Hello", list.as_bytes()];
        let pieces = layout.pieces(0..layout.len()).map(|piece| match piece {
            Piece::Literal(bytes) => bytes,
            Piece::Source { entry, .. } => contents[entry].to_vec(),
        });
        pieces.flatten().collect()
    }

    fn words(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        write_words(&verify(bytes).unwrap(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_whole_archive_takes_two_lines() {
        let expected = "The archive is whole: every file is as it was sent.\n2 files, all whole.\n";
        assert_eq!(words(&archive()), expected);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let mut bytes = archive();
        bytes[41] ^= 1;
        let expected = "The archive is not whole.\n\
            notes/a.txt: damaged: its bytes are not those that were sent\n\
            2 files, 1 of them whole.\n";
        assert_eq!(words(&bytes), expected);
    }

    #[test]
    fn scripts_read_the_same() {
        let mut out = Vec::new();
        write_json(&verify(&archive()[..20]).unwrap(), &mut out).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((&read["verdict"], &read["bytes"]), (&"damaged".into(), &20.into()));
        out.clear();
        write_json(&verify(&archive()[..]).unwrap(), &mut out).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(read["verdict"], "whole");
        assert_eq!(read["files"][0]["path"], "notes/a.txt");
        assert_eq!(read["files"][0]["proof"], "sha256");
        let hello = "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969";
        assert_eq!(read["files"][0]["sha256"], hello);
    }

    #[test]
    fn a_file_that_is_not_there_is_wrong_usage() {
        let error = read(Path::new("/nowhere/archive.zip")).unwrap_err();
        assert!(matches!(error, Failure::Usage(words) if words.starts_with("/nowhere/archive.zip: ")));
    }
}
