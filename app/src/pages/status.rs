//! `/status`: for everyone, without signing in and without a script.

use leptos::prelude::*;

use crate::{
    models::{Status, StatusComponent, StatusUpdate},
    pieces::{bar, notice},
    render::Page,
    say, say_many,
    vocabulary::count_in_words,
};

impl Page for Status {
    fn title(&self) -> String {
        say!("Status").to_owned()
    }

    fn view(self) -> AnyView {
        status(self)
    }
}

pub fn status(model: Status) -> AnyView {
    let state = if model.resolved { say!("Incident: Resolved") } else { say!("Incident: Open") };
    view! {
        <h1>{model.incident}</h1>
        <div class=format!("notice {}", model.indicator)>
            <p><b>{model.description}</b></p>
            <p>{state}</p>
        </div>
        <p class="hint">{say!("As of")}" "<time datetime=model.as_of_datetime>{model.as_of}</time></p>
        {model.stale.map(|why| notice("warning", why))}
        {components(model.components)}
        {updates(model.updates)}
        {feeds()}
    }
    .into_any()
}

fn components(list: Vec<StatusComponent>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list
        .into_iter()
        .map(|component| {
            let uncounted = (component.uncounted > 0).then(|| {
                let more = say_many!(
                    component.uncounted,
                    "{n} more is back than we knew of, or of people for whom we do not know how many there were.",
                    "{n} more are back than we knew of, or of people for whom we do not know how many there were."
                );
                view! { <p class="hint">{more}</p> }
            });
            view! {
                <li>
                    <h3>{component.name}</h3>
                    <p class="count">{count_in_words(component.found, component.expected)}</p>
                    {bar(component.found, component.expected)}
                    {uncounted}
                    <p class=format!("state {}", component.status)>{status_label(&component.status)}</p>
                </li>
            }
        })
        .collect_view();
    let part = view! {
        <h2>{say!("What has come back, everyone together")}</h2>
        <ul class="categories">{rows}</ul>
    };
    Some(part.into_any())
}

/// A component's status of the status API, in words: it says who can have what came back, beside how much did.
fn status_label(status: &str) -> String {
    match status {
        "operational" => say!("Open to everyone").to_owned(),
        "degraded_performance" => say!("Open, but slow").to_owned(),
        "partial_outage" => say!("Open to some people").to_owned(),
        "major_outage" => say!("Not open yet").to_owned(),
        "under_maintenance" => say!("Being worked on").to_owned(),
        other => other.replace('_', " "),
    }
}

fn updates(list: Vec<StatusUpdate>) -> AnyView {
    if list.is_empty() {
        return view! { <h2>{say!("Updates")}</h2><p>{say!("No updates yet.")}</p> }.into_any();
    }
    let rows = list.into_iter().map(update).collect_view();
    view! { <h2>{say!("Updates, newest first")}</h2><ol class="timeline">{rows}</ol> }.into_any()
}

fn update(update: StatusUpdate) -> AnyView {
    let source = (!update.source.is_empty())
        .then(|| view! { <p class="hint">{say!("Source: {source}", source = update.source)}</p> });
    view! {
        <li>
            <p><b>{update_label(&update.status)}</b>" · "<time datetime=update.datetime>{update.at}</time></p>
            {(!update.title.is_empty()).then(|| view! { <h3>{update.title}</h3> })}
            <p>{update.body}</p>
            {source}
        </li>
    }
    .into_any()
}

fn update_label(status: &str) -> String {
    match status {
        "investigating" => say!("Investigating").to_owned(),
        "identified" => say!("Identified").to_owned(),
        "monitoring" => say!("Monitoring").to_owned(),
        "resolved" => say!("Resolved").to_owned(),
        "update" => say!("Update").to_owned(),
        "postmortem" => say!("Looking back").to_owned(),
        other => {
            let mut chars = other.chars();
            chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
        }
    }
}

fn feeds() -> AnyView {
    view! {
        <h2>{say!("Follow along")}</h2>
        <p>
            {say!("Nothing here is changed silently: corrections are updates of their own.")}
            " "
            <a href="/history.atom">{say!("Atom feed")}</a>
            ", "
            <a href="/history.rss">{say!("RSS feed")}</a>
            ", "
            <a href="/api/v2/summary.json">"JSON"</a>
            "."
        </p>
    }
    .into_any()
}
