//! The picture that a card brings along, if it is one.

use base64::Engine;
use image::ImageFormat;

use super::card;
use crate::intake::read::{component::Component, pictures::Kind, thumbnail, value};

/// Larger ones stay in the download: a card's picture is a small one.
const LARGEST: usize = 8 << 20;

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
    Some(Portrait { bytes, kind, width, height })
}

/// The picture of a stored body once it was seen to decode; keeps a processor busy.
pub fn decoded(body: &str) -> Option<Portrait> {
    let portrait = of_card(&card::of(body)?)?;
    let format: ImageFormat = portrait.kind.decoder()?;
    thumbnail::of(&portrait.bytes, format, 1).map(|_| portrait)
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
}
