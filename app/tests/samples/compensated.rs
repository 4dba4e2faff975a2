//! Remedies and claims.

use app::models::*;

use super::{Pages, by_staff::made_for, support};

pub fn compensated(pages: &mut Pages) {
    let remedies =
        Remedies { offers: vec![offer(1, true), offer(2, true)], special: special(), support: support() };
    pages.subscriber("remedies", remedies);
    let refused =
        Remedies { offers: vec![offer(1, false), claimed()], special: special(), support: support() };
    pages.subscriber("remedies-refused", refused);
    let not_yet = Offer { dates: Dates::NotYet, ..offer(1, false) };
    let over = Offer { dates: Dates::Over, ..offer(2, false) };
    let dated = Remedies { offers: vec![not_yet, over], special: special(), support: support() };
    pages.subscriber("remedies-dated", dated);
    pages.subscriber(
        "remedies-settled",
        Remedies { offers: settled(), special: special(), support: support() },
    );
    let choose = Choose {
        slug: "gift-card".to_owned(),
        remedies: vec![claimable(2)],
        errors: vec![],
        special: special(),
        support: support(),
    };
    pages.subscriber("choose", choose);
    pages.subscriber(
        "choose-refused",
        Choose {
            slug: "free-month".to_owned(),
            remedies: vec![Claimable { offer: offer(1, false), ..claimable(1) }],
            errors: vec![],
            special: special(),
            support: support(),
        },
    );
    let all = vec![claimable(1), claimable(2)];
    pages.subscriber(
        "choose-all",
        Choose {
            slug: "all".to_owned(),
            remedies: all.clone(),
            errors: vec![],
            special: special(),
            support: support(),
        },
    );
    pages.subscriber("way", way(""));
    pages.subscriber("way-missing", WayQuestion { missing: true, ..way("") });
    pages.subscriber("address", address());
    let errors = vec![FieldError::new("town", "Enter the town or city")];
    let lines = AddressLines { town: String::new(), ..lines() };
    pages.subscriber("address-wrong", AddressForm { errors, lines, ..address() });
    let mut posted = all.clone();
    posted[1].deliveries.push(by_post());
    posted[1].chosen = "post".to_owned();
    let check = Check {
        slug: "all".to_owned(),
        remedies: all,
        address: vec![],
        terms_version: "4f1c".to_owned(),
        seen: vec![("seen-gift-card".to_owned(), "9a0b".to_owned())],
        errors: vec![],
    };
    pages.subscriber("check-post", Check { remedies: posted, address: block(), ..check.clone() });
    pages.subscriber("check", check);
    pages.subscriber("claim", claim(false));
    pages.subscriber(
        "claim-post",
        ClaimPage { address: block(), delivery: by_post().words(), ..claim(false) },
    );
    pages.subscriber("claim-unasked", ClaimPage { unasked: true, changes: changes(), ..claim(false) });
    pages.subscriber("claim-on-appeal", ClaimPage { on_appeal: true, ..claim(false) });
    pages.subscriber("claim-made-for", ClaimPage { made_for: Some(made_for()), ..claim(false) });
    pages.subscriber("claim-changeable", ClaimPage { changes: changes(), ..claim(false) });
    let code = Some("/claims/MG-7K2P-Q9XD/code".to_owned());
    pages.subscriber("claim-paid", ClaimPage { code, state: "Paid".to_owned(), ..claim(false) });
    pages.subscriber(
        "claim-declined",
        ClaimPage { declined: true, state: "Declined".to_owned(), ..claim(false) },
    );
    let after = by_post();
    let number = "MG-7K2P-Q9XD".to_owned();
    let remedy_name = "A $100 gift card".to_owned();
    pages.subscriber(
        "claim-way-check",
        WayCheck {
            number: number.clone(),
            remedy_name: remedy_name.clone(),
            before: "By e-mail, m…@example.com".to_owned(),
            after,
            address: block(),
            ..WayCheck::default()
        },
    );
    let worth = Money::new(10000, "USD");
    pages.subscriber(
        "claim-withdraw",
        Withdraw { number: number.clone(), remedy_name, worth, automatic: true, again: true },
    );
    let gone = Withdraw {
        number: number.clone(),
        remedy_name: "A $100 gift card".to_owned(),
        worth: Money::new(10000, "USD"),
        automatic: true,
        again: false,
    };
    pages.subscriber("claim-withdraw-for-good", gone);
    let why = "The payout has started, so it cannot be withdrawn any more.".to_owned();
    pages.subscriber("claim-too-late", TooLate { number, why, support: support() });
    pages.subscriber("claim-made", claim(true));
    pages.subscriber("claims", Claims { claims: vec![claim_line(), claim_line()], just_made: true });
}

fn special() -> Vec<Term> {
    let term = |name: &str, text: &str| Term { name: name.to_owned(), text: text.to_owned() };
    vec![
        term("Not of age", "A parent or guardian can claim for you."),
        term("A closed account", "Contact us."),
    ]
}

fn by_post() -> Delivery {
    Delivery { value: "post".to_owned(), label: "By post".to_owned(), hint: String::new() }
}

fn way(chosen: &str) -> WayQuestion {
    WayQuestion {
        remedy_name: "A $100 gift card".to_owned(),
        worth: Money::new(10000, "USD"),
        deliveries: claimable(2).deliveries,
        chosen: chosen.to_owned(),
        field: "delivery-gift-card".to_owned(),
        action: "/remedies/all/way".to_owned(),
        answers: vec![("asked".to_owned(), "gift-card".to_owned())],
        back: "/remedies/all".to_owned(),
        missing: false,
    }
}

fn lines() -> AddressLines {
    AddressLines {
        name: "Mara Example".to_owned(),
        line1: "12 Example Street".to_owned(),
        town: "Springfield".to_owned(),
        postcode: "97477".to_owned(),
        country: "United States".to_owned(),
        ..AddressLines::default()
    }
}

fn block() -> Vec<String> {
    ["Mara Example", "12 Example Street", "Springfield 97477", "United States"].map(str::to_owned).to_vec()
}

fn address() -> AddressForm {
    AddressForm {
        action: "/remedies/gift-card/address".to_owned(),
        back: "/remedies/gift-card/way".to_owned(),
        lines: lines(),
        answers: vec![("delivery-gift-card".to_owned(), "post".to_owned())],
        errors: vec![],
    }
}

fn changes() -> Changes {
    Changes {
        way: true,
        withdraw: true,
        until: "You can do so until 24 November 2026, 06:35 PST, when the payout starts.".to_owned(),
    }
}

pub fn terms() -> Terms {
    let list = [
        ("Who gives it", "Example Mobile, your operator."),
        ("What it is worth", "$100."),
        ("Where it can be spent", "In any of our shops, in our web shop, and on your bill."),
        ("When it arrives", "By e-mail, within 14 days of your claim."),
        ("When it expires", "It does not expire."),
        ("Fees", "None."),
        ("Taxes", "It is a gift from us, and we do not report it as income of yours."),
        ("What data is used for it", "Your name and e-mail address, to send you the card."),
        ("Whom to ask", "Call 1-800-555-0199 and give your claim number."),
    ];
    let term = |(name, text): (&str, &str)| Term { name: name.to_owned(), text: text.to_owned() };
    let who = "Everyone who was affected, whatever their plan.".to_owned();
    Terms { remedy: "Gift card".to_owned(), who, list: list.into_iter().map(term).collect() }
}

pub fn offer(n: i64, eligible: bool) -> Offer {
    let fact = |text: &str, holds| Fact { text: text.to_owned(), holds };
    Offer {
        id: if n == 1 { "free-month" } else { "gift-card" }.to_owned(),
        name: if n == 1 { "One month of your data plan, free" } else { "A $100 gift card" }.to_owned(),
        worth: Money::new(if n == 1 { 2000 } else { 10000 }, "USD"),
        summary: "A credit on your bill. Announced on 12 October 2009.".to_owned(),
        eligible,
        dates: Dates::NotInTheWay,
        facts: vec![fact("The outage touched your data.", true), fact("Your plan is data-20.", eligible)],
        claim: None,
        declined: None,
        unasked: false,
        on_appeal: false,
        appeal: None,
        unclaimed: if n == 1 { "If you do not claim it, you get it all the same." } else { "" }.to_owned(),
    }
}

/// What was theirs and is over, what came unasked or on an appeal, and what was declined.
fn settled() -> Vec<Offer> {
    let again = "You had a claim of this, and it is over. It does not come by itself any more: to get it, claim it again.";
    vec![
        Offer { unclaimed: again.to_owned(), ..offer(1, true) },
        Offer { unasked: true, ..claimed() },
        Offer { on_appeal: true, eligible: false, ..claimed() },
        Offer { declined: Some("MG-7K2P-Q9XD".to_owned()), ..offer(2, true) },
    ]
}

fn claimed() -> Offer {
    Offer { claim: Some("MG-7K2P-Q9XD".to_owned()), ..offer(2, true) }
}

fn claimable(n: i64) -> Claimable {
    let delivery = |value: &str, label: &str, hint: &str| Delivery {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let all =
        vec![delivery("email", "By e-mail", "m…@example.com"), delivery("sms", "By text message", "…0142")];
    let deliveries = if n == 1 { vec![delivery("bill", "On your next bill", "")] } else { all };
    Claimable { offer: offer(n, true), terms: terms(), deliveries, chosen: String::new() }
}

fn claim(just_made: bool) -> ClaimPage {
    let step = |title: &str, at: Option<&str>, note: &str| Step {
        title: title.to_owned(),
        at: at.map(str::to_owned),
        note: note.to_owned(),
    };
    ClaimPage {
        unasked: false,
        on_appeal: false,
        number: "MG-7K2P-Q9XD".to_owned(),
        remedy_id: "gift-card".to_owned(),
        remedy_name: "A $100 gift card".to_owned(),
        person: "Mara Example".to_owned(),
        made_for: None,
        worth: Money::new(10000, "USD"),
        state: "Granted".to_owned(),
        delivery: "By e-mail, m…@example.com".to_owned(),
        address: vec![],
        made_at: "24 November 2026, 14:05 UTC".to_owned(),
        steps: vec![
            step("Claimed", Some("24 November 2026, 14:05 UTC"), ""),
            step(
                "Granted",
                Some("24 November 2026, 14:05 UTC"),
                "You were entitled to it, so nobody needs to check it.",
            ),
            step("Sent", None, "By e-mail, within 14 days of your claim."),
        ],
        terms: terms(),
        terms_version: "4f1c09aa".to_owned(),
        declined: false,
        appeal: None,
        code: None,
        changes: Changes::default(),
        just_made,
        support: support(),
    }
}

pub fn claim_line() -> ClaimLine {
    ClaimLine {
        number: "MG-7K2P-Q9XD".to_owned(),
        remedy_name: "A $100 gift card".to_owned(),
        worth: Money::new(10000, "USD"),
        state: "Granted".to_owned(),
        made_at: "24 November 2026, 14:05 UTC".to_owned(),
        unasked: false,
        on_appeal: false,
    }
}
