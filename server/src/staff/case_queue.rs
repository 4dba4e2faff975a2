//! `/staff/cases`: what waits, the longest first.

use app::{
    address::percent_encode,
    models::{CaseQueue, Pager, QueueLink, QueuedCase},
};
use serde::Deserialize;

use super::{
    Cases, Staff,
    audit::{self, Act},
    cases::{duration, state_words},
};
use crate::{
    portal::Portal,
    recovery::reports::{
        self, Kind, State,
        store::{self, From, Queued, Wanted},
    },
    store as storage, transaction, web,
};

/// Cases on one page.
const SHOWN: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `open`, `waiting`, `answered` or `closed`; `open` when it is none of them.
    state: String,
    kind: String,
    about: String,
    /// The case that the page before ended with, `MILLISECONDS.ID`.
    after: String,
    before: String,
}

/// What a queue shows, by its name in the address.
const STATES: [(&str, &str, [State; 2]); 4] = [
    ("open", "Waits for us", [State::Received, State::LookedAt]),
    ("waiting", "Waits for the subscriber", [State::Waiting, State::Waiting]),
    ("answered", "Answered", [State::Answered, State::Answered]),
    ("closed", "Closed by the subscriber", [State::Closed, State::Closed]),
];

impl Asked {
    fn states(&self) -> (&'static str, [State; 2]) {
        let listed = STATES.iter().find(|(name, ..)| *name == self.state).unwrap_or(&STATES[0]);
        (listed.0, listed.2)
    }

    fn from(&self) -> From {
        match (place(&self.after), place(&self.before)) {
            (Some((at, id)), _) => From::After(at, id),
            (None, Some((at, id))) => From::Before(at, id),
            (None, None) => From::Start,
        }
    }

    /// The address of the same list with other words.
    fn link(state: &str, kind: &str, about: &str) -> String {
        let parts = [("state", state), ("kind", kind), ("about", about)];
        let parts = parts.iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> =
            parts.map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
        format!("/staff/cases?{}", query.join("&"))
    }
}

fn place(text: &str) -> Option<(i64, String)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.to_owned()))
}

/// The queue; that it was looked at is recorded first.
pub async fn page(portal: &Portal, member: &Staff<Cases>, asked: &Asked) -> web::Result<CaseQueue> {
    let (db, (state, states)) = (portal.db()?, asked.states());
    let kind = Kind::from_slug(&asked.kind).map_or("", Kind::slug);
    let wanted = Wanted { states, kind, subject: &asked.about };
    let from = asked.from();
    record(portal, member, state).await?;
    let mut queued = store::queue(db, &wanted, &from, SHOWN as i64 + 1).await?;
    let more = queued.len() > SHOWN;
    let backwards = matches!(from, From::Before(..));
    if more {
        // One too many was read, on the far side.
        queued.remove(if backwards { 0 } else { SHOWN });
    }
    let now = portal.ambient.now();
    Ok(CaseQueue {
        pager: pager(&Asked::link(state, kind, &asked.about), &queued, &from, more),
        lines: queued.iter().map(|queued| line(portal, queued, now)).collect(),
        states: state_links(&store::counts(db).await?, state, kind, &asked.about),
        kinds: kind_links(state, kind),
        subjects: subject_links(portal, state, kind, &asked.about),
    })
}

fn pager(base: &str, shown: &[Queued], from: &From, more: bool) -> Pager {
    let link =
        |way: &str, queued: &Queued| format!("{base}&{way}={}.{}", queued.case.waits_since, queued.case.id);
    let (before, after) = match from {
        From::Start => (false, more),
        From::After(..) => (true, more),
        From::Before(..) => (more, true),
    };
    Pager {
        previous: shown.first().filter(|_| before).map(|queued| link("before", queued)),
        next: shown.last().filter(|_| after).map(|queued| link("after", queued)),
        ..Pager::default()
    }
}

fn line(portal: &Portal, queued: &Queued, now: i64) -> QueuedCase {
    let case = &queued.case;
    QueuedCase {
        number: case.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        title: reports::title(&portal.incident, case),
        name: queued.name.clone(),
        state: state_words(case),
        waits: duration(now - case.waits_since),
        member: case.member_name.clone().unwrap_or_default(),
    }
}

fn state_links(counts: &[(String, String, i64)], current: &str, kind: &str, about: &str) -> Vec<QueueLink> {
    let link = |(name, label, states): &(&str, &str, [State; 2])| {
        let of_state = counts.iter().filter(|(_, state, _)| states.iter().any(|one| one.slug() == state));
        let of_kind = of_state.filter(|(of, ..)| kind.is_empty() || of == kind);
        QueueLink {
            label: (*label).to_owned(),
            count: about.is_empty().then(|| of_kind.map(|(.., count)| count).sum()),
            href: Asked::link(name, kind, about),
            current: *name == current,
        }
    };
    STATES.iter().map(link).collect()
}

fn kind_links(state: &str, current: &str) -> Vec<QueueLink> {
    let kinds = [("", "Both kinds"), ("report", "Reports"), ("appeal", "Appeals")];
    let link = |(kind, label): (&str, &str)| QueueLink {
        label: label.to_owned(),
        count: None,
        href: Asked::link(state, kind, ""),
        current: kind == current,
    };
    kinds.into_iter().map(link).collect()
}

/// Categories, remedies, or both, as the kind asks.
fn subject_links(portal: &Portal, state: &str, kind: &str, current: &str) -> Vec<QueueLink> {
    let categories = portal.incident.categories.iter();
    let categories = categories.map(|listed| (Kind::Report, listed.category.slug(), listed.title.clone()));
    let remedies = portal.incident.remedies.iter();
    let remedies = remedies.map(|remedy| (Kind::Appeal, remedy.id.as_str(), remedy.title.clone()));
    let all = [(None, "", "Everything".to_owned())];
    let all = all
        .into_iter()
        .chain(categories.chain(remedies).map(|(kind, subject, label)| (Some(kind), subject, label)));
    let shown = all.filter(|(of, ..)| kind.is_empty() || of.is_none_or(|of| of.slug() == kind));
    shown
        .map(|(_, subject, label)| QueueLink {
            label,
            count: None,
            href: Asked::link(state, kind, subject),
            current: subject == current,
        })
        .collect()
}

async fn record(portal: &Portal, member: &Staff<Cases>, state: &str) -> web::Result<()> {
    let act = Act {
        member_id: member.id(),
        member_email: member.email(),
        action: "listed cases",
        detail: state,
        ..Act::default()
    };
    transaction!(portal.db()?, |tx| -> storage::Result<()> {
        audit::record(tx, &portal.ambient, act).await
    })?;
    Ok(())
}
