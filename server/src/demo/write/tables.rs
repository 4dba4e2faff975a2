//! High scores and purchases: tables of rows, as CSV or as JSON.

use super::{File, day, words};
use crate::demo::{dice::Dice, people::Subscriber};

/// One file with `count` different scores.
pub fn high_scores(subscriber: &Subscriber, count: usize, dice: &mut Dice) -> Vec<File> {
    let rows = (0..count).map(|_| {
        let (game, scale) = dice.pick(words::GAMES);
        // Two scores of one game on one day could be the same row; the last digits tell them apart.
        vec![
            game.to_owned(),
            (dice.between(20, 900) * scale + dice.below(scale)).to_string(),
            dice.between(1, 30).to_string(),
            format!("{}T{:02}:{:02}:{:02}", day(dice), dice.below(24), dice.below(60), dice.below(60)),
        ]
    });
    vec![file(subscriber, "high-scores", &["game", "score", "level", "achieved"], rows.collect())]
}

/// One file with `count` different purchases.
pub fn purchases(subscriber: &Subscriber, count: usize, dice: &mut Dice) -> Vec<File> {
    let rows = (0..count).map(|at| {
        let (product, vendor) = dice.pick(words::PRODUCTS);
        let price = dice.pick(&["0.99", "1.99", "2.49", "2.99", "4.99", "6.99", "9.99"]);
        vec![
            product.to_owned(),
            vendor.to_owned(),
            format!("{price} USD"),
            day(dice).to_string(),
            format!("{}-{:03}", subscriber.account, at + 1),
        ]
    });
    vec![file(subscriber, "purchases", &["product", "vendor", "price", "bought", "order"], rows.collect())]
}

fn file(subscriber: &Subscriber, category: &str, columns: &[&str], rows: Vec<Vec<String>>) -> File {
    if subscriber.habits.json {
        let objects: Vec<serde_json::Value> = rows
            .into_iter()
            .map(|row| {
                columns
                    .iter()
                    .map(|column| (*column).to_owned())
                    .zip(row.into_iter().map(serde_json::Value::String))
                    .collect()
            })
            .collect();
        let text = format!("{:#}\n", serde_json::Value::Array(objects));
        return (format!("{category}/{category}.json"), text.into_bytes());
    }
    (format!("{category}/{category}.csv"), csv(columns, &rows))
}

/// Rows as CSV (RFC 4180).
pub fn csv<T: AsRef<str>>(columns: &[&str], rows: &[Vec<T>]) -> Vec<u8> {
    let line =
        |cells: &mut dyn Iterator<Item = &str>| cells.map(quoted).collect::<Vec<_>>().join(",") + "\r\n";
    let mut text = line(&mut columns.iter().copied());
    rows.iter().for_each(|row| text += &line(&mut row.iter().map(AsRef::as_ref)));
    text.into_bytes()
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
