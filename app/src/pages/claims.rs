//! Following a claim.

use leptos::prelude::*;

use crate::{
    mark,
    models::{Changes, ClaimLine, ClaimPage, Claims, Step},
    pages::{on_behalf::made_for_rows, questions::address_block, remedies::appealed},
    pieces::{back, heading, notice, summary_of, support_lines, terms_list},
    render::Page,
    say,
    words::said,
};

impl Page for ClaimPage {
    fn title(&self) -> String {
        say!("Claim {number}", number = self.number)
    }

    fn view(self) -> AnyView {
        claim(self)
    }
}

impl Page for Claims {
    fn title(&self) -> String {
        say!("Your claims").to_owned()
    }

    fn view(self) -> AnyView {
        claims(self)
    }
}

pub fn claim(model: ClaimPage) -> AnyView {
    let title = if model.just_made {
        panel(&model.number)
    } else {
        heading(say!("Claim {number}", number = model.number), "")
    };
    let (remedy, number) = (format!("/remedies/{}", model.remedy_id), model.number.clone());
    let mut rows = vec![(say!("Number"), model.number.into_any()), (say!("For"), model.person.into_any())];
    let made_for = model.made_for.is_some();
    rows.extend(model.made_for.map(made_for_rows).into_iter().flatten());
    rows.extend([
        (say!("Remedy"), view! { <a href=remedy>{model.remedy_name}</a> }.into_any()),
        (say!("Worth"), model.worth.to_string().into_any()),
        (say!("State"), view! { <b>{model.state}</b> }.into_any()),
        (say!("How it comes"), model.delivery.into_any()),
    ]);
    if !model.address.is_empty() {
        rows.push((say!("Where it goes"), address_block(&model.address)));
    }
    let when = if model.unasked || model.on_appeal { say!("Given") } else { say!("Claimed") };
    rows.push((when, model.made_at.into_any()));
    let appeal = format!("/remedies/{}/appeal", model.remedy_id);
    let open = model.appeal.as_ref().is_some_and(|appeal| appeal.open);
    let appealed = model.appeal.as_ref().map(appealed);
    let appeal = (model.declined && !open).then(|| {
        view! { <p><a href=appeal>{say!("Ask us to look again")}</a>{say!(". You can add what we do not know, and files.")}</p> }
    });
    let code = model.code.map(|href| {
        view! { <p><a class="button" href=href>{say!("See your gift card's code")}</a></p> }
    });
    view! {
        {back("/claims", say!("All your claims"))}
        {title}
        {model.unasked.then(|| notice("info", said(UNASKED)))}
        {summary_of(rows)}
        {code}
        <h2>{say!("How it goes on")}</h2>
        {steps(model.steps)}
        {appealed}
        {appeal}
        {changes(&number, model.changes)}
        {terms_heading(model.unasked || model.on_appeal, made_for, &model.terms_version)}
        {terms_list(model.terms)}
        <h2>{say!("Whom to ask")}</h2>
        {support_lines(&model.support)}
        <p class="hint no-print">{say!("This page is your receipt. Print it, or save it as a PDF, with your browser: the menu, then Print.")}</p>
    }
    .into_any()
}

const UNASKED: &str = mark!(
    "You did not have to ask for this: our records show that it is yours, so you get it. You need to do nothing."
);

fn terms_heading(given: bool, made_for: bool, version: &str) -> AnyView {
    let (title, hint) = if given {
        (
            say!("The terms it is given under"),
            say!(
                "It is given under these terms; you agreed to nothing and gave up nothing. Version {version}.",
                version
            ),
        )
    } else if made_for {
        (
            say!("The terms as they were read out"),
            say!("Version {version}, kept as it was read to whoever asked.", version),
        )
    } else {
        (say!("The terms you agreed to"), say!("Version {version}, kept as you read it.", version))
    };
    view! { <h2>{title}</h2><p class="hint">{hint}</p> }.into_any()
}

/// What can still be done, and until when.
fn changes(number: &str, changes: Changes) -> Option<AnyView> {
    if !changes.way && !changes.withdraw {
        return None;
    }
    let way = changes.way.then(|| {
        view! { <li><a href=format!("/claims/{number}/way")>{say!("Change how it comes")}</a></li> }
    });
    let withdraw = changes.withdraw.then(|| {
        view! { <li><a href=format!("/claims/{number}/withdraw")>{say!("Withdraw this claim")}</a></li> }
    });
    // What came back or was refused can be sent again, and not be taken back here.
    let heading =
        if changes.withdraw { say!("If you change your mind") } else { say!("So that it reaches you") };
    let until = (!changes.until.is_empty()).then(|| view! { <p>{changes.until}</p> });
    let part = view! {
        <div class="no-print">
            <h2>{heading}</h2>
            {until}
            <ul class="spaced">{way}{withdraw}</ul>
        </div>
    };
    Some(part.into_any())
}

/// The confirmation, right after claiming.
fn panel(number: &str) -> AnyView {
    view! {
        <div class="panel">
            <h1>{say!("Your claim is made")}</h1>
            <p>{say!("Your claim number is")}" "<b>{number.to_owned()}</b></p>
        </div>
        <p>{say!("You need to do nothing more. This page shows how it goes on; you can print it.")}</p>
    }
    .into_any()
}

fn steps(steps: Vec<Step>) -> AnyView {
    let rows = steps
        .into_iter()
        .map(|step| {
            let class = if step.at.is_some() { "done" } else { "ahead" };
            let when = step.at.map_or_else(|| say!("Not yet").to_owned(), |at| say!("Done {at}", at));
            let note = (!step.note.is_empty()).then(|| view! { <p>{step.note}</p> });
            view! { <li class=class><b>{step.title}</b><p class="hint">{when}</p>{note}</li> }
        })
        .collect_view();
    view! { <ol class="steps">{rows}</ol> }.into_any()
}

pub fn claims(model: Claims) -> AnyView {
    let made = model.just_made.then(|| {
        view! {
            <div class="panel" role="status"><p>{say!("Your claims are made. You need to do nothing more.")}</p></div>
        }
    });
    let list = if model.claims.is_empty() {
        view! { <p>{say!("You have not claimed anything yet.")}</p><p><a href="/remedies">{say!("See what you can claim")}</a></p> }
            .into_any()
    } else {
        claim_rows(model.claims)
    };
    view! { {heading(say!("Your claims"), "")}{made}{list} }.into_any()
}

/// A list of claims, each linked by its number.
pub fn claim_rows(claims: Vec<ClaimLine>) -> AnyView {
    let rows = claims
        .into_iter()
        .map(|claim| {
            let href = format!("/claims/{}", claim.number);
            let about = say!(
                "{remedy}, worth {worth} · {state}",
                remedy = claim.remedy_name,
                worth = claim.worth,
                state = claim.state
            );
            let when = match (claim.unasked, claim.on_appeal) {
                (true, _) => say!("Given {when}. You did not have to ask.", when = claim.made_at),
                (_, true) => say!("Given on your appeal {when}", when = claim.made_at),
                _ => say!("Claimed {when}", when = claim.made_at),
            };
            view! {
                <li>
                    <h2><a href=href>{claim.number}</a></h2>
                    <p>{about}</p>
                    <p class="hint">{when}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}
