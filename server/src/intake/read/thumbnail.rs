//! Small upright pictures for lists.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

use super::{heic, pictures::Kind};

/// Pixels on the longer side.
const SIDE: u32 = 320;
const QUALITY: u8 = 75;
/// A small file can claim to be an enormous picture: what is decoded at most.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    pub pixels: u64,
    pub memory: u64,
}

/// Bytes that one picture may take while it is decoded. A larger one is not.
pub const MOST_DECODED: u64 = 512 << 20;
/// And bytes that are there for every one: enough for what a camera leaves as a preview.
const LEAST: u64 = 32 << 20;
/// Bytes that a decoder takes for a pixel at the most: a progressive JPEG keeps two for each coefficient, of up to four
/// colours, and then the colours.
const A_PIXEL: u64 = 12;

/// Bytes that decoding a picture of this size takes at the most, with a copy of the packed ones. None where that is too
/// much, or nothing decodes it.
pub fn takes(bytes: &[u8], kind: Kind, size: Option<(u32, u32)>) -> Option<u64> {
    let left = left_beside(bytes);
    let decoded = match kind {
        Kind::Heic => heic::takes(bytes)?,
        kind if kind.decoder().is_none() => return None,
        // Its decoder may know better: then nothing else is decoded meanwhile.
        _ => size.map_or(left, |size| pixels(size).saturating_mul(A_PIXEL)),
    };
    (decoded <= left).then(|| LEAST.max(decoded + bytes.len() as u64))
}

fn left_beside(packed: &[u8]) -> u64 {
    MOST_DECODED.saturating_sub(packed.len() as u64)
}

/// The same with the preview of its camera, which is drawn where the picture itself is not.
pub fn takes_or_preview(bytes: &[u8], kind: Kind, size: Option<(u32, u32)>) -> u64 {
    takes(bytes, kind, size).unwrap_or(LEAST)
}

fn pixels((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

/// A JPEG of the picture, turned upright; none where it is too large or the decoder cannot read it.
/// A decoder that panics counts as one that cannot.
pub fn of(bytes: &[u8], kind: Kind, size: Option<(u32, u32)>, orientation: u8) -> Option<Vec<u8>> {
    let memory = takes(bytes, kind, size)?;
    let most = Most { pixels: size.map_or(left_beside(bytes) / A_PIXEL, pixels), memory };
    match kind {
        Kind::Heic => of_heic(bytes),
        kind => within(most, bytes, kind.decoder()?, orientation),
    }
}

/// The same of the small JPEG that a camera leaves in a picture.
pub fn of_preview(bytes: &[u8], orientation: u8) -> Option<Vec<u8>> {
    within(Most { pixels: LEAST / A_PIXEL, memory: LEAST }, bytes, ImageFormat::Jpeg, orientation)
}

/// The same of any picture, of no more than that.
pub fn within(most: Most, bytes: &[u8], format: ImageFormat, orientation: u8) -> Option<Vec<u8>> {
    catch_unwind(AssertUnwindSafe(|| shrunk(most, bytes, format, orientation))).ok().flatten()
}

fn shrunk(most: Most, bytes: &[u8], format: ImageFormat, orientation: u8) -> Option<Vec<u8>> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(most.memory);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if pixels((width, height)) > most.pixels {
        return None;
    }
    small_jpeg(DynamicImage::from_decoder(decoder).ok()?, orientation)
}

/// The same for HEIC (ISO/IEC 23008-12), whose decoder turns the picture upright by itself.
fn of_heic(bytes: &[u8]) -> Option<Vec<u8>> {
    let options = heic_rs::DecodeOptions::default()
        .with_max_pixels(Some(left_beside(bytes) / A_PIXEL))
        .with_alpha(false);
    catch_unwind(AssertUnwindSafe(|| {
        let picture = heic_rs::decode(bytes, &options).ok()?;
        let picture = RgbImage::from_raw(picture.width, picture.height, picture.data)?;
        small_jpeg(picture.into(), 1)
    }))
    .ok()
    .flatten()
}

fn small_jpeg(picture: DynamicImage, orientation: u8) -> Option<Vec<u8>> {
    let mut small = match picture.width().max(picture.height()) {
        ..=SIDE => picture,
        _ => picture.thumbnail(SIDE, SIDE),
    };
    if let Some(orientation) = Orientation::from_exif(orientation) {
        small.apply_orientation(orientation);
    }
    let mut out = Vec::new();
    on_white(&small).write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).ok()?;
    Some(out)
}

/// JPEG knows no transparency: what is see-through becomes white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let rgba = picture.to_rgba8();
    let mut flat = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in flat.pixels_mut().zip(rgba.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        let over = |colour: u16| ((colour * alpha + 255 * (255 - alpha)) / 255) as u8;
        *to = Rgb([over(red), over(green), over(blue)]);
    }
    flat
}
