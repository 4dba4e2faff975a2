//! Reading a form with files, a part at a time, so that no more than one file is in memory.

use axum::extract::{Multipart, multipart::MultipartError};
use http::StatusCode;

use super::files::MOST_BYTES;
use crate::web;

/// What is read of a post before it is ended: more than five files of the largest size. A file that is too large by
/// less is read to its end, so that the browser gets to see why it was not taken.
pub const READ: usize = 64 * 1024 * 1024;
/// What is kept of a text; it is refused long before.
const TEXT: usize = 64 * 1024;

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text(String, String),
    /// Without its bytes where they are too many.
    File(String, Option<Vec<u8>>),
}

/// The next part; a file field in which nothing was chosen is passed over.
pub async fn next(form: &mut Multipart) -> web::Result<Option<Part>> {
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let (name, file) =
            (field.name().unwrap_or_default().to_owned(), field.file_name().map(str::to_owned));
        let most = if file.is_some() { MOST_BYTES } else { TEXT };
        let (mut bytes, mut length) = (Vec::new(), 0);
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            length += chunk.len();
            if length <= most {
                bytes.extend_from_slice(&chunk);
            } else if file.is_some() {
                bytes = Vec::new();
            }
        }
        match file {
            Some(file) if file.is_empty() && length == 0 => {}
            Some(file) => return Ok(Some(Part::File(file, (length <= most).then_some(bytes)))),
            None => return Ok(Some(Part::Text(name, String::from_utf8_lossy(&bytes).into_owned()))),
        }
    }
    Ok(None)
}

fn broken(error: MultipartError) -> web::Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return web::Error::TooLarge;
    }
    web::Error::BadRequest(app::say!("The form did not arrive whole. Nothing was changed.").to_owned())
}
