//! `/recovery/archive`: everything that is open, as one ZIP.

use leptos::prelude::*;

use super::duplicates::duplicates_notice;
use crate::{
    mark,
    models::{Archive, CategoryLine, EditionLine},
    pieces::{back, button_form, bytes_in_words, heading, notice, summary},
    render::Page,
    say, say_many,
    words::said,
};

impl Page for Archive {
    fn title(&self) -> String {
        say!("Download everything").to_owned()
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
            say!("Nothing can be downloaded yet. As soon as a category is open, it can be taken away here."),
        )
    } else {
        let link = model.current.as_ref().map_or(LINK.to_owned(), |current| current.link.clone());
        let offer = Offer { current: model.current, about: model.about, damaged: model.damaged };
        view! { {offer.view()} {news(model.news)} {inside(open)} {onwards(link)} }.into_any()
    };
    view! {
        {back("/recovery", say!("All categories"))}
        {heading(say!("Download everything"), say!("One ZIP to keep, in open formats that every phone and computer reads."))}
        {main}
        {duplicates_notice(model.duplicates)}
        {left_out(not_yet)}
        {earlier(model.earlier)}
    }
    .into_any()
}

/// Files that could not be read go along as they are.
fn is_inside(line: &CategoryLine) -> bool {
    line.released && (line.found > 0 || line.quarantined > 0)
}

/// The download itself.
struct Offer {
    current: Option<EditionLine>,
    about: Option<i64>,
    damaged: bool,
}

impl Offer {
    fn view(self) -> AnyView {
        let download = match (&self.current, self.about) {
            (Some(current), _) => say!("Download the ZIP ({size})", size = bytes_in_words(current.bytes)),
            (None, Some(about)) => say!("Download the ZIP (about {size})", size = bytes_in_words(about)),
            (None, None) => say!("Download the ZIP").to_owned(),
        };
        view! {
            {self.damaged.then(|| notice("warning", said(DAMAGED)))}
            <p><a class="button" href="/recovery/archive.zip" download>{download}</a></p>
            {self.current.map(facts)}
            <p><a href="/recovery/archive/to">{say!("Put it on an iPhone, an Android phone, a basic phone or in Outlook")}</a>": "{say!("step by step.")}</p>
            <p>{say!("You can download it as often as you like. If the line breaks, it goes on where it stopped, days later too.")}</p>
        }
        .into_any()
    }
}

const DAMAGED: &str = mark!(
    "Since this ZIP was put together, a file in it was found damaged on our disks. A download would stop there. \
     Make a new edition below: it has everything else, and names the file that is missing."
);

fn facts(current: EditionLine) -> AnyView {
    summary(vec![(say!("Put together"), current.made), (say!("Files"), current.files.to_string())])
}

/// Nothing ever changes a ZIP that was put together: what is new goes into another.
fn news(list: Vec<String>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view();
    let part = view! {
        <h2>{say!("Something is new")}</h2>
        <p>{say!("The ZIP above stays as it was put together. Since then:")}</p>
        <ul>{rows}</ul>
        {button_form("/recovery/archive".to_owned(), say!("Make a new edition"), "button secondary")}
    };
    Some(part.into_any())
}

fn inside(lines: Vec<CategoryLine>) -> AnyView {
    let rows = lines.into_iter().map(|line| {
        view! { <div><dt>{line.title.clone()}</dt><dd>{line.words()}</dd></div> }
    });
    view! {
        <h2>{say!("What is in it")}</h2>
        <dl class="summary">{rows.collect_view()}</dl>
        <p>{say!("It also holds the files as they were recovered, untouched, and those we could not read.")}</p>
    }
    .into_any()
}

/// Makes a link to the first edition, where there is none yet.
const LINK: &str = "/recovery/archive/link";

/// What to do with the ZIP, and how to fetch it otherwise.
fn onwards(link: String) -> AnyView {
    view! {
        <h2>{say!("What to do with it")}</h2>
        <ul class="spaced">
            <li><a href="/recovery/verify">{say!("Check that it arrived whole")}</a>{say!(", here in your browser: nothing is sent")}</li>
            <li>{say!("Inside is")}" "<code>"README.html"</code>": "{say!("what is here, what is missing and why, without a network")}</li>
        </ul>
        <h2>{say!("For a download manager")}</h2>
        <p>{say!("A slow line, a large ZIP, another computer: make a link that curl, wget or aria2 can fetch, for 24 hours and without signing in.")}</p>
        <p><a class="button secondary" href=link>{say!("Make a download link")}</a></p>
    }
    .into_any()
}

fn earlier(list: Vec<EditionLine>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list.into_iter().map(|edition| {
        let about = say_many!(
            edition.files,
            "{n} file, {size}. Kept until {until}, or for 30 days after you download it.",
            "{n} files, {size}. Kept until {until}, or for 30 days after you download it.",
            size = bytes_in_words(edition.bytes),
            until = edition.kept_until
        );
        let of = say!("to the edition of {made}", made = edition.made);
        view! {
            <li>
                <a href=edition.href download>{say!("Edition of {made}", made = edition.made)}</a>
                <p class="hint">{about}</p>
                <p><a href=edition.link>{say!("Make a link")}<span class="hidden">" "{of}</span></a></p>
            </li>
        }
    });
    let rows = rows.collect_view();
    Some(view! { <h2>{say!("Earlier editions")}</h2><ul class="spaced">{rows}</ul> }.into_any())
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
        <h2>{say!("What is not in it")}</h2>
        <dl class="summary">{rows}</dl>
        <p>{say!("Come back when a category opens: this page then offers a new edition with it.")}</p>
    };
    Some(list.into_any())
}
