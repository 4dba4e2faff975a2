//! Whoever carries orders out: one small face for all of them.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::BoxFuture;

use super::{
    Order, code_pool::CodePool, file::FileProvider, http::Line, stripe::Stripe, tremendous::Tremendous,
};
use crate::{
    ambient::{HOUR, Millis},
    incident::{Incident, ProviderName},
    portal::Portal,
    settings::Settings,
};

/// An order with what the provider must know of its person, as they are known now.
#[derive(Clone, Debug)]
pub struct Parcel {
    pub order: Order,
    pub account: String,
    pub name: String,
    /// May be empty.
    pub email: String,
    pub phone: Option<String>,
    /// BCP 47, like `es-US`.
    pub locale: String,
}

impl Parcel {
    /// Of somebody who was erased: enough to ask after the order.
    pub fn of_nobody(order: &Order) -> Self {
        Parcel {
            order: order.clone(),
            account: String::new(),
            name: String::new(),
            email: String::new(),
            phone: None,
            locale: String::new(),
        }
    }
}

/// What a provider said to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Carried out.
    Paid { reference: String },
    /// Taken, and being carried out: asked after again, or told of by the provider.
    Placed { reference: String },
    /// Never: nothing was paid.
    Refused { why: String },
    /// It was paid, and came back.
    Returned { reference: String, why: String },
    /// Not taken, for now; nothing was paid. After `wait` if the provider named one.
    NotNow { why: String, wait: Option<Millis> },
    /// Not taken, nor will anything be for so long: the provider says that something is wrong with us.
    HeldUp { why: String, wait: Millis },
    /// It was not tried after all: nothing is known that was not known before.
    NotBegun,
    /// It may have arrived or not.
    Unknown { why: String },
    /// It may have arrived or not, and asking again would not tell.
    ForAPerson { why: String },
}

/// What a provider knows of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It has it.
    Known(Answer),
    /// It never got it.
    Nowhere,
    /// It was not asked: there was no turn for it.
    NotAsked,
    /// It could not say.
    Unknown { why: String, wait: Option<Millis> },
}

/// Carries orders out. Both calls may be made again for the same order, by any process.
pub trait Provider: Send + Sync {
    fn name(&self) -> ProviderName;

    /// Which account it pays from, in words that stay as long as the account does; none: it has no accounts. What another
    /// account knows says nothing of what was sent from this one.
    fn account(&self) -> Option<String> {
        None
    }

    /// Calls a second that it takes, over all processes; none: as many as come. Whoever calls waits for each call's turn
    /// ([`turn`](super::control::turn)): questions count as orders do.
    fn per_second(&self) -> Option<u32>;

    /// Calls that an order takes until it is paid, if all goes well; any question more is one.
    fn calls_each(&self) -> u32 {
        1
    }

    /// How many orders one call takes.
    fn at_once(&self) -> usize {
        1
    }

    /// How soon it is asked what became of an order that it is carrying out; none: it tells by itself.
    fn asked_again(&self) -> Option<Millis> {
        Some(HOUR)
    }

    /// Places orders under their ids: an answer for each, in their order. A provider that has one already under that id
    /// must not place it again; where it cannot promise that, [`Provider::find`] is asked first anyway.
    fn place<'a>(&'a self, portal: &'a Portal, parcels: &'a [Parcel]) -> BoxFuture<'a, Vec<Answer>>;

    /// What it knows of an order, by its id.
    fn find<'a>(&'a self, portal: &'a Portal, parcel: &'a Parcel) -> BoxFuture<'a, Found>;
}

/// The providers that this process can reach.
#[derive(Default)]
pub struct Providers(BTreeMap<&'static str, Box<dyn Provider>>);

impl Providers {
    /// The embedded ones, and those of the settings.
    pub fn new(more: impl IntoIterator<Item = Box<dyn Provider>>) -> Self {
        let embedded: [Box<dyn Provider>; 3] = [
            Box::new(CodePool),
            Box::new(FileProvider(ProviderName::BillFile)),
            Box::new(FileProvider(ProviderName::PostFile)),
        ];
        Self(embedded.into_iter().chain(more).map(|provider| (provider.name().slug(), provider)).collect())
    }

    /// The embedded ones, and those that the settings have an account with.
    pub fn of(settings: &Settings) -> Self {
        if settings.tremendous.is_none() && settings.stripe.is_none() {
            return Self::new([]);
        }
        let line = match Line::new() {
            Ok(line) => line,
            Err(error) => {
                tracing::error!(%error, "there is no line to providers of payouts: their orders wait");
                return Self::new([]);
            }
        };
        let tremendous = settings.tremendous.clone().map(|account| Tremendous::new(account, line.clone()));
        let stripe = settings.stripe.clone().map(|account| Stripe::new(account, line));
        let tremendous = tremendous.map(|provider| -> Box<dyn Provider> { Box::new(provider) });
        let stripe = stripe.map(|provider| -> Box<dyn Provider> { Box::new(provider) });
        Self::new(tremendous.into_iter().chain(stripe))
    }

    /// Those that an incident's remedies name and this process cannot reach: their orders wait.
    pub fn missing(&self, incident: &Incident) -> BTreeSet<ProviderName> {
        let ways = incident.remedies.iter().flat_map(|remedy| &remedy.ways);
        ways.map(|way| way.provider).filter(|name| self.get(*name).is_none()).collect()
    }

    /// Whether orders of a provider of this name are carried out and asked after.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn get(&self, name: ProviderName) -> Option<&dyn Provider> {
        self.named(name.slug())
    }

    pub fn named(&self, name: &str) -> Option<&dyn Provider> {
        self.0.get(name).map(|provider| &**provider)
    }

    pub fn iter(&self) -> impl Iterator<Item = &dyn Provider> {
        self.0.values().map(|provider| &**provider)
    }
}
