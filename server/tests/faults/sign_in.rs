//! A sign-in is never kept waiting by an import.

use std::{
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use crate::{
    harness::{World, people, phone, write},
    on_both_engines,
};

/// A post that waited for the import would take as long as the import.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long people sign in; an import runs all the time.
const DURING: Duration = Duration::from_secs(6);
/// Rows enough that one import is not over at once.
const ROWS: usize = 60_000;
/// People who sign in; each asks for one code.
const PEOPLE: usize = 100;

on_both_engines!(people_sign_in_while_an_import_runs, |world| {
    write(&world.path("few/subscribers.csv"), people("few-", PEOPLE));
    world.imported(&world.path("few"));
    let mut many = String::from("account,phone,name\n");
    (0..ROWS).for_each(|row| many.push_str(&format!("m-{row},+1415{:07},Many Example\n", 2_000_000 + row)));
    write(&world.path("many/subscribers.csv"), many);
    let mut server = world.serve().await;
    let mut import = start_import(world);
    let started = Instant::now();
    let (mut slowest, mut signed_in, mut imports) = (Duration::ZERO, 0, 1);
    while started.elapsed() < DURING && signed_in < PEOPLE {
        slowest = slowest.max(server.browser().sign_in(world, &phone(signed_in)).await);
        signed_in += 1;
        if let Some(over) = import.try_wait().unwrap() {
            assert_eq!(over.code(), Some(0));
            (import, imports) = (start_import(world), imports + 1);
        }
    }
    let during = started.elapsed();
    import.kill().unwrap();
    import.wait().unwrap();
    println!(
        "{signed_in} sign-ins in {during:.1?} beside {imports} imports; the slowest post took {slowest:.1?}"
    );
    assert!(signed_in >= 5, "only {signed_in} sign-ins in {during:?}");
    assert!(slowest < PATIENCE, "a post took {slowest:?}");
    server.terminate();
    assert_eq!(server.ended().await.0.code(), Some(0));
});

fn start_import(world: &World) -> Child {
    let mut command = world.makegood(&["import", world.path("many").to_str().unwrap()]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}
