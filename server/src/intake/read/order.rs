//! The keys that lists are ordered by, one text column for every category:
//! a list, its months, its letters and its filters are all stretches of one index.
//!
//! | category | key | the list walks it |
//! |---|---|---|
//! | contacts, notes | `ann example` | upwards |
//! | calendar | `2009-10-15t14:00 dentist`, `2009-10-15 holiday`, `~ some day` | upwards |
//! | tasks | `1 2009-10-15t14:00 call`, `1 ~ call`; `2 …` once done | upwards |
//! | photos, purchases | `2009-08-14t17:03 img_42.jpg`, `- img_43.jpg` | downwards: the newest first |
//! | high scores | `tetris 999999999987699`: the best of a game first | upwards |

use super::fold;
use super::when::When;

/// What a task's key begins with while it is to do.
pub const OPEN: &str = "1 ";
/// What it begins with when it is done or called off.
pub const CLOSED: &str = "2 ";
/// Before what has no date, in a list that ends with the latest: after every year.
const NO_DATE_LAST: &str = "~";
/// Before what has no date, in a list that begins with the latest: before every year.
const NO_DATE_FIRST: &str = "-";
/// Scores of more digits than this are as good as each other.
const DIGITS: usize = 15;

/// The earliest first; what has no date stands last.
pub fn oldest_first(when: Option<&When>, title: &str) -> String {
    dated(when, NO_DATE_LAST, title)
}

/// To be walked downwards, the latest first; what has no date stands last there too.
pub fn newest_first(when: Option<&When>, title: &str) -> String {
    dated(when, NO_DATE_FIRST, title)
}

/// What is to do before what is done, each by when it is due.
pub fn task(is_done: bool, due: Option<&When>, title: &str) -> String {
    let state = if is_done { CLOSED } else { OPEN };
    format!("{state}{}", oldest_first(due, title))
}

/// By game, and in a game the best first.
pub fn score(game: &str, score: &str) -> String {
    let whole: String = score.split(['.', ' ']).next().unwrap_or_default().replace([',', '\''], "");
    let best = 10_u64.pow(DIGITS as u32) - 1;
    let is_number = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    let points = if is_number { whole.parse().unwrap_or(best).min(best) } else { 0 };
    format!("{} {:015}", fold::sort(game), best - points)
}

fn dated(when: Option<&When>, without: &str, title: &str) -> String {
    let date = when.map_or_else(|| without.to_owned(), When::key);
    format!("{date} {}", fold::sort(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_order(keys: &[String]) {
        assert!(keys.is_sorted(), "{keys:?}");
    }

    #[test]
    fn a_day_begins_with_what_lasts_all_of_it() {
        let at = |text: &str, title: &str| oldest_first(When::parse(text).as_ref(), title);
        assert_eq!(at("20091015T140500", "Zahnärztin"), "2009-10-15t14:05 zahnarztin");
        in_order(&[
            at("20091014T235900", "z"),
            at("20091015", "b"),
            at("20091015T000000", "a"),
            at("20100101", "a"),
            at("", "a"),
        ]);
    }

    #[test]
    fn the_newest_stands_at_the_end_that_is_read_first() {
        let at = |text: &str| newest_first(When::parse(text).as_ref(), "IMG 1.jpg");
        in_order(&[at(""), at("20080101T000000"), at("20090814T170300")]);
    }

    #[test]
    fn what_is_to_do_stands_before_what_is_done() {
        let due = When::parse("20091015");
        in_order(&[
            task(false, due.as_ref(), "b"),
            task(false, None, "a"),
            task(true, due.as_ref(), "a"),
            task(true, None, "a"),
        ]);
    }

    #[test]
    fn the_best_of_a_game_stands_first() {
        in_order(&[
            score("Tetris", "99999999999999999999999"),
            score("Tetris", "12,300"),
            score("Tetris", "900.5"),
            score("Tetris", "lost"),
            score("Zoo", "1000000"),
        ]);
    }
}
