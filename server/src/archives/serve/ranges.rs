//! What a `Range` header asks for (RFC 9110, 14).

use std::ops::Range;

/// More ranges than this in one request are refused: no download manager asks so, and each costs work (14.2).
pub const MOST: usize = 16;
/// A gap smaller than what a part's own header takes is sent along (15.3.7.2).
const GAP: u64 = 128;

/// What to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Everything: the header is absent or of a unit that we do not know.
    Whole,
    /// These, in the order in which they were asked for; never empty, none touches another.
    Parts(Vec<Range<u64>>),
    /// 416: nothing of what is asked for is there, or it makes no sense, or it is meant to do harm.
    Refused,
}

/// Reads the header's value for a representation of `length` bytes.
pub fn asked(value: &str, length: u64) -> Asked {
    let Some((unit, list)) = value.split_once('=') else { return Asked::Refused };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Asked::Whole;
    }
    // Empty elements of a list are nothing (5.6.1.2).
    let specs: Vec<&str> =
        list.split(',').map(|spec| spec.trim_matches([' ', '\t'])).filter(|spec| !spec.is_empty()).collect();
    if specs.len() > MOST {
        return Asked::Refused;
    }
    let Some(ranges) = specs.into_iter().map(|spec| range(spec, length)).collect::<Option<Vec<_>>>() else {
        return Asked::Refused;
    };
    let there: Vec<Range<u64>> = ranges.into_iter().filter(|range| !range.is_empty()).collect();
    if there.is_empty() || overlaps(&there) > 2 {
        return Asked::Refused;
    }
    Asked::Parts(coalesced(there))
}

/// One range, cut to what is there; empty when nothing of it is. None when it makes no sense.
fn range(spec: &str, length: u64) -> Option<Range<u64>> {
    let (first, last) = spec.split_once('-')?;
    match (first, last) {
        ("", suffix) => Some(length - number(suffix)?.min(length)..length),
        (first, "") => Some(number(first)?.min(length)..length),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then(|| first.min(length)..last.saturating_add(1).min(length))
        }
    }
}

/// Digits alone; a number too large for any file stands for the largest.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// How many of the ranges lie over another one: "more than two overlapping ranges" may be refused (14.2).
fn overlaps(ranges: &[Range<u64>]) -> usize {
    let over = |one: &Range<u64>, other: &Range<u64>| one.start < other.end && other.start < one.end;
    let among_others = |(at, range): (usize, &Range<u64>)| {
        ranges.iter().enumerate().any(|(other, them)| other != at && over(range, them))
    };
    ranges.iter().enumerate().filter(|each| among_others(*each)).count()
}

/// Ranges that overlap or nearly touch become one, at the place of the first of them.
fn coalesced(ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    let mut parts: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        let mut joined = range;
        let mut place = None;
        // What it joins may reach others in turn.
        while let Some(at) = parts.iter().position(|part| touches(part, &joined)) {
            let part = parts.remove(at);
            joined = part.start.min(joined.start)..part.end.max(joined.end);
            place = Some(place.map_or(at, |place: usize| place.min(at)));
        }
        parts.insert(place.unwrap_or(parts.len()), joined);
    }
    parts
}

fn touches(one: &Range<u64>, other: &Range<u64>) -> bool {
    one.start <= other.end.saturating_add(GAP) && other.start <= one.end.saturating_add(GAP)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(parts: &[(u64, u64)]) -> Asked {
        Asked::Parts(parts.iter().map(|(from, to)| *from..*to).collect())
    }

    #[test]
    fn one_range_is_cut_to_what_is_there() {
        for (value, range) in [
            ("bytes=0-499", 0..500),
            ("bytes=500-", 500..10_000),
            ("bytes=-500", 9_500..10_000),
            ("bytes=-99999999999999999999999", 0..10_000),
            ("bytes=9999-99999999999999999999999", 9_999..10_000),
            ("Bytes = 0-0", 0..1),
            ("bytes=, 3-4 ,", 3..5),
        ] {
            assert_eq!(asked(value, 10_000), Asked::Parts(vec![range]), "{value}");
        }
    }

    #[test]
    fn what_is_not_there_or_makes_no_sense_is_refused() {
        for value in [
            "bytes=10000-",
            "bytes=-0",
            "bytes=5-4",
            "bytes=a-b",
            "bytes=1",
            "bytes=",
            "bytes",
            "bytes=--1",
            "bytes=+1-2",
            "bytes=0-1,x",
            "bytes=0x1-2",
            "",
        ] {
            assert_eq!(asked(value, 10_000), Asked::Refused, "{value}");
        }
        assert_eq!(asked("bytes=0-", 0), Asked::Refused);
        assert_eq!(asked("pages=1-2", 10_000), Asked::Whole);
    }

    #[test]
    fn several_ranges_keep_their_order_and_those_that_touch_are_one() {
        assert_eq!(asked("bytes=9000-9099,0-99", 10_000), parts(&[(9_000, 9_100), (0, 100)]));
        assert_eq!(asked("bytes=0-99,20000-,5000-5099", 10_000), parts(&[(0, 100), (5_000, 5_100)]));
        assert_eq!(asked("bytes=0-99,150-199", 10_000), parts(&[(0, 200)]));
        assert_eq!(asked("bytes=5000-5099,0-99,4000-5000", 10_000), parts(&[(4_000, 5_100), (0, 100)]));
    }

    #[test]
    fn many_ranges_and_ranges_that_overlap_are_refused() {
        let many: Vec<String> = (0..=MOST).map(|n| format!("{}-{}", n * 500, n * 500)).collect();
        assert_eq!(asked(&format!("bytes={}", many.join(",")), 100_000), Asked::Refused);
        assert!(matches!(asked(&format!("bytes={}", many[..MOST].join(",")), 100_000), Asked::Parts(_)));
        assert_eq!(asked("bytes=0-,0-,0-", 10_000), Asked::Refused);
        assert_eq!(asked("bytes=0-,500-", 10_000), parts(&[(0, 10_000)]));
    }

    proptest! {
        #[test]
        fn whatever_is_asked_the_parts_are_there_apart_and_cover_what_was_asked(
            specs in prop::collection::vec((0u64..2_000, 0u64..2_000), 1..MOST),
            length in 1u64..1_500,
        ) {
            let list: Vec<String> = specs.iter().map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))).collect();
            let Asked::Parts(parts) = asked(&format!("bytes={}", list.join(",")), length) else { return Ok(()) };
            for (at, part) in parts.iter().enumerate() {
                prop_assert!(part.start < part.end && part.end <= length);
                prop_assert!(parts[..at].iter().all(|other| !touches(part, other)));
            }
            for (a, b) in specs {
                for byte in a.min(b)..(a.max(b) + 1).min(length) {
                    prop_assert!(parts.iter().any(|part| part.contains(&byte)), "{byte}");
                }
            }
        }

        #[test]
        fn nothing_that_somebody_sends_panics(value in ".{0,80}", length: u64) {
            asked(&value, length);
            asked(&format!("bytes={value}"), length);
        }
    }
}
