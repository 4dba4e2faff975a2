//! Links to the letters, months and years that a list has.

use app::{Category, models::Jump};

use super::{
    Wanted,
    dates::month_in_words,
    shape::{Shape, link},
    store::{self, Stretch},
};
use crate::store::{Db, Result};

/// Places of a list that are looked for.
const MOST: i64 = 400;
/// More months than this are told as years.
const MONTHS: usize = 24;

/// The jumps of a list; none where it has one part, or no order that a person would jump in.
pub async fn jumps(
    db: &Db,
    stretch: &Stretch<'_>,
    shape: &Shape,
    base: &str,
    wanted: &Wanted,
) -> Result<Vec<Jump>> {
    if shape.part() == 0 {
        return Ok(Vec::new());
    }
    let mut places = store::beginnings(db, stretch, shape.part() as i64, MOST).await?;
    if shape.newest_first {
        places.reverse();
    }
    let mut jumps: Vec<Jump> = match shape.category {
        Category::Contacts => letters(&places),
        _ => months(&places),
    };
    for jump in &mut jumps {
        jump.here = jump.href == wanted.from;
        jump.href = link(base, &[("q", &wanted.q), ("from", &jump.href)]);
    }
    Ok(if jumps.len() > 1 { jumps } else { Vec::new() })
}

/// A to Z, and `#` for what begins with none of them.
fn letters(places: &[String]) -> Vec<Jump> {
    let is_letter = |place: &&String| place.starts_with(|c: char| c.is_ascii_lowercase());
    let other = places.iter().any(|place| !is_letter(&place)).then(|| "#".to_owned());
    let letters = other.into_iter().chain(places.iter().filter(is_letter).cloned());
    letters.map(|letter| Jump { label: letter.to_uppercase(), href: letter, here: false }).collect()
}

/// Months, or years where there are many; what has no date is at the end and needs no link.
fn months(places: &[String]) -> Vec<Jump> {
    let dated: Vec<&String> =
        places.iter().filter(|place| place.starts_with(|c: char| c.is_ascii_digit())).collect();
    if dated.len() <= MONTHS {
        let jump =
            |month: &&String| Jump { label: month_in_words(month), href: (*month).clone(), here: false };
        return dated.iter().map(jump).collect();
    }
    let mut years: Vec<String> = dated.iter().filter_map(|month| Some(month.get(..4)?.to_owned())).collect();
    years.dedup();
    years.into_iter().map(|year| Jump { label: year.clone(), href: year, here: false }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(jumps: Vec<Jump>) -> Vec<String> {
        jumps.into_iter().map(|jump| jump.label).collect()
    }

    #[test]
    fn signs_and_digits_share_one_place() {
        let places = ["(", "+", "7", "a", "z", "~"].map(String::from);
        assert_eq!(labels(letters(&places)), ["#", "A", "Z"]);
        assert_eq!(labels(letters(&places[3..5])), ["A", "Z"]);
    }

    #[test]
    fn many_months_are_told_as_years() {
        let few = ["2009-08", "2009-10", "~ some"].map(String::from);
        assert_eq!(labels(months(&few)), ["August 2009", "October 2009"]);
        let many: Vec<String> = (0..36).map(|n| format!("{}-{:02}", 2007 + n / 12, n % 12 + 1)).collect();
        assert_eq!(labels(months(&many)), ["2007", "2008", "2009"]);
    }
}
