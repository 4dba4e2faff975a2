//! Headings, notices, paragraphs and counts.

use leptos::prelude::*;

use crate::{
    models::{Section, Support},
    say_many,
};

/// A page's one main heading with its one sentence below.
pub fn heading(title: impl Into<String>, lead: impl Into<String>) -> AnyView {
    let (title, lead) = (title.into(), lead.into());
    view! {
        <h1>{title}</h1>
        {(!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> })}
    }
    .into_any()
}

/// Something to know before reading on. `kind` colors its edge and never says anything alone.
pub fn notice(kind: &'static str, text: impl Into<String>) -> AnyView {
    view! { <div class=format!("notice {kind}")><p>{text.into()}</p></div> }.into_any()
}

/// A link one level up, above the heading.
pub fn back(href: impl Into<String>, label: impl Into<String>) -> AnyView {
    view! { <p class="back"><a href=href.into()>{label.into()}</a></p> }.into_any()
}

pub fn paragraphs(texts: Vec<String>) -> AnyView {
    texts.into_iter().map(|text| view! { <p>{text}</p> }).collect_view().into_any()
}

pub fn sections(sections: Vec<Section>) -> AnyView {
    sections
        .into_iter()
        .map(|section| view! { <h2>{section.heading}</h2>{paragraphs(section.paragraphs)} })
        .collect_view()
        .into_any()
}

/// How to reach a person.
pub fn support_lines(support: &Support) -> AnyView {
    let rows = support.ways.iter().cloned().map(|way| {
        let hours = (!way.hours.is_empty()).then(|| view! { <br/><span class="hint">{way.hours}</span> });
        view! { <li>{way.how}{hours}</li> }
    });
    view! { <ul class="spaced">{rows.collect_view()}</ul> }.into_any()
}

/// "30 seconds", "2 minutes", "an hour": rounded up, so that nobody comes too early.
pub fn seconds_in_words(seconds: i64) -> String {
    match seconds.max(1) {
        s @ ..=90 => say_many!(s, "{n} second", "{n} seconds"),
        s @ 91..=5400 => say_many!((s + 59) / 60, "{n} minute", "{n} minutes"),
        s => say_many!((s + 3599) / 3600, "{n} hour", "{n} hours"),
    }
}

/// `1.4 MB`, in decimal units as shops and phones count.
pub fn bytes_in_words(bytes: i64) -> String {
    let (unit, name) = match bytes {
        ..1_000 => return say_many!(bytes, "{n} byte", "{n} bytes"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes / (unit / 10);
    if tenths < 100 {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    } else {
        format!("{} {name}", tenths / 10)
    }
}

/// The bar beside "8 of 10 recovered". The words say it all, so it is not read out;
/// without a number to compare with there is no bar.
pub fn bar(found: i64, expected: Option<i64>) -> Option<AnyView> {
    let max = expected.filter(|n| *n > 0)?;
    let value = found.clamp(0, max).to_string();
    Some(view! { <progress aria-hidden="true" value=value max=max.to_string()></progress> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_rounded_up() {
        assert_eq!(seconds_in_words(0), "1 second");
        assert_eq!(seconds_in_words(30), "30 seconds");
        assert_eq!(seconds_in_words(121), "3 minutes");
        assert_eq!(seconds_in_words(7200), "2 hours");
    }

    #[test]
    fn sizes_read_as_people_say_them() {
        assert_eq!(bytes_in_words(812), "812 bytes");
        assert_eq!(bytes_in_words(1_440_000), "1.4 MB");
        assert_eq!(bytes_in_words(38_000), "38 kB");
    }
}
