//! `/recovery/contacts/duplicates/phone`: bringing the contacts file of the phone in use.

use app::{
    models::{FieldError, PhoneUpload},
    say,
};
use axum::{
    extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartError},
    response::{IntoResponse, Redirect},
    routing::{MethodRouter, get},
};
use http::StatusCode;

use super::{
    BASE,
    phone::{self, MOST_BYTES, MOST_CARDS, MOST_PROPERTIES, Refused},
    show,
};
use crate::{
    accounts::Subscriber,
    intake::read::reasons,
    portal::Portal,
    recovery::{items::told, routes::released_line},
    web::{self, View},
};

/// What is read of a post before it is ended. A file that is too large by less is read to its end, so that the
/// browser gets to see why it was not taken.
const READ: usize = 4 * MOST_BYTES;

/// The page and its post, with room for a file.
pub fn page() -> MethodRouter<Portal> {
    get(show).post(bring).layer(DefaultBodyLimit::max(READ))
}

async fn show(State(portal): State<Portal>, subscriber: Subscriber, view: View) -> web::Result {
    released_line(&portal, &subscriber, "contacts").await?;
    draw(&portal, &subscriber, &view, Vec::new()).await
}

async fn draw(portal: &Portal, subscriber: &Subscriber, view: &View, errors: Vec<FieldError>) -> web::Result {
    let file = phone::file(portal, subscriber.own()).await?;
    Ok(view.page(PhoneUpload { phone: file.as_ref().map(show::phone), errors }))
}

async fn bring(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    view: View,
    form: Multipart,
) -> web::Result {
    released_line(&portal, &subscriber, "contacts").await?;
    let kept = match read(form).await {
        Ok(Ok(bytes)) => phone::keep(&portal, subscriber.own(), bytes).await?,
        Ok(Err(refused)) => Err(refused),
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Refused::TooLarge),
        Err(_) => {
            return Err(web::Error::BadRequest(
                say!("The file did not arrive whole. Nothing was changed.").to_owned(),
            ));
        }
    };
    let Err(refused) = kept else { return Ok(Redirect::to(BASE).into_response()) };
    let (status, words) = said(&refused);
    let mut page = draw(&portal, &subscriber, &view, vec![FieldError::new("file", words)]).await?;
    *page.status_mut() = status;
    Ok(page)
}

/// The bytes of the field `file`.
async fn read(mut form: Multipart) -> Result<Result<Vec<u8>, Refused>, MultipartError> {
    while let Some(mut field) = form.next_field().await? {
        if field.name() != Some("file") {
            continue;
        }
        let (mut bytes, mut length) = (Vec::new(), 0);
        while let Some(chunk) = field.chunk().await? {
            length += chunk.len();
            if length <= MOST_BYTES {
                bytes.extend_from_slice(&chunk);
            } else {
                bytes = Vec::new();
            }
        }
        return Ok(match length {
            0 => Err(Refused::NoFile),
            length if length > MOST_BYTES => Err(Refused::TooLarge),
            _ => Ok(bytes),
        });
    }
    Ok(Err(Refused::NoFile))
}

/// How much of a contact's name a message repeats.
const NAMED: usize = 60;

/// What is wrong with a file, and what to do.
fn said(refused: &Refused) -> (StatusCode, String) {
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    match refused {
        Refused::NoFile => {
            (unprocessable, say!("Choose a contacts file; it has a name that ends in .vcf").to_owned())
        }
        Refused::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            say!("The file is larger than 10 MB. Export the contacts without pictures, or in two files")
                .to_owned(),
        ),
        Refused::TooMany(count) => (
            unprocessable,
            say!(
                "The file has {count} contacts, and {most} is the most. Export them in several files",
                count,
                most = MOST_CARDS
            ),
        ),
        Refused::TooFull(title, count) => (
            unprocessable,
            say!(
                "The contact “{title}” has {count} entries, and {most} is the most. Shorten it on the phone, or leave it out, and export again",
                title = told::title(&title.chars().take(NAMED).collect::<String>()),
                count,
                most = MOST_PROPERTIES
            ),
        ),
        Refused::Unreadable(reason) => (
            unprocessable,
            say!(
                "This is no contacts file that we can read: {reason}. Choose the .vcf file that your phone exported",
                reason = reasons::in_words(reason)
            ),
        ),
    }
}

/// Deletes the file.
pub async fn delete(State(portal): State<Portal>, subscriber: Subscriber) -> web::Result {
    released_line(&portal, &subscriber, "contacts").await?;
    phone::forget(&portal, subscriber.own()).await?;
    Ok(Redirect::to(&format!("{BASE}/phone")).into_response())
}
