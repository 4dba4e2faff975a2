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
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::portal::Portal;

/// Downloads that still run this long after the signal are cut; a client resumes them.
const PATIENCE: Duration = Duration::from_secs(8);
/// A client that takes nothing of its answer for so long is let go, with what is held for it; downloads can be resumed.
const STALLED: Duration = Duration::from_secs(120);
/// A client that has not sent its request's head by then is let go.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
const WAITS: Waits = Waits { head: HEAD_TIMEOUT, stalled: STALLED };

/// How long a client is waited for.
#[derive(Clone, Copy)]
struct Waits {
    head: Duration,
    stalled: Duration,
}

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
                Ok((stream, peer)) => connect(stream, peer, router.clone(), &graceful, WAITS),
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

fn connect(stream: TcpStream, peer: SocketAddr, router: Router, graceful: &GracefulShutdown, waits: Waits) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(waits.stalled));
    let service = router.map_request(move |mut request: http::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    });
    // HTTP/1.1 alone: browsers speak HTTP/2 to the proxy that has the certificate, and telling the two
    // apart by the first bytes would wait without end for a client that sends none.
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(waits.head);
    let watcher = graceful.watcher();
    tokio::spawn(async move {
        let connection =
            builder.serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(service));
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
    use std::sync::Arc;

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
            let waits = Waits { head: Duration::from_millis(50), ..WAITS };
            connect(stream, peer, Router::new(), &GracefulShutdown::new(), waits);
            let mut answer = Vec::new();
            let ended = tokio::time::timeout(Duration::from_secs(10), client.read_to_end(&mut answer)).await;
            assert!(ended.is_ok(), "{sent:?}");
        }
    }

    #[tokio::test]
    async fn a_client_that_takes_nothing_of_its_answer_is_let_go() {
        let listener = listen(([127, 0, 0, 1], 0).into()).await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let (stream, peer) = listener.accept().await.unwrap();
        let held = Arc::new(());
        let answer = {
            let held = held.clone();
            move || async move {
                let frames = futures::stream::repeat_with(move || {
                    let _ = &held;
                    Ok::<_, io::Error>(vec![0u8; 1 << 16])
                });
                axum::body::Body::from_stream(frames)
            }
        };
        let router = Router::new().route("/", axum::routing::get(answer));
        let waits = Waits { stalled: Duration::from_millis(100), ..WAITS };
        connect(stream, peer, router, &GracefulShutdown::new(), waits);
        let let_go = async {
            while Arc::strong_count(&held) > 1 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        assert!(tokio::time::timeout(Duration::from_secs(20), let_go).await.is_ok());
    }
}
