//! Form controls with their labels, hints and mistakes, after GOV.UK's patterns.

use leptos::prelude::*;

use super::textarea;
use crate::{models::FieldError, say};

/// The list of what is wrong, each linked to its field. Nothing when nothing is.
pub fn error_summary(errors: &[FieldError]) -> Option<AnyView> {
    if errors.is_empty() {
        return None;
    }
    let links = errors
        .iter()
        .map(|error| {
            view! { <li><a href=format!("#{}", error.field)>{error.message.clone()}</a></li> }
        })
        .collect_view();
    let summary = view! {
        <div class="error-summary" role="alert" aria-labelledby="errors" tabindex="-1">
            <h2 id="errors">{say!("There is a problem")}</h2>
            <ul>{links}</ul>
        </div>
    };
    Some(summary.into_any())
}

/// A page's title says first that there is a mistake, for those who hear it.
pub fn form_title(title: &str, errors: &[FieldError]) -> String {
    if errors.is_empty() { title.to_owned() } else { say!("Error: {title}", title) }
}

/// A one-line control.
#[derive(Default)]
pub struct Input {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    /// `tel`, `text`, `password`, `email`, `search`.
    pub kind: &'static str,
    pub autocomplete: &'static str,
    /// `numeric` where digits alone are meant.
    pub inputmode: Option<&'static str>,
    pub value: String,
    /// A width: `short` for a code, `middle` for a phone; the whole line when empty.
    pub width: &'static str,
}

impl Input {
    pub fn view(self, errors: &[FieldError]) -> AnyView {
        let described_by = described_by(self.name, self.hint, errors);
        let invalid = message(self.name, errors).is_some();
        let control = view! {
            <input
                class=self.width
                id=self.name
                name=self.name
                type=self.kind
                autocomplete=self.autocomplete
                inputmode=self.inputmode
                value=self.value
                aria-describedby=described_by
                aria-invalid=invalid.then_some("true")
                autocapitalize="none"
                spellcheck="false"
            />
        };
        field(self.name, self.label, self.hint, errors, control.into_any())
    }
}

/// A control for more than one line.
pub fn text_field(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    text: &str,
    errors: &[FieldError],
) -> AnyView {
    let described_by = described_by(name, hint, errors);
    let control = textarea(name, "3", text, described_by, message(name, errors).is_some());
    field(name, label, hint, errors, control)
}

/// A control for a text of some length.
pub fn long_text(
    name: &'static str,
    label: &'static str,
    hint: impl Into<String>,
    text: &str,
    errors: &[FieldError],
) -> AnyView {
    let hint = hint.into();
    let described_by = described_by(name, &hint, errors);
    let control = textarea(name, "8", text, described_by, message(name, errors).is_some());
    field(name, label, &hint, errors, control)
}

/// A control for one or several files, named `file`; its form is multipart.
pub fn file_field(label: &'static str, hint: String, errors: &[FieldError]) -> AnyView {
    let described_by = described_by("file", &hint, errors);
    let invalid = message("file", errors).is_some();
    let control = view! {
        <input
            type="file"
            id="file"
            name="file"
            multiple
            aria-describedby=described_by
            aria-invalid=invalid.then_some("true")
        />
    };
    field("file", label, &hint, errors, control.into_any())
}

/// Label, hint, mistake and control, in the order in which they are read.
fn field(
    name: &'static str,
    label: &'static str,
    hint: &str,
    errors: &[FieldError],
    control: AnyView,
) -> AnyView {
    let hint = hint.to_owned();
    let message = message(name, errors);
    let class = if message.is_some() { "field wrong" } else { "field" };
    view! {
        <div class=class>
            <label for=name>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
            {message.map(|m| view! { <p class="error" id=format!("{name}-error")><b>{say!("Error:")}" "</b>{m}</p> })}
            {control}
        </div>
    }
    .into_any()
}

fn message(name: &str, errors: &[FieldError]) -> Option<String> {
    errors.iter().find(|error| error.field == name).map(|error| error.message.clone())
}

fn described_by(name: &str, hint: &str, errors: &[FieldError]) -> Option<String> {
    let hint = (!hint.is_empty()).then(|| format!("{name}-hint"));
    let error = message(name, errors).map(|_| format!("{name}-error"));
    let ids: Vec<_> = hint.into_iter().chain(error).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// A form that is one button: what changes something is never a link.
pub fn button_form(action: String, label: &'static str, class: &'static str) -> AnyView {
    view! {
        <form method="post" action=action><button class=class>{label}</button></form>
    }
    .into_any()
}

/// A search that is a GET, so that its address can be kept.
pub fn search_form(action: String, label: String, query: String) -> AnyView {
    view! {
        <form class="search" role="search" method="get" action=action>
            <label for="q">{label}</label>
            <div class="row">
                <input id="q" name="q" type="search" autocomplete="off" value=query/>
                <button class="button secondary">{say!("Search")}</button>
            </div>
        </form>
    }
    .into_any()
}
