//! `/reports/NUMBER`: a case with everything that was said, and writing on.

use leptos::prelude::*;

use super::records;
use crate::{
    models::{CaseEntry, CaseFile, CasePage, FieldError, Writing},
    pieces::{
        back, button_form, bytes_in_words, error_summary, file_field, form_title, heading, long_text, notice,
        summary_of, support_lines,
    },
    render::Page,
    say,
};

impl Page for CasePage {
    fn title(&self) -> String {
        form_title(&name(self), &self.errors)
    }

    fn view(self) -> AnyView {
        case(self)
    }
}

fn name(model: &CasePage) -> String {
    let number = &model.number;
    if model.appeal { say!("Appeal {number}", number) } else { say!("Report {number}", number) }
}

fn case(model: CasePage) -> AnyView {
    let title = if model.just_made { panel(&model) } else { heading(name(&model), "") };
    let rows = vec![
        (say!("Number"), model.number.clone().into_any()),
        (
            if model.appeal { say!("Remedy") } else { say!("Category") },
            view! { <a href=model.about.clone()>{model.subject.clone()}</a> }.into_any(),
        ),
        (say!("State"), view! { <b>{model.state.clone()}</b> }.into_any()),
        (say!("Sent"), model.sent.clone().into_any()),
    ];
    view! {
        {back("/reports", say!("All your reports and appeals"))}
        {error_summary(&model.errors)}
        {title}
        {notice("info", model.explanation.clone())}
        {summary_of(rows)}
        <h2>{say!("What was said")}</h2>
        {entries(model.entries.clone())}
        {writing(&model)}
        {closing(&model)}
        {records(model.records)}
        <h2>{say!("Whom to ask")}</h2>
        {support_lines(&model.support)}
    }
    .into_any()
}

/// The confirmation, right after sending.
fn panel(model: &CasePage) -> AnyView {
    let words = if model.appeal { say!("Your appeal is sent") } else { say!("Your report is sent") };
    view! {
        <div class="panel">
            <h1>{words}</h1>
            <p>{say!("Its number is")}" "<b>{model.number.clone()}</b></p>
        </div>
        <p>{say!("You need to do nothing more. The answer comes on this page, and we send you a message when it is there.")}</p>
    }
    .into_any()
}

/// Every step in its order. What people wrote is text and nothing else.
pub fn entries(entries: Vec<CaseEntry>) -> AnyView {
    let rows = entries.into_iter().map(entry).collect_view();
    view! { <ol class="said-in-order">{rows}</ol> }.into_any()
}

fn entry(entry: CaseEntry) -> AnyView {
    let text = (!entry.text.is_empty()).then(|| view! { <div class="said">{entry.text}</div> });
    let answers = entry
        .answers
        .into_iter()
        .map(|(asked, answer)| view! { <p><b>{asked}": "</b>{answer}</p> })
        .collect_view();
    let records = (!entry.records.is_empty()).then(|| {
        let says = entry.records.into_iter().map(|says| view! { <li>{says}</li> }).collect_view();
        view! { <details><summary>{say!("What our records said then")}</summary><ul>{says}</ul></details> }
    });
    let brought = (!entry.files.is_empty()).then(|| files(entry.files));
    view! {
        <li>
            <h3>{entry.title}</h3>
            <p class="hint">{entry.at}</p>
            {text}
            {answers}
            {brought}
            {records}
        </li>
    }
    .into_any()
}

/// Files by name and size, linked where they may be downloaded.
pub fn files(files: Vec<CaseFile>) -> AnyView {
    let rows = files
        .into_iter()
        .map(|file| {
            let size = format!(", {}", bytes_in_words(file.bytes));
            let name = match file.href {
                Some(href) => view! { <a href=href>{file.name}</a> }.into_any(),
                None => file.name.into_any(),
            };
            view! { <li>{name}{size}</li> }
        })
        .collect_view();
    view! { <ul class="files">{rows}</ul> }.into_any()
}

fn writing(model: &CasePage) -> AnyView {
    let (title, hint, button, step) = match &model.writing {
        Writing::Open => {
            (say!("Write to us"), say!("Up to 4,000 characters.").to_owned(), say!("Send"), "write")
        }
        Writing::Reopens(until) => (
            say!("Not content with this?"),
            say!("Say what is still wrong. You can reopen it until {until}. Up to 4,000 characters.", until),
            say!("Reopen and send"),
            "reopen",
        ),
        Writing::Over => {
            return view! { <p>{say!("This is over and cannot be reopened.")}</p> }.into_any();
        }
    };
    view! {
        <h2>{title}</h2>
        <form
            method="post"
            action=format!("/reports/{}/messages", model.number)
            enctype="multipart/form-data"
            novalidate
        >
            <input type="hidden" name="message" value=model.message.clone()/>
            <input type="hidden" name="step" value=step/>
            {long_text("text", say!("Your message"), hint, &model.text, &model.errors)}
            {more_files(model.room, &model.errors)}
            <button class="button">{button}</button>
        </form>
    }
    .into_any()
}

fn more_files(room: i64, errors: &[FieldError]) -> AnyView {
    if room == 0 {
        return view! { <p class="hint">{say!("You have sent five files, which is as many as we take.")}</p> }
            .into_any();
    }
    file_field(say!("Files (optional)"), say!("Up to {room} more, 10 MB each.", room), errors)
}

fn closing(model: &CasePage) -> Option<AnyView> {
    let (title, words, button) = match model.appeal {
        true => (
            say!("Changed your mind?"),
            say!("Then you need to do nothing, or you can withdraw it."),
            say!("Withdraw the appeal"),
        ),
        false => (
            say!("Found it meanwhile?"),
            say!("Then tell us, and we stop looking. You can reopen it."),
            say!("I found it"),
        ),
    };
    model.may_close.then(|| {
        let action = format!("/reports/{}/close", model.number);
        view! {
            <h2>{title}</h2>
            <p>{words}</p>
            {button_form(action, button, "button secondary")}
        }
        .into_any()
    })
}
