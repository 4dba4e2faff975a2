//! The picture that a card brings along, if it is one.

use base64::Engine;
use image::ImageFormat;

use tokio::sync::Semaphore;

use super::card;
use crate::{
    intake::read::{
        component::Component,
        pictures::Kind,
        thumbnail::{self, Most},
        value,
    },
    web,
};

/// Larger ones stay in the download: a card's picture is a small one.
const LARGEST: usize = 8 << 20;
/// And no camera's: eight bytes a pixel are the most that any of them takes.
const MOST: Most = Most { pixels: 16 << 20, memory: 128 << 20 };
/// Decoded at once in a process: a page of contacts asks for all of theirs together.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A picture that browsers draw, by what its bytes are.
pub struct Portrait {
    pub bytes: Vec<u8>,
    pub kind: Kind,
    pub width: u32,
    pub height: u32,
}

/// The picture of a stored card, judged by its header.
pub fn of_card(card: &Component) -> Option<Portrait> {
    let photo = card.all("PHOTO").find(|photo| !photo.value.trim().is_empty())?;
    let data = if photo.is_base64() {
        photo.value.clone()
    } else {
        let address = value::unescape(&photo.value);
        address.strip_prefix("data:")?.split_once(";base64,")?.1.to_owned()
    };
    if data.len() > LARGEST / 3 * 4 {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(data.trim()).ok()?;
    let kind = Kind::of(&bytes).filter(|kind| matches!(kind, Kind::Jpeg | Kind::Png | Kind::WebP))?;
    let (width, height) = kind.size(&bytes)?;
    if u64::from(width) * u64::from(height) > MOST.pixels {
        return None;
    }
    Some(Portrait { bytes, kind, width, height })
}

/// The picture of a stored body once it was seen to decode, in its turn.
pub async fn seen(body: String) -> web::Result<Option<Portrait>> {
    let turn = AT_ONCE.acquire().await.map_err(|error| web::Error::Internal(error.to_string()))?;
    let work = move || {
        // Whoever went away has still a decoder at work, until here.
        let _turn = turn;
        decoded(&body)
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| web::Error::Internal(error.to_string()))
}

/// Keeps a processor busy.
fn decoded(body: &str) -> Option<Portrait> {
    let portrait = of_card(&card::of(body)?)?;
    let format: ImageFormat = portrait.kind.decoder()?;
    thumbnail::within(MOST, &portrait.bytes, format, 1).map(|_| portrait)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn card(photo: &str) -> String {
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\n{photo}\r\nEND:VCARD\r\n")
    }

    fn picture(format: ImageFormat) -> String {
        let mut out = Cursor::new(Vec::new());
        image::RgbImage::new(4, 2).write_to(&mut out, format).unwrap();
        base64::engine::general_purpose::STANDARD.encode(out.into_inner())
    }

    #[test]
    fn a_real_picture_is_known_by_its_bytes_and_not_by_its_label() {
        let png = picture(ImageFormat::Png);
        for line in [
            format!("PHOTO;ENCODING=b;TYPE=JPEG:{png}"),
            format!("PHOTO:data:image/svg+xml\\;base64\\,{png}"),
        ] {
            let found = decoded(&card(&line)).unwrap();
            assert_eq!((found.kind, found.width, found.height), (Kind::Png, 4, 2));
        }
    }

    #[test]
    fn what_is_no_picture_is_never_sent_as_one() {
        let page = base64::engine::general_purpose::STANDARD.encode("<svg onload=alert(1)>");
        let gif = picture(ImageFormat::Gif);
        let cut = &picture(ImageFormat::Png)[..60];
        for data in [page.as_str(), &gif, cut, "AAAA", "https://example.com/a.jpg"] {
            assert!(decoded(&card(&format!("PHOTO;ENCODING=b:{data}"))).is_none(), "{data}");
        }
        assert!(decoded(&card("PHOTO;VALUE=uri:https://example.com/a.jpg")).is_none());
        assert!(decoded("nothing").is_none());
    }

    #[test]
    fn a_small_file_that_says_it_is_an_enormous_picture_is_left_to_the_download() {
        let mut out = Cursor::new(Vec::new());
        image::GrayImage::new(4_097, 4_097).write_to(&mut out, ImageFormat::Png).unwrap();
        let bytes = out.into_inner();
        // By its header, and where that was not looked at by the decoder too.
        assert!(thumbnail::within(MOST, &bytes, ImageFormat::Png, 1).is_none());
        let more = Most { pixels: 4_097 * 4_097, ..MOST };
        assert!(thumbnail::within(more, &bytes, ImageFormat::Png, 1).is_some());
        let card =
            card(&format!("PHOTO;ENCODING=b:{}", base64::engine::general_purpose::STANDARD.encode(bytes)));
        assert!(of_card(&card::of(&card).unwrap()).is_none() && decoded(&card).is_none());
    }

    #[tokio::test]
    async fn two_are_decoded_at_once_and_a_third_waits_for_its_turn() {
        let png = card(&format!("PHOTO;ENCODING=b:{}", picture(ImageFormat::Png)));
        let turns = AT_ONCE.acquire_many(2).await.unwrap();
        let third = tokio::spawn(seen(png));
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        assert!(!third.is_finished());
        drop(turns);
        assert_eq!(third.await.unwrap().unwrap().unwrap().kind, Kind::Png);
    }
}
