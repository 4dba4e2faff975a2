//! `README.html`: what is in the archive, what is missing and why, and how to open it; without a
//! network, in English and Spanish.

mod english;
mod section;
mod spanish;
#[cfg(test)]
mod tests;
mod words;

use app::models::{CategoryLine, Support};

use self::section::Section;
use crate::ambient::Millis;

/// What the page tells of.
pub struct Readme<'a> {
    pub incident: &'a str,
    pub operator: &'a str,
    /// Where the portal is: `https://recovery.example.com`.
    pub site: &'a str,
    /// The demonstration's sentence.
    pub notice: Option<&'a str>,
    pub made_at: Millis,
    /// The subscriber's, `es-MX`: it decides which language stands first.
    pub locale: &'a str,
    pub lines: &'a [CategoryLine],
    /// Files that need a word; those that are whole and current need none.
    pub files: &'a [Named],
    pub duplicates: Option<Duplicates>,
    pub support: &'a Support,
}

/// A file that the page names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its path in the archive; for a damaged one the path under which it was recovered.
    pub path: String,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Nobody could read it; its bytes are here as they came.
    Quarantined { reason: String },
    /// Its stored bytes can no longer be trusted; it is not here.
    Damaged,
    /// A newer version of the same file came after it.
    EarlierVersion,
}

/// What the subscriber chose about likely duplicates among the contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Duplicates {
    /// Cards that went into another one.
    pub merged: i64,
    /// Cards left out.
    pub left_out: i64,
}

// Where a browser knows `:has`, one language shows at a time, chosen by the links above; where not,
// both do. Paper gets the language that is shown. Colours are the reader's own.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem;overflow-wrap:break-word}\
nav a{display:inline-block;padding:.25rem .5rem .25rem 0}\
h1,h2,h3{line-height:1.2;margin:1.5em 0 .5em}\
table{border-collapse:collapse;width:100%}\
caption{text-align:left;padding-bottom:.5rem}\
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid}\
code{overflow-wrap:anywhere}\
.notice{border:2px solid;padding:.5rem .75rem;font-weight:bold}\
@supports selector(:has(a)){\
main:not(:has(:target))>section+section,main:has(#es:target)>#en,main:has(#en:target)>#es{display:none}}\
@media print{nav{display:none}body{max-width:none;padding:0;font-size:11pt}\
h2,h3{break-after:avoid}tr,li{break-inside:avoid}}";

impl Readme<'_> {
    /// The whole page. The title is in both languages; each section in its own.
    pub fn html(&self) -> String {
        let spanish_first = self.locale.get(..2).is_some_and(|two| two.eq_ignore_ascii_case("es"));
        let mut languages = [&english::WORDS, &spanish::WORDS];
        if spanish_first {
            languages.reverse();
        }
        let [first, second] = languages;
        let links: String = languages
            .iter()
            .map(|words| {
                format!(
                    "<a href=\"#{0}\" lang=\"{0}\" hreflang=\"{0}\">{1}</a>\n",
                    words.lang, words.language
                )
            })
            .collect();
        let sections: String = languages.iter().map(|words| Section { readme: self, words }.html()).collect();
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n\
             <title>{} · {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <nav aria-label=\"Language · Idioma\">\n{links}</nav>\n<main>\n{sections}</main>\n</body>\n</html>\n",
            first.lang, first.title, second.title
        )
    }
}

/// Text that stands in HTML, also inside an attribute.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
