//! Summary lists, pagers, terms and steps.

use leptos::prelude::*;

use crate::{
    models::{NO_WAIVER, Pager, Terms},
    say,
    words::said,
};

/// Names and their values, one pair a line. Empty values are left out.
pub fn summary(rows: Vec<(&'static str, String)>) -> AnyView {
    summary_of(rows.into_iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| (n, v.into_any())).collect())
}

/// The same where a value is more than text.
pub fn summary_of(rows: Vec<(&'static str, AnyView)>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect_view();
    view! { <dl class="summary">{rows}</dl> }.into_any()
}

/// Who gets a remedy, in the operator's words; nothing where they are not told.
pub fn who_gets_it(terms: &Terms) -> Option<AnyView> {
    let who = Some(terms.who.clone()).filter(|who| !who.is_empty())?;
    Some(view! { <p><b>{say!("Who gets it:")}" "</b>{who}</p> }.into_any())
}

/// The whole terms of a remedy as one short list, ending with what claiming does not do.
pub fn terms_list(terms: Terms) -> AnyView {
    let rights = said(NO_WAIVER);
    let complete = terms.list.iter().any(|term| term.text.contains(rights) || term.name.contains(rights));
    let rows = terms
        .list
        .into_iter()
        .map(|term| view! { <div><dt>{term.name}</dt><dd>{term.text}</dd></div> })
        .collect_view();
    let rights = (!complete).then(|| {
        view! { <div><dt>{say!("Your rights")}</dt><dd>{format!("{rights}.")}</dd></div> }
    });
    view! { <dl class="summary terms">{rows}{rights}</dl> }.into_any()
}

/// "21 to 40 of 64", and links on and back.
pub fn pager_links(pager: Pager) -> Option<AnyView> {
    if pager.previous.is_none() && pager.next.is_none() {
        return None;
    }
    let position = (pager.total > 0).then(|| {
        say!("{first} to {last} of {total}", first = pager.first, last = pager.last, total = pager.total)
    });
    let links = view! {
        <nav class="pager" aria-label=say!("Pages")>
            {pager.previous.map(|href| view! { <a rel="prev" href=href>{say!("Previous")}</a> })}
            {position.map(|text| view! { <span>{text}</span> })}
            {pager.next.map(|href| view! { <a rel="next" href=href>{say!("Next")}</a> })}
        </nav>
    };
    Some(links.into_any())
}
