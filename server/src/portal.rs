//! What every request shares.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::{Profile, recent::Recent, session::RecentSessions, sign_in::CodeRequests},
    ambient::Ambient,
    archives::Shelf,
    incident::Incidents,
    messages::senders::Ways,
    recovery::live::Live,
    remedies::payouts::{OtherCurrencies, Providers, control::RecentCounts},
    settings::Settings,
    status::Board,
    store::{
        self, Db,
        blobs::Blobs,
        keyring::Keyring,
        keys::{DataKey, MasterKey},
    },
    web::{assets::Site, metrics::Metrics},
};

/// The running portal; cheap to clone.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

pub struct Inner {
    pub settings: Settings,
    /// Read through it is the incident in the language spoken.
    pub incident: Incidents,
    pub ambient: Ambient,
    pub keyring: Keyring,
    pub blobs: Blobs,
    pub site: Site,
    /// Read less than a second ago.
    pub sessions: RecentSessions,
    /// Read less than a second ago, by id.
    pub profiles: Recent<String, Profile>,
    /// Whom an app password proved a moment ago, by a keyed hash of it.
    pub app_clients: Recent<[u8; 32], Profile>,
    /// How often each address asks for codes.
    pub code_requests: CodeRequests,
    /// Wakes the worker that sends messages; call it after a commit that enqueued one.
    pub outbox: Notify,
    /// What carries messages out.
    pub ways: Ways,
    /// Under `makegood demo`: phones to sign in with, and what each shows.
    pub people: OnceLock<Vec<(String, &'static str)>>,
    /// Who carries payouts out.
    pub providers: Providers,
    /// How many orders stand where, for whoever watches.
    pub payout_counts: RecentCounts,
    /// Remedies of which nothing is given.
    pub other_currencies: OtherCurrencies,
    pub status: Board,
    /// What was answered, counted only where somebody reads it.
    pub metrics: Metrics,
    /// The editions in use in this process.
    pub shelf: Shelf,
    /// Who follows their counts in this process.
    pub live: Live,
    /// Cancelled when the process is told to stop: streams end on it.
    pub stopping: CancellationToken,
    /// Empty until the database was reached for the first time.
    db: OnceLock<Db>,
    /// Another database stands where ours was: nothing may be read from it or written to it.
    cut_off: AtomicBool,
}

impl std::ops::Deref for Portal {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Portal {
    pub fn new(
        settings: Settings,
        incident: impl Into<Incidents>,
        ambient: Ambient,
        master: MasterKey,
        blobs: Blobs,
    ) -> Self {
        Self(Arc::new(Inner {
            sessions: RecentSessions::default(),
            profiles: Recent::default(),
            app_clients: Recent::default(),
            code_requests: CodeRequests::new(&ambient),
            ways: Ways::new(&settings),
            providers: Providers::of(&settings),
            payout_counts: RecentCounts::default(),
            other_currencies: OtherCurrencies::default(),
            settings,
            incident: incident.into(),
            ambient,
            keyring: Keyring::new(master),
            blobs,
            site: Site::load(),
            outbox: Notify::new(),
            people: OnceLock::new(),
            status: Board::default(),
            metrics: Metrics::default(),
            shelf: Shelf::default(),
            live: Live::default(),
            stopping: CancellationToken::new(),
            db: OnceLock::new(),
            cut_off: AtomicBool::new(false),
        }))
    }

    /// The database; an error while it was never reached, or is not ours any more.
    pub fn db(&self) -> store::Result<&Db> {
        let ours = !self.cut_off.load(Ordering::Relaxed);
        self.db.get().filter(|_| ours).ok_or(store::Error::Unavailable)
    }

    /// The database whether or not it may be worked on: for the watch over it alone.
    pub fn opened_db(&self) -> Option<&Db> {
        self.db.get()
    }

    pub fn cut_off(&self, yes: bool) {
        self.cut_off.store(yes, Ordering::Relaxed);
    }

    /// The root secret, which stays the same when the master key is rotated: everything hangs on it but data keys.
    pub fn master(&self) -> &MasterKey {
        self.keyring.root()
    }

    /// Called once, when the database answers for the first time.
    pub fn set_db(&self, db: Db) {
        self.blobs.belong_to(&db, &self.ambient);
        // A second call would only bring another pool to the same database.
        let _ = self.db.set(db);
    }

    /// The data key of `holder`; none when the holder has kept nothing.
    pub async fn data_key(&self, holder: &str) -> store::Result<Option<DataKey>> {
        self.keyring.get(self.db()?, holder).await
    }
}
