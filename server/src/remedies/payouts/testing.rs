//! A provider's server that misbehaves on purpose, on a real port.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

use super::http::Line;

/// How long tests wait for an answer.
pub const PATIENCE: Duration = Duration::from_millis(400);

/// What happens to a POST.
#[derive(Clone, Debug, PartialEq)]
pub enum Mood {
    Good,
    /// Does it, and closes the line without a word.
    LosesReplies,
    /// Closes the line and does nothing.
    LosesOrders,
    /// Does it, and says that it failed.
    FailsAfterwards,
    /// Does it, and answers what nobody can read.
    Garbage,
    /// Does it, and answers too late.
    Slow,
    /// Does nothing, and says this.
    Says(u16, Value),
    /// Does nothing, and asks for so many seconds of peace.
    TooMany(u32),
}

/// What was asked of it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

/// What a provider does when it behaves: a status and an answer.
pub type Keeper = dyn Fn(&Asked) -> (u16, Value) + Send + Sync;

pub struct Server {
    pub url: String,
    mood: Mutex<Mood>,
    /// The moods of the next POSTs, before `mood` holds.
    next: Mutex<Vec<Mood>>,
    /// What GETs answer instead of what they should.
    deaf: Mutex<Option<u16>>,
    /// Every POST that came.
    posts: Mutex<Vec<Asked>>,
    keeper: Box<Keeper>,
}

impl Server {
    pub async fn start(keeper: Box<Keeper>) -> Arc<Self> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let server = Arc::new(Server {
            url: format!("http://{}", listener.local_addr().unwrap()),
            mood: Mutex::new(Mood::Good),
            next: Mutex::default(),
            deaf: Mutex::default(),
            posts: Mutex::default(),
            keeper,
        });
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                let service = service_fn(move |request| server.clone().answer(request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        server
    }

    pub fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The moods of the next POSTs, one each.
    pub fn then(&self, moods: impl IntoIterator<Item = Mood>) {
        self.next.lock().unwrap().extend(moods);
    }

    pub fn deaf(&self, status: Option<u16>) {
        *self.deaf.lock().unwrap() = status;
    }

    pub fn posts(&self) -> Vec<Asked> {
        self.posts.lock().unwrap().clone()
    }

    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
        let asked = read(request).await;
        if asked.method != Method::POST {
            return match *self.deaf.lock().unwrap() {
                Some(status) => Ok(say(status, "\"no\"".to_owned())),
                None => Ok(self.keep(&asked)),
            };
        }
        self.posts.lock().unwrap().push(asked.clone());
        let mood = {
            let mut next = self.next.lock().unwrap();
            if next.is_empty() { self.mood.lock().unwrap().clone() } else { next.remove(0) }
        };
        let closed = || io::Error::other("closed");
        match mood {
            Mood::Good => Ok(self.keep(&asked)),
            Mood::LosesReplies => {
                self.keep(&asked);
                Err(closed())
            }
            Mood::LosesOrders => Err(closed()),
            Mood::FailsAfterwards => {
                self.keep(&asked);
                Ok(say(500, r#"{"errors":{"message":"Something went wrong"}}"#.to_owned()))
            }
            Mood::Garbage => {
                self.keep(&asked);
                Ok(say(200, "<html>{\"order\":".to_owned()))
            }
            Mood::Slow => {
                let answer = self.keep(&asked);
                tokio::time::sleep(3 * PATIENCE).await;
                Ok(answer)
            }
            Mood::Says(status, value) => Ok(say(status, value.to_string())),
            Mood::TooMany(seconds) => {
                let mut answer = say(429, r#"{"error":{"message":"Too many requests"}}"#.to_owned());
                answer.headers_mut().insert("retry-after", seconds.into());
                Ok(answer)
            }
        }
    }

    fn keep(&self, asked: &Asked) -> Response<Full<Bytes>> {
        let (status, value) = (self.keeper)(asked);
        say(status, value.to_string())
    }
}

async fn read(request: Request<Incoming>) -> Asked {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    Asked {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: form(parts.uri.query().unwrap_or_default()),
        headers: parts.headers.iter().map(header).collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

/// Reads `a=b&c=d`.
pub fn form(text: &str) -> BTreeMap<String, String> {
    let url = reqwest::Url::parse(&format!("http://a/?{text}")).unwrap();
    url.query_pairs().into_owned().collect()
}

fn say(status: u16, body: String) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
}

/// A line whose patience a test can wait for.
pub fn line() -> Line {
    Line::with_patience(PATIENCE).unwrap()
}

/// Where nobody listens.
pub async fn nowhere() -> String {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
