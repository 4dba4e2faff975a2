//! When something went wrong: what happened and what to do now.

use leptos::prelude::*;

use crate::{
    models::ErrorPage,
    pieces::{heading, support_lines},
    render::Page,
    say,
};

impl Page for ErrorPage {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn view(self) -> AnyView {
        error(self)
    }
}

pub fn error(model: ErrorPage) -> AnyView {
    let to_do = model.to_do.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    let reference = (!model.request_id.is_empty()).then(|| {
        view! { <p class="hint">{say!("If you ask us about this, give this number: {number}", number = model.request_id)}</p> }
    });
    view! {
        {heading(model.title, "")}
        <p>{model.happened}</p>
        <ul>{to_do}</ul>
        <p><a href="/">{say!("Go to the start")}</a></p>
        <h2>{say!("Talk to a person")}</h2>
        {support_lines(&model.support)}
        {reference}
    }
    .into_any()
}
