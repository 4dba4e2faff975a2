//! Messages.

use app::models::*;

use super::Pages;

pub fn written_to(pages: &mut Pages) {
    pages.subscriber("account-messages", messages());
    pages.subscriber("account-messages-none", SentMessages::default());
    let wishes = MessageWishes {
        news: "email".to_owned(),
        language: "en".to_owned(),
        quiet_from: "21:00".to_owned(),
        quiet_until: "08:00".to_owned(),
        zone: "America/Los_Angeles".to_owned(),
        errors: Vec::new(),
    };
    pages.subscriber("account-messages-wishes", wishes.clone());
    let errors = vec![
        FieldError::new("news", "Choose how news should come to you"),
        FieldError::new("quiet_from", "Enter a time of day, like 21:00"),
    ];
    let wrong = MessageWishes { news: String::new(), quiet_from: "late".to_owned(), errors, ..wishes };
    pages.subscriber("account-messages-wishes-wrong", wrong);
    pages.nobody("messages-stop", StopNews { stopped: false, path: "/messages/stop/token".to_owned() });
    pages.nobody("messages-stopped", StopNews { stopped: true, path: String::new() });
}

fn messages() -> SentMessages {
    let message = |subject: &str, text: &str, state: &str| SentMessage {
        at: "20 October 2009, 12:00 UTC".to_owned(),
        head: if subject.is_empty() { "Text message to …0142" } else { "Email to a…@example.com" }.to_owned(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        state: state.to_owned(),
        language: "en".to_owned(),
    };
    SentMessages {
        unreachable: vec![Unreachable {
            address: "a…@example.com".to_owned(),
            since: "20 October 2009, 12:00 UTC".to_owned(),
            again: "/account/messages/again/email".to_owned(),
        }],
        wishes: vec![("News", "By e-mail".to_owned()), ("Language", "English".to_owned())],
        gift_cards_by: Some("Tremendous"),
        list: vec![
            message(
                "Your claim MG-1 is granted",
                "Your claim MG-1, worth $100, is granted.\n\nExample",
                "came back",
            ),
            message(
                "",
                "•••••• is your Makegood code for Example Mobile. Demonstration",
                "arrived 20 October 2009, 12:00 UTC",
            ),
            message("", "", "sent 20 October 2009, 12:00 UTC"),
        ],
        pager: Pager {
            first: 1,
            last: 3,
            total: 23,
            previous: None,
            next: Some("/account/messages?page=2#sent".to_owned()),
        },
    }
}
