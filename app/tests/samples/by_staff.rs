//! What staff see.

use app::models::*;

use super::{
    Pages,
    compensated::claim_line,
    recovered::{category, contact, lines},
};

pub fn by_staff(pages: &mut Pages) {
    pages.nobody("staff-sign-in", StaffSignIn::default());
    let qr = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"160\" height=\"160\" viewBox=\"0 0 8 8\"><path d=\"M0 0h3v3h-3zM5 0h3v3h-3zM0 5h3v3h-3z\"/></svg>";
    let enrol = Enrol {
        name: "Ana Agent".to_owned(),
        email: "ana@example.com".to_owned(),
        qr_svg: qr.to_owned(),
        secret: "JBSW Y3DP EHPK 3PXP".to_owned(),
        errors: vec![FieldError::new("password", "Use 15 characters or more")],
    };
    pages.nobody("enrol", enrol);
    let found = FoundSubscriber {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        phone: "…0142".to_owned(),
        matched: "name".to_owned(),
    };
    let results = Some(vec![found.clone(), found]);
    pages.staff("staff", Search { query: "jens".to_owned(), results, ..Default::default() });
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
