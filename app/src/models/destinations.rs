//! Where recovered data can go on from here.

use std::str::FromStr;

use crate::say;

/// What somebody puts their data into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    IPhone,
    Android,
    Outlook,
    BasicPhone,
}

impl Destination {
    pub const ALL: [Destination; 4] =
        [Destination::IPhone, Destination::Android, Destination::Outlook, Destination::BasicPhone];

    /// As it stands in the address of its page.
    pub fn slug(self) -> &'static str {
        match self {
            Destination::IPhone => "iphone",
            Destination::Android => "android",
            Destination::Outlook => "outlook",
            Destination::BasicPhone => "basic-phone",
        }
    }

    pub fn href(self) -> String {
        format!("/recovery/archive/to/{}", self.slug())
    }

    /// "On an iPhone".
    pub fn title(self) -> &'static str {
        match self {
            Destination::IPhone => say!("On an iPhone"),
            Destination::Android => say!("On an Android phone or in a Google account"),
            Destination::Outlook => say!("In Outlook"),
            Destination::BasicPhone => say!("On a basic phone"),
        }
    }
}

impl FromStr for Destination {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Destination::ALL.into_iter().find(|one| one.slug() == slug).ok_or(())
    }
}

/// `/recovery/archive/to`: which destinations there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destinations {
    /// Of the archive's page, with scheme and host: it is what the QR code says.
    pub archive: String,
}

/// `/recovery/archive/to/DESTINATION`: which file goes in, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestinationPage {
    pub to: Destination,
    /// As in [`Destinations`].
    pub archive: String,
    /// What a phone asks for as the server of an account.
    pub server: String,
}
