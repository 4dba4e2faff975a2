//! `/recovery/CATEGORY/ID`: one item, everything that it says, and how to take it away.

use leptos::prelude::*;

use crate::{
    models::{Detail, ItemPage, Picture, Take, Version},
    pieces::{back, heading, notice},
    render::Page,
    say,
};

impl Page for ItemPage {
    fn title(&self) -> String {
        format!("{} – {}", self.title, self.category_title)
    }

    fn view(self) -> AnyView {
        item(self)
    }
}

pub fn item(model: ItemPage) -> AnyView {
    let steps = steps(&model);
    let (small, large): (Vec<_>, Vec<_>) = model.picture.into_iter().partition(|picture| picture.small);
    let text = (!model.text.is_empty()).then(|| view! { <div class="typed letter">{model.text}</div> });
    view! {
        {back(model.back, say!("All {things}", things = model.category.noun(2)))}
        {small.into_iter().map(picture).collect_view()}
        {heading(model.title, model.lead)}
        {steps}
        {(!model.trouble.is_empty()).then(|| notice("warning", model.trouble))}
        {large.into_iter().map(picture).collect_view()}
        {text}
        {facts(model.facts)}
        {downloads(model.downloads)}
        {versions(model.versions)}
    }
    .into_any()
}

fn picture(picture: Picture) -> AnyView {
    let class = if picture.small { "portrait" } else { "picture" };
    view! {
        <img
            class=class
            src=picture.src
            width=picture.width.to_string()
            height=picture.height.to_string()
            alt=picture.alt
        />
    }
    .into_any()
}

/// To the neighbours in the list.
fn steps(model: &ItemPage) -> Option<AnyView> {
    if model.previous.is_none() && model.next.is_none() {
        return None;
    }
    let noun = model.category.noun(1);
    let step = |href: Option<String>, rel: &'static str, word: &'static str| {
        href.map(|href| {
            view! { <a rel=rel href=href>{word}<span class="hidden">{format!(" {noun}")}</span></a> }
        })
    };
    let links = view! {
        <nav class="pager" aria-label=say!("Neighbours")>
            {step(model.previous.clone(), "prev", say!("Previous"))}
            {step(model.next.clone(), "next", say!("Next"))}
        </nav>
    };
    Some(links.into_any())
}

fn facts(list: Vec<Detail>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list
        .into_iter()
        .map(|fact| {
            let value = match fact.href.as_str() {
                "" => fact.text.into_any(),
                href => view! { <a href=href.to_owned() rel="noreferrer">{fact.text}</a> }.into_any(),
            };
            view! { <div><dt>{fact.name}</dt><dd>{value}</dd></div> }
        })
        .collect_view();
    Some(view! { <dl class="summary">{rows}</dl> }.into_any())
}

fn downloads(list: Vec<Take>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list
        .into_iter()
        .map(|take| {
            view! { <li><a href=take.href download>{take.label}</a><p class="hint">{take.hint}</p></li> }
        })
        .collect_view();
    Some(view! { <h2>{say!("Take it away")}</h2><ul class="spaced">{rows}</ul> }.into_any())
}

fn versions(list: Vec<Version>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list
        .into_iter()
        .map(|version| {
            view! {
                <li><a href=version.href download>{version.title}</a><p class="hint">{version.dated}</p></li>
            }
        })
        .collect_view();
    let list = view! {
        <h2>{say!("Other versions")}</h2>
        <p>{say!("The same item was found more than once and not always the same. The newest is shown above.")}</p>
        <ul class="spaced">{rows}</ul>
    };
    Some(list.into_any())
}
