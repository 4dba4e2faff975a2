//! Two servers on one database, each started again after it was killed.

use std::sync::{
    Arc, Mutex, RwLock,
    atomic::{AtomicUsize, Ordering},
};

use super::stage::Stage;
use crate::harness::Served;

pub const SERVERS: usize = 2;

pub struct Fleet {
    stage: Arc<Stage>,
    servers: [Mutex<Option<Served>>; SERVERS],
    /// Another port after each start.
    addresses: [RwLock<String>; SERVERS],
    kills: AtomicUsize,
}

impl Fleet {
    pub fn start(stage: &Arc<Stage>) -> Arc<Self> {
        let fleet = Self {
            stage: stage.clone(),
            servers: [const { Mutex::new(None) }; SERVERS],
            addresses: [const { RwLock::new(String::new()) }; SERVERS],
            kills: AtomicUsize::new(0),
        };
        (0..SERVERS).for_each(|server| fleet.revive(server));
        Arc::new(fleet)
    }

    /// Where a server answers, or did.
    pub fn address(&self, server: usize) -> String {
        self.addresses[server % SERVERS].read().unwrap().clone()
    }

    /// SIGKILL.
    pub fn kill(&self, server: usize) {
        if let Some(mut served) = self.servers[server].lock().unwrap().take() {
            served.kill();
            self.kills.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub fn revive(&self, server: usize) {
        let mut place = self.servers[server].lock().unwrap();
        if place.is_none() {
            let served = Served::start_as(&self.stage.world, &format!("serve-{server}"));
            *self.addresses[server].write().unwrap() = served.address.clone();
            *place = Some(served);
        }
    }

    pub fn kills(&self) -> usize {
        self.kills.load(Ordering::Relaxed)
    }

    /// In good order, as a service manager does it.
    pub async fn stop(&self) {
        for place in &self.servers {
            let served = place.lock().unwrap().take();
            let Some(mut served) = served else { continue };
            served.terminate();
            assert_eq!(served.ended().await.0.code(), Some(0), "a server did not end well");
        }
    }
}
