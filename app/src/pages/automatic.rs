//! `/staff/automatic`: automatic runs, and one of them to be approved and followed.

use leptos::prelude::*;

use crate::{
    address::subscriber,
    models::{AutomaticRun, AutomaticRuns, Refused, RunAct, RunApproval, RunLine, RunProgress, in_thousands},
    pieces::{back, error_summary, form_title, heading, notice, summary, text_field},
    render::Page,
};

impl Page for AutomaticRuns {
    fn title(&self) -> String {
        "Automatic runs".to_owned()
    }

    fn view(self) -> AnyView {
        automatic_runs(self)
    }
}

impl Page for AutomaticRun {
    fn title(&self) -> String {
        form_title(&format!("Automatic run of {}", self.remedy), &self.errors)
    }

    fn view(self) -> AnyView {
        automatic_run(self)
    }
}

pub fn automatic_runs(model: AutomaticRuns) -> AnyView {
    let list = if model.runs.is_empty() {
        view! { <p role="status">"There is none yet."</p> }.into_any()
    } else {
        view! { <ul class="rows">{model.runs.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    view! {
        {heading("Automatic runs", "A remedy for everybody who is entitled and has not asked for it.")}
        <p>"A dry run is made at the command line: "<code>"makegood remedies dry-run REMEDY"</code></p>
        {list}
    }
    .into_any()
}

fn line(run: RunLine) -> AnyView {
    let href = format!("/staff/automatic/{}", run.id);
    let whom = format!("{} of {}, {}", in_thousands(run.entitled), people(run.people), run.worth);
    view! {
        <li>
            <h2><a href=href>{run.remedy}", "{run.made_at}</a></h2>
            <p>{whom}" · "<b>{run.state}</b></p>
            <p class="hint">{format!("Given so far: {}", in_thousands(run.granted))}</p>
        </li>
    }
    .into_any()
}

pub fn automatic_run(model: AutomaticRun) -> AnyView {
    let changed = model.changed.then(|| {
        notice(
            "warning",
            "The incident file has changed since this dry run, so it is not carried out. If the change is to stay, stop this run and make a new one.",
        )
    });
    let counted = vec![
        ("Remedy", model.remedy.clone()),
        ("State", model.state.clone()),
        ("Why", model.note.clone()),
        ("Counted", format!("{}, by {}", model.made_at, model.made_by)),
        ("People looked at", in_thousands(model.people)),
        ("Would get it", in_thousands(model.entitled)),
        ("Each", model.each.to_string()),
        ("All together", format!("{} ({} in minor units)", model.worth, model.worth.minor)),
        ("Left of the budget", model.budget_left.as_ref().map_or("No limit".to_owned(), ToString::to_string)),
        ("Not before", model.not_before.clone().unwrap_or_default()),
    ];
    let too_small = model.budget_too_small.then(|| {
        notice("warning", "The budget is too small for all of them. The run pauses when it is used up.")
    });
    view! {
        {back("/staff/automatic", "All automatic runs")}
        {error_summary(&model.errors)}
        {heading(format!("Automatic run of {}", model.remedy), "")}
        {changed}
        {too_small}
        {summary(counted)}
        {model.progress.clone().map(progress)}
        <h2>"Who would get it"</h2>
        {examples(&model.examples)}
        <h2>"Who would not, and why"</h2>
        {refused(model.refused.clone())}
        {approvals(&model)}
        {acts(model)}
    }
    .into_any()
}

fn progress(progress: RunProgress) -> AnyView {
    let rows = vec![
        ("Started", progress.started_at),
        ("Looked at so far", in_thousands(progress.looked)),
        ("Given so far", in_thousands(progress.granted)),
        ("Pace", progress.rate),
        ("Expected end", progress.expected_end.unwrap_or_default()),
        ("Ended", progress.ended_at.unwrap_or_default()),
    ];
    view! { <h2>"Progress"</h2>{summary(rows)} }.into_any()
}

fn refused(list: Vec<Refused>) -> AnyView {
    if list.is_empty() {
        return view! { <p>"Nobody: everybody who is known would get it."</p> }.into_any();
    }
    let one = |refused: Refused| {
        view! {
            <li>
                <p><b>{refused.words}</b>": "{people(refused.people)}</p>
                {examples(&refused.examples)}
            </li>
        }
    };
    view! { <ul class="rows">{list.into_iter().map(one).collect_view()}</ul> }.into_any()
}

/// Accounts to look at before approving; each look is recorded as any other.
fn examples(accounts: &[String]) -> Option<AnyView> {
    let links: Vec<_> = accounts
        .iter()
        .map(|account| view! { <li><a href=subscriber(account)>{account.clone()}</a></li> })
        .collect();
    let list = (!links.is_empty()).then(|| view! { <p>"For example:"</p><ul>{links}</ul> });
    list.map(IntoAny::into_any)
}

fn approvals(model: &AutomaticRun) -> AnyView {
    let needed = match model.approvals_needed {
        1 => "One member of staff has to approve it.".to_owned(),
        count => format!("{count} different members of staff have to approve it."),
    };
    let one = |approval: &RunApproval| {
        let who = format!("{}, {}", approval.name, approval.at);
        view! { <li><p>{who}</p><p class="hint">{approval.reason.clone()}</p></li> }
    };
    let list = model.approvals.iter().map(one).collect_view();
    let given = (!model.approvals.is_empty()).then(|| view! { <ul class="rows">{list}</ul> });
    view! { <h2>"Approvals"</h2><p>{needed}</p>{given} }.into_any()
}

fn acts(model: AutomaticRun) -> Option<AnyView> {
    let yours = model.approved_by_you.then(|| notice("info", "You approved it. Somebody else has to, too."));
    if model.acts.is_empty() {
        return None;
    }
    let id = model.id;
    let button = |act: &RunAct| {
        let class = if *act == RunAct::Stop { "button secondary" } else { "button" };
        let action = format!("/staff/automatic/{id}/{}", act.slug());
        view! { <button class=class formaction=action>{act.label()}</button> }
    };
    let buttons = model.acts.iter().map(button).collect_view();
    let hint = "10 to 500 characters. It stands in the audit with your name.";
    let form = view! {
        <h2>"What you can do"</h2>
        {yours}
        <form method="post" novalidate>
            {text_field("reason", "Your reason", hint, &model.reason, &model.errors)}
            <div class="row">{buttons}</div>
        </form>
    };
    Some(form.into_any())
}

fn people(count: i64) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{} people", in_thousands(count)) }
}
