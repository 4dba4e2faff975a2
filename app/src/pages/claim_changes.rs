//! Another way, or a claim taken back: each asks before it is done.

use leptos::prelude::*;

use crate::{
    models::{TooLate, WayCheck, Withdraw},
    pages::questions::address_block,
    pieces::{back, error_summary, form_title, heading, notice, summary_of, support_lines},
    render::Page,
    say,
};

impl Page for WayCheck {
    fn title(&self) -> String {
        form_title(say!("Check how it comes"), &self.errors)
    }

    fn view(self) -> AnyView {
        way_check(self)
    }
}

impl Page for Withdraw {
    fn title(&self) -> String {
        say!("Withdraw claim {number}", number = self.number)
    }

    fn view(self) -> AnyView {
        withdraw(self)
    }
}

impl Page for TooLate {
    fn title(&self) -> String {
        say!("It is too late for this").to_owned()
    }

    fn view(self) -> AnyView {
        too_late(self)
    }
}

pub fn way_check(model: WayCheck) -> AnyView {
    let (claim, action) = (format!("/claims/{}", model.number), format!("/claims/{}/way", model.number));
    let change = view! { " "<a href=action.clone()>{say!("Change")}<span class="hidden">" "{say!("how it comes")}</span></a> };
    let mut rows = vec![
        (say!("Claim"), model.number.clone().into_any()),
        (say!("Remedy"), model.remedy_name.into_any()),
        (say!("It would have come"), model.before.into_any()),
        (say!("It comes from now on"), view! { <b>{model.after.words()}</b>{change} }.into_any()),
    ];
    if !model.address.is_empty() {
        let change = format!("/claims/{}/address", model.number);
        let change = view! { " "<a href=change>{say!("Change")}<span class="hidden">" "{say!("the address")}</span></a> };
        rows.push((say!("Where it goes"), view! { {address_block(&model.address)}{change} }.into_any()));
    }
    view! {
        {back(claim, say!("Back to the claim"))}
        {error_summary(&model.errors)}
        {heading(say!("Check how it comes"), say!("Nothing is changed until you press the button."))}
        <div id="check">{summary_of(rows)}</div>
        <form method="post" action=action>
            <input type="hidden" name="seen" value=model.seen/>
            <input type="hidden" name="way" value=model.after.value/>
            <button class="button">{say!("Change how it comes")}</button>
        </form>
    }
    .into_any()
}

pub fn withdraw(model: Withdraw) -> AnyView {
    let claim = format!("/claims/{}", model.number);
    let action = format!("{claim}/withdraw");
    let title = say!("Withdraw claim {number}?", number = model.number);
    let about = say!("{remedy}, worth {worth}.", remedy = model.remedy_name, worth = model.worth);
    let then = if model.again {
        say!("You get nothing for a claim that you withdraw. You can claim again while it can be claimed.")
    } else {
        say!(
            "You get nothing for a claim that you withdraw, and by what our records say today you could not claim it again. You would give it up for good, unless you appeal and we grant it to you once more."
        )
    };
    view! {
        {back(claim.clone(), say!("Back to the claim"))}
        {heading(title, about)}
        {notice("warning", then)}
        {(model.automatic && model.again).then(|| view! { <p>{say!("Others get this without a claim. You will not, once you have withdrawn yours: to get it after all, claim it again.")}</p> })}
        <form method="post" action=action><button class="button">{say!("Withdraw this claim")}</button></form>
        <p><a href=claim>{say!("Keep the claim")}</a></p>
    }
    .into_any()
}

pub fn too_late(model: TooLate) -> AnyView {
    view! {
        {heading(say!("It is too late for this"), model.why)}
        <p><a href=format!("/claims/{}", model.number)>{say!("Back to the claim")}</a></p>
        <h2>{say!("Whom to ask")}</h2>
        {support_lines(&model.support)}
    }
    .into_any()
}
