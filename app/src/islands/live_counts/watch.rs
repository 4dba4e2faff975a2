//! Listening for changed counts: server-sent events, and asking now and then where they end.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{EventSource, MessageEvent, RequestInit, RequestRedirect, Response};

use super::cards;

const EVENTS: &str = "/recovery/events";
const COUNTS: &str = "/recovery/counts";
const ASK_EVERY_MS: i32 = 30_000;

/// Where news goes.
#[derive(Clone, Copy)]
pub struct Listener {
    pub tell: WriteSignal<String>,
    /// A category's state changed, so that the page may have more to show.
    pub reopen: WriteSignal<bool>,
}

/// Listens until the page is left or the person is signed out.
pub fn start(listener: Listener) {
    match EventSource::new(EVENTS) {
        Ok(source) => follow(source, listener),
        Err(_) => ask_later(listener),
    }
}

/// The closures live as long as the page, as the island does.
fn follow(source: EventSource, listener: Listener) {
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            take_in(&text, listener);
        }
    });
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();

    // The browser connects again by itself, except after an answer that is no stream:
    // 204 when too many are open, 401 after signing out. Asking tells the two apart.
    let ended = source.clone();
    let on_error = Closure::<dyn Fn()>::new(move || {
        if ended.ready_state() == EventSource::CLOSED {
            ask(listener);
        }
    });
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    on_error.forget();
}

fn ask(listener: Listener) {
    spawn_local(async move {
        match counts().await {
            Ok(Answer::Counts(text)) => {
                take_in(&text, listener);
                ask_later(listener);
            }
            Ok(Answer::SignedOut) => listener.tell.set(cards::words("data-signed-out")),
            Ok(Answer::NotNow) | Err(_) => ask_later(listener),
        }
    });
}

fn ask_later(listener: Listener) {
    let again = Closure::once_into_js(move || ask(listener));
    // Without a window there is no page left to keep fresh.
    if let Some(window) = web_sys::window() {
        let _ =
            window.set_timeout_with_callback_and_timeout_and_arguments_0(again.unchecked_ref(), ASK_EVERY_MS);
    }
}

enum Answer {
    Counts(String),
    SignedOut,
    NotNow,
}

/// Redirects are not followed: one means that the sign-in page would come instead.
async fn counts() -> Result<Answer, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let how = RequestInit::new();
    how.set_redirect(RequestRedirect::Manual);
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init(COUNTS, &how)).await?.dyn_into()?;
    match response.status() {
        200 => {
            let text = JsFuture::from(response.text()?).await?;
            Ok(Answer::Counts(text.as_string().unwrap_or_default()))
        }
        0 | 401 | 403 => Ok(Answer::SignedOut),
        _ => Ok(Answer::NotNow),
    }
}

fn take_in(text: &str, listener: Listener) {
    let changes = cards::update(text);
    if changes.news.is_empty() {
        return;
    }
    listener.tell.set(changes.news.join(". ") + ".");
    if changes.state {
        listener.reopen.set(true);
    }
}
