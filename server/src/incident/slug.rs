//! A name that can stand in a URL.

use std::fmt;

use toml::de::DeValue;

use super::value::{Value, must_be};

/// 1 to 60 of a–z, 0–9 and single hyphens between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// The slug, or none when the text is not one.
    pub fn new(text: &str) -> Option<Self> {
        let letters = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        (text.len() <= 60 && text.split('-').all(letters)).then(|| Slug(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Value for Slug {
    const WRITE: &'static str = r#"a short name of a–z, 0–9 and hyphens, like "gift-card""#;

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        value.as_str().and_then(Slug::new).ok_or_else(must_be::<Self>)
    }
}
