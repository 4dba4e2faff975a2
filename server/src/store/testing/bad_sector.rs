//! A disk that refuses what it is told to, and does all else as it should.

use std::{fmt, io, ops::Range, path::Path as Folder, sync::Arc};

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::{
    Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result, local::LocalFileSystem, path::Path,
};

use crate::store::blobs::Blobs;

/// The store in `folder`, of which names that begin with `refused` cannot be read.
pub fn bad_sector(folder: &Folder, refused: &str) -> Blobs {
    let disk = LocalFileSystem::new_with_prefix(folder).unwrap();
    Blobs::over(Arc::new(BadSector { disk, refused: refused.to_owned() }), None)
}

#[derive(Debug)]
struct BadSector {
    disk: LocalFileSystem,
    refused: String,
}

impl BadSector {
    fn read(&self, path: &Path) -> Result<()> {
        if !path.as_ref().starts_with(&self.refused) {
            return Ok(());
        }
        let source = io::Error::from_raw_os_error(rustix::io::Errno::IO.raw_os_error());
        Err(Error::Generic { store: "bad sector", source: Box::new(source) })
    }
}

impl fmt::Display for BadSector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.disk.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for BadSector {
    async fn put_opts(&self, path: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.disk.put_opts(path, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        path: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.disk.put_multipart_opts(path, options).await
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        if !options.head {
            self.read(path)?;
        }
        self.disk.get_opts(path, options).await
    }

    async fn get_range(&self, path: &Path, range: Range<u64>) -> Result<bytes::Bytes> {
        self.read(path)?;
        self.disk.get_range(path, range).await
    }

    async fn delete(&self, path: &Path) -> Result<()> {
        self.disk.delete(path).await
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.disk.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.disk.list_with_delimiter(prefix).await
    }

    async fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        self.disk.copy(from, to).await
    }

    async fn copy_if_not_exists(&self, from: &Path, to: &Path) -> Result<()> {
        self.disk.copy_if_not_exists(from, to).await
    }
}
