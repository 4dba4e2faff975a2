//! A month of the calendar: a table on a wide screen, the days that have something as a list on a narrow one.
//! The roles stand in the markup, because a table that is laid out as a list loses its own in some browsers.

use leptos::prelude::*;

use crate::{
    models::{Day, DayEntry, Jump, Month},
    say,
};

/// Entries that a day's cell shows; the others are counted.
const SHOWN: usize = 8;

pub fn month(month: Month) -> AnyView {
    let weekdays = month.weekdays.iter().map(|name| {
        view! {
            <th scope="col" role="columnheader">
                <span aria-hidden="true">{name.chars().take(3).collect::<String>()}</span>
                <span class="hidden">{*name}</span>
            </th>
        }
    });
    let is_empty = month.weeks.iter().flatten().all(|day| !day.inside || day.entries.is_empty());
    let weeks = month.weeks.into_iter().map(|week| {
        view! { <tr role="row">{week.into_iter().map(day).collect_view()}</tr> }
    });
    let clock = (!month.zone.is_empty())
        .then(|| view! { <p class="hint">{say!("Times are those of {zone}.", zone = month.zone)}</p> });
    view! {
        <h2 id="month">{month.title.clone()}</h2>
        {around(month.previous, month.next)}
        {clock}
        {(!month.left_out.is_empty()).then(|| view! { <p class="hint">{month.left_out}</p> })}
        {is_empty.then(|| view! { <p>{say!("Nothing was found in this month.")}</p> })}
        <table class="month" role="table" aria-labelledby="month">
            <thead role="rowgroup"><tr role="row">{weekdays.collect_view()}</tr></thead>
            <tbody role="rowgroup">{weeks.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// To the months before and after that have something in them.
fn around(previous: Option<Jump>, next: Option<Jump>) -> Option<AnyView> {
    if previous.is_none() && next.is_none() {
        return None;
    }
    let step = |jump: Option<Jump>, rel: &'static str, word: &'static str| {
        jump.map(|jump| {
            view! { <a rel=rel href=jump.href>{word}<span class="hidden">" "{say!("month")}</span>": "{jump.label}</a> }
        })
    };
    let links = view! {
        <nav class="pager" aria-label=say!("Months")>
            {step(previous, "prev", say!("Previous"))}
            {step(next, "next", say!("Next"))}
        </nav>
    };
    Some(links.into_any())
}

fn day(day: Day) -> AnyView {
    if !day.inside {
        return view! { <td role="cell" class="outside"></td> }.into_any();
    }
    let more = day.entries.len().saturating_sub(SHOWN);
    let is_empty = day.entries.is_empty();
    let list = (!is_empty).then(|| {
        let entries = day.entries.into_iter().take(SHOWN).map(entry).collect_view();
        let more = (more > 0).then(|| view! { <li class="hint">{say!("and {more} more", more)}</li> });
        view! { <ul>{entries}{more}</ul> }
    });
    view! {
        <td role="cell" class=is_empty.then_some("empty")>
            <span class="date">
                <span class="short" aria-hidden="true">{day.number}</span>
                <span class="long">{day.title}</span>
            </span>
            {list}
        </td>
    }
    .into_any()
}

fn entry(entry: DayEntry) -> AnyView {
    let time = (!entry.time.is_empty()).then(|| view! { <span class="time">{entry.time}" "</span> });
    match entry.href.as_str() {
        "" => view! { <li>{time}{entry.title}</li> }.into_any(),
        href => view! { <li><a href=href.to_owned()>{time}{entry.title}</a></li> }.into_any(),
    }
}
