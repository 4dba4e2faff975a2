//! The page in one language.

use app::models::CategoryLine;

use super::words::{Listing, Words};
use super::{Named, Readme, What, escape};

/// So many names are listed; `manifest.json` has them all.
const NAMED: usize = 200;

pub struct Section<'a> {
    pub readme: &'a Readme<'a>,
    pub words: &'a Words,
}

impl Section<'_> {
    pub fn html(&self) -> String {
        let words = self.words;
        let mut html = format!("<section id=\"{0}\" lang=\"{0}\">\n<h1>{1}</h1>\n", words.lang, words.title);
        html.push_str(&self.head());
        html.push_str(&self.table());
        html.push_str(&self.listing(&words.damaged, |what| matches!(what, What::Damaged)));
        html.push_str(&self.listing(&words.quarantined, |what| matches!(what, What::Quarantined { .. })));
        html.push_str(&self.duplicates());
        html.push_str(&self.listing(&words.earlier, |what| matches!(what, What::EarlierVersion)));
        html.push_str(&self.opening());
        html.push_str(&self.verify());
        html.push_str(&self.help());
        html.push_str("</section>\n");
        html
    }

    fn head(&self) -> String {
        let (readme, words) = (self.readme, self.words);
        let notice = readme.notice.map(|notice| match (words.notice)(notice) {
            Some(usual) => format!("<p class=\"notice\">{usual}</p>\n"),
            None => format!("<p class=\"notice\">{}</p>\n", self.operators(notice)),
        });
        let moment = (words.moment)(readme.made_at);
        let made = (words.made)(&escape(readme.operator), &escape(readme.incident), &moment);
        format!("{}<p>{made}</p>\n", notice.unwrap_or_default())
    }

    fn table(&self) -> String {
        let words = self.words;
        let head: String =
            words.columns.iter().map(|name| format!("<th scope=\"col\">{name}</th>")).collect();
        let rows: String = self.readme.lines.iter().map(|line| self.row(line)).collect();
        format!(
            "<h2>{}</h2>\n<table>\n<caption>{}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n",
            words.table, words.caption
        )
    }

    fn row(&self, line: &CategoryLine) -> String {
        let words = self.words;
        let title = match words.lang {
            "en" => escape(&line.title),
            _ => (words.category)(line.category).to_owned(),
        };
        let count = (words.count)(line.found, line.expected);
        let mut why = vec![format!("<strong>{count}</strong> {}.", (words.state)(line.state))];
        if line.missing() > 0 && line.found > 0 {
            why.push((words.missing)(line.missing()));
        }
        if let Some(reason) = line.verdict.as_deref().filter(|reason| !reason.trim().is_empty()) {
            why.push((words.reason)(&self.operators(reason)));
        }
        if !line.released && line.found > 0 {
            why.push(words.not_released.to_owned());
        }
        if let (Some(day), Some(_)) = (&line.as_of, line.expected) {
            why.push((words.as_of)(&escape(day)));
        }
        format!("<tr><th scope=\"row\">{title}</th><td>{}</td></tr>\n", why.join(" "))
    }

    /// The names of the files of one kind; nothing where there are none.
    fn listing(&self, listing: &Listing, is: fn(&What) -> bool) -> String {
        let files: Vec<&Named> = self.readme.files.iter().filter(|file| is(&file.what)).collect();
        if files.is_empty() {
            return String::new();
        }
        let mut names: String = files.iter().take(NAMED).map(|file| self.name(file)).collect();
        if files.len() > NAMED {
            names.push_str(&format!("<li>{}</li>\n", (self.words.more)(files.len() - NAMED)));
        }
        format!("<h2>{}</h2>\n<p>{}</p>\n<ul>\n{names}</ul>\n", listing.heading, listing.lead)
    }

    fn name(&self, file: &Named) -> String {
        let why = match &file.what {
            What::Quarantined { reason } if !reason.is_empty() => format!(": {}", self.operators(reason)),
            _ => String::new(),
        };
        format!("<li><code>{}</code>{why}</li>\n", escape(&file.path))
    }

    fn duplicates(&self) -> String {
        let Some(choice) = self.readme.duplicates.filter(|choice| choice.merged + choice.left_out > 0) else {
            return String::new();
        };
        let words = self.words;
        let told = (words.duplicates_choice)(choice.merged, choice.left_out);
        format!("<h2>{}</h2>\n<p>{told}</p>\n", words.duplicates)
    }

    fn opening(&self) -> String {
        let words = self.words;
        let open = self.readme.lines.iter().filter(|line| line.released && line.found > 0);
        let categories: String = open.map(|line| self.how_to_open(line)).collect();
        format!(
            "<h2>{}</h2>\n<p>{}</p>\n{categories}<p>{}</p>\n",
            words.opening, words.unpack, words.originals
        )
    }

    fn how_to_open(&self, line: &CategoryLine) -> String {
        let opening = (self.words.open)(line.category);
        let files: String = opening
            .files
            .iter()
            .map(|(name, what)| format!("<li><code>{name}</code>: {what}</li>\n"))
            .collect();
        let ways: String = opening
            .ways
            .iter()
            .map(|(place, how)| format!("<li><strong>{place}:</strong> {how}</li>\n"))
            .collect();
        format!("<h3>{}</h3>\n<ul>\n{files}{ways}</ul>\n", (self.words.category)(line.category))
    }

    fn verify(&self) -> String {
        let words = self.words;
        let ways: String =
            words.verify_ways.iter().map(|way| format!("<li>{}</li>\n", self.at_site(way))).collect();
        format!("<h2>{}</h2>\n<ul>\n{ways}</ul>\n", words.verify)
    }

    fn help(&self) -> String {
        let words = self.words;
        let ways: String = self
            .readme
            .support
            .ways
            .iter()
            .map(|way| {
                let hours = if way.hours.is_empty() { String::new() } else { format!(". {}", way.hours) };
                format!("<li>{}</li>\n", self.operators(&format!("{}{hours}", way.how)))
            })
            .collect();
        format!("<h2>{}</h2>\n<p>{}</p>\n<ul>\n{ways}</ul>\n", words.help, self.at_site(words.help_lead))
    }

    /// Whoever reads this offline is told where the pages are.
    fn at_site(&self, text: &str) -> String {
        text.replace("{site}", &escape(self.readme.site))
    }

    /// Words of the operator and of the readers, which are English wherever they stand.
    fn operators(&self, text: &str) -> String {
        match self.words.lang {
            "en" => escape(text),
            _ => format!("<span lang=\"en\">{}</span>", escape(text)),
        }
    }
}
