//! Telling a bad sector from a disk that is away.

use futures::TryStreamExt;
use object_store::path::Path;
use rustix::io::Errno;

use super::{BlobError, Blobs, disk_errors};

impl Blobs {
    /// The error as damage, where the disk refuses these bytes once more while it takes and gives others: what lies on
    /// a bad sector is as good as gone. Any other error as it is.
    pub async fn judge(&self, name: &str, error: BlobError) -> BlobError {
        let is_refused = is_refusal(&error) && self.probe().await.is_ok() && self.refuses(name).await;
        if is_refused { BlobError::Refused } else { error }
    }

    async fn refuses(&self, name: &str) -> bool {
        let read = async {
            let mut bytes = self.store.get(&Path::from(name)).await?.into_stream();
            while bytes.try_next().await?.is_some() {}
            Ok(())
        };
        read.await.is_err_and(|error: object_store::Error| is_refusal(&error.into()))
    }
}

/// An input or output error, which is what file systems say of a bad sector, or of their own checksum.
fn is_refusal(error: &BlobError) -> bool {
    let first = match error {
        BlobError::Store(error) => error as &(dyn std::error::Error + 'static),
        BlobError::Sync(error) => error,
        _ => return false,
    };
    let refusals = [Errno::IO, Errno::BADMSG].map(Errno::raw_os_error);
    disk_errors(first).filter_map(std::io::Error::raw_os_error).any(|code| refusals.contains(&code))
}
