//! The languages that the portal speaks, and the one that is spoken just now.

use std::future::Future;

/// What the portal writes and shows its pages in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    En,
    Es,
}

tokio::task_local! {
    static SPOKEN: Language;
}

/// The language of whoever reads what is made now; English where nobody said otherwise.
pub fn spoken() -> Language {
    SPOKEN.try_with(|language| *language).unwrap_or_default()
}

impl Language {
    pub const ALL: [Language; 2] = [Language::En, Language::Es];

    /// Of a BCP 47 tag: Spanish of any country, else English.
    pub fn of(locale: &str) -> Self {
        Self::known(locale).unwrap_or_default()
    }

    /// Of a BCP 47 tag; none for a language that the portal does not speak.
    pub fn known(locale: &str) -> Option<Self> {
        let primary = locale.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
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

    /// The one to change to.
    pub fn other(self) -> Self {
        match self {
            Language::En => Language::Es,
            Language::Es => Language::En,
        }
    }

    /// Speaks this language while `work` runs.
    pub fn within<T>(self, work: impl FnOnce() -> T) -> T {
        SPOKEN.sync_scope(self, work)
    }

    /// Speaks this language whenever `work` goes on.
    pub fn during<F: Future>(self, work: F) -> impl Future<Output = F::Output> {
        SPOKEN.scope(self, work)
    }
}

/// One thing in each language, made beforehand.
#[derive(Clone, Debug, Default)]
pub struct InEach<T> {
    english: T,
    spanish: T,
}

impl<T> InEach<T> {
    /// Makes it while each language is spoken.
    pub fn make(mut make: impl FnMut(Language) -> T) -> Self {
        let mut made = |language: Language| language.within(|| make(language));
        InEach { english: made(Language::En), spanish: made(Language::Es) }
    }

    pub fn of(&self, language: Language) -> &T {
        match language {
            Language::En => &self.english,
            Language::Es => &self.spanish,
        }
    }

    /// In the language that is spoken now.
    pub fn spoken(&self) -> &T {
        self.of(spoken())
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
        assert_eq!(Language::known("zh-Hant-TW"), None);
    }

    #[test]
    fn a_language_is_spoken_within_its_work_alone() {
        assert_eq!(spoken(), Language::En);
        Language::Es.within(|| {
            assert_eq!(spoken(), Language::Es);
            Language::En.within(|| assert_eq!(spoken(), Language::En));
            assert_eq!(spoken(), Language::Es);
        });
        assert_eq!(spoken(), Language::En);
    }
}
