//! Sending a ZIP's bytes, in flat memory.
//!
//! A task reads ahead of the connection by one frame: while one is on its way the next is read, authenticated
//! and unsealed. A download holds about three frames, each of at most a quarter of a megabyte where blobs are on the
//! local disk, whatever its size.

use std::{collections::VecDeque, ops::Range, sync::Arc};

use archive::Piece;
use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt, future, stream};
use tokio::sync::mpsc;

use super::{editions::Edition, harm, shelf::Plan};
use crate::{
    portal::Portal,
    store::{
        blobs::{BlobError, BlobReader},
        keys::DataKey,
    },
};

/// Small parts are gathered until there is so much.
const FRAME: usize = 64 * 1024;

/// An edition that is ready to be sent.
#[derive(Clone)]
pub struct Download {
    pub portal: Portal,
    pub edition: Arc<Edition>,
    pub plan: Arc<Plan>,
    pub key: DataKey,
}

/// Bytes as they leave, or why they end.
type Sent = Result<Bytes, BlobError>;

impl Download {
    /// The bytes `range` of the ZIP. A blob that cannot be read, or fails its seal, ends the stream with an error,
    /// is logged, and its files are marked: nothing of it leaves. Nothing is read before the stream is.
    pub fn stream(self, range: Range<u64>) -> impl Stream<Item = Sent> + Send + use<> {
        stream::once(future::lazy(move |_| {
            let (tx, mut frames) = mpsc::channel(1);
            tokio::spawn(Sending::new(self, tx).run(range));
            stream::poll_fn(move |context| frames.poll_recv(context))
        }))
        .flatten()
    }
}

struct Sending {
    download: Download,
    out: mpsc::Sender<Sent>,
    /// What waits to be more.
    gathered: BytesMut,
    /// The blobs read last, the newest first: generated files lie in one, photos in one each.
    readers: VecDeque<(u32, BlobReader)>,
}

/// Nobody listens any more.
struct Gone;

impl Sending {
    fn new(download: Download, out: mpsc::Sender<Sent>) -> Self {
        Self { download, out, gathered: BytesMut::new(), readers: VecDeque::new() }
    }

    async fn run(mut self, range: Range<u64>) {
        let plan = self.download.plan.clone();
        let mut at = range.start;
        while let Some(piece) = plan.layout.pieces(at..range.end).next() {
            at += piece.len();
            let sent = match piece {
                Piece::Literal(bytes) => self.send(bytes.into()).await,
                Piece::Source { entry, range } => self.source(entry, range).await,
            };
            if sent.is_err() {
                return;
            }
        }
        let _ = self.flush().await;
    }

    /// The bytes `range` of an entry.
    async fn source(&mut self, entry: usize, range: Range<u64>) -> Result<(), Gone> {
        // A plan has a place for every entry, within its blob.
        let Some(&(blob, offset)) = self.download.plan.places.get(entry) else { return Err(Gone) };
        let mut left = offset + range.start..offset + range.end;
        while !left.is_empty() {
            match self.read(blob, left.clone()).await {
                Ok(bytes) => {
                    left.start += bytes.len() as u64;
                    self.send(bytes).await?;
                }
                Err(error) => return self.fail(blob, error).await,
            }
        }
        Ok(())
    }

    async fn read(&mut self, blob: u32, range: Range<u64>) -> Sent {
        if self.readers.front().is_none_or(|(open, _)| *open != blob) {
            let at = self.readers.iter().position(|(open, _)| *open == blob);
            let reader = match at.and_then(|at| self.readers.remove(at)) {
                Some(reader) => reader,
                None => (blob, self.open(blob)?),
            };
            self.readers.push_front(reader);
            self.readers.truncate(2);
        }
        match self.readers.front_mut() {
            Some((_, reader)) => reader.read(range).await,
            None => Ok(Bytes::new()),
        }
    }

    fn open(&self, blob: u32) -> Result<BlobReader, BlobError> {
        let Download { portal, plan, key, .. } = &self.download;
        let kept = plan.blobs.get(blob as usize);
        let kept = kept.ok_or_else(|| BlobError::Address("no such blob in the manifest".to_owned()))?;
        Ok(portal.blobs.reader(&kept.name, key, kept.bytes))
    }

    /// Large parts go as they are, small ones together.
    async fn send(&mut self, bytes: Bytes) -> Result<(), Gone> {
        if self.gathered.is_empty() && bytes.len() >= FRAME {
            return self.out.send(Ok(bytes)).await.map_err(|_| Gone);
        }
        if bytes.len() >= FRAME {
            self.flush().await?;
            return self.out.send(Ok(bytes)).await.map_err(|_| Gone);
        }
        self.gathered.extend_from_slice(&bytes);
        if self.gathered.len() >= FRAME { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), Gone> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let bytes = self.gathered.split().freeze();
        self.out.send(Ok(bytes)).await.map_err(|_| Gone)
    }

    /// What was good before still leaves; then the connection ends.
    async fn fail(&mut self, blob: u32, error: BlobError) -> Result<(), Gone> {
        let Download { portal, plan, edition, .. } = &self.download;
        let error = match plan.blobs.get(blob as usize) {
            Some(kept) => harm::met(portal, edition, &kept.name, error).await,
            None => error,
        };
        self.flush().await?;
        let _ = self.out.send(Err(error)).await;
        Err(Gone)
    }
}
