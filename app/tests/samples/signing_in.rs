//! Signing in, and what can go wrong.

use app::models::*;

use super::Pages;

pub fn signing_in(pages: &mut Pages) {
    pages.nobody(
        "signed-out",
        SignedOut {
            action: "/reports/MR-7K2P-Q9XD/messages".to_owned(),
            takes_files: true,
            text: "The numbers of my two sisters are missing.".to_owned(),
            others: vec![("step".to_owned(), "write".to_owned())],
        },
    );
    pages.nobody("sign-in", PhoneForm { handset: true, ..Default::default() });
    let errors = vec![FieldError::new("phone", "Enter a phone number with its area code")];
    let wrong = PhoneForm {
        phone: "555".to_owned(),
        errors,
        wait: Some(Wait { seconds: 110 }),
        ..Default::default()
    };
    pages.nobody("sign-in-wrong", wrong);
    let code = CodeForm { phone: "(555) 555-0142".to_owned(), minutes: 10, ..Default::default() };
    pages.nobody("code", code.clone());
    let errors = vec![FieldError::new("code", "That is not the code. You have 3 more tries")];
    pages.nobody("code-wrong", CodeForm { errors, wait: Some(Wait { seconds: 30 }), ..code });
    let fresh = FreshCodeForm {
        title: "Make a download link".to_owned(),
        lead: "For a download manager, or a slow line.".to_owned(),
        path: "/recovery/archive/link".to_owned(),
        button: "Make the link".to_owned(),
        back: "/recovery/archive".to_owned(),
        phone_end: "…0142".to_owned(),
        minutes: 10,
        ..Default::default()
    };
    pages.subscriber("fresh-code", fresh.clone());
    let errors = vec![FieldError::new("code", "That is not the code. Check it and try again")];
    pages.subscriber("fresh-code-wrong", FreshCodeForm { sent: true, errors, ..fresh });
    pages.nobody("second-fact", SecondFactForm::default());
    pages.subscriber("app-password", AppPasswordForm::default());
    let errors = vec![FieldError::new("name", "Enter a name of at most 40 letters, like My iPhone")];
    pages.subscriber("app-password-wrong", AppPasswordForm { errors, ..AppPasswordForm::default() });
    pages.subscriber("app-password-full", AppPasswordForm { full: true, ..AppPasswordForm::default() });
    let made = AppPasswordMade {
        name: "My iPhone".to_owned(),
        server: "https://recovery.example.com".to_owned(),
        user_name: "7k2p9-qx04m".to_owned(),
        password: "c7v2e-0k9tp-x5m3d-8wq1h-zr6ga".to_owned(),
    };
    pages.subscriber("app-password-made", made);
}
