//! `multipart/byteranges` (RFC 9110, 14.6): several ranges in one answer.

use std::ops::Range;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};

use super::content_range;
use crate::{ambient::Ambient, archives::send::Download, store::blobs::BlobError};

pub struct Multipart {
    boundary: String,
    /// What stands before each part, and its range.
    parts: Vec<(String, Range<u64>)>,
    end: String,
}

impl Multipart {
    /// Parts of a ZIP of `length` bytes. The boundary is 128 random bits: no ZIP holds it.
    pub fn new(ambient: &Ambient, ranges: Vec<Range<u64>>, length: u64) -> Self {
        let boundary = hex::encode(ambient.bytes::<16>());
        let head = |range: &Range<u64>| {
            let content_range = content_range(range, length);
            format!(
                "\r\n--{boundary}\r\nContent-Type: application/zip\r\nContent-Range: {content_range}\r\n\r\n"
            )
        };
        let parts = ranges.into_iter().map(|range| (head(&range), range)).collect();
        Self { end: format!("\r\n--{boundary}--\r\n"), boundary, parts }
    }

    pub fn content_type(&self) -> String {
        format!("multipart/byteranges; boundary={}", self.boundary)
    }

    /// Of the whole body, in bytes.
    pub fn len(&self) -> u64 {
        let parts = self.parts.iter().map(|(head, range)| head.len() as u64 + range.end - range.start);
        parts.sum::<u64>() + self.end.len() as u64
    }

    pub fn stream(self, download: Download) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
        let literal = |text: String| stream::once(async move { Ok(Bytes::from(text)) });
        let parts = stream::iter(self.parts)
            .flat_map(move |(head, range)| literal(head).chain(download.clone().stream(range)));
        parts.chain(literal(self.end))
    }
}
