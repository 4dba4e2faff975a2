//! Where staff may go: the links that each role sees.

use super::{Callers, Cases, Duty, Member, Role};
use crate::remedies::{automatic::AutomaticRuns, payouts::routes::PayingOut};

/// An address, its name, and whose duty it is.
const ROOMS: [(&str, &str, &[Role]); 5] = [
    ("/staff", "Find a subscriber", Callers::ROLES),
    ("/staff/cases", "Reports and appeals", Cases::ROLES),
    ("/staff/claims", "Claims", Cases::ROLES),
    ("/staff/payouts", "Payouts", PayingOut::ROLES),
    ("/staff/automatic", "Automatic runs", AutomaticRuns::ROLES),
];

/// The rooms that this member may enter.
pub fn of(member: &Member) -> Vec<(&'static str, &'static str)> {
    let open = |roles: &[Role]| member.role().is_some_and(|role| roles.contains(&role));
    ROOMS.iter().filter(|(_, _, roles)| open(roles)).map(|(href, label, _)| (*href, *label)).collect()
}
