//! `makegood demo`: the portal with an invented population, on loopback alone.

use std::path::{Path, PathBuf};

use super::{Failure, import, serve, world};
use crate::{
    ambient::{Ambient, Millis, SECOND},
    demo::{self, Population},
    incident::{Incidents, RemedyKind},
    intake::{Intake, Report},
    portal::Portal,
    recovery,
    remedies::payouts::code_pool,
    settings::Settings,
    store::{self, Db, IfAbsent, sql},
    transaction,
};

const INCIDENT: &str = include_str!("../../../demo/incident.toml");
const SPANISH: &str = include_str!("../../../demo/incident.es.po");
/// More than there are people in the demonstration.
const CODES: usize = 400;
const POPULATION: &str = include_str!("../../../demo/population.toml");

pub async fn run(mut settings: Settings) -> Result<(), Failure> {
    let incident = Incidents::read(INCIDENT, "demo/incident.toml", Some(SPANISH)).map_err(usage)?;
    let population = demo::Settings::from_toml(POPULATION, "demo/population.toml").map_err(usage)?;
    let ambient = Ambient::system();
    load(&settings, &population, &ambient).await?;
    let listener = serve::listen(&mut settings).await?;
    let portal = serve::open(settings, incident, ambient)?;
    stock(&portal).await?;
    let people = demo::personas(&population);
    let named = people.iter().map(|person| (person.phone.to_owned(), person.what)).collect();
    // The portal is new: nobody has set them before.
    let _ = portal.people.set(named);
    serve::serve(portal, listener, |address| greeting(address, &people)).await
}

/// Invented gift-card codes for everybody in the demonstration; those that are there stay.
async fn stock(portal: &Portal) -> Result<(), Failure> {
    let failed =
        |error: &dyn std::fmt::Display| Failure::Failed(format!("the demonstration's codes: {error}"));
    let settings = &portal.settings;
    let (db, keyring) = world::database(settings, &portal.ambient, IfAbsent::Refuse).await?;
    for remedy in portal.incident.remedies.iter().filter(|remedy| remedy.kind == RemedyKind::GiftCard) {
        let import = code_pool::Import {
            db: &db,
            ambient: &portal.ambient,
            master: keyring.root(),
            goods: code_pool::Goods::of(remedy),
            value: None,
            expires_at: None,
            unused: false,
        };
        let codes: String = (0..CODES).map(|number| format!("DEMO-NOT-MONEY-{number:04}\n")).collect();
        code_pool::import(&import, format!("code\n{codes}").as_bytes())
            .await
            .map_err(|error| failed(&error))?;
    }
    db.close().await;
    Ok(())
}

fn usage(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(error.to_string())
}

fn greeting(address: &str, people: &[demo::Persona]) -> String {
    let mut text = format!(
        "\nMakegood's demonstration is at {address}\n\
         Everyone in it is invented. Sign in with one of these phones; the code arrives at {address}/demo/handset\n\n"
    );
    for person in people {
        text.push_str(&format!("  {}  {:<22} {}\n", person.phone, person.name, person.what));
    }
    text.push_str("\nCtrl-C stops it; starting again keeps what was done.\n");
    text
}

/// Brings the population in, once; what a killed start left behind is finished.
async fn load(settings: &Settings, population: &demo::Settings, ambient: &Ambient) -> Result<(), Failure> {
    let intake = import::open(settings, ambient).await?;
    if !is_loaded(&intake.db).await? {
        let folder = settings.data_dir.join("recovered");
        eprintln!("Inventing a population in {} …", folder.display());
        write_all(&folder, population).await?;
        eprintln!("Importing it …");
        let (report, outcome) = intake.import(&folder, &mut progress(ambient)).await;
        outcome.map_err(|error| Failure::Failed(error.to_string()))?;
        eprintln!("{}", report.summary());
        open_categories(&intake, population, ambient).await?;
        mark_loaded(&intake.db).await?;
    }
    intake.db.close().await;
    Ok(())
}

async fn open_categories(
    intake: &Intake,
    population: &demo::Settings,
    ambient: &Ambient,
) -> Result<(), Failure> {
    for (category, cohort) in demo::releases(population) {
        let cohort = match cohort {
            demo::Cohort::Everyone => recovery::Cohort::Everyone,
            demo::Cohort::Accounts(accounts) => recovery::Cohort::Accounts(accounts),
        };
        recovery::release(&intake.db, ambient, category, cohort, "demonstration").await?;
    }
    Ok(())
}

async fn write_all(folder: &Path, population: &demo::Settings) -> Result<(), Failure> {
    let (folder, files) = (PathBuf::from(folder), Population::generate(population));
    let written = tokio::task::spawn_blocking(move || {
        for (path, bytes) in files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, bytes)?;
        }
        Ok::<(), std::io::Error>(())
    });
    let written = written.await.map_err(std::io::Error::other).and_then(|written| written);
    written.map_err(|error| Failure::Failed(format!("the demonstration's files: {error}")))
}

async fn is_loaded(db: &Db) -> store::Result<bool> {
    let row: Option<(String,)> =
        sql("SELECT value FROM facts WHERE name = 'demo_loaded'").optional(db).await?;
    Ok(row.is_some())
}

async fn mark_loaded(db: &Db) -> store::Result<()> {
    transaction!(db, |tx| -> store::Result<()> {
        sql("INSERT INTO facts (name, value) VALUES ('demo_loaded', 'yes') ON CONFLICT (name) DO NOTHING")
            .execute(tx)
            .await?;
        Ok(())
    })
}

fn progress(ambient: &Ambient) -> impl FnMut(&Report) + Send {
    let (ambient, mut last): (_, Millis) = (ambient.clone(), 0);
    move |report| {
        if ambient.now() - last >= 5 * SECOND {
            last = ambient.now();
            eprintln!("  {}", report.summary());
        }
    }
}
