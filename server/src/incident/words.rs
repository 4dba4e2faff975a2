//! Words with a fixed meaning: statuses, impact, kinds. The slugs are those of the status API
//! (Atlassian Statuspage v2) where it has them.

use toml::de::DeValue;

use super::value::{Value, must_be};

/// An enum whose values are written as words in the file.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $write:literal { $($variant:ident = $slug:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($variant),+ }

        impl $name {
            /// Every value, in the order of the file format.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word in the file, in tables and in the machine-readable interfaces.
            pub fn slug(self) -> &'static str {
                match self { $($name::$variant => $slug),+ }
            }

            /// The word on a page.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label),+ }
            }

            /// The value of a word; none for another word.
            pub fn from_slug(slug: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.slug() == slug)
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, String> {
                Self::from_slug(word).ok_or_else(must_be::<Self>)
            }
        }

        impl Value for $name {
            const WRITE: &'static str = $write;

            fn read(value: &DeValue<'_>) -> Result<Self, String> {
                value.as_str().and_then(Self::from_slug).ok_or_else(must_be::<Self>)
            }
        }
    };
}

words! {
    /// Where the incident stands.
    IncidentStatus, "investigating, identified, monitoring or resolved" {
        Investigating = "investigating", "Investigating";
        Identified = "identified", "Identified";
        Monitoring = "monitoring", "Monitoring";
        Resolved = "resolved", "Resolved";
    }
}

words! {
    /// How bad it is for people.
    Impact, "none, minor, major or critical" {
        None = "none", "None";
        Minor = "minor", "Minor";
        Major = "major", "Major";
        Critical = "critical", "Critical";
    }
}

words! {
    /// How a category stands on the status page.
    ComponentStatus,
    "operational, degraded_performance, partial_outage, major_outage or under_maintenance" {
        Operational = "operational", "Operational";
        DegradedPerformance = "degraded_performance", "Degraded performance";
        PartialOutage = "partial_outage", "Partial outage";
        MajorOutage = "major_outage", "Major outage";
        UnderMaintenance = "under_maintenance", "Under maintenance";
    }
}

words! {
    /// What an entry of the timeline says of the incident.
    UpdateStatus, "investigating, identified, monitoring, resolved or update (which changes nothing)" {
        Investigating = "investigating", "Investigating";
        Identified = "identified", "Identified";
        Monitoring = "monitoring", "Monitoring";
        Resolved = "resolved", "Resolved";
        Update = "update", "Update";
    }
}

impl UpdateStatus {
    /// The status the incident has from this entry on; none when it changes nothing.
    pub fn of_incident(self) -> Option<IncidentStatus> {
        IncidentStatus::from_slug(self.slug())
    }
}

words! {
    /// How a remedy is carried out.
    RemedyKind, "service-credit or gift-card" {
        ServiceCredit = "service-credit", "Service credit";
        GiftCard = "gift-card", "Gift card";
    }
}

words! {
    /// How a remedy reaches a person.
    WayId, "email, sms, site, post or bill" {
        Email = "email", "By e-mail";
        Sms = "sms", "By text message";
        Site = "site", "Here, after you sign in";
        Post = "post", "By post";
        Bill = "bill", "On your bill";
    }
}

words! {
    /// Who carries a remedy out.
    ProviderName, "code-pool, tremendous, stripe, bill-file or post-file" {
        CodePool = "code-pool", "Gift-card codes kept here";
        Tremendous = "tremendous", "Tremendous";
        Stripe = "stripe", "Stripe customer balance";
        BillFile = "bill-file", "A file for billing";
        PostFile = "post-file", "A file for the post";
    }
}

words! {
    /// What sign-in asks for after the code, because a number may have a new owner.
    SecondFact, "account-last4 or none" {
        AccountLast4 = "account-last4", "Last four characters of the account number";
        None = "none", "Nothing";
    }
}
