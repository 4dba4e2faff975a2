//! `makegood serve`: everything that runs while the portal is open.

use std::io::Write;

use tokio::net::TcpListener;

use super::{Failure, world};
use crate::{
    accounts, ambient::Ambient, incident::Incidents, messages, portal::Portal, recovery, remedies,
    settings::Settings, status, web,
};

pub async fn run(mut settings: Settings) -> Result<(), Failure> {
    let Some(path) = settings.incident.clone() else {
        return Err(Failure::Usage(
            "no incident file is set: write one (demo/incident.toml in the source shows every field) and name it \
             in MAKEGOOD_INCIDENT; `makegood demo` shows the portal without one"
                .to_owned(),
        ));
    };
    let incident = world::incident(&path)?;
    let listener = listen(&mut settings).await?;
    let portal = open(settings, incident, Ambient::system())?;
    serve(portal, listener, |address| format!("Serving {address}")).await
}

/// Opens the port; where it was 0, the settings then name the free one that was chosen.
pub async fn listen(settings: &mut Settings) -> Result<TcpListener, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::Failed(error.to_string());
    let listener = web::listen(settings.listen).await.map_err(|error| failed(&error))?;
    settings.listens_at(listener.local_addr().map_err(|error| failed(&error))?);
    Ok(listener)
}

/// The portal as the settings name it; its database is looked for once it starts.
pub fn open(settings: Settings, incident: Incidents, ambient: Ambient) -> Result<Portal, Failure> {
    let master = world::master_key(&settings, &ambient)?;
    let blobs = world::blobs(&settings)?;
    Ok(Portal::new(settings, incident, ambient, master, blobs))
}

/// Serves until the process is told to stop. `greeting` is printed once the port is open.
pub async fn serve(
    portal: Portal,
    listener: TcpListener,
    greeting: impl FnOnce(&str) -> String,
) -> Result<(), Failure> {
    let metrics = metrics_listener(&portal.settings).await?;
    status::start(&portal).await.map_err(|error| Failure::Usage(error.to_string()))?;
    look_at_currencies(&portal).await;
    if let Some(listener) = metrics {
        tokio::spawn(web::metrics::run(portal.clone(), listener));
    }
    let workers = [
        tokio::spawn(messages::run(portal.clone())),
        tokio::spawn(messages::rounds::run(portal.clone())),
        tokio::spawn(accounts::run_cleaning(portal.clone())),
        tokio::spawn(accounts::erasure::run(portal.clone())),
        tokio::spawn(recovery::live::run(portal.clone())),
        tokio::spawn(recovery::scrub::run(portal.clone())),
        tokio::spawn(remedies::ledger::run(portal.clone())),
        tokio::spawn(remedies::payouts::run(portal.clone())),
        tokio::spawn(remedies::automatic::run(portal.clone())),
    ];
    let _ = writeln!(std::io::stdout(), "{}", greeting(&portal.settings.base_url));
    let served = web::serve(&portal, listener, web::router(portal.clone())).await;
    served.map_err(|error| Failure::Failed(error.to_string()))?;
    for worker in workers {
        let _ = worker.await;
    }
    if let Ok(db) = portal.db() {
        db.close().await;
    }
    Ok(())
}

/// Before anything is given. Where the database does not answer yet, it is done as soon as it does.
async fn look_at_currencies(portal: &Portal) {
    let Ok(db) = portal.db() else { return };
    if let Err(error) = portal.other_currencies.read(db, &portal.incident).await {
        tracing::warn!(%error, "whether a remedy's currency was changed could not be read");
    }
}

async fn metrics_listener(settings: &Settings) -> Result<Option<TcpListener>, Failure> {
    let Some(address) = settings.metrics_listen else { return Ok(None) };
    let bound = TcpListener::bind(address).await.map_err(|error| {
        Failure::Failed(format!(
            "cannot listen on {address}: {error}; choose another address with MAKEGOOD_METRICS_LISTEN"
        ))
    });
    bound.map(Some)
}
