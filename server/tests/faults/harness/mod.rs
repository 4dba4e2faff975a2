//! What these tests share: a world for the binary, a browser for its pages, data to import.

mod browser;
mod cluster;
mod containers;
mod data;
mod served;
mod world;

pub use browser::Browser;
pub use cluster::Cluster;
pub use containers::{tar_gz_of, zip_of};
pub use data::{corpus, lay_out, people, phone, write};
pub use served::Served;
pub use world::{Ended, Holding, World};

use std::time::{Duration, Instant};

/// Asks until there is an answer; fails after `deadline`.
pub async fn until<T>(what: &str, deadline: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(started.elapsed() < deadline, "not within {deadline:?}: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Runs a test on both engines, as `NAME::sqlite` and `NAME::postgres`: `on_both!(a_name, |world| { … });`.
#[macro_export]
macro_rules! on_both_engines {
    ($name:ident, |$world:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($world: &$crate::harness::World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body(&$crate::harness::World::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                match $crate::harness::World::postgres().await {
                    Some(world) => body(&world).await,
                    None => eprintln!("skipped: MAKEGOOD_TEST_POSTGRES_URL names no server"),
                }
            }
        }
    };
}
