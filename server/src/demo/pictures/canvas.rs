//! A picture to draw on: colours as three parts from 0 to 1.

use image::{Rgb, RgbImage};

/// Red, green and blue, each from 0 to 1.
pub type Colour = [f32; 3];

/// Between two colours, `t` from 0 to 1.
pub fn mix(from: Colour, to: Colour, t: f32) -> Colour {
    let t = t.clamp(0.0, 1.0);
    std::array::from_fn(|i| from[i] + (to[i] - from[i]) * t)
}

/// Pixels, the first row at the top.
pub struct Canvas {
    pub width: usize,
    pub height: usize,
    pixels: Vec<Colour>,
}

impl Canvas {
    /// A gradient from the top colour to the bottom one.
    pub fn sky(width: usize, height: usize, top: Colour, bottom: Colour) -> Self {
        let row = |y: usize| mix(top, bottom, y as f32 / height as f32);
        let pixels = (0..height).flat_map(|y| std::iter::repeat_n(row(y), width)).collect();
        Canvas { width, height, pixels }
    }

    /// Lays a colour over a pixel; outside the picture nothing happens.
    pub fn dab(&mut self, x: isize, y: isize, colour: Colour, cover: f32) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x < self.width && y < self.height {
            let pixel = &mut self.pixels[y * self.width + x];
            *pixel = mix(*pixel, colour, cover);
        }
    }

    /// A disc; its edge fades over `soft` pixels.
    pub fn disc(&mut self, (x, y): (f32, f32), radius: f32, colour: Colour, soft: f32) {
        self.oval((x, y), (radius, radius), colour, soft);
    }

    /// An oval; its edge fades over about `soft` pixels.
    pub fn oval(&mut self, (x, y): (f32, f32), (rx, ry): (f32, f32), colour: Colour, soft: f32) {
        let reach = |radius: f32| (radius + soft).ceil() as isize;
        for py in (y as isize - reach(ry))..=(y as isize + reach(ry)) {
            for px in (x as isize - reach(rx))..=(x as isize + reach(rx)) {
                let (dx, dy) = ((px as f32 - x) / rx, (py as f32 - y) / ry);
                let outside = ((dx * dx + dy * dy).sqrt() - 1.0) * rx.min(ry);
                self.dab(px, py, colour, (1.0 - outside / soft.max(1.0)).clamp(0.0, 1.0));
            }
        }
    }

    pub fn rectangle(
        &mut self,
        (left, top): (isize, isize),
        (width, height): (isize, isize),
        colour: Colour,
    ) {
        for y in top..top + height {
            (left..left + width).for_each(|x| self.dab(x, y, colour, 1.0));
        }
    }

    /// Ground below a line: `line(x)` is its height as a row, the colour goes from `near` the line to `far` below it.
    pub fn ground(&mut self, line: impl Fn(f32) -> f32, near: Colour, far: Colour) {
        for x in 0..self.width {
            let top = line(x as f32).clamp(0.0, self.height as f32);
            let depth = (self.height as f32 - top).max(1.0);
            for y in top as usize..self.height {
                let cover = if y == top as usize { 1.0 - top.fract() } else { 1.0 };
                self.dab(x as isize, y as isize, mix(near, far, (y as f32 - top) / depth), cover);
            }
        }
    }

    /// The picture in eight bits a part.
    pub fn finish(self) -> RgbImage {
        let width = self.width;
        let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0).round() as u8;
        RgbImage::from_fn(width as u32, self.height as u32, |x, y| {
            Rgb(self.pixels[y as usize * width + x as usize].map(byte))
        })
    }
}
