//! The `file` sender: one JSON line for each message in `DATA_DIR/messages.jsonl`.

use std::{
    collections::HashSet,
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::store::Due;
use crate::web::wording;

pub const NAME: &str = "messages.jsonl";
/// How far back a message that may have been written already is looked for.
const LOOK_BACK: u64 = 1024 * 1024;

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: String,
    pub channel: String,
    pub to: String,
    pub template: String,
    pub subject: String,
    pub text: String,
    /// RFC 3339 with milliseconds.
    pub created_at: String,
}

impl Line {
    pub fn of(due: &Due, text: String) -> Self {
        Line {
            id: due.id.clone(),
            channel: due.channel.clone(),
            to: due.recipient.clone(),
            template: due.template.clone(),
            subject: due.subject.clone(),
            text,
            created_at: wording::rfc3339(due.created_at),
        }
    }
}

/// Adds the lines and waits until the disk has them. With `again`, what an earlier attempt
/// already wrote is left out. Processes take turns by a lock on the file.
pub fn append(path: &Path, lines: &[Line], again: bool) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.lock()?;
    cut_torn_line(&mut file)?;
    let known = if again { ids(&mut file)? } else { HashSet::new() };
    let mut text = String::new();
    for line in lines.iter().filter(|line| !known.contains(&line.id)) {
        text.push_str(&serde_json::to_string(line)?);
        text.push('\n');
    }
    file.write_all(text.as_bytes())?;
    file.sync_data()
}

/// The last lines of the file, the newest first, from its last `bytes` bytes. Empty without a file.
/// With `naming` those alone whose line has this text somewhere.
pub fn newest(path: &Path, bytes: u64, naming: &str) -> io::Result<Vec<Line>> {
    match File::open(path) {
        Ok(mut file) => {
            let mut lines = tail(&mut file, bytes, naming)?;
            lines.reverse();
            Ok(lines)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn ids(file: &mut File) -> io::Result<HashSet<String>> {
    Ok(tail(file, LOOK_BACK, "")?.into_iter().map(|line| line.id).collect())
}

fn tail(file: &mut File, bytes: u64, naming: &str) -> io::Result<Vec<Line>> {
    let end = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(end.saturating_sub(bytes)))?;
    let mut text = Vec::new();
    file.take(bytes).read_to_end(&mut text)?;
    // The first line may begin before the part read; it is then no JSON, and left out.
    let lines = text.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    Ok(lines
        .filter(|line| line.contains(naming))
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect())
}

/// A process that died while writing leaves a line without its end: it goes, and is written anew.
fn cut_torn_line(file: &mut File) -> io::Result<()> {
    let end = file.seek(SeekFrom::End(0))?;
    let start = end.saturating_sub(LOOK_BACK);
    file.seek(SeekFrom::Start(start))?;
    let mut text = Vec::new();
    file.take(LOOK_BACK).read_to_end(&mut text)?;
    let kept = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at as u64 + 1);
    if start + kept < end { file.set_len(start + kept) } else { Ok(()) }
}
