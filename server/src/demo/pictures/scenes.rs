//! Little landscapes and still lifes, each a bit different every time.

use std::f32::consts::TAU;

use super::canvas::{Canvas, Colour, mix};
use crate::demo::dice::Dice;

type Draw = fn(usize, usize, &mut Dice) -> Canvas;

/// Every scene; all draw at any size.
pub const ALL: [Draw; 8] = [hills, sea, city, mountains, balloons, flowers, lantern_night, beach];

const SKIES: [(Colour, Colour); 6] = [
    ([0.28, 0.55, 0.86], [0.80, 0.91, 0.97]),
    ([0.36, 0.42, 0.72], [0.98, 0.78, 0.62]),
    ([0.20, 0.38, 0.62], [0.95, 0.88, 0.74]),
    ([0.45, 0.66, 0.88], [0.94, 0.95, 0.92]),
    ([0.52, 0.35, 0.58], [0.99, 0.70, 0.52]),
    ([0.40, 0.72, 0.83], [0.90, 0.96, 0.88]),
];

const WHITE: Colour = [0.99, 0.98, 0.95];
const SUN: Colour = [1.0, 0.93, 0.70];

fn sky(width: usize, height: usize, dice: &mut Dice) -> Canvas {
    let (top, bottom) = dice.pick(&SKIES);
    let mut canvas = Canvas::sky(width, height, top, bottom);
    let at = (width as f32 * (0.15 + 0.7 * dice.unit()), height as f32 * (0.14 + 0.2 * dice.unit()));
    canvas.disc(at, 26.0, SUN, 60.0);
    canvas.disc(at, 24.0, WHITE, 3.0);
    canvas
}

fn clouds(canvas: &mut Canvas, dice: &mut Dice) {
    for _ in 0..dice.between(2, 4) {
        let (x, y) = (canvas.width as f32 * dice.unit(), canvas.height as f32 * (0.06 + 0.22 * dice.unit()));
        for puff in 0..5 {
            let at = (x + puff as f32 * 24.0 - 48.0, y + 8.0 * dice.unit());
            canvas.oval(
                at,
                (26.0 + 10.0 * dice.unit(), 11.0 + 6.0 * dice.unit()),
                mix(WHITE, SUN, 0.2),
                10.0,
            );
        }
    }
}

/// A line of waves: three sines of chance around `level`.
fn waves(dice: &mut Dice, level: f32, swing: f32, length: f32) -> impl Fn(f32) -> f32 + use<> {
    let phase: [f32; 3] = std::array::from_fn(|_| dice.unit() * TAU);
    move |x| {
        let wave = |i: usize, scale: f32| (x * TAU * scale / length + phase[i]).sin() / scale;
        level + swing * (wave(0, 1.0) + wave(1, 2.3) + wave(2, 5.1))
    }
}

fn hills(width: usize, height: usize, dice: &mut Dice) -> Canvas {
    let mut canvas = sky(width, height, dice);
    clouds(&mut canvas, dice);
    let green = dice.pick(&[[0.36, 0.55, 0.27], [0.55, 0.56, 0.26], [0.62, 0.46, 0.25], [0.27, 0.50, 0.38]]);
    for layer in 0..4 {
        let t = layer as f32 / 3.0;
        let line = waves(dice, height as f32 * (0.52 + 0.13 * t), 22.0, width as f32 * 0.9);
        canvas.ground(
            line,
            mix([0.66, 0.74, 0.80], green, 0.25 + 0.75 * t),
            mix(green, [0.12, 0.22, 0.12], t),
        );
    }
    canvas
}

fn sea(width: usize, height: usize, dice: &mut Dice) -> Canvas {
    let mut canvas = sky(width, height, dice);
    clouds(&mut canvas, dice);
    let level = height as f32 * 0.58;
    let deep = dice.pick(&[[0.08, 0.28, 0.44], [0.10, 0.36, 0.42], [0.18, 0.22, 0.40]]);
    canvas.ground(|_| level, mix(deep, WHITE, 0.35), deep);
    for _ in 0..220 {
        let depth = dice.unit();
        let at = (width as f32 * dice.unit(), level + (height as f32 - level) * depth);
        canvas.oval(
            at,
            (6.0 + 26.0 * depth, 0.8 + 1.2 * depth),
            mix(deep, WHITE, 0.3 + 0.3 * dice.unit()),
            1.0,
        );
    }
    let (x, size) = (width as f32 * (0.2 + 0.6 * dice.unit()), 26.0 + 22.0 * dice.unit());
    canvas.oval((x, level + 12.0), (size, 7.0), [0.45, 0.20, 0.16], 1.0);
    for step in 0..(size * 2.0) as isize {
        let half = (size as isize * 2 - step) / 3;
        canvas.rectangle((x as isize - 2 - half, level as isize - step), (half, 1), WHITE);
    }
    canvas
}

fn city(width: usize, height: usize, dice: &mut Dice) -> Canvas {
    let mut canvas =
        Canvas::sky(width, height, [0.10, 0.12, 0.30], dice.pick(&[[0.93, 0.55, 0.42], [0.55, 0.40, 0.62]]));
    canvas.disc((width as f32 * dice.unit(), height as f32 * 0.18), 18.0, WHITE, 5.0);
    for row in 0..3 {
        let shade = mix([0.36, 0.30, 0.45], [0.07, 0.08, 0.15], row as f32 / 2.0);
        let mut x = -20;
        while x < width as isize {
            let (wide, tall) = (dice.between(34, 78) as isize, dice.between(height / 5, height / 2) as isize);
            let tall = tall - row * 36;
            canvas.rectangle((x, height as isize - tall), (wide, tall), shade);
            windows(&mut canvas, (x, height as isize - tall), (wide, tall), dice);
            x += wide + dice.between(0, 8) as isize;
        }
    }
    canvas
}

fn windows(canvas: &mut Canvas, (x, y): (isize, isize), (wide, tall): (isize, isize), dice: &mut Dice) {
    for row in 0..(tall - 10) / 14 {
        for column in 0..(wide - 8) / 10 {
            if dice.chance(38) {
                let light = mix([0.99, 0.82, 0.45], [0.75, 0.85, 0.95], dice.unit() * 0.6);
                canvas.rectangle((x + 6 + column * 10, y + 8 + row * 14), (5, 8), light);
            }
        }
    }
}

fn mountains(width: usize, height: usize, dice: &mut Dice) -> Canvas {
    let mut canvas = sky(width, height, dice);
    for range in 0..3 {
        let t = range as f32 / 2.0;
        let peak = width as f32 * (0.2 + 0.6 * dice.unit());
        let rough = waves(dice, 0.0, 9.0, 130.0);
        let (top, slope) = (height as f32 * (0.24 + 0.17 * t), 0.55 + 0.25 * dice.unit());
        let line = |x: f32| top + (x - peak).abs() * slope * (1.0 - 0.4 * t) + rough(x);
        let rock = mix([0.55, 0.60, 0.70], [0.20, 0.26, 0.30], t);
        canvas.ground(line, rock, mix(rock, [0.10, 0.16, 0.14], 0.6));
        // Snow lies on the upper part of the first range.
        if range == 0 {
            for x in 0..width {
                let (from, to) = (line(x as f32), top + 46.0 + rough(x as f32 * 2.7));
                (from as isize..to as isize).for_each(|y| canvas.dab(x as isize, y, WHITE, 0.9));
            }
        }
    }
    canvas.ground(
        waves(dice, height as f32 * 0.86, 8.0, width as f32),
        [0.30, 0.44, 0.24],
        [0.16, 0.26, 0.14],
    );
    canvas
}

fn balloons(width: usize, height: usize, dice: &mut Dice) -> Canvas {
    let mut canvas = hills(width, height, dice);
    for _ in 0..dice.between(2, 5) {
        let size = 18.0 + 34.0 * dice.unit();
        let (x, y) = (width as f32 * (0.1 + 0.8 * dice.unit()), height as f32 * (0.15 + 0.3 * dice.unit()));
        let colour =
            dice.pick(&[[0.85, 0.22, 0.20], [0.95, 0.70, 0.15], [0.20, 0.45, 0.75], [0.50, 0.25, 0.60]]);
        canvas.oval((x, y), (size, size * 1.15), colour, 1.5);
        canvas.oval((x, y), (size * 0.42, size * 1.15), mix(colour, WHITE, 0.55), 1.5);
        let basket = (size * 0.32) as isize;
        canvas.rectangle(
            (x as isize - basket / 2, (y + size * 1.5) as isize),
            (basket, basket),
            [0.42, 0.28, 0.14],
        );
    }
    canvas
}

fn flowers(width: usize, height: usize, dice: &mut Dice) -> Canvas {
    let mut canvas = Canvas::sky(width, height, [0.62, 0.78, 0.52], [0.20, 0.38, 0.20]);
    for _ in 0..26 {
        let at = (width as f32 * dice.unit(), height as f32 * dice.unit());
        canvas.disc(at, 14.0 + 30.0 * dice.unit(), mix([0.35, 0.58, 0.30], SUN, 0.5 * dice.unit()), 34.0);
    }
    let colour = dice.pick(&[[0.90, 0.35, 0.45], [0.97, 0.80, 0.25], [0.60, 0.45, 0.85], [0.98, 0.96, 0.92]]);
    for _ in 0..dice.between(5, 9) {
        let (x, y) = (width as f32 * dice.unit(), height as f32 * (0.2 + 0.65 * dice.unit()));
        let size = 16.0 + 20.0 * dice.unit();
        canvas.rectangle((x as isize - 2, y as isize), (4, height as isize), [0.22, 0.42, 0.18]);
        for petal in 0..8 {
            let turn = TAU * petal as f32 / 8.0;
            let at = (x + size * turn.cos(), y + size * turn.sin());
            canvas.disc(at, size * 0.52, mix(colour, WHITE, 0.25 * dice.unit()), 1.5);
        }
        canvas.disc((x, y), size * 0.55, [0.80, 0.58, 0.14], 1.5);
    }
    canvas
}

fn lantern_night(width: usize, height: usize, dice: &mut Dice) -> Canvas {
    let mut canvas = Canvas::sky(width, height, [0.04, 0.05, 0.14], [0.20, 0.14, 0.32]);
    for _ in 0..130 {
        let at = (width as f32 * dice.unit(), height as f32 * 0.7 * dice.unit());
        canvas.disc(at, 0.6 + dice.unit(), WHITE, 1.0);
    }
    canvas.ground(
        waves(dice, height as f32 * 0.8, 14.0, width as f32),
        [0.05, 0.08, 0.10],
        [0.02, 0.03, 0.04],
    );
    for _ in 0..dice.between(4, 9) {
        let (x, y) = (width as f32 * dice.unit(), height as f32 * (0.2 + 0.5 * dice.unit()));
        let light = dice.pick(&[[0.99, 0.70, 0.30], [0.98, 0.50, 0.32], [0.99, 0.85, 0.50]]);
        canvas.disc((x, y), 10.0, mix([0.12, 0.10, 0.22], light, 0.55), 46.0);
        canvas.oval((x, y), (14.0, 18.0), light, 2.0);
        canvas.oval((x, y + 5.0), (6.0, 8.0), WHITE, 3.0);
    }
    canvas
}

fn beach(width: usize, height: usize, dice: &mut Dice) -> Canvas {
    let mut canvas = sky(width, height, dice);
    let level = height as f32 * 0.48;
    canvas.ground(|_| level, [0.30, 0.58, 0.70], [0.45, 0.76, 0.78]);
    let line = waves(dice, height as f32 * 0.68, 12.0, width as f32 * 0.8);
    canvas.ground(|x| line(x) - 7.0, WHITE, WHITE);
    canvas.ground(line, [0.90, 0.80, 0.58], [0.78, 0.66, 0.44]);
    for _ in 0..dice.between(1, 3) {
        let (x, y) = (width as f32 * (0.1 + 0.8 * dice.unit()), height as f32 * (0.74 + 0.12 * dice.unit()));
        let colour = dice.pick(&[[0.86, 0.25, 0.22], [0.16, 0.45, 0.70], [0.95, 0.75, 0.20]]);
        canvas.oval((x + 24.0, y + 58.0), (52.0, 8.0), [0.62, 0.52, 0.36], 6.0);
        canvas.rectangle((x as isize - 2, y as isize), (4, 60), WHITE);
        for stripe in 0..5 {
            let part = if stripe % 2 == 0 { colour } else { WHITE };
            let wide = 56.0 * (1.0 - stripe as f32 / 5.0);
            (0..28).for_each(|row| {
                let half = (wide * (1.0 - (row as f32 / 28.0).powi(2)).sqrt()) as isize;
                canvas.rectangle((x as isize - half, y as isize - row), (2 * half, 1), part);
            });
        }
    }
    canvas
}
