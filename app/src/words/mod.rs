//! What the portal says, in the language of whoever reads.
//!
//! English stands in the code, where it is said: `say!("Your claims")`,
//! `say!("Claim {number}", number)`, `say_many!(n, "{n} file", "{n} files")`. The other
//! languages stand in PO files, by their English text, in `app/words`. The server says for each
//! request which language is spoken; no view or operation passes it on.
//!
//! A test holds the texts in the code against the PO files, so that none is forgotten.

#[cfg(feature = "ssr")]
mod catalogue;
#[cfg(feature = "ssr")]
mod language;
#[cfg(feature = "ssr")]
mod spanish;

use std::fmt::Display;

#[cfg(feature = "ssr")]
pub use catalogue::Catalogue;
#[cfg(feature = "ssr")]
pub use language::{InEach, Language, spoken};
#[cfg(feature = "ssr")]
pub use spanish::SPANISH;

/// The text in the language spoken. English where it is not translated.
#[cfg(feature = "ssr")]
pub fn said(english: &'static str) -> &'static str {
    match spoken() {
        Language::En => english,
        Language::Es => spanish::WHOLE.text(english).unwrap_or(english),
    }
}

/// In the browser nothing is said anew: the server's words are used.
#[cfg(not(feature = "ssr"))]
pub fn said(english: &'static str) -> &'static str {
    english
}

/// The text for `n`, in the language spoken.
#[cfg(feature = "ssr")]
pub fn said_of(n: i64, one: &'static str, many: &'static str) -> &'static str {
    let forms = match spoken() {
        Language::En => None,
        Language::Es => spanish::WHOLE.counted(one),
    };
    let (one, many) = forms.map_or((one, many), |[one, many]| (one, many));
    if n == 1 { one } else { many }
}

/// As [`said`].
#[cfg(not(feature = "ssr"))]
pub fn said_of(n: i64, one: &'static str, many: &'static str) -> &'static str {
    if n == 1 { one } else { many }
}

/// Puts each value in its `{name}`'s place.
pub fn filled(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut whole = String::with_capacity(text.len() + 16 * values.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        let value = after
            .split_once('}')
            .and_then(|(name, after)| Some((values.iter().find(|(known, _)| *known == name)?.1, after)));
        rest = match value {
            Some((value, after)) => {
                whole.push_str(&value.to_string());
                after
            }
            None => {
                whole.push('{');
                after
            }
        };
    }
    whole + rest
}

/// A text in the language spoken: `say!("Claim {number}", number = n)`. Without values it is a
/// `&'static str`, with them a `String`.
#[macro_export]
macro_rules! say {
    ($text:literal) => { $crate::words::said($text) };
    ($text:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {
        $crate::words::filled(
            $crate::words::said($text),
            &[$((stringify!($name), $crate::say!(@value $name $(= $value)?))),+],
        )
    };
    (@value $name:ident) => { &$name as &dyn ::std::fmt::Display };
    (@value $name:ident = $value:expr) => { &$value as &dyn ::std::fmt::Display };
}

/// A text with a number, in the language spoken: `say_many!(count, "{n} file", "{n} files")`.
#[macro_export]
macro_rules! say_many {
    ($n:expr, $one:literal, $many:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        let n: i64 = $n;
        $crate::words::filled(
            $crate::words::said_of(n, $one, $many),
            &[("n", &n as &dyn ::std::fmt::Display) $(, (stringify!($name), $crate::say!(@value $name $(= $value)?)))*],
        )
    }};
}

/// A text that stands in one place and is said in another, by [`said`].
#[macro_export]
macro_rules! mark {
    ($text:literal) => {
        $text
    };
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_their_places() {
        let name = "Ada";
        assert_eq!(say!("{name} has {n}, {other}", name, n = 3), "Ada has 3, {other}");
        assert_eq!(say_many!(1, "{n} file of {name}", "{n} files of {name}", name), "1 file of Ada");
        assert_eq!(say_many!(0, "{n} file of {name}", "{n} files of {name}", name), "0 files of Ada");
    }

    #[test]
    fn what_is_spoken_is_said() {
        assert_eq!(say!("Help"), "Help");
        assert_eq!(Language::Es.within(|| say!("Help")), "Ayuda");
    }
}
