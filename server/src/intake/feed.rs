//! The container's members, from the thread that reads to the task that stores.

use std::path::{Path, PathBuf};

use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{
    source::{Event, Limits, Member, Source, SourceError, WalkError},
    tables::{InventoryRow, Numbered, Rows, SubscriberRow, Table, VerdictRow},
};

/// The largest file under `data/` that is taken in.
pub const LARGEST_FILE: u64 = 512 << 20;
/// Rows that travel together.
const ROWS: usize = 2_000;
/// What waits between the two sides: members, or handfuls of rows.
const WAITING: usize = 8;

/// What the reading side hands over.
pub enum Fed {
    Subscribers(Vec<Numbered<SubscriberRow>>),
    Inventory(Vec<Numbered<InventoryRow>>),
    Verdicts(Vec<Numbered<VerdictRow>>),
    File(Loaded),
    Problem(Problem),
}

/// A file under `data/` with its bytes.
pub struct Loaded {
    /// Relative to the import's root.
    pub path: String,
    pub modified_at: Option<i64>,
    pub bytes: Vec<u8>,
}

/// Something that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    pub path: String,
    pub line: Option<u64>,
    pub reason: String,
}

/// Which part of the container a pass is for: accounts must be known before
/// anything that names them, and members come in any order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    Subscribers,
    TheRest,
}

/// Nobody listens any more: the import has failed on its side.
struct Gone;

/// Walks `path` on a blocking thread. The join handle ends with what kept the
/// container from being read to its end.
pub fn feed(path: &Path, pass: Pass) -> (Receiver<Fed>, tokio::task::JoinHandle<Result<(), SourceError>>) {
    let (sender, receiver) = channel(WAITING);
    let path: PathBuf = path.into();
    (receiver, tokio::task::spawn_blocking(move || walk(&path, pass, &sender)))
}

fn walk(path: &Path, pass: Pass, sender: &Sender<Fed>) -> Result<(), SourceError> {
    let source = Source::open(path, Limits::default())?;
    let outcome = source.walk(&mut |event| match event {
        Event::Member(member) => give(member, pass, sender),
        Event::Problem(problem) if pass == Pass::TheRest => {
            send(sender, Fed::Problem(Problem { path: problem.path, line: None, reason: problem.reason }))
        }
        Event::Problem(_) => Ok(()),
    });
    match outcome {
        Err(WalkError::Source(error)) => Err(error),
        Ok(()) | Err(WalkError::Visit(Gone)) => Ok(()),
    }
}

fn give(member: Member<'_>, pass: Pass, sender: &Sender<Fed>) -> Result<(), Gone> {
    match (pass, member.path.as_str()) {
        (Pass::Subscribers, "subscribers.csv") => rows(member, sender, Fed::Subscribers),
        (Pass::TheRest, "inventory.csv") => rows(member, sender, Fed::Inventory),
        (Pass::TheRest, "verdicts.csv") => rows(member, sender, Fed::Verdicts),
        (Pass::TheRest, path) if path.starts_with("data/") => file(member, sender),
        _ => Ok(()),
    }
}

fn file(mut member: Member<'_>, sender: &Sender<Fed>) -> Result<(), Gone> {
    let path = std::mem::take(&mut member.path);
    let fed = match member.read_whole(LARGEST_FILE) {
        Ok(bytes) => Fed::File(Loaded { path, modified_at: member.modified_at, bytes }),
        Err(unread) => Fed::Problem(Problem { path, line: None, reason: unread.to_string() }),
    };
    send(sender, fed)
}

fn rows<T: Table>(
    mut member: Member<'_>,
    sender: &Sender<Fed>,
    fed: fn(Vec<Numbered<T>>) -> Fed,
) -> Result<(), Gone> {
    let path = std::mem::take(&mut member.path);
    let mut batch = Vec::with_capacity(ROWS);
    for row in Rows::<_, T>::new(member) {
        match row {
            Ok(row) => batch.push(row),
            Err(problem) => {
                let problem = Problem { path: path.clone(), line: problem.line, reason: problem.reason };
                send(sender, Fed::Problem(problem))?;
            }
        }
        if batch.len() == ROWS {
            send(sender, fed(std::mem::replace(&mut batch, Vec::with_capacity(ROWS))))?;
        }
    }
    if batch.is_empty() { Ok(()) } else { send(sender, fed(batch)) }
}

fn send(sender: &Sender<Fed>, fed: Fed) -> Result<(), Gone> {
    sender.blocking_send(fed).map_err(|_| Gone)
}
