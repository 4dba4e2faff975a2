//! What we sent, how to be written to, and no more news.

use leptos::prelude::*;

use crate::{
    models::{FieldError, MessageWishes, SentMessage, SentMessages, StopNews, Unreachable},
    pieces::{Input, back, button_form, error_summary, form_title, heading, pager_links, summary},
    render::Page,
    say,
};

impl Page for SentMessages {
    fn title(&self) -> String {
        say!("Messages").to_owned()
    }

    fn view(self) -> AnyView {
        sent_messages(self)
    }
}

pub fn sent_messages(model: SentMessages) -> AnyView {
    view! {
        {back("/account", say!("Your account"))}
        {heading(say!("Messages"), say!("Every message that we sent you. If a message is not on this list, we did not send it."))}
        {model.gift_cards_by.map(gift_cards)}
        {model.unreachable.into_iter().map(unreachable).collect_view()}
        <h2>{say!("What we never do")}</h2>
        <ul>
            <li>{say!("We never send a link that asks for a password or a code.")}</li>
            <li>{say!("We never ask for a code by phone. The one exception: you called us, and the message with the code says so.")}</li>
            <li>{say!("We never send the code of a gift card in a message, and never ask you to pay for anything here.")}</li>
        </ul>
        <p>{say!("Did you get one that is not here? Do not answer it, and")}" "<a href="/help">{say!("tell us")}</a>"."</p>
        <h2>{say!("How we write to you")}</h2>
        {summary(model.wishes)}
        <p><a class="button secondary" href="/account/messages/wishes">{say!("Change how we write to you")}</a></p>
        <h2 id="sent">{say!("What we sent you")}</h2>
        {list(model.list)}
        {pager_links(model.pager)}
    }
    .into_any()
}

/// The one thing that comes from somebody else.
fn gift_cards(provider: &'static str) -> AnyView {
    let told = say!(
        "Only a gift card by e-mail or text message comes from {provider}, who does this for us. The page of your claim says when.",
        provider
    );
    view! { <p>{told}</p> }.into_any()
}

fn unreachable(address: Unreachable) -> AnyView {
    let told = say!(
        "We could not reach you at {address}. What we sent there came back on {since}, and we send no more there, except for codes.",
        address = address.address,
        since = address.since
    );
    view! {
        <div class="notice warning">
            <p>{told}</p>
            <p>{say!("Is the address wrong?")}" "<a href="/help">{say!("Tell us")}</a>" "{say!("the right one. Is it right, and works again?")}</p>
            {button_form(address.again, say!("Write to it again"), "button secondary")}
        </div>
    }
    .into_any()
}

fn list(list: Vec<SentMessage>) -> AnyView {
    if list.is_empty() {
        return view! { <p>{say!("We have sent you nothing yet.")}</p> }.into_any();
    }
    view! { <ul class="messages">{list.into_iter().map(message).collect_view()}</ul> }.into_any()
}

fn message(message: SentMessage) -> AnyView {
    let SentMessage { at, head, subject, text, state, language } = message;
    let head = format!("{head} · {at} · {state}");
    let subject = (!subject.is_empty()).then(|| view! { <p lang=language.clone()><b>{subject}</b></p> });
    let text = if text.is_empty() {
        view! { <p>{say!("Its text is not kept.")}</p> }.into_any()
    } else {
        view! { <p class="typed" lang=language>{text}</p> }.into_any()
    };
    view! { <li><p class="hint">{head}</p>{subject}{text}</li> }.into_any()
}

impl Page for MessageWishes {
    fn title(&self) -> String {
        form_title(say!("How we write to you"), &self.errors)
    }

    fn view(self) -> AnyView {
        message_wishes(self)
    }
}

pub fn message_wishes(model: MessageWishes) -> AnyView {
    let time = |name, label, value: &str| {
        let hint = say!("Like 21:00");
        Input {
            name,
            label,
            hint,
            kind: "time",
            autocomplete: "off",
            value: value.to_owned(),
            width: "short",
            ..Default::default()
        }
        .view(&model.errors)
    };
    let news =
        [("email", say!("By e-mail")), ("sms", say!("By text message")), ("none", say!("Send me no news"))];
    let languages = [("en", "English"), ("es", "Español")];
    let hours = say!(
        "During these hours we send only codes and what you have just asked for; the rest waits. They are hours of your own day ({zone}). The same time twice: no quiet hours.",
        zone = model.zone
    );
    view! {
        {back("/account/messages", say!("Messages"))}
        {error_summary(&model.errors)}
        {heading(say!("How we write to you"), say!("Codes, and what you need to know of your claims and reports, we send in any case."))}
        <form method="post" action="/account/messages/wishes" novalidate>
            {choices("news", say!("News: something of yours was opened, or can be claimed"), &news, &model.news, &model.errors)}
            {choices("language", say!("Language of messages"), &languages, &model.language, &model.errors)}
            <h2>{say!("Quiet hours")}</h2>
            <p>{hours}</p>
            {time("quiet_from", say!("Quiet from"), &model.quiet_from)}
            {time("quiet_until", say!("Quiet until"), &model.quiet_until)}
            <button class="button">{say!("Save")}</button>
        </form>
    }
    .into_any()
}

fn choices(
    name: &'static str,
    legend: &'static str,
    list: &[(&'static str, &'static str)],
    chosen: &str,
    errors: &[FieldError],
) -> AnyView {
    let mistake = errors.iter().find(|error| error.field == name).map(|error| error.message.clone());
    let radios = list.iter().enumerate().map(|(place, (value, label))| {
        // The error summary leads to the first.
        let id = if place == 0 { name.to_owned() } else { format!("{name}-{value}") };
        view! {
            <div class="choice">
                <input type="radio" id=id.clone() name=name value=*value checked=*value == chosen/>
                <label for=id>{*label}</label>
            </div>
        }
    });
    let (class, described_by) = match mistake {
        Some(_) => ("field wrong", Some(format!("{name}-error"))),
        None => ("field", None),
    };
    view! {
        <fieldset class=class aria-describedby=described_by>
            <legend>{legend}</legend>
            {mistake.map(|m| view! { <p class="error" id=format!("{name}-error")><b>{say!("Error:")}" "</b>{m}</p> })}
            {radios.collect_view()}
        </fieldset>
    }
    .into_any()
}

impl Page for StopNews {
    fn title(&self) -> String {
        say!("No more news").to_owned()
    }

    fn view(self) -> AnyView {
        stop_news(self)
    }
}

pub fn stop_news(model: StopNews) -> AnyView {
    let rest = say!("What you need to know of your claims and reports still reaches you.");
    if model.stopped {
        return view! {
            {heading(say!("We send you no news"), rest)}
            <p>{say!("To get news again, sign in and see Messages on your account page.")}</p>
        }
        .into_any();
    }
    view! {
        {heading(say!("No more news?"), rest)}
        <form method="post" action=model.path>
            // Mail programs post here too, and want no page for an answer.
            <input type="hidden" name="answer" value="page"/>
            <button class="button">{say!("Send me no more news")}</button>
        </form>
    }
    .into_any()
}
