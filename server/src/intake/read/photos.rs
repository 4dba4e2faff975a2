//! Pictures, by what their bytes are and not by what their name says.

use app::models::{Details, Photo};

use super::exif::{self, Taken};
use super::pictures::Kind;
use super::when::When;
use super::{Found, Reading, Unreadable, digest, fold, order, thumbnail};

/// A file whose first bytes are a picture's is a picture, also where it is
/// damaged further on: the person may still know it. There is nothing to keep as
/// a picture where neither its size can be read nor its camera's words.
pub fn read(path: &str, bytes: &[u8]) -> Result<Reading, Unreadable> {
    let Some(kind) = Kind::of(bytes) else {
        return Err(Unreadable::new("not a picture: its first bytes are those of no picture format"));
    };
    let (size, taken) = (kind.size(bytes), exif::read(bytes));
    let says_something = size.is_some() || taken.preview.is_some() || !taken.text.is_empty();
    if !says_something && kind.decoder().is_some() {
        let reason = format!("begins like a {} picture, but no picture follows", kind.name());
        return Err(Unreadable::new(&reason));
    }
    Reading::of(vec![found(path, bytes, kind, size, taken)], Vec::new())
}

fn found(path: &str, bytes: &[u8], kind: Kind, size: Option<(u32, u32)>, taken: Taken) -> Found {
    let upright =
        size.map(|(width, height)| if taken.orientation > 4 { (height, width) } else { (width, height) });
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    Found {
        uid: None,
        digest: digest::of_bytes(bytes),
        revised_at: None,
        sort: order::newest_first(When::parse(&taken.text).as_ref(), &name),
        search: fold::search([name.as_str(), &taken.text, kind.name()], []),
        title: name.clone(),
        at: taken.at,
        body: String::new(),
        thumbnail: thumbnail(bytes, kind, size, &taken),
        details: Details::Photo(Photo {
            name,
            media_type: kind.media_type().to_owned(),
            width: upright.map(|(width, _)| width),
            height: upright.map(|(_, height)| height),
            taken: taken.text,
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        }),
    }
}

/// From the picture itself, else from the preview that its camera left.
fn thumbnail(bytes: &[u8], kind: Kind, size: Option<(u32, u32)>, taken: &Taken) -> Option<Vec<u8>> {
    let own = thumbnail::of(bytes, kind, size, taken.orientation);
    own.or_else(|| thumbnail::of_preview(taken.preview.as_deref()?, taken.orientation))
}

/// Bytes that reading a picture takes besides its own, by its header; nothing for what is no picture.
pub fn takes(bytes: &[u8]) -> u64 {
    Kind::of(bytes).map_or(0, |kind| thumbnail::takes_or_preview(bytes, kind, kind.size(bytes)))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, Rgb, RgbImage};

    use super::*;

    /// A picture whose upper half is red and whose lower half is blue.
    fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let colour = |_, y| if y < height / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) };
        let mut out = Cursor::new(Vec::new());
        RgbImage::from_fn(width, height, colour).write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    /// The JPEG with an EXIF part that holds an orientation and a date.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
        tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
        tiff.extend([0x01, 0x32, 0, 2, 0, 0, 0, 20, 0, 0, 0, 38, 0, 0, 0, 0]);
        tiff.extend(b"2009:08:14 17:03:22\0");
        let mut out = jpeg[..2].to_vec();
        out.extend([0xFF, 0xE1]);
        out.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
        out.extend(b"Exif\0\0");
        out.extend(tiff);
        out.extend(&jpeg[2..]);
        out
    }

    fn one(bytes: &[u8]) -> (Found, Photo) {
        let found = read("2009/IMG 1.jpg", bytes).unwrap().items.remove(0);
        match found.details.clone() {
            Details::Photo(photo) => (found, photo),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_format_gives_its_size_and_a_thumbnail() {
        for format in
            [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp]
        {
            let (found, photo) = one(&picture(format, 400, 200));
            assert_eq!((photo.width, photo.height), (Some(400), Some(200)), "{format:?}");
            let small = image::load_from_memory(&found.thumbnail.unwrap()).unwrap();
            assert_eq!((small.width(), small.height()), (320, 160));
        }
    }

    #[test]
    fn a_turned_picture_stands_upright_and_knows_its_date() {
        let (found, photo) = one(&with_exif(&picture(ImageFormat::Jpeg, 400, 200), 6));
        assert_eq!((photo.width, photo.height), (Some(200), Some(400)));
        assert_eq!((photo.taken.as_str(), found.at), ("2009-08-14 17:03", Some(1_250_269_402_000)));
        let small = image::load_from_memory(&found.thumbnail.unwrap()).unwrap().to_rgb8();
        assert_eq!((small.width(), small.height()), (160, 320));
        let right = small.get_pixel(150, 160);
        assert!(right[0] > 200 && right[2] < 60, "the top has turned to the right: {right:?}");
    }

    #[test]
    fn a_cut_picture_is_a_picture_and_a_cut_header_is_none() {
        let whole = picture(ImageFormat::Png, 400, 200);
        assert_eq!(one(&whole[..whole.len() / 2]).0.thumbnail, None);
        assert!(read("a.jpg", &[0xFF, 0xD8, 0xFF, 0xE0, 0, 16]).unwrap_err().reason.contains("JPEG"));
        assert!(read("a.jpg", b"GIF tutorial").is_err());
    }

    #[test]
    fn a_picture_that_claims_to_be_enormous_costs_nothing() {
        let mut bytes = picture(ImageFormat::Bmp, 2, 2);
        bytes[18..22].copy_from_slice(&60_000u32.to_le_bytes());
        bytes[22..26].copy_from_slice(&60_000u32.to_le_bytes());
        assert_eq!((one(&bytes).0.thumbnail, takes(&bytes)), (None, 32 << 20));
    }

    #[test]
    fn a_picture_takes_room_by_its_size_and_no_other_is_decoded() {
        let mut bytes = picture(ImageFormat::Bmp, 2, 2);
        let packed = bytes.len() as u64;
        let rooms = [(2, 32 << 20), (3_000, 108_000_000 + packed), (6_688, 536_752_128 + packed)];
        for (side, room) in rooms.into_iter().chain([(6_689, 32 << 20)]) {
            bytes[18..22].copy_from_slice(&u32::to_le_bytes(side));
            bytes[22..26].copy_from_slice(&u32::to_le_bytes(side));
            assert_eq!(takes(&bytes), room, "{side}");
        }
        let mut endless = picture(ImageFormat::Png, 2, 2);
        endless[16..24].fill(0xFF);
        assert_eq!((Kind::Png.size(&endless), takes(&endless)), (Some((u32::MAX, u32::MAX)), 32 << 20));
        assert_eq!((takes(b"text"), takes(b"II*\0")), (0, 32 << 20));
        // What its decoder finds is larger than what the room was taken for.
        let jpeg = picture(ImageFormat::Jpeg, 400, 200);
        assert!(thumbnail::of(&jpeg, Kind::Jpeg, Some((400, 200)), 1).is_some());
        assert!(thumbnail::of(&jpeg, Kind::Jpeg, Some((400, 199)), 1).is_none());
    }

    #[test]
    fn the_name_on_the_page_is_the_files() {
        assert_eq!(one(&picture(ImageFormat::Png, 2, 2)).0.title, "IMG 1.jpg");
        assert_eq!(one(&picture(ImageFormat::Png, 2, 2)).1.media_type, "image/png");
    }
}
