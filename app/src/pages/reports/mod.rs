//! Reports and appeals as their owner sees them: the list, the pages of a draft, the case itself.

mod case;
mod draft;

use leptos::prelude::*;

pub use case::{entries, files};

use crate::{
    models::{CaseLine, DraftLine, Fact, Records, Reports},
    pieces::{heading, support_lines},
    render::Page,
    say,
};

impl Page for Reports {
    fn title(&self) -> String {
        say!("Report something missing or wrong").to_owned()
    }

    fn view(self) -> AnyView {
        list(self)
    }
}

fn list(model: Reports) -> AnyView {
    let none = model.cases.is_empty().then(|| view! { <p>{say!("You have not reported anything yet.")}</p> });
    let rows = model.cases.into_iter().map(line).collect_view();
    view! {
        {heading(say!("Report something missing or wrong"), say!("You get a number, and the answer comes here."))}
        <p>{say!("Tell us what you miss or what is wrong. Reporting costs nothing and changes nothing about what you can claim.")}</p>
        <p><a class="button" href="/reports/new">{say!("Make a report")}</a></p>
        {drafts(model.drafts)}
        <h2>{say!("Your reports and appeals")}</h2>
        {none}
        <ul class="rows">{rows}</ul>
        <h2>{say!("Talk to a person")}</h2>
        {support_lines(&model.support)}
        <p><a href="/recovery">{say!("Back to your recovery")}</a></p>
    }
    .into_any()
}

fn line(case: CaseLine) -> AnyView {
    let href = format!("/reports/{}", case.number);
    let answered = (!case.answered.is_empty()).then(|| say!("We last wrote {when}.", when = case.answered));
    view! {
        <li>
            <h3><a href=href>{case.number}</a></h3>
            <p>{case.title}" · "<b>{case.state}</b></p>
            <p class="hint">{say!("Sent {when}.", when = case.sent)}" "{answered}</p>
        </li>
    }
    .into_any()
}

fn drafts(list: Vec<DraftLine>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list
        .into_iter()
        .map(|draft| {
            view! {
                <li>
                    <h3><a href=draft.href>{draft.title}</a></h3>
                    <p class="hint">{say!("Not sent. Kept until {until}.", until = draft.until)}</p>
                </li>
            }
        })
        .collect_view();
    Some(view! { <h2>{say!("Begun, not sent")}</h2><ul class="rows">{rows}</ul> }.into_any())
}

/// What our records say, so that nobody has to look elsewhere.
pub fn records(records: Records) -> AnyView {
    let says = records.says.into_iter().map(|says| view! { <li>{says}</li> }).collect_view();
    view! {
        <h2>{say!("What our records say")}</h2>
        <ul>{says}</ul>
        {facts(records.facts)}
    }
    .into_any()
}

fn facts(facts: Vec<Fact>) -> Option<AnyView> {
    if facts.is_empty() {
        return None;
    }
    let rows = facts
        .into_iter()
        .map(|fact| {
            let (class, word) = if fact.holds { ("yes", say!("Yes:")) } else { ("no", say!("No:")) };
            view! { <li class=class><b>{word}" "</b>{fact.text}</li> }
        })
        .collect_view();
    Some(view! { <ul class="facts">{rows}</ul> }.into_any())
}
