//! Notes: a text file each.

use super::{File, words};
use crate::demo::{dice::Dice, names};

/// `count` different notes; as many as there are kinds, then numbered ones.
pub fn files(count: usize, dice: &mut Dice) -> Vec<File> {
    let kinds = dice.order(words::NOTES.len());
    (0..count)
        .map(|at| {
            let (title, text) = words::NOTES[kinds[at % kinds.len()]];
            let round = at / kinds.len();
            let name = if round == 0 { title.to_owned() } else { format!("{title} {}", round + 1) };
            let (given, family) = names::person(dice, 30, false);
            let text = text
                .replace("{name}", &format!("{given} {family}"))
                .replace("{n}", &dice.between(2, 90).to_string());
            (format!("notes/{name}.txt"), format!("{name}\r\n\r\n{text}\r\n").into_bytes())
        })
        .collect()
}
