//! Which kind of picture the bytes are, and how large, from their first bytes.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
    Gif,
    WebP,
    Bmp,
    Tiff,
    Heic,
    Avif,
}

impl Kind {
    /// The kind that the first bytes tell, whatever the file's name says.
    pub fn of(bytes: &[u8]) -> Option<Kind> {
        match bytes {
            [0xFF, 0xD8, ..] => Some(Kind::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Kind::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Kind::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Kind::WebP),
            [b'B', b'M', ..] if is_bmp(bytes) => Some(Kind::Bmp),
            [b'I', b'I', 0x2A, 0, ..] | [b'M', b'M', 0, 0x2A, ..] => Some(Kind::Tiff),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => brand(bytes),
            _ => None,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Kind::Jpeg => "image/jpeg",
            Kind::Png => "image/png",
            Kind::Gif => "image/gif",
            Kind::WebP => "image/webp",
            Kind::Bmp => "image/bmp",
            Kind::Tiff => "image/tiff",
            Kind::Heic => "image/heic",
            Kind::Avif => "image/avif",
        }
    }

    /// How a person calls it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Jpeg => "JPEG",
            Kind::Png => "PNG",
            Kind::Gif => "GIF",
            Kind::WebP => "WebP",
            Kind::Bmp => "BMP",
            Kind::Tiff => "TIFF",
            Kind::Heic => "HEIC",
            Kind::Avif => "AVIF",
        }
    }

    /// The decoder that makes thumbnails of it, where there is one.
    pub fn decoder(self) -> Option<ImageFormat> {
        match self {
            Kind::Jpeg => Some(ImageFormat::Jpeg),
            Kind::Png => Some(ImageFormat::Png),
            Kind::Gif => Some(ImageFormat::Gif),
            Kind::WebP => Some(ImageFormat::WebP),
            Kind::Bmp => Some(ImageFormat::Bmp),
            Kind::Tiff | Kind::Heic | Kind::Avif => None,
        }
    }

    /// Width and height as stored, before any turning upright; none where the
    /// header cannot be read.
    pub fn size(self, bytes: &[u8]) -> Option<(u32, u32)> {
        match self {
            Kind::Jpeg => jpeg_size(bytes),
            Kind::Png => png_size(bytes),
            Kind::Heic | Kind::Avif => ispe_size(bytes),
            Kind::Tiff => None,
            _ => ImageReader::with_format(Cursor::new(bytes), self.decoder()?).into_dimensions().ok(),
        }
        .filter(|(width, height)| *width > 0 && *height > 0)
    }
}

/// Two letters are too few to go by: the size of the header that follows must be one that exists.
fn is_bmp(bytes: &[u8]) -> bool {
    let header = bytes.get(14..18).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
    matches!(header, Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// The brands of ISO/IEC 23008-12 and AVIF among those that a file names.
fn brand(bytes: &[u8]) -> Option<Kind> {
    let length = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let end = length.min(bytes.len()).min(256);
    let brands = bytes.get(8..12).into_iter().chain(bytes.get(16..end).unwrap_or_default().chunks_exact(4));
    brands.into_iter().find_map(|brand| match brand {
        b"avif" | b"avis" => Some(Kind::Avif),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Some(Kind::Heic),
        b"mif1" | b"msf1" if !bytes[..end].windows(4).any(|four| four == b"avif") => Some(Kind::Heic),
        _ => None,
    })
}

/// The frame header (ITU T.81, B.2.2), found by walking the segments before it.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        // Vendors leave bytes between segments: the next marker counts.
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xFF)?;
        let marker = *bytes.get(at + 1)?;
        let word = |from: usize| Some(u16::from_be_bytes(bytes.get(from..from + 2)?.try_into().ok()?));
        match marker {
            0xFF => at += 1,
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            0xD9 | 0xDA => return None,
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                return Some((word(at + 7)?.into(), word(at + 5)?.into()));
            }
            _ => at += 2 + usize::from(word(at + 2)?),
        }
    }
}

/// The first chunk (PNG section 11.2.1).
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    (bytes.get(12..16)? == b"IHDR").then_some((number(16)?, number(20)?))
}

/// The largest of the sizes (`ispe`) that an HEIF file tells of its parts.
fn ispe_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = &bytes[..bytes.len().min(1 << 20)];
    let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let marks = head.windows(4).enumerate().filter(|(_, four)| *four == b"ispe").take(1000);
    let sizes = marks.filter_map(|(at, _)| Some((number(at + 8)?, number(at + 12)?)));
    let plausible = sizes.filter(|(width, height)| *width < 1 << 16 && *height < 1 << 16);
    plausible.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
}
