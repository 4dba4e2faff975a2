//! Keeps the counts of `/recovery` fresh while the page is open.

use leptos::prelude::*;

/// A line that tells, politely, what has changed since the page was made.
#[island]
pub fn LiveCounts() -> impl IntoView {
    let (news, _tell) = signal(String::new());
    view! { <p class="live" role="status">{news}</p> }
}
