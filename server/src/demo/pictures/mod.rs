//! Pictures drawn by chance, as JPEG files with an EXIF date in 2009.

mod canvas;
mod exif;
mod scenes;

use image::{RgbImage, codecs::jpeg::JpegEncoder, imageops};
use jiff::{Span, civil::date};

use self::exif::Held;
use super::{dice::Dice, write::File};

const LONG_SIDE: usize = 640;
const SHORT_SIDE: usize = 480;

/// Drawn once for everyone: drawing is what takes time.
pub struct Album(Vec<(Vec<u8>, Held)>);

impl Album {
    /// `count` different pictures, at least one.
    pub fn draw(seed: u64, count: usize) -> Self {
        Album((0..count).map(|at| picture(at, &mut Dice::new(seed, &format!("picture {at}")))).collect())
    }

    /// The files of a person's `count` pictures. More than are drawn repeat with another date.
    pub fn files(&self, count: usize, dice: &mut Dice) -> Vec<File> {
        let order = dice.order(self.0.len());
        let first = dice.between(1, 60);
        (0..count)
            .map(|at| {
                let (jpeg, held) = &self.0[order[at % order.len()]];
                let day = date(2009, 1, 3).saturating_add(Span::new().days(dice.below(265) as i64));
                let taken = day.at(dice.between(7, 21) as i8, dice.below(60) as i8, (at % 60) as i8, 0);
                let path = format!("photos/2009-{:02}/IMG_{:04}.jpg", day.month(), first + at);
                (path, exif::with_exif(jpeg, taken, *held))
            })
            .collect()
    }
}

/// Scenes in turn, so that neighbours differ; every seventh with the camera turned.
fn picture(at: usize, dice: &mut Dice) -> (Vec<u8>, Held) {
    let draw = scenes::ALL[at % scenes::ALL.len()];
    if at % 7 == 3 {
        let upright = draw(SHORT_SIDE, LONG_SIDE, dice).finish();
        return (jpeg(&imageops::rotate270(&upright)), Held::Turned);
    }
    (jpeg(&draw(LONG_SIDE, SHORT_SIDE, dice).finish()), Held::Upright)
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail, and the encoder takes any RGB picture of this size.
    let _ = picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 82));
    bytes
}
