//! The container's members, from the thread that reads to the tasks that prepare them.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use app::Category;
use bytes::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{
    file::Place,
    room::{ROOM, Room, Taken},
    source::{Event, Limits, Member, Source, SourceError, Unread, WalkError},
    tables::{InventoryRow, Numbered, Rows, SubscriberRow, Table, VerdictRow},
};

/// The largest file that is read in memory; what is in a larger one is not looked for.
pub const LARGEST_READ: u64 = ROOM;
/// A picture shows its size and its camera's words at its beginning: from here on only that much is in memory.
pub const LARGEST_PHOTO: u64 = if cfg!(test) { 1 << 20 } else { 32 << 20 };
/// What waits between the two sides.
const WAITING: usize = 8;
/// Bytes of a large file that travel together.
const PIECE: usize = 1 << 20;
/// Pieces that wait.
const PIECES: usize = 4;

/// What the reading side hands over.
pub enum Fed {
    Rows(FedRows, Taken),
    File(Loaded),
    Problem(Problem),
}

/// Rows that travel together.
pub enum FedRows {
    Subscribers(Vec<Numbered<SubscriberRow>>),
    Inventory(Vec<Numbered<InventoryRow>>),
    Verdicts(Vec<Numbered<VerdictRow>>),
}

/// A file under `data/`.
pub struct Loaded {
    /// Relative to the import's root.
    pub path: String,
    pub place: Place,
    pub modified_at: Option<i64>,
    pub body: Body,
    pub taken: Taken,
}

pub enum Body {
    Whole(Bytes),
    /// What comes of a large file, as it comes.
    Pieces(Receiver<Result<Bytes, Unread>>),
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

/// Walks `path` on a blocking thread, `rows` rows of a table at a time. The join handle ends with what kept the
/// container from being read to its end.
pub fn feed(
    path: &Path,
    pass: Pass,
    rows: usize,
) -> (Receiver<Fed>, tokio::task::JoinHandle<Result<(), SourceError>>) {
    let (to, fed) = channel(WAITING);
    let path: PathBuf = path.into();
    let feeder = Feeder { pass, rows, to, room: Room::of(ROOM) };
    (fed, tokio::task::spawn_blocking(move || feeder.walk(&path)))
}

struct Feeder {
    pass: Pass,
    rows: usize,
    to: Sender<Fed>,
    room: Room,
}

impl Feeder {
    fn walk(&self, path: &Path) -> Result<(), SourceError> {
        let source = Source::open(path, Limits::default())?;
        let outcome = source.walk(&mut |event| match event {
            Event::Member(member) => self.give(member),
            Event::Problem(problem) if self.pass == Pass::TheRest => {
                self.problem(problem.path, None, problem.reason)
            }
            Event::Problem(_) => Ok(()),
        });
        match outcome {
            Err(WalkError::Source(error)) => Err(error),
            Ok(()) | Err(WalkError::Visit(Gone)) => Ok(()),
        }
    }

    fn give(&self, member: Member<'_>) -> Result<(), Gone> {
        match (self.pass, member.path.as_str()) {
            (Pass::Subscribers, "subscribers.csv") => self.table(member, FedRows::Subscribers),
            (Pass::TheRest, "inventory.csv") => self.table(member, FedRows::Inventory),
            (Pass::TheRest, "verdicts.csv") => self.table(member, FedRows::Verdicts),
            (Pass::TheRest, path) if path.starts_with("data/") => self.file(member),
            _ => Ok(()),
        }
    }

    fn file(&self, mut member: Member<'_>) -> Result<(), Gone> {
        let path = std::mem::take(&mut member.path);
        let place = Place::of(&path);
        let in_memory = if place.category == Some(Category::Photos) { LARGEST_PHOTO } else { LARGEST_READ };
        // Where the container does not say how large it is, it may be large.
        match member.size.filter(|size| *size <= in_memory) {
            Some(size) => {
                let taken = self.room.take(size).ok_or(Gone)?;
                match member.read_whole(in_memory) {
                    Ok(bytes) => self.loaded(path, place, &member, Body::Whole(bytes.into()), taken),
                    Err(unread) => self.problem(path, None, unread.to_string()),
                }
            }
            None => self.large(path, place, member),
        }
    }

    fn large(&self, path: String, place: Place, mut member: Member<'_>) -> Result<(), Gone> {
        let taken = self.room.take(LARGEST_PHOTO).ok_or(Gone)?;
        let (to, pieces) = channel(PIECES);
        self.loaded(path, place, &member, Body::Pieces(pieces), taken)?;
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            let (piece, over) = match (&mut member).take(PIECE as u64).read_to_end(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(_) => (Ok(piece.into()), false),
                Err(error) => (Err(error.into()), true),
            };
            // Whoever prepares it may have given up: then the import says why.
            if to.blocking_send(piece).is_err() || over {
                return Ok(());
            }
        }
    }

    fn loaded(
        &self,
        path: String,
        place: Place,
        member: &Member<'_>,
        body: Body,
        taken: Taken,
    ) -> Result<(), Gone> {
        self.send(Fed::File(Loaded { path, place, modified_at: member.modified_at, body, taken }))
    }

    fn table<T: Table>(
        &self,
        mut member: Member<'_>,
        fed: fn(Vec<Numbered<T>>) -> FedRows,
    ) -> Result<(), Gone> {
        let path = std::mem::take(&mut member.path);
        let mut batch = Vec::with_capacity(self.rows);
        for row in Rows::<_, T>::new(member) {
            match row {
                Ok(row) => batch.push(row),
                Err(problem) => self.problem(path.clone(), problem.line, problem.reason)?,
            }
            if batch.len() == self.rows {
                let full = std::mem::replace(&mut batch, Vec::with_capacity(self.rows));
                self.rows(fed(full))?;
            }
        }
        if batch.is_empty() { Ok(()) } else { self.rows(fed(batch)) }
    }

    /// A few sets of rows on their way are enough to keep everybody busy.
    fn rows(&self, rows: FedRows) -> Result<(), Gone> {
        let taken = self.room.take(ROOM / 4).ok_or(Gone)?;
        self.send(Fed::Rows(rows, taken))
    }

    fn problem(&self, path: String, line: Option<u64>, reason: String) -> Result<(), Gone> {
        self.send(Fed::Problem(Problem { path, line, reason }))
    }

    fn send(&self, fed: Fed) -> Result<(), Gone> {
        self.to.blocking_send(fed).map_err(|_| Gone)
    }
}
