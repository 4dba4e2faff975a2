//! What a member of staff is there for.

use std::{fmt, str::FromStr};

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Answers callers.
    Support,
    /// Loads and releases recovered data.
    Engineer,
    /// Accounts for claims and payouts.
    Finance,
    /// All of it.
    Admin,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Support, Role::Engineer, Role::Finance, Role::Admin];

    pub fn slug(self) -> &'static str {
        match self {
            Role::Support => "support",
            Role::Engineer => "engineer",
            Role::Finance => "finance",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// A word that names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not a role; the roles are {}", Role::ALL.map(Role::slug).join(", "))]
pub struct UnknownRole {
    pub given: String,
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Role::ALL.into_iter().find(|role| role.slug() == text);
        found.ok_or_else(|| UnknownRole { given: text.to_owned() })
    }
}
