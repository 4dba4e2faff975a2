//! Keeps the counts of `/recovery` fresh while the page is open.
//!
//! The page is complete without it: the island tells what has changed and writes
//! the new counts into the cards that the server drew.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod cards;
#[cfg(feature = "hydrate")]
mod watch;

/// A line that tells, politely, what has changed since the page was made.
#[island]
pub fn LiveCounts(
    /// What leads to the page anew: the server's words, since an island has none.
    again: String,
    /// Said when the person is signed out.
    signed_out: String,
) -> impl IntoView {
    let (news, tell) = signal(String::new());
    let (reopened, reopen) = signal(false);
    start(tell, reopen, signed_out);
    let again = move || reopened.get().then(|| view! { " "<a href="/recovery">{again.clone()}</a> });
    view! { <p class="live" role="status">{news}{again}</p> }
}

#[cfg(feature = "hydrate")]
fn start(tell: WriteSignal<String>, reopen: WriteSignal<bool>, signed_out: String) {
    watch::start(watch::Listener { tell, reopen, signed_out: StoredValue::new(signed_out) });
}

/// On the server there is nothing to listen to.
#[cfg(not(feature = "hydrate"))]
fn start(_tell: WriteSignal<String>, _reopen: WriteSignal<bool>, _signed_out: String) {}
