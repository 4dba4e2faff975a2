//! A gift card's code, and payouts as staff see them.

use leptos::prelude::*;

use crate::{
    models::{
        BudgetLine, CodeStock, FieldError, GiftCode, Payouts, ProviderLine, WaitingOrder, in_thousands,
    },
    pieces::{back, error_summary, form_title, heading, notice, text_field},
    render::Page,
    say,
};

impl Page for GiftCode {
    fn title(&self) -> String {
        say!("Your gift card's code").to_owned()
    }

    fn view(self) -> AnyView {
        gift_code(self)
    }
}

pub fn gift_code(model: GiftCode) -> AnyView {
    let claim = format!("/claims/{}", model.claim);
    let pin = model.pin.map(|pin| {
        view! { <h2>{say!("Its PIN")}</h2><p class="command"><code>{pin}</code></p> }
    });
    let about = say!("{remedy}, worth {worth}", remedy = model.remedy, worth = model.worth);
    view! {
        {back(claim, say!("Back to your claim"))}
        {heading(say!("Your gift card's code"), about)}
        <p class="command"><code>{model.code}</code></p>
        {pin}
        {notice("warning", say!("Whoever has this code can spend the card. We never ask you for it, by phone or by message. You can come back and see it again."))}
    }
    .into_any()
}

impl Page for Payouts {
    fn title(&self) -> String {
        form_title("Payouts", &self.errors)
    }

    fn view(self) -> AnyView {
        payouts(self)
    }
}

pub fn payouts(model: Payouts) -> AnyView {
    let none = model.providers.is_empty().then(|| view! { <p>"Nothing is ordered yet."</p> });
    let providers = model.providers.into_iter().map(provider).collect_view();
    view! {
        {error_summary(&model.errors)}
        {heading("Payouts", "")}
        {switch(model.stopped, &model.errors)}
        <h2>"By provider"</h2>
        {none}
        <ul class="rows">{providers}</ul>
        {unanswered(model.unanswered)}
        {codes(model.codes)}
        {budgets(model.budgets)}
        {files()}
        {waiting(model.waiting, model.more)}
        {stop(&model.errors)}
    }
    .into_any()
}

/// What was granted and has not been sent yet, by its claim's number.
fn stop(errors: &[FieldError]) -> AnyView {
    let open = errors.iter().any(|error| ["claim", "why"].contains(&error.field));
    view! {
        <h2>"Stop a payout"</h2>
        <details class="reveal" open=open>
            <summary>"Close a claim before it is paid"</summary>
            <p>"Its grant ends, and the amount goes back to the budget. The person is told, reads the reason, and can appeal; they cannot claim it again. What has started cannot be stopped here."</p>
            <form method="post" action="/staff/payouts/close" novalidate>
                {text_field("claim", "The claim's number", "", "", errors)}
                {text_field("why", "Why it is closed; the person reads this", "", "", errors)}
                <button class="button warning">"Close this claim"</button>
            </form>
        </details>
    }
    .into_any()
}

/// The kill switch.
fn switch(stopped: Option<String>, errors: &[FieldError]) -> AnyView {
    match stopped {
        Some(why) => view! {
            {notice("warning", why)}
            {resume("*", "Let all payouts go on".to_owned())}
        }
        .into_any(),
        None => view! {
            <details class="reveal" open=errors.iter().any(|error| error.field == "reason")>
                <summary>"Hold all payouts up"</summary>
                <p>"Nothing more is sent to anybody, in every process, until somebody lets it go on. What is being sent at this moment ends."</p>
                <form method="post" action="/staff/payouts/pause" novalidate>
                    <input type="hidden" name="provider" value="*"/>
                    {text_field("reason", "Reason", "It is shown here and stays recorded with your name.", "", errors)}
                    <button class="button warning">"Hold all payouts up"</button>
                </form>
            </details>
        }
        .into_any(),
    }
}

fn resume(provider: &str, label: String) -> AnyView {
    view! {
        <form method="post" action="/staff/payouts/resume">
            <input type="hidden" name="provider" value=provider.to_owned()/>
            <button class="button secondary">{label}</button>
        </form>
    }
    .into_any()
}

fn provider(line: ProviderLine) -> AnyView {
    let counts = format!(
        "{} paid · {} to go · {} {} for a person",
        in_thousands(line.paid),
        in_thousands(line.left),
        in_thousands(line.for_a_person),
        if line.for_a_person == 1 { "waits" } else { "wait" }
    );
    let hold = match line.paused {
        Some(why) => view! {
            {notice("warning", why)}
            {resume(&line.id, format!("Let {} go on", line.name))}
        }
        .into_any(),
        None => {
            let id = format!("reason-{}", line.id);
            view! {
                <details class="reveal">
                    <summary>{format!("Hold {} up", line.name)}</summary>
                    <form method="post" action="/staff/payouts/pause" novalidate>
                        <input type="hidden" name="provider" value=line.id/>
                        <div class="field">
                            <label for=id.clone()>"Reason"</label>
                            <input id=id name="reason" type="text" autocomplete="off"/>
                        </div>
                        <button class="button secondary">"Hold it up"</button>
                    </form>
                </details>
            }
            .into_any()
        }
    };
    view! { <li><h3>{line.name}</h3><p>{counts}</p><p class="hint">{line.pace}</p>{hold}</li> }.into_any()
}

fn unanswered(files: Vec<String>) -> Option<AnyView> {
    let rows: Vec<_> = files.into_iter().map(|file| view! { <li>{file}</li> }).collect();
    let rows = (!rows.is_empty()).then_some(rows)?;
    Some(view! { <h2>"Files without an answer"</h2><ul>{rows}</ul> }.into_any())
}

/// The ledger to download.
fn files() -> AnyView {
    let link = |file: &str, words: &str| {
        let path = format!("/staff/payouts/files/{file}");
        view! { <li><a href=path download=file.to_owned()>{words.to_owned()}</a></li> }
    };
    view! {
        <h2>"The ledger to download"</h2>
        <p>"Ids, amounts and times alone: no name, phone or address. Each download stays recorded with your name."</p>
        <ul>
            {link("ledger.csv", "Every line, as CSV")}
            {link("ledger.jsonl", "Every line, as JSON (an object a line)")}
            {link("totals.csv", "Totals day by day, as CSV")}
            {link("totals.jsonl", "Totals day by day, as JSON (an object a line)")}
        </ul>
    }
    .into_any()
}

fn codes(list: Vec<CodeStock>) -> Option<AnyView> {
    let rows: Vec<_> = list
        .into_iter()
        .map(|stock| {
            (stock.remedy, format!("{} left, {} given", in_thousands(stock.free), in_thousands(stock.given)))
        })
        .map(|(remedy, about)| view! { <div><dt>{remedy}</dt><dd>{about}</dd></div> })
        .collect();
    let rows = (!rows.is_empty()).then_some(rows)?;
    Some(view! { <h2>"Gift-card codes"</h2><dl class="summary">{rows}</dl> }.into_any())
}

fn budgets(list: Vec<BudgetLine>) -> Option<AnyView> {
    let row = |line: BudgetLine| {
        let left = line.left.map_or_else(|| "no limit".to_owned(), |left| format!("{left} left"));
        let about = format!("{} owed · {} paid · {} came back · {left}", line.owed, line.paid, line.returned);
        view! { <div><dt>{line.remedy}</dt><dd>{about}</dd></div> }
    };
    let rows: Vec<_> = list.into_iter().map(row).collect();
    let rows = (!rows.is_empty()).then_some(rows)?;
    Some(view! { <h2>"The ledger"</h2><dl class="summary">{rows}</dl> }.into_any())
}

fn waiting(list: Vec<WaitingOrder>, more: bool) -> AnyView {
    if list.is_empty() {
        return view! { <h2>"For a person"</h2><p>"No order waits for a person."</p> }.into_any();
    }
    let rows = list.into_iter().map(waiting_order).collect_view();
    let more = more.then(|| view! { <p>"More wait than are shown; these have waited longest."</p> });
    view! { <h2>"For a person"</h2><ul class="rows">{rows}</ul>{more} }.into_any()
}

fn waiting_order(order: WaitingOrder) -> AnyView {
    let find = format!("/staff?q={}", order.claim);
    let action = format!("/staff/payouts/orders/{}", order.id);
    let decide = if order.stuck { found_out(action) } else { again_or_close(action, &order.id, order.ways) };
    let about = format!("{}, {} by {}, since {}", order.state, order.worth, order.provider, order.since);
    view! {
        <li>
            <h3><a href=find>{order.claim}</a></h3>
            <p>{about}</p>
            <p class="hint">{format!("Order {}: {}", order.id, order.note)}</p>
            {decide}
        </li>
    }
    .into_any()
}

/// A stuck order: what the provider says when it is asked by telephone.
fn found_out(action: String) -> AnyView {
    let id = format!("reference{}", action.replace('/', "-"));
    view! {
        <details class="reveal">
            <summary>"Ask the provider, and write down what it says"</summary>
            <form method="post" action=action.clone()>
                <input type="hidden" name="act" value="paid"/>
                <div class="field">
                    <label for=id.clone()>"It was paid; its reference with the provider"</label>
                    <input id=id name="reference" type="text" autocomplete="off"/>
                </div>
                <button class="button secondary">"It was paid"</button>
            </form>
            <form method="post" action=action>
                <input type="hidden" name="act" value="never-arrived"/>
                <button class="button secondary">"It never arrived: send it again"</button>
            </form>
        </details>
    }
    .into_any()
}

fn again_or_close(action: String, id: &str, ways: Vec<(String, String)>) -> AnyView {
    let reason = format!("close-{id}");
    let again = ways
        .into_iter()
        .map(|(value, label)| {
            view! {
                <form method="post" action=action.clone()>
                    <input type="hidden" name="act" value="again"/>
                    <input type="hidden" name="way" value=value/>
                    <button class="button secondary">{format!("Order it again: {}", label.to_lowercase())}</button>
                </form>
            }
        })
        .collect_view();
    view! {
        <details class="reveal">
            <summary>"Order it again, or give up on it"</summary>
            {again}
            <form method="post" action=action.clone()>
                <input type="hidden" name="act" value="arrived"/>
                <button class="button secondary">"It reached its person after all"</button>
            </form>
            <form method="post" action=action.clone()>
                <input type="hidden" name="act" value="close"/>
                <div class="field">
                    <label for=reason.clone()>"Why it is given up; the person reads this"</label>
                    <input id=reason name="reason" type="text" autocomplete="off"/>
                </div>
                <button class="button warning">"Give up on it"</button>
            </form>
        </details>
    }
    .into_any()
}
