//! How a remedy reaches a person, from what is known of them.

use app::{models::Delivery, say, words::Language};

use crate::{
    accounts::Profile,
    incident::{Remedy, WayId},
};

/// The ways of `remedy` that are open to `person`, in the order of the incident file. A way that needs an address or
/// a number is open where one is known; a remedy that would be left without any comes here, after signing in.
pub fn choices(remedy: &Remedy, person: &Profile) -> Vec<Delivery> {
    let open: Vec<_> = remedy.ways.iter().filter_map(|way| open(way.id, person)).collect();
    if open.is_empty() { vec![here()] } else { open }
}

/// On its page, after signing in: open to everybody.
pub fn here() -> Delivery {
    way(WayId::Site, String::new())
}

fn open(id: WayId, person: &Profile) -> Option<Delivery> {
    let hint = match id {
        WayId::Email => masked_email(&person.email)?,
        WayId::Sms => person.phone.as_ref().map(|_| person.phone_end())?,
        WayId::Site | WayId::Post | WayId::Bill => String::new(),
    };
    Some(way(id, hint))
}

/// The delivery of `value`, which none may be any more; the first where nobody chose.
pub fn chosen<'a>(choices: &'a [Delivery], value: Option<&str>) -> Option<&'a Delivery> {
    match value {
        Some(value) => choices.iter().find(|choice| choice.value == value),
        None => choices.first(),
    }
}

fn way(id: WayId, hint: String) -> Delivery {
    Delivery { value: id.slug().to_owned(), label: label(id).to_owned(), hint }
}

fn label(id: WayId) -> &'static str {
    match id {
        WayId::Email => say!("By e-mail"),
        WayId::Sms => say!("By text message"),
        WayId::Site => say!("Here, after you sign in"),
        WayId::Post => say!("By post"),
        WayId::Bill => say!("On your bill"),
    }
}

/// How a claim comes, as it is kept: in English, in whatever language it was chosen.
pub fn kept(chosen: &Delivery) -> String {
    let label = WayId::from_slug(&chosen.value).map(|id| Language::En.within(|| label(id)));
    let label = label.map_or_else(|| chosen.label.clone(), str::to_owned);
    Delivery { label, ..chosen.clone() }.words()
}

/// What was kept of the way of this name, in the language spoken.
pub fn told(way: &str, kept: &str) -> String {
    let told = WayId::from_slug(way).and_then(|id| {
        let hint = kept.strip_prefix(Language::En.within(|| label(id)))?;
        Some(format!("{}{hint}", label(id)))
    });
    told.unwrap_or_else(|| kept.to_owned())
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
    use crate::incident::{Incident, ProviderName, Way};

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

    fn remedy(id: &str) -> Remedy {
        let incident = Incident::from_toml(include_str!("../../../demo/incident.toml"), "demo").unwrap();
        incident.remedy(id).unwrap().clone()
    }

    fn offered(id: &str, email: &str, phone: Option<&str>) -> Vec<String> {
        choices(&remedy(id), &person(email, phone)).iter().map(Delivery::words).collect()
    }

    #[test]
    fn a_gift_card_comes_by_each_way_for_which_enough_is_known() {
        let known = offered("gift-card", "ada@example.com", Some("+12125550101"));
        assert_eq!(
            known,
            ["By e-mail, a…@example.com", "Here, after you sign in", "By post", "On your bill"]
        );
        let unknown = offered("gift-card", "", Some("+12125550101"));
        assert_eq!(unknown, ["Here, after you sign in", "By post", "On your bill"]);
        let texted =
            Remedy { ways: vec![Way::new(WayId::Sms, ProviderName::CodePool)], ..remedy("gift-card") };
        let choices =
            |phone| choices(&texted, &person("", phone)).iter().map(Delivery::words).collect::<Vec<_>>();
        assert_eq!(choices(Some("+12125550101")), ["By text message, …0101"]);
        assert_eq!(choices(None), ["Here, after you sign in"]);
    }

    #[test]
    fn what_was_chosen_in_one_language_is_told_in_another() {
        let remedy = remedy("gift-card");
        let known = person("ada@example.com", None);
        let chosen = Language::Es.within(|| choices(&remedy, &known)).remove(0);
        assert_eq!(chosen.words(), "Por correo electrónico, a…@example.com");
        assert_eq!(kept(&chosen), "By e-mail, a…@example.com");
        Language::Es.within(|| {
            assert_eq!(told("email", "By e-mail, a…@example.com"), chosen.words());
            assert_eq!(told("bill", "On your bill"), "En su factura");
            // As erasing leaves it.
            assert_eq!(told("email", "email"), "email");
        });
        assert_eq!(told("email", "By e-mail, a…@example.com"), "By e-mail, a…@example.com");
    }

    #[test]
    fn a_credit_goes_on_the_bill() {
        assert_eq!(offered("free-month", "", None), ["On your bill"]);
    }

    #[test]
    fn a_choice_that_is_not_offered_is_none_and_no_choice_is_the_first() {
        let choices = choices(&remedy("gift-card"), &person("", Some("+12125550101")));
        assert_eq!(chosen(&choices, Some("bill")).unwrap().value, "bill");
        assert_eq!(chosen(&choices, Some("pigeon")), None);
        assert_eq!(chosen(&choices, None).unwrap().value, "site");
    }
}
