//! Accepting connections, and stopping within ten seconds.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, extract::connect_info::ConnectInfo};
use hyper::server::conn::http1::Builder;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal,
};
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
                Ok((stream, peer)) => connect(stream, peer, router.clone(), &graceful, HEAD_TIMEOUT),
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

fn connect(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    graceful: &GracefulShutdown,
    head_timeout: Duration,
) {
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: http::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    });
    // HTTP/1.1 alone: browsers speak HTTP/2 to the proxy that has the certificate, and telling the two
    // apart by the first bytes would wait without end for a client that sends none.
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head_timeout);
    let watcher = graceful.watcher();
    tokio::spawn(async move {
        let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        // A connection that breaks is the client's to mend.
        let _ = watcher.watch(connection).await;
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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_client_that_sends_no_request_is_let_go() {
        let listener = listen(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = listener.local_addr().unwrap();
        for sent in ["", "GET / HTTP/1.1\r\nHost:", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(sent.as_bytes()).await.unwrap();
            let (stream, peer) = listener.accept().await.unwrap();
            connect(stream, peer, Router::new(), &GracefulShutdown::new(), Duration::from_millis(50));
            let mut answer = Vec::new();
            let ended = tokio::time::timeout(Duration::from_secs(10), client.read_to_end(&mut answer)).await;
            assert!(ended.is_ok(), "{sent:?}");
        }
    }
}
