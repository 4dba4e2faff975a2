//! `makegood serve`: everything that runs while the portal is open.

use std::io::Write;

use super::{Failure, world};
use crate::{
    accounts, ambient::Ambient, incident::Incident, messages, portal::Portal, recovery, settings::Settings,
    status, web,
};

pub async fn run(settings: Settings) -> Result<(), Failure> {
    let Some(path) = settings.incident.clone() else {
        return Err(Failure::Usage(
            "no incident file is set: write one (demo/incident.toml in the source shows every field) and name it \
             in MAKEGOOD_INCIDENT; `makegood demo` shows the portal without one"
                .to_owned(),
        ));
    };
    let incident = world::incident(&path)?;
    let portal = open(settings, incident, Ambient::system())?;
    serve(portal, |address| format!("Serving {address}")).await
}

/// The portal as the settings name it; its database is looked for once it starts.
pub fn open(settings: Settings, incident: Incident, ambient: Ambient) -> Result<Portal, Failure> {
    let master = world::master_key(&settings, &ambient)?;
    let blobs = world::blobs(&settings)?;
    Ok(Portal::new(settings, incident, ambient, master, blobs))
}

/// Serves until the process is told to stop. `greeting` is printed once the port is open.
pub async fn serve(portal: Portal, greeting: impl FnOnce(&str) -> String) -> Result<(), Failure> {
    let failed = |error: web::ServeError| Failure::Failed(error.to_string());
    let listener = web::listen(portal.settings.listen).await.map_err(failed)?;
    status::start(&portal).await.map_err(|error| Failure::Usage(error.to_string()))?;
    let workers = [
        tokio::spawn(messages::run(portal.clone())),
        tokio::spawn(accounts::run_cleaning(portal.clone())),
        tokio::spawn(recovery::live::run(portal.clone())),
    ];
    let address = match (listener.local_addr(), portal.settings.listen.port()) {
        // Port 0 chose a free one: say which.
        (Ok(address), 0) => format!("http://{address}"),
        _ => portal.settings.base_url.clone(),
    };
    let _ = writeln!(std::io::stdout(), "{}", greeting(&address));
    web::serve(&portal, listener, web::router(portal.clone())).await.map_err(failed)?;
    for worker in workers {
        let _ = worker.await;
    }
    if let Ok(db) = portal.db() {
        db.close().await;
    }
    Ok(())
}
