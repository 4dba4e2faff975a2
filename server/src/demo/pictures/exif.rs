//! The part of a JPEG that tells when it was taken and with what (EXIF 2.2, TIFF 6.0).

use jiff::civil::DateTime;

/// An invented maker and model.
const MAKE: &str = "Northlight";
const MODEL: &str = "Pocket 2";

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;

/// How the camera was held (EXIF tag 0x0112).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Upright = 1,
    /// The picture must be turned a quarter clockwise to be seen upright.
    Turned = 6,
}

/// Puts the EXIF part directly behind the JPEG's first marker.
pub fn with_exif(jpeg: &[u8], taken: DateTime, held: Held) -> Vec<u8> {
    let tiff = tiff(taken, held);
    let length = (2 + 6 + tiff.len()) as u16;
    let (start, rest) = jpeg.split_at(2);
    [start, &[0xff, 0xe1], &length.to_be_bytes(), b"Exif\0\0", &tiff, rest].concat()
}

/// A little-endian TIFF of two directories: the camera's and the picture's.
fn tiff(taken: DateTime, held: Held) -> Vec<u8> {
    let taken = text(&taken.strftime("%Y:%m:%d %H:%M:%S").to_string());
    let camera = |picture_at: u32| {
        vec![
            (0x010f, ASCII, text(MAKE)),
            (0x0110, ASCII, text(MODEL)),
            (0x0112, SHORT, (held as u16).to_le_bytes().to_vec()),
            (0x0132, ASCII, taken.clone()),
            (0x8769, LONG, picture_at.to_le_bytes().to_vec()),
        ]
    };
    let first = 8;
    // The directory is as long wherever the next one stands.
    let second = first + directory(&camera(0), first).len() as u32;
    let picture = [(0x9003, ASCII, taken.clone()), (0x9004, ASCII, taken.clone())];
    [&b"II\x2a\0"[..], &first.to_le_bytes(), &directory(&camera(second), first), &directory(&picture, second)]
        .concat()
}

fn text(words: &str) -> Vec<u8> {
    [words.as_bytes(), b"\0"].concat()
}

/// A directory that stands at `at`: its entries, no next one, then the values longer than four bytes.
fn directory(entries: &[(u16, u16, Vec<u8>)], at: u32) -> Vec<u8> {
    let mut head = (entries.len() as u16).to_le_bytes().to_vec();
    let mut values = Vec::new();
    let values_at = at + 2 + 12 * entries.len() as u32 + 4;
    for (tag, kind, value) in entries {
        let count = if *kind == ASCII { value.len() as u32 } else { 1 };
        head.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        head.extend(count.to_le_bytes());
        if value.len() <= 4 {
            head.extend(value.iter().copied().chain([0; 4]).take(4));
        } else {
            head.extend((values_at + values.len() as u32).to_le_bytes());
            values.extend(value);
            // Values begin at even places.
            values.extend(vec![0; values.len() % 2]);
        }
    }
    head.extend([0; 4]);
    head.extend(values);
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_of_exif_finds_the_date_and_the_camera() {
        let mut jpeg = Vec::new();
        image::RgbImage::new(8, 8)
            .write_with_encoder(image::codecs::jpeg::JpegEncoder::new(&mut jpeg))
            .unwrap();
        let taken = jiff::civil::date(2009, 8, 14).at(17, 3, 9, 0);
        let jpeg = with_exif(&jpeg, taken, Held::Turned);
        let exif = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&jpeg)).unwrap();
        let shown = |tag| exif.get_field(tag, exif::In::PRIMARY).unwrap().display_value().to_string();
        assert_eq!(shown(exif::Tag::DateTimeOriginal), "2009-08-14 17:03:09");
        assert_eq!(shown(exif::Tag::Model), "\"Pocket 2\"");
        assert_eq!(
            exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY).unwrap().value.get_uint(0),
            Some(6)
        );
        assert!(image::load_from_memory(&jpeg).is_ok());
    }
}
