//! A word that nobody must read in a log.

use std::fmt;

use zeroize::Zeroizing;

/// A key of somebody's interface. Its `Debug` shows dots.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(word: String) -> Self {
        Secret(Zeroizing::new(word))
    }

    /// The word itself, for a request alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_dots() {
        assert_eq!(format!("{:?}", Some(Secret::new("sk_live_1".to_owned()))), "Some(Secret(…))");
    }
}
