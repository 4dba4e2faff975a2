//! How a remedy reaches a person, from what is known of them.

use app::models::Delivery;

use crate::{accounts::Profile, incident::RemedyKind};

/// The ways that are open to `person`, the best first; never empty.
/// A gift card goes where its terms say, by e-mail; another way is offered only where no address is known.
pub fn choices(kind: RemedyKind, person: &Profile) -> Vec<Delivery> {
    match kind {
        RemedyKind::ServiceCredit => vec![way("bill", "On your bill", String::new())],
        RemedyKind::GiftCard => match (masked_email(&person.email), person.phone.is_some()) {
            (Some(address), _) => vec![way("email", "By e-mail", address)],
            (None, true) => vec![way("sms", "By text message", person.phone_end()), on_this_site()],
            (None, false) => vec![on_this_site()],
        },
    }
}

/// The delivery of `value`, else the first: an old link or a changed address still leads somewhere true.
pub fn chosen<'a>(choices: &'a [Delivery], value: Option<&str>) -> Option<&'a Delivery> {
    choices.iter().find(|choice| Some(choice.value.as_str()) == value).or(choices.first())
}

/// "By e-mail, a…@example.com", as the claim keeps it.
pub fn words(delivery: &Delivery) -> String {
    if delivery.hint.is_empty() {
        delivery.label.clone()
    } else {
        format!("{}, {}", delivery.label, delivery.hint)
    }
}

fn on_this_site() -> Delivery {
    way("site", "Here, after you sign in", String::new())
}

fn way(value: &str, label: &str, hint: String) -> Delivery {
    Delivery { value: value.to_owned(), label: label.to_owned(), hint }
}

/// `a…@example.com`; none without an address.
fn masked_email(address: &str) -> Option<String> {
    let (user, host) = address.rsplit_once('@')?;
    let first = user.chars().next()?;
    Some(format!("{first}…@{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(email: &str, phone: Option<&str>) -> Profile {
        Profile {
            id: "p".to_owned(),
            account: "a-1".to_owned(),
            phone: phone.map(str::to_owned),
            name: "Ada Example".to_owned(),
            email: email.to_owned(),
            locale: "en-US".to_owned(),
            time_zone: "UTC".to_owned(),
            plan: "data-20".to_owned(),
        }
    }

    fn offered(kind: RemedyKind, email: &str, phone: Option<&str>) -> Vec<String> {
        choices(kind, &person(email, phone)).iter().map(words).collect()
    }

    #[test]
    fn a_gift_card_goes_by_e_mail_where_an_address_is_known() {
        let known = offered(RemedyKind::GiftCard, "ada@example.com", Some("+12125550101"));
        assert_eq!(known, ["By e-mail, a…@example.com"]);
        let unknown = offered(RemedyKind::GiftCard, "", Some("+12125550101"));
        assert_eq!(unknown, ["By text message, …0101", "Here, after you sign in"]);
        assert_eq!(offered(RemedyKind::GiftCard, "", None), ["Here, after you sign in"]);
    }

    #[test]
    fn a_credit_goes_on_the_bill() {
        assert_eq!(offered(RemedyKind::ServiceCredit, "", None), ["On your bill"]);
    }

    #[test]
    fn a_choice_that_is_not_offered_falls_back_to_the_first() {
        let choices = choices(RemedyKind::GiftCard, &person("", Some("+12125550101")));
        assert_eq!(chosen(&choices, Some("site")).unwrap().value, "site");
        assert_eq!(chosen(&choices, Some("pigeon")).unwrap().value, "sms");
        assert_eq!(chosen(&choices, None).unwrap().value, "sms");
    }
}
