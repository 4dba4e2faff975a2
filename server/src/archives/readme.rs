//! `README.html`: what is in the archive, what is missing and why, without a network.

use std::fmt::Write;

use app::models::CategoryLine;

pub struct Readme<'a> {
    pub incident: &'a str,
    pub operator: &'a str,
    pub notice: Option<&'a str>,
    pub made_at: &'a str,
    pub lines: &'a [CategoryLine],
    pub support: &'a [String],
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}\
    td,th{text-align:left;padding:.25rem 1rem .25rem 0;vertical-align:top}";

impl Readme<'_> {
    pub fn html(&self) -> String {
        let mut html = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>Your recovered data</title>\n\
             <style>{STYLE}</style>\n<h1>Your recovered data</h1>\n"
        );
        if let Some(notice) = self.notice {
            let _ = writeln!(html, "<p><strong>{}</strong></p>", escape(notice));
        }
        let _ = write!(
            html,
            "<p>From {}, after: {}. Made on {}.</p>\n<h2>What is here and what is not</h2>\n\
             <table>\n<tr><th>Category<th>Count<th>State\n{}</table>\n{WHAT_IS_WHERE}<h2>If something is missing</h2>\n<ul>\n",
            escape(self.operator),
            escape(self.incident),
            escape(self.made_at),
            self.lines.iter().map(row).collect::<String>(),
        );
        for way in self.support {
            let _ = writeln!(html, "<li>{}", escape(way));
        }
        html.push_str("</ul>\n</html>\n");
        html
    }
}

fn row(line: &CategoryLine) -> String {
    let mut state = line.state.label().to_owned();
    if !line.released && line.found > 0 {
        state.push_str(": not open yet, so not in this archive");
    }
    if let Some(reason) = line.verdict.as_deref().filter(|reason| !reason.is_empty()) {
        let _ = write!(state, ": {reason}");
    }
    if line.quarantined > 0 && line.released {
        let _ = write!(state, "; {} files that could not be read are kept as they came", line.quarantined);
    }
    format!("<tr><td>{}<td>{}<td>{}\n", escape(&line.title), escape(&line.words()), escape(&state))
}

const WHAT_IS_WHERE: &str = "<h2>What is where</h2>\n<ul>\n\
    <li><code>contacts/contacts.vcf</code>: all contacts for phones and address books (vCard 3.0); \
    <code>contacts-4.0.vcf</code> the same in vCard 4.0; <code>contacts.csv</code> for Google Contacts; \
    <code>each/</code> one card a file, for Outlook and old phones\n\
    <li><code>calendar/calendar.ics</code> and <code>tasks/tasks.ics</code>: for any calendar\n\
    <li><code>notes/</code>: one text file a note; <code>notes.ics</code> for programs that read journals\n\
    <li><code>photos/</code>: the very pictures that were recovered\n\
    <li><code>high-scores/</code>, <code>purchases/</code>: tables for any spreadsheet\n\
    <li><code>originals/</code>: the other files as they were recovered, untouched; \
    <code>originals/quarantine/</code>: those that we could not read\n\
    <li><code>MANIFEST.sha256</code>: proof that all is whole: <code>sha256sum -c MANIFEST.sha256</code>\n</ul>\n";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_the_page() {
        let html = Readme {
            incident: "<script>alert(1)</script>",
            operator: "A & B",
            notice: None,
            made_at: "today",
            lines: &[],
            support: &["</ul>".to_owned()],
        }
        .html();
        assert!(!html.contains("<script>") && html.contains("A &amp; B") && html.contains("&lt;/ul&gt;"));
    }
}
