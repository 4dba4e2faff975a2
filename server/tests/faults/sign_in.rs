//! A sign-in is never kept waiting by an import.

use std::{
    process::{Child, Stdio},
    time::Duration,
};

use crate::{
    harness::{World, people, phone, write},
    on_both_engines,
};

/// Sign-ins that must begin and end while one import still runs.
const WITHIN: usize = 5;
/// An import may end while somebody signs in; so many in a row are no chance.
const MOST_IMPORTS: usize = 20;
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
    let (mut slowest, mut signed_in, mut within, mut imports) = (Duration::ZERO, 0, 0, 1);
    // A sign-in that waited for the import would end after it, each time.
    while within < WITHIN && imports < MOST_IMPORTS && signed_in < PEOPLE {
        slowest = slowest.max(server.browser().sign_in(world, &phone(signed_in)).await);
        signed_in += 1;
        match import.try_wait().unwrap() {
            None => within += 1,
            Some(over) => {
                assert_eq!(over.code(), Some(0));
                (import, imports) = (start_import(world), imports + 1);
            }
        }
    }
    import.kill().unwrap();
    import.wait().unwrap();
    println!(
        "{within} of {signed_in} sign-ins within one of {imports} imports; the slowest post took {slowest:.1?}"
    );
    assert_eq!(within, WITHIN, "sign-ins wait on the import");
    server.terminate();
    assert_eq!(server.ended().await.0.code(), Some(0));
});

fn start_import(world: &World) -> Child {
    let mut command = world.makegood(&["import", world.path("many").to_str().unwrap()]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}
