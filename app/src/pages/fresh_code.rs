//! One more code before something is made that outlives the session.

use leptos::prelude::*;

use super::sign_in::handset_hint;
use crate::{
    models::{FreshCodeForm, Wait},
    pieces::{Input, back, error_summary, form_title, heading, seconds_in_words},
    render::Page,
    say, say_many,
};

impl Page for FreshCodeForm {
    fn title(&self) -> String {
        form_title(&self.title, &self.errors)
    }

    fn view(self) -> AnyView {
        fresh_code(self)
    }
}

pub fn fresh_code(model: FreshCodeForm) -> AnyView {
    let to_enter = model.sent || !model.errors.is_empty();
    let about = if model.sent {
        say_many!(
            model.minutes,
            "A text message with a six-digit code is on its way to your phone {phone}. It lasts {n} minute and works once.",
            "A text message with a six-digit code is on its way to your phone {phone}. It lasts {n} minutes and works once.",
            phone = model.phone_end
        )
    } else {
        say!(
            "To be sure that it is you, we send a six-digit code to your phone {phone}.",
            phone = model.phone_end
        )
    };
    view! {
        {back(model.back, say!("Back"))}
        {error_summary(&model.errors)}
        {heading(model.title, model.lead)}
        <p>{about}</p>
        {to_enter.then(|| {
            let input = Input {
                name: "code",
                label: say!("Code"),
                hint: say!("Six digits."),
                kind: "text",
                autocomplete: "one-time-code",
                inputmode: Some("numeric"),
                width: "short",
                ..Default::default()
            };
            view! {
                <form method="post" action=model.path.clone() novalidate>
                    {input.view(&model.errors)}
                    <button class="button">{model.button}</button>
                </form>
            }
        })}
        {model.handset.then(handset_hint)}
        {to_enter.then(|| view! { <h2>{say!("Nothing arrived?")}</h2> })}
        {send(model.path, to_enter, model.wait)}
    }
    .into_any()
}

/// Another code replaces the one before, and may need a wait.
fn send(path: String, again: bool, wait: Option<Wait>) -> AnyView {
    if let Some(wait) = wait {
        let when = seconds_in_words(wait.seconds);
        return view! { <p>{say!("You can ask for another code in {when}.", when)}</p> }.into_any();
    }
    let (label, class) = if again {
        (say!("Send another code"), "button secondary")
    } else {
        (say!("Send me a code"), "button")
    };
    view! { <form method="post" action=path><button class=class>{label}</button></form> }.into_any()
}
