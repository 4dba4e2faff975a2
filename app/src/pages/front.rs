//! `/`: what happened, what is being done, what people get.

use leptos::prelude::*;

use crate::{
    models::{Front, FrontRemedy, TimelineEntry},
    pieces::{heading, sections},
    render::Page,
    say,
};

impl Page for Front {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn view(self) -> AnyView {
        front(self)
    }
}

pub fn front(model: Front) -> AnyView {
    let start = if model.signed_in { "/recovery" } else { "/sign-in" };
    view! {
        {heading(model.title, model.summary)}
        <p><a class="button" href=start>{say!("Check your recovery")}</a></p>
        {sections(model.sections)}
        {benefits(model.remedies)}
        {sections(model.advice.into_iter().collect())}
        {timeline(model.timeline)}
        <p><a href="/status">{say!("See the status page")}</a>{say!(", which everyone can read without signing in.")}</p>
    }
    .into_any()
}

fn benefits(remedies: Vec<FrontRemedy>) -> Option<AnyView> {
    if remedies.is_empty() {
        return None;
    }
    let rows = remedies
        .into_iter()
        .map(|remedy| {
            view! {
                <li>
                    <b>{named_with_worth(&remedy)}</b>
                    <br/>
                    {remedy.summary}
                </li>
            }
        })
        .collect_view();
    let list = view! {
        <h2>{say!("What you get")}</h2>
        <ul class="spaced">{rows}</ul>
        <p>{say!("Claiming takes a minute and asks you to give up nothing.")}</p>
    };
    Some(list.into_any())
}

/// A name that says its worth already does not say it twice.
fn named_with_worth(remedy: &FrontRemedy) -> String {
    let worth = remedy.worth.to_string();
    match remedy.name.contains(&worth) {
        true => remedy.name.clone(),
        false => say!("{name}, worth {worth}", name = remedy.name, worth),
    }
}

fn headline(title: String) -> Option<AnyView> {
    (!title.is_empty()).then(|| view! { <h3>{title}</h3> }.into_any())
}

fn timeline(entries: Vec<TimelineEntry>) -> Option<AnyView> {
    if entries.is_empty() {
        return None;
    }
    let rows = entries
        .into_iter()
        .map(|entry| {
            let source = (!entry.source.is_empty())
                .then(|| view! { <p class="hint">{say!("Source: {source}", source = entry.source)}</p> });
            view! {
                <li><time datetime=entry.datetime>{entry.date}</time>{headline(entry.title)}<p>{entry.text}</p>{source}</li>
            }
        })
        .collect_view();
    Some(
        view! { <h2>{say!("What we have said, newest first")}</h2><ol class="timeline">{rows}</ol> }
            .into_any(),
    )
}
