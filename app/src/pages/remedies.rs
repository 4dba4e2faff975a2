//! Remedies: what one is entitled to and why, the terms, choosing and checking.

use leptos::prelude::*;

use crate::{
    models::{Answers, AppealLine, Check, Choose, Claimable, Dates, Fact, Offer, Remedies, Support, Term},
    pages::questions::{address_block, hidden},
    pieces::{
        back, error_summary, form_title, heading, notice, summary_of, support_lines, terms_list, who_gets_it,
    },
    render::Page,
    say,
};

impl Page for Remedies {
    fn title(&self) -> String {
        say!("Remedies").to_owned()
    }

    fn view(self) -> AnyView {
        remedies(self)
    }
}

impl Page for Choose {
    fn title(&self) -> String {
        form_title(&choose_heading(self), &self.errors)
    }

    fn view(self) -> AnyView {
        choose(self)
    }
}

impl Page for Check {
    fn title(&self) -> String {
        form_title(say!("Check before you claim"), &self.errors)
    }

    fn view(self) -> AnyView {
        check(self)
    }
}

pub fn remedies(model: Remedies) -> AnyView {
    let claimable = model.offers.iter().filter(|offer| offer.claimable()).count();
    let all = (claimable > 1).then(|| {
        let label = if claimable == 2 { say!("Claim both") } else { say!("Claim all") };
        view! { <p><a class="button" href="/remedies/all">{label}</a></p> }
    });
    let claimed = model.offers.iter().any(|offer| offer.claim.is_some());
    let not_yet = model.offers.iter().any(Offer::not_yet);
    let lead = match (claimable, claimed) {
        (0, _) if not_yet => say!("There is nothing that you can claim yet. Each remedy says from when."),
        (0, false) => say!("There is nothing for you to claim. Each remedy says why."),
        (0, true) => say!("You have claimed all that is yours."),
        _ => say!("Claiming takes a minute. You give up nothing by it."),
    };
    let offers = model.offers.into_iter().map(|offer| offer_card(offer, claimable > 1)).collect_view();
    view! {
        {heading(say!("What you can claim"), lead)}
        {all}
        <ul class="offers">{offers}</ul>
        {for_others(model.special)}
        <h2>{say!("Questions")}</h2>
        {support_lines(&model.support)}
    }
    .into_any()
}

/// One remedy with the facts that decided it. With several to claim, the button for all leads.
fn offer_card(offer: Offer, several: bool) -> AnyView {
    let href = format!("/remedies/{}", offer.id);
    let class = if several { "button secondary" } else { "button" };
    let claimable = offer.claimable();
    let unclaimed = unclaimed(&offer);
    let appealed = offer.appeal.as_ref().map(appealed);
    let (verdict, claimed) = (verdict(&offer, "h3"), claimed(&offer));
    let next = match (claimable, claimed) {
        (true, _) => claim_link(class, href.clone(), offer.name.clone()),
        (_, Some(claimed)) => claimed,
        (_, None) => {
            view! { <p><a href=href.clone()>{say!("Why, and the terms")}</a></p>{look_again(&offer)} }
                .into_any()
        }
    };
    view! {
        <li>
            <h2><a href=href>{offer.name}</a></h2>
            <p class="worth">{say!("Worth {worth}", worth = offer.worth)}</p>
            <p>{offer.summary}</p>
            {verdict}
            {unclaimed}
            {appealed}
            {next}
        </li>
    }
    .into_any()
}

/// A no is not the last word, while no appeal is open. What only has not opened yet is no no.
fn look_again(offer: &Offer) -> Option<AnyView> {
    let open = offer.appeal.as_ref().is_some_and(|appeal| appeal.open);
    (!open && !offer.not_yet()).then(|| {
        view! { <p><a href=format!("/remedies/{}/appeal", offer.id)>{say!("Ask us to look again")}</a></p> }
            .into_any()
    })
}

/// The newest appeal, for those who come back to where they began it.
pub(crate) fn appealed(appeal: &AppealLine) -> AnyView {
    let (number, state) = (appeal.number.clone(), appeal.state.clone());
    let href = format!("/reports/{number}");
    view! { <p>{say!("Your appeal")}" "<a href=href>{number}</a>" · "<b>{state}</b></p> }.into_any()
}

/// What those do who cannot claim for themselves.
pub(crate) fn for_others(special: Vec<Term>) -> Option<AnyView> {
    if special.is_empty() {
        return None;
    }
    let rows = special.into_iter().map(|term| view! { <div><dt>{term.name}</dt><dd>{term.text}</dd></div> });
    let part = view! {
        <h2>{say!("If you cannot claim for yourself")}</h2>
        <dl class="summary">{rows.collect_view()}</dl>
    };
    Some(part.into_any())
}

/// The name is for those who hear the link away from its card.
fn claim_link(class: &'static str, href: String, name: String) -> AnyView {
    view! {
        <p><a class=class href=href>{say!("Claim this")}<span class="hidden">{format!("({name})")}</span></a></p>
    }
    .into_any()
}

/// What one has of it, and how one came to it.
fn claimed(offer: &Offer) -> Option<AnyView> {
    let number = offer.claim.clone()?;
    let words = match (offer.unasked, offer.on_appeal) {
        (true, _) => say!("You got this without having to ask:"),
        (_, true) => say!("You got this on your appeal:"),
        _ => say!("You have claimed this:"),
    };
    Some(view! { <p>{words}" "{claim_number(number)}</p> }.into_any())
}

fn claim_number(number: String) -> AnyView {
    let href = format!("/claims/{number}");
    view! { <a href=href>{number}</a> }.into_any()
}

/// What the records say today, to those whom it decides for. Who has it sees on the claim what decided then, and who was
/// declined sees there why.
fn verdict(offer: &Offer, level: &'static str) -> Option<AnyView> {
    match (&offer.claim, &offer.declined) {
        (Some(_), _) => None,
        (_, Some(number)) => {
            let words = say!("Your claim of this was not paid. Its page says why:");
            Some(view! { <p>{words}" "{claim_number(number.clone())}</p> }.into_any())
        }
        _ => Some(entitlement((offer.eligible, offer.dates), offer.facts.clone(), level)),
    }
}

/// "You are entitled to this, because…" with every fact and which way it speaks.
fn entitlement(outcome: (bool, Dates), facts: Vec<Fact>, level: &'static str) -> AnyView {
    let words = match outcome {
        (true, _) => say!("You are entitled to this"),
        (false, Dates::NotYet) => say!("You are entitled to this, and it has not opened yet"),
        (false, Dates::Over) => say!("It is too late to claim this"),
        (false, Dates::NotInTheWay) => say!("You are not entitled to this"),
    };
    let title = match level {
        "h3" => view! { <h3>{words}</h3> }.into_any(),
        _ => view! { <h2>{words}</h2> }.into_any(),
    };
    let rows = facts
        .into_iter()
        .map(|fact| {
            let (class, word) = if fact.holds { ("yes", say!("Yes:")) } else { ("no", say!("No:")) };
            view! { <li class=class><b>{word}" "</b>{fact.text}</li> }
        })
        .collect_view();
    view! { {title}<ul class="facts">{rows}</ul> }.into_any()
}

/// What comes without a claim, to whoever may still claim.
fn unclaimed(offer: &Offer) -> Option<AnyView> {
    let said = offer.theirs() && !offer.unclaimed.is_empty();
    said.then(|| view! { <p>{offer.unclaimed.clone()}</p> }.into_any())
}

fn choose_heading(model: &Choose) -> String {
    match model.remedies.as_slice() {
        [one] => one.offer.name.clone(),
        _ => say!("Claim everything").to_owned(),
    }
}

pub fn choose(model: Choose) -> AnyView {
    let title = choose_heading(&model);
    let single = model.remedies.len() == 1;
    let action = format!("/remedies/{}/way", model.slug);
    let claimable = model.remedies.iter().any(|remedy| remedy.offer.claimable());
    let parts = model.remedies.into_iter().map(|remedy| remedy_part(remedy, single)).collect_view();
    let go = claimable.then(|| view! { <button class="button">{say!("Continue")}</button> });
    view! {
        {back("/remedies", say!("All remedies"))}
        {error_summary(&model.errors)}
        {heading(title, "")}
        {parts}
        {go.map(|go| view! { <form method="get" action=action>{go}</form> })}
        {for_others(model.special)}
        {questions(&model.support)}
    }
    .into_any()
}

/// One remedy whole: worth, reasons and terms.
fn remedy_part(remedy: Claimable, single: bool) -> AnyView {
    let offer = remedy.offer.clone();
    let name = (!single).then(|| view! { <h2>{offer.name.clone()}</h2> });
    let claimed = claimed(&offer);
    let unclaimed = unclaimed(&offer);
    let level = if single { "h2" } else { "h3" };
    let appealed = offer.appeal.as_ref().map(appealed);
    let refused = !offer.claimable() && offer.claim.is_none();
    let verdict = verdict(&offer, level);
    let again = refused.then(|| look_again(&offer));
    view! {
        {name}
        <p class="worth">{say!("Worth {worth}", worth = offer.worth)}</p>
        <p>{offer.summary}</p>
        {who_gets_it(&remedy.terms)}
        {claimed}
        {verdict}
        {appealed}
        {again}
        {unclaimed}
        {terms_heading(single)}
        {terms_list(remedy.terms)}
    }
    .into_any()
}

fn terms_heading(single: bool) -> AnyView {
    if single {
        view! { <h2>{say!("The terms, all of them")}</h2> }.into_any()
    } else {
        view! { <h3>{say!("The terms, all of them")}</h3> }.into_any()
    }
}

fn questions(support: &Support) -> AnyView {
    view! { <h2>{say!("Whom to ask")}</h2>{support_lines(support)} }.into_any()
}

pub fn check(model: Check) -> AnyView {
    let several = model.remedies.len() > 1;
    let button = if several { say!("Make these claims") } else { say!("Make this claim") };
    let action = format!("/remedies/{}/claim", model.slug);
    let (slug, made) = (model.slug.clone(), model.answers());
    let address = model.address.clone();
    let parts =
        model.remedies.into_iter().map(|remedy| answers(remedy, &slug, &made, &address)).collect_view();
    view! {
        {back(format!("/remedies/{slug}"), say!("Back"))}
        {error_summary(&model.errors)}
        {heading(say!("Check before you claim"), say!("Nothing is sent until you press the button."))}
        <div id="terms">{parts}</div>
        {notice("info", say!("Pressing the button more than once makes one claim."))}
        <form method="post" action=action>
            {hidden(&made)}
            {hidden(&model.seen)}
            <input type="hidden" name="terms" value=model.terms_version/>
            <button class="button">{button}</button>
        </form>
    }
    .into_any()
}

/// What was chosen, with a way to change it, and the terms that are agreed to.
fn answers(remedy: Claimable, slug: &str, made: &Answers, address: &[String]) -> AnyView {
    let delivery = remedy.delivery().cloned().unwrap_or_default();
    let id = remedy.offer.id.clone();
    let other = (remedy.deliveries.len() > 1)
        .then(|| change(&format!("/remedies/{slug}/way?change={id}&"), made, say!("how it comes")));
    let mut rows = vec![
        (say!("Worth"), remedy.offer.worth.to_string().into_any()),
        (say!("How it comes"), view! { {delivery.words()}{other} }.into_any()),
    ];
    if delivery.value == "post" {
        let other = change(&format!("/remedies/{slug}/address?"), made, say!("the address"));
        rows.push((say!("Where it goes"), view! { {address_block(address)}{other} }.into_any()));
    }
    view! {
        <h2>{remedy.offer.name}</h2>
        {summary_of(rows)}
        <h3>{say!("The terms, all of them")}</h3>
        {terms_list(remedy.terms)}
    }
    .into_any()
}

/// Back to one question, with all answers.
fn change(to: &str, made: &Answers, what: &'static str) -> AnyView {
    let made: Vec<String> = made.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let href = format!("{to}{}", made.join("&"));
    view! { " "<a href=href>{say!("Change")}<span class="hidden">" "{what}</span></a> }.into_any()
}
