//! When two contacts are one person's, how sure that is, and why. The rules and where they come from
//! are told in `docs/duplicates.md`; this is the same table as code.

use app::vocabulary::Likeness;
use serde::{Deserialize, Serialize};

use super::{card::Card, name::Relation, reach::Agree};

/// Raised whenever the rules change: what earlier ones found is found anew.
pub const VERSION: i64 = 2;

/// Why two contacts look like one, or why it is not sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    SameUid,
    EverythingSame,
    SameName,
    NearName,
    OneHasNoName,
    NameInEmail,
    SamePhone,
    SamePhoneEnd,
    SameEmail,
    SameBirthday,
    SameAddress,
    SameCompany,
    OtherNames,
    OtherBirthday,
    OtherNumbers,
    NothingButName,
}

/// What speaks for two contacts being one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub strength: Likeness,
    pub reasons: Vec<Reason>,
}

/// Whether two contacts look like one; none when they do not.
pub fn link(one: &Card, two: &Card) -> Option<Link> {
    if one.identity == two.identity {
        return Some(Link { strength: Likeness::Certain, reasons: vec![Reason::SameUid] });
    }
    if one.contact == two.contact {
        return Some(Link { strength: Likeness::Certain, reasons: vec![Reason::EverythingSame] });
    }
    let shared = Shared::between(one, two);
    let (strength, mut reasons) = match one.name.relation(&two.name) {
        Relation::Same => same_name(one, two, &shared),
        Relation::Near => (near_name(&shared)?, vec![Reason::NearName]),
        Relation::Unknown => no_name(one, two, &shared)?,
        Relation::Different => (other_name(&shared)?, vec![Reason::OtherNames]),
    };
    reasons.extend(shared.reasons());
    Some(Link { strength, reasons })
}

/// What two cards have in common besides a name.
struct Shared {
    phone: Option<Agree>,
    /// A number that one of them calls a mobile.
    own_phone: bool,
    /// A number that neither calls a company's.
    private_phone: bool,
    email: bool,
    /// A mailbox of one person.
    own_email: bool,
    /// Equal, or not; none when one says none.
    birthday: Option<bool>,
    address: bool,
    company: bool,
}

impl Shared {
    fn between(one: &Card, two: &Card) -> Self {
        let numbers = || one.numbers.iter().flat_map(|a| two.numbers.iter().map(move |b| (a, b)));
        let agreeing = || numbers().filter_map(|(a, b)| Some((a.agrees(b)?, a, b)));
        let whole = || agreeing().filter(|(agree, ..)| *agree == Agree::Whole);
        let emails = || one.emails.iter().filter(|a| two.emails.iter().any(|b| a.plain == b.plain));
        let birthdays = (&one.contact.birthday, &two.contact.birthday);
        Self {
            phone: agreeing().map(|(agree, ..)| agree).max(),
            own_phone: whole().any(|(_, a, b)| a.own || b.own),
            private_phone: whole().any(|(_, a, b)| a.own || b.own || (!a.company && !b.company)),
            email: emails().next().is_some(),
            own_email: emails().any(|email| email.own),
            birthday: (!birthdays.0.is_empty() && !birthdays.1.is_empty())
                .then(|| birthdays.0 == birthdays.1),
            address: one.addresses.iter().any(|address| two.addresses.contains(address)),
            company: !one.company.is_empty()
                && one.company == two.company
                && !one.is_company
                && !two.is_company,
        }
    }

    fn whole_phone(&self) -> bool {
        self.phone == Some(Agree::Whole)
    }

    fn reasons(&self) -> impl Iterator<Item = Reason> + use<> {
        let found = [
            (self.whole_phone(), Reason::SamePhone),
            (self.phone == Some(Agree::Tail), Reason::SamePhoneEnd),
            (self.email, Reason::SameEmail),
            (self.birthday == Some(true), Reason::SameBirthday),
            (self.address, Reason::SameAddress),
            (self.company, Reason::SameCompany),
            (self.birthday == Some(false), Reason::OtherBirthday),
        ];
        found.into_iter().filter_map(|(holds, reason)| holds.then_some(reason))
    }
}

/// The same name is at least possible; a way to reach the person makes it certain, another birthday less so.
fn same_name(one: &Card, two: &Card, shared: &Shared) -> (Likeness, Vec<Reason>) {
    let mut reasons = vec![Reason::SameName];
    let reached = shared.whole_phone() || shared.email;
    let privately = shared.private_phone || shared.own_email;
    let both = shared.whole_phone() && shared.own_email;
    let bare = one.reaches_nobody() || two.reaches_nobody();
    let strength = match () {
        () if both || (privately && !one.name.is_short() && !two.name.is_short()) => Likeness::Certain,
        () if reached || shared.phone.is_some() => Likeness::Likely,
        () if shared.birthday == Some(true) || shared.address || (shared.company && bare) => Likeness::Likely,
        () => {
            reasons.push(if bare { Reason::NothingButName } else { Reason::OtherNumbers });
            Likeness::Possible
        }
    };
    (if shared.birthday == Some(false) { weaker(strength) } else { strength }, reasons)
}

fn weaker(strength: Likeness) -> Likeness {
    match strength {
        Likeness::Certain => Likeness::Likely,
        Likeness::Likely | Likeness::Possible => Likeness::Possible,
    }
}

/// A family shares a landline, a company its switchboard: only what is one person's makes it likely.
fn near_name(shared: &Shared) -> Option<Likeness> {
    let own = shared.own_phone || shared.own_email;
    let likely = (own || (shared.whole_phone() && shared.email)) && shared.birthday != Some(false);
    let reached = shared.phone.is_some() || shared.email;
    reached.then_some(if likely { Likeness::Likely } else { Likeness::Possible })
}

/// A card without a name may be anybody's of that number, and most likely is the one's who is named.
fn no_name(one: &Card, two: &Card, shared: &Shared) -> Option<(Likeness, Vec<Reason>)> {
    if shared.own_phone || shared.own_email {
        return Some((Likeness::Likely, vec![Reason::OneHasNoName]));
    }
    if shared.phone.is_some() || shared.email {
        return Some((Likeness::Possible, vec![Reason::OneHasNoName]));
    }
    let (nameless, named) = if one.name.is_empty() { (one, two) } else { (two, one) };
    let spelled =
        |email: &str| !named.name.is_short() && named.name.keys().contains(&super::groups::name_key(email));
    let says_so = nameless.emails.iter().any(|email| spelled(email.local()));
    says_so.then(|| (Likeness::Possible, vec![Reason::OneHasNoName, Reason::NameInEmail]))
}

/// Two names for one person are rare: both their mobile and their own mailbox must be the same.
fn other_name(shared: &Shared) -> Option<Likeness> {
    (shared.own_phone && shared.own_email && shared.birthday != Some(false)).then_some(Likeness::Possible)
}
