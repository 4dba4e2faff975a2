//! Says "run bin/build" where a release build would embed a site that is not there.

use std::path::Path;

const SITE: &str = "../target/site/assets.json";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Debug builds read the site from disk, and so compile on a clean clone.
    if std::env::var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    println!("cargo::rerun-if-changed={SITE}");
    if !Path::new(SITE).exists() {
        println!("cargo::error=target/site is not there: run bin/build, which makes it and then this binary");
    }
}
