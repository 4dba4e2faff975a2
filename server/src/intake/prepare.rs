//! From what was read to what can be written down: hashed, recognised, sealed, read and put away.
//!
//! Four stages, each for many files at once and all in the order in which the files came: bytes are hashed; a look
//! into the database says whose they are and whether they are known; what is new is sealed, read, drawn small and put
//! away; and what was put away together is synced together. Processors are shared by turns (`Intake::processors`), so
//! that there are never more busy threads than cores.

use std::{
    collections::{BTreeSet, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use app::{Category, models::Details};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use sha2::Sha256;
use tokio::sync::mpsc::{Receiver, Sender};

use super::{
    Intake, IntakeError,
    feed::{Body, Fed, FedRows, LARGEST_PHOTO, LARGEST_READ, Loaded, Problem},
    file::{Content, Digest, Facts, NewItem, Place, Prepared},
    read::{self, Found, Reading, Unreadable},
    room::Taken,
    source::Unread,
    store::{self, Known},
};
use crate::{
    accounts::erasure,
    ambient::Ambient,
    store::{
        blobs::{BlobError, UNCLAIMED},
        keep::{SealedBlob, Spooled},
        keys::DataKey,
    },
};

/// Files that are on their way at once: enough for a remote store's delays. Their bytes are counted by `Room`.
const AT_ONCE: usize = 64;
/// Files that are handed to the writer together, at the most.
const TOGETHER: usize = 256;

/// What is ready for the database.
pub enum Step {
    File(Prepared),
    Rows(FedRows, Taken),
    Problem(Problem),
}

impl Step {
    #[cfg(test)]
    pub fn into_file(self) -> Option<Prepared> {
        match self {
            Step::File(file) => Some(file),
            Step::Rows(..) | Step::Problem(_) => None,
        }
    }

    fn file(&self) -> Option<&Prepared> {
        match self {
            Step::File(file) => Some(file),
            Step::Rows(..) | Step::Problem(_) => None,
        }
    }
}

/// And what came after them, if that is an error: nothing comes after it.
pub type Steps = (Vec<Step>, Result<(), IntakeError>);

/// Prepares all that is fed, until it ends or nobody takes it any more.
pub async fn prepare_all(intake: Intake, mut fed: Receiver<Fed>, to: Sender<Steps>) {
    let intake = &intake;
    let digested = stream::poll_fn(move |context| fed.poll_recv(context))
        .map(|fed| on_a_task(intake, |intake| async move { intake.digest(fed).await }))
        .buffered(AT_ONCE);
    let recognised = digested
        .ready_chunks(AT_ONCE)
        .map(|arrived| on_a_task(intake, |intake| async move { intake.recognise(arrived).await }))
        .buffered(2)
        .flat_map(each);
    let prepared = recognised
        .map(|file| on_a_task(intake, |intake| async move { intake.prepare(file?).await }))
        .buffered(AT_ONCE);
    let settled = prepared
        .ready_chunks(TOGETHER)
        .map(|steps| on_a_task(intake, |intake| async move { Ok(intake.settle(steps).await) }))
        .buffered(2);
    let mut settled = std::pin::pin!(settled);
    while let Some(steps) = settled.next().await {
        if to.send(steps.unwrap_or_else(|error| (Vec::new(), Err(error)))).await.is_err() {
            return;
        }
    }
}

/// A task of its own goes on while the others are not looked after.
fn on_a_task<T: Send + 'static, F>(
    intake: &Intake,
    work: impl FnOnce(Intake) -> F,
) -> impl Future<Output = Result<T, IntakeError>>
where
    F: Future<Output = Result<T, IntakeError>> + Send + 'static,
{
    let task = tokio::spawn(work(intake.clone()));
    async move { task.await.map_err(|error| IntakeError::Reader(error.to_string()))? }
}

fn each<T>(many: Result<Vec<T>, IntakeError>) -> impl Stream<Item = Result<T, IntakeError>> {
    match many {
        Ok(many) => stream::iter(many.into_iter().map(Ok).collect::<Vec<_>>()),
        Err(error) => stream::iter(vec![Err(error)]),
    }
}

/// What has arrived, and what its bytes come to.
pub enum Arrived {
    File(Box<Arrival>),
    Rows(FedRows, Taken),
    Problem(Problem),
}

pub struct Arrival {
    path: String,
    place: Place,
    modified_at: Option<i64>,
    digest: Digest,
    bytes: Held,
    taken: Taken,
}

/// Where a file's bytes are.
enum Held {
    Memory(Bytes),
    /// Sealed on the disk; its beginning also in memory, where that is worth reading.
    Disk {
        spooled: Spooled,
        beginning: Vec<u8>,
    },
}

impl Held {
    /// What is read of it.
    fn read(&self) -> &[u8] {
        match self {
            Held::Memory(bytes) => bytes,
            Held::Disk { beginning, .. } => beginning,
        }
    }
}

/// A file of which it is known whose it is, and whether it is there already.
pub enum Recognised {
    File { arrival: Box<Arrival>, facts: Arc<Facts>, standing: Standing },
    Rows(FedRows, Taken),
    Problem(Problem),
}

pub enum Standing {
    New,
    Known(Known),
    /// Whose it was is erased.
    Refused,
}

impl Intake {
    async fn digest(&self, fed: Fed) -> Result<Arrived, IntakeError> {
        let Loaded { path, place, modified_at, body, taken } = match fed {
            Fed::File(loaded) => loaded,
            Fed::Rows(rows, taken) => return Ok(Arrived::Rows(rows, taken)),
            Fed::Problem(problem) => return Ok(Arrived::Problem(problem)),
        };
        let (digest, bytes) = match body {
            Body::Whole(bytes) => self.work(move || (Digest::of(&bytes), Held::Memory(bytes))).await?,
            Body::Pieces(pieces) => match self.spool(&place, pieces).await? {
                Ok(spooled) => spooled,
                Err(unread) => {
                    return Ok(Arrived::Problem(Problem { path, line: None, reason: unread.to_string() }));
                }
            },
        };
        Ok(Arrived::File(Box::new(Arrival { path, place, modified_at, digest, bytes, taken })))
    }

    /// Seals a large file onto the disk as it comes.
    async fn spool(
        &self,
        place: &Place,
        pieces: Receiver<Result<Bytes, Unread>>,
    ) -> Result<Result<(Digest, Held), Unread>, IntakeError> {
        let ids = store::subscriber_ids(&self.db, std::slice::from_ref(&place.account)).await?;
        let holder = ids.get(&place.account).map_or(UNCLAIMED, String::as_str).to_owned();
        let key = self.keyring.ensure(&self.db, &holder, &self.ambient).await?;
        let spool = self.blobs.spool(&holder, &key, &self.ambient).await?;
        let kept = if place.category == Some(Category::Photos) { LARGEST_PHOTO as usize } else { 0 };
        // It waits for the disk and for what is read, so it takes no turn at a processor.
        let spooled = tokio::task::spawn_blocking(move || spool_all(spool, pieces, kept)).await;
        Ok(spooled.map_err(|error| IntakeError::Reader(error.to_string()))??)
    }

    /// Asks the database once for all that have arrived.
    async fn recognise(
        &self,
        arrived: Vec<Result<Arrived, IntakeError>>,
    ) -> Result<Vec<Recognised>, IntakeError> {
        let arrived = arrived.into_iter().collect::<Result<Vec<_>, _>>()?;
        let accounts: BTreeSet<&String> = arrived.iter().filter_map(Arrived::account).collect();
        let accounts: Vec<String> = accounts.into_iter().cloned().collect();
        let ids = store::subscriber_ids(&self.db, &accounts).await?;
        let facts: Vec<Arc<Facts>> = arrived.iter().filter_map(|arrived| arrived.facts(&ids)).collect();
        let mut known = store::known(&self.db, &facts).await?;
        let refused = self.refused(&facts).await?;
        let mut facts = facts.into_iter().enumerate();
        let recognised = arrived.into_iter().filter_map(|arrived| {
            Some(match arrived {
                Arrived::Rows(rows, taken) => Recognised::Rows(rows, taken),
                Arrived::Problem(problem) => Recognised::Problem(problem),
                Arrived::File(arrival) => {
                    let (no, facts) = facts.next()?;
                    let standing = match (refused.get(&facts.account), known.remove(&no)) {
                        (Some(_), _) => Standing::Refused,
                        (None, Some(known)) => Standing::Known(known),
                        (None, None) => Standing::New,
                    };
                    Recognised::File { arrival, facts, standing }
                }
            })
        });
        Ok(recognised.collect())
    }

    /// Which accounts an import must leave alone: only who is nobody can have been erased.
    async fn refused(&self, facts: &[Arc<Facts>]) -> Result<HashMap<String, erasure::Refused>, IntakeError> {
        let nobodies = facts.iter().filter(|facts| facts.subscriber_id.is_none());
        let mut refused = HashMap::new();
        for account in nobodies.map(|facts| &facts.account).collect::<BTreeSet<_>>() {
            if let Some(why) = erasure::refused(&self.db, self.keyring.root(), account).await? {
                refused.insert(account.clone(), why);
            }
        }
        Ok(refused)
    }

    /// Puts a file's bytes away and reads them, if they are new; writes nothing down yet.
    async fn prepare(&self, recognised: Recognised) -> Result<Step, IntakeError> {
        let (arrival, facts, standing) = match recognised {
            Recognised::File { arrival, facts, standing } => (arrival, facts, standing),
            Recognised::Rows(rows, taken) => return Ok(Step::Rows(rows, taken)),
            Recognised::Problem(problem) => return Ok(Step::Problem(problem)),
        };
        let Arrival { place, bytes, taken, .. } = *arrival;
        let content = match standing {
            Standing::Refused => Ok(Content::Refused),
            Standing::Known(known) => self.restored(known, bytes).await.map(Content::Known),
            Standing::New => self.content(&facts, &place, bytes).await,
        };
        let content = match content {
            // Since it was recognised.
            Err(IntakeError::Store(crate::store::Error::Erased)) => Content::Refused,
            content => content?,
        };
        Ok(Step::File(Prepared { facts, content, taken }))
    }

    /// A file that is known, its bytes stored anew where they are absent or damaged.
    async fn restored(&self, known: Known, bytes: Held) -> Result<Known, IntakeError> {
        let suspected = known.damaged_at.is_some();
        let mended = match bytes {
            Held::Memory(bytes) => {
                let holder = known.blob.split('/').next().unwrap_or_default();
                let key = self.keyring.ensure(&self.db, holder, &self.ambient).await?;
                self.blobs.restore(&known.blob, &key, &bytes, &self.ambient, suspected).await?
            }
            Held::Disk { spooled, .. } => self.blobs.restore_spooled(spooled, suspected).await?,
        };
        Ok(known.mended(mended || suspected))
    }

    async fn content(&self, facts: &Arc<Facts>, place: &Place, bytes: Held) -> Result<Content, IntakeError> {
        let holder = facts.subscriber_id.as_deref().unwrap_or(UNCLAIMED).to_owned();
        let key = self.keyring.ensure(&self.db, &holder, &self.ambient).await?;
        let category = facts.category(place);
        let (ambient, facts) = (self.ambient.clone(), facts.clone());
        // Before a processor, and never after: whoever has one waits for nothing.
        let room = self.room_for(&category, &bytes).await?;
        let content = match bytes {
            Held::Memory(bytes) => {
                let made =
                    self.work(move || Made::of(&holder, &key, bytes, &facts, category, &ambient)).await??;
                let blob = self.blobs.shelve(made.original).await?;
                self.read_content(blob, made.reading, made.thumbnails).await
            }
            Held::Disk { spooled, beginning } => {
                let blob = self.blobs.shelve_spooled(spooled).await?;
                let read = move || {
                    let mut reading = category.and_then(|category| read_large(category, &facts, &beginning));
                    let thumbnails = seal_thumbnails(&holder, &key, &mut reading, &ambient);
                    (reading, thumbnails)
                };
                let (reading, thumbnails) = self.work(read).await?;
                self.read_content(blob, reading, thumbnails?).await
            }
        };
        drop(room);
        content
    }

    /// Room for what a picture is decoded into, by what its header says.
    async fn room_for(
        &self,
        category: &Result<Category, String>,
        bytes: &Held,
    ) -> Result<Option<Taken>, IntakeError> {
        if *category != Ok(Category::Photos) {
            return Ok(None);
        }
        // A header that its reader fails on is followed by nothing that is decoded, but for a preview.
        let decoded = catch_unwind(|| read::photos::takes(bytes.read())).unwrap_or_default();
        let taken = self.decoding.wait(decoded).await;
        taken.map(Some).ok_or_else(|| IntakeError::Reader("the import is over".to_owned()))
    }

    /// Puts thumbnails away; `thumbnails` has a place for each item.
    async fn read_content(
        &self,
        blob: String,
        reading: Result<Reading, String>,
        thumbnails: Vec<Option<SealedBlob>>,
    ) -> Result<Content, IntakeError> {
        let Reading { items: found, problems } = match reading {
            Ok(reading) => reading,
            Err(reason) => return Ok(Content::Quarantined { blob, reason }),
        };
        let mut items = Vec::with_capacity(found.len());
        for (found, sealed) in found.into_iter().zip(thumbnails) {
            let thumbnail = match sealed {
                Some(sealed) => {
                    let length = sealed.plain.len() as i64;
                    Some((self.blobs.shelve(sealed).await?, length))
                }
                None => None,
            };
            items.push(Arc::new(NewItem { found, thumbnail }));
        }
        Ok(Content::Read { blob, items, problems })
    }

    /// Nothing is written down before its bytes are on the disk.
    async fn settle(&self, prepared: Vec<Result<Step, IntakeError>>) -> Steps {
        let (mut steps, mut outcome) = (Vec::with_capacity(prepared.len()), Ok(()));
        for step in prepared {
            match step {
                Ok(step) => steps.push(step),
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        let blobs: Vec<&str> = steps.iter().filter_map(Step::file).flat_map(Prepared::blobs).collect();
        match self.blobs.settle(&blobs).await {
            Ok(()) => (steps, outcome),
            Err(error) => (Vec::new(), Err(error.into())),
        }
    }

    /// Keeps a processor busy, when it is its turn: not on the tasks that serve others.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, IntakeError> {
        let stopped = |error: String| IntakeError::Reader(error);
        let turn =
            self.processors.clone().acquire_owned().await.map_err(|error| stopped(error.to_string()))?;
        let worked = tokio::task::spawn_blocking(move || {
            let worked = work();
            drop(turn);
            worked
        });
        worked.await.map_err(|error| stopped(error.to_string()))
    }
}

impl Arrived {
    fn account(&self) -> Option<&String> {
        match self {
            Arrived::File(arrival) => Some(&arrival.place.account),
            Arrived::Rows(..) | Arrived::Problem(_) => None,
        }
    }

    fn facts(&self, ids: &HashMap<String, String>) -> Option<Arc<Facts>> {
        let Arrived::File(arrival) = self else { return None };
        let subscriber = ids.get(&arrival.place.account).cloned();
        let Arrival { path, place, modified_at, digest, .. } = &**arrival;
        Some(Arc::new(Facts::of(path.clone(), place, subscriber, *digest, *modified_at)))
    }
}

fn spool_all(
    mut spool: crate::store::keep::Spool,
    mut pieces: Receiver<Result<Bytes, Unread>>,
    kept: usize,
) -> Result<Result<(Digest, Held), Unread>, BlobError> {
    let (mut digesting, mut beginning) = (Digesting::default(), Vec::new());
    while let Some(piece) = pieces.blocking_recv() {
        let piece = match piece {
            Ok(piece) => piece,
            Err(unread) => return Ok(Err(unread)),
        };
        digesting.update(&piece);
        spool.write(&piece)?;
        beginning.extend_from_slice(&piece[..piece.len().min(kept - beginning.len())]);
    }
    let spooled = spool.finish()?;
    Ok(Ok((digesting.finish(), Held::Disk { spooled, beginning })))
}

/// What is made of a new file's bytes by a processor alone.
struct Made {
    original: SealedBlob,
    reading: Result<Reading, String>,
    thumbnails: Vec<Option<SealedBlob>>,
}

impl Made {
    fn of(
        holder: &str,
        key: &DataKey,
        bytes: Bytes,
        facts: &Facts,
        category: Result<Category, String>,
        ambient: &Ambient,
    ) -> Result<Self, BlobError> {
        let mut reading = category.and_then(|category| read_all(category, &facts.path, &bytes));
        let original = SealedBlob::of(holder, key, bytes, ambient)?;
        let thumbnails = seal_thumbnails(holder, key, &mut reading, ambient)?;
        Ok(Self { original, reading, thumbnails })
    }
}

/// A reader that fails must not stop the import: the bytes are kept for a better one.
fn read_all(category: Category, path: &str, bytes: &[u8]) -> Result<Reading, String> {
    match catch_unwind(AssertUnwindSafe(|| read::read(category, path, bytes))) {
        Ok(Ok(reading)) => Ok(reading),
        Ok(Err(Unreadable { reason })) => Err(reason),
        Err(_) => {
            tracing::error!(category = category.slug(), "a reader failed");
            Err("our reader failed on it; its bytes are kept, and a later version may read it".into())
        }
    }
}

/// A large picture is known by its beginning. Anything else so large is no phone's, and is kept as it came.
fn read_large(category: Category, facts: &Facts, beginning: &[u8]) -> Result<Reading, String> {
    if category != Category::Photos {
        return Err(format!(
            "the file is larger than {LARGEST_READ} bytes, the most that is looked into; its bytes are kept: import \
             what is in it in smaller files"
        ));
    }
    let mut reading = read_all(category, &facts.path, beginning)?;
    for Found { digest, details, .. } in &mut reading.items {
        *digest = facts.digest.sha256;
        if let Details::Photo(photo) = details {
            photo.bytes = i64::try_from(facts.digest.bytes).unwrap_or(i64::MAX);
        }
    }
    Ok(reading)
}

fn seal_thumbnails(
    holder: &str,
    key: &DataKey,
    reading: &mut Result<Reading, String>,
    ambient: &Ambient,
) -> Result<Vec<Option<SealedBlob>>, BlobError> {
    let found = reading.iter_mut().flat_map(|reading| &mut reading.items);
    let sealed = found.map(|found| {
        let small = found.thumbnail.take();
        small.map(|small| SealedBlob::of(holder, key, small.into(), ambient)).transpose()
    });
    sealed.collect()
}

/// A digest in the making.
#[derive(Default)]
struct Digesting {
    sha256: Sha256,
    crc32: crc32fast::Hasher,
    bytes: u64,
}

impl Digesting {
    fn update(&mut self, bytes: &[u8]) {
        sha2::Digest::update(&mut self.sha256, bytes);
        self.crc32.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    fn finish(self) -> Digest {
        let sha256 = sha2::Digest::finalize(self.sha256).into();
        Digest { sha256, crc32: self.crc32.finalize(), bytes: self.bytes }
    }
}

impl Digest {
    fn of(bytes: &[u8]) -> Self {
        let mut digesting = Digesting::default();
        digesting.update(bytes);
        digesting.finish()
    }
}
