//! What staff see.

use app::models::*;

use super::{
    Pages,
    compensated::{claim_line, offer, terms},
    recovered::{category, contact, lines},
    reported::{case_line, entries, records},
};

/// A claim that waits for somebody.
fn waiting() -> WaitingClaim {
    WaitingClaim {
        number: "MG-7K2P-Q9XD".to_owned(),
        remedy_name: "A $100 gift card".to_owned(),
        worth: Money::new(10000, "USD"),
        name: "Maria Jensen".to_owned(),
        account: "A-1042".to_owned(),
        delivery: "By e-mail, m…@example.com".to_owned(),
        made_at: "24 November 2026, 06:05 PST".to_owned(),
        waits_for: "A member of our staff looks at it before it is granted.".to_owned(),
    }
}

fn claims_to_decide(pages: &mut Pages) {
    let pager =
        Pager { first: 1, last: 1, total: 2, next: Some("/staff/claims?page=2".to_owned()), previous: None };
    let queue = StaffClaims { claims: vec![waiting()], pager, ..StaffClaims::default() };
    pages.staff("staff-claims", StaffClaims { others: 20_000, ..queue.clone() });
    pages.staff("staff-claims-for-budget", StaffClaims { waits_for: WaitsFor::Budget, ..queue });
    let fact = |holds| Fact { text: "Your plan is data-20, and this is for that plan".to_owned(), holds };
    let claim = StaffClaim {
        claim: waiting(),
        facts_then: vec![fact(true)],
        facts_now: vec![fact(false)],
        rules: vec!["It is for people who were affected".to_owned(), "It is given once".to_owned()],
        decides: true,
        ..StaffClaim::default()
    };
    let errors = vec![
        FieldError::new("rule-1", "Choose the rule that the claim does not meet"),
        FieldError::new("reason", "Say why"),
    ];
    pages.staff("staff-claim-wrong", StaffClaim { errors, ..claim.clone() });
    let made_for = StaffClaim {
        made_for: Some(made_for()),
        goes_to: vec!["Jo Heir".to_owned(), "1 Elm Street".to_owned(), "Salem".to_owned(), "USA".to_owned()],
        ..claim.clone()
    };
    pages.staff("staff-claim-for-another", made_for.clone());
    pages.staff("staff-claim-second-look", StaffClaim { second_look: true, ..made_for.clone() });
    pages.staff("staff-claim-maker", StaffClaim { maker: true, ..made_for });
    pages.staff("staff-claim-own", StaffClaim { own: true, ..claim.clone() });
    pages.staff("staff-claim", claim);
}

/// Who made a claim for its person.
pub fn made_for() -> MadeFor {
    MadeFor {
        by: "Ana Agent".to_owned(),
        who: "Jo Heir".to_owned(),
        right: "Whoever looks after the affairs of the subscriber, who has died".to_owned(),
        reason: "A court's letter was shown in our shop".to_owned(),
    }
}

/// Claiming for somebody who cannot.
fn on_behalf(pages: &mut Pages) {
    let list = ClaimFor {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        own: false,
        offers: vec![offer(2, true), offer(1, false)],
    };
    pages.staff("claim-for-own", ClaimFor { own: true, ..list.clone() });
    pages.staff("claim-for", list);
    let delivery = |value: &str, label: &str, hint: &str| Delivery {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let form = ClaimForForm {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        remedy_id: "gift-card".to_owned(),
        remedy_name: "A $100 gift card".to_owned(),
        worth: Money::new(10_000, "USD"),
        rights: vec![
            ("guardian".to_owned(), "A parent or guardian of the subscriber, who is not of age".to_owned()),
            ("closed-account".to_owned(), "The subscriber, whose account is closed".to_owned()),
        ],
        ways: vec![
            delivery("email", "By e-mail", "m…@example.com"),
            delivery("post", "By post", ""),
            delivery("email-elsewhere", "By e-mail to another address", ""),
        ],
        asks_address: true,
        asks_email: true,
        ..ClaimForForm::default()
    };
    let wrong = ["right-1", "who", "way-1", "email", "line1", "reason"];
    let errors = wrong.map(|field| FieldError::new(field, "Mend this")).into();
    let filled = FilledFor { who: "Jo Heir".to_owned(), way: "post".to_owned(), ..FilledFor::default() };
    pages.staff("claim-for-form-wrong", ClaimForForm { errors, filled, ..form.clone() });
    pages.staff("claim-for-form", form);
    let check = ClaimForCheck {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        remedy_id: "gift-card".to_owned(),
        remedy_name: "A $100 gift card".to_owned(),
        worth: Money::new(10_000, "USD"),
        right: made_for().right,
        who: made_for().who,
        way: "By post".to_owned(),
        email: String::new(),
        address: vec!["Jo Heir".to_owned(), "1 Elm Street".to_owned(), "Salem".to_owned(), "USA".to_owned()],
        reason: made_for().reason,
        second_look: true,
        terms: terms(),
        terms_version: "4f1c09aa".to_owned(),
        errors: vec![],
    };
    let errors = vec![FieldError::new("read", "Read the terms to whoever asks, and say so here")];
    pages.staff("claim-for-check-wrong", ClaimForCheck { errors, ..check.clone() });
    pages.staff("claim-for-check", check);
    let claimed = ClaimedFor {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        number: "MG-7K2P-Q9XD".to_owned(),
        remedy_name: "A $100 gift card".to_owned(),
        worth: Money::new(10_000, "USD"),
        state: "Received".to_owned(),
        delivery: "By post".to_owned(),
        made_at: "24 November 2026, 06:05 PST".to_owned(),
        made_for: Some(made_for()),
        waits_for: "A second member of our staff looks at it before it is granted.".to_owned(),
    };
    pages.staff("claimed-for", claimed);
}

pub fn by_staff(pages: &mut Pages) {
    claims_to_decide(pages);
    on_behalf(pages);
    pages.staff_door("staff-sign-in", StaffSignIn::default());
    let qr = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"160\" height=\"160\" viewBox=\"0 0 8 8\"><path d=\"M0 0h3v3h-3zM5 0h3v3h-3zM0 5h3v3h-3z\"/></svg>";
    let enrol = Enrol {
        name: "Ana Agent".to_owned(),
        email: "ana@example.com".to_owned(),
        qr_svg: qr.to_owned(),
        secret: "JBSW Y3DP EHPK 3PXP".to_owned(),
        errors: vec![FieldError::new("password", "Use 15 characters or more")],
    };
    pages.staff_door("enrol", enrol);
    let found = FoundSubscriber {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        phone: "…0142".to_owned(),
        matched: "name".to_owned(),
    };
    let results = Some(vec![found.clone(), found]);
    pages.staff("staff", Search { query: "jens".to_owned(), results, ..Default::default() });
    pages.staff("automatic-runs", AutomaticRuns { runs: vec![run_line()] });
    pages.staff("automatic-run", automatic_run());
    pages.staff("automatic-run-under-way", running());
    pages.staff("caller", caller(Reveal::Masked));
    pages.staff("caller-code", caller(Reveal::CodeSent));
    let why = "the caller read back the code".to_owned();
    pages.staff("caller-shown", caller(Reveal::Revealed { until: "14:35 UTC".to_owned(), why }));
    let page = category(lines()[0].clone(), contact());
    let masked = CallerCategory {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        revealed: false,
        page,
    };
    pages.staff("caller-contacts", masked);
    pages.staff("payouts", payouts());
    pages.nobody("gift-code", gift_code());
    cases(pages);
}

fn cases(pages: &mut Pages) {
    let queued = QueuedCase {
        number: "MR-7K2P-QX04-M9TB".to_owned(),
        title: "Report about Contacts".to_owned(),
        name: "Maria Jensen".to_owned(),
        state: "Received".to_owned(),
        waits: "2 days".to_owned(),
        member: String::new(),
    };
    let link = |label: &str, count, current| QueueLink {
        label: label.to_owned(),
        count,
        href: "/staff/cases?state=open".to_owned(),
        current,
    };
    let queue = CaseQueue {
        lines: vec![queued.clone(), QueuedCase { member: "Ana Agent".to_owned(), ..queued }],
        states: vec![link("Waits for us", Some(2), true), link("Answered", Some(7), false)],
        kinds: vec![link("Both kinds", None, true), link("Reports", None, false)],
        subjects: vec![link("Everything", None, true), link("Contacts", None, false)],
        pager: Pager { next: Some("/staff/cases?after=1.2".to_owned()), ..Default::default() },
    };
    pages.staff("cases", queue.clone());
    pages.staff("cases-none", CaseQueue { lines: vec![], pager: Pager::default(), ..queue });
    pages.staff("case", case(false));
    let errors = vec![
        FieldError::new("outcome-1", "Choose how it ended"),
        FieldError::new("answer", "Write an answer"),
    ];
    pages.staff("case-wrong", StaffCase { errors, ..case(false) });
    pages.staff("case-appeal", case(true));
    let decided_by = "An appeal is decided by these roles: finance, admin.".to_owned();
    pages.staff("case-not-ours", StaffCase { outcomes: vec![], decided_by, ..case(true) });
}

fn case(appeal: bool) -> StaffCase {
    let choice = |value: &str, label: &str| AnswerChoice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: false,
    };
    StaffCase {
        number: if appeal { "MA-7K2P-QX04-M9TB" } else { "MR-7K2P-QX04-M9TB" }.to_owned(),
        appeal,
        subject: if appeal { "A $100 gift card" } else { "Contacts" }.to_owned(),
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        state: "Received".to_owned(),
        waits: "2 days".to_owned(),
        records: records(appeal),
        entries: entries(),
        may_take: true,
        may_ask: true,
        outcomes: vec![choice("put-back", "We put it back"), choice("found", "We found it")],
        message: "1".to_owned(),
        seen: 2,
        ..Default::default()
    }
}

fn payouts() -> Payouts {
    let line = ProviderLine {
        id: "tremendous".to_owned(),
        name: "Tremendous".to_owned(),
        paid: 120_000,
        left: 680_000,
        for_a_person: 2,
        pace: "10.0 a second, done by 25 November 2026, 09:00 UTC".to_owned(),
        paused: None,
    };
    let held = ProviderLine {
        id: "bill-file".to_owned(),
        name: "A file for billing".to_owned(),
        for_a_person: 1,
        paused: Some(
            "Held up since 24 November 2026, 14:05 UTC, by Ana Agent: the file was refused".to_owned(),
        ),
        ..line.clone()
    };
    let worth = Money::new(10_000, "USD");
    let stuck = WaitingOrder {
        id: "01893d0e-0000-7000-8000-000000000001".to_owned(),
        claim: "MG-7K2P-QX04-M9TB".to_owned(),
        provider: "Tremendous".to_owned(),
        worth: worth.clone(),
        state: "Nobody knows whether it was paid".to_owned(),
        note: "the line broke".to_owned(),
        since: "24 November 2026, 14:05 UTC".to_owned(),
        stuck: true,
        ways: vec![],
    };
    let refused = WaitingOrder {
        id: "01893d0e-0000-7000-8000-000000000002".to_owned(),
        state: "The provider refused it".to_owned(),
        note: "no such address".to_owned(),
        stuck: false,
        ways: vec![
            ("email".to_owned(), "By e-mail".to_owned()),
            ("bill".to_owned(), "On your bill".to_owned()),
        ],
        ..stuck.clone()
    };
    Payouts {
        providers: vec![line, held],
        codes: vec![CodeStock { remedy: "A $100 gift card".to_owned(), free: 400, given: 1_200 }],
        budgets: vec![BudgetLine {
            remedy: "A $100 gift card".to_owned(),
            owed: worth.clone(),
            paid: worth.clone(),
            returned: Money::new(0, "USD"),
            left: Some(worth),
        }],
        unanswered: vec![
            "bill-file-2009-10-20-1: handed over on 20 October 2009, 12:00 UTC, and 3 of its orders are without an answer"
                .to_owned(),
        ],
        waiting: vec![stuck, refused],
        ..Default::default()
    }
}

fn automatic_run() -> AutomaticRun {
    AutomaticRun {
        id: "01893d0e-0000-7000-8000-000000000001".to_owned(),
        remedy: "One month of your data plan, free".to_owned(),
        state: "Waiting for approval".to_owned(),
        made_by: "the operator".to_owned(),
        made_at: "24 November 2026, 06:05 PST".to_owned(),
        people: 800_000,
        entitled: 612_004,
        each: Money::new(2_000, "USD"),
        worth: Money::new(1_224_008_000, "USD"),
        budget_left: Some(Money::new(1_200_000_000, "USD")),
        budget_too_small: true,
        examples: vec!["A-1042".to_owned(), "A-1043".to_owned()],
        refused: vec![
            Refused {
                words: "On another plan".to_owned(),
                people: 180_000,
                examples: vec!["A-1".to_owned()],
            },
            Refused { words: "Claimed it already, or got it".to_owned(), people: 1, examples: vec![] },
        ],
        approvals: vec![RunApproval {
            name: "Ana Agent".to_owned(),
            at: "24 November 2026, 07:00 PST".to_owned(),
            reason: "I looked at the examples and at the budget".to_owned(),
        }],
        approvals_needed: 2,
        acts: vec![RunAct::Approve, RunAct::Stop],
        errors: vec![FieldError::new("reason", "Say in 10 to 500 characters why")],
        ..Default::default()
    }
}

fn running() -> AutomaticRun {
    AutomaticRun {
        state: "Running".to_owned(),
        acts: vec![RunAct::Pause, RunAct::Stop],
        errors: vec![],
        progress: Some(RunProgress {
            started_at: "24 November 2026, 07:05 PST".to_owned(),
            looked: 400_000,
            granted: 306_002,
            rate: "5000 people and 34000 rows a second".to_owned(),
            expected_end: Some("24 November 2026, 07:08 PST".to_owned()),
            ended_at: None,
        }),
        ..automatic_run()
    }
}

fn run_line() -> RunLine {
    let AutomaticRun { id, remedy, state, made_at, people, entitled, worth, .. } = automatic_run();
    RunLine { id, remedy, state, made_at, people, entitled, worth, granted: 0 }
}

fn gift_code() -> GiftCode {
    GiftCode {
        claim: "MG-7K2P-QX04-M9TB".to_owned(),
        remedy: "A $100 gift card".to_owned(),
        worth: Money::new(10_000, "USD"),
        code: "AAAA-BBBB-0001".to_owned(),
        pin: Some("1234".to_owned()),
    }
}

fn caller(reveal: Reveal) -> Caller {
    Caller {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        phone: "…0142".to_owned(),
        email: "m…@example.com".to_owned(),
        plan: "data-20".to_owned(),
        locale: "en-US".to_owned(),
        time_zone: "America/Los_Angeles".to_owned(),
        affected: true,
        lines: lines(),
        claims: vec![claim_line()],
        claims_for: true,
        cases: vec![case_line()],
        opens_cases: true,
        reveal,
        reason: String::new(),
        errors: vec![],
        looks: vec![Look {
            at: "24 November 2026, 14:05 UTC".to_owned(),
            who: "Ana Agent".to_owned(),
            what: "opened the caller's page".to_owned(),
            reason: String::new(),
        }],
    }
}
