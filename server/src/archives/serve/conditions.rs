//! Conditional requests (RFC 9110, 13), in the order of 13.2.2.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, header};

use crate::ambient::Millis;

/// What tells one edition from another.
#[derive(Clone, Debug)]
pub struct Validators {
    /// Strong, with its quotes.
    pub tag: String,
    /// In whole seconds. Strong too: no two editions of a part are made within one second.
    pub modified: SystemTime,
}

/// What the conditions come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Send it; a range only if that is what the client has the beginning of.
    Send { range: bool },
    /// 304.
    NotModified,
    /// 412.
    Failed,
}

impl Validators {
    pub fn new(tag: String, made_at: Millis) -> Self {
        let seconds = u64::try_from(made_at / 1_000).unwrap_or_default();
        Self { tag, modified: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) }
    }

    /// `Tue, 20 Oct 2009 14:05:00 GMT`.
    pub fn last_modified(&self) -> String {
        httpdate::fmt_http_date(self.modified)
    }

    pub fn judge(&self, asked: &HeaderMap) -> Outcome {
        let fails = match texts(asked, &header::IF_MATCH) {
            Some(tags) => !self.is_among(&tags, false),
            None => date(asked, &header::IF_UNMODIFIED_SINCE).is_some_and(|since| self.modified > since),
        };
        if fails {
            return Outcome::Failed;
        }
        let known = match texts(asked, &header::IF_NONE_MATCH) {
            Some(tags) => self.is_among(&tags, true),
            None => date(asked, &header::IF_MODIFIED_SINCE).is_some_and(|since| self.modified <= since),
        };
        if known { Outcome::NotModified } else { Outcome::Send { range: self.continues(asked) } }
    }

    /// Whether a list of tags names this one. A weak tag never does where the comparison is strong.
    fn is_among(&self, tags: &str, weak: bool) -> bool {
        tags.split(',').map(str::trim).any(|tag| {
            let opaque = if weak { tag.strip_prefix("W/").unwrap_or(tag) } else { tag };
            tag == "*" || opaque == self.tag
        })
    }

    /// `If-Range`: absent, or strongly this very edition by tag or by date (13.1.5).
    fn continues(&self, asked: &HeaderMap) -> bool {
        let Some(value) = texts(asked, &header::IF_RANGE) else { return true };
        let value = value.trim();
        if value.starts_with('"') || value.starts_with("W/") {
            return value == self.tag;
        }
        httpdate::parse_http_date(value).is_ok_and(|date| date == self.modified)
    }
}

/// A header's values as one list; what is no text matches nothing.
fn texts(asked: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> =
        asked.get_all(name).iter().map(|value| value.to_str().unwrap_or_default()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// A date that is none is ignored (13.1.3, 13.1.4).
fn date(asked: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(asked.get(name)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const DATE: &str = "Tue, 20 Oct 2009 12:00:00 GMT";
    const BEFORE: &str = "Tue, 20 Oct 2009 11:59:59 GMT";
    const WHOLE: Outcome = Outcome::Send { range: false };
    const RANGE: Outcome = Outcome::Send { range: true };

    fn judge(pairs: &[(HeaderName, &str)]) -> Outcome {
        let asked = pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()));
        Validators::new("\"e1\"".to_owned(), 1_256_040_000_123).judge(&asked.collect())
    }

    #[test]
    fn a_date_is_written_as_http_has_it() {
        assert_eq!(Validators::new(String::new(), 1_256_040_000_999).last_modified(), DATE);
    }

    #[test]
    fn only_the_very_edition_is_continued() {
        for (value, outcome) in [
            ("\"e1\"", RANGE),
            (DATE, RANGE),
            ("Tuesday, 20-Oct-09 12:00:00 GMT", RANGE),
            ("\"e2\"", WHOLE),
            ("W/\"e1\"", WHOLE),
            (BEFORE, WHOLE),
            ("Wed, 21 Oct 2009 12:00:00 GMT", WHOLE),
            ("nonsense", WHOLE),
            ("", WHOLE),
        ] {
            assert_eq!(judge(&[(header::IF_RANGE, value)]), outcome, "{value}");
        }
        assert_eq!(judge(&[]), RANGE);
    }

    #[test]
    fn whoever_has_it_already_is_told_so() {
        for value in ["\"e1\"", "W/\"e1\"", "\"e0\", \"e1\"", "*"] {
            assert_eq!(judge(&[(header::IF_NONE_MATCH, value)]), Outcome::NotModified, "{value}");
        }
        assert_eq!(judge(&[(header::IF_NONE_MATCH, "\"e2\"")]), RANGE);
        assert_eq!(judge(&[(header::IF_MODIFIED_SINCE, DATE)]), Outcome::NotModified);
        assert_eq!(judge(&[(header::IF_MODIFIED_SINCE, BEFORE)]), RANGE);
        // The tag speaks before the date.
        assert_eq!(judge(&[(header::IF_NONE_MATCH, "\"e2\""), (header::IF_MODIFIED_SINCE, DATE)]), RANGE);
    }

    #[test]
    fn a_condition_that_fails_comes_before_all_others() {
        for pairs in [
            [(header::IF_MATCH, "\"e2\""), (header::IF_NONE_MATCH, "\"e1\"")],
            [(header::IF_MATCH, "W/\"e1\""), (header::IF_RANGE, "\"e1\"")],
            [(header::IF_UNMODIFIED_SINCE, BEFORE), (header::IF_NONE_MATCH, "*")],
        ] {
            assert_eq!(judge(&pairs), Outcome::Failed, "{pairs:?}");
        }
        for pairs in [
            [(header::IF_MATCH, "\"e1\""), (header::IF_UNMODIFIED_SINCE, BEFORE)],
            [(header::IF_MATCH, "*"), (header::IF_RANGE, DATE)],
            [(header::IF_UNMODIFIED_SINCE, DATE), (header::IF_MODIFIED_SINCE, "nonsense")],
        ] {
            assert_eq!(judge(&pairs), RANGE, "{pairs:?}");
        }
    }
}
