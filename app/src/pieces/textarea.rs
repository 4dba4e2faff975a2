//! The one place where a `<textarea>` is made.
//!
//! Leptos 0.8 writes the text inside `<textarea>` as it is, so what a person
//! typed could close it and go on as markup. Every page uses [`textarea`].

use leptos::prelude::*;

/// A text area that holds `text` as text. A newline in front keeps one that the
/// text itself begins with: parsers drop the first (HTML, "textarea start tag").
pub fn textarea(
    name: &'static str,
    rows: &'static str,
    text: &str,
    described_by: Option<String>,
    invalid: bool,
) -> AnyView {
    let inside = format!("\n{}", escape(text));
    view! {
        <textarea
            id=name
            name=name
            rows=rows
            aria-describedby=described_by
            aria-invalid=invalid.then_some("true")
            inner_html=inside
        ></textarea>
    }
    .into_any()
}

/// `text` with everything escaped that could end an element or begin a reference.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_breaks_out_of_a_textarea() {
        let typed = "</textarea><script>alert(1)</script>&amp;";
        let html = textarea("reason", "3", typed, None, false).to_html();
        assert_eq!(html.matches("</textarea>").count(), 1);
        assert!(!html.contains("<script"));
        assert!(
            html.contains("\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;</textarea>")
        );
    }
}
