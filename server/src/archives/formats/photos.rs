//! The time that a picture's file gets in the archive.

use crate::ambient::Millis;
use crate::intake::read::when::When;

/// A picture that says itself when it was taken keeps that inside; the file's own time comes from the
/// record. `told_at`: what the container said, else the moment that the item tells. Without one a
/// date in the file's name counts (`IMG_20090814_170300.jpg`), and without that the import.
pub fn photo_time(path: &str, told_at: Option<Millis>, imported_at: Millis) -> Millis {
    told_at.or_else(|| dated(path)).unwrap_or(imported_at)
}

/// The first date in a file's name, with the time behind it where there is one; as UTC.
fn dated(path: &str) -> Option<Millis> {
    let name = path.rsplit('/').next()?;
    let runs: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).collect();
    let at = runs.iter().position(|run| matches!(run.len(), 8 | 14) && is_year(run))?;
    let (date, rest) = runs[at].split_at(8);
    let time = if rest.is_empty() { runs.get(at + 1).copied().unwrap_or_default() } else { rest };
    let whole = (time.len() == 6).then(|| When::parse(&format!("{date}T{time}Z"))).flatten();
    whole.or_else(|| When::parse(date))?.millis(None)
}

fn is_year(run: &str) -> bool {
    run.get(..4).and_then(|year| year.parse::<u16>().ok()).is_some_and(|year| (1980..2100).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_counts_before_the_name_and_the_name_before_the_import() {
        assert_eq!(photo_time("a/IMG_20090814_170300.jpg", Some(1), 3), 1);
        assert_eq!(photo_time("a/IMG_20090814_170300.jpg", None, 3), 1_250_269_380_000);
        assert_eq!(photo_time("20090814170300.jpg", None, 3), 1_250_269_380_000);
        assert_eq!(photo_time("2009/20090814.jpg", None, 3), 1_250_208_000_000);
        for path in ["DSC_0042.jpg", "12345678.jpg", "20091399.jpg", ""] {
            assert_eq!(photo_time(path, None, 3), 3, "{path}");
        }
    }
}
