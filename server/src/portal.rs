//! What every request shares.

use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    ambient::Ambient,
    incident::Incident,
    settings::Settings,
    store::{
        self, Db,
        blobs::Blobs,
        keyring::Keyring,
        keys::{DataKey, MasterKey},
    },
    web::assets::Site,
};

/// The running portal; cheap to clone.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

pub struct Inner {
    pub settings: Settings,
    pub incident: Incident,
    pub ambient: Ambient,
    pub keyring: Keyring,
    pub blobs: Blobs,
    pub site: Site,
    /// Wakes the worker that sends messages; call it after a commit that enqueued one.
    pub outbox: Notify,
    /// Under `makegood demo`: phones to sign in with, and what each shows.
    pub people: OnceLock<Vec<(String, String)>>,
    /// Cancelled when the process is told to stop: streams end on it.
    pub stopping: CancellationToken,
    /// Empty until the database was reached for the first time.
    db: OnceLock<Db>,
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
        incident: Incident,
        ambient: Ambient,
        master: MasterKey,
        blobs: Blobs,
    ) -> Self {
        Self(Arc::new(Inner {
            settings,
            incident,
            ambient,
            keyring: Keyring::new(master),
            blobs,
            site: Site::load(),
            outbox: Notify::new(),
            people: OnceLock::new(),
            stopping: CancellationToken::new(),
            db: OnceLock::new(),
        }))
    }

    /// The database; an error while it was never reached.
    pub fn db(&self) -> store::Result<&Db> {
        self.db.get().ok_or(store::Error::Unavailable)
    }

    pub fn master(&self) -> &MasterKey {
        &self.keyring.master
    }

    /// Called once, when the database answers for the first time.
    pub fn set_db(&self, db: Db) {
        // A second call would only bring another pool to the same database.
        let _ = self.db.set(db);
    }

    /// The data key of `holder`; none when the holder has kept nothing.
    pub async fn data_key(&self, holder: &str) -> store::Result<Option<DataKey>> {
        self.keyring.get(self.db()?, holder).await
    }
}
