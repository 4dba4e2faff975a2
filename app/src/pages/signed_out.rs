//! What was typed, given back to somebody who was signed out meanwhile.

use leptos::prelude::*;

use super::questions::hidden;
use crate::{
    models::SignedOut,
    pieces::{heading, long_text},
    render::Page,
    say,
};

impl Page for SignedOut {
    fn title(&self) -> String {
        say!("You were signed out").to_owned()
    }

    fn view(self) -> AnyView {
        signed_out(self)
    }
}

pub fn signed_out(model: SignedOut) -> AnyView {
    let encoding =
        if model.takes_files { "multipart/form-data" } else { "application/x-www-form-urlencoded" };
    let files = model.takes_files.then(|| {
        view! { <p>{say!("Files did not come along. You can send them afterwards.")}</p> }
    });
    let lead = say!(
        "We do that after 30 minutes, so that nobody else reads what is yours. Nothing was sent, and what you typed is here."
    );
    view! {
        {heading(say!("You were signed out"), lead)}
        <ol class="spaced">
            <li>
                <a href="/sign-in" target="_blank" rel="noopener">{say!("Sign in again in a new window")}</a>
                ". "
                {say!("Leave this one open.")}
            </li>
            <li>{say!("Come back here and send it.")}</li>
        </ol>
        {files}
        <form method="post" action=model.action enctype=encoding novalidate>
            {hidden(&model.others)}
            {long_text("text", say!("What you typed"), "", &model.text, &[])}
            <button class="button">{say!("Send again")}</button>
        </form>
    }
    .into_any()
}
