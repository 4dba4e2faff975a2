//! `/recovery/archive`: everything that is open, as one ZIP.

use leptos::prelude::*;

use crate::{
    models::{Archive, CategoryLine},
    pieces::{back, bytes_in_words, heading, notice},
    render::Page,
};

impl Page for Archive {
    fn title(&self) -> String {
        "Download everything".to_owned()
    }

    fn view(self) -> AnyView {
        archive(self)
    }
}

pub fn archive(model: Archive) -> AnyView {
    let (open, not_yet): (Vec<_>, Vec<_>) = model.lines.into_iter().partition(is_inside);
    let main = if open.is_empty() {
        notice(
            "info",
            "Nothing can be downloaded yet. As soon as a category is open, it can be taken away here.",
        )
    } else {
        download(open, model.bytes)
    };
    view! {
        {back("/recovery", "All categories")}
        {heading("Download everything", "One ZIP to keep, in open formats that every phone and computer reads.")}
        {main}
        {left_out(not_yet)}
    }
    .into_any()
}

/// Files that could not be read go along as they are.
fn is_inside(line: &CategoryLine) -> bool {
    line.released && (line.found > 0 || line.quarantined > 0)
}

fn download(lines: Vec<CategoryLine>, bytes: Option<i64>) -> AnyView {
    let size = bytes.map(|n| format!(" (about {})", bytes_in_words(n))).unwrap_or_default();
    let rows = lines.into_iter().map(|line| {
        view! { <div><dt>{line.title.clone()}</dt><dd>{line.words()}</dd></div> }
    });
    let rows = rows.collect_view();
    view! {
        <p><a class="button" href="/recovery/archive.zip" download>{format!("Download the ZIP{size}")}</a></p>
        <h2>"What is in it"</h2>
        <dl class="summary">{rows}</dl>
        <p>"It also holds the files as they were recovered, untouched, and those we could not read."</p>
    }
    .into_any()
}

fn left_out(lines: Vec<CategoryLine>) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let rows = lines
        .into_iter()
        .map(|line| view! { <div><dt>{line.title.clone()}</dt><dd>{line.state.label()}</dd></div> })
        .collect_view();
    let list = view! {
        <h2>"What is not in it"</h2>
        <dl class="summary">{rows}</dl>
        <p>"Come back when a category opens and download again."</p>
    };
    Some(list.into_any())
}
