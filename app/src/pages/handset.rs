//! `/demo/handset`: the messages that the demo would have sent.

use leptos::prelude::*;

use crate::{
    models::{Handset, HandsetMessage},
    pieces::{Input, heading},
    render::Page,
    say,
};

impl Page for Handset {
    fn title(&self) -> String {
        say!("Handset").to_owned()
    }

    fn view(self) -> AnyView {
        handset(self)
    }
}

pub fn handset(model: Handset) -> AnyView {
    let input = Input {
        name: "phone",
        label: say!("Show the messages of one phone"),
        kind: "tel",
        autocomplete: "off",
        value: model.phone,
        width: "middle",
        ..Default::default()
    };
    view! {
        {heading(say!("Handset"), say!("The demonstration sends nothing. What it would have sent arrives here, newest first."))}
        <form method="get" action="/demo/handset">
            {input.view(&[])}
            <button class="button secondary">{say!("Show")}</button>
        </form>
        {messages(model.messages)}
        {people(model.people)}
    }
    .into_any()
}

fn messages(list: Vec<HandsetMessage>) -> AnyView {
    if list.is_empty() {
        return view! { <h2>{say!("Messages")}</h2><p>{say!("No messages. Ask for a code, then load this page again.")}</p> }
            .into_any();
    }
    let rows = list.into_iter().map(message).collect_view();
    view! { <h2>{say!("Messages")}</h2><ul class="messages">{rows}</ul> }.into_any()
}

fn message(message: HandsetMessage) -> AnyView {
    let head = match message.channel.as_str() {
        "sms" => say!("Text message to {to} · {at}", to = message.to, at = message.at),
        _ => say!("Email to {to} · {at}", to = message.to, at = message.at),
    };
    let subject = (!message.subject.is_empty()).then(|| view! { <p><b>{message.subject}</b></p> });
    view! { <li><p class="hint">{head}</p>{subject}<p class="typed">{message.text}</p></li> }.into_any()
}

fn people(list: Vec<(String, String)>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list
        .into_iter()
        .map(|(phone, shows)| view! { <div><dt>{phone}</dt><dd>{shows}</dd></div> })
        .collect_view();
    Some(view! { <h2>{say!("Phones to sign in with")}</h2><dl class="summary">{rows}</dl> }.into_any())
}
