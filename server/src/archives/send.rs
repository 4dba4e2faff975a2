//! A plan's bytes, one piece after the other, in flat memory.

use std::sync::Arc;

use archive::Piece;
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream};

use super::plan::{Plan, Source};
use crate::store::{
    blobs::{BlobError, Blobs},
    keys::DataKey,
};

/// The whole ZIP. A blob that cannot be read, or fails its seal, ends the stream with an error.
pub fn stream(
    blobs: Blobs,
    key: DataKey,
    plan: Plan,
) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
    let plan = Arc::new(plan);
    // The pieces are few words each; their bytes come when they are asked for.
    let pieces: Vec<Piece> = plan.layout.pieces(0..plan.layout.len()).collect();
    stream::iter(pieces)
        .map(move |piece| match piece {
            Piece::Literal(bytes) => stream::once(async move { Ok(Bytes::from(bytes)) }).boxed(),
            Piece::Source { entry, .. } => match plan.sources.get(entry) {
                Some(Source::Made(bytes)) => {
                    let bytes = bytes.clone();
                    stream::once(async move { Ok(bytes) }).boxed()
                }
                Some(Source::Kept { blob, bytes }) => blobs.read(blob, &key, *bytes).boxed(),
                None => stream::empty().boxed(),
            },
        })
        .map(Ok::<_, BlobError>)
        .try_flatten()
}
