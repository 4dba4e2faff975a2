//! What goes into a merged contact, and the contact before it is made.

use leptos::prelude::*;

use super::nothing_is_deleted;
use crate::{
    models::{MergeCheck, MergeConflict, MergeForm, MergedRow},
    pieces::{back, error_summary, form_title, heading},
    render::Page,
    say,
};

impl Page for MergeForm {
    fn title(&self) -> String {
        form_title(&say!("Merge {title}", title = self.title), &self.errors)
    }

    fn view(self) -> AnyView {
        form(self)
    }
}

impl Page for MergeCheck {
    fn title(&self) -> String {
        say!("Check before you merge {title}", title = self.title)
    }

    fn view(self) -> AnyView {
        check(self)
    }
}

fn form(model: MergeForm) -> AnyView {
    let ticks = (model.columns.len() > 2).then(|| ticks(&model));
    let conflicts = model.conflicts.iter().map(conflict).collect_view();
    view! {
        {back(model.href.clone(), say!("Back"))}
        {error_summary(&model.errors)}
        {heading(say!("Merge {title}", title = model.title), say!("Every phone number, address and note goes into the merged contact, each once."))}
        <form method="get" action=format!("{}/check", model.href)>
            {ticks}
            {conflicts}
            <button class="button">{say!("Show me the merged contact")}</button>
        </form>
    }
    .into_any()
}

fn ticks(model: &MergeForm) -> AnyView {
    let choices = model.columns.iter().enumerate().map(|(at, column)| {
        let id = format!("with-{at}");
        let checked = model.ticked.contains(&at);
        let label = format!("{}: {}", column.name, column.title);
        view! {
            <div class="choice">
                <input type="checkbox" id=id.clone() name="with" value=at.to_string() checked=checked/>
                <label for=id>{label}</label>
            </div>
        }
    });
    view! {
        <fieldset id="with">
            <legend>{say!("Which of them are the same person?")}</legend>
            {choices.collect_view()}
        </fieldset>
    }
    .into_any()
}

fn conflict(conflict: &MergeConflict) -> AnyView {
    let choices = conflict.values.iter().map(|(at, text, from)| {
        let id = format!("{}-{at}", conflict.name);
        view! {
            <div class="choice">
                <input
                    type="radio"
                    id=id.clone()
                    name=conflict.name.clone()
                    value=at.to_string()
                    checked={*at == conflict.picked}
                />
                <label for=id>{text.clone()}<span class="hint">{from.clone()}</span></label>
            </div>
        }
    });
    let legend = say!("{label}: only one can stand", label = conflict.label);
    view! {
        <fieldset id=conflict.name.clone()>
            <legend>{legend}</legend>
            {choices.collect_view()}
        </fieldset>
    }
    .into_any()
}

fn check(model: MergeCheck) -> AnyView {
    let hidden = model
        .hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let left = (!model.left.is_empty()).then(|| {
        view! {
            <h2>{say!("What is not in it")}</h2>
            <p>{say!("This can stand only once. It stays in the originals of your download, and comes back when you undo.")}</p>
            {rows(model.left)}
        }
    });
    let change = (!model.change.is_empty())
        .then(|| view! { <p><a href=model.change>{say!("Change what goes in")}</a></p> });
    view! {
        {back(model.href.clone(), say!("Back"))}
        {heading(say!("Check before you merge"), say!("Nothing is changed until you press the button."))}
        <h2>{model.title}</h2>
        {rows(model.rows)}
        {change}
        {left}
        {nothing_is_deleted()}
        <form method="post" action=format!("{}/merge", model.href)>
            {hidden}
            <button class="button">{say!("Merge them")}</button>
        </form>
    }
    .into_any()
}

fn rows(rows: Vec<MergedRow>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            view! { <div><dt>{row.label}</dt><dd>{row.text}<span class="hint from">{row.from}</span></dd></div> }
        })
        .collect_view();
    view! { <dl class="summary">{rows}</dl> }.into_any()
}
