//! The validation report of a run: one HTML file that needs no network, for the recovery engineer.

use std::fmt::Write;

use super::{
    findings::{Fate, Finding},
    inventory::{self, Account, Inventory, Line},
    report::{Counts, Stored},
    store::{self, Run},
};
use crate::{
    ambient::Millis,
    store::{Db, Error, Result},
};

/// All that stands in a report.
pub struct Page {
    pub run: Run,
    /// None while the run goes on, and when it was killed.
    pub stored: Option<Stored>,
    /// As it was when the report was drawn.
    pub inventory: Inventory,
    pub drawn_at: Millis,
}

/// The report of a run, of the newest where none is named; none where there is no such run.
pub async fn page_of(db: &Db, run: Option<&str>, now: Millis) -> Result<Option<Page>> {
    let Some(run) = store::run(db, run).await? else { return Ok(None) };
    let stored = run.report.as_deref().map(serde_json::from_str).transpose();
    let stored = stored.map_err(|error| Error::Corrupt(error.to_string()))?;
    Ok(Some(Page { run, stored, inventory: inventory::inventory(db).await?, drawn_at: now }))
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;\
    color:#1b1b1b;background:#fff}table{border-collapse:collapse;margin:1rem 0;width:100%}\
    caption{text-align:left;font-weight:bold;padding:.25rem 0}\
    td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #949494}\
    .n{text-align:right;font-variant-numeric:tabular-nums;padding-right:1.5rem}td ul{margin:0;padding-left:1rem}\
    code{overflow-wrap:anywhere}dt{font-weight:bold}dd{margin:0 0 .5rem}\
    .notice{border-left:.5rem solid #1b1b1b;padding-left:1rem}.wide{overflow-x:auto}\
    @media print{body{margin:0;max-width:none;font-size:.8rem}tr{break-inside:avoid}}";

const NOTICE: &str = "For recovery engineers. It names accounts and the paths of files, which may say something of a \
    person; it holds no names, phone numbers or addresses, and nothing of what the files contain. Keep it where \
    you keep the recovered data.";

impl Page {
    pub fn html(&self) -> String {
        let mut html = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
             <title>Validation report of import {id}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <h1>Validation report</h1>\n<p class=\"notice\">{NOTICE}</p>\n",
            id = escape(&self.run.id),
        );
        self.run(&mut html);
        if let Some(stored) = &self.stored {
            categories(&mut html, stored);
            findings(&mut html, &stored.findings);
        }
        against_inventory(&mut html, &self.inventory, self.drawn_at);
        html.push_str("</main>\n</body>\n</html>\n");
        html
    }

    fn run(&self, html: &mut String) {
        html.push_str("<h2>The run</h2>\n<dl>\n");
        term(html, "Run", &self.run.id);
        term(html, "Source", &self.run.source);
        term(html, "Began", &moment(self.run.started_at));
        match self.run.finished_at {
            Some(at) => term(html, "Ended", &moment(at)),
            None => term(
                html,
                "Ended",
                "not yet: it still goes on, or it was killed; run the same import again and it goes on from there",
            ),
        }
        if let Some(stored) = &self.stored {
            let seconds = self.run.finished_at.map_or(0, |at| at - self.run.started_at) as f64 / 1000.0;
            term(html, "Took", &took(stored, seconds));
            let came = match &stored.failure {
                Some(failure) => format!("It did not come to its end: {failure}"),
                None => "It came to its end.".to_owned(),
            };
            term(html, "Outcome", &came);
        }
        html.push_str("</dl>\n");
    }
}

fn took(stored: &Stored, seconds: f64) -> String {
    let rate = |count: u64| (count as f64 / seconds.max(0.001)).round() as i64;
    format!(
        "{seconds:.1} s: {} rows of tables ({} a second), {} files ({} a second), {} new items ({} a second), \
         {:.1} MB of files ({:.1} MB a second)",
        grouped(stored.rows as i64),
        grouped(rate(stored.rows)),
        grouped(stored.files as i64),
        grouped(rate(stored.files)),
        grouped(stored.items as i64),
        grouped(rate(stored.items)),
        stored.bytes as f64 / 1e6,
        stored.bytes as f64 / 1e6 / seconds.max(0.001),
    )
}

fn categories(html: &mut String, stored: &Stored) {
    html.push_str("<h2>What came in</h2>\n");
    if stored.files == 0 {
        html.push_str("<p>No file under <code>data/</code>.</p>\n");
        return;
    }
    let heads =
        ["Category", "Files", "New items", "Files unchanged since an earlier run", "Files in quarantine"];
    table(html, "Files under data/, by category", &heads);
    for (category, counts) in &stored.by_category {
        let unchanged = stored.unchanged_by_category.get(category).copied().unwrap_or_default();
        files(html, category, counts, unchanged);
    }
    let all = Counts { files: stored.files, items: stored.items, quarantined: stored.quarantined };
    files(html, "all", &all, stored.unchanged);
    html.push_str(END);
    if stored.mended > 0 {
        let mended = grouped(stored.mended as i64);
        let _ = writeln!(
            html,
            "<p>Files known before whose stored bytes were damaged and are whole again: {mended}.</p>"
        );
    }
}

fn files(html: &mut String, category: &str, counts: &Counts, unchanged: u64) {
    let numbers = [counts.files, counts.items, unchanged, counts.quarantined].map(|count| count as i64);
    row(html, category, &numbers);
}

fn findings(html: &mut String, findings: &[Finding]) {
    html.push_str("<h2>What was wrong, and why</h2>\n");
    if findings.is_empty() {
        html.push_str("<p>Nothing.</p>\n");
    }
    for of_place in findings.chunk_by(|one, other| one.place == other.place) {
        let Some(first) = of_place.first() else { continue };
        let _ = writeln!(html, "<h3>{}</h3>", escape(title(&first.place)));
        let caption = format!("{}: reasons, the most frequent first", escape(&first.place));
        table(html, &caption, &["Fate", "Reason", "How often", "For instance"]);
        for finding in of_place {
            let _ = writeln!(
                html,
                "<tr><td>{}</td><th scope=\"row\">{}</th><td class=\"n\">{}</td><td><ul>{}</ul></td></tr>",
                fate(finding.fate),
                escape(&finding.kind),
                grouped(finding.count as i64),
                finding.samples.iter().map(sample).collect::<String>(),
            );
        }
        html.push_str(END);
    }
}

fn title(place: &str) -> &str {
    match place {
        "data" => "Files under data/ that could not be had",
        "elsewhere" => "The rest of the container",
        "unknown" => "unknown: no such account, or no such category",
        place => place,
    }
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Quarantined => "file in quarantine",
        Fate::PartlyRead => "part of a file not read",
        Fate::NotTakenIn => "not taken in",
    }
}

fn sample(sample: &super::findings::Sample) -> String {
    let line = sample.line.map(|line| format!(", line {line}")).unwrap_or_default();
    format!("<li><code>{}</code>{line}</li>", escape(&sample.path))
}

fn against_inventory(html: &mut String, inventory: &Inventory, drawn_at: Millis) {
    let _ = writeln!(
        html,
        "<h2>Against the inventory</h2>\n<p>Everything imported so far, by this run and by others, as of {}. One \
         account's surplus makes up for nobody's gap.</p>\n<p>{} subscribers; of {} of them nothing is listed and \
         nothing came.</p>",
        moment(drawn_at),
        grouped(inventory.subscribers),
        grouped(inventory.bare),
    );
    if inventory.lines.is_empty() {
        return;
    }
    let heads = [
        "Category",
        "Accounts listed",
        "Expected",
        "Found",
        "Missing",
        "Surplus",
        "In quarantine",
        "Verdicts",
    ];
    table(html, "Items of the accounts that the inventory lists", &heads);
    for line in &inventory.lines {
        let Line { accounts, expected, found, missing, surplus, quarantined, verdicts, .. } = *line;
        row(html, &line.category, &[accounts, expected, found, missing, surplus, quarantined, verdicts]);
    }
    html.push_str(END);
    let heads = [
        "Category",
        "Nothing",
        "Less than half",
        "Half or more",
        "All",
        "More than listed",
        "Not listed",
        "Items of those",
    ];
    table(html, "Accounts by how much of what they had came back", &heads);
    for line in &inventory.lines {
        let Line { none_found, under_half, over_half, whole, more, unlisted, unlisted_items, .. } = *line;
        row(
            html,
            &line.category,
            &[none_found, under_half, over_half, whole, more, unlisted, unlisted_items],
        );
    }
    html.push_str(END);
    accounts(
        html,
        "The largest gaps",
        "No account lacks anything that the inventory lists.",
        &inventory.gaps,
    );
    let none = "Every account with items is listed in the inventory.";
    accounts(
        html,
        "Accounts that the inventory does not list, those with most items",
        none,
        &inventory.unlisted,
    );
}

fn accounts(html: &mut String, caption: &str, none: &str, accounts: &[Account]) {
    if accounts.is_empty() {
        let _ = writeln!(html, "<p>{none}</p>");
        return;
    }
    table(html, caption, &["Account", "Category", "Expected", "Found", "In quarantine", "Verdict"]);
    for account in accounts {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td>{}</td></tr>",
            escape(&account.account),
            escape(&account.category),
            account.expected.map_or("not known".to_owned(), grouped),
            grouped(account.found),
            grouped(account.quarantined),
            if account.verdict != 0 { "unrecoverable" } else { "" },
        );
    }
    html.push_str(END);
}

const END: &str = "</tbody>\n</table>\n</div>\n";

fn table(html: &mut String, caption: &str, heads: &[&str]) {
    // A wide table scrolls by itself: a keyboard must reach it.
    let _ = writeln!(
        html,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\n<table>\n<caption>{caption}</caption>\n\
         <thead><tr>{}</tr></thead>\n<tbody>",
        heads.iter().map(|head| head_cell(head)).collect::<String>(),
    );
}

/// Columns of words; all others are of numbers, and their heads stand above these.
const WORDS: [&str; 6] = ["Account", "Category", "Fate", "Reason", "For instance", "Verdict"];

fn head_cell(head: &str) -> String {
    let class = if WORDS.contains(&head) { "" } else { " class=\"n\"" };
    format!("<th scope=\"col\"{class}>{head}</th>")
}

fn row(html: &mut String, head: &str, numbers: &[i64]) {
    let numbers: String =
        numbers.iter().map(|number| format!("<td class=\"n\">{}</td>", grouped(*number))).collect();
    let _ = writeln!(html, "<tr><th scope=\"row\">{}</th>{numbers}</tr>", escape(head));
}

fn term(html: &mut String, term: &str, words: &str) {
    let _ = writeln!(html, "<dt>{term}</dt><dd>{}</dd>", escape(words));
}

/// `1 234 567`, with spaces that do not break.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = if number < 0 { "-".to_owned() } else { String::new() };
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{A0}');
        }
        grouped.push(digit);
    }
    grouped
}

fn moment(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map_or_else(|_| at.to_string(), |at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let grouped = [0, 7, 1000, 1_234_567, -1000].map(grouped);
        assert_eq!(grouped, ["0", "7", "1\u{A0}000", "1\u{A0}234\u{A0}567", "-1\u{A0}000"]);
    }

    #[test]
    fn nothing_breaks_out_of_the_report() {
        let run = Run {
            id: "r".into(),
            source: "/in/<script>alert(1)</script>".into(),
            started_at: 0,
            finished_at: None,
            report: None,
        };
        let finding = Finding {
            place: "<b>".into(),
            fate: Fate::Quarantined,
            kind: "a < b & \"c\"".into(),
            count: 1,
            samples: vec![super::super::findings::Sample { path: "data/<i>".into(), line: Some(3) }],
        };
        let stored = Stored { findings: vec![finding], failure: Some("</dl>".into()), ..Stored::default() };
        let page = Page { run, stored: Some(stored), inventory: Inventory::default(), drawn_at: 0 };
        let html = page.html();
        for never in ["<script>", "<b>", "<i>", "</dl></dd>"] {
            assert!(!html.contains(never), "{never} in {html}");
        }
        assert!(html.contains("a &lt; b &amp; &quot;c&quot;") && html.contains("data/&lt;i&gt;"));
        assert!(html.contains("it was killed"));
    }
}
