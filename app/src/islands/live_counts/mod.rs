//! Keeps the counts of `/recovery` fresh while the page is open.
//!
//! The page is complete without it: the island tells what has changed and writes
//! the new counts into the cards that the server drew.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod cards;
#[cfg(feature = "hydrate")]
mod watch;

/// A line that tells, politely, what has changed since the page was made. It has no words of its own: the server
/// writes them beside the cards, in the language of the page. As props they would need serde's code.
#[island]
pub fn LiveCounts() -> impl IntoView {
    let (news, tell) = signal(String::new());
    let (reopened, reopen) = signal(false);
    start(tell, reopen);
    let again = move || reopened.get().then(|| view! { " "<a href="/recovery">{words_for_again()}</a> });
    view! { <p class="live" role="status">{news}{again}</p> }
}

#[cfg(feature = "hydrate")]
fn start(tell: WriteSignal<String>, reopen: WriteSignal<bool>) {
    watch::start(watch::Listener { tell, reopen });
}

#[cfg(feature = "hydrate")]
fn words_for_again() -> String {
    cards::words("data-again")
}

/// On the server there is nothing to listen to.
#[cfg(not(feature = "hydrate"))]
fn start(_tell: WriteSignal<String>, _reopen: WriteSignal<bool>) {}

/// And nothing has changed yet.
#[cfg(not(feature = "hydrate"))]
fn words_for_again() -> String {
    String::new()
}
