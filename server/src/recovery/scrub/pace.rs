//! So many bytes a second, and no further when told to stop.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

pub struct Pace {
    /// None: as fast as it can.
    bytes_per_second: Option<u64>,
    stopping: CancellationToken,
}

impl Pace {
    pub fn unbounded() -> Self {
        Self { bytes_per_second: None, stopping: CancellationToken::new() }
    }

    pub fn of(bytes_per_second: u64, stopping: CancellationToken) -> Self {
        Self { bytes_per_second: Some(bytes_per_second.max(1)), stopping }
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Waits as long as `bytes` may take; less when told to stop.
    pub async fn spend(&mut self, bytes: usize) {
        let Some(rate) = self.bytes_per_second else { return };
        let wait = Duration::from_secs_f64(bytes as f64 / rate as f64);
        tokio::select! {
            () = self.stopping.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}
