//! The right to see one subscriber's data, as a type: operations on it ask for this and for no id.

use super::{Profile, Subscriber, app_passwords::AppClient};
use crate::staff::{Duty, Staff};

/// Made from the subscriber's own session, their app password, or a member of staff's session; there is no
/// other way.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    profile: &'a Profile,
}

impl Subscriber {
    /// One's own data.
    pub fn own(&self) -> Access<'_> {
        Access { profile: self }
    }
}

impl AppClient {
    /// The data of whom the password is of.
    pub fn own(&self) -> Access<'_> {
        Access { profile: self.profile() }
    }
}

impl<D: Duty> Staff<D> {
    /// A caller's data. What of it is shown unmasked is the staff pages' to decide.
    pub fn to<'a>(&self, caller: &'a Profile) -> Access<'a> {
        Access { profile: caller }
    }
}

impl Access<'_> {
    pub fn id(&self) -> &str {
        &self.profile.id
    }

    pub fn profile(&self) -> &Profile {
        self.profile
    }
}
