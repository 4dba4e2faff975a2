//! Reading one table of the file, key by key, noting every mistake with its line.

use std::{cell::RefCell, collections::BTreeSet, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{error::Mistake, value::Value};

/// The file being read, and what was found wrong with it so far.
pub(super) struct Source<'a> {
    text: &'a str,
    mistakes: RefCell<Vec<Mistake>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Source { text, mistakes: RefCell::default() }
    }

    /// Notes a mistake at a span of the text.
    pub(super) fn wrong(&self, span: Option<Range<usize>>, key: impl Into<String>, what: impl Into<String>) {
        let line =
            span.and_then(|span| self.text.get(..span.start)).map(|before| 1 + before.matches('\n').count());
        self.mistakes.borrow_mut().push(Mistake { line, key: key.into(), what: what.into() });
    }

    /// All mistakes, in the order of their lines.
    pub(super) fn into_mistakes(self) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort_by_key(|mistake| mistake.line);
        mistakes
    }
}

/// One table. Keys not asked for by the time of [`Section::finish`] are refused.
pub(super) struct Section<'a> {
    source: &'a Source<'a>,
    name: String,
    span: Range<usize>,
    table: &'a DeTable<'a>,
    asked: BTreeSet<&'static str>,
}

impl<'a> Section<'a> {
    pub(super) fn new(
        source: &'a Source<'a>,
        name: impl Into<String>,
        span: Range<usize>,
        table: &'a DeTable<'a>,
    ) -> Self {
        Section { source, name: name.into(), span, table, asked: BTreeSet::new() }
    }

    /// A value that must be there. None after a mistake was noted.
    pub(super) fn required<T: Value>(&mut self, key: &'static str) -> Option<T> {
        if self.entry(key).is_none() {
            self.wrong(key, format!("is missing; write {}", T::WRITE));
        }
        self.optional(key)
    }

    /// A value that may be absent. None when absent, or after a mistake was noted.
    pub(super) fn optional<T: Value>(&mut self, key: &'static str) -> Option<T> {
        let value = self.entry(key)?;
        match T::read(value.get_ref()) {
            Ok(value) => Some(value),
            Err(why) => {
                self.wrong(key, why);
                None
            }
        }
    }

    /// A table that must be there. None after a mistake was noted.
    pub(super) fn table(&mut self, key: &'static str) -> Option<Section<'a>> {
        if self.entry(key).is_none() {
            self.wrong(key, format!("is missing; add a table [{}]", self.path(key)));
        }
        self.optional_table(key)
    }

    /// A table that may be absent. None when absent, or after a mistake was noted.
    pub(super) fn optional_table(&mut self, key: &'static str) -> Option<Section<'a>> {
        let value = self.entry(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(key, "must be a table");
            return None;
        };
        Some(Section::new(self.source, self.path(key), value.span(), table))
    }

    /// The tables of a list, `[[key]]`; empty when absent.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.entry(key) else { return Vec::new() };
        let items = value.get_ref().as_array().map(|list| list.iter().collect::<Vec<_>>());
        let tables = items.and_then(|items| {
            items
                .into_iter()
                .map(|item| Some((item.span(), item.get_ref().as_table()?)))
                .collect::<Option<Vec<_>>>()
        });
        let Some(tables) = tables else {
            self.wrong(key, format!("must be a list of tables, each begun with [[{}]]", self.path(key)));
            return Vec::new();
        };
        let name = |i: usize| format!("{}[{}]", self.path(key), i + 1);
        tables
            .into_iter()
            .enumerate()
            .map(|(i, (span, table))| Section::new(self.source, name(i), span, table))
            .collect()
    }

    /// Every key with its text, for tables whose keys are names of things.
    pub(super) fn pairs(&mut self, key: &'static str) -> Vec<(String, String)> {
        let Some(table) = self.entry(key).map(|value| value.get_ref().as_table()) else { return Vec::new() };
        let pairs = table.and_then(|table| {
            let pair = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
                Some((
                    std::borrow::Cow::<str>::to_string(key.get_ref()),
                    value.get_ref().as_str()?.to_owned(),
                ))
            };
            table.iter().map(pair).collect::<Option<Vec<_>>>()
        });
        pairs.unwrap_or_else(|| {
            self.wrong(key, r#"must be pairs like { contacts = "partial_outage" }"#);
            Vec::new()
        })
    }

    /// Notes a mistake about one key.
    pub(super) fn wrong(&self, key: &str, what: impl Into<String>) {
        let span = self.entry_of(key).map_or(self.span.clone(), |value| value.span());
        self.source.wrong(Some(span), self.path(key), what);
    }

    /// Refuses every key that nothing asked for.
    pub(super) fn finish(&self) {
        for key in self.table.keys().filter(|key| !self.asked.contains(key.get_ref().as_ref())) {
            let known = self.asked.iter().copied().collect::<Vec<_>>().join(", ");
            let what = format!("is not a key here; the keys are {known}");
            self.source.wrong(Some(key.span()), self.path(key.get_ref()), what);
        }
    }

    fn entry(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.insert(key);
        self.entry_of(key)
    }

    fn entry_of(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    fn path(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }
}
