//! The language that a person is written to in.

/// What the portal writes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    En,
    Es,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::En, Language::Es];

    /// Of a BCP 47 tag: Spanish of any country, else English.
    pub fn of(locale: &str) -> Self {
        let primary = locale.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("es") { Language::Es } else { Language::En }
    }

    /// BCP 47, as in `lang="es"`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Es => "es",
        }
    }

    /// Its own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Language::En => "English",
            Language::Es => "Español",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spanish_of_any_country_is_spanish_and_all_else_english() {
        for spanish in ["es", "es-US", "ES_mx", "es-419"] {
            assert_eq!(Language::of(spanish), Language::Es, "{spanish}");
        }
        for other in ["en-US", "est", "zh-Hant-TW", ""] {
            assert_eq!(Language::of(other), Language::En, "{other}");
        }
    }
}
