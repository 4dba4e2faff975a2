//! Reports and appeals as the staff see them: the queue, and one with its whole story.

use leptos::prelude::*;

use super::reports::{entries, records};
use crate::{
    address::subscriber,
    models::{AnswerChoice, CaseQueue, FieldError, QueueLink, QueuedCase, StaffCase},
    pieces::{
        back, button_form, error_summary, form_title, heading, long_text, notice, pager_links, summary_of,
    },
    render::Page,
};

impl Page for CaseQueue {
    fn title(&self) -> String {
        "Reports and appeals".to_owned()
    }

    fn view(self) -> AnyView {
        queue(self)
    }
}

impl Page for StaffCase {
    fn title(&self) -> String {
        form_title(&name(self), &self.errors)
    }

    fn view(self) -> AnyView {
        case(self)
    }
}

fn queue(model: CaseQueue) -> AnyView {
    let list = if model.lines.is_empty() {
        view! { <p role="status">"There is none."</p> }.into_any()
    } else {
        view! { <ul class="rows">{model.lines.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    view! {
        {heading("Reports and appeals", "What waits longest comes first.")}
        {ways("State", model.states)}
        {ways("Kind", model.kinds)}
        {ways("About", model.subjects)}
        {list}
        {pager_links(model.pager)}
    }
    .into_any()
}

fn ways(label: &'static str, links: Vec<QueueLink>) -> AnyView {
    let links = links.into_iter().map(|link| {
        let label = match link.count {
            Some(count) => format!("{} ({count})", link.label),
            None => link.label,
        };
        view! { <li><a href=link.href aria-current=link.current.then_some("true")>{label}</a></li> }
    });
    view! { <nav class="views" aria-label=label><ul>{links.collect_view()}</ul></nav> }.into_any()
}

fn line(case: QueuedCase) -> AnyView {
    let href = format!("/staff/cases/{}", case.number);
    let member = if case.member.is_empty() { "nobody".to_owned() } else { case.member };
    view! {
        <li>
            <h2><a href=href>{case.number}</a></h2>
            <p>{case.title}" · "<b>{case.state}</b></p>
            <p class="hint">{format!("Of {}. Waits {}. Taken by {member}.", case.name, case.waits)}</p>
        </li>
    }
    .into_any()
}

fn name(model: &StaffCase) -> String {
    format!("{} {}", if model.appeal { "Appeal" } else { "Report" }, model.number)
}

fn case(model: StaffCase) -> AnyView {
    let base = format!("/staff/cases/{}", model.number);
    let caller = subscriber(&model.account);
    let member = if model.member.is_empty() { "Nobody".to_owned() } else { model.member.clone() };
    let rows = vec![
        ("Subscriber", view! { <a href=caller.clone()>{model.name.clone()}</a> }.into_any()),
        ("Account", model.account.clone().into_any()),
        (if model.appeal { "Remedy" } else { "Category" }, model.subject.clone().into_any()),
        ("State", view! { <b>{model.state.clone()}</b> }.into_any()),
        ("Waits", model.waits.clone().into_any()),
        ("Taken by", member.into_any()),
    ];
    let has_files = model.entries.iter().any(|entry| !entry.files.is_empty());
    let unread = model.unread.then(|| notice("info", "Your role does not read what people report."));
    let masked = (has_files && !model.revealed).then(|| {
        view! {
            <div class="notice info">
                <p>"Files are masked. Verify the caller or record a reason on "<a href=caller>"the caller's page"</a>"."</p>
            </div>
        }
    });
    view! {
        {back("/staff/cases", "All reports and appeals")}
        {error_summary(&model.errors)}
        {heading(name(&model), "")}
        {summary_of(rows)}
        {model.may_take.then(|| button_form(format!("{base}/take"), "Take it", "button secondary"))}
        {records(model.records.clone())}
        <h2>"What was said"</h2>
        {unread}
        {masked}
        {entries(model.entries.clone())}
        {model.may_ask.then(|| ask(&model, &base))}
        {answer(&model, &base)}
    }
    .into_any()
}

/// What both forms carry: pressed twice they do it once, and not on top of what the member has not seen.
fn carried(model: &StaffCase) -> AnyView {
    view! {
        <input type="hidden" name="message" value=model.message.clone()/>
        <input type="hidden" name="seen" value=model.seen.to_string()/>
    }
    .into_any()
}

fn ask(model: &StaffCase, base: &str) -> AnyView {
    let hint = "The subscriber reads it on the page of their report, and gets a message that it is there.";
    view! {
        <h2>"Ask a question"</h2>
        <form method="post" action=format!("{base}/ask") novalidate>
            {carried(model)}
            {long_text("question", "Question", hint, &model.question, &model.errors)}
            <button class="button secondary">"Ask"</button>
        </form>
    }
    .into_any()
}

fn answer(model: &StaffCase, base: &str) -> Option<AnyView> {
    if model.outcomes.is_empty() {
        return (!model.decided_by.is_empty()).then(|| notice("info", model.decided_by.clone()));
    }
    let (title, path, label, hint) = match model.appeal {
        true => (
            "Decide",
            "decide",
            "Reason",
            "10 to 500 characters. The subscriber reads it, and it is recorded with your name and stays recorded.",
        ),
        false => {
            ("Answer", "answer", "Answer", "The subscriber reads it, and gets a message that it is there.")
        }
    };
    let form = view! {
        <h2>{title}</h2>
        <form method="post" action=format!("{base}/{path}") novalidate>
            {carried(model)}
            {outcomes(model.outcomes.clone(), &model.errors)}
            {long_text("answer", label, hint, &model.answer, &model.errors)}
            <button class="button">{title}</button>
        </form>
    };
    Some(form.into_any())
}

fn outcomes(choices: Vec<AnswerChoice>, errors: &[FieldError]) -> AnyView {
    let message = errors.iter().find(|error| error.field == "outcome-1").map(|error| error.message.clone());
    let (class, described_by) = match message {
        Some(_) => ("wrong", Some("outcome-error")),
        None => ("", None),
    };
    let choices = choices
        .into_iter()
        .enumerate()
        .map(|(place, choice)| {
            let id = format!("outcome-{}", place + 1);
            view! {
                <div class="choice">
                    <input type="radio" id=id.clone() name="outcome" value=choice.value checked=choice.chosen/>
                    <label for=id>{choice.label}</label>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class=class aria-describedby=described_by>
            <legend>"How did it end?"</legend>
            {message.map(|m| view! { <p class="error" id="outcome-error"><b>"Error: "</b>{m}</p> })}
            {choices}
        </fieldset>
    }
    .into_any()
}
