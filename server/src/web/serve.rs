//! Accepting connections, and stopping within ten seconds.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, extract::connect_info::ConnectInfo};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, signal};
use tower::ServiceExt;

use crate::portal::Portal;

/// Downloads that still run this long after the signal are cut; a client resumes them.
const PATIENCE: Duration = Duration::from_secs(8);
/// A client that has not sent its request's head by then is let go.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot listen on {address}: {source}; choose another address with MAKEGOOD_LISTEN")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot wait for the stop signal: {0}")]
    Signal(io::Error),
}

/// Opens the port; `started` is told the true address (port 0 chooses a free one).
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })
}

/// Serves until the process is told to stop (Ctrl-C, SIGTERM), then lets go in good order.
pub async fn serve(portal: &Portal, listener: TcpListener, router: Router) -> Result<(), ServeError> {
    let stop = stop_signal()?;
    tokio::pin!(stop);
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => connect(stream, peer, router.clone(), &graceful),
                // Out of file descriptors, say: go on with those who are here.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            () = &mut stop => break,
        }
    }
    tracing::info!("stopping");
    drop(listener);
    portal.stopping.cancel();
    if tokio::time::timeout(PATIENCE, graceful.shutdown()).await.is_err() {
        tracing::warn!("cut what was still open");
    }
    Ok(())
}

fn connect(stream: tokio::net::TcpStream, peer: SocketAddr, router: Router, graceful: &GracefulShutdown) {
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: http::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let watcher = graceful.watcher();
    tokio::spawn(async move {
        let connection =
            builder.serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service));
        // A connection that breaks is the client's to mend.
        let _ = watcher.watch(connection.into_owned()).await;
    });
}

fn stop_signal() -> Result<impl Future<Output = ()>, ServeError> {
    let mut terminate =
        signal::unix::signal(signal::unix::SignalKind::terminate()).map_err(ServeError::Signal)?;
    let mut interrupt =
        signal::unix::signal(signal::unix::SignalKind::interrupt()).map_err(ServeError::Signal)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
